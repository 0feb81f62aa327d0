package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"assay/traffic"
)

// relative serves requests with a relative URL: reverse mode, and the few pages of the port itself.
func (s *Server) relative(w http.ResponseWriter, r *http.Request) {
	if name, ok := strings.CutPrefix(r.URL.Path, "/r/"); ok {
		name, _, _ = strings.Cut(name, "/")
		if base := s.cfg.Providers[name]; base != nil {
			s.reverse(w, r, base)
			return
		}
		s.page(w, r, http.StatusNotFound, "text/plain; charset=utf-8", fmt.Sprintf("Assay knows no provider %q. Base URLs look like http://%s/r/openai/v1.\n", name, s.Addr()))
		return
	}
	if s.cfg.Reverse != nil {
		s.reverse(w, r, s.cfg.Reverse)
		return
	}
	if !s.ownHost(r.Host) {
		s.page(w, r, http.StatusMisdirectedRequest, "text/plain; charset=utf-8", "This is the port of Assay. It answers for itself only by its own address.\n")
		return
	}
	switch r.URL.Path {
	case "/ca.pem":
		w.Header().Set("Content-Disposition", `attachment; filename="assay-ca.pem"`)
		s.page(w, r, http.StatusOK, "application/x-pem-file", string(s.cfg.Root))
	case "/proxy.pac":
		s.page(w, r, http.StatusOK, "application/x-ns-proxy-autoconfig", fmt.Sprintf("function FindProxyForURL(url, host) { return \"PROXY %s\"; }\n", r.Host))
	case "/":
		s.page(w, r, http.StatusOK, "text/plain; charset=utf-8", "This is the recording proxy of Assay.\n\n/ca.pem     its certificate, to trust\n/proxy.pac  proxy configuration for browsers\n/r/NAME/    a provider's base URL, recorded without a certificate\n")
	default:
		s.page(w, r, http.StatusNotFound, "text/plain; charset=utf-8", "Assay has no such page.\n")
	}
}

// page answers for the port itself; such requests are not recorded.
func (s *Server) page(w http.ResponseWriter, r *http.Request, status int, kind, text string) {
	connOf(r).takeHead(r)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// ownHost reports whether a Host header names the port by an address or name of this machine. A name that an attacker
// made point here (DNS rebinding) is none.
func (s *Server) ownHost(host string) bool {
	name, _ := splitAddr(host)
	if ip := net.ParseIP(name); ip != nil && s.cfg.AllowRemote {
		return true
	}
	return s.self.target(withPort(host, "http"))
}

// reverse serves a request of a client that was given the port as base URL.
func (s *Server) reverse(w http.ResponseWriter, r *http.Request, base *url.URL) {
	s.exchange(w, r, route{scheme: base.Scheme, target: withPort(base.Host, base.Scheme), source: traffic.SourceReverse}, base)
}

// reversePath gives path and query at the server for a request in reverse mode, escaped as the client did. A client
// that repeats the path of the base URL (/r/openai/v1/… for https://api.openai.com/v1) means the same as one that does
// not: SDKs differ in whether the version belongs to the base URL.
func reversePath(r *http.Request, base *url.URL) string {
	path, query, asked := strings.Cut(r.RequestURI, "?")
	if rest, ok := strings.CutPrefix(path, "/r/"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	path = "/" + strings.TrimPrefix(path, "/")
	if prefix := strings.TrimSuffix(base.EscapedPath(), "/"); !strings.HasPrefix(path+"/", prefix+"/") {
		path = prefix + path
	}
	if asked {
		path += "?" + query
	}
	return path
}

// setReverse points a request at base.
func setReverse(out, in *http.Request, base *url.URL) {
	path, query, asked := strings.Cut(reversePath(in, base), "?")
	plain, err := url.PathUnescape(path)
	if err != nil {
		plain = path
	}
	out.URL.Path, out.URL.RawPath = plain, path
	out.URL.RawQuery, out.URL.ForceQuery = query, asked && query == ""
	out.Host = base.Host
}
