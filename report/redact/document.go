package redact

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"assay/llm"
	"assay/report"
	"assay/scanner"
	"assay/traffic"
)

// Document hides values in every string of a document, moves marks with their texts, and lists what it hid in Hidden. The
// cover stays as it is: a person wrote it for this report.
func (r *Redactor) Document(d *report.Document) {
	r.found, r.text = map[string][]hit{}, 0
	defer func() { r.found = nil }()
	v := reflect.ValueOf(d).Elem()
	(&walk{r: r, each: func(s string) string { r.study("", s); return s }}).value(v)
	(&walk{r: r, write: true, each: func(s string) string {
		out, _ := r.hide(s, r.look("", s))
		return out
	}}).value(v)
	d.Hidden = r.Hidden()
}

// walk goes through everything that a value holds.
type walk struct {
	r     *Redactor
	write bool
	each  func(string) string
	depth int
}

// mostDeep bounds how deep a value is gone into.
const mostDeep = 100

// untouched are types whose values are words of ours.
var untouched = map[reflect.Type]bool{
	reflect.TypeFor[report.Cover](): true, reflect.TypeFor[report.State](): true, reflect.TypeFor[report.Area](): true,
	reflect.TypeFor[scanner.Severity](): true, reflect.TypeFor[scanner.Verdict](): true, reflect.TypeFor[scanner.RunState](): true,
	reflect.TypeFor[scanner.FindingState](): true, reflect.TypeFor[llm.Kind](): true, reflect.TypeFor[traffic.Kind](): true,
	reflect.TypeFor[traffic.State](): true, reflect.TypeFor[traffic.Source](): true,
}

// untouchedFields are fields of types of other packages that hold hashes, ids and words of ours.
var untouchedFields = map[string]bool{
	"scanner.Finding.Print": true, "scanner.Trial.Print": true, "report.Found.Print": true, "report.Found.Template": true, "report.Found.Exchange": true,
	"report.Run.Version": true, "report.Run.Gone": true, "report.Rule.ID": true, "report.Rule.OWASP": true, "report.Rule.ASI": true, "report.Rule.ATLAS": true,
	"report.Fault.Template": true, "scanner.Case.Template": true, "scanner.Case.OWASP": true, "scanner.Skipped.Template": true,
	"scanner.Evidence.Signal": true, "scanner.RunTarget.Kind": true, "scanner.Case.Mutation": true, "scanner.Case.By": true, "report.Found.OWASP": true,
}

func (w *walk) value(v reflect.Value) {
	if w.depth > mostDeep || untouched[v.Type()] {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	switch v.Kind() {
	case reflect.String:
		w.string(v)
	case reflect.Pointer, reflect.Interface:
		w.behind(v)
	case reflect.Struct:
		w.fields(v)
	case reflect.Slice, reflect.Array:
		w.items(v)
	case reflect.Map:
		w.entries(v)
	default:
	}
}

func (w *walk) string(v reflect.Value) {
	if s := v.String(); len(s) >= shortest {
		if out := w.each(s); w.write && out != s && v.CanSet() {
			v.SetString(out)
		}
	}
}

func (w *walk) behind(v reflect.Value) {
	if v.IsNil() {
		return
	}
	if v.Kind() == reflect.Pointer {
		w.value(v.Elem())
		return
	}
	held := reflect.New(v.Elem().Type()).Elem() // what an interface holds cannot be changed in its place
	held.Set(v.Elem())
	w.value(held)
	if w.write && v.CanSet() {
		v.Set(held)
	}
}

func (w *walk) fields(v reflect.Value) {
	if m, is := v.Addr().Interface().(*report.Marked); is {
		w.marked(m)
		return
	}
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Tag.Get("redact") == "-" || untouchedFields[t.String()+"."+f.Name] {
			continue
		}
		w.value(v.Field(i))
	}
}

func (w *walk) items(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		if v.Kind() == reflect.Slice && utf8.Valid(v.Bytes()) {
			if out := w.each(string(v.Bytes())); w.write && v.CanSet() && out != string(v.Bytes()) {
				v.SetBytes([]byte(out))
			}
		}
		return
	}
	for i := range v.Len() {
		w.value(v.Index(i))
	}
}

// entries goes through a map, its keys too. Maps have no order: sorting by what they hold keeps numbers the same.
func (w *walk) entries(v reflect.Value) {
	if v.IsNil() {
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, k := range sortedKeys(v) {
		key, item := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		key.Set(k)
		item.Set(v.MapIndex(k))
		w.value(key)
		w.value(item)
		out.SetMapIndex(key, item)
	}
	if w.write && v.CanSet() {
		v.Set(out)
	}
}

// marked hides in a text with marks, which move with it.
func (w *walk) marked(m *report.Marked) {
	if !w.write {
		w.r.study("", m.Text)
	} else {
		var moved []shift
		m.Text, moved = w.r.hide(m.Text, w.r.look("", m.Text))
		end := 0
		kept := m.Marks[:0:0]
		for _, k := range m.Marks {
			k.Start, k.End = max(place(k.Start, moved, false), end), place(k.End, moved, true)
			if k.End = min(k.End, len(m.Text)); k.End > k.Start {
				end = k.End
				kept = append(kept, k)
			}
		}
		m.Marks = kept
	}
	for i := range m.Marks {
		w.value(reflect.ValueOf(&m.Marks[i]).Elem())
	}
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	if v.Type().Key().Kind() == reflect.String {
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	}
	return keys
}
