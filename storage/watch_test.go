package storage_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

var watchTime = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// recordFolded records n exchanges that are in the inventory and wait for the watch.
func recordFolded(t testing.TB, p *storage.Project, n int) []traffic.ID {
	t.Helper()
	ids := recordRead(t, p, n)
	f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}, Endpoints: []*scanner.Endpoint{endpointOf(1, "/users/{id}")}}
	for _, id := range ids {
		f.Of[id] = 1
	}
	inventory(t, p)
	save(t, p, f)
	return ids
}

func startWatch(t testing.TB, p *storage.Project) storage.WatchStart {
	t.Helper()
	w, err := p.StartWatch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func saveWatched(t testing.TB, p *storage.Project, w *scanner.Watched) {
	t.Helper()
	if err := p.SaveWatched(t.Context(), w); err != nil {
		t.Fatal(err)
	}
}

func threatOf(id scanner.ThreatID, rule string, severity scanner.Severity, actor scanner.ActorKey, n int) *scanner.Threat {
	at := watchTime.Add(time.Duration(id) * time.Hour)
	return &scanner.Threat{
		ID: id, Rule: rule, Title: "The title of " + rule, Severity: severity, Actor: actor, Group: string(actor), Host: "a.example", Endpoint: 1, Model: "m",
		First: at, Last: at.Add(time.Minute), Raised: at, Count: n, Seen: "It was seen.", Usual: "nothing", Advice: "Look at it.",
		OWASP: []string{"LLM01:2025"}, State: scanner.ThreatNew, Slow: id%2 == 0, Score: 1.5,
	}
}

func momentOf(threat scanner.ThreatID, exchange traffic.ID, at time.Time) scanner.Moment {
	return scanner.Moment{
		Threat: threat, Exchange: exchange, At: at, What: "It was seen.", Weight: 0.5,
		Signs: []scanner.Sign{{Kind: scanner.SignInjection, Name: "x", Side: scanner.InRequest, Where: "message:0", End: 3, Score: 0.5, Why: "It says so."}},
	}
}

func actorOf(key scanner.ActorKey, n int64, risk float64) *scanner.Actor {
	return &scanner.Actor{
		Key: key, Kind: "key", Name: string(key), First: watchTime, Last: watchTime.Add(time.Duration(n) * time.Minute), Exchanges: n, Risk: risk,
		Endpoints: map[string]int64{"GET a.example/": n}, Learning: "2 hours of 24",
	}
}

func unwatchedIDs(t testing.TB, p *storage.Project) []traffic.ID {
	t.Helper()
	ids, err := p.Unwatched(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestWatchIsKept(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordFolded(t, p, 4)
	if got := unwatchedIDs(t, p); !slices.Equal(got, ids) {
		t.Fatalf("%v wait for the watch, want %v", got, ids)
	}
	if to, err := p.ToWatch(t.Context(), ids[:2], false); err != nil || len(to) != 2 || to[ids[0]].Endpoint != 1 {
		t.Errorf("to watch: %v, %v", to, err)
	}
	if w := startWatch(t, p); w.LastThreat != 0 {
		t.Errorf("a new project has given the threat %d", w.LastThreat)
	}
	w := &scanner.Watched{
		Of: ids[:3], By: map[traffic.ID]scanner.ActorKey{ids[0]: "key:a", ids[1]: "key:b"},
		Threats: []*scanner.Threat{threatOf(1, "one", scanner.SeverityHigh, "key:a", 2), threatOf(2, "two", scanner.SeverityCritical, "key:b", 1)},
		Moments: []scanner.Moment{momentOf(1, ids[0], watchTime), momentOf(1, 0, watchTime.Add(time.Second)), momentOf(2, ids[1], watchTime), momentOf(2, 999, watchTime)},
		Actors:  []*scanner.Actor{actorOf("key:a", 5, 0.5), actorOf("key:b", 7, 0.9)},
		States:  map[string][]byte{"actor/key:a": []byte("known"), "windows": []byte("counted")},
		Cut:     3,
	}
	saveWatched(t, p, w)
	if got := unwatchedIDs(t, p); !slices.Equal(got, ids[3:]) {
		t.Errorf("%v wait, want %v", got, ids[3:])
	}
	threats, total, err := p.Threats(t.Context(), storage.ThreatQuery{})
	if err != nil || total != 2 || threats[0].Rule != "two" {
		t.Fatalf("threats %+v, %d, %v", threats, total, err)
	}
	got, err := p.Threat(t.Context(), 1)
	want := *w.Threats[0]
	if err != nil || fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", want) {
		t.Errorf("kept %+v\nwant %+v, %v", *got, want, err)
	}
	if moments, n, err := p.Moments(t.Context(), 2, 0, 0); err != nil || n != 1 || moments[0].Exchange != ids[1] || moments[0].Signs[0].Why != "It says so." {
		t.Errorf("moments %+v, %d, %v: that of an exchange that is not there is left out", moments, n, err)
	}
	if moments, n, err := p.Moments(t.Context(), 1, 1, 1); err != nil || n != 2 || len(moments) != 1 || moments[0].Exchange != 0 {
		t.Errorf("the second moment is %+v of %d, %v", moments, n, err)
	}
	if state, err := p.WatchState(t.Context(), "actor/key:a"); err != nil || string(state) != "known" {
		t.Errorf("state %q, %v", state, err)
	}
	if cut, err := p.WatchCut(t.Context()); err != nil || cut != 3 {
		t.Errorf("%d were dropped, %v", cut, err)
	}
	actors, total, err := p.Actors(t.Context(), storage.ActorQuery{})
	if err != nil || total != 2 || actors[0].Key != "key:b" || actors[0].Endpoints["GET a.example/"] != 7 {
		t.Errorf("actors %+v, %d, %v", actors, total, err)
	}
	if w := startWatch(t, p); w.LastThreat != 2 {
		t.Errorf("the last threat is %d, want 2", w.LastThreat)
	}
	wantChecked(t, p)
}

// TestOurOwnAttacksAreNotWatched records what Assay sends itself.
func TestOurOwnAttacksAreNotWatched(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}, Endpoints: []*scanner.Endpoint{endpointOf(1, "/users/{id}")}}
	readings := map[traffic.ID]*llm.Conversation{}
	var want []traffic.ID
	for _, source := range []traffic.Source{traffic.SourceTest, traffic.SourceProxy, traffic.SourceRepeater, traffic.SourceReverse, traffic.SourceImport} {
		x := exchange("a.example", "/users/1", 200, nil, nil)
		x.Source = source
		id := record(p.Recorder(), x, 1)
		f.Of[id], readings[id] = 1, &llm.Conversation{Kind: llm.KindPlain}
		if source != traffic.SourceTest && source != traffic.SourceRepeater {
			want = append(want, id)
		}
	}
	flush(t, p)
	if err := p.SaveReadings(t.Context(), readings); err != nil {
		t.Fatal(err)
	}
	inventory(t, p)
	save(t, p, f)
	if got := unwatchedIDs(t, p); !slices.Equal(got, want) {
		t.Errorf("%v wait for the watch, want %v", got, want)
	}
	if got, err := p.InOrder(t.Context(), nil); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v are watched anew, want %v, %v", got, want, err)
	}
	if to, err := p.ToWatch(t.Context(), slices.Sorted(maps.Keys(f.Of)), true); err != nil || len(to) != len(want) {
		t.Errorf("%v are to be watched, %v", to, err)
	}
}

func TestThreatsKeepWhatAPersonSaid(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordFolded(t, p, 2)
	startWatch(t, p)
	one := threatOf(1, "one", scanner.SeverityHigh, "key:a", 1)
	saveWatched(t, p, &scanner.Watched{Of: ids[:1], Threats: []*scanner.Threat{one}, Moments: []scanner.Moment{momentOf(1, ids[0], watchTime)}})
	before, err := p.SetThreats(t.Context(), []scanner.ThreatID{1}, scanner.ThreatConfirmed, "mine")
	if err != nil || before[1] != scanner.ThreatNew {
		t.Fatalf("before %v, %v", before, err)
	}
	more := *one
	more.Count, more.Last, more.Severity = 2, more.Last.Add(time.Hour), scanner.SeverityCritical
	saveWatched(t, p, &scanner.Watched{Of: ids[1:], Threats: []*scanner.Threat{&more}, Moments: []scanner.Moment{momentOf(1, ids[1], watchTime)}})
	got, err := p.Threat(t.Context(), 1)
	if err != nil || got.State != scanner.ThreatConfirmed || got.Note != "mine" || got.Count != 2 || got.Severity != scanner.SeverityCritical {
		t.Errorf("kept %+v, %v", got, err)
	}
	if _, err := p.SetThreats(t.Context(), []scanner.ThreatID{1, 9}, scanner.ThreatClosed, ""); !errors.Is(err, storage.ErrNoThreat) {
		t.Errorf("a threat that is not there: %v", err)
	}
	if got, _ := p.Threat(t.Context(), 1); got.State != scanner.ThreatConfirmed {
		t.Errorf("half a change was kept: %v", got.State)
	}
	if _, err := p.SetThreats(t.Context(), []scanner.ThreatID{1}, "odd", ""); err == nil {
		t.Error("a state that there is not was taken")
	}
	of, err := p.ThreatsOf(t.Context(), ids)
	if err != nil || len(of[ids[0]]) != 1 || len(of[ids[1]]) != 1 {
		t.Errorf("threats of exchanges: %v, %v", of, err)
	}
	if _, err := p.SetThreats(t.Context(), []scanner.ThreatID{1}, scanner.ThreatHarmless, ""); err != nil {
		t.Fatal(err)
	}
	if of, err := p.ThreatsOf(t.Context(), ids); err != nil || len(of) != 0 {
		t.Errorf("a harmless threat marks exchanges: %v, %v", of, err)
	}
}

func TestForgottenWatchIsNotSaved(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordFolded(t, p, 3)
	startWatch(t, p)
	w := &scanner.Watched{
		Of: ids[:2], By: map[traffic.ID]scanner.ActorKey{ids[0]: "key:a"}, Threats: []*scanner.Threat{threatOf(1, "one", scanner.SeverityHigh, "key:a", 1)},
		Moments: []scanner.Moment{momentOf(1, ids[0], watchTime)}, Actors: []*scanner.Actor{actorOf("key:a", 1, 0)}, States: map[string][]byte{"windows": []byte("x")},
	}
	saveWatched(t, p, w)
	if _, err := p.AddException(t.Context(), scanner.Exception{Rule: "one"}); err != nil {
		t.Fatal(err)
	}
	if err := p.ForgetWatch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := unwatchedIDs(t, p); !slices.Equal(got, ids) {
		t.Errorf("%v wait, want all: %v", got, ids)
	}
	w.Of = ids[2:]
	if err := p.SaveWatched(t.Context(), w); !errors.Is(err, storage.ErrWatchChanged) {
		t.Errorf("what rests on a forgotten watch was kept: %v", err)
	}
	start := startWatch(t, p)
	if start.LastThreat != 1 || len(start.Exceptions) != 1 {
		t.Errorf("start %+v: ids are never given twice, exceptions stay", start)
	}
	if _, total, _ := p.Threats(t.Context(), storage.ThreatQuery{}); total != 0 {
		t.Errorf("%d threats stayed", total)
	}
	if state, _ := p.WatchState(t.Context(), "windows"); state != nil {
		t.Errorf("a state stayed: %q", state)
	}
	if err := p.SetIdentity(t.Context(), []string{"user", "key"}); err != nil {
		t.Fatal(err)
	}
	if by := startWatch(t, p).Identity; !slices.Equal(by, []string{"user", "key"}) {
		t.Errorf("told apart by %v", by)
	}
	wantChecked(t, p)
}

// TestWatchOfDeletedExchanges moves exchanges to the trash and back, and deletes them.
func TestWatchOfDeletedExchanges(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordFolded(t, p, 3)
	startWatch(t, p)
	saveWatched(t, p, &scanner.Watched{
		Of: ids[:2], By: map[traffic.ID]scanner.ActorKey{ids[0]: "key:a"}, Actors: []*scanner.Actor{actorOf("key:a", 1, 0)},
		Threats: []*scanner.Threat{threatOf(1, "one", scanner.SeverityHigh, "key:a", 2)}, Moments: []scanner.Moment{momentOf(1, ids[0], watchTime), momentOf(1, ids[1], watchTime)},
	})
	if err := p.AddRulings(t.Context(), []scanner.Ruling{{At: watchTime, Exchange: ids[0], Policy: 1, Name: "p", Action: scanner.Block}}); err != nil {
		t.Fatal(err)
	}
	for _, move := range []func() (int, error){
		func() (int, error) { return p.Delete(t.Context(), ids...) }, func() (int, error) { return p.Undelete(t.Context(), ids...) },
	} {
		if n, err := move(); err != nil || n != 3 {
			t.Fatal(n, err)
		}
		wantChecked(t, p)
	}
	if got := unwatchedIDs(t, p); !slices.Equal(got, ids[2:]) {
		t.Errorf("%v wait, want %v: what was watched is not watched again", got, ids[2:])
	}
	// One is watched while it lies in the trash.
	if _, err := p.Delete(t.Context(), ids[0], ids[2]); err != nil {
		t.Fatal(err)
	}
	saveWatched(t, p, &scanner.Watched{Of: ids[2:]})
	if n, err := p.Undelete(t.Context(), ids[2]); err != nil || n != 1 || len(unwatchedIDs(t, p)) != 0 {
		t.Errorf("%d came back, %v wait, %v", n, unwatchedIDs(t, p), err)
	}
	if n, err := p.Purge(t.Context()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	moments, n, err := p.Moments(t.Context(), 1, 0, 0)
	if err != nil || n != 1 || moments[0].Exchange != ids[1] {
		t.Errorf("moments %+v, %v", moments, err)
	}
	if got, _ := p.Threat(t.Context(), 1); got.Count != 2 {
		t.Errorf("the threat counts %d, want 2", got.Count)
	}
	if rulings, total, err := p.Rulings(t.Context(), storage.RulingQuery{}); err != nil || total != 1 || rulings[0].Exchange != 0 || rulings[0].Name != "p" {
		t.Errorf("rulings %+v, %v", rulings, err)
	}
	wantChecked(t, p)
}

func TestLongTimelinesAreBounded(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordFolded(t, p, 1)
	startWatch(t, p)
	const all = 1300
	for from := 0; from < all; from += 130 {
		one := threatOf(1, "one", scanner.SeverityHigh, "", from+130)
		w := &scanner.Watched{Of: ids, Threats: []*scanner.Threat{one}}
		for i := range 130 {
			w.Moments = append(w.Moments, momentOf(1, 0, watchTime.Add(time.Duration(from+i)*time.Second)))
		}
		saveWatched(t, p, w)
	}
	moments, n, err := p.Moments(t.Context(), 1, 0, 0)
	if err != nil || n < 500 || n > 550 {
		t.Fatalf("%d moments are kept, %v", n, err)
	}
	if !moments[0].At.Equal(watchTime) || !moments[99].At.Equal(watchTime.Add(99*time.Second)) || !moments[n-1].At.Equal(watchTime.Add((all-1)*time.Second)) {
		t.Errorf("kept from %v, the hundredth %v, to %v", moments[0].At, moments[99].At, moments[n-1].At)
	}
	if got, _ := p.Threat(t.Context(), 1); got.Count != all {
		t.Errorf("the threat counts %d, want %d", got.Count, all)
	}
	wantChecked(t, p)
}

func TestFloodOfActorsIsBounded(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	storage.SetMostActors(p, 50)
	ids := recordFolded(t, p, 1)
	startWatch(t, p)
	for from := 0; from < 200; from += 20 {
		w := &scanner.Watched{Of: ids, States: map[string][]byte{}}
		for i := from; i < from+20; i++ {
			a := actorOf(scanner.ActorKey(fmt.Sprint("cookie:", i)), int64(i), 0)
			w.Actors = append(w.Actors, a)
			w.States["actor/"+string(a.Key)] = []byte("known")
		}
		saveWatched(t, p, w)
	}
	_, total, err := p.Actors(t.Context(), storage.ActorQuery{})
	if err != nil || total > 50 || total < 20 {
		t.Errorf("%d actors are kept, %v", total, err)
	}
	if _, err := p.Actor(t.Context(), "cookie:199"); err != nil {
		t.Errorf("the one seen last: %v", err)
	}
	if _, err := p.Actor(t.Context(), "cookie:0"); !errors.Is(err, storage.ErrNoActor) {
		t.Errorf("the one seen first: %v", err)
	}
	if state, err := p.WatchState(t.Context(), "actor/cookie:0"); err != nil || state != nil {
		t.Errorf("its state stayed: %q, %v", state, err)
	}
	if cut, err := p.WatchCut(t.Context()); err != nil || cut != int64(200-total) {
		t.Errorf("%d were counted as dropped, want %d, %v", cut, 200-total, err)
	}
	wantChecked(t, p)
}

func TestThreatQueries(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordFolded(t, p, 1)
	startWatch(t, p)
	severities := []scanner.Severity{scanner.SeverityLow, scanner.SeverityCritical, scanner.SeverityMedium, scanner.SeverityHigh}
	w := &scanner.Watched{Of: ids}
	for i := range 4 {
		w.Threats = append(w.Threats, threatOf(scanner.ThreatID(i+1), fmt.Sprint("rule-", i), severities[i], scanner.ActorKey(fmt.Sprint("key:", i%2)), i+1))
	}
	saveWatched(t, p, w)
	if _, err := p.SetThreats(t.Context(), []scanner.ThreatID{4}, scanner.ThreatClosed, "quoted 100%"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		q    storage.ThreatQuery
		want []scanner.ThreatID
	}{
		{storage.ThreatQuery{}, []scanner.ThreatID{2, 4, 3, 1}},
		{storage.ThreatQuery{Sort: "-severity"}, []scanner.ThreatID{1, 3, 4, 2}},
		{storage.ThreatQuery{Sort: "last"}, []scanner.ThreatID{4, 3, 2, 1}},
		{storage.ThreatQuery{Sort: "count", Offset: 1, Limit: 2}, []scanner.ThreatID{3, 2}},
		{storage.ThreatQuery{Sort: "title"}, []scanner.ThreatID{1, 2, 3, 4}},
		{storage.ThreatQuery{States: []scanner.ThreatState{scanner.ThreatClosed}}, []scanner.ThreatID{4}},
		{storage.ThreatQuery{Severities: []scanner.Severity{scanner.SeverityLow, scanner.SeverityMedium}}, []scanner.ThreatID{3, 1}},
		{storage.ThreatQuery{Rules: []string{"rule-2"}}, []scanner.ThreatID{3}},
		{storage.ThreatQuery{Actors: []scanner.ActorKey{"key:1"}}, []scanner.ThreatID{2, 4}},
		{storage.ThreatQuery{Since: watchTime.Add(3 * time.Hour)}, []scanner.ThreatID{4, 3}},
		{storage.ThreatQuery{Until: watchTime.Add(2 * time.Hour)}, []scanner.ThreatID{1}},
		{storage.ThreatQuery{Slow: true}, []scanner.ThreatID{2, 4}},
		{storage.ThreatQuery{Text: "100%"}, []scanner.ThreatID{4}},
		{storage.ThreatQuery{Text: "RULE-0"}, []scanner.ThreatID{1}},
		{storage.ThreatQuery{Text: "%_"}, nil},
	} {
		threats, total, err := p.Threats(t.Context(), c.q)
		var got []scanner.ThreatID
		for _, one := range threats {
			got = append(got, one.ID)
		}
		if err != nil || !slices.Equal(got, c.want) || c.q.Limit == 0 && total != len(got) {
			t.Errorf("%+v gives %v of %d, want %v, %v", c.q, got, total, c.want, err)
		}
	}
	if _, _, err := p.Threats(t.Context(), storage.ThreatQuery{Sort: "odd"}); err == nil {
		t.Error("an order that there is not was taken")
	}
	counts, err := p.CountThreats(t.Context())
	if err != nil || counts[scanner.SeverityHigh][scanner.ThreatClosed] != 1 || counts[scanner.SeverityLow][scanner.ThreatNew] != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
}

func TestThreatTimeline(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordFolded(t, p, 1)
	startWatch(t, p)
	w := &scanner.Watched{Of: ids, Threats: []*scanner.Threat{
		threatOf(1, "one", scanner.SeverityHigh, "", 3), threatOf(2, "two", scanner.SeverityLow, "", 1), threatOf(3, "three", scanner.SeverityLow, "", 1),
	}}
	for _, m := range []struct {
		threat scanner.ThreatID
		after  time.Duration
	}{{1, -time.Second}, {1, 0}, {1, 59 * time.Second}, {2, time.Second}, {1, 61 * time.Second}, {3, time.Second}} {
		w.Moments = append(w.Moments, momentOf(m.threat, 0, watchTime.Add(m.after)))
	}
	w.Threats[0].Count = 4
	saveWatched(t, p, w)
	if _, err := p.SetThreats(t.Context(), []scanner.ThreatID{3}, scanner.ThreatHarmless, ""); err != nil {
		t.Fatal(err)
	}
	got, err := p.ThreatTimeline(t.Context(), watchTime, time.Minute)
	want := []storage.ThreatCount{
		{From: watchTime, Severity: scanner.SeverityHigh, N: 2},
		{From: watchTime, Severity: scanner.SeverityLow, N: 1},
		{From: watchTime.Add(time.Minute), Severity: scanner.SeverityHigh, N: 1},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("counted %v, want %v, %v", got, want, err)
	}
	if _, err := p.ThreatTimeline(t.Context(), watchTime, 0); err == nil {
		t.Error("stretches of nothing were counted by")
	}
}

func TestWhatAPersonSays(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	added := scanner.Exception{Rule: "one", Actor: "key:a", Where: "host:a.example", Reason: "ours", Added: watchTime}
	id, err := p.AddException(t.Context(), added)
	if err != nil {
		t.Fatal(err)
	}
	added.ID = id
	if got, err := p.Exceptions(t.Context()); err != nil || len(got) != 1 || got[0] != added {
		t.Errorf("exceptions %+v, %v", got, err)
	}
	setting := scanner.RuleSetting{Rule: "one", Off: true, Threshold: 3, Severity: scanner.SeverityLow}
	for _, s := range []scanner.RuleSetting{{Rule: "two", Off: true}, setting, {Rule: "two"}, {Rule: "three"}} {
		if err := p.SetRule(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := p.RuleSettings(t.Context()); err != nil || !slices.Equal(got, []scanner.RuleSetting{setting}) {
		t.Errorf("settings %+v, %v", got, err)
	}
	policy := scanner.Policy{Name: "p", On: true, Action: scanner.Redact, Signs: []scanner.SignKind{scanner.SignSecret}, Patience: scanner.Duration(time.Minute), Added: watchTime}
	if policy.ID, err = p.SetPolicy(t.Context(), policy); err != nil || policy.ID == 0 {
		t.Fatal(policy.ID, err)
	}
	policy.Name = "q"
	if id, err := p.SetPolicy(t.Context(), policy); err != nil || id != policy.ID {
		t.Fatal(id, err)
	}
	if _, err := p.SetPolicy(t.Context(), scanner.Policy{ID: 99}); !errors.Is(err, storage.ErrNoPolicy) {
		t.Errorf("a policy that is not there was changed: %v", err)
	}
	if got, err := p.Policies(t.Context()); err != nil || len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(policy) {
		t.Errorf("policies %+v, want %+v, %v", got, policy, err)
	}
	rulings := []scanner.Ruling{
		{At: watchTime, Exchange: 5, Policy: policy.ID, Action: scanner.Block, Done: true, Reason: "a", Took: scanner.Duration(time.Millisecond)},
		{At: watchTime.Add(time.Hour), Exchange: 6, Policy: 7, Action: scanner.Redact, Reason: "b"},
	}
	if err := p.AddRulings(t.Context(), rulings); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		q    storage.RulingQuery
		want string
	}{
		{storage.RulingQuery{}, "ba"},
		{storage.RulingQuery{Exchanges: []traffic.ID{5}}, "a"},
		{storage.RulingQuery{Policies: []scanner.PolicyID{7, 8}}, "b"},
		{storage.RulingQuery{Actions: []scanner.Action{scanner.Block}}, "a"},
		{storage.RulingQuery{Since: watchTime.Add(time.Minute)}, "b"},
		{storage.RulingQuery{Offset: 1, Limit: 1}, "a"},
	} {
		got, _, err := p.Rulings(t.Context(), c.q)
		reasons := ""
		for _, r := range got {
			reasons += r.Reason
		}
		if err != nil || reasons != c.want {
			t.Errorf("%+v gives %q, want %q, %v", c.q, reasons, c.want, err)
		}
	}
	if err := errors.Join(p.RemoveException(t.Context(), id), p.RemovePolicy(t.Context(), policy.ID)); err != nil {
		t.Error(err)
	}
	if err := p.RemoveException(t.Context(), id); !errors.Is(err, storage.ErrNoException) {
		t.Error(err)
	}
	if err := p.RemovePolicy(t.Context(), policy.ID); !errors.Is(err, storage.ErrNoPolicy) {
		t.Error(err)
	}
	wantChecked(t, p)
}
