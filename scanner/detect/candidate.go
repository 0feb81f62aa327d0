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
	// form has to match the whole candidate with its separators, in upper case; nil when shape and check suffice.
	form *regexp.Regexp
	// check is given letters and digits without separators, in upper case; nil when the form suffices.
	check func(n string) bool
	// extend matches what belongs to it although no identifier has it: the time of a date. It begins at the candidate.
	extend *regexp.Regexp
	// bare is how sure it is by itself, near when one of words stands nearby. Zero: not at all.
	bare, near float64
	words      []string
}

// Limits of what can be one identifier.
const (
	maxGroups = 9
	maxLength = 34 // an IBAN
	maxDate   = 40 // a date with its time
)

// byShape finds the recognizers of a shape. Built once from the tables.
var byShape = func() map[string][]*recognizer {
	index := map[string][]*recognizer{}
	for i := range recognizers {
		r := &recognizers[i]
		for _, shape := range r.shapes {
			for _, s := range expand(shape) {
				index[s] = append(index[s], r)
			}
		}
	}
	return index
}()

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
	var ring []group
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
		for j := i; j < len(chain) && j < i+maxGroups; j++ {
			g := chain[j]
			if n+g.end-g.start > maxLength {
				break
			}
			for k := g.start; k < g.end; k++ {
				c := s.text[k]
				if c >= 'a' && c <= 'z' {
					c -= 'a' - 'A'
				}
				norm[n] = c
				n++
			}
			s.candidate(chain[i].start, g.end, norm[:n], j > i)
		}
	}
}

// fraction reports whether digits at i follow a decimal point.
func fraction(text string, i int) bool {
	return i >= 2 && text[i-1] == '.' && classOf[text[i-2]] == number
}

// candidate asks every recognizer of the shape.
func (s *subject) candidate(start, end int, norm []byte, joined bool) {
	if len(norm) < 4 {
		return
	}
	var buf [64]byte
	shape, digits := shapeOf(buf[:0], norm)
	if !digits {
		return
	}
	if found := byShape[string(shape)]; found != nil {
		s.ask(found, start, end, norm, joined)
	}
	any := strconv.AppendInt(append(buf[:0], '*'), int64(len(norm)), 10)
	if found := byShape[string(any)]; found != nil {
		s.ask(found, start, end, norm, joined)
	}
}

func (s *subject) ask(found []*recognizer, start, end int, norm []byte, joined bool) {
	raw := s.text[start:end]
	n := string(norm)
	for _, r := range found {
		if joined && !separated(raw, r.seps) {
			continue
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
		s.weigh(r.kind, start, end, r.bare, r.near, r.words)
	}
}

// weigh adds a span as sure as its surroundings make it.
func (s *subject) weigh(kind string, start, end int, bare, near float64, words []string) {
	sure := bare
	if near > bare && s.mentions(start, end, words) {
		sure = near
	}
	if sure > 0 {
		s.add(kind, start, end, sure)
	}
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

// shapeOf writes D and L runs with their lengths.
func shapeOf(dst, norm []byte) (shape []byte, digits bool) {
	for i := 0; i < len(norm); {
		class := classOf[norm[i]]
		j := i
		for j < len(norm) && classOf[norm[j]] == class {
			j++
		}
		mark := byte('L')
		if class == number {
			mark, digits = 'D', true
		}
		dst = strconv.AppendInt(append(dst, mark), int64(j-i), 10)
		if len(dst) > 40 {
			break
		}
		i = j
	}
	return dst, digits
}

// How far away a word may stand that says what something is.
const (
	wordsBefore = 60
	wordsAfter  = 40
)

// mentions reports whether one of the words stands near a place. Words are lower case; they match whole or as part of
// a longer word, except that short ones must be whole.
func (s *subject) mentions(start, end int, words []string) bool {
	if len(words) == 0 {
		return false
	}
	around := strings.ToLower(s.text[max(0, start-wordsBefore):start] + "\x00" + s.text[end:min(len(s.text), end+wordsAfter)])
	for _, w := range words {
		for at := 0; ; {
			i := strings.Index(around[at:], w)
			if i < 0 {
				break
			}
			i += at
			if len(w) > 4 || alone(around, i, i+len(w)) {
				return true
			}
			at = i + 1
		}
	}
	return false
}

// alone reports whether text[i:j] is a word of its own; an underscore ends words in JSON keys.
func alone(text string, i, j int) bool {
	inside := func(c byte) bool { return c != '_' && classOf[c] == letter }
	return (i == 0 || !inside(text[i-1])) && (j == len(text) || !inside(text[j]))
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
