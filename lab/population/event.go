package population

import (
	"math"
	"math/rand/v2"
	"time"

	"assay/traffic"
)

// event is one request and its answer, before it becomes a sight or an exchange.
type event struct {
	id      traffic.ID // 1 is the first
	at      time.Time
	who     *person
	attack  int // -1: none
	n       int // which request of the attack
	kind    Kind
	path    string
	plain   bool // no model is asked
	place   int  // which endpoint
	model   int
	input   int64
	output  int64
	status  int
	refused bool
	firm    bool // a detector is sure of an attack in the text
	faint   bool // it has a doubt
	classic bool // an attack on APIs in the text
	harm    bool // a tool call that does harm
	garbled bool
	drift   bool
	leaked  bool
	tools   []string
	words   [6]uint64
	count   int
	talk    traffic.ID
	client  string
}

// models that are asked, with prices in millionths of a dollar for a thousand tokens in and out. The last ones are dear.
var models = []struct {
	name    string
	in, out int64
}{
	{"gpt-4o-mini", 150, 600},
	{"claude-haiku-4-5", 1000, 5000},
	{"gpt-4o", 2500, 10000},
	{"gemini-2.5-flash", 300, 2500},
	{"claude-sonnet-4-5", 3000, 15000},
	{"claude-opus-4-1", 15000, 75000},
}

const dear = 5

// The places of an API: chats, records, what is seldom used, and guesses.
const (
	chats      = 6
	firstItem  = 10
	items      = 30
	loginPlace = 50
	firstRare  = 60
	rare       = 40
	firstGuess = 100
	guesses    = 400
)

// weather is what happens to everybody.
type weather struct {
	down   [][2]time.Duration
	launch time.Duration // of the dear model
}

func newWeather(o Options) weather {
	r := dice(o.Seed, 9, 0)
	w := weather{launch: time.Duration(o.Days) * 12 * time.Hour}
	for range outages {
		from := time.Duration(r.Float64() * float64(o.Days) * 24 * float64(time.Hour))
		w.down = append(w.down, [2]time.Duration{from, from + time.Duration((1+2*r.Float64())*float64(time.Hour))})
	}
	return w
}

func (w *weather) bad(at time.Duration) bool {
	for _, d := range w.down {
		if at >= d[0] && at < d[1] {
			return true
		}
	}
	return false
}

// event makes a request of a step.
func (p *Population) event(s step, w weather, r *rand.Rand) event {
	one := p.people[s.who]
	e := event{at: p.options.Start.Add(s.at), who: one, attack: int(s.attack), n: int(s.n), status: 200, client: one.client, model: one.model, place: one.endpoint}
	if s.attack >= 0 {
		a := p.attacks[s.attack]
		e.kind = a.Kind
		a.act(&e, float64(s.part), r)
	} else {
		one.work(&e, s.at, w, r)
	}
	switch x := r.Float64(); {
	case e.status == 200 && w.bad(s.at) && x < 0.4:
		e.status = []int{500, 502, 503, 529}[r.IntN(4)]
	case e.status == 200 && x < throttled:
		e.status = 429
	}
	if e.status != 200 {
		e.output, e.refused, e.tools, e.harm, e.leaked = 0, false, nil, false, false
		if e.status != 400 && !e.plain {
			e.input = 0 // a provider counts nothing when it does not answer
		}
	}
	return e
}

// work fills in what a harmless person does.
func (p *person) work(e *event, at time.Duration, w weather, r *rand.Rand) {
	k, t := p.role, &p.today
	hour := int(at/time.Hour) % 24
	odd := within(hour, t.odd)
	if within(hour, t.broken) {
		e.status = 401
	} else if r.Float64() < k.missing {
		e.status = []int{404, 404, 400, 422, 403}[r.IntN(5)]
	}
	if k.name == "client" {
		e.plain = true
		e.place = firstItem + int(p.seed%20) + r.IntN(6)
		if r.Float64() < 0.03 {
			e.place = loginPlace
			if r.Float64() < 0.15 {
				e.status = 401
			}
		} else if odd {
			e.place = firstRare + r.IntN(rare)
		}
		e.path = itemPath(e.place, int(p.seed%9000)+r.IntN(40+int(p.pace*60)))
		if page := mix(p.seed ^ uint64(at/time.Hour)); float64(page%1000) < paging*1000 && !odd {
			e.place = firstItem + int(page>>20%20)
			e.path = itemPath(e.place, int(page>>40%9000)+e.n)
		}
		return
	}
	if odd && r.Float64() < 0.3 {
		e.place = r.IntN(chats)
		e.model = r.IntN(dear)
	}
	if p.curious && at > w.launch && r.Float64() < 0.4 {
		e.model = dear
	}
	e.path = chatPath(e.place)
	e.input = int64(math.Min(k.input*p.size*math.Exp(r.NormFloat64()*0.6), 180_000))
	if r.Float64() < books {
		e.input = min(e.input*int64(10+r.IntN(30)), 180_000)
	}
	e.output = int64(math.Min(k.output*math.Exp(r.NormFloat64()*0.7), 8_000))
	if k.chat {
		p.converse(e, at, k.turns, r)
	}
	e.firm = r.Float64() < k.wrong*p.scene
	e.faint = !e.firm && r.Float64() < k.faint*p.scene
	e.classic = r.Float64() < k.attacks*p.scene
	e.refused = r.Float64() < k.refused
	e.garbled = r.Float64() < 0.001
	e.drift = k.chat && r.Float64() < 0.02
	if r.Float64() < k.tools {
		e.tools = append(e.tools, tools[(int(p.seed%7)+r.IntN(5))%len(tools)])
		if odd && r.Float64() < 0.3 {
			e.tools[0] = rareTools[r.IntN(len(rareTools))]
		}
		e.harm = r.Float64() < 0.004
	}
	p.speak(e, r, at)
}

// converse goes on with a conversation, or begins another.
func (p *person) converse(e *event, at time.Duration, mean float64, r *rand.Rand) {
	if p.talk == 0 || at-p.said > 3*time.Hour || r.Float64() < 1/mean {
		p.talk, p.turns, p.scene = -1, 0, 1
		if p.role.wrong > often {
			// What sets detectors off by mistake is a scene or a chapter, not one sentence here and there.
			p.scene = calm
			if r.Float64() < darkly {
				p.scene = dark
			}
		}
	}
	p.said = at
	p.turns++
	e.talk = p.talk
}

// speak chooses words: some that everybody uses, most of the person's own, some that are new.
func (p *person) speak(e *event, r *rand.Rand, at time.Duration) {
	seed := p.seed
	if p.moved > 0 && at.Hours()/24 >= p.turn[0] {
		seed++
	}
	for i := range e.words {
		switch x := r.Float64(); {
		case i < p.role.fixed:
			e.words[i] = mix(seed ^ uint64(i+1)<<40)
		case x < 0.1:
			e.words[i] = mix(uint64(r.IntN(60)) + 1<<50)
		case x < 0.1+p.role.fresh:
			e.words[i] = r.Uint64()
		default:
			// Few words are used often: the rank's logarithm is even.
			rank := int(math.Pow(float64(p.role.words), r.Float64()))
			e.words[i] = mix(seed + uint64(rank)<<20)
		}
	}
	e.count = len(e.words)
}

var tools = []string{"search", "read_file", "list_files", "get_weather", "query_orders", "calendar", "fetch_page", "run_tests", "write_note", "translate", "lookup_customer"}

var rareTools = []string{"shell", "send_email", "delete_file", "transfer_money", "read_secret", "http_post", "drop_table", "grant_role"}
