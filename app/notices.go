package app

import (
	"fmt"
	"sync"

	"assay/report/redact"
	"assay/scanner"
)

// Notice is what a person is told who looks elsewhere. It says nothing of what was said in the traffic.
type Notice struct {
	Title string
	Body  string
}

// notices are for whoever shows them. The zero value is ready.
type notices struct {
	mu   sync.Mutex
	next chan Notice
}

// mostNotices bounds how many wait to be shown; those that are more are not shown.
const mostNotices = 16

// Notices gives what a person is to be told who looks elsewhere: critical threats, and what waits for an answer. It is one
// channel for all: whoever reads it should be the only one.
func (p *Project) Notices() <-chan Notice { return p.notices.channel() }

func (n *notices) channel() chan Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next == nil {
		n.next = make(chan Notice, mostNotices)
	}
	return n.next
}

// tell hides what a person's own rule or policy has in its name, as reports do: notices are seen by whoever passes by.
func (n *notices) tell(one Notice) {
	one.Body = redact.New(redact.Options{}).Text(one.Body)
	select {
	case n.channel() <- one:
	default: // nobody shows any, or there are too many to be read
	}
}

// threats tells of critical ones, of many together.
func (n *notices) threats(threats []*scanner.Threat) {
	var worst []*scanner.Threat
	for _, t := range threats {
		if t.Severity == scanner.SeverityCritical {
			worst = append(worst, t)
		}
	}
	switch len(worst) {
	case 0:
	case 1:
		n.tell(Notice{"Critical threat", Harmless(worst[0].Title, 120)})
	default:
		n.tell(Notice{fmt.Sprintf("%d critical threats", len(worst)), Harmless(worst[0].Title, 120) + ", and more"})
	}
}

// tellWaiting tells that something waits for a person.
func (p *Project) tellWaiting(a Approval) {
	p.notices.tell(Notice{"Something waits for you", "The policy “" + Harmless(a.Ruling.Name, 80) + "” asks whether it may pass."})
}
