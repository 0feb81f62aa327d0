package engine_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/judge"
	"assay/traffic"
)

// memory is a project in memory: what a run needs of one and no more.
type memory struct {
	mu        sync.Mutex
	cases     []scanner.Case
	trials    map[[2]int]scanner.Trial
	findings  map[string]int
	statuses  map[[2]int]int // of the last answer of each trial
	exchanges int
	state     scanner.RunState
	why       string
	spent     time.Duration
	targets   []scanner.RunTarget
	overrules map[string]scanner.Overrule
	saves     int
	fail      error
	delay     time.Duration
}

func newMemory(cases []scanner.Case) *memory {
	return &memory{cases: append([]scanner.Case(nil), cases...), trials: map[[2]int]scanner.Trial{}, findings: map[string]int{}, statuses: map[[2]int]int{}, overrules: map[string]scanner.Overrule{}}
}

func (m *memory) SaveTrials(_ context.Context, _ scanner.RunID, records []*scanner.TrialRecord) error {
	if m.delay > 0 {
		time.Sleep(m.delay)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	m.saves++
	for _, r := range records {
		key := [2]int{r.Trial.Case, r.Trial.N}
		if _, kept := m.trials[key]; kept {
			continue
		}
		for _, x := range r.Exchanges {
			if x.Response != nil {
				m.statuses[key] = x.Response.Status
			}
			m.exchanges++
			r.Trial.Exchanges = append(r.Trial.Exchanges, traffic.ID(m.exchanges))
		}
		m.trials[key] = r.Trial
		c := &m.cases[r.Trial.Case-1]
		t := judge.Trials(c.Counts)
		t.Add(r.Trial.Judgement.Verdict)
		c.Counts, c.Verdict, c.Reason, c.By = scanner.Verdicts(t), t.Verdict(), r.Trial.Judgement.Reason, r.Trial.Judgement.By
		if r.Trial.Judgement.Verdict == scanner.Resisted && c.Counts.Resisted == 1 {
			c.Blocked = r.Trial.Judgement.Blocked
		}
		c.Done = c.Done || r.Done
		if r.Finding != nil {
			m.findings[r.Finding.Print]++
		}
	}
	return nil
}

func (m *memory) SetRunState(_ context.Context, _ scanner.RunID, state scanner.RunState, why string, spent time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state, m.why, m.spent = state, why, spent
	return nil
}

func (m *memory) Pending(context.Context, scanner.RunID) ([]scanner.Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var pending []scanner.Case
	for _, c := range m.cases {
		if !c.Done {
			pending = append(pending, c)
		}
	}
	return pending, nil
}

func (m *memory) Overrules(context.Context) (map[string]scanner.Overrule, error) {
	return m.overrules, nil
}

func (m *memory) SaveExchange(context.Context, *traffic.Record, []string) (traffic.ID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.exchanges++
	return traffic.ID(m.exchanges), nil
}

func (m *memory) SetRunTargets(_ context.Context, _ scanner.RunID, targets []scanner.RunTarget) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.targets = targets
	return nil
}

func (m *memory) Understand(context.Context, traffic.ID) (*traffic.Exchange, *llm.Conversation, error) {
	return nil, nil, errors.ErrUnsupported
}

func (m *memory) ReadBody(context.Context, traffic.ID, traffic.Side, int64) ([]byte, bool, error) {
	return nil, false, errors.ErrUnsupported
}

// tally counts what is kept, apart from the engine.
func (m *memory) tally() scanner.RunTally {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := scanner.RunTally{Cases: len(m.cases)}
	for _, trial := range m.trials {
		t.Trials++
		t.Requests += int64(trial.Requests)
		t.Input += trial.Input
		t.Output += trial.Output
		t.Throttled += trial.Throttled
		if trial.Estimated {
			t.Estimated += trial.Input + trial.Output
		}
		if trial.Dollars != nil {
			t.Dollars += math.Round(*trial.Dollars*1e9) / 1e9
		} else {
			t.Unpriced += int64(trial.Requests)
		}
	}
	for _, c := range m.cases {
		if !c.Done {
			continue
		}
		switch c.Verdict {
		case scanner.Vulnerable:
			t.Vulnerable++
			if c.Counts.Resisted > 0 {
				t.Flaky++
			}
		case scanner.Resisted:
			t.Resisted++
			if c.Blocked {
				t.Blocked++
			}
		case scanner.Unclear:
			t.Unclear++
		case scanner.Errored:
			t.Errored++
		}
	}
	t.Dollars = math.Round(t.Dollars*1e9) / 1e9 // the order in which they are added is chance
	return t
}
