package behaviour_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/behaviour"
	"assay/traffic"
)

// monday is when the people of these tests begin to work.
var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// worker is somebody with an ordinary working day.
type worker struct {
	profile *behaviour.Profile
	id      traffic.ID
	alarms  []scanner.Alarm
	when    []traffic.ID // of each alarm
}

// ask sends one request; change makes it unusual.
func (w *worker) ask(at time.Time, change func(*scanner.Sight)) {
	w.id++
	n := uint64(w.id)
	s := &scanner.Sight{
		Exchange: w.id, At: at, Actor: "user:alice", Endpoint: 3, Kind: "llm", Model: "gpt-4o", Status: 200,
		Input: 400 + int64(n*37%300), Output: 200, Cost: 3000, Priced: true, Conversation: w.id - w.id%8 + 1,
		Topic: []uint64{n * 7 % 40, n * 11 % 60, n * 13 % 50, n * 17 % 30},
	}
	if change != nil {
		change(s)
	}
	for _, a := range w.profile.Observe(s) {
		w.alarms, w.when = append(w.alarms, a), append(w.when, s.Exchange)
	}
}

// work is so many days of eight hours with five requests each, but for weekends.
func (w *worker) work(first, days int, change func(*scanner.Sight)) {
	for day := first; day < first+days; day++ {
		at := monday.AddDate(0, 0, day)
		if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			continue
		}
		for n := range 40 {
			w.ask(at.Add(9*time.Hour+time.Duration(n)*12*time.Minute+time.Duration(n%7)*time.Minute), change)
		}
	}
}

func kinds(alarms []scanner.Alarm) []string {
	var all []string
	for _, a := range alarms {
		all = append(all, a.Kind)
	}
	return all
}

func sign(kind scanner.SignKind, score float64) func(*scanner.Sight) {
	return func(s *scanner.Sight) {
		s.Signs = append(s.Signs, scanner.Sign{Kind: kind, Side: scanner.InRequest, Where: "message:0", Score: score})
	}
}

// TestOrdinary says nothing about three ordinary weeks.
func TestOrdinary(t *testing.T) {
	t.Parallel()
	for _, crowd := range []*behaviour.Crowd{nil, {}} {
		w := worker{profile: behaviour.New(crowd)}
		w.work(0, 21, nil)
		if len(w.alarms) > 0 {
			t.Errorf("%+v", w.alarms)
		}
	}
}

// TestSlow makes one alarm of twenty faint signs over three days, and it tells their story.
func TestSlow(t *testing.T) {
	t.Parallel()
	w := worker{profile: behaviour.New(nil)}
	w.work(0, 14, nil)
	var faint []traffic.ID
	for day := range 3 {
		n := 0
		w.work(14+day, 1, func(s *scanner.Sight) {
			if n++; n%6 == 3 {
				sign(scanner.SignInjection, 0.3)(s)
				faint = append(faint, s.Exchange)
			}
		})
	}
	if got := kinds(w.alarms); !slices.Equal(got, []string{"risk"}) {
		t.Fatalf("alarms %v, want one risk", got)
	}
	a := w.alarms[0]
	if !a.Slow || a.Score < 1 || len(a.Past) < 5 {
		t.Errorf("%+v", a)
	}
	for i, m := range a.Past {
		if i > 0 && m.At.Before(a.Past[i-1].At) {
			t.Errorf("moment %d is before the one before", i)
		}
		if !slices.Contains(faint, m.Exchange) || m.What == "" {
			t.Errorf("moment %+v is no faint sign", m)
		}
	}
	if !strings.Contains(a.Seen, "faint") || !strings.Contains(a.Usual, "%") {
		t.Errorf("usual %q, seen %q", a.Usual, a.Seen)
	}
	var actor scanner.Actor
	actor.Last = monday.AddDate(0, 0, 16).Add(18 * time.Hour)
	w.profile.Describe(&actor)
	high := actor.Risk
	actor.Last = actor.Last.AddDate(0, 0, 10)
	if w.profile.Describe(&actor); high < 1 || actor.Risk > high/8 {
		t.Errorf("the risk is %.2f, and %.2f after ten days", high, actor.Risk)
	}
}

// TestUnusual changes one thing about a known worker or a stranger; the alarm is that thing's, once.
func TestUnusual(t *testing.T) {
	t.Parallel()
	every := func(gap time.Duration, n int, change func(*scanner.Sight)) func(*worker, time.Time) {
		return func(w *worker, at time.Time) {
			for i := range n {
				w.ask(at.Add(time.Duration(i)*gap), func(s *scanner.Sight) {
					s.Conversation = 0
					if change != nil {
						change(s)
					}
				})
			}
		}
	}
	for name, c := range map[string]struct {
		kind  string
		cold  bool // of a stranger too
		after int  // within so many requests
		do    func(*worker, time.Time)
	}{
		"many requests":    {"requests", false, 300, every(time.Second, 1000, nil)},
		"long prompts":     {"tokens", true, 12, every(time.Minute, 40, func(s *scanner.Sight) { s.Input = 90_000 })},
		"dear requests":    {"cost", false, 60, every(20*time.Second, 150, func(s *scanner.Sight) { s.Cost = 400_000 })},
		"attacks":          {"injection", true, 8, every(time.Minute, 40, sign(scanner.SignInjection, 0.9))},
		"refusals":         {"refusals", true, 12, every(time.Minute, 40, sign(scanner.SignRefusal, 0.9))},
		"failed log-ins":   {"errors", true, 30, every(time.Second, 400, func(s *scanner.Sight) { s.Status, s.Kind, s.Topic = 401, "plain", nil })},
		"harmful calls":    {"tools", true, 12, every(time.Minute, 40, sign(scanner.SignToolCall, 0.8))},
		"other questions":  {"topics", true, 80, every(time.Minute, 200, func(s *scanner.Sight) { n := uint64(s.Exchange) << 20; s.Topic = []uint64{n + 1, n + 2, n + 3, n + 4} })},
		"record by record": {"endpoints", true, 180, every(2*time.Second, 900, func(s *scanner.Sight) { s.Kind, s.Topic, s.Facts = "plain", nil, asked(s.Exchange) })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, days := range []int{9, 0} {
				if days == 0 && !c.cold {
					continue
				}
				w := worker{profile: behaviour.New(nil)}
				w.work(0, days, nil)
				before := int(w.id)
				c.do(&w, monday.AddDate(0, 0, max(days-1, 0)).Add(15*time.Hour))
				at := slices.Index(kinds(w.alarms), c.kind)
				if at < 0 {
					t.Errorf("after %d days: alarms %v, want %s", days, kinds(w.alarms), c.kind)
					continue
				}
				a := w.alarms[at]
				if a.Usual == "" || a.Seen == "" || a.Score < 1 || a.Actor != "user:alice" {
					t.Errorf("after %d days: %+v", days, a)
				}
				if len(w.alarms) > 6 {
					t.Errorf("after %d days: %d alarms for %d requests: %v", days, len(w.alarms), int(w.id)-before, kinds(w.alarms))
				}
				if took := int(w.when[at]) - before; took > c.after {
					t.Errorf("after %d days: the alarm is at request %d, want one of the first %d", days, took, c.after)
				}
			}
		})
	}
}

// asked are the facts of a request to a path of its own.
type asked traffic.ID

// Strings implements traffic.Facts.
func (a asked) Strings(field, _ string) []string {
	if field == "path" {
		return []string{fmt.Sprintf("/records/%d", a)}
	}
	return nil
}

// Number implements traffic.Facts.
func (asked) Number(string) (int64, bool) { return 0, false }

// TestShift finds days that became others for good, and not one of them.
func TestShift(t *testing.T) {
	t.Parallel()
	w := worker{profile: behaviour.New(nil)}
	more := func(s *scanner.Sight) { s.Input = 60_000 }
	w.work(0, 14, func(s *scanner.Sight) { s.Input = 6000 })
	w.work(14, 5, more)
	at := slices.IndexFunc(w.alarms, func(a scanner.Alarm) bool { return a.Kind == "tokens" && strings.Contains(a.Seen, "days of") })
	if at < 0 || !w.alarms[at].Slow {
		t.Fatalf("ten times the tokens for a week: %v", w.alarms)
	}
	if w.when[at] < 400+40*2 {
		t.Errorf("after request %d of 400 and 200", w.when[at])
	}
}

// TestNight finds somebody else at night, and leaves one late evening alone.
func TestNight(t *testing.T) {
	t.Parallel()
	night := func(w *worker, day int, change func(*scanner.Sight)) {
		for n := range 24 {
			w.ask(monday.AddDate(0, 0, day).Add(25*time.Hour+time.Duration(n)*6*time.Minute), change)
		}
	}
	w := worker{profile: behaviour.New(nil)}
	w.work(0, 12, nil)
	night(&w, 11, nil)
	if len(w.alarms) > 0 {
		t.Errorf("one late night: %+v", w.alarms)
	}
	stranger := func(s *scanner.Sight) {
		n := uint64(s.Exchange)
		s.Topic = []uint64{1e6 + n%50, 1e6 + n%47, 1e6 + n%43, 1e6 + n%41}
	}
	night(&w, 12, stranger)
	night(&w, 13, stranger)
	if got := kinds(w.alarms); len(got) == 0 {
		t.Error("three nights, two of them about other things, are no alarm")
	}
}

// TestStorm blames nobody for a service that is down.
func TestStorm(t *testing.T) {
	t.Parallel()
	crowd := &behaviour.Crowd{}
	people := make([]worker, 30)
	for i := range people {
		people[i].profile = behaviour.New(crowd)
		people[i].work(0, 5, nil)
	}
	for n := range 100 {
		for i := range people {
			people[i].ask(monday.AddDate(0, 0, 4).Add(18*time.Hour+time.Duration(n)*30*time.Second), func(s *scanner.Sight) {
				if (n+i)%2 == 0 {
					s.Status = 503
				}
			})
		}
	}
	for i := range people {
		if slices.Contains(kinds(people[i].alarms), "errors") {
			t.Errorf("person %d: %v", i, kinds(people[i].alarms))
		}
	}
}

// TestKept goes on as if nothing had happened after a profile and its crowd were kept and read again.
func TestKept(t *testing.T) {
	t.Parallel()
	crowd, other := &behaviour.Crowd{}, &behaviour.Crowd{}
	a, b := worker{profile: behaviour.New(crowd)}, worker{profile: behaviour.New(other)}
	a.work(0, 9, sign(scanner.SignRefusal, 0.01))
	b.work(0, 9, sign(scanner.SignRefusal, 0.01))
	reread(t, crowd, other)
	reread(t, a.profile, b.profile)
	end := monday.AddDate(0, 0, 9).Add(10 * time.Hour)
	for n := range 60 {
		for _, w := range []*worker{&a, &b} {
			w.ask(end.Add(time.Duration(n)*time.Minute), func(s *scanner.Sight) {
				sign(scanner.SignInjection, 0.2+float64(n%5)/5)(s)
				s.Input *= int64(1 + n)
			})
		}
	}
	if len(a.alarms) == 0 || len(a.alarms) != len(b.alarms) {
		t.Fatalf("alarms %v, and %v after it was kept", kinds(a.alarms), kinds(b.alarms))
	}
	for i := range a.alarms {
		if x, y := fmt.Sprint(a.alarms[i]), fmt.Sprint(b.alarms[i]); x != y {
			t.Errorf("alarm %d is\n%s\nand after it was kept\n%s", i, x, y)
		}
	}
	if err := a.profile.UnmarshalBinary([]byte{9, 1, 2}); err == nil {
		t.Error("a version that is not known was read")
	}
}

// reread keeps one and reads the other from it.
func reread(t *testing.T, from interface{ MarshalBinary() ([]byte, error) }, to interface{ UnmarshalBinary(data []byte) error }) {
	t.Helper()
	data, err := from.MarshalBinary()
	if err != nil || len(data) > behaviour.MostProfile {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	if err := to.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
}

// TestHostile is traffic that nobody would send by accident: whatever it says, a profile stays small and can be read.
func TestHostile(t *testing.T) {
	t.Parallel()
	crowd := &behaviour.Crowd{}
	p := behaviour.New(crowd)
	long := make([]uint64, 100_000)
	for i := range long {
		long[i] = uint64(i) * 0x9e3779b97f4a7c15
	}
	for i := range 3000 {
		s := &scanner.Sight{
			Exchange: traffic.ID(i) - 5, Endpoint: scanner.EndpointID(i * 7919), Conversation: traffic.ID(i % 17), Status: i - 100, Model: strings.Repeat("m", i),
			Input: math.MaxInt64 - int64(i), Output: math.MinInt64 + int64(i), Cost: math.MaxInt64, Priced: i%2 == 0, Kind: "plain", Facts: asked(i),
			Signs: []scanner.Sign{{Kind: "unheard of", Score: math.Inf(1)}, {Kind: scanner.SignInjection, Score: math.NaN()}, {Kind: scanner.SignLeak, Score: 9}},
		}
		switch i % 4 {
		case 0:
			s.At = time.Unix(math.MaxInt32, 0).Add(time.Duration(i) * 977 * time.Hour)
		case 1:
			s.At = time.Date(-4000, 1, 1, 0, 0, 0, 0, time.UTC)
		case 2:
			s.Topic = long[:i*30]
		}
		for _, a := range p.Observe(s) {
			if math.IsNaN(a.Score) || math.IsInf(a.Score, 0) || len(a.Usual)+len(a.Seen) > 4096 || len(a.Past) > 64 {
				t.Fatalf("%+v", a)
			}
		}
	}
	reread(t, p, behaviour.New(nil))
	reread(t, crowd, &behaviour.Crowd{})
	full := bytes.Repeat([]byte{1, 0, 1, 0}, 2000)
	if err := p.UnmarshalBinary(append([]byte{1}, full...)); err == nil {
		t.Error("a profile that ends in the middle was read")
	}
	var zero behaviour.Profile
	zero.Observe(&scanner.Sight{})
	reread(t, &zero, &behaviour.Profile{})
}

// TestLearning says what is not known yet, and what is.
func TestLearning(t *testing.T) {
	t.Parallel()
	w := worker{profile: behaviour.New(nil)}
	w.ask(monday.Add(9*time.Hour), nil)
	var a scanner.Actor
	if w.profile.Describe(&a); a.Learning == "" || len(a.Baseline) > 0 {
		t.Errorf("after one request: %q, %v", a.Learning, a.Baseline)
	}
	w.work(0, 10, nil)
	w.profile.Describe(&a)
	at := slices.IndexFunc(a.Baseline, func(u scanner.Usual) bool { return u.Measure == "requests per hour" })
	if a.Learning != "" || at < 0 {
		t.Fatalf("after ten days: %q, %v", a.Learning, a.Baseline)
	}
	if u := a.Baseline[at]; u.Low < 2 || u.High > 9 || u.Of < 40 {
		t.Errorf("five requests an hour are %+v", u)
	}
}

func kept(f *testing.F, crowd *behaviour.Crowd, of interface{ MarshalBinary() ([]byte, error) }) []byte {
	f.Helper()
	w := worker{profile: behaviour.New(crowd)}
	w.work(0, 8, nil)
	w.work(8, 1, sign(scanner.SignInjection, 0.4))
	if of == nil {
		of = w.profile
	}
	data, err := of.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	return data
}

// FuzzProfile reads anything; what can be read goes on and can be kept.
func FuzzProfile(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 0, 255, 0, 255})
	f.Add(kept(f, nil, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		w := worker{profile: behaviour.New(nil)}
		if w.profile.UnmarshalBinary(data) != nil {
			return
		}
		w.work(0, 2, sign(scanner.SignInjection, 0.4))
		w.ask(monday.AddDate(100, 0, 0), sign(scanner.SignLeak, 1))
		var a scanner.Actor
		w.profile.Describe(&a)
		if math.IsNaN(a.Risk) || math.IsInf(a.Risk, 0) {
			t.Errorf("risk %v", a.Risk)
		}
		reread(t, w.profile, &behaviour.Profile{})
	})
}

// FuzzCrowd reads anything; what can be read goes on and can be kept.
func FuzzCrowd(f *testing.F) {
	f.Add([]byte{1})
	crowd := &behaviour.Crowd{}
	f.Add(kept(f, crowd, crowd))
	f.Fuzz(func(t *testing.T, data []byte) {
		var crowd behaviour.Crowd
		if crowd.UnmarshalBinary(data) != nil {
			return
		}
		w := worker{profile: behaviour.New(&crowd)}
		w.work(0, 3, sign(scanner.SignInjection, 0.4))
		for _, a := range w.alarms {
			if math.IsNaN(a.Score) {
				t.Errorf("%+v", a)
			}
		}
		reread(t, &crowd, &behaviour.Crowd{})
	})
}

// BenchmarkObserve takes one request of somebody who is known into account.
func BenchmarkObserve(b *testing.B) {
	crowd := &behaviour.Crowd{}
	w := worker{profile: behaviour.New(crowd)}
	w.work(0, 10, nil)
	s := &scanner.Sight{Exchange: 1, Actor: "user:alice", Endpoint: 3, Kind: "llm", Model: "gpt-4o", Status: 200, Input: 500, Output: 200, Topic: []uint64{1, 2, 3, 4, 5, 6}}
	odd := *s
	odd.Signs = []scanner.Sign{{Kind: scanner.SignInjection, Score: 0.3}}
	at := monday.AddDate(0, 0, 10)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		one := s
		if n%50 == 0 {
			one = &odd
		}
		one.At = at.Add(time.Duration(n) * 20 * time.Second)
		w.profile.Observe(one)
	}
}

// BenchmarkKeep keeps the profile of somebody who is known.
func BenchmarkKeep(b *testing.B) {
	w := worker{profile: behaviour.New(nil)}
	w.work(0, 10, nil)
	for b.Loop() {
		if _, err := w.profile.MarshalBinary(); err != nil {
			b.Fatal(err)
		}
	}
}
