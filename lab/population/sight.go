package population

import (
	"assay/scanner"
	"assay/traffic"
)

// sighted turns events into sights, one at a time.
type sighted struct {
	sight scanner.Sight
	facts facts
	words [6]uint64
}

func newSighted() *sighted { return &sighted{} }

// see is what detectors would make of an event. The sight is valid until the next call.
func (s *sighted) see(e *event) *scanner.Sight {
	s.words = e.words
	s.facts = facts{e}
	v := &s.sight
	*v = scanner.Sight{
		Exchange: e.id, At: e.at, Ended: e.at.Add(e.took()), Source: traffic.SourceImport, Actor: e.who.key,
		Endpoint: scanner.EndpointID(e.place + 1), Conversation: e.talk, Host: e.host(), Kind: "llm", Model: models[e.model].name,
		Status: e.status, Input: e.input, Output: e.output, Cost: e.cost(), Priced: true,
		Tools: e.tools, Topic: s.words[:e.count], Signs: v.Signs[:0], Facts: &s.facts,
	}
	if e.plain {
		v.Kind, v.Model, v.Priced, v.Cost = "plain", "", false, 0
	}
	s.signs(e)
	return v
}

// signs writes down what detectors see. How sure they are varies with the exchange.
func (s *sighted) signs(e *event) {
	v := &s.sight
	sure := float64(mix(uint64(e.id))%1000) / 1000
	add := func(kind scanner.SignKind, name string, side scanner.Side, score float64, why string) {
		role, where := "user", "message:0"
		if side == scanner.InAnswer {
			role, where = "assistant", "answer"
		}
		v.Signs = append(v.Signs, scanner.Sign{Kind: kind, Name: name, Side: side, Role: role, Where: where, End: 20, Score: score, Why: why})
	}
	technique := []string{"instruction_override", "persona", "fiction_frame", "false_authority", "encoded_payload"}[mix(uint64(e.id)*3)%5]
	if e.kind == Probing {
		technique = "prompt_leak"
	}
	if e.firm {
		add(scanner.SignInjection, technique, scanner.InRequest, 0.5+sure*0.5, "the text tries to steer the model")
	}
	if e.faint {
		add(scanner.SignInjection, technique, scanner.InRequest, 0.15+sure*0.34, "the text may try to steer the model")
	}
	if e.classic {
		add(scanner.SignAttack, "sqli", scanner.InRequest, 0.7, "the request holds an SQL injection")
	}
	if e.refused {
		add(scanner.SignRefusal, "full", scanner.InAnswer, 0.9, "the model declined")
	}
	if e.harm {
		add(scanner.SignToolCall, "destructive", scanner.InAnswer, 0.8, "a tool call that destroys")
	}
	if e.garbled {
		add(scanner.SignGibberish, "", scanner.InRequest, 0.7, "text of no language")
	}
	if e.drift {
		add(scanner.SignDrift, "topic", scanner.InRequest, 0.6, "the topic became another one")
	}
	if e.leaked {
		add(scanner.SignLeak, "system-prompt", scanner.InAnswer, 0.8, "the answer repeats the system prompt")
	}
}

func (e *event) host() string {
	if e.plain {
		return "shop.example"
	}
	return "models.example"
}

// facts answers the few questions that baselines ask.
type facts struct{ e *event }

// Strings implements traffic.Facts.
func (f *facts) Strings(field, _ string) []string {
	switch field {
	case "path":
		return []string{f.e.path}
	case "host":
		return []string{f.e.host()}
	case "client":
		return []string{f.e.client}
	case "method":
		if f.e.plain && f.e.place != loginPlace {
			return []string{"GET"}
		}
		return []string{"POST"}
	}
	return nil
}

// Number implements traffic.Facts.
func (f *facts) Number(field string) (int64, bool) {
	switch field {
	case "status":
		return int64(f.e.status), true
	case "started":
		return f.e.at.UnixMicro(), true
	}
	return 0, false
}
