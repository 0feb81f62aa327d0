package guard

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"assay/scanner"
	"assay/scanner/detect"
	"assay/traffic"
)

// Request implements proxy.Guard.
func (g *Guard) Request(req *http.Request) (answer *http.Response) {
	st := g.active()
	if st == nil {
		return nil
	}
	p := g.newPassage(req.Context(), st, g.exchangeOf(req))
	if p == nil {
		return nil
	}
	if strings.EqualFold(req.Header.Get("Upgrade"), "websocket") {
		return p.opening(req)
	}
	begun := time.Now()
	body := &held{whole: true}
	if req.Body != nil && req.Body != http.NoBody && p.needsBody() {
		g.stats.looked.Add(1)
		if body = (&held{rest: req.Body, why: unreadable}); !noText(traffic.MediaType(req.Header.Get("Content-Type"))) {
			body = hold(req.Body, req.ContentLength, codingsOf(req.Header), g.long)
		}
		p.take(req, body)
	}
	before, looking := p.fresh(), p // a look that nobody waits for any more goes on with what it has
	d, failed := within(g, g.long-time.Since(begun), func() *decision { return looking.lookAt(body) })
	if failed != "" {
		p = before
		p.read(nil, false)
		d = p.blind(scanner.InRequest, failed)
	}
	if answer = p.enforce(req, d); answer == nil {
		p.follow(req)
	}
	return answer
}

// opening decides about the request that opens a WebSocket session.
func (p *passage) opening(req *http.Request) *http.Response {
	p.read(nil, true)
	d := p.session()
	return p.enforce(req, d)
}

// take has the request read from what was read ahead.
func (p *passage) take(req *http.Request, body *held) {
	req.Body = body.rest
	if body.raw == nil {
		return
	}
	raw := body.raw
	req.Body = newWhole(raw)
	req.GetBody = func() (io.ReadCloser, error) { return newWhole(raw), nil }
	req.Header.Del("Expect") // the client has sent it all
}

// lookAt reads a request and decides about it. Policies that change nothing look at it beside the traffic.
func (p *passage) lookAt(body *held) *decision {
	p.read(body.plain, body.whole)
	watching, acting := apart(p.live)
	if p.mode != scanner.GuardEnforce {
		watching, acting = p.live, nil
	}
	if wide := dataOptions(onRequest(p.live)); len(acting) > 0 {
		p.wide = &wide
	}
	d := p.decideRequest(acting, body)
	p.lookBeside(watching, body)
	return d
}

// onRequest are the policies that may match a request.
func onRequest(policies []*policy) []*policy {
	return slices.DeleteFunc(slices.Clone(policies), func(c *policy) bool { return !c.onRequest })
}

// lookBeside has policies that change nothing look at a request while it goes on.
func (p *passage) lookBeside(policies []*policy, body *held) {
	if !slices.ContainsFunc(policies, func(c *policy) bool { return c.onRequest }) {
		return
	}
	q := p.aside()
	p.g.besides(func() {
		d := q.decideRequest(policies, body)
		q.tell(d)
	})
}

// besides does what nobody waits for. Where too much is under way it is left, and counted.
func (g *Guard) besides(do func()) {
	select {
	case g.busy <- struct{}{}:
	default:
		g.stats.unlooked.Add(1)
		return
	}
	g.beside.Go(func() {
		defer func() { <-g.busy }()
		g.safely("a look beside the traffic", do)
	})
}

// decideRequest asks policies about a request as far as it was read.
func (p *passage) decideRequest(policies []*policy, body *held) *decision {
	var sure, blind []*policy
	for _, c := range policies {
		if !body.whole && (c.content || len(c.Models) > 0 || holds(c.where, p.facts, p.known, p.began) == maybe) {
			blind = append(blind, c)
		} else {
			sure = append(sure, c)
		}
	}
	asking := onRequest(sure)
	v := p.seeRequest(asking, body.plain)
	p.before = v
	d := p.decide(sure, v)
	for _, c := range blind {
		if c.onRequest {
			p.unlooked(d, c, scanner.InRequest, body.why)
		}
	}
	d.veiled = p.veil(d, v, body.plain, p.input.RequestHeader.Get("Content-Type"))
	return d
}

// veil gives a body without what the decision takes out of it; nil where nothing is. What cannot be placed is left to
// FailClosed.
func (p *passage) veil(d *decision, v *view, body []byte, contentType string) []byte {
	var all []found
	for i := range d.redact {
		h := &d.redact[i]
		before := len(all)
		lost := false
		for j := range v.found {
			if h.policy.wants(&v.found[j].sign) {
				all = append(all, v.found[j])
			}
		}
		for j := range h.signs {
			if s := &h.signs[j]; !sensitive(s.Kind) {
				places, ok := placed(s, v.conv, body, contentType)
				all, lost = append(all, places...), lost || !ok
			}
		}
		if !lost && len(all) > before {
			continue
		}
		r := &d.rulings[h.ruling]
		if h.policy.FailClosed {
			r.Reason += " It could not be taken out exactly; the policy stops it."
			h.reason = r.Reason
			d.stop = firstOf(d.stop, h)
		} else {
			r.Reason += " It could not be taken out exactly; the policy lets it pass."
		}
		h.failed = len(all) == before
	}
	if len(all) == 0 {
		return nil
	}
	changes := changesOf(&p.veils, all)
	d.taken = len(changes)
	return apply(body, changes)
}

// blind is the decision about what could not be looked at.
func (p *passage) blind(side scanner.Side, why string) *decision {
	d := &decision{}
	for _, c := range p.live {
		if side == scanner.InRequest && c.onRequest || side == scanner.InAnswer && c.onAnswer {
			p.unlooked(d, c, side, why)
		}
	}
	return d
}

// enforce carries a decision about a request out. What it returns goes to the client.
func (p *passage) enforce(req *http.Request, d *decision) *http.Response {
	defer func() { p.tell(d) }()
	if p.mode != scanner.GuardEnforce {
		return nil
	}
	if d.stop == nil && len(d.ask) > 0 {
		p.asked(req.Context(), d, p.shown())
	}
	if d.stop != nil {
		return p.stopped(req, d.stop, d)
	}
	if d.veiled == nil {
		return nil
	}
	p.redacted(d)
	veiled := d.veiled
	req.Body = newWhole(veiled)
	req.GetBody = func() (io.ReadCloser, error) { return newWhole(veiled), nil }
	req.ContentLength = int64(len(veiled))
	req.TransferEncoding = nil
	req.Trailer = nil
	req.Header.Set("Content-Length", strconv.Itoa(len(veiled)))
	for _, name := range []string{"Content-Encoding", "Content-Md5", "Digest", "Content-Digest"} {
		req.Header.Del(name)
	}
	p.input.RequestBody = veiled
	return nil
}

// redacted marks the rulings that were carried out.
func (p *passage) redacted(d *decision) {
	p.g.stats.redacted.Add(int64(d.taken))
	for i := range d.redact {
		d.rulings[d.redact[i].ruling].Done = !d.redact[i].failed
	}
}

// stopped is the answer that the client gets in the server's place.
func (p *passage) stopped(req *http.Request, h *hit, d *decision) *http.Response {
	p.g.stats.stopped.Add(1)
	d.rulings[h.ruling].Done = true
	hearOut(req)
	resp := p.speaker().stop(h)
	resp.Request = req
	return resp
}

// Bounds of what is read of a request that is not sent on.
const (
	mostUnsent = 256 << 20
	longUnsent = 10 * time.Second
)

// hearOut reads what the client still sends: many hear an answer only when they have said everything, and take the end
// of the connection for a failure worth another try.
func hearOut(req *http.Request) {
	if req.Body == nil || req.Body == http.NoBody {
		return
	}
	if _, whole := req.Body.(*wholeBody); whole {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.CopyN(io.Discard, req.Body, mostUnsent) // how it ends changes nothing
	}()
	select {
	case <-done:
	case <-time.After(longUnsent):
	case <-req.Context().Done():
	}
}

// mostShown is how much of a text a person is shown, in bytes.
const mostShown = 600

// shown is what a question is about: the end of what the user said, or the call of a tool, without sensitive data.
func (p *passage) shown() string {
	said := ""
	if p.conv != nil {
		if p.conv.RPC != nil && p.conv.RPC.Tool != "" {
			said = p.conv.RPC.Tool + " " + p.conv.RPC.Arguments
		} else if texts := p.conv.LastUser(); len(texts) > 0 {
			said = strings.Join(texts, "\n")
		} else if len(p.conv.Prompts) > 0 {
			said = strings.Join(p.conv.Prompts, "\n")
		}
	}
	if said == "" {
		said = p.x.Request.Method + " " + p.x.Request.URL
	}
	return p.covered(said)
}

// covered is a text as a person may see it: sensitive data taken out, cut.
func (p *passage) covered(said string) string {
	said = said[:min(len(said), 4*mostShown)]
	all, _ := scanTypes(p.g.o.Detector, detect.Options{Least: usualLeast}, []byte(said), "text/plain", scanner.InRequest)
	said = string(apply([]byte(said), changesOf(&p.veils, all)))
	if len(said) > mostShown {
		end := mostShown
		for end > 0 && !utf8.RuneStart(said[end]) {
			end--
		}
		said = said[:end] + "…"
	}
	return strings.ToValidUTF8(said, "\uFFFD")
}

// follow has Response find what was decided, where the answer matters.
func (p *passage) follow(req *http.Request) {
	if p.conv == nil || len(p.answering()) == 0 && len(p.metering()) == 0 {
		return
	}
	acceptReadable(req.Header)
	*req = *req.WithContext(context.WithValue(req.Context(), passageKey{}, p))
}

// acceptReadable asks for an answer in a coding that is undone while it streams.
func acceptReadable(h http.Header) {
	for coding := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Accept-Encoding"), ",")), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if (name == "gzip" || name == "*") && strings.ReplaceAll(quality, " ", "") != "q=0" {
			h.Set("Accept-Encoding", "gzip, identity")
			return
		}
	}
	h.Set("Accept-Encoding", "identity")
}

// leastLooking is how long a look may take at least, where the body came late.
const leastLooking = 100 * time.Millisecond

// within does work that must not break traffic: beside it, until its time is up. failed says why there is no result; the
// work may then still go on.
func within[T any](g *Guard, long time.Duration, work func() T) (result T, failed string) {
	timer := time.NewTimer(max(long, leastLooking))
	defer timer.Stop()
	select {
	case g.busy <- struct{}{}:
	case <-timer.C:
		return result, "too much is being looked at"
	}
	type outcome struct {
		result T
		ok     bool
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-g.busy }()
		var o outcome
		o.ok = g.safely("a look", func() { o.result = work() })
		done <- o
	}()
	select {
	case o := <-done:
		if !o.ok {
			return result, "a detector failed"
		}
		return o.result, ""
	case <-timer.C:
		return result, "it took too long"
	}
}
