package requirement

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"assay/scanner/yamlfile"
	"assay/traffic"
)

// samples are made-up subjects that show what a requirement means.
type samples struct {
	pass, fail, unknown []sample
	other               []sample // it is not asked of these
}

// sample is one made-up subject.
type sample struct {
	node    *yamlfile.Node
	where   string // in the file
	texts   map[string][]string
	numbers map[string]int64
}

// sampleTime is when samples happen: what they say of times is how long ago that was.
var sampleTime = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func (s *sample) Strings(field, _ string) []string { return s.texts[field] }

func (s *sample) Number(field string) (int64, bool) {
	n, known := s.numbers[field]
	return n, known
}

func (d *decoder) samples(n *yamlfile.Node, where string) samples {
	var s samples
	list := func(to *[]sample) yamlfile.Field {
		return func(n *yamlfile.Node, where string) {
			d.List(n, where, 50, func(n *yamlfile.Node, where string) { *to = append(*to, d.sample(n, where)) })
		}
	}
	d.Object(n, where, map[string]yamlfile.Field{"pass": list(&s.pass), "fail": list(&s.fail), "unknown": list(&s.unknown), "other": list(&s.other)}, "pass", "fail")
	return s
}

// sample reads the facts of one subject: a field with its value, or with a list of them.
func (d *decoder) sample(n *yamlfile.Node, where string) sample {
	s := sample{node: n, where: where, texts: map[string][]string{}, numbers: map[string]int64{}}
	if d.r.Of == "" {
		return s
	}
	names := fieldNames(d.r.Of)
	if n.Null() || n.Kind != yamlfile.Map {
		d.Fail(n, where, "a sample is a mapping from fields to values, here is %s", n.What())
		return s
	}
	for _, p := range n.Pairs {
		f, known := fieldOf(d.r.Of, p.Key.Text)
		if !known {
			d.Add(p.Key, where, near(p.Key.Text, names), fmt.Sprintf("%s have no field %q; there are %s", d.r.Of, yamlfile.Clip(p.Key.Text), strings.Join(names, ", ")))
			continue
		}
		d.fact(&s, f, p.Value, yamlfile.Under(where, f.Name))
	}
	return s
}

func fieldOf(of Of, name string) (traffic.QueryField, bool) {
	if of == Exchanges {
		return traffic.LookupField(name)
	}
	for _, f := range Fields(of) {
		if f.Name == name {
			return f, true
		}
	}
	return traffic.QueryField{}, false
}

func (d *decoder) fact(s *sample, f traffic.QueryField, n *yamlfile.Node, where string) {
	switch f.Type {
	case traffic.FieldText, traffic.FieldWords:
		s.texts[f.Name] = d.Texts(n, where, 50, 2000)
	case traffic.FieldChoice:
		s.texts[f.Name] = d.Words(n, where, f.Values)
	case traffic.FieldBool:
		s.numbers[f.Name] = 0
		if d.yes(n, where) {
			s.numbers[f.Name] = 1
		}
	case traffic.FieldTime:
		t := d.Trimmed(n, where, 20)
		days, err := strconv.ParseFloat(strings.TrimSuffix(t, "d"), 64)
		if t != "" && (err != nil || !strings.HasSuffix(t, "d") || !(days >= 0 && days < 10_000)) {
			d.Fail(n, where, "%q is no time; of a sample write how long ago it was, as 40d", yamlfile.Clip(t))
			return
		}
		s.numbers[f.Name] = sampleTime.Add(-time.Duration(days * float64(24*time.Hour))).UnixMicro()
	default:
		s.numbers[f.Name] = int64(d.Whole(n, where, -1_000_000_000, 1_000_000_000))
	}
}

// yes reads yes and no as the filter language writes them, and true and false.
func (d *decoder) yes(n *yamlfile.Node, where string) bool {
	switch n.Text {
	case "yes":
		return true
	case "no":
		return false
	}
	return d.Truth(n, where)
}

// prove says which samples do not come true.
func (d *decoder) prove() {
	r := d.r
	for _, list := range []struct {
		samples []sample
		want    State
	}{{r.samples.pass, Pass}, {r.samples.fail, Fail}, {r.samples.unknown, Unknown}, {r.samples.other, ""}} {
		for i := range list.samples {
			s := &list.samples[i]
			r.Samples++
			asked := r.where.Match(s, sampleTime)
			switch got := r.verdict(s, sampleTime); {
			case list.want == "" && asked:
				d.Fail(s.node, s.where, "%s is asked of this sample; it should not be", r.named())
			case list.want != "" && !asked:
				d.Fail(s.node, s.where, "%s is not asked of this sample: where does not hold for it", r.named())
			case list.want != "" && got != list.want:
				d.Fail(s.node, s.where, "of this sample the answer is %s, and it should be %s", got, list.want)
			}
		}
	}
}
