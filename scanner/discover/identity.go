package discover

import (
	"strings"

	"assay/scanner"
	"assay/scanner/paths"
	"assay/traffic"
)

// identity is what tells which endpoint an exchange belongs to, as far as it tells by itself: its path is no template
// yet.
type identity struct {
	key      scanner.Key // Path as it was sent, in its canonical form
	protocol scanner.Protocol
	known    []paths.Known // segments that are values beyond doubt
	fixed    bool          // Path is a name as a whole and no template
}

// Bounds of what identities are made of, in bytes.
const (
	maxPath      = 2048
	maxHostName  = 260
	maxMethod    = 24
	maxOperation = 120
	maxPeek      = 4 << 20 // of a body that may name its operation
)

// keyOf tells which endpoint an exchange belongs to; not ok for one that belongs to none: tunnels, connections that broke
// before there was a request, requests from a file that were never sent (what nobody called was not seen), and what tests
// send (an attack says nothing about the application).
func keyOf(s *Seen) (id identity, ok bool) {
	x := s.Exchange
	method := canonicalMethod(x.Request.Method)
	if x.Kind == traffic.KindTunnel || x.State == traffic.StateUnsent || x.Source == traffic.SourceTest || method == "" || method == "CONNECT" && x.Kind != traffic.KindWebSocket {
		return id, false
	}
	u := traffic.SplitURL(x.Request.URL)
	if u.Path == "" && u.Host == "" || u.Path == "" && u.Scheme == "" {
		return id, false
	}
	if u.Host == "" && x.Request.Host != "" { // an import that holds paths only
		h := traffic.SplitURL("//" + x.Request.Host)
		u.Host, u.Port = h.Host, h.Port
	}
	id.key = scanner.Key{Scheme: short(u.Scheme), Host: canonicalHost(u), Method: method, Path: canonicalPath(u.Path)}
	id.protocol = scanner.ProtocolREST
	switch {
	case x.Kind == traffic.KindWebSocket:
		id.protocol = scanner.ProtocolWebSocket
		if scheme := webSockets[u.Scheme]; scheme != "" {
			id.key.Scheme = scheme
		}
		id.key.Method = "GET"
	case isGRPC(&x.Request) && strings.Count(id.key.Path, "/") > 1:
		id.protocol, id.fixed = scanner.ProtocolGRPC, true
	default:
		op := operationOf(s, u)
		id.key.Operation = op.name
		if op.protocol != "" {
			id.protocol = op.protocol
		}
	}
	id.known = modelsIn(s, id.key.Path)
	return id, true
}

var webSockets = map[string]string{"http": "ws", "https": "wss"}

// canonicalMethod is a method in capitals; what is no method at all is OTHER.
func canonicalMethod(method string) string {
	if method == "" {
		return ""
	}
	method = strings.ToUpper(method)
	for i := range len(method) {
		if c := method[i]; (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return "OTHER"
		}
	}
	if len(method) > maxMethod {
		return "OTHER"
	}
	return method
}

// canonicalHost is a host without the dot of the root, with its port where that is not the scheme's own.
func canonicalHost(u traffic.URLParts) string {
	u.Host = strings.TrimSuffix(u.Host, ".")
	if u.Scheme == "ws" || u.Scheme == "wss" || u.Scheme == "http" || u.Scheme == "https" {
		u.Port = strings.TrimLeft(u.Port, "0")
	}
	host := u.Authority()
	if len(host) > maxHostName {
		host = host[:maxHostName]
	}
	return escapeBytes(host, func(c byte) bool { return c > ' ' && c != 0x7f && c < 0x80 && c != '{' && c != '}' })
}

const hexDigits = "0123456789ABCDEF"

// escapeBytes percent-encodes bytes that do not fit.
func escapeBytes(s string, fits func(byte) bool) string {
	clean := true
	for i := range len(s) {
		clean = clean && fits(s[i])
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; fits(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		}
	}
	return b.String()
}

// canonicalPath writes paths that mean the same in the same way (RFC 3986, 6.2.2): escapes of letters, digits and -._~
// undone, others in capitals, what must be escaped escaped; dot segments resolved, double and trailing slashes and
// session ids left out. A path with and without a slash at its end is one endpoint: servers send from one to the other.
func canonicalPath(p string) string {
	if len(p) > maxPath {
		p = p[:maxPath]
	}
	if !strings.Contains(p, "%") && !strings.Contains(p, "/.") && !strings.Contains(p, "//") && !strings.Contains(p, ";") &&
		strings.HasPrefix(p, "/") && (len(p) == 1 || p[len(p)-1] != '/') {
		return escapeBytes(p, inPath)
	}
	segments := strings.Split(strings.Trim(normalEscapes(p), "/"), "/")
	kept := segments[:0]
	for _, segment := range segments {
		if at := strings.Index(strings.ToLower(segment), ";jsessionid="); at >= 0 {
			segment = segment[:at]
		}
		switch segment {
		case "", ".":
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		default:
			kept = append(kept, segment)
		}
	}
	return "/" + strings.Join(kept, "/")
}

// inPath reports whether a byte stands for itself in a path. Braces are those of templates.
func inPath(c byte) bool {
	return c > ' ' && c < 0x7f && strings.IndexByte(`"<>\^`+"`"+`{|}`, c) < 0
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

func normalEscapes(p string) string {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c == '%' {
			if i+2 >= len(p) || unhex(p[i+1]) < 0 || unhex(p[i+2]) < 0 {
				b.WriteString("%25")
				continue
			}
			c = byte(unhex(p[i+1])<<4 | unhex(p[i+2]))
			i += 2
			if unreserved(c) || c == ':' || c == '@' { // these two stand in model names, escaped or not
				b.WriteByte(c)
				continue
			}
		} else if inPath(c) {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func isGRPC(q *traffic.Request) bool {
	t := traffic.MediaType(q.Header.Get("Content-Type"))
	return strings.HasPrefix(t, "application/grpc") || strings.HasPrefix(t, "application/connect+")
}

// holders are segments after which an AI provider's path names a model.
var holders = map[string]string{
	"models": "model", "model": "model", "deployments": "deployment", "engines": "model", "run": "model", "tunedModels": "model",
	"foundation-models": "model", "feature-extraction": "model",
}

// modelsIn finds the model a path names: many models are one endpoint. A model's name may hold slashes.
func modelsIn(s *Seen, path string) []paths.Known {
	c := s.Conversation
	if c == nil || c.Family == "" && c.Model == "" && c.Deployment == "" {
		return nil
	}
	segments := paths.Split(path)
	for i := 1; i < len(segments); i++ {
		called := holders[segments[i-1]]
		if called == "" && i > 1 && segments[i-2] == "pipeline" {
			called = "model" // after the task
		}
		if called == "" {
			continue
		}
		for _, model := range []string{c.Model, c.Deployment} {
			if n := covers(segments[i:], model); n > 0 {
				return knownFrom(i, n, called)
			}
		}
		if strings.HasSuffix(c.Family, ".models") && i == len(segments)-1 { // the description of one
			return knownFrom(i, 1, called)
		}
	}
	return nil
}

// covers tells how many segments a model's name is; 0 when they are not it. A custom method may follow.
func covers(segments []string, model string) int {
	if model == "" || len(model) > maxPath {
		return 0
	}
	model = strings.TrimPrefix(canonicalPath("/"+strings.TrimPrefix(model, "models/")), "/")
	n := strings.Count(model, "/") + 1
	if n > len(segments) || n > 4 {
		return 0
	}
	have := strings.Join(segments[:n], "/")
	if have == model || strings.HasPrefix(have, model+":") {
		return n
	}
	return 0
}

// knownFrom names the segments of a model: the last is it, those before are whose it is.
func knownFrom(at, n int, called string) []paths.Known {
	var known []paths.Known
	for i := range n - 1 {
		known = append(known, paths.Known{At: at + i, Name: called + "_owner"})
	}
	return append(known, paths.Known{At: at + n - 1, Name: called})
}
