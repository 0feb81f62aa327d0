package storage

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"

	"assay/traffic"
)

// A placeholder stands in the project for the value of a credential: ⟨cred:0123456789abcdef⟩. Equal values have equal
// placeholders within a project; without the project's key nobody can tell whether a guess is right.
const (
	placeholderStart = "⟨cred:"
	placeholderEnd   = "⟩"
	placeholderBytes = 8
)

const (
	sealingKeyBytes = 32
	maxKnownSecrets = 8192
)

// ErrNoValue says that only the placeholder of a credential was kept.
var ErrNoValue = errors.New("the value of this credential was not kept")

// sealer replaces credentials by placeholders.
type sealer struct {
	keys    Keys
	keyName string // of the current key; empty when values are not kept
	current sealing
	log     *slog.Logger

	mu      sync.Mutex
	known   map[string]string // value to placeholder
	fresh   []sealed          // not yet in the file
	sealsBy map[string]sealing
}

// sealing is what follows from one key.
type sealing struct{ tag, value []byte }

type sealed struct {
	placeholder, name, key string
	value                  []byte // encrypted; nil when values are not kept
}

func deriveSealing(key []byte) sealing {
	derive := func(label string) []byte {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(label))
		return m.Sum(nil)
	}
	return sealing{tag: derive("assay placeholder"), value: derive("assay value")}
}

// newSealer takes the key that Keys holds for the project, or makes one where it may. When there is nowhere to keep a
// key, placeholders are made with one that is forgotten, and values are not kept.
func newSealer(ctx context.Context, keys Keys, name string, make keyMaking, log *slog.Logger) *sealer {
	s := &sealer{keys: keys, log: log, known: map[string]string{}, sealsBy: map[string]sealing{}}
	if keys != nil {
		key, err := keys.Get(ctx, name)
		if err == nil && len(key) != sealingKeyBytes {
			err = fmt.Errorf("the key of the project has %d bytes, not %d", len(key), sealingKeyBytes)
		}
		if err != nil && make != makeNoKey {
			if make == makeOtherKey {
				// The key may be on the machine the project came from. A new name leaves that one alone.
				name, _, _ = strings.Cut(name, "/")
				name += "/" + hex.EncodeToString(randomKey()[:4])
			}
			key = randomKey()
			err = keys.Set(ctx, name, key)
		}
		if err == nil {
			s.keyName, s.current = name, deriveSealing(key)
			return s
		}
		log.Warn("values of credentials are not kept: the key store does not work", "err", err)
	}
	s.current = deriveSealing(randomKey())
	return s
}

// keyMaking says what to do when there is no key.
type keyMaking int

const (
	makeNoKey    keyMaking = iota // the project is only read
	makeFirstKey                  // the project is new
	makeOtherKey                  // the project had a key that is not here
)

func randomKey() []byte {
	key := make([]byte, sealingKeyBytes)
	_, _ = rand.Read(key) // never fails
	return key
}

// exchange returns x with placeholders in place of credentials. x is left as it is; the copy shares what needed no
// change.
func (s *sealer) exchange(x *traffic.Exchange) *traffic.Exchange {
	c := *x
	var values []string
	seal := func(name string) func(string) string {
		return func(v string) string {
			values = append(values, v)
			return s.placeholder(name, v)
		}
	}
	c.Request.URL = sealURL(x.Request.URL, seal("url"))
	c.Request.Header = sealHeader(x.Request.Header, seal)
	c.Request.Trailer = sealHeader(x.Request.Trailer, seal)
	c.Request.Body.Data = nil
	if x.Response != nil {
		r := *x.Response
		r.Header = sealHeader(r.Header, seal)
		r.Trailer = sealHeader(r.Trailer, seal)
		r.Body.Data = nil
		if len(r.Informational) > 0 {
			r.Informational = append([]traffic.Informational(nil), r.Informational...)
			for i := range r.Informational {
				r.Informational[i].Header = sealHeader(r.Informational[i].Header, seal)
			}
		}
		c.Response = &r
	}
	if len(c.Origin) > 0 {
		for _, v := range values { // what the import file repeats of the same values
			if len(v) >= 6 && !strings.HasPrefix(v, placeholderStart) {
				c.Origin = bytes.ReplaceAll(c.Origin, []byte(v), []byte(s.placeholder("origin", v)))
			}
		}
	}
	return &c
}

func sealHeader(h traffic.Header, seal func(name string) func(string) string) traffic.Header {
	shared := true
	for i, f := range h {
		v := sealParts(f.Name, f.Value, seal(f.Name))
		if v == f.Value {
			continue
		}
		if shared {
			h, shared = append(traffic.Header(nil), h...), false
		}
		h[i].Value = v
	}
	return h
}

// placeholder returns what stands for a value, and remembers the value to be written.
func (s *sealer) placeholder(name, value string) string {
	if strings.HasPrefix(value, placeholderStart) && strings.HasSuffix(value, placeholderEnd) {
		return value
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ph, ok := s.known[value]; ok {
		return ph
	}
	mac := hmac.New(sha256.New, s.current.tag)
	mac.Write([]byte(value))
	ph := placeholderStart + hex.EncodeToString(mac.Sum(nil)[:placeholderBytes]) + placeholderEnd
	if len(s.known) >= maxKnownSecrets {
		clear(s.known)
	}
	s.known[strings.Clone(value)] = ph
	if s.keyName != "" {
		s.fresh = append(s.fresh, sealed{ph, name, s.keyName, s.encrypt(ph, value)})
	}
	return ph
}

func (s *sealer) encrypt(placeholder, value string) []byte {
	aead, err := chacha20poly1305.NewX(s.current.value)
	if err != nil {
		return nil // the key has the right size
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(value)+aead.Overhead())
	_, _ = rand.Read(nonce)
	return aead.Seal(nonce, nonce, []byte(value), []byte(placeholder))
}

// save writes the values that are not yet in the file and returns how many there were; saved forgets that many once
// they are committed.
func (s *sealer) save(t *tx) (int, error) { return s.saveFrom(t, 0) }

func (s *sealer) saveFrom(t *tx, from int) (int, error) {
	s.mu.Lock()
	fresh := s.fresh[from:len(s.fresh):len(s.fresh)]
	s.mu.Unlock()
	for _, c := range fresh {
		err := t.run("INSERT INTO credential (placeholder, name, key, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			c.placeholder, c.name, c.key, c.value)
		if err != nil {
			return 0, err
		}
	}
	return len(fresh), nil
}

func (s *sealer) saved(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = append([]sealed(nil), s.fresh[n:]...)
}

// waiting returns the values that are not yet in the file, for the journal.
func (s *sealer) waiting() []sealed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sealed(nil), s.fresh...)
}

// adopt takes values that the journal of an earlier process held.
func (s *sealer) adopt(c sealed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = append(s.fresh, c)
}

// Credential returns the value that a placeholder stands for, for a request that is sent again. It fails with
// ErrNoValue when the value was not kept, or is sealed with a key that this machine does not have.
func (p *Project) Credential(ctx context.Context, placeholder string) (string, error) {
	var key string
	var value []byte
	err := p.readers.QueryRowContext(ctx, "SELECT key, value FROM credential WHERE placeholder = ?", placeholder).Scan(&key, &value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("%s: %w", placeholder, ErrNoValue)
	}
	if err != nil {
		return "", err
	}
	sealing, err := p.seal.sealingOf(ctx, key)
	if err != nil {
		return "", fmt.Errorf("%s: %w: the key is on the machine it was recorded on", placeholder, ErrNoValue)
	}
	aead, err := chacha20poly1305.NewX(sealing.value)
	if err != nil {
		return "", err
	}
	if len(value) < aead.NonceSize() {
		return "", errCodec
	}
	plain, err := aead.Open(nil, value[:aead.NonceSize()], value[aead.NonceSize():], []byte(placeholder))
	if err != nil {
		return "", fmt.Errorf("%s: the sealed value was changed: %w", placeholder, err)
	}
	return string(plain), nil
}

func (s *sealer) sealingOf(ctx context.Context, name string) (sealing, error) {
	if name == s.keyName && name != "" {
		return s.current, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.sealsBy[name]; ok {
		return known, nil
	}
	if s.keys == nil {
		return sealing{}, ErrNoValue
	}
	key, err := s.keys.Get(ctx, name)
	if err != nil {
		return sealing{}, err
	}
	if len(key) != sealingKeyBytes {
		return sealing{}, ErrNoValue
	}
	s.sealsBy[name] = deriveSealing(key)
	return s.sealsBy[name], nil
}
