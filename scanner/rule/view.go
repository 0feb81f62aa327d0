package rule

import (
	"net/url"
	"strings"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// mostText is how much of one text is searched. What an exchange says in more than that is looked at by detectors, which
// have bounds of their own.
const mostText = 256 << 10

// view is one exchange while rules look at it. What several rules ask for is found out once.
type view struct {
	sight  *scanner.Sight
	alarms []scanner.Alarm
	mask   uint64     // the kinds of sign and alarm that are there
	least  float64    // what a person set in place of a rule's own; 0: nothing
	set    *Set       // whose actors are known; nil where nothing is remembered
	when   *condition // of the rule that is tried

	filters map[string]bool // by the filter's text: rules share many
	facts   map[textField][]string
	unread  int // bytes of texts that were not searched
}

func (v *view) reset(sight *scanner.Sight, alarms []scanner.Alarm) {
	v.sight, v.alarms, v.mask, v.least, v.unread = sight, alarms, 0, 0, 0
	clear(v.filters)
	clear(v.facts)
	for i := range sight.Signs {
		v.mask |= signBits[sight.Signs[i].Kind]
	}
	for i := range alarms {
		v.mask |= bitOf(alarmKinds, alarms[i].Kind, alarmBits)
	}
}

func newView() *view {
	return &view{filters: map[string]bool{}, facts: map[textField][]string{}}
}

// passes tells whether the exchange passes a filter; nil lets everything pass.
func (v *view) passes(f *filter) bool {
	if f == nil {
		return true
	}
	known, asked := v.filters[f.text]
	if !asked {
		known = v.sight.Facts != nil && f.query.Match(remembered{v}, v.sight.At)
		v.filters[f.text] = known
	}
	return known
}

// young tells whether the actor was first seen at most so long ago, by a watch that is older than that.
func (v *view) young(most time.Duration) bool {
	return v.set != nil && v.set.arrivals.young(v.sight.Actor, v.sight.At, most)
}

// remembered are the facts of an exchange, each asked for once: reading them out of an address or a body costs more than
// comparing them.
type remembered struct{ v *view }

// Strings implements traffic.Facts.
func (r remembered) Strings(field, key string) []string {
	f := textField{field, key}
	texts, asked := r.v.facts[f]
	if !asked {
		texts = r.v.sight.Facts.Strings(field, key)
		r.v.facts[f] = texts
	}
	return texts
}

// Number implements traffic.Facts.
func (r remembered) Number(field string) (int64, bool) { return r.v.sight.Facts.Number(field) }

// textField is a field of the filter language, or query: the values of an address, their percent signs undone.
type textField struct{ field, key string }

// texts are the texts of a field, as far as they are searched.
func (v *view) texts(f textField) []string {
	if v.sight.Facts == nil {
		return nil
	}
	f.key = strings.ToLower(f.key)
	if f.field != "query" {
		return v.bounded(remembered{v}.Strings(f.field, f.key))
	}
	if known, asked := v.facts[f]; asked {
		return known
	}
	var values []string
	for _, address := range v.bounded(remembered{v}.Strings("url", "")) {
		_, query, _ := strings.Cut(address, "?")
		for part := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(part, "=")
			if f.key != "" && !strings.EqualFold(unescaped(name), f.key) {
				continue
			}
			values = append(values, unescaped(value))
			if len(values) >= 200 {
				break
			}
		}
	}
	v.facts[f] = values
	return values
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// bounded cuts texts that are longer than is searched.
func (v *view) bounded(texts []string) []string {
	for i, t := range texts {
		if len(t) > mostText {
			short := append([]string(nil), texts...)
			for j := i; j < len(short); j++ {
				kept := min(len(short[j]), mostText)
				v.unread += len(short[j]) - kept
				short[j] = short[j][:kept]
			}
			return short
		}
	}
	return texts
}

var _ traffic.Facts = remembered{}
