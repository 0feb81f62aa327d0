package guard

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"assay/scanner"
)

// How long text of a stream is held back.
const (
	usualHold   = 90 * time.Millisecond // at most, where it is no beginning of something
	suspectHold = 4 * time.Second       // at most, where it is: a key may take so long to be said
)

// Bounds of what a filter holds of one channel, in bytes.
const (
	mostBefore = 512     // of text that has gone, to understand what comes
	mostHeld   = 4 << 10 // of text that is held; then it is taken for what it is
	mostBits   = 4096    // events that are held
	mostJudged = 2 << 10 // of text that has gone, which judge is shown with what comes
)

// filter takes a stream apart into events, finds out what is said in them across their borders, and lets go of what may
// pass. It knows no clock and does no I/O. Not safe for concurrent use.
type filter struct {
	framing  framing
	seg      segmenter
	scan     func(window string, key string) []scanSpan // finds what is to be taken out
	judge    judging                                    // sees what will be let go before it is
	inspect  func(raw []byte) (stop bool)               // sees every event when it comes; one that stops is not let go
	flow     bool                                       // nothing needs more than what an event says by itself
	cut      bool                                       // judge has said that nothing more is to be let go
	held     []*bit
	channels map[string]*channel
	course   course
	taken    int
}

// judging sees what a channel is about to let go: its end, fresh bytes of which are new, and what was found in those. It
// reports what else is to be taken out of it, and whether nothing more is to be let go.
type judging func(ch *channel, said string, fresh int, last bool, spans []scanSpan) (more []scanSpan, stop bool)

// scanSpan is something in a window of text that is to be taken out.
type scanSpan struct {
	start, end int
	name       string // what stands in its place
	wanted     bool   // some policy asks for it
	redact     bool   // it is to be taken out; otherwise it only must not be torn
	sign       scanner.Sign
}

// bit is one event that is held.
type bit struct {
	raw      []byte
	from, to int // of the payload
	at       time.Time
	pieces   []piecePlace
	stop     bool // nothing from here on is let go
}

// piecePlace is one text of an event, and where in its channel it stands.
type piecePlace struct {
	ch    *channel
	text  *text
	start int // of its first byte, from the beginning of the channel
}

// channel is one text that comes in pieces: the words of an answer, the arguments of one call.
type channel struct {
	key     string
	name    string // the last name of its path
	base    int    // where buf begins, from the beginning of the channel
	buf     []byte
	free    int // up to here it was decided about
	since   time.Time
	gone    []span // taken out, in order
	swallow bool   // what follows belongs to what was taken out
}

type span struct {
	start, end int
	name       string
}

func (c *channel) end() int { return c.base + len(c.buf) }

// newFilter makes one for a stream.
func newFilter(f framing) *filter {
	return &filter{
		framing: f, seg: segmenter{framing: f}, channels: map[string]*channel{}, course: course{block: -1},
		scan: func(string, string) []scanSpan { return nil }, judge: func(*channel, string, int, bool, []scanSpan) ([]scanSpan, bool) { return nil, false }, inspect: func([]byte) bool { return false },
	}
}

// write takes the next bytes of the stream and returns what may go on.
func (f *filter) write(p []byte, now time.Time) []byte {
	for _, raw := range f.seg.write(p) {
		f.add(raw, now)
	}
	return f.release(now, false)
}

// close takes the end of the stream and returns all that may still go on.
func (f *filter) close(now time.Time) []byte {
	if rest := f.seg.rest(); len(rest) > 0 {
		f.add(rest, now)
	}
	return f.release(now, true)
}

// due is when something that is held has to be looked at again; ok is false while nothing is held.
func (f *filter) due(now time.Time) (wait time.Duration, ok bool) {
	if len(f.held) == 0 {
		return 0, false
	}
	age := now.Sub(f.held[0].at)
	if age < usualHold {
		return usualHold - age, true
	}
	return usualHold / 3, true
}

// add notes an event and the texts in it.
func (f *filter) add(raw []byte, now time.Time) {
	b := &bit{raw: raw, to: len(raw), at: now, stop: f.inspect(raw)}
	f.held = append(f.held, b)
	if f.framing != f.seg.framing {
		return // it was no stream of messages
	}
	from, to, ok := payloadOf(raw, f.framing)
	if !ok {
		return
	}
	b.from, b.to = from, to
	kind := ""
	each := func(start, end int) { f.texts(b, kind, start, end, now) }
	switch f.framing {
	case framingSSE:
		kind = eachData(raw, each)
	case framingPlain:
		f.piece(b, &text{plain: string(raw), start: 0}, "", "text", now)
	default:
		each(from, to)
	}
}

// eachData goes through the data lines of an event, and returns its name.
func eachData(raw []byte, visit func(start, end int)) (name string) {
	var lines [][2]int
	for at := 0; at < len(raw); {
		end := at + bytes.IndexAny(raw[at:], "\r\n")
		if end < at {
			end = len(raw)
		}
		line := raw[at:end]
		switch {
		case bytes.HasPrefix(line, []byte("data:")):
			start := at + 5
			if start < end && raw[start] == ' ' {
				start++
			}
			lines = append(lines, [2]int{start, end})
		case bytes.HasPrefix(line, []byte("event:")):
			name = strings.TrimSpace(string(line[6:]))
		case len(line) > 0 && line[0] == '{':
			lines = append(lines, [2]int{at, end})
		}
		at = end + 1
	}
	for _, l := range lines {
		visit(l[0], l[1])
	}
	return name
}

// texts finds what one document of an event says.
func (f *filter) texts(b *bit, kind string, start, end int, now time.Time) {
	data := b.raw[start:end]
	trimmed := bytes.TrimLeft(data, " \t\r\n,[\ufeff")
	if len(trimmed) == 0 || string(trimmed) == "[DONE]" {
		return
	}
	if f.framing == framingArray { // its brackets and commas belong to no element
		start += len(data) - len(trimmed)
		data = trimmed
	}
	if trimmed[0] != '{' && f.framing == framingLines { // a document on several lines
		eachString(data, 0, func(t *text) {
			if t.form == formString && !labels[t.key] {
				t.move(start)
				f.piece(b, t, kind, t.key, now)
			}
		})
		return
	}
	if trimmed[0] != '{' && trimmed[0] != '"' {
		if f.framing == framingSSE {
			f.piece(b, &text{plain: string(data), start: start}, kind, "data", now)
		}
		return
	}
	eachMember(data, func(t *text, path, name string) {
		t.move(start)
		if !labels[name] {
			f.piece(b, t, kind+path, name, now)
		}
	})
}

// labels are members that say nothing: names, kinds, numbers of things.
var labels = map[string]bool{
	"id": true, "object": true, "model": true, "type": true, "role": true, "finish_reason": true, "finishReason": true, "stop_reason": true,
	"stopReason": true, "system_fingerprint": true, "service_tier": true, "name": true, "item_id": true, "call_id": true, "tool_call_id": true,
	"status": true, "created_at": true, "createdAt": true, "modelVersion": true, "responseId": true, "obfuscation": true, "signature": true,
	"encrypted_content": true, "thoughtSignature": true, "p": true, "done_reason": true, "event": true, "jsonrpc": true, "method": true,
	"conversation_id": true, "message_id": true, "logprob": true, "mimeType": true, "mime_type": true, "native_finish_reason": true, "provider": true,
}

// mostChannels bounds how many texts of a stream are told apart; then all of a name are one.
const mostChannels = 256

// piece adds a text to its channel.
func (f *filter) piece(b *bit, t *text, path, name string, now time.Time) {
	if t.plain == "" {
		return
	}
	key := path
	if len(f.channels) >= mostChannels && f.channels[key] == nil {
		key = "more " + name
	}
	ch := f.channels[key]
	if ch == nil {
		ch = &channel{key: key, name: name}
		f.channels[key] = ch
	}
	if ch.free == ch.end() {
		ch.since = now
	}
	b.pieces = append(b.pieces, piecePlace{ch, t, ch.end()})
	ch.buf = append(ch.buf, t.plain...)
}

// release decides about what is held and lets go of what may pass, in order.
func (f *filter) release(now time.Time, last bool) []byte {
	var out []byte
	for len(f.held) > 0 && !f.cut {
		b := f.held[0]
		if b.stop {
			f.cut = true
			return out
		}
		old := now.Sub(b.at) >= usualHold || len(f.held) > mostBits
		for _, p := range b.pieces {
			if p.start+len(p.text.plain) > p.ch.free {
				f.settle(p.ch, now, old, last)
			}
			if f.cut {
				return out
			}
			if p.start+len(p.text.plain) > p.ch.free {
				return out
			}
		}
		out = append(out, f.written(b)...)
		f.course.begun = true
		f.held = f.held[1:]
	}
	return out
}

// settle decides about as much of a channel as can be decided about now.
func (f *filter) settle(ch *channel, now time.Time, old, last bool) {
	if ch.swallow && f.swallowed(ch, string(ch.buf[ch.free-ch.base:])) {
		return
	}
	start := max(ch.free-mostBefore, ch.base)
	window, free := string(ch.buf[start-ch.base:]), ch.free-start
	limit := len(window)
	long := len(window)-free > mostHeld
	switch {
	case last || long || f.flow:
	case old:
		if now.Sub(ch.since) < suspectHold {
			limit = suspect(window, free)
		}
	default:
		limit = unsure(window, free)
	}
	if limit <= free {
		return
	}
	spans := f.scan(window, ch.name)
	for _, s := range spans {
		if s.end <= free {
			continue
		}
		if s.start < limit && s.end > limit || s.end == len(window) && s.start < limit && !last && !old && !long {
			limit = max(s.start, free) // it must not be torn
		}
	}
	if limit <= free {
		return
	}
	for i := range spans {
		spans[i].start, spans[i].end = spans[i].start+start, spans[i].end+start
	}
	f.settled(ch, start+limit, spans, last)
}

// settled lets a channel go up to a place, without what is taken out of it.
func (f *filter) settled(ch *channel, limit int, spans []scanSpan, last bool) {
	fresh := slices.DeleteFunc(slices.Clone(spans), func(s scanSpan) bool { return s.end <= ch.free || s.start >= limit })
	said := string(ch.buf[max(ch.free-mostJudged, ch.base)-ch.base : limit-ch.base])
	more, stop := f.judge(ch, said, limit-ch.free, last && limit == ch.end(), fresh)
	if f.cut = stop; stop {
		return
	}
	fresh = slices.DeleteFunc(append(fresh, more...), func(s scanSpan) bool { return !s.redact })
	slices.SortStableFunc(fresh, func(a, b scanSpan) int { return cmp.Compare(a.start, b.start) })
	for _, s := range fresh {
		start, end := max(s.start, ch.free), min(s.end, limit)
		if n := len(ch.gone); n > 0 && start < ch.gone[n-1].end { // one goes with the other
			ch.gone[n-1].end = max(ch.gone[n-1].end, end)
			continue
		}
		ch.gone = append(ch.gone, span{start, end, s.name})
		f.taken++
	}
	if n := len(ch.gone); n > 0 {
		ch.swallow = ch.gone[n-1].end == ch.end() && !last
	}
	ch.free = limit
	f.forget(ch)
}

// swallowed takes out what goes on from something that was taken out when it had not ended yet. It reports whether that
// was all there is.
func (f *filter) swallowed(ch *channel, rest string) bool {
	n := 0
	for n < len(rest) && !strings.ContainsRune(" \t\r\n\"'`,;<>()[]{}", rune(rest[n])) {
		n++
	}
	if n > 0 {
		ch.gone = append(ch.gone, span{ch.free, ch.free + n, ""})
		ch.free += n
	}
	ch.swallow = n == len(rest)
	return ch.swallow
}

// forget drops text of a channel that nothing needs any more.
func (f *filter) forget(ch *channel) {
	if drop := ch.free - ch.base - mostJudged; drop > mostJudged {
		ch.buf = ch.buf[drop:]
		ch.base += drop
	}
}

// written is an event without what was taken out of it.
func (f *filter) written(b *bit) []byte {
	var changes []change
	for _, p := range b.pieces {
		start, end := p.start, p.start+len(p.text.plain)
		for _, g := range p.ch.gone {
			if g.end <= start || g.start >= end {
				continue
			}
			with := ""
			if g.start >= start {
				with = g.name
			}
			changes = append(changes, change{p.text.at(max(g.start, start) - start), p.text.at(min(g.end, end) - start), with})
		}
	}
	raw := b.raw
	if len(changes) > 0 {
		for i := range changes {
			changes[i].start -= b.from
			changes[i].end -= b.from
		}
		raw = framed(raw, b.from, b.to, apply(raw[b.from:b.to], changes), f.framing)
	}
	f.prune(b)
	if f.framing == framingSSE {
		eachData(raw, func(start, end int) { f.course.follow(raw[start:end]) })
	}
	return raw
}

// prune forgets what was taken out before this event.
func (f *filter) prune(b *bit) {
	for _, p := range b.pieces {
		end := p.start + len(p.text.plain)
		for len(p.ch.gone) > 0 && p.ch.gone[0].end <= end {
			p.ch.gone = p.ch.gone[1:]
		}
	}
}

// unsure is where the end of a text begins that may be the beginning of something: its last word, and before it what
// looks like numbers in groups.
func unsure(s string, from int) int {
	if at := openBlock(s, from); at >= 0 {
		return at
	}
	i := len(s)
	for {
		start, word := lastWord(s[:i])
		if start < from {
			start = from
		}
		if i == len(s) && word != "" || digits(word) > 0 && digits(word)*2 >= len(word) {
			if i = start; i <= from {
				return from
			}
			continue
		}
		return i
	}
}

// suspect is where a text begins that is held longer, because it reads like the beginning of a secret.
func suspect(s string, from int) int {
	if at := openBlock(s, from); at >= 0 {
		return at
	}
	at := unsure(s, from)
	if at >= len(s) {
		return len(s)
	}
	tail := strings.TrimLeft(s[at:], "\"'`(=:[{<")
	if likely(tail) {
		return at
	}
	if i := strings.LastIndexAny(tail, "\"'`(=:[{<"); i >= 0 && likely(tail[i+1:]) {
		return at
	}
	return len(s)
}

// openBlock finds a key in lines that has begun and not ended.
func openBlock(s string, from int) int {
	i := strings.LastIndex(s, "-----BEGIN")
	if i < from || strings.Contains(s[i:], "-----END") && strings.HasSuffix(strings.TrimRight(s, "\r\n"), "-----") {
		return -1
	}
	return i
}

// lastWord is the last word of a text with the space behind it.
func lastWord(s string) (start int, word string) {
	trimmed := strings.TrimRight(s, " \t\r\n")
	start = strings.LastIndexAny(trimmed, " \t\r\n") + 1
	return start, trimmed[start:]
}

func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// prefixes are how keys begin.
var prefixes = []string{
	"sk-", "pk_", "sk_", "rk_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "AKIA", "ASIA", "AIza", "eyJ", "hf_", "npm_",
	"pypi-", "SG.", "ya29.", "gsk_", "r8_", "dop_v1_", "shpat_", "sq0", "whsec_", "-----BEGIN", "Bearer", "lin_api_", "dckr_pat_",
}

// likely reports whether a word reads like the beginning of a secret or of somebody's data.
func likely(word string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(word, p) || len(word) >= 2 && strings.HasPrefix(p, word) {
			return true
		}
	}
	n := digits(word)
	return n >= 5 || strings.Contains(word, "@") || len(word) >= 8 && n > 0
}
