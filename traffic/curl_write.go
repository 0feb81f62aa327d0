package traffic

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ToCurl returns a curl command for a POSIX shell that sends the request again. Headers that curl makes itself
// (Content-Length, Host where it is the URL's) are left out, and Accept-Encoding becomes --compressed. A body that is
// not text is piped in as base64. A nil reveal keeps sealed credentials sealed.
func ToCurl(r *Record, reveal Reveal) string {
	q := &r.Request
	body := q.Body.Data
	text := utf8.Valid(body) && !strings.ContainsRune(string(body), 0)
	var b strings.Builder
	if len(body) > 0 && !text {
		fmt.Fprintf(&b, "printf %%s %s | base64 -d | ", shellQuote(base64.StdEncoding.EncodeToString(body)))
	}
	b.WriteString("curl " + shellQuote(reveal.Text(q.URL)))
	if strings.ContainsAny(q.URL, "[]{}") {
		b.WriteString(" --globoff")
	}
	if implied := "GET"; q.Method != implied && (q.Method != "POST" || len(body) == 0) || len(body) > 0 && q.Method == implied {
		if q.Method == "HEAD" && len(body) == 0 {
			b.WriteString(" \\\n  --head")
		} else {
			b.WriteString(" \\\n  -X " + shellQuote(q.Method))
		}
	}
	b.WriteString(curlHeaders(q, reveal))
	switch {
	case len(body) == 0:
	case text:
		b.WriteString(" \\\n  --data-raw " + shellQuote(reveal.Text(string(body))))
	default:
		b.WriteString(" \\\n  --data-binary @-")
	}
	return b.String()
}

func curlHeaders(q *Request, reveal Reveal) string {
	var b strings.Builder
	compressed := false
	for _, f := range q.Header {
		switch strings.ToLower(f.Name) {
		case "content-length", "transfer-encoding", "connection", "proxy-connection", "proxy-authorization":
			continue
		case "host":
			if strings.EqualFold(f.Value, SplitURL(q.URL).Authority()) {
				continue
			}
		case "accept-encoding":
			compressed = true
			continue
		}
		line := f.Name + ": " + reveal.Text(f.Value)
		if f.Value == "" {
			line = f.Name + ";"
		}
		b.WriteString(" \\\n  -H " + shellQuote(line))
	}
	if len(q.Body.Data) > 0 && !q.Header.Has("Content-Type") {
		b.WriteString(" \\\n  -H 'Content-Type:'") // or curl would call it a form
	}
	if compressed {
		b.WriteString(" \\\n  --compressed")
	}
	return b.String()
}

// shellQuote writes a word for a POSIX shell.
func shellQuote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r > '~' || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,", r)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
