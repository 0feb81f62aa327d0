package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// counting is how a window counts.
type counting uint8

const (
	byCount    counting = iota + 1 // exchanges
	byRow                          // exchanges one after the other, none between them that does not count
	byDistinct                     // different values
	bySum                          // an amount
	byRate                         // the share of exchanges
	byNew                          // a value that was never there before
	byChange                       // a tool describes itself otherwise than before
)

// window is what a rule counts before it speaks.
type window struct {
	per    []string      // what is counted apart: actor, endpoint, …; none: everything together
	within time.Duration // 0: ever
	by     counting
	of     textField // of byDistinct and byNew: whose values; of bySum: what amount
	limit  float64   // from which the rule holds: a number, an amount, or a share
	least  int       // of byRate: exchanges at least; of byNew: how many have to come before
}

// Bounds of one group.
const (
	mostMarks  = 48    // marks kept apart, before those of one part of the window are put together
	parts      = 32    // of a window
	mostValues = 1_000 // different values: also the highest limit of byDistinct
)

// mark is one exchange that counted, or several that were put together.
type mark struct {
	at       int64 // Unix milliseconds; of several, of the first
	exchange traffic.ID
	n        int     // exchanges
	v        float64 // what they add
	what     string
	told     bool // a match has named it
}

// value is one of the different values of a group.
type value struct {
	hash uint64
	at   int64 // when it was seen last, Unix milliseconds
}

// group is what was counted for one actor, endpoint, ….
type group struct {
	newest int64
	marks  []mark
	n      int     // of all marks
	v      float64 // of all marks
	values []value
	before int // of byNew: exchanges that counted
}

// weight is how much memory a group takes, in values.
func (g *group) weight() int { return 8 + 4*cap(g.marks) + cap(g.values) }

// forget drops what is older than the window. A group that is given an exchange from long before begins anew: nobody
// counts backwards.
func (g *group) forget(at int64, within time.Duration) {
	if within <= 0 {
		g.newest = max(g.newest, at)
		return
	}
	length := within.Milliseconds()
	if at < g.newest-length {
		*g = group{marks: g.marks[:0], values: g.values[:0]}
	}
	g.newest = max(g.newest, at)
	from := g.newest - length
	dropped := 0
	for dropped < len(g.marks) && g.marks[dropped].at <= from {
		g.n -= g.marks[dropped].n
		g.v -= g.marks[dropped].v
		dropped++
	}
	if dropped > 0 {
		g.marks = slices.Delete(g.marks, 0, dropped)
	}
	if len(g.marks) == 0 {
		g.n, g.v = 0, 0 // and no rounding is left over
	}
	if len(g.values) > 0 {
		g.values = slices.DeleteFunc(g.values, func(v value) bool { return v.at <= from })
	}
}

// add puts a mark to the others. Where there are too many, those of one part of the window are put together: what was
// put together is forgotten with its first, so that a window counts at most one part too little, and never too much.
func (g *group) add(m mark, within time.Duration) {
	g.n += m.n
	g.v += m.v
	if len(g.marks) >= mostMarks {
		part := within.Milliseconds() / parts
		kept := g.marks[:1]
		for i, m := range g.marks[1:] {
			last := &kept[len(kept)-1]
			if within > 0 && m.at/max(part, 1) != last.at/max(part, 1) || within <= 0 && i%2 == 1 {
				kept = append(kept, m)
				continue
			}
			last.at, last.n, last.v, last.told = min(last.at, m.at), last.n+m.n, last.v+m.v, last.told && m.told
		}
		g.marks = kept
	}
	if len(g.marks) >= mostMarks { // late ones, out of order
		half := len(g.marks) / 2
		for _, m := range g.marks[:half] {
			g.n -= m.n
			g.v -= m.v
		}
		g.marks = slices.Delete(g.marks, 0, half)
	}
	g.marks = append(g.marks, m)
}

// see notes a value and tells whether it is a new one.
func (g *group) see(hash uint64, at int64, most int) bool {
	for i := range g.values {
		if g.values[i].hash == hash {
			g.values[i].at = max(g.values[i].at, at)
			return false
		}
	}
	if len(g.values) >= most { // the one that was not seen for longest makes room
		oldest := 0
		for i := range g.values {
			if g.values[i].at < g.values[oldest].at {
				oldest = i
			}
		}
		g.values[oldest] = value{hash, at}
		return true
	}
	g.values = append(g.values, value{hash, at})
	return true
}

// count takes an exchange into account that the rule's filter lets pass; met tells whether its condition holds too. It
// returns the window's count, and whether that is enough.
func (w *window) count(g *group, v *view, met bool, limit float64, what string) (float64, bool) {
	at := v.sight.At.UnixMilli()
	g.forget(at, w.within)
	m := mark{at: at, exchange: v.sight.Exchange, n: 1, what: what}
	switch w.by {
	case byCount, byRow:
		m.v = 1
	case bySum:
		m.v = w.amount(v)
	case byRate:
		if met {
			m.v = 1
		}
	case byDistinct:
		fresh := false
		for _, hash := range w.hashes(v) {
			fresh = g.see(hash, at, min(max(64, 2*int(limit)), mostValues)) || fresh
		}
		if !fresh {
			return float64(len(g.values)), float64(len(g.values)) >= limit
		}
	case byChange:
		return 1, g.changes(v, at)
	case byNew:
		fresh := false
		known := g.before >= w.least && len(g.values) > 0
		for _, hash := range w.hashes(v) {
			fresh = g.see(hash, at, mostValues) || fresh
		}
		g.before++
		return float64(len(g.values)), fresh && known
	}
	g.add(m, w.within)
	switch w.by {
	case byDistinct:
		return float64(len(g.values)), float64(len(g.values)) >= limit
	case byRate:
		share := g.v / float64(g.n)
		return share, g.n >= w.least && share >= limit
	default:
		return g.v, g.v >= limit
	}
}

// changes notes the tools that a server lists, and tells whether one that is known describes itself in a way that is not.
// Which one, view.changed says.
func (g *group) changes(v *view, at int64) bool {
	definer, ok := v.sight.Facts.(Definer)
	if !ok {
		return false
	}
	v.changed = v.changed[:0]
	for _, d := range definer.Defined() {
		name := hashOf(d.Tool)
		is := (name ^ d.Print) * 1099511628211
		known := slices.ContainsFunc(g.values, func(v value) bool { return v.hash == name })
		if fresh := g.see(is, at, mostValues); fresh && known {
			v.changed = append(v.changed, d.Tool)
		}
		g.see(name, at, mostValues)
	}
	return len(v.changed) > 0
}

// amount is what an exchange adds to a sum.
func (w *window) amount(v *view) float64 {
	s := v.sight
	number := func(field string) float64 {
		if s.Facts == nil {
			return 0
		}
		n, known := s.Facts.Number(field)
		if !known {
			return 0
		}
		return float64(max(n, 0))
	}
	switch w.of.field {
	case "tokens":
		return float64(max(s.Input, 0) + max(s.Output, 0))
	case "input_tokens":
		return float64(max(s.Input, 0))
	case "output_tokens":
		return float64(max(s.Output, 0))
	case "cost":
		return float64(max(s.Cost, 0)) / 1e6
	case "calls":
		return float64(len(s.Tools))
	case "bytes":
		return number("size")
	case "request_bytes", "response_bytes":
		return number(w.of.field)
	default: // requests
		return 1
	}
}

// hashes are the values of an exchange that are told apart. There are at most 64 of them.
func (w *window) hashes(v *view) []uint64 {
	s := v.sight
	var texts []string
	one := func(text string) {
		if text != "" {
			texts = append(texts, text)
		}
	}
	switch w.of.field {
	case "actor":
		one(string(s.Actor))
	case "host":
		one(s.Host)
	case "model":
		one(s.Model)
	case "endpoint":
		one(v.endpoint())
	case "conversation":
		if s.Conversation > 0 {
			one(s.Conversation.String())
		}
	case "status":
		if s.Status > 0 {
			one(strconv.Itoa(s.Status))
		}
	case "tool_call":
		texts = s.Tools
	case "name":
		for _, sign := range v.counted() {
			one(string(sign.Kind) + " " + sign.Name)
		}
	case "sign":
		one(strongest(v.counted()))
	default:
		texts = v.known(w.of).texts
	}
	hashes := make([]uint64, 0, min(len(texts), 64))
	for _, t := range texts {
		if len(hashes) == cap(hashes) {
			break
		}
		hashes = append(hashes, hashOf(t))
	}
	return hashes
}

// strongest tells the surest of signs from others by its kind, its name and where in its text it stands. What a client
// sends again with every turn has the same one, though it is another message then.
func strongest(signs []scanner.Sign) string {
	if len(signs) == 0 {
		return ""
	}
	best := &signs[0]
	for i := range signs {
		if signs[i].Score > best.Score {
			best = &signs[i]
		}
	}
	return fmt.Sprintf("%s %s %d %d %.3f", best.Kind, best.Name, best.Start, best.End, best.Score)
}

// mostHashed is how much of the beginning and of the end of a text tells it from others.
const mostHashed = 4 << 10

// hashOf is FNV-1a: a State is read again by another process, so the hash may not be the process's own.
func hashOf(text string) uint64 {
	h := uint64(14695981039346656037) ^ uint64(len(text))
	if len(text) > 2*mostHashed {
		h = (h ^ hashOf(text[len(text)-mostHashed:])) * 1099511628211
		text = text[:mostHashed]
	}
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

// pers are what windows can be counted apart by.
var pers = []string{"actor", "endpoint", "model", "conversation", "host", "text", "all"}

// group names within what an exchange counts. It is false where the exchange does not say.
func (w *window) group(v *view) (string, bool) {
	s := v.sight
	if len(w.per) == 1 && w.per[0] == "actor" {
		return string(s.Actor), s.Actor != ""
	}
	parts := make([]string, 0, 3)
	for _, per := range w.per {
		part := ""
		switch per {
		case "actor":
			part = string(s.Actor)
		case "endpoint":
			part = v.endpoint()
		case "conversation":
			if s.Conversation > 0 {
				part = "conversation:" + s.Conversation.String()
			}
		case "text":
			if texts := v.known(textField{"user", ""}).texts; len(texts) > 0 {
				part = fmt.Sprintf("text:%016x", hashOf(texts[len(texts)-1]))
			}
		case "model":
			part = prefixed("model:", s.Model)
		case "host":
			part = prefixed("host:", s.Host)
		}
		if part == "" {
			return "", false
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " "), true
}

// endpoint names the endpoint of the exchange in view. Where the inventory does not know it yet, host and path stand for
// it, without what looks like an id.
func (v *view) endpoint() string {
	if v.sight.Endpoint > 0 {
		return "endpoint:" + strconv.FormatInt(int64(v.sight.Endpoint), 10)
	}
	paths := v.known(textField{"path", ""}).texts
	if len(paths) == 0 || v.sight.Host == "" {
		return ""
	}
	segments := strings.SplitN(paths[0], "/", 20)
	for i, part := range segments {
		if len(part) > 32 || strings.ContainsAny(part, "0123456789") && !version.MatchString(part) {
			segments[i] = "{}"
		}
	}
	return "endpoint:" + v.sight.Host + strings.Join(segments, "/")
}

// version matches segments of paths that hold a digit and are no id.
var version = regexp.MustCompile(`^v\d{1,2}(\.\d{1,2})?$`)

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// unit is what a window's count counts, for people.
func (w *window) unit() string {
	switch w.by {
	case byCount:
		return "exchanges"
	case byRow:
		return "exchanges in a row"
	case byDistinct:
		if many := plurals[w.of.field]; many != "" && w.of.key == "" {
			return "different " + many
		}
		return "different values of " + w.of.String()
	case bySum:
		if w.of.field == "cost" {
			return "US dollars"
		}
		return strings.ReplaceAll(w.of.field, "_", " ")
	case byRate:
		return "of the exchanges, as a share"
	default:
		return ""
	}
}

// plurals are what several values of a field are called.
var plurals = map[string]string{
	"actor": "actors", "endpoint": "endpoints", "model": "models", "conversation": "conversations", "host": "hosts", "status": "status codes",
	"tool_call": "tools", "name": "sorts of sign", "sign": "signs", "path": "paths", "url": "addresses", "user": "texts of users", "method": "methods", "client": "programs",
}

// String is the field as rules name it.
func (f textField) String() string {
	if f.key != "" {
		return f.field + "." + f.key
	}
	return f.field
}

// String says what the window counts, for people.
func (w *window) String() string {
	var b strings.Builder
	switch w.by {
	case byChange:
		b.WriteString("a tool that describes itself otherwise than before")
	case byNew:
		fmt.Fprintf(&b, "a %s that was never there before, once %d exchanges were seen", w.of, w.least)
	case byRate:
		fmt.Fprintf(&b, "at least %s%% of at least %d exchanges", plain(w.limit*100), w.least)
	default:
		fmt.Fprintf(&b, "at least %s %s", plain(w.limit), w.unit())
	}
	if w.within > 0 {
		b.WriteString(" within " + span(w.within))
	}
	if len(w.per) > 0 {
		b.WriteString(", for each " + strings.Join(w.per, " and "))
	}
	return b.String()
}
