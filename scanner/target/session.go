package target

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Session is one conversation with a target that keeps its history. It is opened by the first call that belongs to it.
// Safe for concurrent use: the others wait.
type Session struct {
	recipe *scanner.ModelSession

	mu      sync.Mutex
	opened  bool
	token   string
	cookies []*http.Cookie // that were set while it was opened
}

// NewSession makes one that is not open yet.
func NewSession(recipe *scanner.ModelSession) *Session {
	s := &Session{recipe: recipe}
	if recipe.Token == RandomToken {
		s.token = newUUID()
	}
	return s
}

// RandomToken stands for a token that whoever opens the session makes up.
const RandomToken = "random"

// newUUID makes a UUID of version 4 (RFC 9562, 5.4): what callers that make up sessions send.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// sessionBlank stands for the token of a session.
const sessionBlank = "{{session}}"

// open sends what opens the session, once. The answers are those to what was sent now.
func (s *Session) open(ctx context.Context, t *Target, c Call) ([]*Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened {
		return nil, nil
	}
	var answers []*Answer
	for _, q := range s.recipe.Open {
		in := llm.Input{Method: q.Method, URL: q.URL, RequestHeader: slices.Clone(q.Header), RequestBody: q.Body}
		if s.token == "" {
			in = withoutBlank(in)
		}
		out, err := t.prepare(ctx, s.fill(in), c)
		if err != nil {
			return answers, err
		}
		a, err := t.carry(ctx, out)
		if a != nil {
			answers = append(answers, a)
		}
		if err != nil {
			return answers, err
		}
		if f := refused(a, t); f != nil {
			return answers, f
		}
		if s.token == "" {
			s.token, _ = ValueAt(a, s.recipe.Token)
		}
		s.cookies = mergeCookies(s.cookies, Cookies(a))
	}
	s.opened = true
	return answers, nil
}

// refused says why a session was not opened; nil when it was. An answer without a body is one.
func refused(a *Answer, t *Target) *Failure {
	if a.Status < 300 {
		return nil
	}
	f := statusFailure(a, t.model, t.host())
	f.What = "no session could be opened: " + f.What
	return f
}

// fill puts the token in the place of its blank, and the cookies into the header.
func (s *Session) fill(in llm.Input) llm.Input {
	in.URL = strings.ReplaceAll(in.URL, sessionBlank, s.token)
	header := make(traffic.Header, 0, len(in.RequestHeader))
	for _, f := range in.RequestHeader {
		header = append(header, traffic.Field{Name: f.Name, Value: strings.ReplaceAll(f.Value, sessionBlank, s.token)})
	}
	in.RequestHeader = WithCookies(header, s.cookies)
	if strings.Contains(string(in.RequestBody), sessionBlank) {
		in.RequestBody = []byte(strings.ReplaceAll(string(in.RequestBody), sessionBlank, s.token))
	}
	return in
}

// withoutBlank leaves out headers that hold the token, while none is known: a server may have no sessions.
func withoutBlank(in llm.Input) llm.Input {
	in.RequestHeader = slices.DeleteFunc(slices.Clone(in.RequestHeader), func(f traffic.Field) bool { return strings.Contains(f.Value, sessionBlank) })
	return in
}

// into puts the token of the open session into a request.
func (s *Session) into(in llm.Input) llm.Input {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == "" { // the server gave none: one that was recorded is another conversation's
		for _, place := range s.recipe.Into {
			if changed, err := RemovePlace(in, place); err == nil {
				in = changed
			}
		}
		return s.fill(withoutBlank(in))
	}
	for _, place := range s.recipe.Into {
		if changed, err := PutPlace(in, place, s.token); err == nil {
			in = changed
		}
	}
	return s.fill(in)
}

// PutPlace puts a text in a place of a request, as ModelSession writes it, and adds what is missing. path:OLD is the step
// OLD of the path.
func PutPlace(in llm.Input, place, text string) (llm.Input, error) {
	if name, ok := strings.CutPrefix(place, "cookie:"); ok {
		in.RequestHeader = WithCookies(in.RequestHeader, []*http.Cookie{{Name: name, Value: text}})
		return in, nil
	}
	if old, ok := strings.CutPrefix(place, "path:"); ok && old != "" {
		path, query, _ := strings.Cut(in.URL, "?")
		if in.URL = strings.Replace(path, "/"+old, "/"+url.PathEscape(text), 1); query != "" {
			in.URL += "?" + query
		}
		return in, nil
	}
	ref, err := ParsePlace(place)
	if err != nil {
		return in, err
	}
	return llm.PutText(in, ref, text)
}

// RemovePlace takes a place out of a request.
func RemovePlace(in llm.Input, place string) (llm.Input, error) {
	if name, ok := strings.CutPrefix(place, "cookie:"); ok {
		in.RequestHeader = WithCookies(in.RequestHeader, []*http.Cookie{{Name: name, MaxAge: -1}})
		return in, nil
	}
	ref, err := ParsePlace(place)
	if err != nil {
		return in, err
	}
	switch ref.In {
	case llm.PlaceJSON:
		in.RequestBody, _, err = llm.RemoveJSON(in.RequestBody, ref.Name)
	case llm.PlaceForm:
		in.RequestBody, _ = llm.RemoveForm(in.RequestBody, ref.Name)
	case llm.PlaceQuery:
		in.URL, _ = llm.RemoveQuery(in.URL, ref.Name)
	case llm.PlaceHeader:
		in.RequestHeader = slices.DeleteFunc(slices.Clone(in.RequestHeader), func(f traffic.Field) bool { return strings.EqualFold(f.Name, ref.Name) })
	default:
		in, err = llm.PutText(in, ref, "")
	}
	return in, err
}

// ValueAt is the text at a place of an answer: a JSON pointer, header:NAME, cookie:NAME or name:NAME.
func ValueAt(a *Answer, place string) (string, bool) {
	if name, ok := strings.CutPrefix(place, "header:"); ok {
		return a.Header.Get(name), a.Header.Has(name)
	}
	if name, ok := strings.CutPrefix(place, "cookie:"); ok {
		for _, c := range Cookies(a) {
			if c.Name == name {
				return c.Value, true
			}
		}
		return "", false
	}
	if place == "" || len(a.Body) == 0 {
		return "", false
	}
	if name, ok := strings.CutPrefix(place, "name:"); ok {
		text := a.Named(name)[name]
		return text, text != ""
	}
	if v := llm.ValueText(a.Body, place); v != "" {
		return v, true
	}
	found := ""
	eachDocument(a, func(doc any) bool { // in a stream the first event that has it: pieces of ids are not sent
		if text, err := json.Marshal(doc); err == nil {
			found = llm.ValueText(text, place)
		}
		return found == ""
	})
	return found, found != ""
}

// maxCookies bounds what one conversation carries.
const maxCookies = 100

// Cookies are those that an answer sets; one with MaxAge below 0 is taken back.
func Cookies(a *Answer) []*http.Cookie {
	found := (&http.Response{Header: http.Header{"Set-Cookie": a.Header.Values("Set-Cookie")}}).Cookies()
	return found[:min(len(found), maxCookies)]
}

func mergeCookies(old, now []*http.Cookie) []*http.Cookie {
	for _, c := range now {
		old = slices.DeleteFunc(old, func(o *http.Cookie) bool { return o.Name == c.Name })
		if len(old) < maxCookies {
			old = append(old, c)
		}
	}
	return old
}

// WithCookies is a header with these cookies, in the place of others of their names.
func WithCookies(header traffic.Header, cookies []*http.Cookie) traffic.Header {
	for _, c := range cookies {
		header = withCookie(header, c)
	}
	return header
}

func withCookie(header traffic.Header, c *http.Cookie) traffic.Header {
	out := slices.Clone(header)
	pair := c.Name + "=" + c.Value
	for i, f := range out {
		if !strings.EqualFold(f.Name, "Cookie") {
			continue
		}
		var kept []string
		placed := false
		for old := range strings.SplitSeq(f.Value, ";") {
			old = strings.TrimSpace(old)
			name, _, _ := strings.Cut(old, "=")
			switch {
			case name != c.Name:
				kept = append(kept, old)
			case c.MaxAge >= 0 && !placed:
				kept, placed = append(kept, pair), true
			}
		}
		if !placed && c.MaxAge >= 0 {
			kept = append(kept, pair)
		}
		if len(kept) == 0 {
			return slices.Delete(out, i, i+1)
		}
		out[i].Value = strings.Join(kept, "; ")
		return out
	}
	if c.MaxAge >= 0 {
		out = append(out, traffic.Field{Name: "Cookie", Value: pair})
	}
	return out
}

// Named are the first texts and numbers that an answer, or an event of a streamed one, has under these names.
func (a *Answer) Named(names ...string) map[string]string {
	found := map[string]string{}
	left := maxTexts
	eachDocument(a, func(doc any) bool {
		named(doc, names, found, &left, 0)
		return len(found) < len(names) && left > 0
	})
	return found
}

// eachDocument goes through the JSON documents of an answer until it is told to stop.
func eachDocument(a *Answer, visit func(doc any) bool) {
	var doc any
	if json.Unmarshal(a.Body, &doc) == nil {
		visit(doc)
		return
	}
	splitter := llm.SplitterFor(a.Header.Get("Content-Type"), a.Body)
	if splitter.Framing() == llm.FramingWhole {
		return
	}
	events := append(splitter.Write(a.Body), splitter.Close()...)
	for _, ev := range events[:min(len(events), maxEvents)] {
		var doc any
		if json.Unmarshal(ev.Data, &doc) == nil && !visit(doc) {
			return
		}
	}
}

func named(doc any, names []string, found map[string]string, left *int, depth int) {
	if *left--; depth > maxDepth || *left < 0 {
		return
	}
	switch v := doc.(type) {
	case []any:
		for _, e := range v {
			named(e, names, found, left, depth+1)
		}
	case map[string]any:
		for _, name := range names {
			switch text := v[name].(type) {
			case string:
				if found[name] == "" && text != "" {
					found[name] = text
				}
			case float64:
				if found[name] == "" {
					found[name] = strconv.FormatFloat(text, 'f', -1, 64)
				}
			}
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			named(v[key], names, found, left, depth+1)
		}
	}
}
