package app_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/report"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// makeSample makes a sample project in a home of its own and opens it.
func makeSample(t *testing.T) *storage.Project {
	t.Helper()
	return openSample(t).Store()
}

// openSample makes a sample project in a home of its own.
func openSample(t *testing.T) *app.Project {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{Home: home}
	before, err := home.LastProject()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	var done, all int64
	path, err := a.MakeSample(t.Context(), func(d, of int64) { done, all = d, of })
	if err != nil {
		t.Fatal(err)
	}
	if done != all {
		t.Errorf("the last progress was %d of %d", done, all)
	}
	t.Logf("made in %v", time.Since(start))
	if after, err := home.LastProject(); err != nil || after != before {
		t.Errorf("the project used last is %s, was %s: %v", after, before, err)
	}
	p, err := a.OpenProject(context.WithoutCancel(t.Context()), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// TestSampleIsReported: the retest of the sample says what was mended and what is still there, and on which endpoint.
func TestSampleIsReported(t *testing.T) {
	t.Parallel()
	p := openSample(t)
	r, err := p.Report(t.Context(), app.ReportOptions{Audience: report.Retest})
	if err != nil {
		t.Fatal(err)
	}
	d := r.Document
	if c := d.Comparison; c == nil || len(c.Fixed) != 1 || len(c.Still) != 5 || len(c.New) != 0 {
		t.Errorf("compared: %+v", c)
	}
	at := slices.IndexFunc(d.Stock.Listed, func(a report.ListedAsset) bool { return strings.Contains(a.Name, "assistant.bank.example") })
	if at < 0 || !d.Stock.Listed[at].Tested || d.Stock.Listed[at].Findings != 5 {
		t.Errorf("the assistant stands as %+v", d.Stock.Listed)
	}
	if !d.Standing.Enough || len(d.Trend) < 2 || d.Trend[1].Score <= d.Trend[0].Score {
		t.Errorf("mending a part moved the score from %+v", d.Trend)
	}
	if pdf, err := r.Bytes(t.Context(), "pdf"); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("as PDF: %v", err)
	}
}

// TestSample makes the sample project twice: it holds every format, it is sound, and both times people read the same.
func TestSample(t *testing.T) {
	t.Parallel()
	p := makeSample(t)
	rows := sampleRows(t, p)
	if problems, err := p.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("damaged: %v, %v", problems, err)
	}
	families, states, kinds := map[string]int{}, map[string]int{}, map[string]int{}
	var tagged, noted, reasoned, refused int
	for _, r := range rows {
		families[r.Family]++
		kinds[string(r.Wire)]++
		if r.Fault != nil {
			states[string(r.Fault.Stage)]++
		}
		for _, count := range []struct {
			n  *int
			is bool
		}{{&tagged, len(r.Tags) > 0}, {&noted, r.Note != ""}, {&reasoned, r.HasReasoning}, {&refused, strings.Contains(r.Answer, "can't help")}} {
			if count.is {
				*count.n++
			}
		}
	}
	tests := 0
	for _, r := range rows {
		if r.Source == traffic.SourceTest {
			tests++
		}
	}
	if n := len(rows) - tests; n < 80 || n > 100 || tests < 60 {
		t.Errorf("%d exchanges and %d of tests, want about ninety and more than sixty", n, tests)
	}
	sampleTested(t, p)
	slow, _, err := p.Threats(t.Context(), storage.ThreatQuery{Rules: []string{"slow-attack"}, Actors: []scanner.ActorKey{"user:guest-5150"}})
	if err != nil || len(slow) != 1 || !slow[0].Slow || slow[0].Count < 8 || slow[0].Last.Sub(slow[0].First) < 48*time.Hour || slow[0].Usual == "" {
		t.Errorf("the slow attacker: %+v, %v", slow, err)
	}
	for _, want := range []string{
		"openai.chat", "openai.responses", "openai.completions", "openai.embeddings", "anthropic.messages", "gemini.generateContent",
		"gemini.streamGenerateContent", "cohere.v2.chat", "bedrock.converse", "bedrock.converse_stream", "ollama.chat", "mcp", "a2a.jsonrpc",
		"openai.realtime", "openai.images", "openai.moderations", "vercel.ui", "custom.chat",
	} {
		if families[want] == 0 {
			t.Errorf("nothing of the format %s; there are %v", want, families)
		}
	}
	if states["client-tls"] != 1 || states["connect"] != 1 || kinds["websocket"] != 1 {
		t.Errorf("faults %v, wires %v; want one of client-tls, connect and websocket", states, kinds)
	}
	if tagged < 5 || noted < 5 || reasoned < 3 || refused < 1 {
		t.Errorf("%d tagged, %d noted, %d with reasoning, %d refusals", tagged, noted, reasoned, refused)
	}
	first, again := told(rows), told(sampleRows(t, makeSample(t)))
	for i := range min(len(first), len(again)) {
		if first[i] != again[i] {
			t.Errorf("made twice, exchange %d differs:\n%s\n%s", i+1, first[i], again[i])
		}
	}
	if len(first) != len(again) {
		t.Errorf("made twice: %d and %d exchanges", len(first), len(again))
	}
}

// sampleTested checks what the two tests of the sample came to: some of what the first found, the second found mended.
func sampleTested(t *testing.T, p *storage.Project) {
	t.Helper()
	runs, err := p.Runs(t.Context())
	if err != nil || len(runs) != 2 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	for _, r := range runs {
		if r.State != scanner.RunDone || r.Tally.Errored > 0 || r.Tally.Vulnerable == 0 || r.Tally.Resisted == 0 {
			t.Errorf("%s: %s, %+v", r.Name, r.State, r.Tally)
		}
	}
	found, _, err := p.Findings(t.Context(), storage.FindingQuery{})
	states := map[scanner.FindingState]int{}
	for i := range found {
		states[found[i].State]++
	}
	if err != nil || states[scanner.FindingFixed] == 0 || states[scanner.FindingNew] == 0 {
		t.Errorf("findings are %v, %v: some are mended, some are not", states, err)
	}
	t.Logf("findings: %v", states)
}

func sampleRows(t *testing.T, p *storage.Project) []storage.Row {
	t.Helper()
	rows, err := p.List(t.Context(), storage.Filter{Limit: -1, OldestFirst: true, Texts: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// told is what people read of each exchange.
func told(rows []storage.Row) []string {
	lines := make([]string, 0, len(rows))
	for _, r := range rows {
		lines = append(lines, fmt.Sprint(r.ID, r.Method, r.URL, r.Status, r.Wire, r.Family, r.Provider, r.Model, r.Finish, r.LastUser, r.Answer,
			r.Reasoning, r.Conversation, strings.Join(r.Tags, ","), r.Note, r.Colour, r.Stream, slices.Sorted(slices.Values(r.Tools))))
	}
	return lines
}
