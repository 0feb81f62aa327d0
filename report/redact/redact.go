// Package redact hides secrets and personal data in what is handed on: the same value is the same placeholder everywhere
// in a document, so that a reader can still follow.
//
// It looks twice. First it learns which values there are, in the order in which they stand; then it hides each of them
// wherever it stands, also where nothing around it tells what it is: in addresses (percent-encoded), in JSON within JSON,
// in base64, cut off at the end of a quote. A false placeholder is better than a leak.
package redact

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/report"
	"assay/scanner/detect"
	"assay/traffic"
)

// Redactor hides values. It is not for use by several goroutines.
type Redactor struct {
	o       Options
	show    map[string]bool
	keep    map[string]bool
	values  map[string]*value // by what makes them the same
	order   []*value
	numbers map[string]int // the largest number of each word
	known   matcher
	found   map[string][]hit // what the detector found in a text; nil where nothing is remembered
	text    int              // of texts in found, in bytes
}

// Options of a Redactor.
type Options struct {
	Detector *detect.Detector // with a person's own types; nil for the built-in ones
	Show     []string         // placeholders whose values a person chose to show
	Keep     []string         // hosts and addresses that name what a report is about: they stay
	Reveal   traffic.Reveal   // the values of sealed credentials that are shown; nil leaves them sealed
}

// value is something that is hidden.
type value struct {
	text        string // as it stood first
	kind        string
	class       string
	label       label
	placeholder string
	count       int
	shown       bool
}

// hit is a place of a text where a value stands.
type hit struct {
	start, end int
	of         *value
}

// New returns a Redactor.
func New(o Options) *Redactor {
	r := &Redactor{o: o, show: map[string]bool{}, keep: map[string]bool{}, values: map[string]*value{}, numbers: map[string]int{}}
	for _, p := range o.Show {
		r.show[p] = true
	}
	for _, k := range o.Keep {
		r.keep[strings.ToLower(k)] = true
	}
	return r
}

// Text returns a text with its secrets and personal data as placeholders. Placeholders of sealed credentials (⟨cred:…⟩)
// become numbered ones as well.
func (r *Redactor) Text(s string) string { return r.Named("", s) }

// Named is Text of a text that stands under a name, of a header or a parameter, which may tell what it is.
func (r *Redactor) Named(name, s string) string {
	out, _ := r.hide(s, r.look(name, s))
	return out
}

// Hidden lists what was hidden so far, by word and number.
func (r *Redactor) Hidden() []report.Hidden {
	list := []report.Hidden{}
	for _, v := range r.order {
		if v.count > 0 {
			list = append(list, report.Hidden{
				Placeholder: v.placeholder, Type: v.kind, Class: v.class, Word: v.label.people, Count: v.count, Shown: v.shown,
			})
		}
	}
	slices.SortStableFunc(list, func(a, b report.Hidden) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class)*-1, cmp.Compare(a.Word, b.Word))
	})
	return list
}

// Value is what stands behind a placeholder; empty where there is none. Of a sealed credential it is ⟨cred:…⟩, which the
// project resolves.
func (r *Redactor) Value(placeholder string) string {
	for _, v := range r.order {
		if v.placeholder == placeholder {
			return v.text
		}
	}
	return ""
}

// learn is the value that a text is: a new one where it was not met before.
func (r *Redactor) learn(text, kind, class string) *value {
	of := labelOf(kind, class)
	key := of.word + "\x00" + same(kind, class, text)
	if v := r.values[key]; v != nil {
		r.known.add(text, v)
		return v
	}
	r.numbers[of.word]++
	v := &value{text: text, kind: kind, class: class, label: of, placeholder: fmt.Sprintf("⟨%s %d⟩", of.word, r.numbers[of.word])}
	v.shown = r.show[v.placeholder]
	r.values[key], r.order = v, append(r.order, v)
	r.known.add(text, v)
	return v
}

// same is what two ways of writing a value have in common: a card number with spaces and one without are the same.
// Secrets are the same only to the letter.
func same(kind, class, text string) string {
	if class == string(detect.Secret) {
		return text
	}
	if kind == "EMAIL_ADDRESS" {
		return strings.ToLower(text)
	}
	if number := marksOut.Replace(text); number != "" && strings.Trim(number, "+0123456789") == "" {
		return number
	}
	return strings.ToUpper(strings.Join(strings.Fields(text), ""))
}

// marksOut takes out what people put between the digits of a number.
var marksOut = strings.NewReplacer(" ", "", "-", "", ".", "", "/", "", "(", "", ")", "")

// hides reports whether a span is hidden. Addresses of the web, dates and what only has the form of something stay, and so
// do the names of what a report is about.
func (r *Redactor) hides(text string, s *detect.Span) bool {
	switch s.Kind {
	case "URL":
		return false
	case "IP_ADDRESS":
		at := text[s.Start:s.End]
		ip, err := netip.ParseAddr(at)
		if err != nil || ip.IsLoopback() || ip.IsUnspecified() || ip.IsLinkLocalUnicast() {
			return false
		}
		return s.Confidence >= detect.Likely && !r.keep[strings.ToLower(at)]
	}
	if s.Class == detect.Secret {
		return s.Confidence >= detect.Form
	}
	if s.Kind == "EMAIL_ADDRESS" && strings.HasSuffix(text[:s.End], fileEnd) { // it ends in no known domain
		s.End -= len(fileEnd)
		return true
	}
	return s.Confidence >= least && !r.keep[strings.ToLower(text[s.Start:s.End])]
}

// fileEnd is how names of projects end.
const fileEnd = ".assay"

// least is how sure the detector must be of personal data: a form that any number may have, with a word nearby that says
// what it is.
const least = 0.5

// detected is what the detector finds in a text, and the placeholders of sealed credentials.
func (r *Redactor) detected(name, text string) (hits []hit) {
	for _, at := range sealed(text) {
		hits = append(hits, hit{at[0], at[1], r.learn(text[at[0]:at[1]], credential, string(detect.Secret))})
	}
	sealedOnes := len(hits)
	plain := strings.ReplaceAll(text, "…", "   ") // of the same length: what is cut off may end where the text does
	spans := r.o.Detector.Scan(plain, detect.Options{Least: detect.Form, Key: name})
	if loose := detect.Loose(plain); loose != plain { // rules of secrets want a space or a quote behind them, and prose has a full stop
		spans = append(spans, r.o.Detector.Scan(loose, detect.Options{Least: detect.Form, Only: detect.Secret})...)
	}
	for _, s := range spans {
		if !r.hides(text, &s) || slices.ContainsFunc(hits[:sealedOnes], func(h hit) bool { return h.start < s.End && s.Start < h.end }) {
			continue
		}
		if within := placeholderAround(text, s.Start, s.End); within {
			continue
		}
		hits = append(hits, hit{s.Start, s.End, r.learn(text[s.Start:s.End], s.Kind, string(s.Class))})
	}
	return hits
}

// credential is the kind of sealed credentials.
const credential = "CREDENTIAL"

// sealed finds the placeholders of sealed credentials.
func sealed(text string) (places [][2]int) {
	const open, end = "⟨cred:", "⟩"
	for from := 0; ; {
		at := strings.Index(text[from:], open)
		if at < 0 {
			return places
		}
		at += from
		from = at + len(open)
		if stop := strings.Index(text[from:min(len(text), from+80)], end); stop > 0 {
			from += stop + len(end)
			places = append(places, [2]int{at, from})
		}
	}
}

// placeholderAround reports whether a place is within a placeholder that was written before: ⟨key 1⟩.
func placeholderAround(text string, start, end int) bool {
	open := strings.LastIndex(text[:start], "⟨")
	if open < 0 || start-open > 60 || strings.Contains(text[open:start], "⟩") {
		return false
	}
	shut := strings.Index(text[end:min(len(text), end+60)], "⟩")
	return shut >= 0
}

// mostRemembered bounds the texts whose findings are remembered between the two looks, in bytes.
const mostRemembered = 64 << 20

// look finds what is to be hidden in a text: what the detector says and what is known from elsewhere, also in what the
// text holds in another writing.
func (r *Redactor) look(name, text string) []hit {
	if len(text) < shortest {
		return nil
	}
	var hits []hit
	if found, known := r.found[text]; known && name == "" {
		hits = slices.Clone(found)
	} else {
		hits = r.study(name, text)
	}
	hits = append(hits, r.recall(text)...)
	if start, end, is := brokenOff(text); is && !slices.ContainsFunc(hits, func(h hit) bool { return h.start < end && start < h.end }) {
		hits = append(hits, hit{start, end, r.learn(text[start:end], cutOff, string(detect.Secret))})
	}
	return settle(hits)
}

// cutOff is the kind of what may be the beginning of a secret.
const cutOff = "CUT_OFF"

// leastBroken is how long the beginning of a secret is, at least, that is hidden as such, in bytes.
const leastBroken = 10

// brokenOff finds the word at which a text was cut off, where nobody can say any more what it is: long, with letters and
// digits.
func brokenOff(text string) (start, end int, is bool) {
	whole := strings.TrimRight(text, ".")
	if whole = strings.TrimSuffix(whole, "…"); len(whole) == len(text) {
		return 0, 0, false
	}
	start = strings.LastIndexAny(whole, " \t\r\n\"'`=,;<>()[]{}⟨⟩") + 1
	for start > 0 && start < len(whole) && !utf8.RuneStart(whole[start]) {
		start++
	}
	word := whole[start:]
	letters := strings.ContainsFunc(word, unicode.IsLetter)
	return start, len(whole), len(word) >= leastBroken && letters && strings.ContainsAny(word, "0123456789") && strings.HasPrefix(text[len(whole):], "…")
}

// study finds with the detector, in a text and in what it holds in another writing, and remembers it.
func (r *Redactor) study(name, text string) []hit {
	if len(text) < shortest {
		return nil
	}
	if found, known := r.found[text]; known && name == "" {
		return found
	}
	hits := r.deep(name, text, 0, false, r.detected)
	if r.found != nil && name == "" && r.text < mostRemembered {
		r.found[text] = hits
		r.text += len(text)
	}
	return hits
}

// recall finds what is known from elsewhere, in a text and in what it holds in another writing.
func (r *Redactor) recall(text string) []hit {
	return r.deep("", text, 0, true, func(_, text string) []hit { return r.known.find(text) })
}

// shortest is the shortest text in which anything is looked for, in bytes.
const shortest = 5

// mostNested bounds how often something may be written within something else: JSON in a parameter of an address.
const mostNested = 2

// deep finds in a text, and in each of the writings that it may hold others in.
func (r *Redactor) deep(name, text string, depth int, slight bool, find func(name, text string) []hit) []hit {
	hits := find(name, text)
	if depth >= mostNested {
		return hits
	}
	for _, v := range views(text, slight) {
		for _, h := range r.deep(name, v.text, depth+1, slight, find) {
			start, end := v.source(h.start, h.end)
			hits = append(hits, hit{start, end, h.of})
		}
	}
	return hits
}

// settle sorts hits and makes one of those that overlap: the longest says what it is, and all of it is hidden.
func settle(hits []hit) []hit {
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	var out []hit
	for _, h := range hits {
		if h.end <= h.start {
			continue
		}
		last := len(out) - 1
		if last < 0 || h.start >= out[last].end {
			out = append(out, h)
			continue
		}
		if h.end-h.start > out[last].end-out[last].start {
			out[last].of = h.of
		}
		out[last].end = max(out[last].end, h.end)
	}
	return out
}

// shift says where a byte of a text is once things were hidden before it.
type shift struct{ start, end, to, size int } // bytes from start to end became size bytes at to

// hide writes placeholders, and says what moved.
func (r *Redactor) hide(text string, hits []hit) (string, []shift) {
	if len(hits) == 0 {
		return text, nil
	}
	var b strings.Builder
	b.Grow(len(text))
	var moved []shift
	at := 0
	for _, h := range hits {
		b.WriteString(text[at:h.start])
		put := h.of.placeholder
		if h.of.shown {
			put = text[h.start:h.end]
			if h.of.kind == credential {
				put = r.o.Reveal.Text(put)
			}
		}
		moved = append(moved, shift{h.start, h.end, b.Len(), len(put)})
		b.WriteString(put)
		h.of.count++
		at = h.end
	}
	b.WriteString(text[at:])
	return b.String(), moved
}

// place is where a byte is after shifts: of one that was hidden, the beginning of its placeholder, or its end.
func place(at int, moved []shift, end bool) int {
	by := 0
	for _, m := range moved {
		switch {
		case at >= m.end:
			by = m.to + m.size - m.end
		case at > m.start && end:
			return m.to + m.size
		case at > m.start:
			return m.to
		default:
			return at + by
		}
	}
	return at + by
}
