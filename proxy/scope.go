package proxy

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Scope says which hosts are decrypted, which are passed through unread, and whose certificates are accepted although
// they do not verify. It may be changed while the proxy runs, and is safe for concurrent use.
type Scope struct {
	mu       sync.RWMutex
	include  []pattern
	passed   map[string]string // host → why
	accepted map[string]bool
}

// pattern is one entry of a scope.
type pattern struct {
	host   string // lower case; ".example.com" for every name below it; empty when net is set
	port   string // empty: any
	subnet netip.Prefix
}

// NewScope reads patterns: a host ("api.example.com"), every name below one ("*.example.com"), either with a port
// ("localhost:8080"), an address or a range of addresses ("10.0.0.0/8"). No pattern at all means every host.
func NewScope(patterns ...string) (*Scope, error) {
	s := &Scope{}
	return s, s.Set(patterns...)
}

// Set replaces the patterns. It changes nothing when one of them cannot be read.
func (s *Scope) Set(patterns ...string) error {
	include := make([]pattern, 0, len(patterns))
	for _, text := range patterns {
		p, err := parsePattern(text)
		if err != nil {
			return err
		}
		include = append(include, p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.include = include
	return nil
}

func parsePattern(text string) (pattern, error) {
	bad := fmt.Errorf("scope %q is not a host, *.host, host:port or address range; write for example *.example.com or 10.0.0.0/8", text)
	text = strings.ToLower(strings.TrimSpace(text))
	if subnet, err := netip.ParsePrefix(text); err == nil {
		return pattern{subnet: subnet}, nil
	}
	if text == "*" {
		return pattern{host: "*"}, nil
	}
	p := pattern{host: text}
	if host, port, err := net.SplitHostPort(text); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return pattern{}, bad
		}
		p.host, p.port = host, port
	}
	p.host = strings.TrimSuffix(strings.Trim(p.host, "[]"), ".")
	if below, ok := strings.CutPrefix(p.host, "*."); ok && below != "" {
		p.host = "." + below
	}
	if p.host == "" || p.host == "." || strings.ContainsAny(p.host, "*/ @?#\t") {
		return pattern{}, bad
	}
	return p, nil
}

func (p pattern) matches(host, port string) bool {
	if p.subnet.IsValid() {
		addr, err := netip.ParseAddr(host)
		return err == nil && p.subnet.Contains(addr.Unmap())
	}
	if p.port != "" && p.port != port {
		return false
	}
	if strings.HasPrefix(p.host, ".") {
		return strings.HasSuffix(host, p.host)
	}
	return p.host == "*" || p.host == host
}

// Includes reports whether an address (host or host:port) is in scope.
func (s *Scope) Includes(addr string) bool {
	host, port := splitAddr(addr)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.include) == 0 || slices.ContainsFunc(s.include, func(p pattern) bool { return p.matches(host, port) })
}

// PassThrough leaves a host unread from now on; connections that are open already stay as they are.
func (s *Scope) PassThrough(host string) { s.pass(host, "") }

func (s *Scope) pass(host, why string) {
	host, _ = splitAddr(host)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.passed == nil {
		s.passed = map[string]string{}
	}
	s.passed[host] = why
}

// Decrypt takes a host off the pass-through list.
func (s *Scope) Decrypt(host string) {
	host, _ = splitAddr(host)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.passed, host)
}

// Passed lists the hosts passed through, sorted.
func (s *Scope) Passed() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	hosts := make([]string, 0, len(s.passed))
	for host := range s.passed {
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	return hosts
}

// passes reports whether a host is passed through, and why.
func (s *Scope) passes(addr string) (string, bool) {
	host, _ := splitAddr(addr)
	s.mu.RLock()
	defer s.mu.RUnlock()
	why, ok := s.passed[host]
	return why, ok
}

// AcceptCertificate accepts whatever certificate a host shows, from the next connection on.
func (s *Scope) AcceptCertificate(host string) {
	host, _ = splitAddr(host)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accepted == nil {
		s.accepted = map[string]bool{}
	}
	s.accepted[host] = true
}

// Accepts reports whether a host's certificate is accepted although it does not verify.
func (s *Scope) Accepts(addr string) bool {
	host, _ := splitAddr(addr)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.accepted[host]
}

// splitAddr gives host and port of an address in the form in which they are compared: lower case, no brackets, no
// final dot. The port is empty if there is none.
func splitAddr(addr string) (host, port string) {
	host = addr
	if h, p, err := net.SplitHostPort(addr); err == nil {
		host, port = h, p
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), ".")), port
}
