package mutate

import (
	"slices"
	"strings"
	"sync"
)

// Family groups mutations that work alike.
type Family string

// The families, in the order in which they are listed.
const (
	Encodings Family = "encodings" // bytes written with other characters
	Ciphers   Family = "ciphers"   // letters replaced or moved by a rule
	Alphabets Family = "alphabets" // other signs for the same letters
	Unicode   Family = "unicode"   // look-alikes and marks
	Hidden    Family = "hidden"    // characters that are not seen
	Letters   Family = "letters"   // letters of a word changed
	Layout    Family = "layout"    // the same words, placed in another way
	Phrasing  Family = "phrasing"  // other words for the same
	Wrappers  Family = "wrappers"  // words around the text
	Tokens    Family = "tokens"    // the turn markers of chat templates
	Nesting   Family = "nesting"   // the text as data in a document or a program
	Flooding  Family = "flooding"  // much text around the text
)

// Mutation is one way to rewrite a text.
type Mutation struct {
	Name   string  // as a chain names it, such as "base64"
	Family Family  // what it works like
	What   string  // one sentence: what it does
	Params []Param // what may stand in parentheses, in order

	// Called is how a request to decode names it, such as "Base64". Empty where there is nothing to decode.
	Called string
	// Reversible is true where undoing gives back every text exactly.
	Reversible bool
	// Loses says what undoing does not bring back. It is set where the mutation can be read back but is not reversible.
	Loses string
	// Random is true where the result depends on the seed.
	Random bool
	// Whole is true where it makes no sense on a part of a text.
	Whole bool

	apply func(text string, c *call) string
	undo  func(text string, c *call) (string, bool)
	size  func(c *call) bound
}

// Readable reports whether the mutation can be undone at all, exactly or with what Loses names.
func (m *Mutation) Readable() bool { return m.undo != nil }

// bound says how long a result can get: grow bytes for each byte, and adds once.
type bound struct{ grow, adds int }

// of is the longest result for n bytes.
func (b bound) of(n int) int { return b.grow*n + b.adds }

// grows is the bound of a mutation whose parameters do not matter to it.
func grows(grow, adds int) func(*call) bound {
	return func(*call) bound { return bound{grow, adds} }
}

// call is one use of a mutation: its arguments and where its chance comes from.
type call struct {
	args   []argument
	random *random
}

func (c *call) number(i int) int    { return int(c.args[i].number) }
func (c *call) share(i int) float64 { return c.args[i].number }
func (c *call) text(i int) string   { return c.args[i].text }

// registry is every mutation by family, and the names for looking up.
var registry = sync.OnceValue(func() *catalogue {
	r := &catalogue{byName: map[string]*Mutation{}}
	for _, family := range [][]Mutation{
		encodings(), escapes(), ciphers(), alphabets(), lookAlikes(), marks(), hidden(), letters(), capitals(),
		layouts(), phrasings(), wrappers(), tokens(), nestings(), floods(),
	} {
		r.all = append(r.all, family...)
	}
	for i := range r.all {
		r.byName[r.all[i].Name] = &r.all[i]
	}
	return r
})

type catalogue struct {
	all    []Mutation
	byName map[string]*Mutation
}

// All lists every mutation, family by family.
func All() []Mutation { return slices.Clone(registry().all) }

// Lookup finds a mutation by its name. The error names the nearest one.
func Lookup(name string) (Mutation, error) {
	m, wrong := find(name)
	if wrong != nil {
		return Mutation{}, wrong
	}
	return *m, nil
}

func find(name string) (*Mutation, *Error) {
	r := registry()
	if m, ok := r.byName[strings.ToLower(name)]; ok {
		return m, nil
	}
	names := make([]string, 0, len(r.all))
	for _, m := range r.all {
		names = append(names, m.Name)
	}
	return nil, unknown("mutation", name, names)
}
