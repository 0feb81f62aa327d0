package app

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"assay/scanner/target"
	"assay/storage"
)

// ScopeHost is a host that may be attacked: host, host:port, or *.host for those below it.
type ScopeHost struct {
	Host          string `json:"host"`
	Authorisation string `json:"authorisation,omitempty"` // who allowed it
	Added         string `json:"added"`
}

// Scope lists the hosts of a project that may be attacked.
func (a *App) Scope(ctx context.Context, path string) (hosts []ScopeHost, err error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	kept, err := p.Scope(ctx)
	for _, h := range kept {
		hosts = append(hosts, ScopeHost{h.Host, h.Authorisation, h.Added.UTC().Format(time.RFC3339)})
	}
	return hosts, err
}

// AddScope puts hosts in scope of tests. authorisation says who allowed it; it goes into reports.
func (a *App) AddScope(ctx context.Context, path string, hosts []string, authorisation string) error {
	var kept []string
	for _, h := range hosts {
		host, err := scopeHost(h)
		if err != nil {
			return err
		}
		kept = append(kept, host)
	}
	return a.change(ctx, path, func(p *storage.Project) error {
		for _, host := range kept {
			if err := p.SetScope(ctx, storage.ScopeHost{Host: host, Authorisation: authorisation, Added: time.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveScope takes a host out of scope.
func (a *App) RemoveScope(ctx context.Context, path, host string) error {
	kept, err := scopeHost(host)
	if err != nil {
		return err
	}
	return a.change(ctx, path, func(p *storage.Project) error {
		hosts, err := p.Scope(ctx)
		if err != nil {
			return err
		}
		var names []string
		for _, h := range hosts {
			names = append(names, h.Host)
		}
		if !slices.Contains(names, kept) {
			return &Error{Code: CodeNotFound, Message: Harmless(kept, 100) + " is not in scope", Hint: nearOr(kept, names, "`assay scope ls` lists them")}
		}
		return p.RemoveScope(ctx, kept)
	})
}

// scopeHost reads a host as people write it: a name, with a port, as *.name, or a whole address.
func scopeHost(written string) (string, error) {
	host := strings.ToLower(strings.TrimSpace(written))
	if strings.Contains(host, "://") {
		u, err := url.Parse(host)
		if err != nil || u.Host == "" {
			return "", usagef("write example.com, example.com:8443 or *.example.com", "%q is no host", Harmless(written, 80))
		}
		host = u.Host
	}
	name := strings.TrimPrefix(host, "*.")
	if name == "" || strings.ContainsAny(name, "/*? \t\r\n@#,") {
		return "", usagef("write example.com, example.com:8443 or *.example.com", "%q is no host", Harmless(written, 80))
	}
	return host, nil
}

// inScope reports whether a host (name, or name:port) may be attacked. This machine is in scope by itself.
func inScope(host string, scope []string) bool {
	host = strings.ToLower(host)
	if target.Loopback(host) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.Trim(name, "[]"), ".")
	return slices.ContainsFunc(scope, func(s string) bool {
		s = strings.ToLower(s)
		if below, ok := strings.CutPrefix(s, "*"); ok {
			return strings.HasSuffix(name, below) || strings.HasSuffix(host, below)
		}
		return s == host || s == name || strings.Trim(s, "[]") == name
	})
}

// outOfScope lists the hosts of targets that may not be attacked.
func outOfScope(ctx context.Context, p *storage.Project, hosts, also []string) ([]string, error) {
	kept, err := p.Scope(ctx)
	if err != nil {
		return nil, err
	}
	scope := slices.Clone(also)
	for _, h := range kept {
		scope = append(scope, h.Host)
	}
	var out []string
	for _, h := range hosts {
		if !inScope(h, scope) && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out, nil
}

// OutOfScope is why nothing was sent: hosts that are not in scope.
type OutOfScope struct{ Hosts []string }

// Error names the hosts.
func (e *OutOfScope) Error() string {
	if len(e.Hosts) == 1 {
		return e.Hosts[0] + " is not in scope"
	}
	return list(e.Hosts) + " are not in scope"
}

// notInScope is what a person is told before anything is sent.
func notInScope(hosts []string) error {
	return &Error{
		Code: CodeUsage, Message: "nothing was sent", Err: &OutOfScope{hosts},
		Hint:     "if you may attack it, say so with --scope " + hosts[0] + " or --yes, or keep it with `assay scope add " + hosts[0] + "`",
		InWindow: "confirm that you may attack it",
	}
}
