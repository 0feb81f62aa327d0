package window

import (
	"math"
	"slices"
	"strings"

	"assay/app"
	"assay/scanner"
	"assay/scanner/framework"
	"assay/traffic"
)

// momentsAtOnce is how many lines of a timeline are given at a time.
const momentsAtOnce = 100

// Get tells all about one threat.
func (t *Threats) Get(in ThreatIn) (out ThreatOut, err error) {
	defer t.desk.guard(&err)
	out = ThreatOut{Row: ThreatRow{OWASP: []string{}}, Frameworks: []ThreatWord{}, Moments: []MomentRow{}}
	project, err := t.desk.opened()
	if err != nil {
		return out, err
	}
	ids, err := threatIDs([]string{in.ID})
	if err != nil {
		return out, err
	}
	store, ctx := project.Store(), t.desk.life()
	found, err := store.Threat(ctx, ids[0])
	if err != nil {
		return out, watchError(err)
	}
	out = ThreatOut{
		Row: threatRow(found), Advice: clip(valid(found.Advice), longText), Usual: clip(valid(found.Usual), longName), Score: finite(found.Score),
		Note: clip(valid(found.Note), longText), Group: clip(valid(found.Group), longName), Raised: stamp(found.Raised), Endpoint: idText(found.Endpoint),
		Query: queryOf(momentsOf(found)...), Frameworks: frameworkWords(found.OWASP, found.ASI, found.ATLAS),
	}
	if found.Conversation != 0 {
		out.Thread = found.Conversation.String()
	}
	if _, err := project.Catalogue().Refresh(ctx); err != nil {
		return out, err
	}
	if e := endpointOf(project, found); e != nil {
		out.Place = clip(valid(placeOf(e)), longName)
	}
	rules, _, err := t.desk.ruled.read(ctx, project)
	if err != nil {
		return out, err
	}
	for i := range rules {
		if r := &rules[i]; r.ID == found.Rule {
			out.Rule, out.Meaning, out.Advice = r.Name, r.Meaning, r.Advice
		}
	}
	page, err := t.Moments(MomentsIn{ID: in.ID})
	out.Moments, out.Kept, out.Gone = page.Items, page.Total, max(0, found.Count-page.Total)
	return out, err
}

// placeOf names an endpoint for people.
func placeOf(e *scanner.Endpoint) string {
	return strings.TrimSpace(e.Method + " " + e.Host + e.Path)
}

// momentsOf selects the exchanges of a threat as near as the filter language can: those of its rule and actor, from its
// first exchange to its last.
func momentsOf(t *scanner.Threat) []traffic.Node {
	nodes := []traffic.Node{is("threat", t.Rule)}
	if t.Actor != "" {
		nodes = append(nodes, is("actor", string(t.Actor)))
	}
	return nodes
}

// Moments gives more of a threat's timeline, oldest first.
func (t *Threats) Moments(in MomentsIn) (out MomentsOut, err error) {
	defer t.desk.guard(&err)
	out.Items = []MomentRow{}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	ids, err := threatIDs([]string{in.ID})
	if err != nil {
		return out, err
	}
	moments, total, err := store.Moments(t.desk.life(), ids[0], max(0, in.From), momentsAtOnce)
	out.Total = total
	for i := range moments {
		m := &moments[i]
		line := MomentRow{At: stamp(m.At), What: clip(valid(m.What), longName), Weight: finite(m.Weight), Signs: []ThreatSign{}}
		if m.Exchange != 0 {
			line.Exchange = m.Exchange.String()
		}
		for j := range m.Signs {
			line.Signs = append(line.Signs, threatSign(&m.Signs[j]))
		}
		out.Items = append(out.Items, line)
	}
	return out, err
}

func threatSign(s *scanner.Sign) ThreatSign {
	return ThreatSign{
		Kind: string(s.Kind), Name: clip(valid(s.Name), longName), Side: string(s.Side), Role: clip(valid(s.Role), longName),
		Where: clip(valid(s.Where), longName), Score: finite(s.Score), Why: clip(valid(s.Why), longName),
	}
}

// finite is a number that JSON can say.
func finite(n float64) float64 {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

func frameworkWords(lists ...[]string) []ThreatWord {
	out := []ThreatWord{}
	for _, id := range slices.Concat(lists...) {
		out = append(out, ThreatWord{clip(valid(id), longName), framework.Title(id)})
	}
	return out
}

// SetState says what a person holds of threats, and tells what they were before: Restore gives that back. Harmless is
// said by Harmless, which asks for what else it holds.
func (t *Threats) SetState(in SetThreatsIn) (out ThreatsUndo, err error) {
	defer t.desk.guard(&err)
	out = ThreatsUndo{Before: []FindingBefore{}, Exceptions: []string{}}
	state := scanner.ThreatState(in.State)
	if !slices.Contains(threatStates, state) || state == scanner.ThreatHarmless {
		return out, &app.Error{Code: app.CodeUsage, Message: "a threat is new, confirmed or closed", Hint: "what is harmless is so within a scope"}
	}
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	ids, err := threatIDs(in.IDs)
	if err != nil {
		return out, err
	}
	before, err := project.SetThreats(t.desk.life(), ids, state, clip(in.Note, longText))
	if err != nil {
		return out, watchError(err)
	}
	for _, id := range ids {
		out.Before = append(out.Before, FindingBefore{ID: idText(id), State: string(before[id])})
	}
	t.desk.pulse.watched()
	return out, nil
}

// Note replaces the note of a threat.
func (t *Threats) Note(in NoteFindingIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	ids, err := threatIDs([]string{in.ID})
	if err != nil {
		return out, err
	}
	if err := project.NoteThreat(t.desk.life(), ids[0], clip(in.Note, longText)); err != nil {
		return out, watchError(err)
	}
	t.desk.pulse.watched()
	return out, nil
}

// Restore gives threats the states back that they had, and removes the exceptions that were made.
func (t *Threats) Restore(in ThreatsUndo) (out Nothing, err error) {
	defer t.desk.guard(&err)
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	defer t.desk.pulse.watched()
	for _, text := range in.Exceptions {
		id, err := numberOf(text, "an exception")
		if err == nil {
			err = project.RemoveException(t.desk.life(), id)
		}
		if err != nil {
			return out, watchError(err)
		}
	}
	return out, eachBefore(in.Before, threatStates, func(texts []string, state scanner.ThreatState) error {
		ids, err := threatIDs(texts)
		if err != nil {
			return err
		}
		_, err = project.SetThreats(t.desk.life(), ids, state, "")
		return watchError(err)
	})
}
