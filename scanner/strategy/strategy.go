// Package strategy holds attacks that an attacker model conducts over several turns: crescendo, PAIR, TAP, GOAT and bad
// Likert judge. A strategy thinks up what is said; who asks, sends, judges and counts is its caller's business.
package strategy

import (
	"context"
	"errors"
)

// Asker is the attacker model.
type Asker interface {
	// Ask gives its answer to one prompt under a system prompt.
	Ask(ctx context.Context, system, prompt string) (string, error)
}

// Victim is what is attacked.
type Victim interface {
	// Begin opens a conversation without history.
	Begin() Talk
}

// Talk is one conversation with the victim.
type Talk interface {
	// Say sends one text and tells what came back. ErrOver says that nothing more may be sent: the attack has succeeded, or
	// a budget is used up.
	Say(ctx context.Context, text string) (Reply, error)
	// Back forgets the latest turn, as if it had never been said.
	Back()
}

// ErrOver ends a strategy.
var ErrOver = errors.New("the attack is over")

// ErrDeclined says that the attacker model declined to attack, also when it was asked once more in other words, or wrote
// nothing that can be sent. What was said before stands.
var ErrDeclined = errors.New("the attacker model declines to attack")

// Reply is what the victim answered.
type Reply struct {
	Text      string
	Refused   bool
	Succeeded bool
}

// Goal is what the attack wants.
type Goal struct {
	Want  string // what the attack is after, in one or two sentences
	First string // the template's own text, as an example
}

// Limits bound one attack. None is ever exceeded: no more than Branches × Turns texts are sent, and no more than Asks
// questions asked. A field that is not positive takes the strategy's usual one.
type Limits struct {
	Turns    int // texts sent in one conversation, those taken back among them; of PAIR and TAP attempts, one after another
	Branches int // conversations held beside each other
	Asks     int // requests to the attacker model
}

// Strategy is one way to attack.
type Strategy struct {
	Name   string
	What   string // one sentence for people
	Source string // the paper
	Usual  Limits
	// Attack carries the attack out. It gives nil when the attack succeeded, was over, or came to its limits; ErrDeclined;
	// the context's error; or the one of attacker or victim that ended it. With the same seed and the same answers it says
	// the same.
	Attack func(ctx context.Context, g Goal, a Asker, v Victim, l Limits, seed uint64) error
}

// Strategies lists them by name.
func Strategies() []Strategy {
	return []Strategy{badLikertStrategy(), crescendoStrategy(), goatStrategy(), pairStrategy(), tapStrategy()}
}
