package snippet

import (
	"slices"
	"strings"
	"unicode/utf8"

	"assay/traffic"
)

// maxBody bounds the body of a program: nobody pastes more.
const maxBody = 16 << 20

// plain is a request as plain HTTP needs it.
type plain struct {
	headers []field
	json    *value // the body where it can be a literal
	body    []byte // the body otherwise
	lost    string // what of the body is missing
}

func plainOf(r *traffic.Record) plain {
	var p plain
	body := r.Request.Body.Data
	if !r.Request.Header.Has("Content-Encoding") {
		body, p.lost = r.Content(traffic.FromClient, maxBody)
	}
	if r.Request.Body.Lost != "" {
		p.lost = r.Request.Body.Lost
	}
	isJSON := strings.Contains(traffic.MediaType(r.Request.Header.Get("Content-Type")), "json")
	if v, err := parseJSON(body); isJSON && err == nil && (v.kind == kindObject || v.kind == kindArray) {
		p.json = &v
	} else {
		p.body = body
	}
	seen := map[string]int{}
	for _, f := range r.Request.Header {
		name := strings.ToLower(f.Name)
		if slices.Contains(sentAnyway, name) && name != "accept" && name != "origin" && name != "referer" || !token(f.Name) {
			continue
		}
		if i, twice := seen[name]; twice { // RFC 9110 section 5.3; cookies are the exception of RFC 6265
			sep := ", "
			if name == "cookie" {
				sep = "; "
			}
			p.headers[i].value += sep + f.Value
			continue
		}
		seen[name] = len(p.headers)
		p.headers = append(p.headers, field{f.Name, f.Value})
	}
	return p
}

// token reports whether a header's name is one that clients agree to send (RFC 9110 section 5.1). HTTP/2 pseudo headers
// are not.
func token(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// isText reports whether a body can be a text literal.
func isText(body []byte) bool { return utf8.Valid(body) }
