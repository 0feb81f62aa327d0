package window

import (
	"fmt"
	"net/url"
	"strings"

	"assay/traffic"
)

// headText writes a request's head as it is edited: the first line with the whole URL, then the headers.
func headText(q traffic.Request) string {
	var b strings.Builder
	proto := q.Proto
	if proto == "" {
		proto = "HTTP/1.1"
	}
	address := strings.NewReplacer(" ", "%20", "\t", "%09", "\r", "%0D", "\n", "%0A").Replace(q.URL)
	b.WriteString(q.Method + " " + address + " " + proto + "\n")
	if host := hostOf(q.URL); q.Host != "" && q.Host != host && !q.Header.Has("Host") {
		b.WriteString("Host: " + q.Host + "\n")
	}
	for _, f := range q.Header {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	return b.String()
}

// parseHead reads what headText writes and people change. The request is what could be read so far, also where there is
// a problem.
func parseHead(text string) (q traffic.Request, problem RawProblem) {
	wrong := func(line int, format string, args ...any) {
		if problem.Message == "" {
			problem = RawProblem{Side: "head", Line: line, Message: fmt.Sprintf(format, args...)}
		}
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	words := strings.Fields(lines[0])
	q.Proto = "HTTP/1.1"
	if n := len(words); n > 2 && strings.HasPrefix(words[n-1], "HTTP/") {
		if strings.HasPrefix(words[n-1], "HTTP/2") {
			q.Proto = "HTTP/2.0"
		}
		words = words[:n-1]
	}
	if len(words) > 0 {
		q.Method = words[0]
	}
	if len(words) > 1 {
		q.URL = words[1]
	}
	switch {
	case len(words) == 0:
		wrong(1, "The first line is empty: write a method and an address, as in POST https://api.example.com/v1/chat")
	case len(words) > 2:
		wrong(1, "The address has a space in it: write %%20 in its place")
	case hostOf(q.URL) == "":
		wrong(1, "Write the whole address, beginning with https:// or http://")
	}
	for i, line := range lines[1:] {
		rest := strings.TrimSpace(strings.Join(lines[i+1:], ""))
		if rest == "" {
			break
		}
		name, value, found := strings.Cut(line, ":")
		switch {
		case strings.TrimSpace(line) == "":
			wrong(i+2, "An empty line ends the headers, but more follow: the body is written below")
		case !found:
			wrong(i+2, "This header has no colon: write Name: value")
		case name == "" || strings.ContainsAny(name, " \t"):
			wrong(i+2, "%q cannot be the name of a header", name)
		default:
			q.Header = append(q.Header, traffic.Field{Name: name, Value: strings.TrimSpace(value)})
		}
	}
	q.Host = q.Header.Get("Host")
	return q, problem
}

// hostOf gives the host of an absolute URL, with the port that does not go without saying; empty where there is none.
func hostOf(raw string) string {
	scheme, rest, found := strings.Cut(raw, "://")
	if !found || !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
		return ""
	}
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	u := url.URL{Scheme: strings.ToLower(scheme), Host: rest}
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		return strings.TrimSuffix(rest, ":"+u.Port())
	}
	return rest
}
