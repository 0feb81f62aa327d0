package proxy

import (
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
)

// self knows which addresses are the proxy's own port.
type self struct {
	mu    sync.RWMutex
	port  int
	names []string
	ips   []net.IP
}

func (s *self) set(addr net.Addr) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.port = tcp.Port
	s.names = []string{"localhost"}
	if name, err := os.Hostname(); err == nil {
		s.names = append(s.names, strings.ToLower(name))
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return
	}
	for _, a := range own {
		if subnet, ok := a.(*net.IPNet); ok {
			s.ips = append(s.ips, subnet.IP)
		}
	}
}

// address reports whether an address is the proxy's own.
func (s *self) address(ip net.IP, port int) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if port != s.port || ip == nil {
		return false
	}
	if ip.IsLoopback() || ip.IsUnspecified() {
		return true
	}
	for _, own := range s.ips {
		if own.Equal(ip) {
			return true
		}
	}
	return false
}

// target reports whether host:port names the proxy's own port. Other names that lead there are noticed when the
// address is dialled.
func (s *self) target(target string) bool {
	host, text := splitAddr(target)
	port, _ := strconv.Atoi(text)
	if ip := net.ParseIP(host); ip != nil {
		return s.address(ip, port)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if port != s.port {
		return false
	}
	for _, name := range s.names {
		if host == name || strings.HasSuffix(host, ".localhost") {
			return true
		}
	}
	return false
}
