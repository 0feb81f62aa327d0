package template

import (
	"regexp"
	"slices"
	"strings"

	"assay/scanner/yamlfile"
)

// aktoRequest is the edit that a test's operations come to.
type aktoRequest struct {
	method, auth         string
	path                 entries
	raw                  *string
	query, headers, body aktoEdit
}

// aktoEdit is a list of fields that are set or removed.
type aktoEdit struct {
	set    entries
	remove []string
}

func (e *aktoEdit) put(name string, value any) {
	for i := range e.set {
		if e.set[i].Key == name {
			e.set[i].Value = value
			return
		}
	}
	e.set = append(e.set, entry{Key: name, Value: value})
}

func (e *aktoEdit) fields() entries {
	var fields entries
	if len(e.set) > 0 {
		fields = append(fields, entry{Key: "set", Value: e.set})
	}
	if len(e.remove) > 0 {
		fields = append(fields, entry{Key: "remove", Value: e.remove})
	}
	return fields
}

// fields is the request as a template has it.
func (q *aktoRequest) fields() entries {
	fields := entries{{Key: "name", Value: "attempt"}}
	add := func(key string, value any, set bool) {
		if set {
			fields = append(fields, entry{Key: key, Value: value})
		}
	}
	add("method", q.method, q.method != "")
	add("path", q.path, len(q.path) > 0)
	for _, e := range []struct {
		key  string
		edit *aktoEdit
	}{{"query", &q.query}, {"headers", &q.headers}, {"body", &q.body}} {
		edited := e.edit.fields()
		add(e.key, edited, len(edited) > 0)
	}
	if q.raw != nil {
		add("raw", *q.raw, true)
	}
	add("auth", q.auth, q.auth != "")
	return fields
}

// execute reads the one request of a test.
func (a *akto) execute(execute *yamlfile.Node) {
	switch kind := scalar(member(execute, "type")); kind {
	case "single":
	case "multiple", "graph", "parallel":
		a.fail("it sends several requests that depend on each other (%s)", kind)
		return
	case "passive":
		a.fail("it sends nothing and reads what was recorded (passive)")
		return
	default:
		a.fail("its execute has the type %q", yamlfile.Clip(kind))
		return
	}
	requests := member(execute, "requests")
	if requests == nil || len(requests.Items) != 1 {
		a.fail("it does not have exactly one request")
		return
	}
	ops := member(requests.Items[0], "req")
	if ops == nil || len(ops.Items) == 0 {
		a.fail("its request changes nothing: a placeholder")
		return
	}
	for _, op := range ops.Items {
		for _, p := range op.Pairs {
			a.operation(strings.ToLower(p.Key.Text), p.Value)
		}
	}
	if len(a.used) > 1 {
		a.fail("it takes words of several lists side by side")
	}
	if a.why == "" && len(a.request.fields()) == 1 {
		a.fail("its request changes nothing")
	}
}

// operation adds one change.
func (a *akto) operation(verb string, value *yamlfile.Node) {
	q := &a.request
	switch verb {
	case "modify_method":
		q.method = strings.ToUpper(a.text(scalar(value)))
	case "add_header", "modify_header":
		a.setAll(&q.headers, value, verb)
	case "delete_header":
		a.removeAll(&q.headers, value)
	case "add_query_param", "modify_query_param":
		a.setAll(&q.query, value, verb)
	case "delete_query_param":
		a.removeAll(&q.query, value)
	case "add_body_param":
		a.bodyFields(value)
	case "modify_body_param", "delete_body_param":
		a.fail("%s means a name at any depth of the body; templates name one place", verb)
	case "replace_body":
		if value.Kind != yamlfile.Scalar || value.Null() {
			a.fail("replace_body with an expression has no equal")
			return
		}
		text := a.text(scalar(value))
		q.raw = &text
	case "modify_url":
		a.address(value)
	case "remove_auth_header":
		a.credentials(value, "remove")
	case "replace_auth_header":
		a.credentials(value, "swap")
	case "follow_redirect":
		a.note("redirects are not followed")
	case "conversations_list":
		a.fail("it is a conversation: its validate is a dummy, a judge of its own decides")
	default:
		a.fail("the operation %s has no equal", yamlfile.Clip(verb))
	}
}

// setAll sets each field of a mapping to a text.
func (a *akto) setAll(e *aktoEdit, fields *yamlfile.Node, verb string) {
	if fields.Kind != yamlfile.Map || len(fields.Pairs) == 0 {
		a.fail("%s wants names and values", verb)
		return
	}
	for _, p := range fields.Pairs {
		if p.Value.Kind != yamlfile.Scalar {
			a.fail("%s with an expression has no equal", verb)
			return
		}
		if strings.Contains(p.Key.Text, "${") || strings.HasPrefix(p.Key.Text, "$") {
			a.fail("the name %s is filled in by Akto", yamlfile.Clip(p.Key.Text))
			return
		}
		if strings.HasPrefix(verb, "modify") {
			a.note("what is changed is added where it is missing")
		}
		e.put(p.Key.Text, a.text(scalar(p.Value)))
	}
}

// removeAll removes one name or several.
func (a *akto) removeAll(e *aktoEdit, names *yamlfile.Node) {
	list := names.Items
	if names.Kind == yamlfile.Scalar {
		list = []*yamlfile.Node{names}
	}
	if len(list) == 0 {
		a.fail("nothing is named that shall be removed")
	}
	for _, n := range list {
		name := scalar(n)
		if name == "" || strings.Contains(name, "$") {
			a.fail("the name %s is filled in by Akto", yamlfile.Clip(name))
			return
		}
		if !slices.Contains(e.remove, name) {
			e.remove = append(e.remove, name)
		}
	}
}

var bodyStep = regexp.MustCompile(`^[^.\[\]$/~]+(?:\[\d+\])*$`)

// bodyFields sets fields by their path, a.b[0].c.
func (a *akto) bodyFields(fields *yamlfile.Node) {
	if fields.Kind != yamlfile.Map {
		a.fail("add_body_param wants names and values")
		return
	}
	for _, p := range fields.Pairs {
		pointer := ""
		for step := range strings.SplitSeq(p.Key.Text, ".") {
			if !bodyStep.MatchString(step) {
				a.fail("the field %s is filled in by Akto", yamlfile.Clip(p.Key.Text))
				return
			}
			pointer += "/" + strings.NewReplacer("[", "/", "]", "").Replace(step)
		}
		value := p.Value.Plain()
		if text, is := value.(string); is {
			value = a.text(text)
		} else if aktoVariable.MatchString(jsonText(value)) || strings.Contains(jsonText(value), "$magic") {
			a.fail("variables within a value of add_body_param have no equal")
		}
		a.request.body.put(pointer, value)
	}
}

// address changes the path. A whole address would leave the target.
func (a *akto) address(value *yamlfile.Node) {
	if value.Kind == yamlfile.Scalar {
		text := a.text(scalar(value))
		if !strings.HasPrefix(text, "/") && !a.pathsOnly(text) {
			a.fail("modify_url with more than a path has no equal")
			return
		}
		a.request.path = entries{{Key: "set", Value: text}}
		return
	}
	replace := member(value, "regex_replace")
	if replace == nil {
		a.fail("modify_url by the place of a segment has no equal")
		return
	}
	find := scalar(member(replace, "regex"))
	if _, err := regexp.Compile(find); err != nil || find == "" || strings.Contains(find, "${") {
		a.fail("its expression %s cannot be used here", yamlfile.Clip(find))
		return
	}
	a.request.path = entries{{Key: "find", Value: find}, {Key: "replace", Value: a.text(scalar(member(replace, "replace_with")))}}
}

// pathsOnly tells whether a text begins with a list that holds nothing but paths.
func (a *akto) pathsOnly(text string) bool {
	m := placeholder.FindStringSubmatchIndex(text)
	if m == nil || m[0] != 0 {
		return false
	}
	for _, list := range a.words {
		if words, is := list.Value.([]string); is && list.Key == text[m[4]:m[5]] {
			return !slices.ContainsFunc(words, func(w string) bool { return !strings.HasPrefix(w, "/") })
		}
	}
	return false
}

// credentials takes them out, or swaps them.
func (a *akto) credentials(value *yamlfile.Node, what string) {
	if !strings.EqualFold(scalar(value), "true") {
		a.fail("credentials that Akto makes have no equal")
		return
	}
	a.request.auth = what
	need := "auth"
	if what == "swap" {
		need = "role"
	}
	if !slices.Contains(a.needs, need) {
		a.needs = append(a.needs, need)
	}
}
