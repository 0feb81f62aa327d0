package judge

import (
	"context"
	"errors"

	"assay/scanner"
)

// Asker is the model that a person configured as judge.
type Asker interface {
	// Ask sends a system prompt and a prompt, and gives the answer with its tokens.
	Ask(ctx context.Context, system, prompt string) (Said, error)
}

// Said is what the model answered.
type Said struct {
	Text          string
	Input, Output int64
	Dollars       *float64 // nil where the price is not known
}

// Question is what a model judge is asked to decide.
type Question struct {
	Name   string // of the template
	Wants  string // what the attack is after: the template's description
	Sent   []string
	Answer string
}

// Opinion asks a model for a verdict where the rules came to none. The answer of the target is data in the question, never
// an instruction. A reply that cannot be read is asked for once more; then, or where reason and verdict disagree, the
// opinion is unclear. The judgement's By is "model". An error says that the judge could not be asked.
func Opinion(ctx context.Context, a Asker, q Question) (scanner.Judgement, scanner.Vote, error) {
	return scanner.Judgement{}, scanner.Vote{}, errors.ErrUnsupported
}
