package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/strategy"
	"assay/scanner/template"
)

// What is assumed where nothing was measured.
const (
	fewOut, muchOut   = 5, 500 // tokens of an answer
	soonest, latest   = 500 * time.Millisecond, 5 * time.Second
	mostEstimated     = 20_000 // cases whose texts are counted; the others are taken to be like them
	slowestHere       = 1e-3   // seconds of a request that this machine may need itself
	inexact           = 0.25   // share by which other tokenizers differ
	roleTokens        = 4      // that mark a message
	attackerTokensIn  = 1500   // of one question to an attacker or a judge
	attackerTokensOut = 300
)

// coster adds up what a plan will take.
type coster struct {
	spec  *scanner.RunSpec
	hosts map[string]*hostCost
	order []*Victim
	of    map[*Victim]*victimCost

	extra   scanner.Range // requests to judge and attacker
	counted int           // cases whose texts were counted
	uncount int           // and the others
}

// hostCost is what is sent to one host.
type hostCost struct{ low, high float64 } // seconds, when sent one by one

// victimCost is what is sent to one target.
type victimCost struct {
	requests, input, output scanner.Range
	base                    float64 // tokens of the request without its prompt
	fewOut, muchOut         float64 // tokens of an answer
	quick, slow             float64 // seconds of a request
	measured                bool
	host                    string
}

func newCoster(spec *scanner.RunSpec) *coster {
	return &coster{spec: spec, hosts: map[string]*hostCost{}, of: map[*Victim]*victimCost{}}
}

// victim is the cost of a target, its request without an attack among it.
func (c *coster) victim(v *Victim) *victimCost {
	if known := c.of[v]; known != nil {
		return known
	}
	m := &victimCost{base: baseTokens(v.Subject), fewOut: fewOut, muchOut: muchOut, quick: soonest.Seconds(), slow: latest.Seconds(), host: hostOf(v)}
	var latency time.Duration
	if t := v.Subject.Model.Tried; t != nil && t.Latency > 0 {
		latency = t.Latency
	}
	if b := v.Baseline; b != nil {
		if b.Latency > 0 {
			latency = b.Latency
		}
		if b.Said != nil && b.Said.Usage.Output != nil && *b.Said.Usage.Output > 0 {
			n := float64(*b.Said.Usage.Output)
			m.fewOut, m.muchOut = min(fewOut, n), 4*n
		}
	}
	if latency > 0 {
		m.quick, m.slow, m.measured = latency.Seconds()/2, 2*latency.Seconds(), true
	}
	c.of[v] = m
	c.order = append(c.order, v)
	if v.Baseline == nil {
		prompt := float64(Tokens(v.Subject.Prompt))
		m.request(1, 1, m.base+prompt, m.base+prompt)
	}
	return m
}

// baseTokens counts what stands in a request beside its prompt.
func baseTokens(s *craft.Subject) float64 {
	n := 0.0
	for i := range s.Said.Messages {
		n += roleTokens
		for _, p := range s.Said.Messages[i].Parts {
			if p.Text != s.Prompt {
				n += float64(Tokens(p.Text))
			}
		}
	}
	if len(s.Tools) > 0 {
		n = max(n, float64(Tokens(string(s.Model.Body))-Tokens(s.Prompt)))
	}
	return n
}

// request adds requests with their tokens in.
func (m *victimCost) request(low, high, inputLow, inputHigh float64) {
	m.requests.Low += low
	m.requests.High += high
	m.input.Low += low * inputLow * (1 - inexact)
	m.input.High += high * inputHigh * (1 + inexact)
	m.output.Low += low * m.fewOut
	m.output.High += high * m.muchOut
}

// add counts a case: at best it stops at its first trial, and a conversation at its first end.
func (c *coster) add(v *Victim, r *template.Rendered, script *craft.Script, trials int) {
	m := c.victim(v)
	times := 1.0
	if repeat := script.Repeat(); repeat != nil {
		times = float64(repeat.Times)
	}
	if c.counted >= mostEstimated {
		c.uncount++
		m.request(times, times*float64(trials*script.Turns()), m.input.Low/(1-inexact)/max(m.requests.Low, 1), m.input.High/(1+inexact)/max(m.requests.High, 1))
		return
	}
	c.counted++
	texts := r.Setup.System + r.Setup.Document + r.Setup.User
	text := m.base + float64(Tokens(texts))
	if len(r.Turns) == 0 {
		text += float64(Tokens(v.Subject.Prompt))
		m.request(times, times*float64(trials), text, text)
		return
	}
	ended := false
	for i, turn := range r.Turns {
		text += float64(Tokens(turn.Text))
		low := 1.0
		if ended || turn.When != nil {
			low = 0
		}
		if i == len(r.Turns)-1 {
			m.request(low*times, times*float64(trials), text, text)
		} else {
			m.request(low, float64(trials), text, text)
		}
		text += m.muchOut + 2*roleTokens // its answer goes along with the next turn
		ended = ended || turn.Stop != nil
	}
	c.judged(trials)
}

// judged counts what a judge may be asked.
func (c *coster) judged(trials int) {
	if c.spec.Judge != "" {
		c.extra.High += float64(trials)
	}
}

// strategy counts an attack that a model conducts.
func (c *coster) strategy(v *Victim, r *template.Rendered, l strategy.Limits) {
	m := c.victim(v)
	text := m.base
	for _, turn := range r.Turns {
		text += float64(Tokens(turn.Text))
	}
	sent := float64(max(l.Turns, 1) * max(l.Branches, 1))
	m.request(1, sent, text, text+float64(max(l.Turns, 1))*m.muchOut/2)
	c.extra.Low++
	c.extra.High += float64(max(l.Asks, 1))
	c.judged(int(sent))
}

// estimate is the sum.
func (c *coster) estimate(p *Plan) scanner.Estimate {
	e := scanner.Estimate{Templates: len(p.Choices), Cases: len(p.Cases), Priced: true}
	var dates, unpriced []string
	measured := true
	for _, v := range c.order {
		m := c.of[v]
		e.Requests.Low += m.requests.Low
		e.Requests.High += m.requests.High
		e.Tokens.Low += m.input.Low + m.output.Low
		e.Tokens.High += m.input.High + m.output.High
		price, known := priceOf(v)
		if known {
			e.Dollars.Low += (m.input.Low*price.Input + m.output.Low*price.Output) / 1e6
			e.Dollars.High += (m.input.High*price.Input + m.output.High*price.Output) / 1e6
			dates = appendNew(dates, price.AsOf)
		} else {
			unpriced = appendNew(unpriced, v.Subject.Ref)
		}
		measured = measured && m.measured
		h := c.hosts[m.host]
		if h == nil {
			h = &hostCost{}
			c.hosts[m.host] = h
		}
		h.low += m.requests.Low * m.quick
		h.high += m.requests.High * m.slow
	}
	if len(p.Cases) == 0 {
		return scanner.Estimate{Templates: e.Templates, Basis: "there is nothing to send"}
	}
	e.Requests.Low += c.extra.Low
	e.Requests.High += c.extra.High
	e.Tokens.Low += c.extra.Low * (attackerTokensIn + attackerTokensOut)
	e.Tokens.High += c.extra.High * (attackerTokensIn + attackerTokensOut)
	e.Priced = len(unpriced) == 0 && c.extra.High == 0
	e.Seconds = c.seconds()
	e.Basis = c.basis(dates, unpriced, measured)
	return e
}

// seconds is how long it takes where hosts are asked side by side.
func (c *coster) seconds() scanner.Range {
	concurrency := c.spec.Concurrency
	if concurrency <= 0 {
		concurrency = DefaultConcurrency
	}
	requests := map[string]scanner.Range{}
	for _, m := range c.of {
		r := requests[m.host]
		requests[m.host] = scanner.Range{Low: r.Low + m.requests.Low, High: r.High + m.requests.High}
	}
	var all scanner.Range
	for host, h := range c.hosts {
		low, high := h.low/float64(concurrency), h.high/float64(concurrency)+requests[host].High*slowestHere
		if c.spec.Rate > 0 {
			low, high = max(low, requests[host].Low/c.spec.Rate), max(high, requests[host].High/c.spec.Rate)
		}
		all.Low, all.High = max(all.Low, low), max(all.High, high)
	}
	return all
}

func (c *coster) basis(dates, unpriced []string, measured bool) string {
	parts := []string{TokenBasis}
	if len(dates) > 0 {
		parts = append(parts, "prices are those of "+strings.Join(dates, ", "))
	}
	if len(unpriced) > 0 {
		parts = append(parts, "no price is known for "+strings.Join(unpriced, ", "))
	}
	if c.extra.High > 0 {
		parts = append(parts, "judge and attacker are not priced")
	}
	if measured {
		parts = append(parts, "time is judged by the latency that was measured")
	} else {
		parts = append(parts, fmt.Sprintf("time assumes %s to %s for an answer", soonest, latest))
	}
	if c.uncount > 0 {
		parts = append(parts, fmt.Sprintf("%d cases are taken to be like the first %d", c.uncount, c.counted))
	}
	return upperFirst(strings.Join(parts, "; ")) + "."
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func appendNew(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}

// priceOf is what a target's model costs, where the catalog says.
func priceOf(v *Victim) (llm.Price, bool) {
	m := v.Subject.Model
	for _, provider := range []string{m.Provider, v.Subject.Said.Provider} {
		for _, model := range []string{m.Model, v.Subject.Said.Model} {
			if price, known := llm.PriceOf(provider, model); known && model != "" {
				return price, true
			}
		}
	}
	return llm.Price{}, false
}
