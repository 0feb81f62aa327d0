package guard

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// decision is what policies want with one half of an exchange.
type decision struct {
	stop    *hit  // the client gets something else: of block, throttle
	ask     []hit // a person has to agree
	redact  []hit
	veiled  []byte           // the body without what is taken out of it; nil where nothing is
	taken   int              // places that are taken out
	rulings []scanner.Ruling // of all that matched, in the order of the policies; not yet told
}

// hit is one policy that matched.
type hit struct {
	policy *policy
	ruling int // its place among the rulings
	reason string
	wait   time.Duration // of throttle: when it may be tried again
	signs  []scanner.Sign
	failed bool // of redact: nothing of it could be taken out
}

// mostSigns bounds the signs that a ruling lists.
const mostSigns = 20

// decide asks every policy about one half. It changes nothing but what budgets have counted.
func (p *passage) decide(policies []*policy, v *view) *decision {
	d := &decision{}
	for _, c := range policies {
		if slices.Contains(p.muted, c) {
			continue
		}
		if v.side == scanner.InRequest && !c.onRequest || v.side == scanner.InAnswer && !c.onAnswer {
			continue
		}
		p.consider(d, c, v)
	}
	return d
}

// consider asks one policy.
func (p *passage) consider(d *decision, c *policy, v *view) {
	why, signs, ok := c.match(v)
	if !ok {
		if v.blind != "" && c.content {
			p.unlooked(d, c, v.side, v.blind)
		}
		return
	}
	h := hit{policy: c, signs: signs}
	if c.Budget != nil {
		within, wait := p.g.books.ask(c, p.who(c), p.began)
		if within {
			return
		}
		h.wait = wait
		why = append(why, fmt.Sprintf("goes beyond %s %s for each %s within %s", number(c.Budget.Most), c.Budget.Of, each(c.Budget.Per), inWords(time.Duration(c.Budget.Within))))
	}
	if len(why) == 0 {
		why = append(why, "is what the policy names")
	}
	half := "The request "
	if v.side == scanner.InAnswer {
		half = "The answer "
	}
	p.add(d, h, v.side, half+strings.Join(why, ", and ")+".")
}

func number(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.2f", f), ".00") }

// inWords writes a duration without the zeros at its end: 1m, 24h.
func inWords(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func each(per string) string {
	if per == "all" {
		return "project"
	}
	return per
}

// unlooked is the ruling of a policy that would have to look at what cannot be looked at.
func (p *passage) unlooked(d *decision, c *policy, side scanner.Side, why string) {
	p.g.stats.unlooked.Add(1)
	half := "request"
	if side == scanner.InAnswer {
		half = "answer"
	}
	if c.FailClosed && c.Action != scanner.Monitor {
		h := p.note(d, hit{policy: c}, side, fmt.Sprintf("The %s was not looked at: %s. The policy stops what it cannot look at.", half, why))
		d.stop = firstOf(d.stop, &h)
		return
	}
	p.note(d, hit{policy: c}, side, fmt.Sprintf("The %s was not looked at: %s. The policy lets it pass.", half, why))
}

// firstOf keeps the stronger of two stops, the first of equals.
func firstOf(a, b *hit) *hit {
	if a == nil || a.policy.Action == scanner.Throttle && b.policy.Action != scanner.Throttle {
		return b
	}
	return a
}

// note makes the ruling of a policy.
func (p *passage) note(d *decision, h hit, side scanner.Side, reason string) hit {
	r := p.ruling(h.policy, side, reason)
	r.Signs = h.signs[:min(len(h.signs), mostSigns)]
	h.ruling, h.reason = len(d.rulings), reason
	d.rulings = append(d.rulings, r)
	return h
}

// add notes a policy that matched, and what it asks for.
func (p *passage) add(d *decision, h hit, side scanner.Side, reason string) {
	h = p.note(d, h, side, reason)
	switch h.policy.Action {
	case scanner.Block, scanner.Throttle:
		d.stop = firstOf(d.stop, &h)
	case scanner.Approve:
		d.ask = append(d.ask, h)
	case scanner.Redact:
		d.redact = append(d.redact, h)
	case scanner.Monitor:
		d.rulings[h.ruling].Done = p.mode == scanner.GuardEnforce
	}
}

// ruling begins what is said about a policy that matched.
func (p *passage) ruling(c *policy, side scanner.Side, reason string) scanner.Ruling {
	r := scanner.Ruling{
		At: p.began, Exchange: p.x.ID, Policy: c.ID, Name: c.Name, Action: c.Action, Side: side, Actor: p.actor, Reason: reason,
	}
	r.Host = traffic.SplitURL(p.x.Request.URL).Host
	if p.conv != nil {
		r.Model = p.conv.Model
	}
	return r
}

// tell hands on all rulings of a decision.
func (p *passage) tell(d *decision) {
	took := p.g.o.Now().Sub(p.began)
	for i := range d.rulings {
		d.rulings[i].Took = scanner.Duration(max(took, 0))
		p.g.tell(d.rulings[i])
	}
	d.rulings = nil
}

// asked puts every question of a decision to a person, as long as the answers are yes. The first no becomes the stop.
func (p *passage) asked(ctx context.Context, d *decision, shown string) {
	for i := range d.ask {
		h := &d.ask[i]
		r := &d.rulings[h.ruling]
		until := time.Now().Add(h.policy.patience())
		waiting, cancel := context.WithDeadline(ctx, until)
		p.g.stats.asked.Add(1)
		yes, answered := false, false
		if p.g.o.Ask != nil {
			question := Question{Ruling: *r, Shown: shown, Until: until}
			p.g.safely("asking a person", func() { yes, answered = p.g.o.Ask(waiting, question) })
		}
		cancel()
		r.Done = true
		switch {
		case ctx.Err() != nil:
			r.Answer = "nobody"
			h.reason = "The client left before a person answered; nothing was sent."
			r.Reason += " " + h.reason
			d.stop = h
			return
		case answered && yes:
			r.Answer = "yes"
			p.muted = append(p.muted, h.policy)
			continue
		case answered:
			r.Answer = "no"
			h.reason = "A person refused it."
		default:
			r.Answer = "nobody"
			if !h.policy.FailClosed {
				r.Reason += " Nobody answered in time; the policy lets it pass."
				p.muted = append(p.muted, h.policy)
				continue
			}
			h.reason = "Nobody answered in time; the policy stops what nobody agrees to."
		}
		r.Reason += " " + h.reason
		d.stop = h
		return
	}
}
