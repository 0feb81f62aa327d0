package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/lab"
)

// canaryRule speaks of each exchange in which the user says a word that nobody else says.
const canaryRule = `id: canary
name: The canary
meaning: Somebody said the word.
severity: high
owasp: [LLM01:2025]
when: {filter: 'user:kanarienvogel'}
cooldown: 1h
advice: Look for the cat.
samples:
  match:
    - user: the kanarienvogel sings
  no_match:
    - user: the cat sleeps
`

// ownRule puts a rule into the folder of a person's own.
func ownRule(t *testing.T, a *app.App, id, source string) {
	t.Helper()
	if err := os.MkdirAll(a.RulesFolder(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(a.RulesFolder(), id+".yaml"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
}

// birds is traffic of two hours and two users: one of them says the word twice.
func birds(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for i, said := range []string{"hello", "the kanarienvogel sings", "what is the weather?", "kanarienvogel again", "bye"} {
		body := fmt.Sprintf(`{"model":"gpt-4o-mini","user":%q,"messages":[{"role":"user","content":%q}]}`, []string{"alice", "bob"}[i%2], said)
		var line map[string]any
		if err := json.Unmarshal([]byte(lineOf(t, "POST", "https://api.openai.com/v1/chat/completions", 200, body, chatAnswered)), &line); err != nil {
			t.Fatal(err)
		}
		line["started"] = time.Date(2026, 3, 2, 8, 20*i, 0, 0, time.UTC).Format(time.RFC3339)
		data, err := json.Marshal(line)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(append(data, '\n'))
	}
	return all.String()
}

func importBirds(t *testing.T) (a *app.App, project string) {
	t.Helper()
	a, project = newApp(t)
	ownRule(t, a, "canary", canaryRule)
	if _, err := a.Import(t.Context(), project, strings.NewReader(birds(t)), app.ImportOptions{Format: "jsonl"}); err != nil {
		t.Fatal(err)
	}
	return a, project
}

func canaries(t *testing.T, a *app.App, project string) []app.ThreatRow {
	t.Helper()
	rows, err := a.Threats(t.Context(), project, app.ThreatOptions{Rules: []string{"canary"}})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestThreatsOfAnImport(t *testing.T) {
	t.Parallel()
	a, project := importBirds(t)
	rows := canaries(t, a, project)
	if len(rows) != 1 {
		t.Fatalf("threats %+v", rows)
	}
	one := rows[0]
	if one.Actor != "user:bob" || one.Count != 2 || one.Severity != "high" || one.First != "2026-03-02T08:20:00Z" || one.Last != "2026-03-02T09:00:00Z" || one.State != "new" {
		t.Errorf("the threat is %+v", one)
	}
	d, err := a.Threat(t.Context(), project, fmt.Sprint(one.ID))
	if err != nil || len(d.Timeline) != 2 || d.Timeline[0].Exchange != "2" || d.Timeline[1].Exchange != "4" || d.Advice != "Look for the cat." {
		t.Errorf("its detail is %+v, %v", d, err)
	}
	var marked []string
	err = a.List(t.Context(), project, app.ListOptions{Query: "threat=canary"}, func(l *app.Line) error {
		if !slices.Contains(l.Threats, "canary") {
			t.Errorf("line %s has the threats %v", l.ID, l.Threats)
		}
		marked = append(marked, l.ID)
		return nil
	})
	if err != nil || !slices.Equal(marked, []string{"2", "4"}) {
		t.Errorf("exchanges %v count, %v", marked, err)
	}
	actor, err := a.Actor(t.Context(), project, "bob")
	if err != nil || actor.Exchanges != 2 || actor.Kind != "user" || !slices.ContainsFunc(actor.Threats, func(r app.ThreatRow) bool { return r.ID == one.ID }) {
		t.Errorf("the actor is %+v, %v", actor, err)
	}
	for _, err := range []error{
		a.SetThreats(t.Context(), project, []string{"99"}, "closed", ""), a.SetThreats(t.Context(), project, []string{"1"}, "clsed", ""),
		a.SetRule(t.Context(), project, "canari", app.RuleChange{Severity: "low"}), a.Identify(t.Context(), project, []string{"shoe"}, nil),
	} {
		if app.CodeOf(err) != app.CodeNotFound && app.CodeOf(err) != app.CodeUsage {
			t.Errorf("what is not there: %v", err)
		}
	}
}

// TestReplayChangesNothing replays with other rules than those of the import.
func TestReplayChangesNothing(t *testing.T) {
	t.Parallel()
	a, project := importBirds(t)
	replay := func(o app.ReplayOptions) (all []*app.ThreatDetail, sum app.ReplaySummary) {
		sum, err := a.Replay(t.Context(), project, o, nil, func(d *app.ThreatDetail) error {
			if d.Rule == "canary" || d.Rule == "cat" {
				all = append(all, d)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return all, sum
	}
	before := canaries(t, a, project)
	all, sum := replay(app.ReplayOptions{})
	if len(all) != 1 || sum.Exchanges != 5 || sum.Actors != 2 || len(all[0].Timeline) != 2 || all[0].Actor != before[0].Actor || all[0].Seen != before[0].Seen {
		t.Errorf("replayed %+v, %+v", all, sum)
	}
	if all, sum := replay(app.ReplayOptions{Query: "user:again"}); len(all) != 1 || all[0].Count != 1 || sum.Exchanges != 1 {
		t.Errorf("of a query: %+v, %+v", all, sum)
	}
	ownRule(t, a, "cat", strings.NewReplacer("id: canary", "id: cat", "kanarienvogel", "weather").Replace(canaryRule))
	if all, _ := replay(app.ReplayOptions{}); len(all) != 2 {
		t.Errorf("a rule that is new: %+v", all)
	}
	if rows, err := a.Threats(t.Context(), project, app.ThreatOptions{Rules: []string{"cat"}}); err != nil || len(rows) != 0 {
		t.Errorf("a replay was kept: %+v, %v", rows, err)
	}
	// Kept, it says what a person said before.
	if err := a.SetThreats(t.Context(), project, []string{fmt.Sprint(before[0].ID)}, "confirmed", "mine"); err != nil {
		t.Fatal(err)
	}
	replay(app.ReplayOptions{Keep: true})
	if rows := canaries(t, a, project); len(rows) != 1 || rows[0].State != "confirmed" || rows[0].Note != "mine" || rows[0].Count != 2 || rows[0].ID == before[0].ID {
		t.Errorf("kept: %+v", rows)
	}
	if rows, err := a.Threats(t.Context(), project, app.ThreatOptions{Rules: []string{"cat"}}); err != nil || len(rows) != 1 {
		t.Errorf("kept: %+v, %v", rows, err)
	}
	if _, err := a.Replay(t.Context(), project, app.ReplayOptions{Keep: true, Query: "user:x"}, nil, nil); app.CodeOf(err) != app.CodeUsage {
		t.Errorf("half a project was kept: %v", err)
	}
}

func TestWhatAPersonSaysOfTheWatch(t *testing.T) {
	t.Parallel()
	a, project := importBirds(t)
	count := func() (n int) {
		if _, err := a.Replay(t.Context(), project, app.ReplayOptions{}, nil, func(d *app.ThreatDetail) error {
			if d.Rule == "canary" {
				n += d.Count
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	id := fmt.Sprint(canaries(t, a, project)[0].ID)
	for _, c := range []struct {
		name string
		o    app.HarmlessOptions
		want int
	}{{"a filter", app.HarmlessOptions{Where: "user:again", Reason: "a test"}, 1}, {"the actor", app.HarmlessOptions{Actor: true}, 0}, {"the rule", app.HarmlessOptions{}, 0}} {
		e, err := a.Harmless(t.Context(), project, id, c.o)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if n := count(); n != c.want {
			t.Errorf("%s: %d exchanges count, want %d", c.name, n, c.want)
		}
		if err := a.RemoveException(t.Context(), project, fmt.Sprint(e.ID)); err != nil {
			t.Fatal(err)
		}
	}
	if rows := canaries(t, a, project); rows[0].State != "harmless" || rows[0].Note != "a test" {
		t.Errorf("the threat is %+v", rows[0])
	}
	for _, where := range []string{"odd:(", "risk>50", "tag:x"} {
		if _, err := a.Harmless(t.Context(), project, id, app.HarmlessOptions{Where: where}); app.CodeOf(err) != app.CodeUsage {
			t.Errorf("an exception of %q: %v", where, err)
		}
	}
	off := false
	if err := a.SetRule(t.Context(), project, "canary", app.RuleChange{On: &off, Severity: "low"}); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Errorf("a rule that is off counts %d", n)
	}
	rules, problems, err := a.RuleRows(t.Context(), project)
	at := slices.IndexFunc(rules, func(r app.RuleRow) bool { return r.ID == "canary" })
	if err != nil || len(problems) > 0 || at < 0 || rules[at].On || rules[at].Severity != "low" || rules[at].Source != "own" || rules[at].Samples != 2 {
		t.Errorf("rules %+v, %v, %v", rules[max(at, 0)], problems, err)
	}
	// By another way of telling actors apart everything is watched anew.
	if err := a.SetRule(t.Context(), project, "canary", app.RuleChange{On: new(true), Severity: "default"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Identify(t.Context(), project, []string{"client"}, nil); err != nil {
		t.Fatal(err)
	}
	if rows := canaries(t, a, project); len(rows) != 1 || rows[0].Actor != "client:shopper" {
		t.Errorf("threats %+v", rows)
	}
}

// TestAnalysedProjectIsWatchedAnew makes the inventory anew: a threat's endpoint is the one of today.
func TestAnalysedProjectIsWatchedAnew(t *testing.T) {
	t.Parallel()
	a, project := importBirds(t)
	before := canaries(t, a, project)[0]
	if err := a.SetThreats(t.Context(), project, []string{fmt.Sprint(before.ID)}, "confirmed", "mine"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Analyse(t.Context(), project, func(_, _ int64) {}); err != nil {
		t.Fatal(err)
	}
	rows := canaries(t, a, project)
	if len(rows) != 1 || rows[0].Count != 2 || rows[0].State != "confirmed" || rows[0].Note != "mine" {
		t.Fatalf("threats %+v", rows)
	}
	inv, err := a.Inventory(t.Context(), project, app.InventoryOptions{})
	if err != nil || len(inv.Endpoints) != 1 || rows[0].Endpoint != inv.Endpoints[0].ID || rows[0].Endpoint == before.Endpoint {
		t.Errorf("the threat's endpoint is %s, was %s; there are %+v, %v", rows[0].Endpoint, before.Endpoint, inv.Endpoints, err)
	}
	actor, err := a.Actor(t.Context(), project, "user:bob")
	if err != nil || actor.Exchanges != 2 {
		t.Errorf("the actor counts %+v, %v", actor, err)
	}
}

func TestRulesThatAreWrong(t *testing.T) {
	t.Parallel()
	a, project := importBirds(t)
	ownRule(t, a, "broken", "id: broken\nname: [\n")
	ownRule(t, a, "untrue", strings.NewReplacer("id: canary", "id: untrue", "the cat sleeps", "kanarienvogel").Replace(canaryRule))
	checks, err := a.LintRules(a.RulesFolder())
	if err != nil {
		t.Fatal(err)
	}
	status := map[string]string{}
	for _, c := range checks {
		status[c.File] = c.Status
		if c.Status == "wrong" && (c.Line == 0 || c.Column == 0 || !strings.Contains(c.Reason, c.File)) {
			t.Errorf("what is wrong has no place: %+v", c)
		}
	}
	if fmt.Sprint(status) != "map[broken.yaml:wrong canary.yaml:ok untrue.yaml:wrong]" {
		t.Errorf("checked %v", status)
	}
	if one, err := a.LintRules(filepath.Join(a.RulesFolder(), "canary.yaml")); err != nil || len(one) != 1 || one[0].Status != "ok" {
		t.Errorf("one file: %+v, %v", one, err)
	}
	if _, err := a.LintRules(filepath.Join(a.RulesFolder(), "none")); app.CodeOf(err) != app.CodeInput {
		t.Errorf("a folder that is not there: %v", err)
	}
	// The others go on.
	rows, problems, err := a.RuleRows(t.Context(), project)
	if err != nil || len(problems) < 2 || !slices.ContainsFunc(rows, func(r app.RuleRow) bool { return r.ID == "canary" }) {
		t.Errorf("%d rules, %v, %v", len(rows), problems, err)
	}
}

// TestThreatAtOnce records through the proxy, and changes rules while it does.
func TestThreatAtOnce(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(target.Close)
	a, project := newApp(t)
	ownRule(t, a, "canary", canaryRule)
	rec, err := a.Record(t.Context(), app.RecordOptions{Project: project, Listen: "127.0.0.1:0", Providers: []string{"lab=" + target.URL + "/v1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := rec.Close(); err != nil {
			t.Error(err)
		}
	}()
	slowest := time.Duration(0)
	for n := range 3 {
		say(t, "http://"+rec.Listen()+"/r/lab/v1/chat/completions", fmt.Sprint("kanarienvogel ", n))
		ended := time.Now()
		for {
			if rows := canaries(t, a, project); len(rows) == 1 && rows[0].Count == n+1 {
				break
			}
			if time.Since(ended) > 20*time.Second { // patience of a busy machine; the figure is logged
				t.Fatalf("exchange %d is in no threat", n)
			}
			time.Sleep(5 * time.Millisecond)
		}
		slowest = max(slowest, time.Since(ended))
	}
	t.Logf("the slowest of three threats was there %v after its answer had ended", slowest.Round(time.Millisecond))
	ownRule(t, a, "cat", strings.NewReplacer("id: canary", "id: cat", "kanarienvogel", "weather").Replace(canaryRule))
	began := time.Now()
	for {
		say(t, "http://"+rec.Listen()+"/r/lab/v1/chat/completions", "the weather")
		rows, err := a.Threats(t.Context(), project, app.ThreatOptions{Rules: []string{"cat"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) > 0 {
			break
		}
		if time.Since(began) > 30*time.Second {
			t.Fatal("a rule that was written while it records is not used")
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// say sends a text to a model.
func say(t *testing.T, url, text string) {
	t.Helper()
	body := fmt.Sprintf(`{"model":"gpt-4o-mini","messages":[{"role":"user","content":%q}]}`, text)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer sk-secret-0123456789")
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res.Status, err)
	}
}

// TestRewatchWhileImporting watches everything anew while more comes: every exchange is watched once.
func TestRewatchWhileImporting(t *testing.T) {
	t.Parallel()
	a, path := newApp(t)
	ownRule(t, a, "canary", canaryRule)
	p, err := a.OpenProject(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	const rounds = 12
	imported := make(chan error, 1)
	go func() {
		var all error
		for range rounds {
			_, err := p.Import(t.Context(), strings.NewReader(birds(t)), app.ImportOptions{Format: "jsonl"})
			all = errors.Join(all, err)
		}
		imported <- all
	}()
	for range 4 {
		if err := p.Rewatch(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
	if err := <-imported; err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	rows := canaries(t, a, path)
	n := 0
	for _, r := range rows {
		n += r.Count
	}
	var exchanges int64
	actors, err := a.Actors(t.Context(), path, app.ActorOptions{})
	for _, one := range actors {
		exchanges += one.Exchanges
	}
	if err != nil || n != 2*rounds || exchanges != 5*rounds {
		t.Errorf("threats count %d exchanges, want %d; actors %d, want %d (%v)", n, 2*rounds, exchanges, 5*rounds, err)
	}
	if report, err := a.Check(t.Context(), path); err != nil || len(report.Problems) > 0 {
		t.Error(report, err)
	}
}
