package traffic

import (
	"net"
	"strings"
)

// URLParts is an address split the way lists and filters show it. It is split by form alone: a URL that no parser
// would accept still has parts.
type URLParts struct {
	Scheme string // lower case; empty for a tunnel's "host:port"
	Host   string // lower case, without port, user and the brackets of an IPv6 address
	Port   string // as written, or the scheme's own; empty when not known
	Path   string // as sent, "/" when empty; empty for tunnels
	Query  string // as sent, without the question mark
}

// Authority returns the host, with the port unless it is the scheme's own.
func (p URLParts) Authority() string {
	host := p.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if p.Port == "" || p.Port == defaultPorts[p.Scheme] {
		return host
	}
	return host + ":" + p.Port
}

var defaultPorts = map[string]string{"http": "80", "ws": "80", "https": "443", "wss": "443"}

// SplitURL splits an absolute URL, or the "host:port" of a tunnel.
func SplitURL(raw string) URLParts {
	var p URLParts
	rest := raw
	if scheme, after, ok := strings.Cut(raw, "://"); ok && !strings.ContainsAny(scheme, "/?#") {
		p.Scheme, rest = strings.ToLower(scheme), after
	} else if after, ok := strings.CutPrefix(raw, "//"); ok {
		rest = after
	}
	rest, _, _ = strings.Cut(rest, "#")
	authority := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, rest = rest[:i], rest[i:]
	} else {
		rest = ""
	}
	p.Path, p.Query, _ = strings.Cut(rest, "?")
	if p.Path == "" && p.Scheme != "" {
		p.Path = "/"
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	host, port, err := net.SplitHostPort(authority)
	if err != nil {
		host, port = strings.Trim(authority, "[]"), ""
	}
	p.Host, p.Port = strings.ToLower(host), port
	if p.Port == "" {
		p.Port = defaultPorts[p.Scheme]
	}
	return p
}
