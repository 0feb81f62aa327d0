package rule

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/yamlfile"
	"assay/traffic"
)

// Bounds of samples: they are proven whenever a rule is read.
const (
	mostSamples = 40
	mostSteps   = 20
	mostRepeats = 2_000 // exchanges of one sample
	mostProven  = 8_000 // exchanges of all samples of a rule
	mostRepeat  = 2_000 // bytes of a step that is repeated
)

// sample is traffic for which a rule has to hold, or must not.
type sample struct {
	match     bool
	steps     []step
	line, col int
	where     string
}

// step is one exchange of a sample, or several that are alike.
type step struct {
	method, url   string
	headers       [][2]string
	body, reply   string // as they travel
	status        int    // 0: 200; where there is a fault, none
	fault         string // why there was no answer
	system, user  string
	tool          string // the result of a tool
	document      string // what the request brings along
	answer        string
	reasoning     string
	tools         []tool
	calls         []call
	model         string
	kind          string // of service, as the filter language names it; empty: as it is read
	replyBytes    int64  // of the answer's body, where it is too long to be written down
	input, output int64  // tokens
	cost          float64
	actor         string
	conversation  int64
	endpoint      int64
	signs         []scanner.Sign
	alarms        []scanner.Alarm
	repeat        int
	every         time.Duration // from one to the next
	after         time.Duration // from what came before
	prose         bool          // detectors would have something to look at, and signs are not given
}

type tool struct{ name, description string }

type call struct{ name, arguments string }

// samples reads the samples of a rule: at least one that matches and one that does not.
func (d *decoder) samples(n *yamlfile.Node, where string) []sample {
	var all []sample
	read := func(match bool) yamlfile.Field {
		return func(n *yamlfile.Node, where string) {
			d.List(n, where, mostSamples, func(n *yamlfile.Node, where string) {
				s := d.sample(n, where)
				s.match = match
				all = append(all, s)
			})
		}
	}
	d.Object(n, where, map[string]yamlfile.Field{"match": read(true), "no_match": read(false)}, "match", "no_match")
	total := 0
	for i := range all {
		for j := range all[i].steps {
			total += all[i].steps[j].repeat
		}
	}
	if total > mostProven {
		d.Fail(n, where, "the samples have %d exchanges together; they may have %d", total, mostProven)
	}
	return all
}

func (d *decoder) sample(n *yamlfile.Node, where string) sample {
	s := sample{line: n.Line, col: n.Col, where: where}
	if n.Kind == yamlfile.Map && n.Child("steps") != nil {
		d.Object(n, where, map[string]yamlfile.Field{
			"why": func(n *yamlfile.Node, where string) { d.Trimmed(n, where, 300) },
			"steps": func(n *yamlfile.Node, where string) {
				d.List(n, where, mostSteps, func(n *yamlfile.Node, where string) { s.steps = append(s.steps, d.step(n, where)) })
			},
		})
	} else {
		s.steps = []step{d.step(n, where)}
	}
	total := 0
	for i := range s.steps {
		total += s.steps[i].repeat
	}
	if total > mostRepeats {
		d.Fail(n, where, "the sample has %d exchanges; it may have %d", total, mostRepeats)
	}
	return s
}

// step reads one exchange. A text alone is what the user says.
func (d *decoder) step(n *yamlfile.Node, where string) step {
	s := step{repeat: 1, every: time.Second, after: time.Second, actor: "key:sample", conversation: 1, endpoint: 1}
	if n.Kind == yamlfile.Scalar && !n.Null() {
		s.user, s.prose = d.said(n, where), true
		return s
	}
	into := func(to *string) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to = d.said(n, where) }
	}
	tokens := func(to *int64) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to = int64(d.Whole(n, where, 0, 1_000_000_000)) }
	}
	d.Object(n, where, map[string]yamlfile.Field{
		"why":    func(n *yamlfile.Node, where string) { d.Trimmed(n, where, 300) },
		"method": func(n *yamlfile.Node, where string) { s.method = d.Trimmed(n, where, 20) },
		"url":    into(&s.url),
		"headers": func(n *yamlfile.Node, where string) {
			if n.Kind != yamlfile.Map {
				d.Fail(n, where, "a mapping is wanted, here is %s", n.What())
				return
			}
			for _, p := range n.Pairs {
				s.headers = append(s.headers, [2]string{p.Key.Text, d.said(p.Value, yamlfile.Under(where, p.Key.Text))})
			}
		},
		"body": into(&s.body), "reply": into(&s.reply),
		"status": func(n *yamlfile.Node, where string) { s.status = d.Whole(n, where, 100, 599) },
		"fault":  func(n *yamlfile.Node, where string) { s.fault = d.Trimmed(n, where, 200) },
		"system": into(&s.system), "user": into(&s.user), "tool": into(&s.tool), "document": into(&s.document),
		"answer": into(&s.answer), "reasoning": into(&s.reasoning),
		"tools": func(n *yamlfile.Node, where string) {
			d.List(n, where, 50, func(n *yamlfile.Node, where string) { d.toolOf(&s, n, where) })
		},
		"calls": func(n *yamlfile.Node, where string) {
			d.List(n, where, 50, func(n *yamlfile.Node, where string) { d.callOf(&s, n, where) })
		},
		"kind":        func(n *yamlfile.Node, where string) { s.kind = d.Word(n, where, serviceKinds()) },
		"reply_bytes": tokens(&s.replyBytes),
		"model":       into(&s.model), "input_tokens": tokens(&s.input), "output_tokens": tokens(&s.output),
		"cost":         func(n *yamlfile.Node, where string) { s.cost = d.Number(n, where, 0, 1e6) },
		"actor":        into(&s.actor),
		"conversation": tokens(&s.conversation), "endpoint": tokens(&s.endpoint),
		"signs": func(n *yamlfile.Node, where string) {
			d.List(n, where, 50, func(n *yamlfile.Node, where string) { d.signOf(&s, n, where) })
		},
		"alarms": func(n *yamlfile.Node, where string) {
			d.List(n, where, 20, func(n *yamlfile.Node, where string) { d.alarmOf(&s, n, where) })
		},
		"repeat": func(n *yamlfile.Node, where string) { s.repeat = d.Whole(n, where, 1, mostRepeats) },
		"every":  func(n *yamlfile.Node, where string) { s.every = d.duration(n, where, 0, longest) },
		"after":  func(n *yamlfile.Node, where string) { s.after = d.duration(n, where, 0, longest) },
	})
	if size := len(s.system) + len(s.user) + len(s.tool) + len(s.document) + len(s.answer) + len(s.body) + len(s.reply); s.repeat > 1 && size > mostRepeat {
		d.Fail(n, where, "this step is repeated and has %d bytes; it may have %d", size, mostRepeat)
	}
	said := s.system + s.user + s.tool + s.document + s.answer + s.reasoning + s.body + s.reply + s.url
	s.prose = len(s.signs) == 0 && (said != "" || len(s.tools)+len(s.calls)+len(s.headers) > 0)
	return s
}

// serviceKinds are the kinds of service that the filter language knows.
func serviceKinds() []string {
	f, _ := traffic.LookupField("kind")
	return f.Values
}

// said reads a text of a sample as it is.
func (d *decoder) said(n *yamlfile.Node, where string) string {
	if d.Trimmed(n, where, 20_000) == "" {
		return ""
	}
	return strings.TrimSuffix(n.Text, "\n")
}

func (d *decoder) toolOf(s *step, n *yamlfile.Node, where string) {
	t := tool{}
	d.Object(n, where, map[string]yamlfile.Field{
		"name":        func(n *yamlfile.Node, where string) { t.name = d.Trimmed(n, where, 100) },
		"description": func(n *yamlfile.Node, where string) { t.description = d.said(n, where) },
	}, "name")
	s.tools = append(s.tools, t)
}

func (d *decoder) callOf(s *step, n *yamlfile.Node, where string) {
	c := call{arguments: "{}"}
	d.Object(n, where, map[string]yamlfile.Field{
		"name":      func(n *yamlfile.Node, where string) { c.name = d.Trimmed(n, where, 100) },
		"arguments": func(n *yamlfile.Node, where string) { c.arguments = d.said(n, where) },
	}, "name")
	s.calls = append(s.calls, c)
}

func (d *decoder) signOf(s *step, n *yamlfile.Node, where string) {
	sign := scanner.Sign{Side: scanner.InRequest, Score: 0.9}
	d.Object(n, where, map[string]yamlfile.Field{
		"kind":  func(n *yamlfile.Node, where string) { sign.Kind = scanner.SignKind(d.Word(n, where, signKinds)) },
		"name":  func(n *yamlfile.Node, where string) { sign.Name = d.Trimmed(n, where, 100) },
		"side":  func(n *yamlfile.Node, where string) { sign.Side = scanner.Side(d.Word(n, where, sides)) },
		"role":  func(n *yamlfile.Node, where string) { sign.Role = d.Word(n, where, roles) },
		"at":    func(n *yamlfile.Node, where string) { sign.Where = d.Trimmed(n, where, 100) },
		"score": func(n *yamlfile.Node, where string) { sign.Score = d.Number(n, where, 0, 1) },
	}, "kind")
	s.signs = append(s.signs, sign)
}

func (d *decoder) alarmOf(s *step, n *yamlfile.Node, where string) {
	a := scanner.Alarm{Score: 1.5}
	d.Object(n, where, map[string]yamlfile.Field{
		"kind":  func(n *yamlfile.Node, where string) { a.Kind = d.Word(n, where, alarmKinds) },
		"score": func(n *yamlfile.Node, where string) { a.Score = d.Number(n, where, 0, 1000) },
		"slow":  func(n *yamlfile.Node, where string) { a.Slow = d.Truth(n, where) },
		"usual": func(n *yamlfile.Node, where string) { a.Usual = d.Trimmed(n, where, 200) },
		"seen":  func(n *yamlfile.Node, where string) { a.Seen = d.Trimmed(n, where, 200) },
	}, "kind")
	s.alarms = append(s.alarms, a)
}

// numbered is the step with {{n}} replaced by which of its repetitions it is, and whether that made a difference.
func (s *step) numbered(i int) (step, bool) {
	out, changed := *s, false
	number := strconv.Itoa(i + 1)
	fill := func(text string) string {
		if !strings.Contains(text, "{{n}}") {
			return text
		}
		changed = true
		return strings.ReplaceAll(text, "{{n}}", number)
	}
	for _, text := range []*string{&out.url, &out.body, &out.reply, &out.system, &out.user, &out.tool, &out.document, &out.answer, &out.model, &out.actor} {
		*text = fill(*text)
	}
	out.headers = make([][2]string, len(s.headers))
	for i, h := range s.headers {
		out.headers[i] = [2]string{h[0], fill(h[1])}
	}
	out.calls = make([]call, len(s.calls))
	for i, c := range s.calls {
		out.calls[i] = call{fill(c.name), fill(c.arguments)}
	}
	return out, changed
}

// prove lets the rule watch each of its samples.
func (r *Rule) prove(look Looker) []Problem {
	asks := false
	r.when.walk(false, func(c *condition, _ bool) { asks = asks || c.op == opSign })
	var problems []Problem
	for i := range r.samples {
		s := &r.samples[i]
		if look == nil && (asks && s.prose() || s.bodies()) {
			r.Unproven++
			continue
		}
		held, saw := r.watch(s, look)
		if held == s.match {
			continue
		}
		what := "the rule does not hold for this sample"
		if held {
			what = "the rule holds for this sample, and must not"
		}
		problems = append(problems, Problem{File: r.File, Line: s.line, Column: s.col, Where: s.where, What: what + "; " + saw})
	}
	return problems
}

// prose tells whether the sample says nothing of signs, so that detectors have to look.
func (s *sample) prose() bool {
	for i := range s.steps {
		if s.steps[i].prose {
			return true
		}
	}
	return false
}

// bodies tells whether the sample brings bodies as they travel, which somebody has to read.
func (s *sample) bodies() bool {
	return slices.ContainsFunc(s.steps, func(s step) bool { return s.body != "" || s.reply != "" })
}

// began is when samples begin. It is a Monday morning.
var began = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// watch lets the rule alone look at a sample. It tells whether the rule held, and what was there to see.
func (r *Rule) watch(s *sample, look Looker) (held bool, saw string) {
	set, err := NewSet([]*Rule{r}, nil)
	if err != nil {
		return false, err.Error()
	}
	at := began
	seen := seenOf{signs: map[string]bool{}}
	for i := range s.steps {
		step := &s.steps[i]
		var kept *scanner.Sight
		at = at.Add(step.after)
		for n := range step.repeat {
			if n > 0 {
				at = at.Add(step.every)
			}
			seen.exchanges++
			one, changed := step.numbered(n)
			if kept == nil || changed {
				kept = one.sight(seen.exchanges, at, look)
			}
			sight := *kept
			sight.Exchange, sight.At, sight.Ended = exchangeID(seen.exchanges), at, at.Add(time.Second)
			held = len(set.Observe(&sight, step.alarms)) > 0 || held
			seen.note(set, &sight, step.alarms)
		}
	}
	return held, seen.String(set.active[0])
}

// seenOf is what there was to see in a sample, for whoever asks why a rule does not hold for it.
type seenOf struct {
	exchanges, passed, met int
	signs                  map[string]bool
}

func (o *seenOf) note(set *Set, sight *scanner.Sight, alarms []scanner.Alarm) {
	a, v := set.active[0], set.view
	v.reset(sight, alarms)
	if v.passes(a) {
		o.passed++
	}
	if a.met(v) {
		o.met++
	}
	for i := range sight.Signs {
		s := &sight.Signs[i]
		o.signs[strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s %.2f", s.Kind, s.Name, s.Side, s.Role, s.Score)), " ")] = true
	}
}

// String says how far the rule came.
func (o *seenOf) String(a *active) string {
	switch {
	case o.met == o.exchanges && a.window == nil:
		return "its filter and its condition hold"
	case o.passed == 0:
		return "no exchange of it passes the filter (where)"
	case o.met > 0 && a.window != nil && a.limit > 0:
		return fmt.Sprintf("%d of its %d exchanges count, and its window came to %s of %s %s", o.met, o.exchanges, plain(a.most), plain(a.limit), a.window.unit())
	case o.met > 0:
		return fmt.Sprintf("%d of its %d exchanges count", o.met, o.exchanges)
	case a.needs == 0:
		return "its condition (when) does not hold"
	case len(o.signs) == 0:
		return fmt.Sprintf("no sign was seen in %d exchanges", o.exchanges)
	}
	names := slices.Sorted(maps.Keys(o.signs))
	if len(names) > 8 {
		names = append(names[:8], "…")
	}
	return "its condition (when) does not hold; seen were: " + strings.Join(names, "; ")
}
