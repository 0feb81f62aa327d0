package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/judge"
	"assay/scanner/target"
	"assay/scanner/template"
)

// mostText is how many bytes of an answer, and of one text that was sent, are kept with a trial.
const mostText = 64 << 10

// attempt is one trial while it is made.
type attempt struct {
	e        *Execution
	f        *fighter
	c        *scanner.Case
	t        *template.Template
	seed     seed
	promised int64 // requests that are still reserved

	script   *craft.Script
	rendered *template.Rendered
	record   *scanner.TrialRecord
	trial    *scanner.Trial // of record
	said     []int          // turns that were sent
	answer   *target.Answer // the latest
	input    judge.Input    // made of it
	held     int            // bytes of answers on their way to the project
	prices   bool           // the price of every request so far is known
	dollars  float64
	ended    error // why it ended before its end: errHalted; errDead is an errored trial
}

func newAttempt(e *Execution, c *scanner.Case, t *template.Template) *attempt {
	n := c.Counts
	a := &attempt{e: e, f: e.by[c.Target], c: c, t: t, prices: true}
	a.record = &scanner.TrialRecord{Trial: scanner.Trial{Case: c.N, N: n.Vulnerable + n.Resisted + n.Unclear + n.Errored + 1}}
	a.trial = &a.record.Trial
	a.seed = trialSeed(e.spec.Seed, c.Key, a.trial.N)
	return a
}

// most is how many requests the trial may take, without those that are sent again.
func (a *attempt) most() int64 {
	if a.c.Strategy != "" {
		return 0 // each of its requests is reserved when it is made
	}
	n := int64(1)
	if a.c.Request >= 0 && a.c.Request < len(a.t.Attack.Requests) {
		if r := a.t.Attack.Requests[a.c.Request].Repeat; r != nil {
			n = int64(r.Times)
		}
	}
	if a.c.Prompt < 0 {
		n += int64(max(len(a.t.Attack.Turns)-1, 0))
	}
	a.promised = n
	return n
}

// run makes the trial. It returns nil where it was interrupted before anything was sent, or with the program.
func (a *attempt) run(ctx context.Context) *scanner.TrialRecord {
	a.trial.Started = time.Now()
	var j scanner.Judgement
	if err := a.prepare(); err != nil {
		j = errored("It could not be sent: " + err.Error() + ".")
	} else {
		if a.c.Strategy != "" {
			a.ended = a.conductStrategy(ctx)
		} else {
			a.ended = a.talk(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(a.ended, errDead):
			a.ended = nil
			j = errored("There is no answer to judge: " + a.e.reason(a.f.lane) + ".")
		case a.ended != nil && a.trial.Requests == 0:
			return nil
		case a.ended != nil:
			j = errored("It was broken off: " + a.e.reason(a.f.lane) + ".")
		default:
			j = a.judge(ctx)
		}
	}
	a.trial.Took = time.Since(a.trial.Started)
	a.close(j)
	if a.ended != nil {
		a.e.note(a.c, &a.trial.Judgement)
		return a.record
	}
	a.record.Done = a.e.note(a.c, &a.trial.Judgement)
	return a.record
}

func errored(reason string) scanner.Judgement {
	return scanner.Judgement{Verdict: scanner.Errored, Reason: reason, Evidence: []scanner.Evidence{}, Confidence: 1, By: "rules"}
}

// prepare fills in the case.
func (a *attempt) prepare() error {
	c := template.Case{ID: a.c.Key, Template: a.t, Request: a.c.Request, Prompt: a.c.Prompt, Values: a.c.Values, Mutation: a.c.Mutation}
	var err error
	if a.rendered, err = c.Render(a.f.maker.values(a.seed), a.seed.number()); err != nil {
		return err
	}
	if a.rendered.Request != nil && a.rendered.Request.Auth == "swap" && a.f.Other == nil {
		return errors.New("there is no second role whose credentials could be used")
	}
	if a.c.Strategy == "" { // the others begin their conversations themselves
		a.script, err = craft.Begin(a.f.Subject, a.rendered)
	}
	return err
}

// talk holds the conversation. The error tells why it ended before its end; that a request failed is none.
func (a *attempt) talk(ctx context.Context) error {
	for turn := range a.script.Turns() {
		if turn < len(a.rendered.Turns) {
			if when := a.rendered.Turns[turn].When; when != nil && turn > 0 && !judge.Holds(a.input, when) {
				continue
			}
		}
		call, err := a.script.Call(turn)
		if err != nil {
			a.input = judge.Input{Fault: "turn could not be made: " + err.Error()}
			return nil //nolint:nilerr // told by the verdict
		}
		a.said = append(a.said, turn)
		if turn == a.script.Turns()-1 && a.script.Repeat() != nil {
			return a.repeat(ctx, call, a.script.Repeat())
		}
		failed, err := a.send(ctx, call)
		if err != nil {
			return err
		}
		if failed || turn == a.script.Turns()-1 {
			return nil
		}
		if stop := a.rendered.Turns[turn].Stop; stop != nil && judge.Holds(a.input, stop) {
			return nil
		}
		if err := a.script.Answered(turn, a.answer); err != nil {
			a.input.Fault = "the conversation cannot go on: " + err.Error()
			return nil //nolint:nilerr // told by the verdict
		}
	}
	return nil
}

// read makes the judge's input of an answer. failed tells that nothing can follow.
func (a *attempt) read(ans *target.Answer, err error) (failed bool) {
	a.answer = ans
	in := judge.Input{
		Canaries: []string{a.canary()}, System: a.system(), Baseline: a.f.Baseline, Others: a.f.others, Guard: a.f.Guard, Sent: a.sent(),
	}
	in.Fault = faultOf(ans, err)
	if ans != nil {
		in.Status, in.Header, in.Body, in.Latency = ans.Status, ans.Header.HTTP(), ans.Body, ans.Total
		if ans.Status != 0 {
			in.Said = saidOf(ans, a.f.Target)
		}
	}
	a.input = in
	return in.Fault != "" || ans == nil || ans.Status >= 400
}

// saidOf is what was said, with the answer where the person said it stands.
func saidOf(ans *target.Answer, t *target.Target) *llm.Conversation {
	said := ans.Said
	if t.Model().ByPath && ans.Text != "" {
		said.Answer = ans.Text
	}
	return &said
}

// faultOf tells why there is no whole answer. A status is none: the judge reads it.
func faultOf(ans *target.Answer, err error) string {
	if err == nil {
		return ""
	}
	f, ok := target.FailureOf(err)
	if !ok {
		return err.Error()
	}
	switch {
	case f.Arrived():
		return ""
	case ans != nil && ans.Status != 0:
		return f.What
	default:
		return f.Error()
	}
}

func (a *attempt) canary() string {
	word, number := a.seed.canary()
	return word + number
}

func (a *attempt) system() []string {
	system := a.f.Subject.System
	if given := a.rendered.Setup.System; given != "" {
		system = append(system[:len(system):len(system)], given)
	}
	return system
}

// sent is what the attack put in so far.
func (a *attempt) sent() []string {
	r := *a.rendered
	r.Turns = nil
	for _, turn := range a.said {
		if turn < len(a.rendered.Turns) {
			r.Turns = append(r.Turns, a.rendered.Turns[turn])
		}
	}
	return r.Sent()
}

// leastGrace and mostGrace bound how long a callback is waited for after the answer: twice as long as the answer took, for
// who answers at once also fetches at once.
const (
	leastGrace = 150 * time.Millisecond
	mostGrace  = 1500 * time.Millisecond
)

// judge decides the trial: by rules, then by a model where rules cannot tell.
func (a *attempt) judge(ctx context.Context) scanner.Judgement {
	if a.e.o.Callback != nil && (slices.Contains(a.t.Needs, "oob") || slices.Contains(a.t.Signals(), "callback")) {
		a.input.Callbacks = a.e.o.Callback.Hits(ctx, a.seed.token(), min(max(2*a.input.Latency, leastGrace), mostGrace))
		a.e.o.Callback.Forget(a.seed.token())
	}
	j := judge.Judge(a.input, a.rendered.Detect)
	if s := a.input.Status; j.Verdict == scanner.Resisted && s >= 400 && s == a.f.declines {
		return errored(fmt.Sprintf("There is no answer to judge: the request without an attack is declined with status %d, too.", s))
	}
	if j.Verdict == scanner.Unclear && a.e.o.Judge != nil {
		j = a.ask(ctx, j)
	}
	return j
}

// ask lets the model judge decide.
func (a *attempt) ask(ctx context.Context, rules scanner.Judgement) scanner.Judgement {
	q := judge.Question{Name: a.t.Name, Wants: a.t.Description, Sent: a.input.Sent, Answer: answerOf(&a.input)}
	counted := &countedJudge{a: a}
	said, vote, err := judge.Opinion(ctx, counted, q)
	if counted.asked == 0 {
		return rules
	}
	vote.Judge = a.e.spec.Judge
	vote.Asked, _ = clip(vote.Asked)
	a.trial.Vote = &vote
	spent := 0.0
	if vote.Dollars != nil {
		spent = *vote.Dollars
	}
	a.e.meter.used(vote.Input+vote.Output, spent) // the project adds the vote to the trial's own
	if err != nil {
		return rules
	}
	a.trial.Rules = &rules
	return said
}

// countedJudge is the model judge with every question counted against the budget.
type countedJudge struct {
	a     *attempt
	asked int
}

func (c *countedJudge) Ask(ctx context.Context, system, prompt string) (judge.Said, error) {
	if !c.a.again() {
		return judge.Said{}, errHalted
	}
	c.asked++
	c.a.promised--
	c.a.e.meter.sent(true)
	c.a.trial.Requests++
	return c.a.e.o.Judge.Ask(ctx, system, prompt)
}

// tokens counts what was used up. dollars is nil where the price is not known.
func (a *attempt) tokens(input, output int64, dollars *float64) {
	a.trial.Input += input
	a.trial.Output += output
	spent := 0.0
	if dollars == nil {
		a.prices = false
	} else {
		spent = *dollars
		a.dollars += spent
	}
	a.e.meter.used(input+output, spent)
}

// close fills in what the trial came to.
func (a *attempt) close(j scanner.Judgement) {
	t := a.trial
	if a.rendered != nil {
		for _, turn := range a.said {
			if turn < len(a.rendered.Turns) {
				t.Sent = append(t.Sent, sentOf(&a.rendered.Turns[turn]))
			}
		}
		t.Answer, t.Cut = clip(answerOf(&a.input))
	}
	if t.Sent == nil {
		t.Sent = []scanner.Sent{}
	}
	t.Print = a.print(&j)
	t.Judgement = j
	a.e.mu.Lock()
	o, overruled := a.e.overrules[t.Print]
	a.e.mu.Unlock()
	if overruled {
		if t.Rules == nil { // else the model said otherwise, and its vote tells so
			t.Rules = &j
		}
		t.Judgement = scanner.Judgement{Verdict: o.Verdict, Reason: o.Reason, Evidence: j.Evidence, Confidence: 1, By: "person"}
	}
	if a.prices && t.Requests > 0 {
		t.Dollars = &a.dollars
	}
	if t.Judgement.Verdict == scanner.Vulnerable {
		a.record.Finding = a.finding()
	}
}

func sentOf(turn *template.RenderedTurn) scanner.Sent {
	s := scanner.Sent{Slot: turn.Slot}
	s.Plain, _ = clip(turn.Plain)
	if turn.Text != turn.Plain {
		s.Text, _ = clip(turn.Text)
	}
	return s
}

// finding is what the trial proves.
func (a *attempt) finding() *scanner.Finding {
	t := a.trial
	class, ref := judge.Class(t), a.c.Target
	return &scanner.Finding{
		Print: scanner.Fingerprint(a.t.ID, ref, class), Source: "test", Template: a.t.ID, Title: a.t.Name, Severity: a.t.Severity, OWASP: a.t.OWASP,
		Target: ref, Name: a.f.named.Name, Class: class, State: scanner.FindingNew, First: t.Started, Last: t.Started, Count: 1,
		Run: a.e.o.Run.ID, Case: a.c.N, Trial: t.N, Reason: t.Judgement.Reason,
	}
}

// print names the trial by target, attack and answer. What is made anew for every trial is left out of the answer, so
// that the same answer has the same fingerprint in the next run.
func (a *attempt) print(j *scanner.Judgement) string {
	h := sha256.New()
	part := func(text string) {
		h.Write([]byte(text))
		h.Write([]byte{0})
	}
	part(a.c.Key)
	if j.Verdict == scanner.Errored {
		part(j.Reason)
	} else {
		word, number := a.seed.canary()
		answer := strings.ToLower(strings.Join(strings.Fields(answerOf(&a.input)), " "))
		part(strings.NewReplacer(word+number, "◌", word, "◌", number, "◌").Replace(answer))
		if a.input.Said != nil {
			for _, call := range a.input.Said.ToolCalls {
				part(call.Name + " " + call.Arguments)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// answerOf is the text that is judged, as the judge reads it.
func answerOf(in *judge.Input) string { return in.Answer() }

// clip shortens a text to what is kept, between two characters.
func clip(text string) (short string, cut bool) {
	return excerpt.Bytes(text, mostText), len(text) > mostText
}
