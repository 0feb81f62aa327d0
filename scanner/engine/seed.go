package engine

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"maps"
	"strings"

	"assay/scanner/callback"
	"assay/scanner/template"
)

// seed is what everything that varies within a trial is drawn from. The same run, case and trial give the same.
type seed [sha256.Size]byte

func trialSeed(run uint64, key string, trial int) seed {
	return sha256.Sum256(fmt.Appendf(nil, "%d\x00%s\x00%d", run, key, trial))
}

// number is the seed of mutations.
func (s seed) number() uint64 { return binary.LittleEndian.Uint64(s[:8]) }

// The letters of a canary. It reads like a name that nobody has, so that no filter takes it for a code, and it has
// neither q nor x, which models are asked about.
const (
	consonants = "bdfglmnprstvz"
	vowels     = "aeiou"
)

// canary makes the two halves: five or six letters, and four digits.
func (s seed) canary() (word, number string) {
	var b strings.Builder
	for i := range 5 + int(s[8])%2 {
		letters := consonants
		if i%2 == 1 {
			letters = vowels
		}
		b.WriteByte(letters[int(s[9+i])%len(letters)])
	}
	return b.String(), fmt.Sprint(1000 + int(binary.LittleEndian.Uint16(s[16:]))%9000)
}

// token names the trial to the listener for callbacks.
func (s seed) token() string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s[20:28]))
}

// maker gives the variables of one target's trials.
type maker struct {
	fixed    map[string]string
	callback *callback.Listener
}

func newMaker(v *Victim, listener *callback.Listener) *maker {
	fixed := v.Subject.Values()
	if fixed == nil {
		fixed = map[string]string{}
	}
	if v.Other != nil && v.Other.Role != nil {
		role := v.Other.Role
		fixed["other_role"] = role.Name
		if len(role.Knows) > 0 {
			fixed["other_secret"] = role.Knows[0]
		}
		if len(role.Holds) > 0 {
			fixed["other_id"] = role.Holds[0]
		}
	}
	return &maker{fixed, listener}
}

// values are the variables of one trial.
func (m *maker) values(s seed) map[string]string {
	values := template.Canary(s.canary())
	maps.Copy(values, m.fixed)
	if m.callback != nil {
		values["oob_url"], values["oob_host"] = m.callback.URL(s.token()), m.callback.HostOf(s.token())
	}
	return values
}
