package ca

import (
	"container/list"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// maxLeaves bounds the cache: about 2 kB each, and far more hosts than one session sees.
	maxLeaves = 4096
	// leafLife keeps leaves under the limits clients set: Chromium 200 days from 2026, mitmproxy #8142 for 197.
	leafLife = 180 * 24 * time.Hour
	// leafRenew is how long before its end a cached leaf is made anew.
	leafRenew = 30 * 24 * time.Hour
)

// ErrName is wrapped by every error of [Authority.Leaf] that is about the name itself: the client asked for a name
// that no certificate can carry.
var ErrName = errors.New("not a name for a certificate")

// Leaf gives a certificate for one host name or IP address, as TLS names it: no port, IPv6 with or without brackets.
// The chain holds the root as well, so that a client may pin it. Leaves carry the name as a subject alternative name
// only, last 180 days, are kept in a bounded cache and renewed a month before their end. Calls for one name at a time
// sign once. A name that is empty, too long or not plain ASCII gives an error that wraps [ErrName].
func (a *Authority) Leaf(name string) (*tls.Certificate, error) {
	now := time.Now()
	entry := a.leaves.find(name) // names come in normal form nearly always
	if entry == nil {
		normal, err := normalName(name)
		if err != nil {
			return nil, err
		}
		entry = a.leaves.findOrAdd(normal)
	}
	entry.mu.Lock()
	defer entry.mu.Unlock()
	if entry.cert != nil && now.Add(leafRenew).Before(entry.cert.Leaf.NotAfter) {
		return entry.cert, nil
	}
	cert, err := a.mint(entry.name, now)
	if err != nil {
		return nil, err
	}
	entry.cert = cert
	return cert, nil
}

func (a *Authority) mint(name string, now time.Time) (*tls.Certificate, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		NotBefore:             laterOf(now.Add(-backdate), a.root.NotBefore).UTC(),
		NotAfter:              earlierOf(now.Add(leafLife), a.root.NotAfter).UTC(),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		SubjectKeyId:          a.leafID,
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		template.IPAddresses = []net.IP{addr.AsSlice()}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.root, a.leafKey.Public(), a.rootKey)
	if err != nil {
		return nil, fmt.Errorf("sign a certificate for %q: %w", name, err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read the new certificate for %q: %w", name, err)
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.root.Raw}, PrivateKey: a.leafKey, Leaf: leaf}, nil
}

// normalName gives the one spelling a name is cached and signed under.
func normalName(name string) (string, error) {
	if len(name) > 255 {
		return "", fmt.Errorf("the name %.40q… has %d bytes, a host name at most 253: %w", name, len(name), ErrName)
	}
	if addr, ok := parseAddress(name); ok {
		return addr.String(), nil
	}
	normal := strings.ToLower(strings.TrimSuffix(name, "."))
	if normal == "" {
		return "", fmt.Errorf("the name is empty: %w", ErrName)
	}
	if len(normal) > 253 {
		return "", fmt.Errorf("the name %.40q… has %d bytes, a host name at most 253: %w", name, len(name), ErrName)
	}
	for label := range strings.SplitSeq(normal, ".") {
		if err := checkLabel(label); err != nil {
			return "", fmt.Errorf("the name %.80q has %w: %w", name, err, ErrName)
		}
	}
	return normal, nil
}

func parseAddress(name string) (netip.Addr, bool) {
	if inner, ok := strings.CutPrefix(name, "["); ok {
		if name, ok = strings.CutSuffix(inner, "]"); !ok {
			return netip.Addr{}, false
		}
	}
	addr, err := netip.ParseAddr(name)
	// A zone is local to one computer and no certificate holds it (RFC 6874).
	return addr.WithZone("").Unmap(), err == nil
}

func checkLabel(label string) error {
	if label == "" || len(label) > 63 {
		return fmt.Errorf("a label of %d bytes (1 to 63 are allowed)", len(label))
	}
	if label[0] == '-' {
		return errors.New("a label that starts with a hyphen")
	}
	for i := range len(label) {
		switch c := label[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_': // underscores are common in internal names
		case c >= 0x80:
			return errors.New("letters outside ASCII (its punycode form is needed)")
		default:
			return fmt.Errorf("the character %q", c)
		}
	}
	return nil
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlierOf(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// leafEntry is one name of the cache. Its lock makes callers for the same name wait for one signature.
type leafEntry struct {
	name string
	mu   sync.Mutex
	cert *tls.Certificate
}

// leafCache keeps the most recently used names.
type leafCache struct {
	mu     sync.Mutex
	limit  int
	recent *list.List // of *leafEntry, newest first
	byName map[string]*list.Element
}

func newLeafCache(limit int) *leafCache {
	return &leafCache{limit: limit, recent: list.New(), byName: make(map[string]*list.Element)}
}

func (c *leafCache) find(name string) *leafEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.byName[name]
	if !ok {
		return nil
	}
	c.recent.MoveToFront(element)
	return element.Value.(*leafEntry)
}

func (c *leafCache) findOrAdd(name string) *leafEntry {
	if entry := c.find(name); entry != nil {
		return entry
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.byName[name]; ok { // another call was quicker
		return element.Value.(*leafEntry)
	}
	entry := &leafEntry{name: name}
	c.byName[name] = c.recent.PushFront(entry)
	if c.recent.Len() > c.limit {
		oldest := c.recent.Remove(c.recent.Back()).(*leafEntry)
		delete(c.byName, oldest.name)
	}
	return entry
}

// Leaves is the number of names in the cache.
func (a *Authority) Leaves() int {
	a.leaves.mu.Lock()
	defer a.leaves.mu.Unlock()
	return a.leaves.recent.Len()
}
