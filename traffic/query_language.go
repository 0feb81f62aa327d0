package traffic

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Language is the filter language over other things than exchanges: the same grammar with fields of its own. The nil
// Language is that of exchanges.
type Language struct {
	fields []QueryField
	index  map[string]*QueryField
}

// NewLanguage makes a language of its fields. A word alone means nothing in it.
func NewLanguage(fields []QueryField) *Language {
	l := &Language{fields: slices.Clone(fields)}
	for i := range l.fields {
		if f := &l.fields[i]; len(f.Examples) == 0 { // what errors show
			f.Examples = []string{f.Name + ":…"}
		}
	}
	l.index = indexOf(l.fields)
	return l
}

// Fields are the fields of the language, in order.
func (l *Language) Fields() []QueryField { return slices.Clone(l.fields) }

func (l *Language) lookup(name string) *QueryField {
	if l == nil {
		return lookupField(name)
	}
	if f, ok := l.index[name]; ok {
		return f
	}
	return l.index[strings.ReplaceAll(strings.ToLower(name), "-", "_")]
}

// names are the words that a condition may begin with.
func (l *Language) names() []string {
	fields, names := queryFields, []string{"since", "until", "age"}
	if l != nil {
		fields, names = l.fields, nil
	}
	for i := range fields {
		names = append(names, fields[i].Name)
		names = append(names, fields[i].Aliases...)
	}
	return names
}

// Filter is a filter in a Language.
type Filter struct {
	query    *Query
	language *Language
}

// Parse reads a filter. Errors are of type *QueryError. The empty filter selects everything.
func (l *Language) Parse(text string) (*Filter, error) {
	q, err := parse(text, l)
	if err != nil {
		return nil, err
	}
	return &Filter{query: q, language: l}, nil
}

// Match reports whether the facts satisfy the filter. now is what relative times refer to.
func (f *Filter) Match(facts Facts, now time.Time) bool {
	return f.query.Root == nil || match(f.query.Root, facts, now, f.language)
}

// Fields are the names of the fields that the filter asks for, each once, sorted.
func (f *Filter) Fields() []string { return f.query.Fields() }

func (p *queryParser) wordAlone(start int) *QueryError {
	return p.failAt(start, p.pos-start, fmt.Sprintf("a word alone means nothing here; name a field before it: %s", strings.Join(p.language.names(), ", ")))
}
