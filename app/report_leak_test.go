package app_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	ahocorasick "github.com/BobuSumisu/aho-corasick"

	"assay/app"
	"assay/app/window"
	"assay/report"
	"assay/report/alert"
	"assay/scanner"
	"assay/traffic"
)

// leakProject makes a project that has the values in every field that a person, a target or its traffic can fill.
func leakProject(t *testing.T, a *app.App, all []plant) *app.Project {
	t.Helper()
	ctx := t.Context()
	first := all[0].value // an e-mail address: it may stand in a file's name
	p, err := a.OpenProject(ctx, filepath.Join(t.TempDir(), first+".assay"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	store := p.Store()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.SetCustomType(ctx, scanner.CustomType{Name: "customer", Class: "personal", Pattern: `\bCUST-\d{8}\b`, Match: []string{"CUST-12345678"}}))
	const batch = 10
	var cases []scanner.Case
	var records []*scanner.TrialRecord
	run := &scanner.Run{Name: "nightly", State: scanner.RunRunning, Created: time.Now()}
	var threats []*scanner.Threat
	for i := 0; i < len(all); i += batch {
		some := all[i:min(i+batch, len(all))]
		n := i/batch + 1
		bare, spoken := values(some)
		target := fmt.Sprintf("https://api.example.com/u/%s?q=%s", url.PathEscape(some[0].value), url.QueryEscape(bare))
		template := fmt.Sprintf("own-template-%d", n)
		must(addModel(t, p, n, target, bare))
		x := leakExchange(n, target, some)
		c := scanner.Case{
			N: n, Key: template + " " + bare, Template: template, Severity: scanner.SeverityHigh, OWASP: []string{"LLM02:2025"}, Target: target, Mutation: "none", Trials: 1,
			Values: map[string]string{"v": bare},
		}
		cases = append(cases, c)
		answer := "Here it is: " + spoken
		verdict := scanner.Judgement{Verdict: scanner.Vulnerable, Reason: "It told " + bare, By: "rules", Confidence: 0.9, Evidence: []scanner.Evidence{
			{Signal: "regex", Where: "answer", Start: 12, End: 12 + len(spoken)/2, Text: some[0].value[:max(len(some[0].value)*3/4, 8)] + "…", Why: "it is " + some[len(some)-1].value},
		}}
		trial := scanner.Trial{
			Case: n, N: 1, Started: time.Now(), Took: time.Second, Answer: answer, Judgement: verdict, Print: fmt.Sprint("print", n), Requests: 1,
			Sent: []scanner.Sent{{Slot: "json:/q", Plain: "Tell me. " + spoken, Text: base64.StdEncoding.EncodeToString([]byte("Tell me. " + spoken))}, {Slot: "json:/q", Plain: spoken}},
		}
		records = append(records, &scanner.TrialRecord{
			Trial: trial, Done: true, Exchanges: []*traffic.Record{x}, Finding: &scanner.Finding{
				Print: fmt.Sprint("finding", n), Source: "test", Template: template, Title: "Told " + bare, Severity: scanner.SeverityHigh, OWASP: []string{"LLM02:2025"},
				Target: target, Name: "target of " + some[0].value, Class: "regex", Reason: "It told " + bare,
			},
		})
		run.Targets = append(run.Targets, scanner.RunTarget{Ref: target, Name: "target of " + some[0].value, Host: "api.example.com", System: spoken, Request: &scanner.Model{
			Name: bare, Method: "POST", URL: target, Body: []byte(`{"q":` + quote(spoken) + `}`), Header: traffic.Header{{Name: "X-Who", Value: bare}},
		}})
		run.Skipped = append(run.Skipped, scanner.Skipped{Template: template, Target: target, Cases: 1, Why: "it needs " + bare})
		threats = append(threats, &scanner.Threat{
			ID: scanner.ThreatID(n), Rule: "own-rule", Title: "Odd: " + some[0].sentence, Severity: scanner.SeverityHigh, OWASP: []string{"LLM02:2025"}, Actor: scanner.ActorKey("user:" + some[0].value),
			Host: "api.example.com", Model: "model " + some[0].value, First: time.Now(), Last: time.Now(), Raised: time.Now(), Count: 1, Seen: "Seen: " + some[n%len(some)].sentence,
			State: scanner.ThreatNew, Note: spoken, Advice: "ask " + bare,
		})
	}
	bare, spoken := values(all[:5])
	run.Name, run.Why = "nightly for "+bare, "stopped for "+bare
	run.Spec = scanner.RunSpec{Targets: []string{run.Targets[0].Ref}, Suites: []string{"quick"}, Authorisation: "allowed by " + spoken, System: spoken, Scope: []string{bare}, Trials: 1}
	id, err := store.CreateRun(ctx, run, func(yield func(scanner.Case) bool) {
		for _, c := range cases {
			if !yield(c) {
				return
			}
		}
	}, nil)
	must(err)
	must(store.SaveTrials(ctx, id, records))
	must(store.SetRunState(ctx, id, scanner.RunDone, "done for "+bare, time.Second))
	must(store.SaveWatched(ctx, &scanner.Watched{Threats: threats}))
	for i := range records {
		x := records[i].Trial.Exchanges[0]
		some := all[i*batch : min((i+1)*batch, len(all))]
		_, spoken := values(some)
		must(store.SetNote(ctx, x, spoken))
		must(store.SetTags(ctx, x, []string{some[0].value}))
		must(store.NoteFinding(ctx, scanner.FindingID(i+1), "note: "+spoken))
	}
	_, err = store.SetPolicy(ctx, scanner.Policy{Name: "no " + bare, On: true, Action: "alert", Models: []string{bare}, Say: bare, Added: time.Now()})
	must(err)
	must(store.Settle(ctx))
	return p
}

// values are several values in a row, and in their sentences.
func values(some []plant) (bare, spoken string) {
	var a, b []string
	for _, p := range some {
		a, b = append(a, p.value), append(b, p.sentence)
	}
	return strings.Join(a, " , "), strings.Join(b, "\n")
}

func quote(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

func addModel(t *testing.T, p *app.Project, n int, target, bare string) error {
	t.Helper()
	_, err := p.Store().AddModel(t.Context(), &scanner.Model{
		Name: fmt.Sprint("model ", n, " of ", bare), Provider: "custom", Model: "m-" + bare, Method: "POST", URL: target, Body: []byte(`{"q":""}`), Slot: "json:/q", Imported: time.Now(),
		Header: traffic.Header{{Name: "X-Who", Value: bare}},
	})
	return err
}

// leakExchange is an exchange with the values in its address, headers, prompt, tools, and answer, which is a stream.
func leakExchange(n int, target string, some []plant) *traffic.Record {
	bare, spoken := values(some)
	header := traffic.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Tenant", Value: strings.ReplaceAll(bare, "\n", " ")}}
	body, _ := json.Marshal(map[string]any{
		"model": "gpt-4o", "messages": []map[string]any{
			{"role": "system", "content": "You serve. " + spoken},
			{"role": "user", "content": spoken},
			{"role": "tool", "tool_call_id": "a", "content": quote(map[string]string{"v": spoken}["v"])},
		},
		"tools": []map[string]any{{"type": "function", "function": map[string]any{"name": "lookup", "description": spoken, "parameters": map[string]any{"type": "object"}}}},
	})
	var stream strings.Builder
	for at := 0; at < len(spoken); at += 7 {
		piece, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{"content": spoken[at:min(at+7, len(spoken))]}}}})
		fmt.Fprintf(&stream, "data: %s\n\n", piece)
	}
	stream.WriteString("data: [DONE]\n\n")
	r := &traffic.Record{}
	r.Started, r.Source, r.Kind, r.State = time.Now().Add(time.Duration(n)*time.Second), traffic.SourceTest, traffic.KindHTTP, traffic.StateComplete
	r.Request = traffic.Request{Method: "POST", URL: target, Proto: "HTTP/1.1", Host: "api.example.com", Header: header, Body: traffic.Body{Data: body, Size: int64(len(body)), Kept: int64(len(body))}}
	r.Response = &traffic.Response{
		Status: 200, Reason: "OK", Proto: "HTTP/1.1", Header: traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}, {Name: "X-Served", Value: strings.ReplaceAll(bare, "\n", " ")}},
		Body: traffic.Body{Data: []byte(stream.String()), Size: int64(stream.Len()), Kept: int64(stream.Len())},
	}
	return r
}

// TestReportLeaks is the number of issue 7: what is planted in every field of a project is told in no report, log, alert or
// diagnostics, by default.
func TestReportLeaks(t *testing.T) {
	t.Parallel()
	all := plants(1, 12)
	for _, source := range []struct {
		name   string
		plants func(*testing.T) []plant
	}{{"made here", func(*testing.T) []plant { return all }}, {"made by others", foreign}} {
		t.Run(source.name, func(t *testing.T) {
			t.Parallel()
			some := source.plants(t)
			if source.name != "made here" {
				some = append(all[:1:1], some...)
			}
			kinds := map[string]bool{}
			for _, p := range some {
				kinds[p.kind] = true
			}
			t.Logf("%d values of %d types", len(some), len(kinds))
			leaks(t, some)
		})
	}
	kinds := map[string]bool{}
	for _, p := range all {
		kinds[p.kind] = true
	}
	if len(all) < 500 || len(kinds) < 40 {
		t.Errorf("%d values of %d types: 500 of 40 are wanted", len(all), len(kinds))
	}
}

func leaks(t *testing.T, some []plant) {
	t.Helper()
	ctx, seeker := t.Context(), seek(some)
	var logged bytes.Buffer
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{Home: home, Version: "test", Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	p := leakProject(t, a, some)
	logged.Reset() // what making it said is not what is tried here
	for _, audience := range []report.Audience{report.Executive, report.Technical} {
		r, err := p.Report(ctx, app.ReportOptions{Audience: audience})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Document.Weaknesses) < len(some)/10 || len(r.Document.Threats) == 0 {
			t.Fatalf("%d findings and %d threats", len(r.Document.Weaknesses), len(r.Document.Threats))
		}
		for _, format := range app.ReportFormats() {
			data, err := r.Bytes(ctx, format)
			if err != nil {
				t.Fatal(format, err)
			}
			seeker.find(t, fmt.Sprintf("%s, %s", format, audience), readable(t, format, data))
		}
		if _, err := r.Save(ctx, filepath.Join(t.TempDir(), "out.html"), "html"); err != nil {
			t.Fatal(err)
		}
	}
	made, err := p.ReportsMade(ctx)
	if err != nil || len(made) == 0 {
		t.Fatal(made, err)
	}
	seeker.find(t, "reports made", fmt.Sprint(made))
	seeker.find(t, "log", logged.String())
	seeker.find(t, "diagnostics", a.Diagnostics(ctx, p, nil, strings.Split(logged.String(), "\n")))
	store := p.Store().Path()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	seeker.find(t, "Reports", inWindow(t, a, store, func(bound any) []any {
		r, is := bound.(*window.Reports)
		if !is {
			return nil
		}
		return answersOf(t, r.Made, window.Nothing{}, r.Preview, window.ReportForm{Audience: "technical"})
	}))
	formed := seek(slices.DeleteFunc(slices.Clone(some), func(p plant) bool { return worded[p.kind] || p.kind == strings.ToUpper(p.kind) }))
	formed.find(t, "Home", inWindow(t, a, store, func(bound any) []any {
		h, is := bound.(*window.Home)
		if !is {
			return nil
		}
		return answersOf(t, h.Posture, window.HomeIn{}, h.Assets, window.Nothing{}, h.Criticals, window.Nothing{}, h.Seen, window.Nothing{}, h.Coverage, window.HomeCoverageIn{},
			h.Requirements, window.Nothing{})
	}))
	var alerts strings.Builder
	for i, one := range some { // nothing in an alert quotes the traffic; what a name or a sentence of it holds by chance is hidden by its form
		text, err := json.Marshal(alert.OfThreat(filepath.Base(store), &scanner.Threat{ID: scanner.ThreatID(i), Title: one.sentence, Seen: one.sentence}))
		if err != nil {
			t.Fatal(err)
		}
		switch one.kind {
		case "own type": // an alert knows no project
		case "ipv4", "ipv6": // an alert names who attacks
		default:
			alerts.WriteString(string(text) + "\n")
		}
	}
	seeker.find(t, "alerts", alerts.String())
}

// worded are the types that only words around a value tell. A title that holds nothing but the value has none of them: in a
// report the evidence tells, and Home has no evidence.
var worded = map[string]bool{
	"ssn": true, "itin": true, "nhs": true, "nino": true, "pesel": true, "nif": true, "sin": true, "pan": true, "passport US": true, "bank account": true,
	"new relic": true, "password": true, "own type": true, "ipv4": true, "ipv6": true, "mac": true, "aws": true,
}

// inWindow is what objects of the window answer, as the page gets it, without the references that it opens things by.
func inWindow(t *testing.T, a *app.App, project string, ask func(bound any) []any) string {
	t.Helper()
	desk := window.New(a, window.Options{Mode: window.Browser, Project: project})
	desk.Start(t.Context(), window.Host{Emit: func(string, any) {}})
	var all []any
	for _, bound := range desk.Bound() {
		all = append(all, ask(bound)...)
	}
	if err := desk.Close(); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("the window answers nothing")
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return references.ReplaceAllString(string(text), "")
}

// references lead to what is meant and are not shown.
var references = regexp.MustCompile(`"refs?":("(?:[^"\\]|\\.)*"|\[[^\]]*\])`)

// answersOf calls methods, each with what follows it.
func answersOf(t *testing.T, calls ...any) (out []any) {
	t.Helper()
	for i := 0; i < len(calls); i += 2 {
		got := reflect.ValueOf(calls[i]).Call([]reflect.Value{reflect.ValueOf(calls[i+1])})
		if err, _ := got[1].Interface().(error); err != nil {
			t.Fatal(err)
		}
		out = append(out, got[0].Interface())
	}
	return out
}

// seeker finds values in texts, also as addresses, JSON and HTML write them, and without the spaces in them.
type seeker struct {
	plants []plant
	of     []int // the plant of each way of writing one
	ways   []string
	trie   *ahocorasick.Trie
}

func seek(some []plant) *seeker {
	s := &seeker{plants: some}
	add := func(i int, way string) { s.of, s.ways = append(s.of, i), append(s.ways, way) }
	for i, p := range some {
		add(i, p.value)
		add(i, url.QueryEscape(p.value))
		add(i, url.PathEscape(p.value))
		add(i, strings.Trim(quote(p.value), `"`))
		if len(p.value) > 40 {
			add(i, p.value[:24]) // a part of a secret is too much of it
		}
		if len(p.value) >= 12 {
			add(i, squeeze.Replace(p.value))
		}
	}
	s.trie = ahocorasick.NewTrieBuilder().AddStrings(s.ways).Build()
	return s
}

var squeeze = strings.NewReplacer(" ", "", "\n", "", "-", "")

// find says which values a text tells.
func (s *seeker) find(t *testing.T, where, text string) {
	t.Helper()
	told := map[int]bool{}
	for _, one := range []string{text, squeeze.Replace(text)} {
		for _, m := range s.trie.MatchString(one) {
			p := s.of[m.Pattern()]
			if told[p] {
				continue
			}
			told[p] = true
			if at := int(m.Pos()); len(told) <= 2 {
				t.Errorf("%s tells the %s %q: …%.160s", where, s.plants[p].kind, s.plants[p].value, one[max(0, at-60):])
			}
		}
	}
	if len(told) > 2 {
		t.Errorf("%s tells %d values", where, len(told))
	}
}

// readable is the text of a file.
func readable(t *testing.T, format string, data []byte) string {
	t.Helper()
	switch format {
	case "bundle":
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			inner, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			all.WriteString(readable(t, strings.TrimPrefix(filepath.Ext(f.Name), "."), inner))
		}
		return all.String()
	case "pdf":
		return pdfText(data)
	case "har", "json":
		return string(data) + bodiesOf(data)
	}
	return string(data)
}

var streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)

// pdfText is what the streams of a PDF hold, as they are written: texts of two bytes a letter are read as letters.
func pdfText(data []byte) string {
	var all strings.Builder
	for _, m := range streams.FindAllSubmatch(data, -1) {
		text := m[1]
		if z, err := zlib.NewReader(bytes.NewReader(text)); err == nil {
			text, _ = io.ReadAll(z)
		}
		all.Write(text)
		all.WriteString(strings.ReplaceAll(string(text), "\x00", ""))
	}
	return all.String()
}

// bodiesOf joins the pieces of streamed answers in a HAR, so that a value across pieces is seen.
func bodiesOf(data []byte) string {
	var all strings.Builder
	for _, m := range regexp.MustCompile(`\\"content\\":\\"((?:[^"\\]|\\\\.)*)\\"`).FindAllSubmatch(data, -1) {
		all.Write(m[1])
	}
	return all.String()
}
