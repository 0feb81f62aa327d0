package guard

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/detect"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/traffic"
)

// passage is one exchange on its way through the guard.
type passage struct {
	g     *Guard
	ctx   context.Context // ends when the client leaves
	st    *state
	mode  scanner.GuardMode
	live  []*policy // that may have to do with it
	began time.Time // by the guard's clock, when what is decided about came
	x     *traffic.Exchange

	input  llm.Input         // the request, its body decoded
	whole  bool              // all of the body is there
	conv   *llm.Conversation // of the request alone
	facts  traffic.Facts     // of the request alone
	actor  scanner.ActorKey
	system *watch.Seen // the request as detectors see it
	veils  veils
	muted  []*policy       // what they ask for was agreed to
	wide   *detect.Options // what sensitive data any policy about the request asks for; nil: those that are asked
	before *view           // what was seen of this half already
}

// newPassage looks at the head of a request. It is nil where no policy has to do with it.
func (g *Guard) newPassage(ctx context.Context, st *state, x *traffic.Exchange) *passage {
	p := &passage{g: g, ctx: ctx, st: st, mode: st.mode, x: x, began: g.o.Now()}
	facts := x.Facts()
	for _, c := range st.policies {
		if holds(c.where, facts, knownByHead, p.began) != no {
			p.live = append(p.live, c)
		}
	}
	if len(p.live) == 0 {
		return nil
	}
	p.input = llm.Input{Method: x.Request.Method, URL: x.Request.URL, RequestHeader: x.Request.Header}
	return p
}

// fresh is the passage as it is before its body was read, sharing nothing that changes.
func (p *passage) fresh() *passage {
	x := *p.x
	return &passage{g: p.g, ctx: p.ctx, st: p.st, mode: p.mode, live: slices.Clone(p.live), began: p.began, x: &x, input: p.input}
}

// aside is the passage for those who look beside the traffic while it goes on.
func (p *passage) aside() *passage {
	q := p.fresh()
	q.whole, q.conv, q.facts, q.actor, q.muted, q.before = p.whole, p.conv, p.facts, p.actor, p.muted, p.before
	if p.system != nil {
		seen := *p.system
		seen.Exchange = q.x
		q.system = &seen
	}
	return q
}

// apart tells policies that only watch from those that act.
func apart(policies []*policy) (watching, acting []*policy) {
	for _, c := range policies {
		if c.Action == scanner.Monitor {
			watching = append(watching, c)
		} else {
			acting = append(acting, c)
		}
	}
	return watching, acting
}

// needsBody reports whether the body of the request has to be read for what the policies ask.
func (p *passage) needsBody() bool {
	facts := p.x.Facts()
	return slices.ContainsFunc(p.live, func(c *policy) bool {
		return c.content || c.onAnswer || len(c.Models) > 0 || c.Budget != nil || c.Action != scanner.Monitor || holds(c.where, facts, knownByHead, p.began) == maybe
	})
}

// read takes the body of the request; whole is false where some of it is missing.
func (p *passage) read(body []byte, whole bool) {
	p.input.RequestBody, p.whole = body, whole
	p.x.Request.Body.Size = max(p.x.Request.Body.Size, int64(len(body)))
	conv := llm.Parse(p.input)
	p.conv = &conv
	p.system = &watch.Seen{Exchange: p.x, Conversation: p.conv, Request: body}
	p.facts = watch.FactsOf(p.system)
	p.actor = watch.ActorOf(p.system, p.g.o.Identity)
	p.live = slices.DeleteFunc(p.live, func(c *policy) bool {
		return holds(c.where, p.facts, p.known, p.began) == no || p.whole && !fits(c.Models, conv.Model)
	})
}

// known says which facts are known once the body was read, or could not be.
func (p *passage) known(field string) bool {
	return p.whole || knownByHead(field) || len(p.facts.Strings(field, "")) > 0 && field != "text"
}

// answering are the policies that may match the answer.
func (p *passage) answering() []*policy {
	var all []*policy
	for _, c := range p.live {
		if c.onAnswer && !slices.Contains(p.muted, c) {
			all = append(all, c)
		}
	}
	return all
}

// metering are the policies whose budget takes what the answer says.
func (p *passage) metering() []*policy {
	var all []*policy
	for _, c := range p.live {
		if c.Budget != nil && c.Budget.Of != "requests" {
			all = append(all, c)
		}
	}
	return all
}

// who names the account of a budget.
func (p *passage) who(c *policy) string {
	switch c.Budget.Per {
	case "actor":
		return string(p.actor)
	case "model":
		return p.conv.Provider + " " + p.conv.Model
	case "host":
		return traffic.SplitURL(p.x.Request.URL).Host
	}
	return ""
}

// view is what was seen in one half of an exchange.
type view struct {
	side  scanner.Side
	conv  *llm.Conversation
	found []found        // sensitive data, with its places in the body
	signs []scanner.Sign // everything else
	rules []rule.Match
	tools []string
	blind string // why something was not looked at; empty where all was

	scanned bool // sensitive data was looked for
	told    bool // attacks on the model were
}

// unreadable is said of bodies that are no text.
const unreadable = "its body is in a form that is not read"

// see looks at one half with what the policies need. body is decoded.
func (p *passage) see(policies []*policy, seen *watch.Seen, side scanner.Side, body []byte, contentType string) *view {
	v := &view{side: side, conv: seen.Conversation}
	before := p.before
	if before == nil || before.side != side {
		before = &view{}
	}
	switch {
	case !slices.ContainsFunc(policies, (*policy).scansTypes):
	case before.scanned:
		v.scanned, v.found, v.blind = true, before.found, before.blind
	default:
		o := dataOptions(policies)
		if side == scanner.InRequest && p.wide != nil {
			o = *p.wide
		}
		var read bool
		if v.found, read = scanTypes(p.g.o.Detector, o, body, contentType, side); !read && len(body) > 0 {
			v.blind = unreadable
		}
		v.scanned = true
	}
	if slices.ContainsFunc(policies, func(c *policy) bool { return c.sights }) {
		sight := p.g.sight(policies, seen, side, before.told)
		for i := range sight.Signs {
			if s := &sight.Signs[i]; s.Side == side && !sensitive(s.Kind) {
				v.signs = append(v.signs, *s)
			}
		}
		for i := range before.signs {
			if told(before.signs[i].Kind) && before.told {
				v.signs = append(v.signs, before.signs[i])
			}
		}
		v.told = before.told || slices.ContainsFunc(policies, func(c *policy) bool { return slices.ContainsFunc(c.Signs, told) })
		if p.g.o.Rules != nil && slices.ContainsFunc(policies, func(c *policy) bool { return len(c.Rules) > 0 }) {
			v.rules = p.g.o.Rules.Single(sight)
		}
	}
	v.tools = toolsOf(seen.Conversation, side)
	return v
}

// told reports whether a kind of sign is found by the detector of attacks on the model, the dearest of all.
func told(k scanner.SignKind) bool { return k == scanner.SignInjection || k == scanner.SignHidden }

// sight has the detectors look at one half: all of them where rules are asked, else those of the kinds that are. known
// says that attacks on the model were looked for already.
func (g *Guard) sight(policies []*policy, seen *watch.Seen, side scanner.Side, known bool) *scanner.Sight {
	if slices.ContainsFunc(policies, func(c *policy) bool { return len(c.Rules) > 0 }) {
		return g.look(seen, g.o.Identity)
	}
	return g.lookFor(seen, side, func(k scanner.SignKind) bool {
		return (!known || !told(k)) && slices.ContainsFunc(policies, func(c *policy) bool { return slices.Contains(c.Signs, k) })
	})
}

// dataOptions say what sensitive data any of the policies asks for.
func dataOptions(policies []*policy) detect.Options {
	o := detect.Options{Least: 1}
	classes := map[detect.Class]bool{}
	for _, c := range policies {
		if !c.scansTypes() {
			continue
		}
		o.Least = min(o.Least, c.Least)
		for _, class := range c.classes() {
			classes[class] = true
		}
	}
	if len(classes) == 1 {
		for class := range classes {
			o.Only = class
		}
	}
	return o
}

// toolsOf are the calls of tools that one half of an exchange makes: in an answer those of the model, in a request that
// of an MCP client.
func toolsOf(c *llm.Conversation, side scanner.Side) []string {
	var names []string
	if side == scanner.InRequest {
		if c.RPC != nil && c.RPC.Tool != "" {
			names = append(names, c.RPC.Tool)
		}
		return names
	}
	for i := range c.ToolCalls {
		names = append(names, c.ToolCalls[i].Name)
	}
	return names
}

// match says whether a policy holds for a half, why, and by which signs. All that it names has to hold.
func (c *policy) match(v *view) (why []string, signs []scanner.Sign, ok bool) {
	if len(c.Signs) > 0 || len(c.Types) > 0 {
		kinds, types := c.seen(v)
		if len(c.Signs) > 0 && len(kinds) == 0 || len(c.Types) > 0 && len(types) == 0 {
			return nil, nil, false
		}
		signs = append(kinds, slices.DeleteFunc(types, func(s scanner.Sign) bool { return slices.Contains(kinds, s) })...)
		why = append(why, "holds "+listed(signs))
	}
	if len(c.Rules) > 0 {
		names, of := c.ruled(v)
		if len(names) == 0 {
			return nil, nil, false
		}
		why, signs = append(why, "matches the rule "+strings.Join(names, ", ")), append(signs, of...)
	}
	if len(c.Tools) > 0 {
		if !slices.ContainsFunc(v.tools, func(name string) bool { return fits(c.Tools, name) }) {
			return nil, nil, false
		}
		why = append(why, "calls a tool that the policy names")
	}
	return why, signs, true
}

// seen are the signs of the kinds and types that a policy asks for.
func (c *policy) seen(v *view) (kinds, types []scanner.Sign) {
	take := func(s *scanner.Sign) {
		if s.Score < c.Least {
			return
		}
		if c.wantsType(s) {
			types = append(types, *s)
		}
		if c.wantsKind(s) {
			kinds = append(kinds, *s)
		}
	}
	for i := range v.found {
		take(&v.found[i].sign)
	}
	for i := range v.signs {
		take(&v.signs[i])
	}
	return kinds, types
}

// ruled are the rules of the policy that hold for this half: those with a sign in it, and those without any sign.
func (c *policy) ruled(v *view) (names []string, signs []scanner.Sign) {
	for _, m := range v.rules {
		if !slices.Contains(c.Rules, m.Rule.ID) {
			continue
		}
		here := 0
		for i := range m.Signs {
			if m.Signs[i].Side == v.side {
				signs = append(signs, m.Signs[i])
				here++
			}
		}
		if here > 0 || len(m.Signs) == 0 {
			names = append(names, m.Rule.ID)
		}
	}
	return names, signs
}

// mostNamed bounds how many different things a reason lists.
const mostNamed = 5

// listed names what was found: kinds and names of detectors, nothing of the traffic.
func listed(signs []scanner.Sign) string {
	var names []string
	for i := range signs {
		name := string(signs[i].Kind)
		if signs[i].Name != "" {
			name += " (" + signs[i].Name + ")"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > mostNamed {
		names = append(names[:mostNamed], "and more")
	}
	return strings.Join(names, ", ")
}

// exchangeOf is what is known of an exchange when its request begins.
func (g *Guard) exchangeOf(req *http.Request) *traffic.Exchange {
	if g.o.Exchange != nil {
		if x := g.o.Exchange(req.Context()); x != nil {
			x.Request.Body.Size = max(req.ContentLength, 0)
			return x
		}
	}
	u := *req.URL
	if _, host, found := strings.Cut(u.Host, "|"); found { // the proxy keeps the server name to ask for before the host
		u.Host = host
	}
	u.Host = strings.TrimSuffix(u.Host, map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
	return &traffic.Exchange{
		ID: g.o.ID(req.Context()), Started: g.o.Now(), Source: traffic.SourceProxy, Kind: traffic.KindHTTP, State: traffic.StateOpen,
		Request: traffic.Request{
			Method: req.Method, URL: u.String(), Proto: req.Proto, Host: req.Host, Header: traffic.FromHTTP(req.Header),
			Body: traffic.Body{Size: max(req.ContentLength, 0)},
		},
	}
}
