package population

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// role is how somebody uses models.
type role struct {
	name     string
	share    float64 // of the actors
	from, to int     // hours of work, before the person's own shift
	weekends float64 // how much of a weekday's work is done on one
	active   float64 // chance that something is done in an hour of work
	each     float64 // median number of requests in such an hour
	spread   float64 // sigma of the logarithm, between people
	burst    bool    // all requests of an hour within minutes
	kindOf   scanner.ActorKey
	chat     bool    // conversations; others send single requests
	turns    float64 // mean length of a conversation
	words    int     // of the person's own
	fresh    float64 // share of words never used before
	fixed    int     // words that every request has: a template
	input    float64 // median tokens of one request
	output   float64
	tools    float64 // chance of tool calls
	wrong    float64 // chance that a detector is mistaken, firmly
	faint    float64 // chance that it is mistaken, faintly
	attacks  float64 // chance that a classic attack is seen: text about security
	refused  float64
	missing  float64 // chance of 404 and the like
}

// The roles. Wrong signs: 0.3 % of what people write, ten times that for those who play roles or write about security.
var roles = []role{
	{name: "office", share: 0.43, from: 8, to: 18, weekends: 0.04, active: 0.4, each: 2.5, spread: 0.9, kindOf: "user:", chat: true, turns: 5, words: 260, fresh: 0.14, input: 700, output: 350, wrong: 0.003, faint: 0.008, refused: 0.008, missing: 0.002},
	{name: "evening", share: 0.11, from: 17, to: 24, weekends: 2, active: 0.25, each: 3, spread: 1, kindOf: "user:", chat: true, turns: 7, words: 300, fresh: 0.2, input: 500, output: 400, wrong: 0.003, faint: 0.01, refused: 0.015, missing: 0.002},
	{name: "erratic", share: 0.04, from: 0, to: 24, weekends: 1, active: 0.08, each: 4, spread: 1.1, kindOf: "user:", chat: true, turns: 6, words: 300, fresh: 0.2, input: 800, output: 400, wrong: 0.003, faint: 0.01, refused: 0.01, missing: 0.003},
	{name: "role-play", share: 0.05, from: 18, to: 26, weekends: 1.5, active: 0.35, each: 8, spread: 0.9, kindOf: "user:", chat: true, turns: 25, words: 350, fresh: 0.15, input: 1800, output: 500, wrong: 0.02, faint: 0.05, refused: 0.03, missing: 0.001},
	{name: "security", share: 0.04, from: 9, to: 19, weekends: 0.2, active: 0.4, each: 3, spread: 0.9, kindOf: "user:", chat: true, turns: 6, words: 300, fresh: 0.15, input: 1200, output: 600, wrong: 0.03, faint: 0.05, attacks: 0.015, refused: 0.03, missing: 0.004},
	{name: "agent", share: 0.08, from: 8, to: 20, weekends: 0.3, active: 0.2, each: 18, spread: 0.9, burst: true, kindOf: "user:", chat: true, turns: 18, words: 280, fresh: 0.2, fixed: 2, input: 6000, output: 300, tools: 0.6, wrong: 0.003, faint: 0.01, refused: 0.004, missing: 0.01},
	{name: "batch", share: 0.07, from: 2, to: 4, weekends: 1, active: 0.85, each: 28, spread: 1.2, burst: true, kindOf: "user:", words: 900, fresh: 0.5, fixed: 3, input: 1500, output: 200, wrong: 0.003, faint: 0.01, refused: 0.003, missing: 0.001},
	{name: "ci", share: 0.06, from: 8, to: 20, weekends: 0.05, active: 0.2, each: 20, spread: 0.8, burst: true, kindOf: "user:", words: 120, fresh: 0.05, fixed: 3, input: 900, output: 150, wrong: 0.003, faint: 0.005, refused: 0.004, missing: 0.01},
	{name: "service", share: 0.04, from: 0, to: 24, weekends: 0.7, active: 0.9, each: 5, spread: 1.1, kindOf: "user:", chat: true, turns: 3, words: 3000, fresh: 0.25, fixed: 1, input: 1400, output: 300, tools: 0.1, wrong: 0.003, faint: 0.01, refused: 0.01, missing: 0.004},
	{name: "client", share: 0.08, from: 7, to: 21, weekends: 0.3, active: 0.3, each: 8, spread: 1, kindOf: "address:", words: 0, missing: 0.02},
}

// How often what happens to harmless people, each a day unless it says otherwise.
const (
	newcomers   = 0.15   // of the people: come later than on the first day
	leavers     = 0.05   // of the people
	holidays    = 0.12   // of the people have a gap of 2 to 6 days
	turnarounds = 0.04   // of the people do two to four times as much, or about other things, from some day on
	deadlines   = 0.02   // three to eight times as much in one hour
	backfills   = 0.004  // of batches: five to twelve times as much
	nightWork   = 0.012  // of people with hours: one to three hours outside of them
	travels     = 0.02   // of the people: their hours move by 3 to 9 for some days
	books       = 0.01   // of requests: ten to forty times as long
	curiosity   = 0.01   // a tool, an endpoint or a model never used before, for some hours
	brokenKeys  = 0.0006 // of programs: hours of 401
	outages     = 2      // within the whole time: 1 to 3 hours in which 40 % of answers are 5xx
	throttled   = 0.004  // of requests: 429
	paging      = 0.05   // of the hours of API clients: they go through a list, one record after the other
	novelty     = 0.2    // of the people try the new, dear model when it comes, in the middle of the time
)

// Conversations of those whose texts set off detectors often: three in ten do so much more than the others.
const (
	often  = 0.01
	darkly = 0.3
	dark   = 2.2
	calm   = 0.5
)

// person is one actor.
type person struct {
	key   scanner.ActorKey
	seed  uint64
	role  *role // nil: only attacks
	from  int   // hours since the start
	until int
	gap   [2]int // days without work
	shift int    // hours
	pace  float64
	turn  [2]float64 // the day of the turnaround, and how much more from then on
	moved int        // words are others from the turnaround on
	trip  [3]int     // first day, last day, hours

	model    int
	endpoint int
	curious  bool // tries the new model
	size     float64
	client   string

	today today
	talk  traffic.ID // the conversation that is going on
	turns int
	said  time.Duration
	scene float64 // how much more often than usual its texts set off detectors
}

// today is what a day has in store.
type today struct {
	day    int
	factor float64
	rush   int // the hour, -1: none
	times  float64
	night  [2]int // hours of the day
	broken [2]int
	odd    [2]int // hours of curiosity
}

func newPerson(o Options, i int, r *rand.Rand) *person {
	hours := o.Days * 24
	p := &person{seed: mix(o.Seed + uint64(i)*2654435761), until: hours, gap: [2]int{-1, -1}, turn: [2]float64{math.Inf(1), 1}, trip: [3]int{-1, -1, 0}}
	x := r.Float64()
	p.role = &roles[len(roles)-1]
	for k := range roles {
		if x -= roles[k].share; x < 0 {
			p.role = &roles[k]
			break
		}
	}
	p.key = nameOf(p.role.kindOf, p.role.name, i)
	p.pace = math.Exp(r.NormFloat64() * p.role.spread)
	p.shift = int(math.Round(r.NormFloat64() * 1.2))
	if p.role.name == "batch" {
		p.shift = r.IntN(24)
	}
	p.model, p.endpoint = r.IntN(5), r.IntN(6)
	p.curious = r.Float64() < novelty
	p.size = math.Exp(r.NormFloat64() * 0.5)
	p.client = clients[r.IntN(len(clients))]
	if r.Float64() < newcomers {
		p.from = r.IntN(hours * 9 / 10)
	}
	if r.Float64() < leavers {
		p.until = p.from + (hours-p.from)/2 + r.IntN((hours-p.from)/2+1)
	}
	if r.Float64() < holidays {
		first := 1 + r.IntN(o.Days)
		p.gap = [2]int{first, first + 1 + r.IntN(5)}
	}
	if r.Float64() < turnarounds {
		p.turn = [2]float64{float64(2 + r.IntN(o.Days)), 1 + 3*r.Float64()}
		p.moved = r.IntN(2)
	}
	if r.Float64() < travels {
		first := 1 + r.IntN(o.Days)
		p.trip = [3]int{first, first + 1 + r.IntN(5), 3 + r.IntN(7)}
	}
	return p
}

// nameOf is what tells an actor apart: a user that requests name, or an address.
func nameOf(kind scanner.ActorKey, role string, i int) scanner.ActorKey {
	if kind == "address:" {
		return scanner.ActorKey(fmt.Sprintf("address:10.%d.%d.%d", i>>16, i>>8&255, i&255))
	}
	return kind + scanner.ActorKey(fmt.Sprintf("%s-%05d", role, i))
}

var clients = []string{"python", "node", "curl", "chrome", "firefox", "go", "java", "cursor", "code"}

// begin forgets what a pass left.
func (p *person) begin() { p.today, p.talk, p.turns, p.said, p.scene = today{day: -1}, 0, 0, 0, 1 }

// plan says what a day brings.
func (p *person) plan(day int) {
	r := dice(p.seed, 5, uint64(day))
	t := today{day: day, factor: math.Exp(r.NormFloat64() * 0.5), rush: -1, times: 1, night: [2]int{-1, -1}, broken: [2]int{-1, -1}, odd: [2]int{-1, -1}}
	if r.Float64() < deadlines {
		t.rush, t.times = p.start()+r.IntN(p.role.to-p.role.from), 3+5*r.Float64()*r.Float64()
	}
	batch := p.role.name == "batch"
	if batch && r.Float64() < backfills {
		t.factor = 5 + 7*r.Float64()
	}
	if p.role.to-p.role.from < 24 && !batch && r.Float64() < nightWork {
		first := (p.role.to + p.shift + 1 + r.IntN(10)) % 24
		t.night = [2]int{first, first + 1 + r.IntN(3)}
	}
	if !p.role.chat && r.Float64() < brokenKeys {
		first := p.start() + r.IntN(p.role.to-p.role.from)
		t.broken = [2]int{first, first + 1 + r.IntN(6)}
	}
	if r.Float64() < curiosity {
		first := p.start() + r.IntN(p.role.to-p.role.from)
		t.odd = [2]int{first, first + 1 + r.IntN(3)}
	}
	p.today = t
}

func (p *person) start() int { return p.role.from + p.shift }

func within(h int, span [2]int) bool { return h >= span[0] && h < span[1] }

// hour adds what the person does in an hour.
func (p *person) hour(steps []step, who, h int, o Options) []step {
	if p.role == nil || h < p.from || h >= p.until {
		return steps
	}
	day, at := h/24, h%24
	if within(day, p.gap) {
		return steps
	}
	if p.today.day != day {
		p.plan(day)
	}
	t := &p.today
	local := at
	if within(day, [2]int{p.trip[0], p.trip[1]}) {
		local = (at + p.trip[2]) % 24
	}
	share := p.share(local, o.Start.Weekday(), day)
	if within(at, t.night) {
		share = 0.8
	}
	if share == 0 {
		return steps
	}
	r := dice(p.seed, 7, uint64(h))
	if r.Float64() >= p.role.active*math.Min(share, 2) {
		return steps
	}
	mean := p.role.each * p.pace * t.factor
	if float64(day) >= p.turn[0] {
		mean *= p.turn[1]
	}
	if at == t.rush {
		mean *= t.times
	}
	n := min(1+poisson(r, mean*math.Exp(r.NormFloat64()*0.5)), 20_000)
	first, length := 0.0, 1.0
	if p.role.burst {
		length = 0.05 + 0.3*r.Float64()
		first = r.Float64() * (1 - length)
	}
	for i := range n {
		moment := time.Duration((float64(h) + first + length*r.Float64()) * float64(time.Hour))
		steps = append(steps, step{at: moment, who: int32(who), attack: -1, n: int32(i)})
	}
	return steps
}

// share says how much of an hour's work is done at an hour of the day.
func (p *person) share(at int, first time.Weekday, day int) float64 {
	from, to := p.start(), p.role.to+p.shift
	works := to-from >= 24
	for h := from; h < to && !works; h++ {
		works = (h+48)%24 == at
	}
	if !works {
		return 0
	}
	if weekday := (int(first) + day) % 7; weekday == 0 || weekday == 6 {
		return p.role.weekends
	}
	if p.role.name == "service" && (at < 7 || at > 21) {
		return 0.4
	}
	return 1
}

// poisson draws a number of mean m; a normal one where m is large.
func poisson(r *rand.Rand, m float64) int {
	if m > 30 {
		return max(0, int(math.Round(m+math.Sqrt(m)*r.NormFloat64())))
	}
	n, left := 0, math.Exp(-m)
	for x := r.Float64(); x > left; x *= r.Float64() {
		n++
	}
	return n
}
