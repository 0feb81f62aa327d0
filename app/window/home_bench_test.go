package window_test

import (
	"fmt"
	"testing"

	"assay/app/window"
	"assay/lab"
	"assay/traffic"
)

// BenchmarkHome is what Home asks for, over 100,000 exchanges of 200 hosts with 1,000 threats and the findings of a run:
// the issue wants it within 300 ms.
func BenchmarkHome(b *testing.B) {
	r := newRig(b)
	const n = 100_000
	for at := 0; at < n; at += 10_000 {
		list := make([]*traffic.Exchange, 10_000)
		for i := range list {
			host := fmt.Sprintf("api%d.example.com", i%200)
			if list[i] = page(host); i%3 == 0 {
				list[i] = turn(fmt.Sprint("hello ", at+i), 1, fmt.Sprintf("gpt-%d", i%40))
			}
		}
		r.add(list...)
		r.rest()
	}
	r.manyThreats(1_000)
	run := must(r.tests().Start(window.PlanIn{Targets: []string{r.model(lab.AllWeak)}, Suites: []string{"quick"}, Confirmed: true}))(b)
	r.done(run.ID)
	r.folded()
	h := r.home()
	if p := must(h.Posture(window.HomeIn{}))(b); !p.Enough {
		b.Fatalf("%+v", p)
	}
	for name, ask := range map[string]func() error{
		"stood":        func() error { _, err := h.Stood(window.Nothing{}); return err },
		"posture":      func() error { _, err := h.Posture(window.HomeIn{}); return err },
		"a part":       func() error { _, err := h.Posture(window.HomeIn{Of: "endpoint:1"}); return err },
		"assets":       func() error { _, err := h.Assets(window.Nothing{}); return err },
		"criticals":    func() error { _, err := h.Criticals(window.Nothing{}); return err },
		"seen":         func() error { _, err := h.Seen(window.Nothing{}); return err },
		"coverage":     func() error { _, err := h.Coverage(window.HomeCoverageIn{}); return err },
		"atlas":        func() error { _, err := h.Coverage(window.HomeCoverageIn{Framework: "atlas"}); return err },
		"requirements": func() error { _, err := h.Requirements(window.Nothing{}); return err },
	} {
		b.Run(name, func(b *testing.B) {
			measure(b, func() {
				if err := ask(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}
