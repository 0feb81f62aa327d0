package reporttest

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strings"

	"assay/report"
)

// Mark stands in every text of Texts but the empty one: a reader that carries one of them out, or loses it, can be told by it.
const Mark = "assay-hostile"

// Texts are what the wire may bring to break writers that take care of too little.
var Texts = []string{
	`<script>window.hit='` + Mark + `';alert(1)</script>`,
	`"><svg onload="window.hit='` + Mark + `';alert(2)"><img src=x onerror=alert(3)>`,
	`</style></title></textarea></pre></details><iframe srcdoc="<script>parent.hit='` + Mark + `'</script>">`,
	`' onmouseover='window.hit=1' style='background:url(http://127.0.0.1:9/` + Mark + `)`,
	`javascript:alert('` + Mark + `')//`,
	`data:text/html,<script>alert('` + Mark + `')</script>`,
	"![x](http://127.0.0.1:9/" + Mark + ".png) [click](javascript:alert(1)) <http://127.0.0.1:9/> http://127.0.0.1:9/auto www.attacker.example @everyone #1",
	"````\n```\n~~~\n# Heading " + Mark + "\n\n| a | b |\n|---|---|\n\n---\n- [x] done\n> quoted\n\n<details open ontoggle=alert(1)>\n\n[ref]: http://127.0.0.1:9/ \"t\"\n",
	`=cmd|' /C calc'!A0` + Mark, `+1+1+` + Mark, `-2+3+` + Mark, `@SUM(1+1)` + Mark, "\t=1+1" + Mark, "\r=1+1" + Mark, `=HYPERLINK("http://127.0.0.1:9/?"&A1,"` + Mark + `")`,
	`) Tj ET endstream endobj 1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert\(1\)) >> >> (` + Mark + `\`,
	"\u202e" + Mark + "\u2066 gpj.exe \u2069\u202c\u200f\u061c",
	"\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e" + Mark + "\U000e0041\U000e0042\ufe0f",
	"\x00\x01\x07\x08\x0b\x0c\x1b[31m\x1b]8;;http://127.0.0.1:9/\x07" + Mark + "\x7f\u0085\u009b31m\u2028\u2029",
	"\xff\xfe\xc3\x28\xf0\x9f\xed\xa0\x80" + Mark + "\ufffe\uffff\ufffd",
	`]]><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;<!-- ` + Mark + ` --><![CDATA[`,
	`{{.}}{{template "x"}}${7*7}%n%s%x` + Mark + `\u003cscript\u003e</scr\ipt>&lt;script&gt;`,
	"a\u0301\u0302\u0303\u0304\u0305\u0306\u0307" + strings.Repeat("\u0308", 60) + Mark + "é日本語العربية😀👩‍👩‍👧",
	"",
}

// Long is a line of a megabyte without a place to break it.
var Long = strings.Repeat("W", 1<<20)

// Hostile is the sample with all of Texts in every string field, another one first each time, with marks that point
// nowhere, numbers that are none, a logo that is no picture, and lines of a megabyte in its longest texts.
func Hostile() *report.Document {
	d, n := Sample(report.Technical), 0
	fill(reflect.ValueOf(d), func() string {
		n++
		at := n % len(Texts)
		return strings.Join(Texts[at:], "") + strings.Join(Texts[:at], "")
	}, 0)
	d.Schema = report.SchemaVersion
	d.Cover.Logo = []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)
	w := &d.Weaknesses[0]
	w.Title, w.Reason, w.Proofs[0].Answer.Text, w.Proofs[0].Sent[0].Text, w.Proofs[0].Curl, w.Proofs[0].Diff[0].Text = Long, Long, Long, Long, Long, Long
	d.Cover.Title, d.Threats[0].Seen, d.Limits[0], d.Comparison.Gone[0].Title = Long, Long, Long, Long
	for _, m := range []report.Mark{{Start: -5, End: 3}, {Start: 9, End: 2}, {Start: 4, End: math.MaxInt}, {Start: math.MinInt, End: math.MinInt}, {Start: 5, End: 6}} {
		w.Proofs[0].Answer.Marks = append(w.Proofs[0].Answer.Marks, m)
		w = &d.Weaknesses[1]
	}
	d.Weaknesses[2].Rate = &report.Rate{Worked: -1, Decided: 0, Value: math.NaN(), Low: math.Inf(-1), High: math.Inf(1)}
	d.Trend[0].Score, d.Standing.Advice[0].Reduction = math.NaN(), math.Inf(1)
	d.Coverage[0].Cells = d.Coverage[0].Cells[:3] // fewer than there are items
	return d
}

// Filled is the sample with one text in every string field.
func Filled(audience report.Audience, text string) *report.Document {
	d := Sample(audience)
	fill(reflect.ValueOf(d), func() string { return text }, 0)
	return d
}

// Small is Filled with one of each thing only, for fuzzers, which need many.
func Small(audience report.Audience, text string) *report.Document {
	d := Sample(audience)
	d.Standing.Reasons, d.Standing.OWASP, d.Standing.Gaps, d.Standing.Advice = d.Standing.Reasons[:1], d.Standing.OWASP[:1], d.Standing.Gaps[:1], d.Standing.Advice[:1]
	d.Weaknesses, d.Threats, d.Requirements, d.Tests, d.Trend, d.Moved, d.Hidden = d.Weaknesses[:1], d.Threats[:1], d.Requirements[:1], d.Tests[:1], d.Trend[:2], d.Moved[:1], d.Hidden[:1]
	c := d.Coverage[0]
	c.Items, c.Cells = c.Items[:2], c.Cells[:2]
	d.Coverage, d.Method, d.Limits, d.Comparison.Gone = []report.Coverage{c}, d.Method[:1], d.Limits[:1], d.Comparison.Gone[:1]
	s := &d.Stock
	s.Kinds, s.Access, s.Models, s.Tools, s.Clients, s.Hosts, s.Sensitive, s.Riskiest, s.Listed = s.Kinds[:1], nil, nil, nil, nil, nil, nil, s.Riskiest[:1], s.Listed[:1]
	d.Of = nil
	fill(reflect.ValueOf(d), func() string { return text }, 0)
	return d
}

// fill replaces every string below a value. Types of ours that are strings (severities, states, sections) keep their words:
// writers decide by them.
func fill(v reflect.Value, text func() string, depth int) {
	if depth > 40 {
		panic("reporttest: a document that holds itself")
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			fill(v.Elem(), text, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text, depth+1)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), text, depth+1)
		}
	case reflect.Map:
		if v.Type().Key() == reflect.TypeFor[string]() && v.Len() > 0 {
			least := slices.MinFunc(v.MapKeys(), func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
			v.SetMapIndex(reflect.ValueOf(text()), v.MapIndex(least))
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(text())
		}
	default:
	}
}
