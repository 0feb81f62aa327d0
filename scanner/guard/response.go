package guard

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/watch"
	"assay/traffic"
)

// mostArriving is how long the rest of a whole answer is waited for: its client waits for all of it anyway.
const mostArriving = time.Minute

// Response implements proxy.Guard.
func (g *Guard) Response(resp *http.Response) {
	p := passageOf(resp)
	if p == nil || resp.StatusCode == http.StatusSwitchingProtocols || resp.Body == nil || resp.Body == http.NoBody {
		return
	}
	media := traffic.MediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode == http.StatusPartialContent || seen(media) || p.x.Request.Method == http.MethodHead {
		return
	}
	p.hear(resp)
	policies := p.answering()
	acts := p.mode == scanner.GuardEnforce && slices.ContainsFunc(policies, func(c *policy) bool { return c.Action != scanner.Monitor })
	if !acts {
		if len(policies) > 0 || len(p.metering()) > 0 {
			resp.Body = &witness{ReadCloser: resp.Body, end: func(raw []byte, cut bool) { p.witnessed(policies, raw, cut) }}
		}
		return
	}
	g.stats.answers.Add(1)
	watching, acting := apart(policies)
	if len(p.metering())+len(watching) > 0 {
		aside := p.aside()
		resp.Body = &witness{ReadCloser: resp.Body, end: func(raw []byte, cut bool) { aside.witnessed(watching, raw, cut) }}
	}
	policies = acting
	if framing := framingOf(media, resp.ContentLength, p.conv); framing != framingWhole {
		p.filterStream(resp, policies, framing)
		return
	}
	p.answer(resp, policies)
}

// seen reports whether an answer is something to look at or listen to, and nothing that detectors of texts could read.
func seen(media string) bool {
	kind, _, _ := strings.Cut(media, "/")
	return noText(media) && kind != "application"
}

// hear notes the head of the answer.
func (p *passage) hear(resp *http.Response) {
	p.x.Response = &traffic.Response{Status: resp.StatusCode, Proto: resp.Proto, Header: traffic.FromHTTP(resp.Header)}
	p.input.Status, p.input.ResponseHeader = resp.StatusCode, p.x.Response.Header
	p.began = p.g.o.Now()
}

// answer decides about an answer that is one document.
func (p *passage) answer(resp *http.Response, policies []*policy) {
	body := &held{rest: resp.Body, why: unreadable}
	if !noText(traffic.MediaType(resp.Header.Get("Content-Type"))) {
		body = hold(resp.Body, resp.ContentLength, codingsOf(resp.Header), mostArriving)
	}
	resp.Body = body.rest
	if body.raw != nil {
		resp.Body = &replacedBody{wholeBody: newWhole(body.raw), was: body.rest}
	}
	v, d, failed := (*view)(nil), (*decision)(nil), body.why
	if body.whole {
		type both struct {
			v *view
			d *decision
		}
		var b both
		if b, failed = within(p.g, p.g.long, func() both {
			v := p.seeAnswer(policies, body.plain)
			d := p.decide(policies, v)
			d.veiled = p.veil(d, v, body.plain, resp.Header.Get("Content-Type"))
			return both{v, d}
		}); failed == "" {
			v, d = b.v, b.d
		}
	}
	if d == nil {
		d = &decision{}
		for _, c := range policies {
			p.unlooked(d, c, scanner.InAnswer, failed)
		}
	}
	p.enforceAnswer(resp, d, v)
}

// seeAnswer looks at an answer that is there in full.
func (p *passage) seeAnswer(policies []*policy, body []byte) *view {
	conv := p.conv
	if slices.ContainsFunc(policies, func(c *policy) bool { return c.sights || len(c.Tools) > 0 || c.Action == scanner.Approve }) {
		in := p.input
		in.ResponseBody, in.Ended = body, true
		whole := llm.Parse(in)
		conv = &whole
	}
	seen := &watch.Seen{Exchange: p.x, Conversation: conv, Request: p.input.RequestBody, Response: body}
	return p.see(policies, seen, scanner.InAnswer, body, p.input.ResponseHeader.Get("Content-Type"))
}

// enforceAnswer carries a decision about a whole answer out.
func (p *passage) enforceAnswer(resp *http.Response, d *decision, v *view) {
	defer func() { p.tell(d) }()
	if d.stop == nil && len(d.ask) > 0 {
		p.asked(resp.Request.Context(), d, p.shownAnswer(v))
	}
	if d.stop != nil {
		p.g.stats.stopped.Add(1)
		d.rulings[d.stop.ruling].Done = true
		s := p.speaker()
		s.stream = false
		instead := s.stop(d.stop) //nolint:bodyclose // its body becomes this one's
		drop(resp)
		resp.StatusCode, resp.Status = instead.StatusCode, instead.Status
		resp.Header, resp.ContentLength, resp.TransferEncoding, resp.Trailer = instead.Header, instead.ContentLength, nil, nil
		resp.Body = &replacedBody{wholeBody: instead.Body.(*wholeBody), was: resp.Body}
		return
	}
	if d.veiled == nil {
		return
	}
	p.redacted(d)
	for _, name := range []string{"Content-Encoding", "Content-Md5", "Digest", "Content-Digest", "Etag"} {
		resp.Header.Del(name)
	}
	resp.Header.Set("Content-Length", strconv.Itoa(len(d.veiled)))
	resp.ContentLength, resp.TransferEncoding = int64(len(d.veiled)), nil
	resp.Body = &replacedBody{wholeBody: newWhole(d.veiled), was: resp.Body}
}

// drop reads what is left of an answer that is known to be short, so that its connection can be used again.
func drop(resp *http.Response) {
	if f, ok := resp.Body.(*fetch); ok {
		_, _, _ = f.halt() // what is there is not used
	}
}

// shownAnswer is what a question about an answer shows: the end of it, or what it calls.
func (p *passage) shownAnswer(v *view) string {
	if v == nil || v.conv == nil {
		return ""
	}
	said := v.conv.Answer
	for i := range v.conv.ToolCalls {
		said += "\n" + v.conv.ToolCalls[i].Name + " " + v.conv.ToolCalls[i].Arguments
	}
	return p.covered(strings.TrimSpace(said))
}

// replacedBody is a body in the place of another, which is closed with it.
type replacedBody struct {
	*wholeBody
	was io.Closer
}

// Close closes the body that was replaced.
func (b *replacedBody) Close() error { return b.was.Close() }

// witness copies a body as it passes, and hands the copy on when it has ended.
type witness struct {
	io.ReadCloser
	end  func(raw []byte, cut bool)
	raw  []byte
	cut  bool
	once sync.Once
}

func (w *witness) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if len(w.raw)+n <= mostBody {
		w.raw = append(w.raw, p[:n]...)
	} else {
		w.cut = true
	}
	if err != nil {
		w.once.Do(func() { w.end(w.raw, w.cut) })
	}
	return n, err
}

// Close ends the body, and hands on what passed of it.
func (w *witness) Close() error {
	err := w.ReadCloser.Close()
	w.once.Do(func() { w.end(w.raw, w.cut) })
	return err
}

// witnessed looks, beside the traffic, at an answer that has passed: for policies that change nothing, and for budgets
// that take what the answer says.
func (p *passage) witnessed(policies []*policy, raw []byte, cut bool) {
	p.g.besides(func() {
		plain, _, err := traffic.Decode(raw, strings.Join(p.input.ResponseHeader.Values("Content-Encoding"), ","), mostBody)
		if err != nil {
			plain = nil
		}
		p.spend(plain)
		if len(policies) == 0 {
			return
		}
		p.g.stats.answers.Add(1)
		d := p.decide(policies, p.seeAnswer(policies, plain))
		if cut || err != nil {
			for _, c := range policies {
				p.note(d, hit{policy: c}, scanner.InAnswer, "The answer was not looked at to its end: it is too large, or its content coding cannot be undone.")
			}
		}
		p.tell(d)
	})
}

// Settle waits until everything that is looked at beside the traffic has been.
func (g *Guard) Settle() { g.beside.Wait() }

// bytesPerToken is how many bytes a token is taken for where the provider did not count.
const bytesPerToken = 4

// spend counts what an answer has used in the budgets that take it.
func (p *passage) spend(body []byte) {
	policies := p.metering()
	if len(policies) == 0 {
		return
	}
	in := p.input
	in.ResponseBody, in.Ended = body, true
	conv := llm.Parse(in)
	input, output := int64(len(in.RequestBody)/bytesPerToken), int64(len(conv.Answer)/bytesPerToken)
	if u := &conv.Usage; u.Input != nil || u.Output != nil || u.Total != nil {
		input, output = value(u.Input), value(u.Output)
		if u.Total != nil && u.Input == nil && u.Output == nil {
			input = *u.Total
		}
	}
	for _, c := range policies {
		amount := float64(input + output)
		if c.Budget.Of == "usd" {
			price, ok := llm.PriceOf(conv.Provider, conv.Model)
			if !ok {
				continue // an unknown price is not a price
			}
			amount = costOf(price, input, output)
		}
		p.g.books.spend(c, p.who(c), p.x.Started, amount)
	}
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// costOf is a price in US dollars; the catalog's are for a million tokens.
func costOf(price llm.Price, input, output int64) float64 {
	return (price.Input*float64(input) + price.Output*float64(output)) / 1e6
}
