package engine

import (
	"context"
	"errors"
	"slices"

	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/judge"
	"assay/scanner/refusal"
	"assay/scanner/strategy"
	"assay/scanner/template"
)

// conductStrategy lets an attacker model hold the conversations of a trial. The error tells why it ended before its end.
func (a *attempt) conductStrategy(ctx context.Context) error {
	all := strategy.Strategies()
	i := slices.IndexFunc(all, func(s strategy.Strategy) bool { return s.Name == a.c.Strategy })
	switch {
	case i < 0:
		a.input = judge.Input{Fault: "there is no strategy " + a.c.Strategy}
		return nil
	case a.e.o.Attacker == nil:
		a.input = judge.Input{Fault: "no attacker model is configured"}
		return nil
	}
	s := all[i]
	goal := strategy.Goal{Want: a.t.Description}
	if len(a.rendered.Turns) > 0 {
		goal.First = a.rendered.Turns[0].Text
	}
	a.rendered.Turns = nil
	duel := &duel{a: a}
	err := s.Attack(ctx, goal, &countedAttacker{a}, duel, s.Usual, a.seed.number())
	switch {
	case duel.stopped != nil:
		return duel.stopped
	case ctx.Err() != nil:
		return ctx.Err()
	case a.e.halted() && !duel.succeeded:
		return errHalted
	case duel.succeeded:
	case duel.best == nil:
		a.input = judge.Input{Fault: "the attacker model said nothing that could be sent"}
		if err != nil {
			a.input.Fault = "the attacker model: " + err.Error()
		}
	}
	if duel.best != nil {
		a.input, a.rendered.Turns = *duel.best, duel.bestSaid
		a.said = seq(len(duel.bestSaid))
	}
	return nil
}

// seq is 0 to n-1.
func seq(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// countedAttacker is the attacker model with every question counted against the budget.
type countedAttacker struct{ a *attempt }

func (c *countedAttacker) Ask(ctx context.Context, system, prompt string) (string, error) {
	if c.a.e.halted() || !c.a.again() {
		return "", strategy.ErrOver
	}
	text, err := c.a.e.o.Attacker.Ask(ctx, system, prompt)
	c.a.promised--
	c.a.e.meter.sent(true)
	c.a.trial.Requests++
	if err == nil {
		c.a.trial.Estimated = true
		c.a.tokens(Tokens(system)+Tokens(prompt), Tokens(text), nil)
	}
	return text, err
}

// duel is the target as a strategy sees it.
type duel struct {
	a         *attempt
	best      *judge.Input // the answer that proves the attack, else the latest
	bestSaid  []template.RenderedTurn
	succeeded bool
	stopped   error
}

// Begin opens a conversation without history.
func (d *duel) Begin() strategy.Talk { return &talk{d: d} }

// talk is one conversation.
type talk struct {
	d      *duel
	script *craft.Script // nil until something is said
	turns  []template.RenderedTurn
}

// Say sends one text and judges its answer.
func (t *talk) Say(ctx context.Context, text string) (strategy.Reply, error) {
	a := t.d.a
	if t.d.succeeded || t.d.stopped != nil || a.e.halted() || !a.again() {
		return strategy.Reply{}, strategy.ErrOver
	}
	if t.script == nil {
		bare := *a.rendered
		bare.Turns = nil
		var err error
		if t.script, err = craft.Begin(a.f.Subject, &bare); err != nil {
			return strategy.Reply{}, err
		}
	}
	call, err := t.script.CallText(text)
	if err != nil {
		return strategy.Reply{}, err
	}
	turns := append(slices.Clip(t.turns), template.RenderedTurn{Plain: text, Text: text, Slot: template.SlotLastUser})
	a.rendered.Turns, a.said = turns, seq(len(turns))
	failed, err := a.send(ctx, call)
	if err != nil {
		t.d.stopped = err
		return strategy.Reply{}, strategy.ErrOver
	}
	j := judge.Judge(a.input, a.rendered.Detect)
	input := a.input
	t.d.best, t.d.bestSaid = &input, turns
	if failed {
		return strategy.Reply{}, errors.New(j.Reason)
	}
	t.turns = turns
	if err := t.script.Answered(len(turns)-1, a.answer); err != nil {
		return strategy.Reply{}, err
	}
	answer := answerOf(&a.input)
	reply := strategy.Reply{Text: answer, Refused: refusal.Find(answer, "").Kind == refusal.Full || j.Blocked, Succeeded: j.Verdict == scanner.Vulnerable}
	t.d.succeeded = reply.Succeeded
	return reply, nil
}

// Back forgets the latest turn.
func (t *talk) Back() {
	if n := len(t.turns); n > 0 {
		t.turns = t.turns[: n-1 : n-1]
		t.script.Back()
	}
}
