package engine

import (
	"fmt"
	"sync"
	"time"

	"assay/scanner"
)

// meter counts what a run uses up against its budget.
type meter struct {
	limit scanner.Budget

	mu       sync.Mutex
	requests int64 // sent
	reserved int64 // promised to trials under way
	tokens   int64
	dollars  float64
}

func newMeter(limit scanner.Budget, t *scanner.RunTally) *meter {
	return &meter{limit: limit, requests: t.Requests, tokens: t.Input + t.Output, dollars: t.Dollars}
}

// reserve promises requests to a trial before it begins, so that the budget is not exceeded. why says which budget stands
// against it; empty where none does.
func (m *meter) reserve(requests int64) (why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch left := m.limit.Requests - m.requests - m.reserved; {
	case m.limit.Requests > 0 && left <= 0:
		return fmt.Sprintf("the budget of %d requests is used up", m.limit.Requests)
	case m.limit.Requests > 0 && left < requests:
		return fmt.Sprintf("%d of the budget of %d requests are left, and the next trial may take %d", left, m.limit.Requests, requests)
	case m.limit.Tokens > 0 && m.tokens >= m.limit.Tokens:
		return fmt.Sprintf("the budget of %d tokens is used up", m.limit.Tokens)
	case m.limit.Dollars > 0 && m.dollars >= m.limit.Dollars:
		return fmt.Sprintf("the budget of $%v is used up", m.limit.Dollars)
	}
	m.reserved += requests
	return ""
}

// release gives back what a trial did not need.
func (m *meter) release(requests int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reserved -= requests
}

// sent counts a request; promised tells that it was reserved.
func (m *meter) sent(promised bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests++
	if promised {
		m.reserved--
	}
}

// used counts tokens and money.
func (m *meter) used(tokens int64, dollars float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens += tokens
	m.dollars += dollars
}

// timeUp says that the time is used up.
func timeUp(limit time.Duration) string { return fmt.Sprintf("the budget of %s is used up", limit) }
