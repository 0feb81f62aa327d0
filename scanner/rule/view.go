package rule

import (
	"net/url"
	"strings"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// Definition is what a server says of one of its tools.
type Definition struct {
	Tool  string
	Print uint64 // of all it says: another text has another one
}

// Definer is what facts of an exchange may be too: those of an exchange in which a server lists its tools.
type Definer interface{ Defined() []Definition }

// mostText is how much of one text is searched. What an exchange says in more than that is looked at by detectors, which
// have bounds of their own.
const mostText = 256 << 10

// view is one exchange while rules look at it. What several rules ask for is found out once.
type view struct {
	sight  *scanner.Sight
	alarms []scanner.Alarm
	mask   uint64     // the kinds of sign and alarm that are there
	least  float64    // what a person set in place of a rule's own; 0: nothing
	when   *condition // of the rule that is tried
	set    *Set       // whose actors are known; nil where nothing is remembered

	changed []string // tools that describe themselves otherwise than before

	wheres []int8       // by active.whereAt: 0 not tried, 1 passes, -1 does not
	facts  []*knownText // what was asked for, of the fields of the filter language
	spare  []*knownText
	unread int // bytes of texts that were not searched
}

// knownText is the texts of one field.
type knownText struct {
	field textField
	whole []string // as the exchange has them
	texts []string // as far as they are searched
	lower []string // of texts, in small letters
}

// noTexts is a field that an exchange does not have.
var noTexts knownText

// small is one of the texts in small letters.
func (k *knownText) small(i int) string {
	if k.lower == nil {
		k.lower = make([]string, len(k.texts))
	}
	if k.lower[i] == "" {
		k.lower[i] = strings.ToLower(k.texts[i])
	}
	return k.lower[i]
}

func (v *view) reset(sight *scanner.Sight, alarms []scanner.Alarm) {
	v.sight, v.alarms, v.mask, v.least, v.unread = sight, alarms, 0, 0, 0
	clear(v.wheres)
	for _, k := range v.facts {
		*k = knownText{}
	}
	v.spare, v.facts = append(v.spare, v.facts...), v.facts[:0]
	for i := range sight.Signs {
		v.mask |= signBits[sight.Signs[i].Kind]
	}
	for i := range alarms {
		v.mask |= bitOf(alarmKinds, alarms[i].Kind, alarmBits)
	}
}

// passes tells whether the exchange passes the filter of a rule. Many rules have the same one.
func (v *view) passes(a *active) bool {
	if a.where == nil {
		return true
	}
	if v.wheres[a.whereAt] == 0 {
		v.wheres[a.whereAt] = -1
		if a.where.passes(v) {
			v.wheres[a.whereAt] = 1
		}
	}
	return v.wheres[a.whereAt] > 0
}

// young tells whether the actor was first seen at most so long ago, by a watch that is older than that.
func (v *view) young(most time.Duration) bool {
	return v.set != nil && v.set.arrivals.young(v.sight.Actor, v.sight.At, most)
}

// textField is a field of the filter language, or query: the values of an address, their percent signs undone.
type textField struct{ field, key string }

// known finds the texts of a field. They are asked for once: reading them out of an address or a body costs more than
// comparing them.
func (v *view) known(f textField) *knownText {
	for _, k := range v.facts {
		if k.field == f {
			return k
		}
	}
	var whole []string
	switch {
	case v.sight.Facts == nil:
		return &noTexts
	case f.field == "query":
		if whole = queryValues(v.known(textField{"url", ""}).texts, f.key); len(whole) == 0 {
			return &noTexts // most addresses have no parameters, and looking again costs nothing
		}
	default:
		whole = v.sight.Facts.Strings(f.field, f.key)
	}
	var k *knownText
	if n := len(v.spare); n > 0 {
		k, v.spare = v.spare[n-1], v.spare[:n-1]
	} else {
		k = &knownText{}
	}
	k.field, k.whole = f, whole
	k.texts = v.bounded(k.whole)
	v.facts = append(v.facts, k)
	return k
}

// remembered are the facts of the exchange in view.
type remembered struct{ v *view }

// Strings implements traffic.Facts.
func (r remembered) Strings(field, key string) []string {
	return r.v.known(textField{field, key}).whole
}

// Number implements traffic.Facts.
func (r remembered) Number(field string) (int64, bool) { return r.v.sight.Facts.Number(field) }

// mostValuesOfQuery bounds how many parameters of an address are looked at.
const mostValuesOfQuery = 200

// queryValues are the values of one parameter of addresses, or of all.
func queryValues(addresses []string, name string) (values []string) {
	for _, address := range addresses {
		_, query, found := strings.Cut(address, "?")
		if !found {
			continue
		}
		query, _, _ = strings.Cut(query, "#")
		for part := range strings.SplitSeq(query, "&") {
			key, value, _ := strings.Cut(part, "=")
			if name != "" && !strings.EqualFold(unescaped(key), name) {
				continue
			}
			if values = append(values, unescaped(value)); len(values) >= mostValuesOfQuery {
				return values
			}
		}
	}
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
