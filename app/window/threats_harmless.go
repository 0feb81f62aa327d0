package window

import (
	"slices"
	"strings"

	"assay/app"
	"assay/scanner"
	"assay/traffic"
)

// The scopes in which a threat can be harmless, the narrowest first.
const (
	scopeActor    = "actor"
	scopeEndpoint = "endpoint"
	scopeHost     = "host"
	scopeAll      = "everywhere"
)

var threatScopes = []string{scopeActor, scopeEndpoint, scopeHost, scopeAll}

// mostHarmless is how many threats one call makes exceptions of.
const mostHarmless = 500

// scopeOf says what an exception of a threat is limited to; ok is false where that cannot be said of the threat.
func scopeOf(project *app.Project, t *scanner.Threat, scope string) (o app.HarmlessOptions, ok bool) {
	switch scope {
	case scopeAll:
		return o, true
	case scopeActor:
		o.Actor = true
		return o, t.Actor != ""
	case scopeHost:
		if t.Host == "" {
			return o, false
		}
		o.Where = queryOf(is("host", t.Host))
		return o, true
	case scopeEndpoint:
		e := endpointOf(project, t)
		if e == nil || e.Host == "" || e.Path == "" {
			return o, false
		}
		nodes := []traffic.Node{is("host", hostAlone(e.Host)), pathIs(e.Path)}
		if e.Method != "" {
			nodes = append(nodes, is("method", e.Method))
		}
		o.Where = queryOf(nodes...)
		return o, true
	}
	return o, false
}

// endpointOf is the endpoint of a threat's first exchange; nil where the inventory does not know it.
func endpointOf(project *app.Project, t *scanner.Threat) *scanner.Endpoint {
	if e, found := project.Catalogue().Endpoint(t.Endpoint); found {
		return e
	}
	return nil
}

// hostAlone is a host as the filter language knows it: without its port.
func hostAlone(host string) string { return traffic.SplitURL("http://" + host + "/").Host }

// pathIs compares with the template of a path: what stands in braces may be anything.
func pathIs(template string) traffic.Node {
	if !strings.Contains(template, "{") {
		return is("path", template)
	}
	parts := strings.Split(template, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = "*"
		}
	}
	return traffic.Compare{Field: "path", Op: traffic.OpEqual, Values: []traffic.Value{{Text: strings.Join(parts, "/"), Glob: true}}}
}

// Scopes says for what else threats can be called harmless.
func (t *Threats) Scopes(in ScopesIn) (out ScopesOut, err error) {
	defer t.desk.guard(&err)
	out.Scopes = []ThreatScope{}
	project, err := t.desk.opened()
	if err != nil {
		return out, err
	}
	found, err := t.threats(project, in.IDs)
	if err != nil {
		return out, err
	}
	for _, id := range threatScopes {
		scope := ThreatScope{ID: id}
		where := map[string]bool{}
		for _, one := range found {
			if o, ok := scopeOf(project, one, id); ok {
				scope.N++
				said := o.Where
				if o.Actor {
					said = queryOf(is("actor", string(one.Actor)))
				}
				where[said] = true
				scope.Where = said
			}
		}
		if len(where) > 1 {
			scope.Where = ""
		}
		scope.Words = clip(valid(explained(scope.Where)), longName)
		scope.Where = clip(valid(scope.Where), longName)
		out.Scopes = append(out.Scopes, scope)
	}
	return out, nil
}

// explained says a filter in words; empty for none, and for one that cannot be read.
func explained(where string) string {
	q, err := traffic.Parse(where)
	if err != nil || where == "" {
		return ""
	}
	return q.Explain()
}

func (t *Threats) threats(project *app.Project, texts []string) ([]*scanner.Threat, error) {
	ids, err := threatIDs(texts)
	if err != nil {
		return nil, err
	}
	if _, err := project.Catalogue().Refresh(t.desk.life()); err != nil {
		return nil, err
	}
	if len(ids) > mostHarmless {
		return nil, &app.Error{Code: app.CodeUsage, Message: "these are too many to be called harmless at once", Hint: "switch the rule off, or choose fewer"}
	}
	found := make([]*scanner.Threat, 0, len(ids))
	for _, id := range ids {
		one, err := project.Store().Threat(t.desk.life(), id)
		if err != nil {
			return nil, watchError(err)
		}
		found = append(found, one)
	}
	return found, nil
}

// Harmless says that threats are harmless: they are marked so, and their rules do not speak of the like again within the
// scope. Restore takes it back.
func (t *Threats) Harmless(in HarmlessIn) (out ThreatsUndo, err error) {
	defer t.desk.guard(&err)
	out = ThreatsUndo{Before: []FindingBefore{}, Exceptions: []string{}}
	if !slices.Contains(threatScopes, in.Scope) {
		return out, &app.Error{Code: app.CodeUsage, Message: "a scope is actor, endpoint, host or everywhere"}
	}
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	found, err := t.threats(project, in.IDs)
	if err != nil {
		return out, err
	}
	defer t.desk.pulse.watched()
	made := map[string]bool{}
	for _, one := range found {
		o, ok := scopeOf(project, one, in.Scope)
		if !ok {
			continue
		}
		o.Reason = clip(in.Reason, longText)
		same := one.Rule + "\x00" + o.Where
		if o.Actor {
			same += "\x00" + string(one.Actor)
		}
		if made[same] { // one exception is enough
			_, err = project.SetThreats(t.desk.life(), []scanner.ThreatID{one.ID}, scanner.ThreatHarmless, o.Reason)
		} else {
			var e scanner.Exception
			if e, err = project.Harmless(t.desk.life(), one.ID, o); err == nil {
				out.Exceptions = append(out.Exceptions, idText(e.ID))
			}
			made[same] = true
		}
		if err != nil {
			return out, watchError(err)
		}
		out.Before = append(out.Before, FindingBefore{ID: idText(one.ID), State: string(one.State)})
	}
	if len(out.Before) == 0 {
		return out, &app.Error{Code: app.CodeUsage, Message: "nothing tells that of these threats", Hint: "choose another scope"}
	}
	return out, nil
}
