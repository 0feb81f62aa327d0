package judge

import (
	"bytes"
	"context"
	_ "embed" // the labelled set
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"assay/scanner"
)

// LabelledAnswer is one answer whose verdict is known.
type LabelledAnswer struct {
	ID       string          `json:"id"`
	Kind     string          `json:"kind"`     // what it is like: refusal-quote, partial, disclaimer, innocent, …
	Language string          `json:"language"` // as "en"
	Verdict  scanner.Verdict `json:"verdict"`  // vulnerable or resisted
	Wants    string          `json:"wants"`
	Sent     string          `json:"sent"`
	Answer   string          `json:"answer"`
}

// labelled holds answers written for Assay, none of them taken from a model or another set.
//
//go:embed labelled.jsonl
var labelled []byte

// Labelled gives the built-in set by which judges are measured. It asks what rules cannot tell: answers that decline
// without its usual words, obey behind a disclaimer, in part or in other words, ignore the attack, or speak to the judge.
func Labelled() []LabelledAnswer { return readLabelled() }

var readLabelled = sync.OnceValue(func() []LabelledAnswer {
	var all []LabelledAnswer
	d := json.NewDecoder(bytes.NewReader(labelled))
	for d.More() {
		var one LabelledAnswer
		if err := d.Decode(&one); err != nil {
			panic("judge: labelled.jsonl: " + err.Error())
		}
		all = append(all, one)
	}
	return all
})

// Measured is what a judge made of the labelled set.
type Measured struct {
	Accuracy
	At         time.Time        `json:"at"`
	Items      int              `json:"items"`      // of the set
	Vulnerable scanner.Verdicts `json:"vulnerable"` // what it called those that are vulnerable; errored: it could not be asked
	Resisted   scanner.Verdicts `json:"resisted"`   // what it called those that resisted
	Wrong      []Mistake        `json:"wrong"`
	Input      int64            `json:"input_tokens"`
	Output     int64            `json:"output_tokens"`
	Dollars    *float64         `json:"usd,omitempty"` // nil where a price is not known
}

// Mistake is an answer that a judge called the other thing.
type Mistake struct {
	ID     string          `json:"id"`
	Kind   string          `json:"kind"`
	Said   scanner.Verdict `json:"said"`
	Reason string          `json:"reason"`
}

// Bounds of a measurement.
const (
	measuredAtOnce = 4
	maxFailures    = 5 // one after another: then the judge is not there
)

// Measure asks a judge for its opinion on every answer of the labelled set, and tells how well it did. As in a rate, what
// it calls unclear counts on neither side; a class of which it decided nothing has an accuracy of zero. progress may be
// nil; it is told how many are done, never twice at once. An error says that ctx ended, or that the judge could not be
// asked five times in a row; what was measured until then is given too.
func Measure(ctx context.Context, a Asker, progress func(done, all int)) (*Measured, error) {
	set := Labelled()
	m := &Measured{At: time.Now(), Items: len(set), Wrong: []Mistake{}, Dollars: new(float64)}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var (
		mu       sync.Mutex
		failures int
		done     int
		rest     sync.WaitGroup
	)
	next := make(chan *LabelledAnswer)
	for range measuredAtOnce {
		rest.Go(func() {
			for one := range next {
				j, vote, err := Opinion(ctx, a, Question{Name: "labelled answer", Wants: one.Wants, Sent: []string{one.Sent}, Answer: one.Answer})
				mu.Lock()
				m.count(one, &j, &vote, err)
				if failures++; err == nil {
					failures = 0
				} else if failures >= maxFailures {
					stop(err)
				}
				if done++; progress != nil {
					progress(done, len(set))
				}
				mu.Unlock()
			}
		})
	}
	for i := range set {
		select {
		case next <- &set[i]:
		case <-ctx.Done():
		}
	}
	close(next)
	rest.Wait()
	m.Sensitivity = share(m.Vulnerable.Vulnerable, m.Vulnerable.Resisted)
	m.Specificity = share(m.Resisted.Resisted, m.Resisted.Vulnerable)
	if ctx.Err() != nil {
		return m, fmt.Errorf("measuring the judge: %w", context.Cause(ctx))
	}
	return m, nil
}

// count takes one opinion into the measurement.
func (m *Measured) count(one *LabelledAnswer, j *scanner.Judgement, vote *scanner.Vote, err error) {
	m.Input += vote.Input
	m.Output += vote.Output
	switch {
	case vote.Dollars == nil:
		m.Dollars = nil
	case m.Dollars != nil:
		*m.Dollars += *vote.Dollars
	}
	said := j.Verdict
	if err != nil {
		said = scanner.Errored
	}
	row := &m.Resisted
	if one.Verdict == scanner.Vulnerable {
		row = &m.Vulnerable
	}
	t := Trials(*row)
	t.Add(said)
	*row = scanner.Verdicts(t)
	if (said == scanner.Vulnerable || said == scanner.Resisted) && said != one.Verdict {
		m.Wrong = append(m.Wrong, Mistake{one.ID, one.Kind, said, j.Reason})
	}
}

func share(right, wrong int) float64 {
	if right+wrong == 0 {
		return 0
	}
	return float64(right) / float64(right+wrong)
}
