package population

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"assay/traffic"
)

// chance is how often detectors see what an attack's requests are: never always, as real ones.
type chance struct{ firm, faint, refused float64 }

// act fills in a request of an attack. part is how much of it is done, from 0 to 1.
func (a *attack) act(e *event, part float64, r *rand.Rand) {
	p := e.who
	e.place, e.model = a.model%chats, a.model
	if p.role != nil && a.Kind != CostSpike && r.Float64() < 0.6 {
		e.place, e.model = p.endpoint, p.model
	}
	e.path = chatPath(e.place)
	e.input = int64(700 * a.size * math.Exp(r.NormFloat64()*0.6))
	e.output = int64(300 * a.size * math.Exp(r.NormFloat64()*0.7))
	a.speak(e, 150, 0.1, r)
	see := chance{0.003, 0.01, 0.01}
	switch a.Kind {
	case Stuffing:
		e.plain, e.place, e.path = true, loginPlace, itemPath(loginPlace, 0)
		e.status, e.count = 401, 0
		if x := r.Float64(); x < 0.03 {
			e.status = 200
		} else if x < 0.05 {
			e.status = 429
		}
		return
	case Scraping, Enumeration:
		a.read(e, r)
		return
	case Jailbreaks:
		see = chance{0.5, 0.2, 0.45}
		e.garbled = r.Float64() < 0.05
	case TokenFlood:
		e.input = int64(math.Min(30_000*math.Exp(math.Abs(r.NormFloat64())*0.8), 190_000))
		if r.Float64() < 0.5 {
			e.output = 4_000 + int64(r.IntN(12_000))
		}
		e.garbled = r.Float64() < 0.15
	case CostSpike:
		e.model = dear
		e.input, e.output = e.input*8, e.output*6
	case ToolAbuse:
		name := rareTools[(int(a.seed%8)+r.IntN(3))%len(rareTools)]
		if r.Float64() < 0.3 {
			name = tools[r.IntN(len(tools))]
		}
		e.tools = []string{name}
		e.harm = r.Float64() < 0.3
		see = chance{0.03, 0.05, 0.06}
	case Crescendo:
		see = chance{0.02 + 0.2*part, 0.2 + 0.4*part, 0.05 + 0.15*part}
		e.drift = r.Float64() < 0.06
		e.talk = a.talk(e.n)
	case Probing:
		see = chance{0.45, 0.2, 0.3}
		e.leaked = r.Float64() < 0.06
	case Refusals:
		see = chance{0.08, 0.12, 0.5}
	case Extraction:
		a.speak(e, 60_000, 0.1, r)
		e.input, e.output = 150+int64(r.IntN(150)), 400+int64(r.IntN(300))
	case StolenKey:
		if r.Float64() < 0.5 {
			e.client = clients[int(a.seed>>8)%len(clients)]
		}
		e.output *= 2
	}
	e.firm = r.Float64() < see.firm
	e.faint = !e.firm && r.Float64() < see.faint
	e.refused = r.Float64() < see.refused
}

// speak chooses an attacker's words; where there is somebody to hide behind, some are theirs.
func (a *attack) speak(e *event, words int, fresh float64, r *rand.Rand) {
	for i := range e.words {
		switch x := r.Float64(); {
		case x < 0.1:
			e.words[i] = mix(uint64(r.IntN(60)) + 1<<50)
		case x < 0.1+fresh:
			e.words[i] = r.Uint64()
		case words > 1000:
			e.words[i] = mix(uint64(r.IntN(words)) + 1<<45)
		default:
			e.words[i] = mix(a.seed + uint64(math.Pow(float64(words), r.Float64()))<<20)
		}
	}
	e.count = len(e.words)
}

// read asks for records: one after the other, or at random where it guesses.
func (a *attack) read(e *event, r *rand.Rand) {
	e.plain, e.count, e.input, e.output = true, 0, 0, 0
	if a.Kind == Scraping {
		e.place = firstItem + int(a.seed%items)
		number := e.n
		switch a.seed % 4 {
		case 0: // at random: numbers that were seen elsewhere
			number = int(mix(a.seed+uint64(e.n)) % 900_000)
		case 1: // with gaps
			number = e.n*2 + int(mix(a.seed+uint64(e.n))%3)
		}
		e.path = itemPath(e.place, 100_000+number)
		if r.Float64() < 0.04 {
			e.status = 404
		}
		return
	}
	e.place = firstItem + int(a.seed%items)
	if r.Float64() < 0.4 {
		e.place = firstGuess + r.IntN(guesses)
	}
	e.path = itemPath(e.place, r.IntN(1_000_000))
	switch x := r.Float64(); {
	case x < 0.35:
		e.status = 404
	case x < 0.5:
		e.status = 403
	}
}

// talk says which of its conversations an attack goes on with: numbers below −1, so that they differ from anybody's.
func (a *attack) talk(n int) traffic.ID { return traffic.ID(-2 - n%a.talks) }

func chatPath(place int) string {
	return []string{"/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1beta/models/generate", "/api/chat", "/api/generate"}[place%chats]
}

func itemPath(place, id int) string {
	switch {
	case place == loginPlace:
		return "/login"
	case place >= firstGuess:
		return fmt.Sprintf("/%s/%d", guessed[place%len(guessed)], place)
	case place >= firstRare:
		return fmt.Sprintf("/v1/%s/%d/%d", rarely[place%len(rarely)], place, id)
	}
	return fmt.Sprintf("/v1/%s/%d/%d", listed[place%len(listed)], place, id)
}

var (
	listed  = []string{"customers", "orders", "invoices", "documents", "tickets", "messages"}
	rarely  = []string{"exports", "settings", "audit", "reports", "webhooks"}
	guessed = []string{"admin", "backup", "internal", "debug", "v0", "actuator", "old", "config"}
)

// cost is in millionths of a dollar.
func (e *event) cost() int64 {
	m := models[e.model]
	return (e.input*m.in + e.output*m.out) / 1000
}

// took is how long the answer took.
func (e *event) took() time.Duration {
	if e.plain {
		return 40 * time.Millisecond
	}
	return 300*time.Millisecond + time.Duration(e.output)*8*time.Millisecond
}
