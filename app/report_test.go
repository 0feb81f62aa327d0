package app_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/app"
	"assay/report"
	"assay/scanner"
	"assay/scanner/judge"
	"assay/traffic"
)

// reportProject is a project with a run whose findings have three trials each.
func reportProject(t *testing.T, log *bytes.Buffer, findings int, answer func(n int) string) *app.Project {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{Home: home, Version: "test", Log: slog.New(slog.NewTextHandler(log, nil))}
	p, err := a.OpenProject(t.Context(), filepath.Join(t.TempDir(), "p.assay"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	keepRun(t, p, 1, findings, answer, func(int) scanner.Verdict { return scanner.Vulnerable })
	return p
}

// keepRun keeps a run with a case of each weakness, of which verdict says how it ended.
func keepRun(t *testing.T, p *app.Project, seed uint64, n int, answer func(n int) string, verdict func(n int) scanner.Verdict) {
	t.Helper()
	run := &scanner.Run{
		Name: fmt.Sprint("run with seed ", seed), State: scanner.RunRunning, Created: time.Now(), Spec: scanner.RunSpec{Seed: seed},
		Targets: []scanner.RunTarget{{Ref: "model:1", Name: "assistant", Host: "api.example.com"}},
	}
	var cases []scanner.Case
	var records []*scanner.TrialRecord
	for i := 1; i <= n; i++ {
		template := fmt.Sprint("own-", i)
		cases = append(cases, scanner.Case{N: i, Key: template, Template: template, Severity: scanner.SeverityHigh, OWASP: []string{"LLM02:2025"}, Target: "model:1", Mutation: "none", Trials: 3})
		ended := verdict(i)
		for trial := 1; trial <= 3 && ended != ""; trial++ {
			r := &scanner.TrialRecord{
				Trial: scanner.Trial{
					Case: i, N: trial, Started: time.Now(), Took: time.Second, Answer: answer(i), Print: fmt.Sprint(i), Requests: 1, Sent: []scanner.Sent{{Slot: "json:/q", Plain: answer(i)}},
					Judgement: scanner.Judgement{Verdict: ended, Reason: "It is so.", By: "rules"},
				},
				Done: trial == 3, Exchanges: []*traffic.Record{leakExchange(i, "https://api.example.com/v1/chat", nil)},
			}
			if ended == scanner.Vulnerable {
				r.Finding = &scanner.Finding{
					Print: printOf(i), Source: "test", Template: template, Title: fmt.Sprint("Weakness ", i), Severity: scanner.SeverityHigh,
					OWASP: []string{"LLM02:2025"}, Target: "model:1", Name: "assistant", Class: "regex", Reason: "It is so.",
				}
			}
			records = append(records, r)
		}
	}
	ctx := t.Context()
	id, err := p.Store().CreateRun(ctx, run, slices.Values(cases), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Store().SaveTrials(ctx, id, records); err != nil {
		t.Fatal(err)
	}
	if err := p.Store().SetRunState(ctx, id, scanner.RunDone, "", time.Second); err != nil {
		t.Fatal(err)
	}
}

// printOf is the fingerprint of a weakness of keepRun.
func printOf(n int) string {
	return scanner.Fingerprint(fmt.Sprint("own-", n), "model:1", judge.Class(&scanner.Trial{Judgement: scanner.Judgement{Verdict: scanner.Vulnerable, By: "rules"}}))
}

// TestReportSize: fifty findings with as long texts as there can be are a page of at most 2 MB, and it says what is missing.
func TestReportSize(t *testing.T) {
	t.Parallel()
	p := reportProject(t, &bytes.Buffer{}, 50, func(n int) string { return strings.Repeat(fmt.Sprintf("<b>&\"%d\"</b> ", n), 4000) })
	r, err := p.Report(t.Context(), app.ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.Bytes(t.Context(), "html")
	if err != nil || len(page) > 2_000_000 || len(r.Document.Weaknesses) != 50 {
		t.Errorf("%d bytes, %d findings, %v", len(page), len(r.Document.Weaknesses), err)
	}
	for i := range r.Document.Weaknesses {
		for _, proof := range r.Document.Weaknesses[i].Proofs {
			if proof.Answer.Cut == 0 || proof.Answer.Text == "" {
				t.Fatalf("%d bytes are told and %d are not", len(proof.Answer.Text), proof.Answer.Cut)
			}
		}
	}
	if !slices.ContainsFunc(r.Document.Shortened, func(s string) bool { return strings.Contains(s, "told by their beginning") }) {
		t.Errorf("shortened: %q", r.Document.Shortened)
	}
}

// TestReportShows: a value is written only where a person chose its placeholder, and then the project and the log say so.
func TestReportShows(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	const mail = "ada.lovelace@mail.example.org"
	p := reportProject(t, &log, 1, func(int) string { return "write to " + mail + " or bob@mail.example.org" })
	for _, show := range [][]string{nil, {"⟨e-mail 1⟩"}} {
		r, err := p.Report(t.Context(), app.ReportOptions{Show: show})
		if err != nil {
			t.Fatal(err)
		}
		text, err := r.Bytes(t.Context(), "json")
		if err != nil || bytes.Contains(text, []byte(mail)) != (show != nil) || bytes.Contains(text, []byte("bob@mail")) {
			t.Errorf("with %v shown: %v\n%.2000s", show, err, text)
		}
		if got := r.HiddenValue("⟨e-mail 1⟩"); got != mail {
			t.Errorf("behind ⟨e-mail 1⟩ is %q", got)
		}
		if _, err := r.Save(t.Context(), filepath.Join(t.TempDir(), "out.json"), "json"); err != nil {
			t.Fatal(err)
		}
	}
	made, err := p.ReportsMade(t.Context())
	if err != nil || len(made) != 2 {
		t.Fatal(made, err)
	}
	if diff := cmp.Diff([]string{"⟨e-mail 1⟩"}, made[0].Shown); diff != "" || made[1].Shown != nil || made[1].Hidden["EMAIL_ADDRESS"] != 2 || made[0].Hidden["EMAIL_ADDRESS"] != 1 {
		t.Errorf("%+v %s", made, diff)
	}
	if !strings.Contains(log.String(), "⟨e-mail 1⟩") || strings.Contains(log.String(), mail) {
		t.Errorf("log: %s", &log)
	}
}

// TestRetest: fixed is only what was sent again and resisted.
func TestRetest(t *testing.T) {
	t.Parallel()
	p := reportProject(t, &bytes.Buffer{}, 4, func(int) string { return "yes" })
	if _, err := p.Report(t.Context(), app.ReportOptions{Audience: report.Retest}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("with nothing to compare: %v", err)
	}
	keepRun(t, p, 2, 5, func(int) string { return "no" }, func(n int) scanner.Verdict {
		return map[int]scanner.Verdict{1: scanner.Vulnerable, 2: scanner.Resisted, 3: scanner.Unclear, 5: scanner.Vulnerable}[n] // 4 is not sent
	})
	r, err := p.Report(t.Context(), app.ReportOptions{Audience: report.Retest})
	if err != nil {
		t.Fatal(err)
	}
	c := r.Document.Comparison
	got := map[string][]string{"new": c.New, "fixed": c.Fixed, "still": c.Still, "unknown": c.Unknown}
	want := map[string][]string{"new": {printOf(5)}, "fixed": {printOf(2)}, "still": {printOf(1)}, "unknown": {printOf(3), printOf(4)}}
	if diff := cmp.Diff(want, got); diff != "" || c.Against != "run 1, run with seed 1" {
		t.Errorf("against %q: %s", c.Against, diff)
	}
	for _, gone := range c.Gone {
		if gone.Fixed != (gone.Why == "") {
			t.Errorf("%+v", gone)
		}
	}
}

// TestReportOptionsAreKept: how reports are set up stays with the project, and what makes no sense is refused.
func TestReportOptionsAreKept(t *testing.T) {
	t.Parallel()
	p := reportProject(t, &bytes.Buffer{}, 1, func(int) string { return "yes" })
	if kept, err := p.ReportCover(t.Context()); err != nil || kept.Format != "" {
		t.Fatal(kept, err)
	}
	want := app.KeptReportOptions{Audience: report.Executive, Format: "pdf", Cover: report.Cover{Client: "Meridian", Logo: []byte("\x89PNG")}, Without: []report.Section{report.SectionThreats}}
	if err := p.SaveReportCover(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if kept, err := p.ReportCover(t.Context()); err != nil || cmp.Diff(want, kept) != "" {
		t.Error(cmp.Diff(want, kept), err)
	}
	for _, wrong := range []app.KeptReportOptions{{Audience: "all"}, {Format: "doc"}, {Without: []report.Section{"cover"}}, {Cover: report.Cover{Logo: make([]byte, 2<<20)}}} {
		if err := p.SaveReportCover(t.Context(), wrong); app.CodeOf(err) != app.CodeUsage {
			t.Errorf("%+v: %v", wrong.Audience, err)
		}
	}
}
