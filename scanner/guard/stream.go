package guard

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/detect"
	"assay/scanner/watch"
	"assay/traffic"
)

// stream is the body of a streamed answer on its way through a filter.
type stream struct {
	p        *passage
	policies []*policy
	f        *filter
	src      io.Reader // decoded
	close    func() error
	speaker  *speaker
	reader   *llm.Reader // reads along, for the calls of tools

	chunks chan chunk
	done   chan struct{} // nobody reads any more
	pump   sync.WaitGroup
	once   sync.Once

	out   []byte
	then  []byte // is sent by itself, a moment after out
	ended bool
	err   error // of the source, when the stream has ended
	why   string

	all    view // what was seen so far
	hits   map[*policy]int
	d      *decision
	data   detect.Options // what sensitive data any of the policies asks for
	unseen int            // bytes since detectors looked last
	told   bool
}

// chunk is what one read of the source gave.
type chunk struct {
	data []byte
	err  error
}

// filterStream puts a filter between an answer that streams and its client.
func (p *passage) filterStream(resp *http.Response, policies []*policy, framing framing) {
	s := &stream{
		p: p, policies: policies, f: newFilter(framing), src: resp.Body, close: resp.Body.Close, speaker: p.speaker(),
		chunks: make(chan chunk), done: make(chan struct{}), hits: map[*policy]int{}, d: &decision{}, data: dataOptions(policies),
	}
	s.speaker.stream = true
	if codings := codingsOf(resp.Header); len(traffic.Codings(codings)) > 0 {
		decoder, err := traffic.NewDecoder(resp.Body, codings)
		if err != nil {
			s.unread(resp, "its content coding is not known")
			return
		}
		body := resp.Body
		s.src, s.close = decoder, func() error { _ = decoder.Close(); return body.Close() }
		resp.Header.Del("Content-Encoding")
	}
	in := p.input
	in.ResponseBody = nil
	s.reader = llm.NewReader(in)
	s.all = view{side: scanner.InAnswer, conv: &llm.Conversation{}}
	s.f.scan, s.f.judge, s.f.inspect = s.scan, s.judge, s.inspect
	s.f.flow = !slices.ContainsFunc(policies, func(c *policy) bool { return c.scansTypes() || c.sights })
	resp.Header.Del("Content-Length")
	resp.ContentLength = -1
	s.pump.Add(1)
	go s.fetch()
	resp.Body = s
}

// unread is for a stream that cannot be read: FailClosed decides.
func (s *stream) unread(resp *http.Response, why string) {
	d := &decision{}
	for _, c := range s.policies {
		s.p.unlooked(d, c, scanner.InAnswer, why)
	}
	s.p.enforceAnswer(resp, d, nil)
}

// fetch reads the source beside whoever reads the stream, so that what is held goes on when its time is up.
func (s *stream) fetch() {
	defer s.pump.Done()
	for {
		buf := make([]byte, 16<<10)
		n, err := s.src.Read(buf)
		select {
		case s.chunks <- chunk{buf[:n], err}:
		case <-s.done:
			return
		}
		if err != nil {
			return
		}
	}
}

// Read gives what may go to the client.
func (s *stream) Read(p []byte) (int, error) {
	for {
		switch {
		case len(s.out) > 0:
			n := copy(p, s.out)
			s.out = s.out[n:]
			return n, nil
		case s.then != nil:
			s.pause(alone)
			s.out, s.then = s.then, nil
		case s.ended:
			return 0, s.err
		default:
			s.step()
		}
	}
}

// alone is how long an error that has to come by itself waits, so that it does.
const alone = 30 * time.Millisecond

func (s *stream) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.done:
	}
}

// step takes what comes next: more of the source, or the moment at which something was held for long enough.
func (s *stream) step() {
	var due <-chan time.Time
	if wait, ok := s.f.due(time.Now()); ok {
		timer := time.NewTimer(max(wait, time.Millisecond))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case c := <-s.chunks:
		s.take(c)
	case <-due:
		s.guarded(func() { s.out = s.f.release(time.Now(), false) })
	case <-s.done:
		s.ended, s.err = true, io.ErrClosedPipe
		return
	}
	if s.f.cut && !s.ended {
		s.finish()
	}
}

func (s *stream) take(c chunk) {
	if len(c.data) > 0 {
		s.guarded(func() { s.out = s.f.write(c.data, time.Now()) })
	}
	if c.err != nil && !s.f.cut && !s.ended {
		s.guarded(func() { s.out = append(s.out, s.f.close(time.Now())...) })
		if !s.f.cut {
			s.ended, s.err = true, c.err
			s.tell()
		}
	}
}

// guarded runs what must not break the stream: where it fails, FailClosed decides about the rest.
func (s *stream) guarded(do func()) {
	if s.p.g.safely("a stream", do) {
		return
	}
	for _, c := range s.policies {
		s.p.unlooked(s.d, c, scanner.InAnswer, "a detector failed")
	}
	if s.d.stop != nil {
		s.f.cut = true
		return
	}
	rest := s.f.seg.rest()
	for _, b := range s.f.held {
		s.out = append(s.out, b.raw...)
	}
	s.out = append(s.out, rest...)
	s.f.held, s.policies = nil, nil
	s.f.framing = framingPlain
	s.f.seg.framing = framingPlain
	s.f.scan = func(string, string) []scanSpan { return nil }
	s.f.judge = func(*channel, string, int, bool, []scanSpan) ([]scanSpan, bool) { return nil, false }
}

// scan finds sensitive data in a window of text.
func (s *stream) scan(window, key string) []scanSpan {
	if !slices.ContainsFunc(s.policies, (*policy).scansTypes) {
		return nil
	}
	var out []scanSpan
	o := s.data
	o.Key = key
	for _, found := range s.p.g.o.Detector.Scan(window, o) {
		sign := scanner.Sign{
			Kind: kindOf(found.Class), Name: found.Kind, Side: scanner.InAnswer, Where: "answer", Score: found.Confidence,
			Why: "It has the form of " + found.Kind + ".",
		}
		span := scanSpan{start: found.Start, end: found.End, sign: sign}
		for _, c := range s.policies {
			if c.wants(&sign) {
				span.wanted = true
				span.redact = span.redact || c.Action == scanner.Redact && !slices.Contains(s.p.muted, c)
			}
		}
		if !span.wanted {
			continue
		}
		if span.redact {
			span.name = s.p.veils.name(found.Kind, window[found.Start:found.End])
		}
		out = append(out, span)
	}
	return out
}

// mostSeen bounds how many signs of one stream are kept.
const mostSeen = 512

// everyBytes is how much text may pass before detectors look again, where nothing in it asks for a look.
const everyBytes = 96

// judge looks at text before it goes to the client.
func (s *stream) judge(ch *channel, said string, fresh int, last bool, spans []scanSpan) (more []scanSpan, stop bool) {
	for i := range spans {
		if len(s.all.found) < mostSeen {
			s.all.found = append(s.all.found, found{sign: spans[i].sign})
		}
	}
	changed := len(spans) > 0
	s.unseen += fresh
	tail := said[len(said)-fresh:]
	if slices.ContainsFunc(s.policies, func(c *policy) bool { return c.sights }) &&
		(last || s.unseen >= everyBytes || strings.ContainsAny(tail, ")>]}\"'\n;")) {
		s.unseen = 0
		before := len(s.all.signs)
		if s.sights(ch, said) {
			changed = true
			more = s.taken(ch, ch.free+fresh-len(said), s.all.signs[min(before, len(s.all.signs)):])
		}
	}
	return more, changed && s.decide()
}

// taken are the stretches of a channel that policies take out for signs; base is where the text begins that the signs
// were seen in. A sign that has gone already cannot be taken out.
func (s *stream) taken(ch *channel, base int, signs []scanner.Sign) []scanSpan {
	var all []scanSpan
	for i := range signs {
		sign := &signs[i]
		start, end := base+sign.Start, base+sign.End
		redact := slices.ContainsFunc(s.policies, func(c *policy) bool { return c.Action == scanner.Redact && c.wants(sign) })
		if redact && sign.Where == "answer" && end > max(start, ch.free) {
			all = append(all, scanSpan{start: start, end: end, name: s.p.veils.name(string(sign.Kind), sign.Name), wanted: true, redact: true, sign: *sign})
		}
	}
	return all
}

// sights has all detectors look at a piece of the answer.
func (s *stream) sights(ch *channel, said string) (more bool) {
	conv := *s.p.conv
	switch ch.name {
	case "arguments", "partial_json", "input":
		conv.ToolCalls = []llm.ToolCall{{Name: s.lastTool(), Arguments: said}}
	case "thinking", "reasoning", "reasoning_content":
		conv.Reasoning = said
	default:
		conv.Answer = said
	}
	seen := &watch.Seen{Exchange: s.p.x, Conversation: &conv}
	sight := s.p.g.sight(s.policies, seen, scanner.InAnswer, false)
	for i := range sight.Signs {
		if sign := &sight.Signs[i]; sign.Side == scanner.InAnswer && !sensitive(sign.Kind) && len(s.all.signs) < mostSeen {
			s.all.signs, more = append(s.all.signs, *sign), true
		}
	}
	if s.p.g.o.Rules != nil && slices.ContainsFunc(s.policies, func(c *policy) bool { return len(c.Rules) > 0 }) {
		before := len(s.all.rules)
		s.all.rules = append(s.all.rules, s.p.g.o.Rules.Single(sight)...)
		more = more || len(s.all.rules) > before
	}
	return more
}

func (s *stream) lastTool() string {
	if len(s.all.tools) == 0 {
		return ""
	}
	return s.all.tools[len(s.all.tools)-1]
}

// callMarks stand in events that name a tool.
var callMarks = [][]byte{[]byte(`"function"`), []byte(`"tool_use"`), []byte(`"functionCall"`), []byte(`"function_call"`), []byte(`"toolUse"`), []byte(`"tool_calls"`), []byte(`"mcp_call"`)}

// inspect reads along for calls of tools.
func (s *stream) inspect(raw []byte) (stop bool) {
	if !slices.ContainsFunc(s.policies, func(c *policy) bool { return len(c.Tools) > 0 || c.sights }) {
		return false
	}
	s.reader.Write(raw)
	if !slices.ContainsFunc(callMarks, func(mark []byte) bool { return bytes.Contains(raw, mark) }) {
		return false
	}
	conv := s.reader.Conversation()
	names := toolsOf(&conv, scanner.InAnswer)
	if len(names) == len(s.all.tools) {
		return false
	}
	s.all.tools = names
	return s.decide()
}

// decide asks the policies about all that was seen, each until it has matched. It reports whether the stream is to stop.
func (s *stream) decide() (stop bool) {
	var open []*policy
	for _, c := range s.policies {
		if _, matched := s.hits[c]; !matched {
			open = append(open, c)
		}
	}
	d := s.p.decide(open, &s.all)
	if len(d.rulings) == 0 {
		return false
	}
	for _, c := range open {
		if slices.ContainsFunc(d.rulings, func(r scanner.Ruling) bool { return r.Policy == c.ID && r.Name == c.Name }) {
			s.hits[c] = 0
		}
	}
	if d.stop == nil && len(d.ask) > 0 {
		s.p.asked(s.p.ctx, d, s.p.covered(s.all.conv.Answer))
	}
	offset := len(s.d.rulings)
	s.d.rulings = append(s.d.rulings, d.rulings...)
	for _, h := range d.redact {
		h.ruling += offset
		if slices.ContainsFunc(h.signs, func(sign scanner.Sign) bool { return !sensitive(sign.Kind) && sign.Where != "answer" }) {
			h.failed = true
			s.unplaced(&h)
		}
		s.d.redact = append(s.d.redact, h)
	}
	if d.stop != nil {
		d.stop.ruling += offset
		s.d.stop = d.stop
	}
	return s.d.stop != nil
}

// unplaced is for what a policy would take out of a stream and cannot: FailClosed decides.
func (s *stream) unplaced(h *hit) {
	r := &s.d.rulings[h.ruling]
	if h.policy.FailClosed {
		r.Reason += " It could not be taken out of the stream; the policy stops it."
		h.reason = r.Reason
		s.d.stop = firstOf(s.d.stop, h)
		return
	}
	r.Reason += " It could not be taken out of the stream; the policy lets it pass."
}

// finish ends a stream that was stopped, with an error or a refusal of the provider's shape.
func (s *stream) finish() {
	_ = s.close() // the server need not go on
	h := s.d.stop
	text := h.policy.sentence(h.reason)
	s.why = "The policy \"" + h.policy.Name + "\" cut the stream. " + h.reason
	s.d.rulings[h.ruling].Done = true
	s.p.g.stats.stopped.Add(1)
	s.ended, s.err = true, io.EOF
	if h.policy.Finish {
		if end, ok := s.speaker.ending(text, &s.f.course); ok {
			s.out = append(s.out, end...)
			s.tell()
			return
		}
	}
	end, byItself := s.speaker.broken(text, s.f.framing, &s.f.course)
	if byItself {
		s.then = end
	} else {
		s.out = append(s.out, end...)
	}
	s.tell()
}

// tell hands on the rulings, once.
func (s *stream) tell() {
	if s.told {
		return
	}
	s.told = true
	s.d.taken = s.f.taken
	if s.f.taken > 0 {
		s.p.redacted(s.d)
	}
	s.p.tell(s.d)
}

// Stopped says why the stream was cut (proxy.Stopped).
func (s *stream) Stopped() string { return s.why }

// Close ends the stream; what was decided until then is told.
func (s *stream) Close() error {
	var err error
	s.once.Do(func() {
		close(s.done)
		err = s.close()
		s.pump.Wait()
		s.tell()
	})
	return err
}
