package judge

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"assay/internal/excerpt"
	"assay/scanner"
)

// statusSignal looks at the status of the answer.
func statusSignal() *Signal {
	return &Signal{
		Name: "status", Hard: true,
		What: "The answer has one of these statuses, or another one than the baseline.",
		Params: []Param{
			{Name: "in", Type: Texts, What: `Statuses as "200", "2xx" or "500-504"; one is enough.`},
			{Name: "changed", Type: Bool, What: "Whether it must differ from the baseline's."},
		},
		look: func(t *trial, p params) finding {
			got := t.in.Status
			if got == 0 {
				return unknowing("no answer came")
			}
			if p.is("changed", false) {
				if t.in.Baseline == nil || t.in.Baseline.Status == 0 {
					return unknowing("there is no baseline to compare the status with")
				}
				if t.in.Baseline.Status == got {
					return finding{}
				}
			}
			if want := p.texts("in"); len(want) > 0 && !statusIn(got, want) {
				return finding{}
			} else if len(want) == 0 && !p.is("changed", false) {
				return unknowing("no status was named")
			}
			why := "the status is " + strconv.Itoa(got)
			if b := t.in.Baseline; b != nil && b.Status != 0 && b.Status != got {
				why += " instead of " + strconv.Itoa(b.Status)
			}
			return fact("status", "status", strconv.Itoa(got), why)
		},
	}
}

// fact is a find that has no span.
func fact(signal, where, text, why string) finding {
	return found([]scanner.Evidence{{Signal: signal, Where: where, Text: text, Why: why}}, true)
}

// statusIn reports whether a status is one of those wanted: 200, 2xx, 500-504.
func statusIn(status int, want []string) bool {
	for _, w := range want {
		w = strings.ToLower(strings.TrimSpace(w))
		low, high, ranged := strings.Cut(w, "-")
		switch {
		case len(w) == 3 && strings.HasSuffix(w, "xx"):
			if strconv.Itoa(status/100) == w[:1] {
				return true
			}
		case ranged:
			a, errA := strconv.Atoi(strings.TrimSpace(low))
			b, errB := strconv.Atoi(strings.TrimSpace(high))
			if errA == nil && errB == nil && status >= a && status <= b {
				return true
			}
		case w == strconv.Itoa(status):
			return true
		}
	}
	return false
}

// headerSignal looks at a header of the answer.
func headerSignal() *Signal {
	return &Signal{
		Name: "header", Hard: true,
		What: "A header of the answer is there, is not there, or has a value.",
		Params: []Param{
			{Name: "name", Type: Text, Required: true, What: "The header's name."},
			{Name: "absent", Type: Bool, What: "Whether it must not be there."},
			{Name: "equals", Type: Texts, What: "One of the values, without case."},
			{Name: "contains", Type: Texts, What: "One of the texts, without case."},
			{Name: "matches", Type: Pattern, What: "An expression."},
		},
		look: func(t *trial, p params) finding {
			if t.in.Status == 0 {
				return unknowing("no answer came")
			}
			name := p.text("name")
			values := t.in.Header.Values(name)
			if p.is("absent", false) {
				if len(values) > 0 {
					return finding{}
				}
				return fact("header", "header:"+name, "", "the answer has no header "+name)
			}
			w := matcher{equals: p.texts("equals"), contains: p.texts("contains"), matches: p.pattern("matches")}
			for _, v := range values {
				if start, end, ok := w.find(v); ok {
					l := located{"header:" + name, v}
					return found([]scanner.Evidence{l.show("header", start, end, "the header "+name+" is "+quote(v))}, true)
				}
			}
			return finding{}
		},
	}
}

// growthParams are the parameters of signals that measure.
func growthParams(unit string) []Param {
	return []Param{
		{Name: "more", Type: Number, What: "More than so many " + unit + "."},
		{Name: "less", Type: Number, What: "Fewer than so many " + unit + "."},
		{Name: "growth", Type: Number, What: "At least so many times the baseline's."},
	}
}

// measure compares a number with bounds and with the baseline's.
func measure(signal, where, unit string, got, base float64, p params) finding {
	var said []string
	if p.has("more") {
		if got <= p.number("more", 0) {
			return finding{}
		}
		said = append(said, "more than "+number(p.number("more", 0)))
	}
	if p.has("less") {
		if got >= p.number("less", 0) {
			return finding{}
		}
		said = append(said, "fewer than "+number(p.number("less", 0)))
	}
	if p.has("growth") {
		if base <= 0 {
			return unknowing("there is no baseline to compare the " + unit + " with")
		}
		if got < base*p.number("growth", 1) {
			return finding{}
		}
		said = append(said, fmt.Sprintf("%.1f times the baseline's %s", got/base, number(base)))
	}
	if len(said) == 0 {
		return unknowing("no bound was named")
	}
	return fact(signal, where, number(got), number(got)+" "+unit+": "+strings.Join(said, ", "))
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// sizeSignal measures the body.
func sizeSignal() *Signal {
	return &Signal{
		Name: "size", Hard: true, What: "The answer's body is larger or smaller than it should be.", Params: growthParams("bytes"),
		look: func(t *trial, p params) finding {
			var base float64
			if t.in.Baseline != nil {
				base = float64(t.in.Baseline.size())
			}
			return measure("size", inBody, "bytes", float64(t.in.size()), base, p)
		},
	}
}

// latencySignal measures how long the answer took.
func latencySignal() *Signal {
	return &Signal{
		Name: "latency", Hard: true, What: "The answer took longer or shorter than it should.", Params: growthParams("milliseconds"),
		look: func(t *trial, p params) finding {
			if t.in.Latency <= 0 {
				return unknowing("the time is not known")
			}
			var base float64
			if t.in.Baseline != nil {
				base = milliseconds(t.in.Baseline.Latency)
			}
			return measure("latency", "latency", "milliseconds", milliseconds(t.in.Latency), base, p)
		},
	}
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}

// tokensSignal measures the tokens of the answer, as the provider counted them.
func tokensSignal() *Signal {
	return &Signal{
		Name: "tokens", Hard: true, What: "The answer has more or fewer tokens than it should, as the provider counts them.", Params: growthParams("tokens"),
		look: func(t *trial, p params) finding {
			if t.in.Said == nil || t.in.Said.Usage.Output == nil {
				return unknowing("the provider did not count the tokens")
			}
			var base float64
			if b := t.in.Baseline; b != nil && b.Said != nil && b.Said.Usage.Output != nil {
				base = float64(*b.Said.Usage.Output)
			}
			return measure("tokens", "tokens", "tokens", float64(*t.in.Said.Usage.Output), base, p)
		},
	}
}

// callbackSignal looks at what reached the out-of-band listener.
func callbackSignal() *Signal {
	return &Signal{
		Name: "callback", Hard: true, What: "Something called the out-of-band listener with this trial's token.",
		Params: []Param{{Name: "matches", Type: Pattern, What: "An expression that the request must match."}},
		look: func(t *trial, p params) finding {
			re := p.pattern("matches")
			var all []scanner.Evidence
			for _, c := range t.in.Callbacks {
				if re != nil && !re.MatchString(c.What) {
					continue
				}
				if len(all) < maxEvidence {
					why := "the listener was called"
					if c.From != "" {
						why += " from " + c.From
					}
					all = append(all, scanner.Evidence{Signal: "callback", Where: "callback", Text: strings.ToValidUTF8(excerpt.Bytes(c.What, maxShown), "�"), Why: why})
				}
			}
			return found(all, true)
		},
	}
}
