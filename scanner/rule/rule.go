package rule

import (
	"errors"
	"io/fs"
	"time"

	"assay/scanner"
)

// Rule is one rule, read and checked.
type Rule struct {
	ID       string
	Name     string
	Meaning  string // what it means when it holds, for people
	Severity scanner.Severity
	OWASP    []string
	ASI      []string
	ATLAS    []string
	Advice   string
	Cooldown time.Duration
	Tags     []string
	Source   []byte // as it was read
	File     string
	Own      bool    // a person's, not shipped
	Single   bool    // it looks at one exchange alone: a policy may name it
	Limit    float64 // what RuleSetting.Threshold replaces; 0 where it has none
	LimitOf  string  // what Limit counts, for people
}

// Parse reads a rule and proves its samples.
func Parse(file string, data []byte) (*Rule, error) { return nil, errors.ErrUnsupported }

// Load reads all rules of a folder. It returns those that are good, and an error for each that is not.
func Load(fsys fs.FS) ([]*Rule, []error) { return nil, nil }

// Match is one rule that holds.
type Match struct {
	Rule     *Rule
	Severity scanner.Severity // with what a person set
	Group    string           // within which it was counted: actor, endpoint…; one threat for each
	Signs    []scanner.Sign   // that count; of this exchange
	Alarm    *scanner.Alarm   // of a rule over a baseline
	Count    float64          // of a window
	Seen     string           // one sentence; it quotes nothing of the traffic
	Usual    string
	Past     []scanner.Moment // of a window: what it counted before this exchange, oldest first, as far as kept
}

// Set is all rules that are on, with what they have counted so far. It is not safe for concurrent use; Single is.
type Set struct{}

// NewSet returns a set of rules as a person set them.
func NewSet(rules []*Rule, settings []scanner.RuleSetting) (*Set, error) { return &Set{}, nil }

// Rules returns all rules, those that are off too.
func (s *Set) Rules() []*Rule { return nil }

// Observe takes one exchange into account and returns the rules that hold now.
func (s *Set) Observe(sight *scanner.Sight, alarms []scanner.Alarm) []Match { return nil }

// Single returns the rules that hold for one exchange alone. It counts nothing.
func (s *Set) Single(sight *scanner.Sight) []Match { return nil }

// State returns what was counted so far, and Restore takes it back. Restore of nil forgets everything.
func (s *Set) State() ([]byte, error) { return nil, nil }

// Restore takes back what State returned. What it cannot read is forgotten, and the error says so.
func (s *Set) Restore(state []byte) error { return nil }

// Cut is how many counters were dropped because there were too many.
func (s *Set) Cut() int64 { return 0 }
