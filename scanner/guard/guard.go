package guard

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"assay/scanner"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/traffic"
)

// Question is what a person is asked before something passes.
type Question struct {
	Ruling scanner.Ruling
	Shown  string    // what it is about, with secrets and personal data taken out, shortened
	Until  time.Time // then nobody has answered
}

// Options of a Guard. Mode and Policies are needed.
type Options struct {
	Mode     scanner.GuardMode
	Policies []scanner.Policy
	Rules    *rule.Set      // for policies that name rules; nil: there are none
	Identity watch.Identity // nil: watch.UsualIdentity

	ID   func(context.Context) traffic.ID                     // the exchange of a request; nil: 0
	Tell func(scanner.Ruling)                                 // is told of every ruling; it must not block
	Ask  func(context.Context, Question) (yes, answered bool) // asks a person; nil: nobody answers
	Now  func() time.Time                                     // nil: time.Now
	Log  *slog.Logger                                         // nil: silent
}

// Guard decides about traffic. It is safe for concurrent use, and implements proxy.Guard.
type Guard struct{}

// New returns a guard. It fails for a policy that cannot be carried out, and says which and why.
func New(o Options) (*Guard, error) { return &Guard{}, nil }

// Set changes mode and policies of a guard at work. What is under way ends as it began.
func (g *Guard) Set(mode scanner.GuardMode, policies []scanner.Policy) error { return nil }

// Request implements proxy.Guard.
func (g *Guard) Request(*http.Request) *http.Response { return nil }

// Response implements proxy.Guard.
func (g *Guard) Response(*http.Response) {}

// CheckText says what the policies would do with a text of a role: user, assistant, tool, system, document.
func (g *Guard) CheckText(text, role string) []scanner.Ruling { return nil }

// Replay says what the policies would have done with a recorded exchange. Budgets are counted by the exchanges' own times.
func (g *Guard) Replay(s *watch.Seen) []scanner.Ruling { return nil }

// Presets are policies worth beginning with, by the name of the preset: OWASP LLM, personal data, secrets, tool safety.
func Presets() map[string][]scanner.Policy { return nil }
