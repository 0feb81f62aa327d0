package traffic

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// maxPostmanDepth is how deep folders may be nested.
const maxPostmanDepth = 50

// ReadPostman yields the requests of a Postman collection (format 2.0 or 2.1): each saved example as an exchange, and
// a request without examples as one that is unsent. Variables of the collection and of its folders are put in; the
// names of those it does not know stay as {{name}} and are listed in Origin. Scripts are not run. Errors are of type
// *ImportError or come from r.
func ReadPostman(r io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		data, err := readDocument(r, "Postman")
		if err != nil {
			yield(nil, err)
			return
		}
		var c postmanItem
		p := &postmanReader{yield: yield}
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
		if fault := json.Unmarshal(data, &c); fault != nil {
			rest, faults := readablePostman(data)
			if len(faults) == 0 || !json.Valid(data) {
				faults = []error{documentFault(data, fault)}
			}
			for _, fault := range faults {
				if !yield(nil, fault) {
					return
				}
			}
			p.walk(rest, postmanScope{}, 0)
			return
		}
		if c.Item == nil {
			message := "there is no \"item\" in this JSON document; save the collection as \"Collection v2.1\""
			yield(nil, &ImportError{Format: "Postman", Offset: -1, Message: message})
			return
		}
		p.walk(c, postmanScope{}, 0)
	}
}

// readablePostman reads those items of a collection that can be read, and says what is wrong with the others.
func readablePostman(data []byte) (postmanItem, []error) {
	var faults []error
	var read func(v gjson.Result, depth int) (postmanItem, bool)
	read = func(v gjson.Result, depth int) (item postmanItem, ok bool) {
		list := v.Get("item")
		if !list.IsArray() || depth > maxPostmanDepth {
			err := json.Unmarshal([]byte(v.Raw), &item)
			if err == nil {
				return item, true
			}
			e := documentFault([]byte(v.Raw), err)
			e.Offset = int64(v.Index) + max(e.Offset, 0)
			e.Line = lineAt(data, e.Offset)
			faults = append(faults, e)
			return item, false
		}
		item.Name, item.Item = v.Get("name").String(), []postmanItem{}
		_ = json.Unmarshal([]byte(v.Get("variable").Raw), &item.Variable) // what is wrong there is left out
		if auth := v.Get("auth"); auth.IsObject() {
			item.Auth = &postmanAuth{}
			_ = json.Unmarshal([]byte(auth.Raw), item.Auth)
		}
		list.ForEach(func(_, each gjson.Result) bool {
			if sub, ok := read(each, depth+1); ok {
				item.Item = append(item.Item, sub)
			}
			return true
		})
		return item, true
	}
	root := gjson.ParseBytes(data)
	if !root.IsObject() || !root.Get("item").IsArray() {
		return postmanItem{Item: []postmanItem{}}, nil
	}
	c, _ := read(root, 0)
	return c, faults
}

func lineAt(data []byte, offset int64) int64 {
	return int64(bytes.Count(data[:min(int(offset), len(data))], []byte("\n"))) + 1
}

// documentFault says where a JSON document that was read whole is wrong.
func documentFault(data []byte, err error) *ImportError {
	e := &ImportError{Format: "Postman", Offset: -1, Message: err.Error()}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		e.Offset, e.Message = syntax.Offset, "not valid JSON: "+syntax.Error()
	case errors.As(err, &kind):
		e.Offset, e.Message = kind.Offset, fmt.Sprintf("found a JSON %s in %q, which is not what a collection holds there", kind.Value, kind.Field)
	}
	if e.Offset >= 0 {
		e.Line = lineAt(data, e.Offset)
	}
	return e
}

// postmanScope is what a request inherits from the folders it is in.
type postmanScope struct {
	names     []string
	variables []postmanPair
	auth      *postmanAuth
}

type postmanReader struct {
	yield func(*Record, error) bool
	entry int
}

// walk yields everything in an item; it reports whether the consumer wants more.
func (p *postmanReader) walk(item postmanItem, scope postmanScope, depth int) bool {
	if depth > maxPostmanDepth {
		return p.yield(nil, &ImportError{Format: "Postman", Offset: -1, Message: "folders are nested deeper than 50"})
	}
	scope.variables = append(slices.Clip(scope.variables), item.Variable...)
	if item.Auth != nil {
		scope.auth = item.Auth
	}
	if depth > 0 && item.Name != "" {
		scope.names = append(slices.Clip(scope.names), item.Name)
	}
	for _, sub := range item.Item {
		if !p.walk(sub, scope, depth+1) {
			return false
		}
	}
	if item.Item != nil || depth == 0 {
		return true
	}
	if len(item.Response) == 0 {
		return p.one(item.Request, nil, scope)
	}
	for _, response := range item.Response {
		request := item.Request
		if response.Original != nil && (response.Original.URL.Raw != "" || response.Original.URL.Host != nil) {
			request = *response.Original
		}
		if !p.one(request, &response, scope) {
			return false
		}
	}
	return true
}

func (p *postmanReader) one(q postmanRequest, a *postmanResponse, scope postmanScope) bool {
	p.entry++
	s := substitution{variables: map[string]string{}}
	for _, v := range scope.variables {
		if name := firstOf(v.Key, v.ID); name != "" && !v.Disabled {
			s.variables[name] = string(v.Value)
		}
	}
	r := &Record{Note: strings.Join(scope.names, " / ")}
	r.Request = q.request(&s)
	if r.Request.URL == "" {
		return p.yield(nil, &ImportError{Format: "Postman", Entry: p.entry, Offset: -1, Message: fmt.Sprintf("the request %q has no url", shortened(r.Note))})
	}
	auth := q.Auth
	if auth == nil {
		auth = scope.auth
	}
	auth.apply(&r.Request, &s)
	if a != nil {
		r.Note += " / " + a.Name
		a.answer(r)
	}
	o := importOrigin{Format: "postman"}
	slices.Sort(s.missing)
	o.Missing = slices.Compact(s.missing)
	if r.Response != nil && r.Response.Header.Has("Content-Encoding") {
		o.Decoded = []string{FromServer.String()} // Postman saves what it shows
	}
	if o.Missing != nil || o.Decoded != nil {
		r.Origin = o.bytes()
	}
	r.settle()
	return p.yield(r, nil)
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// substitution puts variables into texts and notes the unknown ones.
type substitution struct {
	variables map[string]string
	missing   []string
}

var postmanVariable = regexp.MustCompile(`\{\{([^{}]{1,200})\}\}`)

func (s *substitution) in(text string) string {
	for range 5 { // variables may hold variables
		if !strings.Contains(text, "{{") || len(text) > MaxDocumentBytes {
			return text
		}
		changed := false
		text = postmanVariable.ReplaceAllStringFunc(text, func(m string) string {
			name := strings.TrimSpace(m[2 : len(m)-2])
			value, ok := s.variables[name]
			if !ok || len(value) > 1<<16 {
				s.missing = append(s.missing, name)
				return m
			}
			changed = true
			return value
		})
		if !changed {
			return text
		}
	}
	return text
}

func (q postmanRequest) request(s *substitution) Request {
	out := Request{Method: s.in(firstOf(q.Method, "GET")), URL: q.URL.text(s)}
	for _, h := range q.Header {
		if !h.Disabled && h.Key != "" {
			out.Header = append(out.Header, Field{s.in(h.Key), s.in(string(h.Value))})
		}
	}
	if q.Body != nil && !q.Body.Disabled {
		q.Body.body(&out, s)
	}
	return out
}

func (u postmanURL) text(s *substitution) string {
	raw := u.Raw
	if raw == "" && len(u.Host) > 0 {
		raw = strings.Join(u.Host, ".")
		if u.Protocol != "" {
			raw = u.Protocol + "://" + raw
		}
		if u.Port != "" {
			raw += ":" + string(u.Port)
		}
		raw += "/" + strings.Join(u.Path, "/")
		var pairs []string
		for _, q := range u.Query {
			if !q.Disabled {
				pairs = append(pairs, q.Key+"="+string(q.Value))
			}
		}
		if pairs != nil {
			raw += "?" + strings.Join(pairs, "&")
		}
	}
	if raw == "" {
		return ""
	}
	for _, v := range u.Variable { // :name in the path
		if name := firstOf(v.Key, v.ID); name != "" && v.Value != "" {
			raw = strings.ReplaceAll(raw+"/", "/:"+name+"/", "/"+url.PathEscape(string(v.Value))+"/")
			raw = strings.TrimSuffix(raw, "/")
		}
	}
	raw = strings.ReplaceAll(s.in(raw), " ", "%20")
	if !strings.Contains(raw, "://") && !strings.HasPrefix(raw, "{{") {
		raw = "http://" + raw
	}
	return raw
}

func (b *postmanBody) body(q *Request, s *substitution) {
	text, contentType := "", ""
	switch b.Mode {
	case "raw":
		text = s.in(b.Raw)
		contentType = map[string]string{"json": "application/json", "xml": "application/xml", "html": "text/html", "text": "text/plain", "javascript": "application/javascript"}[b.Options.Raw.Language]
	case "urlencoded":
		var pairs []string
		for _, f := range b.URLEncoded {
			if !f.Disabled {
				pairs = append(pairs, url.QueryEscape(s.in(f.Key))+"="+url.QueryEscape(s.in(string(f.Value))))
			}
		}
		text, contentType = strings.Join(pairs, "&"), "application/x-www-form-urlencoded"
	case "formdata":
		c := curlCommand{}
		for _, f := range b.FormData {
			if !f.Disabled {
				c.form = append(c.form, [2]string{s.in(f.Key), s.in(string(f.Value))})
			}
			if f.Type == "file" {
				q.Body.Lost = fmt.Sprintf("Postman would read a part of the form from the file %q", shortened(string(f.Src)))
			}
		}
		lost := q.Body.Lost
		q.Body = whole([]byte(c.multipart(q)))
		q.Body.Lost = lost
		return
	case "graphql":
		variables := json.RawMessage(s.in(string(b.GraphQL.Variables)))
		if !json.Valid(variables) {
			variables = json.RawMessage("{}")
		}
		data, _ := json.Marshal(map[string]any{"query": s.in(b.GraphQL.Query), "variables": variables})
		text, contentType = string(data), "application/json"
	case "file":
		if text = b.File.Content; text == "" {
			q.Body.Lost = fmt.Sprintf("Postman would read the body from the file %q", shortened(string(b.File.Src)))
			return
		}
	}
	if text == "" {
		return
	}
	q.Body = whole([]byte(text))
	if contentType != "" {
		q.Header.setDefault("Content-Type", contentType)
	}
}

func (a *postmanAuth) apply(q *Request, s *substitution) {
	if a == nil {
		return
	}
	switch a.Type {
	case "bearer", "oauth2":
		if token := s.in(firstOf(a.Values["token"], a.Values["accessToken"])); token != "" {
			q.Header.setDefault("Authorization", "Bearer "+token)
		}
	case "basic":
		credentials := s.in(a.Values["username"]) + ":" + s.in(a.Values["password"])
		q.Header.setDefault("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(credentials)))
	case "apikey":
		name, value := s.in(firstOf(a.Values["key"], "X-API-Key")), s.in(a.Values["value"])
		if a.Values["in"] == "query" {
			q.URL = withQuery(q.URL, SplitURL(q.URL), []string{url.QueryEscape(name) + "=" + url.QueryEscape(value)})
			return
		}
		q.Header.setDefault(name, value)
	}
}

func (a *postmanResponse) answer(r *Record) {
	if a.Code == 0 {
		return
	}
	p := &Response{Status: a.Code, Reason: a.Status}
	for _, h := range a.Header {
		p.Header = append(p.Header, Field{h.Key, string(h.Value)})
	}
	if a.Body != nil {
		p.Body = whole([]byte(*a.Body))
	}
	if ms, err := a.Time.Float64(); err == nil && ms > 0 && ms < 1e10 {
		r.Timing.Done = time.Duration(ms * float64(time.Millisecond))
	}
	r.Response = p
}
