package detect

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	ahocorasick "github.com/BobuSumisu/aho-corasick"
)

// Custom is a type of sensitive data that a person defined. It is told by the name a value stands under (Keys), by the
// value (Pattern or List), or by both.
type Custom struct {
	Name      string
	Class     Class    // Personal when empty
	Keys      string   // regular expression (RE2) on the name, without case; it may match a part of it
	Pattern   string   // regular expression (RE2) on the value; its first group, where it has one, is what is found
	List      []string // or one of these, compared without case
	Validator string   // must hold for what Pattern found; one of Validators
	Match     []string // samples that must match: a value, or name=value where Keys are given
	Ignore    []string // and that must not
}

// Bounds on custom types: they come from people and from project files, which others may have made.
const (
	maxCustom      = 200
	maxExpression  = 1000    // bytes of a regular expression
	maxProgram     = 20_000  // instructions of a regular expression, its repeats written out
	maxList        = 100_000 // values of a list
	maxListValue   = 400     // bytes of one
	maxCustomSpans = 10_000  // of one type in one text
	maxKeyValue    = 4096    // bytes of a value that is found by its name alone
)

// Detector looks for the types that are built in and for custom ones. It is safe for concurrent use; nil knows no
// custom types.
type Detector struct{ types []*customType }

// customType is a Custom that was understood.
type customType struct {
	Custom

	keys, pattern *regexp.Regexp
	list          *ahocorasick.Trie
	valid         func(string) bool
}

// New returns a Detector for custom types beside the built-in ones. The error names the type and what is wrong with it: a
// name that is taken, an expression that is none, a sample that is not told right.
func New(custom []Custom) (*Detector, error) {
	if len(custom) > maxCustom {
		return nil, fmt.Errorf("there are %d custom types; %d is the most", len(custom), maxCustom)
	}
	d := &Detector{}
	names := map[string]bool{}
	for _, c := range custom {
		if names[c.Name] {
			return nil, fmt.Errorf("two custom types are called %q", c.Name)
		}
		names[c.Name] = true
		results, err := Prove(c)
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			if !r.OK {
				return nil, fmt.Errorf("the type %q is wrong about its sample %q: %s", c.Name, r.Text, r.Problem())
			}
		}
		t, err := understand(c)
		if err != nil {
			return nil, err
		}
		d.types = append(d.types, t)
	}
	return d, nil
}

// Result tells whether a custom type is right about one of its samples.
type Result struct {
	Text  string
	Match bool     // whether it should match
	OK    bool     // whether it does as it should
	Found []string // what was found in it
}

// Problem says in words what is wrong; empty when nothing is.
func (r Result) Problem() string {
	switch {
	case r.OK:
		return ""
	case r.Match:
		return "it should match and does not"
	default:
		return "it should not match and does"
	}
}

// Prove tries a type on its samples. The error says what is wrong with its definition, and names the type.
func Prove(c Custom) ([]Result, error) {
	t, err := understand(c)
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, text := range c.Match {
		found := t.sample(text)
		results = append(results, Result{Text: text, Match: true, OK: len(found) > 0, Found: found})
	}
	for _, text := range c.Ignore {
		found := t.sample(text)
		results = append(results, Result{Text: text, OK: len(found) == 0, Found: found})
	}
	return results, nil
}

// sample tries a sample as a value, and where names count as name=value or name: value.
func (t *customType) sample(text string) (found []string) {
	key, value := "", text
	if t.keys != nil {
		if i := strings.IndexAny(text, "=:"); i > 0 {
			key, value = strings.Trim(text[:i], " \"'"), strings.Trim(text[i+1:], " \"'")
		}
	}
	for _, s := range t.scan(nil, value, key) {
		found = append(found, value[s.Start:s.End])
	}
	return found
}

func understand(c Custom) (*customType, error) {
	wrong := func(format string, args ...any) (*customType, error) {
		return nil, fmt.Errorf("the type %q: %w", c.Name, fmt.Errorf(format, args...))
	}
	switch {
	case strings.TrimSpace(c.Name) == "":
		return nil, errors.New("a custom type needs a name")
	case len(c.Name) > 100:
		return wrong("its name is longer than 100 bytes")
	case builtIn(c.Name):
		return wrong("its name is that of a type that is built in")
	case c.Keys == "" && c.Pattern == "" && len(c.List) == 0:
		return wrong("it says neither keys, nor a pattern, nor a list")
	case c.Class != "" && c.Class != Personal && c.Class != Secret:
		return wrong("its class is %q; it should be personal or secret", c.Class)
	case len(c.List) > maxList:
		return wrong("its list has %d values; %d is the most", len(c.List), maxList)
	}
	t := &customType{Custom: c}
	if t.Class == "" {
		t.Class = Personal
	}
	var err error
	if t.keys, err = expression(c.Keys, "(?i)"); err != nil {
		return wrong("its keys: %w", err)
	}
	if t.pattern, err = expression(c.Pattern, ""); err != nil {
		return wrong("its pattern: %w", err)
	}
	if c.Validator != "" {
		i := slices.IndexFunc(validators, func(v validator) bool { return v.name == c.Validator })
		if i < 0 {
			return wrong("there is no validator %q; there are %s", c.Validator, strings.Join(Validators(), ", "))
		}
		t.valid = validators[i].holds
	}
	var values []string
	for _, v := range c.List {
		v = strings.TrimSpace(v)
		if len(v) > maxListValue {
			return wrong("a value of its list is longer than %d bytes", maxListValue)
		}
		if v != "" {
			values = append(values, asciiLower(v))
		}
	}
	if len(values) > 0 {
		t.list = ahocorasick.NewTrieBuilder().AddStrings(values).Build()
	}
	return t, nil
}

// expression compiles a regular expression of bounded size; nil when there is none.
func expression(text, flags string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // nil is the answer
	}
	if len(text) > maxExpression {
		return nil, fmt.Errorf("the expression is longer than %d bytes", maxExpression)
	}
	tree, err := syntax.Parse(flags+text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, err
	}
	if len(program.Inst) > maxProgram {
		return nil, errors.New("the expression repeats too much")
	}
	compiled, err := regexp.Compile(flags + text)
	if err != nil {
		return nil, err
	}
	if compiled.MatchString("") && flags == "" {
		return nil, errors.New("the expression matches an empty text")
	}
	return compiled, nil
}

// custom finds what the custom types say.
func (d *Detector) custom(text string, o Options) (spans []Span) {
	for _, t := range d.types {
		if Sure >= o.Least {
			spans = t.scan(spans, text, o.Key)
		}
	}
	return spans
}

// scan adds what one type finds in a value that stands under a name.
func (t *customType) scan(spans []Span, text, key string) []Span {
	if t.keys != nil && (key == "" || !t.keys.MatchString(key[:min(len(key), maxKey)])) {
		return spans
	}
	add := func(from, to int) {
		spans = append(spans, Span{Kind: t.Name, Class: t.Class, Start: from, End: to, Confidence: Sure})
	}
	if t.pattern == nil && t.list == nil {
		from := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
		to := len(strings.TrimRight(text, " \t\r\n"))
		if to > from && to-from <= maxKeyValue && (t.valid == nil || t.valid(text[from:to])) {
			add(from, to)
		}
		return spans
	}
	if t.pattern != nil {
		for _, m := range t.pattern.FindAllStringSubmatchIndex(text, maxCustomSpans) {
			from, to := m[0], m[1]
			if len(m) > 2 && m[2] >= 0 {
				from, to = m[2], m[3]
			}
			if to > from && (t.valid == nil || t.valid(text[from:to])) {
				add(from, to)
			}
		}
	}
	if t.list != nil {
		n := 0
		for _, hit := range t.list.MatchString(asciiLower(text)) {
			from, to := int(hit.Pos()), int(hit.Pos())+len(hit.Match())
			if n < maxCustomSpans && bounded(text, from, to) {
				add(from, to)
				n++
			}
		}
	}
	return spans
}

// bounded reports whether a value of a list stands by itself and not inside of a word.
func bounded(text string, from, to int) bool {
	inWord := func(c byte) bool { return classOf[c] != other }
	return (from == 0 || !inWord(text[from-1]) || !inWord(text[from])) && (to == len(text) || !inWord(text[to]) || !inWord(text[to-1]))
}

type validator struct {
	name  string
	holds func(string) bool
}

// validators prove digits and letters, separators left out.
var validators = []validator{
	{"luhn", digitsThat(2, luhn)},
	{"mod97", func(s string) bool { n := compact(s); return len(n) >= 5 && mod97(n[4:]+n[:4]) == 1 }},
	{"mod97-10", func(s string) bool { n := compact(s); return len(n) >= 3 && mod97(n) == 1 }},
	{"mod11-10", digitsThat(2, mod11x10)},
	{"verhoeff", digitsThat(2, verhoeff)},
	{"card", digitsThat(12, card)},
	{"iban", func(s string) bool { n := compact(s); return len(n) >= 15 && len(n) <= maxLength && iban(n) }},
	{"entropy", func(s string) bool { return entropy(s) > 3.5 }},
}

// Validators lists the names of what can prove a value: luhn (ISO/IEC 7812-1), mod97 (ISO 13616: the first four to the
// end), mod97-10 (ISO/IEC 7064), mod11-10 (ISO/IEC 7064), verhoeff, card, iban, entropy (more than 3.5 bits a character).
func Validators() []string {
	names := make([]string, 0, len(validators))
	for _, v := range validators {
		names = append(names, v.name)
	}
	return names
}

// digitsThat proves a text that holds nothing but digits and separators.
func digitsThat(least int, holds func(string) bool) func(string) bool {
	return func(s string) bool {
		n := compact(s)
		return len(n) >= least && digitsIn(n) == len(n) && (len(n) <= 19 || least < 12) && holds(n)
	}
}

// compact is a text in upper case without what separates its groups.
func compact(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -./:", r) {
			return -1
		}
		return r
	}, s))
}
