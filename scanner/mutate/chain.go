package mutate

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/internal/excerpt"
)

// Limits of a chain and of what it makes.
const (
	MaxSpec   = 4 << 10  // bytes in the name of a chain
	MaxSteps  = 16       // mutations in a chain
	MaxOutput = 16 << 20 // bytes in the result of each step
)

// Chain is mutations one after the other. The zero Chain changes nothing. It can be used by several goroutines.
type Chain struct{ steps []step }

// step is one mutation with everything said about it.
type step struct {
	m     *Mutation
	args  []argument
	given int // how many of the arguments were written
	part  part
	ask   ask
}

// Result is what a chain made of a text.
type Result struct {
	Text string
	// Cut is how many bytes were left out, over all steps, because they would not have fitted into MaxOutput.
	Cut int
	// Changed counts the steps that changed something. A step on a part changes nothing when no such part is in the text.
	Changed int
}

// String is the chain as it is written; Parse reads it back. The chain that changes nothing is called "none".
func (c Chain) String() string {
	if len(c.steps) == 0 {
		return none
	}
	var b strings.Builder
	for i := range c.steps {
		if i > 0 {
			b.WriteByte('|')
		}
		c.steps[i].write(&b)
	}
	return b.String()
}

func (s *step) write(b *strings.Builder) {
	b.WriteString(s.m.Name)
	for i := range s.given {
		if i == 0 {
			b.WriteByte('(')
		} else {
			b.WriteByte(',')
		}
		b.WriteString(s.m.Params[i].write(s.args[i]))
	}
	if s.given > 0 {
		b.WriteByte(')')
	}
	s.part.write(b)
	if s.ask != askNothing {
		b.WriteString("+ask")
	}
	if s.ask > 0 {
		b.WriteString("(" + strconv.Itoa(int(s.ask)) + ")")
	}
}

// Mutations names the mutations of the chain, in order.
func (c Chain) Mutations() []string {
	names := make([]string, len(c.steps))
	for i := range c.steps {
		names[i] = c.steps[i].m.Name
	}
	return names
}

// Reversible reports whether Undo gives back every text exactly: every step is reversible and on the whole text.
func (c Chain) Reversible() bool {
	for i := range c.steps {
		if s := &c.steps[i]; !s.m.Reversible || s.part.kind != whole {
			return false
		}
	}
	return true
}

// Readable reports whether Undo can succeed: every step can be read back and is on the whole text. In a stack it can still fail, where a
// later step loses what an earlier one has to find, as Morse code loses the case of Base64.
func (c Chain) Readable() bool {
	for i := range c.steps {
		if s := &c.steps[i]; !s.m.Readable() || s.part.kind != whole {
			return false
		}
	}
	return true
}

// Random reports whether the result depends on the seed. Trials of a chain that is not random all send the same text.
func (c Chain) Random() bool {
	for i := range c.steps {
		if s := &c.steps[i]; s.m.Random || s.part.random() || s.ask == askAny {
			return true
		}
	}
	return false
}

// Apply rewrites a text. The result is the same for the same text and seed; Run tells also what was cut.
func (c Chain) Apply(text string, seed uint64) string { return c.Run(text, seed).Text }

// Run rewrites a text and counts what it did. What is not UTF-8 in the text becomes U+FFFD before the first step.
func (c Chain) Run(text string, seed uint64) Result {
	r := Result{Text: strings.ToValidUTF8(text, "\uFFFD")}
	r.fit(bound{grow: 1})
	asked := 0 // the first step that no request to decode has named yet
	for i := range c.steps {
		s := &c.steps[i]
		r.fit(s.bound())
		use := &call{args: s.args, random: newRandom(seed, i)}
		before := r.Text
		r.Text = s.part.rewrite(before, use, s.m.apply)
		if r.Text != before {
			r.Changed++
		}
		if s.ask != askNothing {
			r.Text = s.ask.wrap(r.Text, called(c.steps[asked:i+1]), use.random)
			asked = i + 1
		}
	}
	return r
}

// Longest is a bound on the bytes of the result for a text of n bytes of UTF-8, cut or not.
func (c Chain) Longest(n int) int {
	for i := range c.steps {
		n = min(c.steps[i].bound().of(min(n, MaxOutput)), MaxOutput)
	}
	return min(n, MaxOutput)
}

// bound is the mutation's own, or on a part its bound for parts of one byte each, which are the worst.
func (s *step) bound() bound {
	b := s.m.size(&call{args: s.args})
	if s.part.kind != whole {
		b = bound{grow: b.grow + b.adds}
	}
	if s.ask != askNothing {
		b.adds += longestAsk
	}
	return b
}

// fit cuts the text so that a step with this bound stays within MaxOutput.
func (r *Result) fit(b bound) {
	room := max(0, (MaxOutput-b.adds)/max(1, b.grow))
	fits := excerpt.Bytes(r.Text, room)
	r.Cut += len(r.Text) - len(fits)
	r.Text = fits
}

// Undo gives the text back, or false where a step cannot be undone or the text is none that the chain made. It needs no seed. Where the
// chain is readable but not reversible, what Loses names is missing from the text.
func (c Chain) Undo(text string) (string, bool) {
	if !c.Readable() || !utf8.ValidString(text) {
		return "", false
	}
	for i := len(c.steps) - 1; i >= 0; i-- {
		s := &c.steps[i]
		if s.ask != askNothing {
			inner, ok := s.ask.unwrap(text, called(c.steps[c.asked(i):i+1]))
			if !ok {
				return "", false
			}
			text = inner
		}
		inner, ok := s.m.undo(text, &call{args: s.args})
		if !ok || !utf8.ValidString(inner) {
			return "", false
		}
		text = inner
	}
	return text, true
}

// asked is the first step that the request to decode after step i names.
func (c Chain) asked(i int) int {
	for i > 0 && c.steps[i-1].ask == askNothing {
		i--
	}
	return i
}
