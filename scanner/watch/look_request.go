package watch

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"mime"
	"mime/multipart"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/injection"
	"assay/scanner/payload"
	"assay/scanner/poison"
	"assay/scanner/prose"
	"assay/traffic"
)

// news is the first message that is new in this exchange: the one behind the last answer of the history. All are new in a
// conversation whose earlier turns were not seen; where no one knows its turns (Thread is 0) too.
func (l *look) news() int {
	from := 0
	if l.seen.Thread != 0 && l.seen.Thread != l.seen.Exchange.ID {
		for i := range l.conversation.Messages {
			if isAssistant(l.conversation.Messages[i].Role) {
				from = i + 1
			}
		}
	}
	return from
}

// heard lists what the model was told that is new.
func (l *look) heard(from int) []said {
	c := l.conversation
	var all []said
	add := func(role, where, text string) {
		switch {
		case text == "":
		case l.texts == 0:
			l.sight.Cut += len(text)
		default:
			l.texts--
			all = append(all, said{scanner.InRequest, role, where, text})
		}
	}
	for i := len(c.Messages) - 1; i >= from; i-- { // the latest first: it is looked at even where all is too much
		m := &c.Messages[i]
		if isAssistant(m.Role) {
			continue // a call of its own is looked at as such
		}
		first := true
		for j := range m.Parts {
			p := &m.Parts[j]
			role := m.Role
			switch p.Kind {
			case llm.PartToolResult:
				role = "tool"
			case llm.PartText, llm.PartOther:
			default:
				continue
			}
			where := "message:" + strconv.Itoa(i)
			if !first {
				where += "." + strconv.Itoa(j) // a further text of the same message
			}
			first = false
			add(role, where, p.Text)
		}
	}
	if from == 0 && !systemInMessages(c) {
		for i, text := range c.System {
			add("system", "system:"+strconv.Itoa(i), text)
		}
	}
	for i, text := range c.Prompts {
		add("user", "prompt:"+strconv.Itoa(i), text)
	}
	return all
}

// systemInMessages reports whether system texts are messages, too.
func systemInMessages(c *llm.Conversation) bool {
	for i := range c.Messages {
		if roleOf(c.Messages[i].Role) == injection.System {
			return true
		}
	}
	return false
}

// told looks at one text that the model was told.
func (l *look) told(t *said) {
	r := l.injection(t)
	l.sensitive(t)
	switch roleOf(t.role) {
	case injection.Tool, injection.Document:
		l.unshown(t)
	case injection.User:
		l.gibberish(t, &r)
	case injection.System, injection.Assistant:
	}
}

// unshown looks at what a page in a text does not show to people.
func (l *look) unshown(t *said) {
	if !strings.Contains(t.text, "<") {
		return
	}
	for _, p := range payload.Unshown(t.text) {
		piece := l.allow(&l.left, t.text[p[0]:p[1]])
		r := injection.Scan(piece, injection.Options{Role: injection.Document})
		if r.Score >= 0.4 {
			l.sign(t, scanner.SignHidden, "html", p[0], p[1], max(0.6, r.Score), "Text that a page does not show speaks to the model")
		}
	}
}

// gibberish looks for what is no language in what a user says.
func (l *look) gibberish(t *said, r *injection.Result) {
	for _, s := range r.Spans {
		if s.Technique == injection.Suffix {
			score := 0.35
			if r.Attack {
				score = 0.7
			}
			l.sign(t, scanner.SignGibberish, "suffix", s.Start, s.End, score, "A random end stands behind the text, as optimisers make it")
		}
	}
	if p, found := prose.Gibberish(t.text); found {
		l.sign(t, scanner.SignGibberish, "suffix", p.Start, p.End, p.Score, "A run of words is no language")
	}
	if p, found := prose.Repetition(t.text); found {
		score := 0.3 // people paste the same thing again and again to fill a window
		if p.End-p.Start >= longFlood {
			score = 0.6
		}
		l.sign(t, scanner.SignGibberish, "flood", p.Start, p.End, score, "One thing stands there over and over")
	}
}

// longFlood is from how many bytes on a text that repeats itself is one that is to use up a model.
const longFlood = 32 << 10

// looked remembers descriptions of tools: clients send the same ones with every request.
var looked = struct {
	sync.Mutex
	known map[uint64][]poison.Find
}{known: map[uint64][]poison.Find{}}

// mostKnown bounds how many descriptions are remembered.
const mostKnown = 8192

// tools looks at the descriptions of tools: those of the request, and those that an MCP server lists.
func (l *look) tools() {
	for i := range l.conversation.Tools {
		l.description(scanner.InRequest, &l.conversation.Tools[i])
	}
	if rpc := l.conversation.RPC; rpc != nil {
		for i := range rpc.ToolsListed {
			l.description(scanner.InAnswer, &rpc.ToolsListed[i])
		}
	}
}

func (l *look) description(side scanner.Side, tool *llm.Tool) {
	if tool.Builtin || tool.Description == "" && tool.Schema == "" {
		return
	}
	if l.texts == 0 {
		l.sight.Cut += len(tool.Description) + len(tool.Schema)
		return
	}
	l.texts--
	h := fnv.New64a()
	_, _ = io.WriteString(h, tool.Description+"\x00"+tool.Schema) // never fails
	key := h.Sum64()
	looked.Lock()
	found, known := looked.known[key]
	looked.Unlock()
	if !known {
		text := l.allow(&l.left, tool.Description+"\n"+schemaTexts(tool.Schema))
		found = poison.In(text)
		looked.Lock()
		if len(looked.known) >= mostKnown {
			clear(looked.known)
		}
		looked.known[key] = found
		looked.Unlock()
	}
	t := said{side: side, role: "tool", where: "tool:" + tidy(tool.Name)}
	for _, f := range found {
		if !f.Cut {
			l.sign(&t, scanner.SignPoisoned, "description", 0, 0, 0.8, "The description of the tool is no description: it "+strings.TrimPrefix(f.Why, "It "))
		}
	}
}

// schemaTexts are the descriptions within a schema.
func schemaTexts(schema string) string {
	if !strings.Contains(schema, `"description"`) && !strings.Contains(schema, `"title"`) {
		return ""
	}
	var b strings.Builder
	leaves([]byte(schema), func(v *leaf) bool {
		if v.name == "description" || v.name == "title" {
			b.WriteString(v.text)
			b.WriteByte('\n')
		}
		return b.Len() < 256<<10
	})
	return b.String()
}

// request looks for classic attacks on APIs in what machines read of a request: its path, query and headers, and of the
// bodies those that are no prompts.
func (l *look) request() {
	x := l.seen.Exchange
	u := traffic.SplitURL(x.Request.URL)
	own := innerHost(u.Host)
	l.value("path", payload.Value{Place: payload.InPath, Text: u.Path, Own: own})
	for pair := range strings.SplitSeq(u.Query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		where := "query:" + tidy(name)
		if strings.Contains(value, "⟨cred:") {
			t := said{side: scanner.InRequest, where: where}
			l.sign(&t, scanner.SignSecret, "key-in-url", 0, 0, 0.9, "A credential stands in the address, where logs and histories keep it")
			continue
		}
		l.value(where, payload.Value{Place: payload.InQuery, Name: name, Text: value, Own: own})
	}
	for _, f := range x.Request.Header {
		if len(f.Value) > 3 && !dullHeader(f.Name) {
			l.value("header:"+strings.ToLower(tidy(f.Name)), payload.Value{Place: payload.InHeader, Name: f.Name, Text: f.Value, Own: own})
		}
	}
	if c := l.conversation; c.Kind == llm.KindPlain || c.Kind == llm.KindSaaS || c.Kind == llm.KindAPI || c.Kind == "" {
		l.body(own)
	}
}

// value looks at one value of a request.
func (l *look) value(where string, v payload.Value) {
	if len(v.Text) < 3 && len(v.Name) < 3 {
		return
	}
	if l.texts == 0 {
		l.sight.Cut += len(v.Text)
		return
	}
	l.texts--
	found, cut := payload.Attack(v)
	l.sight.Cut += cut
	t := said{side: scanner.InRequest, where: where}
	for _, f := range found {
		l.sign(&t, scanner.SignAttack, f.Name, f.Start, f.End, f.Score, f.Why)
	}
}

// innerHost reports whether a host is on this machine or this network.
func innerHost(host string) bool {
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	return host == "localhost" || !strings.Contains(host, ".") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal") || strings.HasSuffix(host, ".localhost")
}

// dullHeader reports whether a header holds what programs put there, in forms of their own that look like attacks.
func dullHeader(name string) bool {
	switch strings.ToLower(name) {
	case "accept", "accept-encoding", "accept-language", "content-type", "content-length", "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key",
		"date", "if-none-match", "if-modified-since", "etag", "sec-ch-ua", "sec-websocket-key", "x-amz-content-sha256", "x-amz-security-token", "cache-control",
		"baggage", "traceparent", "tracestate", "x-goog-api-client", "x-datadog-tags", "sentry-trace":
		return true
	}
	return false
}

// body looks at a body that is no prompt, by what it is.
func (l *look) body(own bool) {
	body := l.seen.Request
	contentType := l.seen.Exchange.Request.Header.Get("Content-Type")
	media := traffic.MediaType(contentType)
	head := bytes.TrimLeft(body[:min(len(body), 64)], "\ufeff \t\r\n")
	if len(head) == 0 {
		return
	}
	if len(body) > mostLooked {
		l.sight.Cut += len(body) - mostLooked
		body = body[:mostLooked]
	}
	switch {
	case media == "application/x-www-form-urlencoded":
		l.form(body, own)
	case strings.HasPrefix(media, "multipart/form-data"):
		l.multipart(body, contentType, own)
	case head[0] == '{' || head[0] == '[':
		l.json(body, own)
	case head[0] == '<':
		l.value("body", payload.Value{Place: payload.InBody, Text: string(body), Own: own})
	default:
		return // text, or bytes: who knows for whom
	}
	if textual(head) {
		l.sensitive(&said{scanner.InRequest, "", "body", string(body)})
	}
}

func (l *look) form(body []byte, own bool) {
	for pair := range strings.SplitSeq(string(body), "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		l.value("body:"+tidy(name), payload.Value{Place: payload.InBody, Name: name, Text: value, Own: own})
	}
}

// mostField bounds a field of a multipart body that is looked at.
const mostField = 64 << 10

func (l *look) multipart(body []byte, contentType string, own bool) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return
	}
	r := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for range 256 {
		p, err := r.NextRawPart()
		if err != nil {
			return // the end, or what is no part
		}
		if name := p.FileName(); name != "" {
			l.value("body:filename", payload.Value{Place: payload.InBody, Name: "filename", Text: name, Own: own})
			continue
		}
		text, err := io.ReadAll(io.LimitReader(p, mostField))
		if err == nil {
			l.value("body:"+tidy(p.FormName()), payload.Value{Place: payload.InBody, Name: p.FormName(), Text: string(text), Own: own})
		}
	}
}

// signIn are names of members by which people are told apart: where an operator of a database stands in place of such a
// value, somebody else is let in.
var signIn = map[string]bool{
	"user": true, "username": true, "login": true, "email": true, "password": true, "pass": true, "passwd": true, "pwd": true, "token": true, "pin": true,
	"otp": true, "code": true, "secret": true, "api_key": true, "apikey": true, "id": true, "_id": true, "userid": true, "user_id": true, "session": true,
}

func (l *look) json(body []byte, own bool) {
	l.sight.Cut += leaves(body, func(v *leaf) bool {
		where := "body:" + tidy(v.name)
		switch {
		case v.isName && strings.HasPrefix(v.text, "$") && signIn[strings.ToLower(v.name)] && mongo[v.text]:
			t := said{side: scanner.InRequest, where: where}
			l.sign(&t, scanner.SignAttack, "nosql", 0, 0, 0.85, "An operator of a database stands in place of a value")
		case v.isName && (v.text == "__proto__" || v.text == "constructor" || v.text == "$where"):
			if v.text != "constructor" {
				l.value(where, payload.Value{Place: payload.InBody, Name: v.text, Own: own})
			}
			if v.text == "$where" {
				t := said{side: scanner.InRequest, where: where}
				l.sign(&t, scanner.SignAttack, "nosql", 0, 0, 0.7, "Script for a database stands in the body")
			}
		case !v.isName:
			l.value(where, payload.Value{Place: payload.InBody, Name: v.name, Text: v.text, Own: own})
		}
		return l.texts > 0
	})
}

var mongo = map[string]bool{"$ne": true, "$gt": true, "$gte": true, "$lt": true, "$lte": true, "$regex": true, "$in": true, "$nin": true, "$exists": true, "$not": true, "$where": true}

// textual reports whether the first bytes of a body are those of a text.
func textual(head []byte) bool { return bytes.IndexByte(head, 0) < 0 }

// times says how often.
func times(n int) string { return fmt.Sprintf("%d times", n) }
