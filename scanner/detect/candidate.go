package detect

import (
	"regexp"
	"strconv"
	"strings"
)

// recognizer knows one kind of identifier that is written as groups of letters and digits.
type recognizer struct {
	kind string
	// shapes of the letters and digits without separators: D11, L2D7, L1-3D4, or *9 for nine of either.
	shapes []string
	// seps are the separators that may stand between groups; none when empty.
	seps string
	// written is how long it is with its separators; 0 means that it has several lengths.
	written int
	// form has to match the whole candidate with its separators, in upper case; nil when shape and check suffice.
	form *regexp.Regexp
	// begins are the classes of the first letters and digits, D, L or ? for either; it spares form and check.
	begins string
	// check is given letters and digits without separators, in upper case; nil when the form suffices.
	check func(n string) bool
	// extend matches what belongs to it although no identifier has it: the time of a date. It begins at the candidate.
	extend *regexp.Regexp
	// bare is how sure it is by itself, near when one of words stands nearby. Zero: not at all.
	bare, near float64
	words      []string

	mentioned wordSet // words, as numbers
}

// Limits of what can be one identifier.
const (
	maxGroups = 9
	maxLength = 34 // an IBAN
	maxDate   = 40 // a date with its time
)

// byShape finds the recognizers of a shape, byLength those of any letters and digits. Built once from the tables.
var byShape, byLength = func() (map[shapeKey][]*recognizer, [maxLength + 1][]*recognizer) {
	shapes, lengths := map[shapeKey][]*recognizer{}, [maxLength + 1][]*recognizer{}
	for i := range recognizers {
		r := &recognizers[i]
		r.mentioned = wordsOf(r.words)
		for _, shape := range r.shapes {
			for _, s := range expand(shape) {
				if n, ok := strings.CutPrefix(s, "*"); ok {
					length := atoi(n)
					lengths[length] = append(lengths[length], r)
					continue
				}
				key := keyOf(s)
				shapes[key] = append(shapes[key], r)
			}
		}
	}
	return shapes, lengths
}()

// shapesKnown tells most shapes that are nobody's from the rest, without asking byShape.
var shapesKnown = func() (known [1 << shapeBits]bool) {
	for key := range byShape {
		known[key.slot()] = true
	}
	return known
}()

const shapeBits = 13

func (k shapeKey) slot() uint64 { return uint64(k) * 0x9e3779b97f4a7c15 >> (64 - shapeBits) }

// shapeKey is a shape in a number: seven bits a run, one for its class and six for its length.
type shapeKey uint64

// noShape is the key of what has too many runs to be anything.
const noShape = ^shapeKey(0)

const maxRuns = 8

// keyOf reads a shape as the tables write it.
func keyOf(shape string) shapeKey {
	var b shapeBuilder
	for i := 0; i < len(shape); {
		j := i + 1
		for j < len(shape) && shape[j] >= '0' && shape[j] <= '9' {
			j++
		}
		class := uint8(letter)
		if shape[i] == 'D' {
			class = number
		}
		for range atoi(shape[i+1 : j]) {
			b.add(class)
		}
		i = j
	}
	return b.key()
}

// shapeBuilder makes the shape of a text that grows.
type shapeBuilder struct {
	done   shapeKey // runs that ended
	runs   int
	class  uint8
	length uint8
	digits bool
}

func (b *shapeBuilder) add(class uint8) {
	if class == b.class {
		b.length++
		return
	}
	b.done, b.runs = b.key(), b.runs+1
	b.class, b.length = class, 1
	b.digits = b.digits || class == number
}

func (b *shapeBuilder) key() shapeKey {
	if b.runs > maxRuns || b.done == noShape {
		return noShape
	}
	return b.done<<7 | shapeKey(b.class-1)<<6 | shapeKey(b.length&63)
}

// expand writes out the ranges of a shape: L1-2D3 is L1D3 and L2D3.
func expand(shape string) []string {
	at := strings.IndexByte(shape, '-')
	if at < 0 {
		return []string{shape}
	}
	from := strings.LastIndexAny(shape[:at], "DL*") + 1
	to := at + 1
	for to < len(shape) && shape[to] >= '0' && shape[to] <= '9' {
		to++
	}
	low, _ := strconv.Atoi(shape[from:at])
	high, _ := strconv.Atoi(shape[at+1 : to])
	var all []string
	for n := low; n <= high; n++ {
		all = append(all, expand(shape[:from]+strconv.Itoa(n)+shape[to:])...)
	}
	return all
}

const (
	other = iota
	number
	letter
)

// classOf sorts bytes; bytes of other scripts are letters, so that a number inside a word is not one.
var classOf = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= '0' && c <= '9':
			t[c] = number
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80, c == '_':
			t[c] = letter
		}
	}
	return t
}()

// group is a run of letters and digits.
type group struct {
	start, end int
	digits     bool
}

// groups looks at every run of letters and digits and what could be joined from it.
func (s *subject) groups() {
	var room [16]group
	ring := room[:0]
	text := s.text
	for i := 0; i < len(text); {
		if classOf[text[i]] == other {
			i++
			continue
		}
		g := group{start: i}
		for i < len(text) && classOf[text[i]] != other {
			g.digits = g.digits || classOf[text[i]] == number
			i++
		}
		g.end = i
		if length := g.end - g.start; length >= 26 && length <= 74 && g.digits {
			s.wallet(g)
		}
		if len(ring) > 0 && !joinable(text, ring[len(ring)-1].end, g.start) {
			s.join(ring)
			ring = ring[:0]
		}
		ring = append(ring, g)
	}
	s.join(ring)
}

// joinable reports whether two groups may be parts of one identifier.
func joinable(text string, end, start int) bool {
	if start-end != 1 {
		return false
	}
	switch text[end] {
	case ' ', '-', '.', '/', '+':
		return true
	}
	return false
}

// join tries every chain of neighbours.
func (s *subject) join(chain []group) {
	if len(chain) == 5 && uuid(s.text[chain[0].start:chain[4].end]) {
		return
	}
	var norm [maxLength]byte
	for i := range chain {
		if !chain[i].digits && (i+1 >= len(chain) || !chain[i+1].digits) && (i+2 >= len(chain) || !chain[i+2].digits) {
			continue
		}
		if fraction(s.text, chain[i].start) {
			continue
		}
		n := 0
		var shape shapeBuilder
		for j := i; j < len(chain) && j < i+maxGroups; j++ {
			g := chain[j]
			if n+g.end-g.start > maxLength {
				break
			}
			for k := g.start; k < g.end; k++ {
				c := s.text[k]
				shape.add(classOf[c])
				if c >= 'a' && c <= 'z' {
					c -= 'a' - 'A'
				}
				norm[n] = c
				n++
			}
			if n >= 4 && shape.digits {
				s.candidate(chain[i].start, g.end, norm[:n], shape.key(), j > i)
			}
		}
	}
}

// fraction reports whether digits at i follow a decimal point.
func fraction(text string, i int) bool {
	return i >= 2 && text[i-1] == '.' && classOf[text[i-2]] == number
}

// candidate asks every recognizer of the shape.
func (s *subject) candidate(start, end int, norm []byte, shape shapeKey, joined bool) {
	if shape != noShape && shapesKnown[shape.slot()] {
		if found := byShape[shape]; found != nil {
			s.ask(found, start, end, norm, joined)
		}
	}
	if found := byLength[len(norm)]; found != nil {
		s.ask(found, start, end, norm, joined)
	}
}

func (s *subject) ask(found []*recognizer, start, end int, norm []byte, joined bool) {
	raw := s.text[start:end]
	n := ""
	for _, r := range found {
		if r.written > 0 && end-start != r.written {
			continue
		}
		if r.begins != "" && !beginsAs(norm, r.begins) || joined && !separated(raw, r.seps) {
			continue
		}
		if r.bare < s.least && (r.near < s.least || !s.mentions(start, end, &r.mentioned)) {
			continue
		}
		if n == "" {
			n = string(norm)
		}
		if r.form != nil && !r.form.MatchString(strings.ToUpper(raw)) {
			continue
		}
		if r.check != nil && !r.check(n) {
			continue
		}
		end := end
		if r.extend != nil {
			end = start + max(end-start, len(r.extend.FindString(s.text[start:min(len(s.text), start+maxDate)])))
		}
		s.weigh(r, start, end)
	}
}

// weigh adds a span as sure as its surroundings make it.
func (s *subject) weigh(r *recognizer, start, end int) {
	sure := r.bare
	if r.near > r.bare && s.mentions(start, end, &r.mentioned) {
		sure = r.near
	}
	if sure > 0 {
		s.add(r.kind, start, end, sure)
	}
}

// beginsAs reports whether letters and digits stand where a pattern says.
func beginsAs(norm []byte, pattern string) bool {
	for i := range min(len(pattern), len(norm)) {
		class := classOf[norm[i]]
		if pattern[i] == 'D' && class != number || pattern[i] == 'L' && class != letter {
			return false
		}
	}
	return true
}

// separated reports whether only the given separators stand between groups.
func separated(raw, seps string) bool {
	for i := range len(raw) {
		if classOf[raw[i]] == other && strings.IndexByte(seps, raw[i]) < 0 {
			return false
		}
	}
	return true
}

// uuid reports whether text is a UUID in its usual form: it holds digits, and none of them mean anything.
func uuid(text string) bool {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}
