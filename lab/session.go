package lab

import (
	"crypto/rand"
	"sync"
)

// sessions remembers the newest session ids the lab gave out.
type sessions struct {
	mu    sync.Mutex
	most  int
	known map[string]bool
	order []string
}

func newSessions(most int) *sessions { return &sessions{most: most, known: map[string]bool{}} }

// open makes a session id, forgetting the oldest when there are too many.
func (s *sessions) open() string {
	id := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.order) >= s.most {
		delete(s.known, s.order[0])
		s.order = s.order[1:]
	}
	s.known[id] = true
	s.order = append(s.order, id)
	return id
}

func (s *sessions) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[id]
}

func (s *sessions) close(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, id)
}
