package app

import (
	"slices"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/detect"
	"assay/scanner/injection"
	"assay/scanner/payload"
	"assay/scanner/poison"
	"assay/scanner/prose"
	"assay/scanner/watch"
	"assay/traffic"
)

// signsOf finds what texts of a role hold beside attacks on models, sensitive data and refusals. The span's class is the kind
// of sign, its kind the name. A sign without a place has the whole text.
func signsOf(in *DetectIn, attack *injection.Result) []detect.Span {
	text := *in.Text
	var spans []detect.Span
	add := func(class scanner.SignKind, name string, start, end int, score float64) {
		if start == end {
			start, end = 0, len(text)
		}
		spans = append(spans, detect.Span{Kind: name, Class: detect.Class(class), Start: start, End: end, Confidence: min(score, 1)})
	}
	finds := func(class scanner.SignKind, found []payload.Find) {
		for _, f := range found {
			add(class, f.Name, f.Start, f.End, f.Score)
		}
	}
	switch in.Role {
	case "assistant":
		for _, s := range answerSigns(in) {
			add(s.Kind, s.Name, s.Start, s.End, s.Score)
		}
	case "", "user":
		if p, found := prose.Gibberish(text); found {
			add(scanner.SignGibberish, "suffix", p.Start, p.End, p.Score)
		}
		if p, found := prose.Repetition(text); found {
			add(scanner.SignGibberish, "flood", p.Start, p.End, 0.3)
		}
	case "tool", "document":
		for _, p := range payload.Unshown(text) {
			if r := injection.Scan(text[p[0]:p[1]], injection.Options{Role: injection.Document}); r.Score >= 0.4 {
				add(scanner.SignHidden, "html", p[0], p[1], max(0.6, r.Score))
			}
		}
	case "description":
		if slices.ContainsFunc(poison.In(text), func(f poison.Find) bool { return !f.Cut }) {
			add(scanner.SignPoisoned, "description", 0, 0, 0.8)
		}
	case "call":
		found, _ := payload.Call(in.Name, text, payload.CallContext{})
		finds(scanner.SignToolCall, found)
	case "value":
		found, _ := payload.Attack(payload.Value{Place: payload.InQuery, Name: in.Name, Text: text})
		finds(scanner.SignAttack, found)
	}
	for _, d := range attack.Decoded {
		add(scanner.SignHidden, d.Form, d.Start, d.End, 0.3)
	}
	return spans
}

// ofAnswers are the kinds of sign that are told of an answer alone; sensitive data and refusals are told apart.
var ofAnswers = []scanner.SignKind{scanner.SignOutput, scanner.SignExfil, scanner.SignLeak, scanner.SignRepetition, scanner.SignDrift}

// answerSigns looks at an answer as the watch does, with what it answers as far as that is known.
func answerSigns(in *DetectIn) []scanner.Sign {
	said := llm.Conversation{Kind: llm.KindLLM, Answer: *in.Text}
	if in.System != "" {
		said.System = []string{in.System}
	}
	if in.Prompt != "" {
		said.Messages = []llm.Message{{Role: "user", Parts: []llm.Part{{Kind: llm.PartText, Text: in.Prompt}}}}
	}
	x := traffic.Exchange{Kind: traffic.KindHTTP}
	var signs []scanner.Sign
	for _, s := range watch.Look(&watch.Seen{Exchange: &x, Conversation: &said}, nil).Signs {
		if s.Side == scanner.InAnswer && slices.Contains(ofAnswers, s.Kind) {
			signs = append(signs, s)
		}
	}
	return signs
}
