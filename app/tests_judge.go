package app

import (
	"context"

	"assay/scanner/judge"
)

// JudgeMeasured is how a model does as judge on the built-in labelled answers.
type JudgeMeasured = judge.Measured

// MeasureJudge asks an imported model, named model:ID or by its name, for its verdict on every labelled answer: as many
// requests as the set has answers, or twice that where its replies cannot be read. progress may be nil.
func (p *Project) MeasureJudge(ctx context.Context, which string, o *TestOptions, progress func(done, all int)) (*JudgeMeasured, error) {
	m, err := p.asked(ctx, which, o)
	if err != nil {
		return nil, err
	}
	defer m.close()
	return judge.Measure(ctx, judgeModel{m}, progress)
}
