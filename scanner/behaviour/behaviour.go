package behaviour

import "assay/scanner"

// Profile is what is known of one actor. The zero value is nobody yet. It is not safe for concurrent use.
type Profile struct{}

// Observe takes one exchange into account and returns what is unusual about it. Exchanges come in the order in which they
// began; one that is late counts where it comes.
func (p *Profile) Observe(s *scanner.Sight) []scanner.Alarm { return nil }

// Describe fills in what the profile knows: Risk, Baseline, Learning.
func (p *Profile) Describe(a *scanner.Actor) {}

// MarshalBinary and UnmarshalBinary keep a profile; its size is bounded (at most 8 KiB).
func (p *Profile) MarshalBinary() ([]byte, error) { return nil, nil }

// UnmarshalBinary reads what MarshalBinary wrote.
func (p *Profile) UnmarshalBinary(data []byte) error { return nil }
