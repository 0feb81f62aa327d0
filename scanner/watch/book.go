package watch

import (
	"container/list"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"assay/scanner"
	"assay/scanner/behaviour"
	"assay/scanner/rule"
	"assay/traffic"
)

// Archive gives back what a Book kept and does not hold in memory. Nil means that there is none.
type Archive interface {
	// WatchState returns an entry of Watched.States; nil where there is none.
	WatchState(name string) ([]byte, error)
	// OpenThreats returns threats whose cool-down may not be over: those last seen in the last 30 days of the traffic.
	OpenThreats() ([]*scanner.Threat, error)
	// Actor returns an actor; nil where it was never seen.
	Actor(key scanner.ActorKey) (*scanner.Actor, error)
	// Seen returns exchanges that were watched, in the given order; those that are gone are left out.
	Seen(ids []traffic.ID) ([]Seen, error)
}

// Options say how a Book watches. Rules is needed.
type Options struct {
	Rules      *rule.Set
	Exceptions []scanner.Exception
	Identity   Identity // nil: UsualIdentity
	LastThreat scanner.ThreatID
	// Actors is how many actors are held in memory; 0: 2,000. Those that were not seen for longest are read from the
	// Archive when they come back; without one they are held all.
	Actors int
}

// Book is what is known of the watched traffic of one project. It is not safe for concurrent use. After an error it is of
// no more use.
type Book struct {
	options Options
	archive Archive
	crowd   behaviour.Crowd
	actors  map[scanner.ActorKey]*list.Element // of *known
	recent  *list.List                         // the one seen last first
	open    map[cause]*open
	flood   map[string]*flood                 // by rule
	faint   map[scanner.ActorKey][]*rule.Rule // that spoke of a slow risk
	rules   map[string]*rule.Rule
	excepts []except
	last    scanner.ThreatID
	newest  time.Time // when the last exchange of all began
	cut     int64     // of the rules, already told

	tail  []tailed // what the rules counted since their counters were kept
	large bool     // the counters are too many to be kept with each batch
}

// What counters of rules, and what is usual of all actors together, are kept as.
const (
	windowsState = "windows"
	tailState    = "windows/tail"
	crowdState   = "crowd"
)

// actorState is what the profile of an actor is kept as.
func actorState(key scanner.ActorKey) string { return "actor/" + string(key) }

// Open returns a Book over what was kept.
func Open(archive Archive, o Options) (*Book, error) {
	if len(o.Identity) == 0 {
		o.Identity = UsualIdentity
	}
	if o.Actors <= 0 {
		o.Actors = 2000
	}
	b := &Book{
		options: o, archive: archive, actors: map[scanner.ActorKey]*list.Element{}, recent: list.New(), open: map[cause]*open{}, flood: map[string]*flood{},
		last: o.LastThreat, faint: map[scanner.ActorKey][]*rule.Rule{}, rules: map[string]*rule.Rule{},
	}
	for _, r := range o.Rules.Rules() {
		b.rules[r.ID] = r
	}
	var err error
	if b.excepts, err = readExceptions(o.Exceptions); err != nil || archive == nil {
		return b, err
	}
	if err := b.restore(); err != nil {
		return nil, err
	}
	threats, err := archive.OpenThreats()
	if err != nil {
		return nil, err
	}
	for _, t := range threats {
		b.reopen(t)
	}
	return b, nil
}

// Watch adds exchanges, each once, and returns what changed. Exchanges should come in the order in which they began.
func (b *Book) Watch(seen []Seen) (*scanner.Watched, error) {
	b.rest()
	t := &batch{
		watched: &scanner.Watched{By: map[traffic.ID]scanner.ActorKey{}, States: map[string][]byte{}},
		actors:  map[scanner.ActorKey]*known{}, threats: map[scanner.ThreatID]*scanner.Threat{},
	}
	sights := lookAll(seen, b.options.Identity)
	for i := range seen {
		if err := b.watch(&seen[i], sights(i), t); err != nil {
			return nil, fmt.Errorf("watch exchange %d: %w", seen[i].Exchange.ID, err)
		}
	}
	return t.watched, b.finish(t)
}

// batch is what one call of Watch changes.
type batch struct {
	watched *scanner.Watched
	actors  map[scanner.ActorKey]*known
	order   []*known
	threats map[scanner.ThreatID]*scanner.Threat
}

// manySeen is from how many exchanges on several are looked at at once. What is recorded comes in smaller batches, and
// leaves the machine to the traffic.
const manySeen = 129

// lookAll looks at exchanges. What it returns gives the sight of one of them.
func lookAll(seen []Seen, by Identity) func(i int) *scanner.Sight {
	if len(seen) < manySeen {
		return func(i int) *scanner.Sight { return Look(&seen[i], by) }
	}
	sights := make([]*scanner.Sight, len(seen))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 8) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(seen); i = int(next.Add(1)) - 1 {
				sights[i] = Look(&seen[i], by)
			}
		})
	}
	workers.Wait()
	return func(i int) *scanner.Sight { return sights[i] }
}

func (b *Book) watch(s *Seen, sight *scanner.Sight, t *batch) error {
	t.watched.Of = append(t.watched.Of, s.Exchange.ID)
	b.newest = later(b.newest, s.Exchange.Started)
	var alarms []scanner.Alarm
	if sight.Actor != "" {
		k, err := b.actor(sight.Actor)
		if err != nil {
			return err
		}
		if _, is := t.actors[k.key]; !is {
			t.actors[k.key] = k
			t.order = append(t.order, k)
		}
		k.heard.forget(sight, s.Conversation)
		alarms = k.observe(sight)
		t.watched.By[sight.Exchange] = sight.Actor
	}
	b.tail = append(b.tail, tailed{sight.Exchange, briefly(alarms)})
	matches := b.options.Rules.Observe(sight, alarms)
	for i := range matches {
		if m := &matches[i]; !b.excepted(m, sight) {
			b.raise(m, sight, t)
		}
	}
	b.goOn(sight, matches, t)
	return nil
}

// finish writes down what the batch changed.
func (b *Book) finish(t *batch) error {
	w := t.watched
	for _, k := range t.order {
		k.profile.Describe(&k.actor)
		w.Actors = append(w.Actors, k.copy())
		if b.archive == nil {
			continue
		}
		state, err := k.profile.MarshalBinary()
		if err != nil {
			return fmt.Errorf("keep what is known of %s: %w", k.key, err)
		}
		w.States[actorState(k.key)] = state
	}
	cut := b.options.Rules.Cut()
	w.Cut += cut - b.cut
	b.cut = cut
	if b.archive == nil {
		b.tail = nil
		return nil
	}
	if err := b.keepWindows(t); err != nil {
		return err
	}
	crowd, err := b.crowd.MarshalBinary()
	if err != nil {
		return fmt.Errorf("keep what is known of all actors: %w", err)
	}
	w.States[crowdState] = crowd
	return nil
}

// known is an actor in memory.
type known struct {
	heard   heard
	key     scanner.ActorKey
	actor   scanner.Actor
	profile *behaviour.Profile
}

// actor finds an actor, in memory or in the archive, or begins a new one.
func (b *Book) actor(key scanner.ActorKey) (*known, error) {
	if e := b.actors[key]; e != nil {
		b.recent.MoveToFront(e)
		return e.Value.(*known), nil
	}
	k := &known{key: key, profile: behaviour.New(&b.crowd)}
	if b.archive != nil {
		a, err := b.archive.Actor(key)
		if err != nil {
			return nil, err
		}
		if a != nil {
			k.actor = *a
			state, err := b.archive.WatchState(actorState(key))
			if err != nil {
				return nil, err
			}
			if err := k.profile.UnmarshalBinary(state); err != nil {
				k.profile = behaviour.New(&b.crowd) // an older program wrote it: what is usual is learned anew
			}
		}
	}
	k.introduce()
	b.actors[key] = b.recent.PushFront(k)
	return k, nil
}

// rest forgets actors that were not seen for longest, and threats that are over. They were kept with the batch before.
func (b *Book) rest() {
	b.restThreats()
	if b.archive == nil {
		return
	}
	for b.recent.Len() > b.options.Actors {
		k := b.recent.Remove(b.recent.Back()).(*known)
		delete(b.actors, k.key)
	}
}

// openFor is for how long a threat is held in memory: no cool-down is longer.
const openFor = 30 * 24 * time.Hour
