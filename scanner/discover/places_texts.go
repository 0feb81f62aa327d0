package discover

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode/utf8"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Bounds of one exchange.
const (
	maxPlaceFields = 1000 // of a form or a query
	maxPart        = 64 << 20
	maxLookEvents  = 200_000 // of a stream
	maxSights      = 400     // places in one exchange
	maxPieceBytes  = 64 << 20
)

// look is one exchange that is being looked at.
type look struct {
	*places
	seen      *Seen
	endpoint  *scanner.Endpoint
	direction string
	found     map[placeKey]*sighting
	order     []*sighting
	cut       bool
	joined    map[joinKey]*joinText // of a stream whose texts come in pieces
	silent    bool                  // what is said was looked at already, as a whole
	prompt    string                // the first place where the system speaks
	tools     string                // where tools are given
}

// exchange looks at everything that travelled.
func (l *look) exchange() {
	x := l.seen.Exchange
	l.direction = inRequest
	l.url(x.Request.URL)
	l.headers(x.Request.Header)
	l.body(l.seen.Request, x.Request.Header, false)
	l.frames(traffic.FromClient)
	l.direction = inResponse
	if x.Response != nil {
		l.headers(x.Response.Header)
		l.body(l.seen.Response, x.Response.Header, true)
	}
	l.frames(traffic.FromServer)
	l.payloads()
}

// add notes findings at a place.
func (l *look) add(role, path string, found []finding) {
	for i := range found {
		f := &found[i]
		key := placeKey{l.endpoint.ID, l.direction, role, path, f.kind}
		if s := l.found[key]; s != nil {
			s.n += f.n
			if f.confidence > s.confidence {
				s.confidence, s.sample = f.confidence, f.sample
			}
			continue
		}
		if len(l.order) >= maxSights {
			l.cut = true
			return
		}
		s := &sighting{key: key, class: f.class, n: f.n, confidence: f.confidence, sample: f.sample}
		l.found[key] = s
		l.order = append(l.order, s)
	}
}

func plain(raw []byte) string { return string(raw) }

// value looks at a text that stands under a name.
func (l *look) value(role, path, name, text string) {
	if len(text) < leastText {
		return
	}
	l.add(role, path, l.memo.find(name, []byte(text), plain))
}

func (l *look) url(raw string) {
	u := traffic.SplitURL(raw)
	names := strings.Split(l.endpoint.Path, "/")
	segments := strings.Split(u.Path, "/")
	for i, segment := range segments {
		name := "*"
		if len(names) == len(segments) && strings.HasPrefix(names[i], "{") {
			name = strings.Trim(names[i], "{}")
		}
		if text, err := url.PathUnescape(segment); err == nil && !dull([]byte(text)) {
			l.value("", "path:"+name, strings.Trim(name, "*"), text)
		}
	}
	n := 0
	for pair := range strings.SplitSeq(u.Query, "&") {
		if n++; n > maxPlaceFields {
			l.cut = true
			break
		}
		name, value := unescapePair(pair)
		path := "query:" + fieldName(name)
		if strings.Contains(value, "⟨cred:") {
			l.add("", path, []finding{{kind: kindKeyInURL, class: "secret", n: 1, confidence: 0.9, sample: "••••"}})
			continue
		}
		l.value("", path, name, value)
	}
}

// kindKeyInURL is a credential in an address, where logs and histories keep it. Its value is sealed.
const kindKeyInURL = "key-in-url"

func unescapePair(pair string) (name, value string) {
	name, value, _ = strings.Cut(pair, "=")
	if s, err := url.QueryUnescape(name); err == nil {
		name = s
	}
	if s, err := url.QueryUnescape(value); err == nil {
		value = s
	}
	return name, value
}

// fieldName is a name as a path shows it: names that are data are *.
func fieldName(name string) string {
	if idKey([]byte(name)) || !utf8.ValidString(name) {
		return "*"
	}
	return name
}

// dullHeaders say nothing about anybody, or are credentials: those are sealed and have their own place in the inventory.
var dullHeaders = map[string]bool{
	"accept": true, "accept-encoding": true, "accept-language": true, "content-type": true, "content-length": true, "user-agent": true,
	"date": true, "host": true, "connection": true, "etag": true, "last-modified": true, "if-none-match": true, "server": true, "via": true,
	"authorization": true, "proxy-authorization": true, "cookie": true, "set-cookie": true, "x-api-key": true, "api-key": true,
	"x-goog-api-key": true, "content-security-policy": true, "cf-ray": true, "traceparent": true, "tracestate": true, "x-amz-date": true,
	"x-amz-content-sha256": true, "x-amz-security-token": true, "expires": true, "cache-control": true, "alt-svc": true, "nel": true,
	"report-to": true, "strict-transport-security": true, "vary": true, "server-timing": true, "age": true,
	// Keys that open nothing: of the handshake of a WebSocket (RFC 6455), of an attempt, of a cache.
	"sec-websocket-key": true, "sec-websocket-accept": true, "idempotency-key": true, "x-idempotency-key": true, "surrogate-key": true,
}

func (l *look) headers(h traffic.Header) {
	for i, f := range h {
		if i >= maxPlaceFields {
			l.cut = true
			return
		}
		lower := strings.ToLower(f.Name)
		if len(f.Value) < leastText || dullHeaders[lower] || strings.HasSuffix(lower, "api-key") || strings.HasSuffix(lower, "-id") ||
			strings.Contains(f.Value, "⟨cred:") || strings.Contains(lower, "ratelimit") || strings.Contains(lower, "trace") || strings.Contains(lower, "request-id") {
			continue
		}
		l.value("", "header:"+lower, f.Name, f.Value)
	}
}

// body looks at a message's body by what it is.
func (l *look) body(body []byte, h traffic.Header, answer bool) {
	if len(body) == 0 {
		return
	}
	contentType := h.Get("Content-Type")
	media := traffic.MediaType(contentType)
	head := bytes.TrimLeft(body[:min(len(body), 512)], " \t\r\n\ufeff")
	switch {
	case l.model(body, "body"):
	case strings.HasPrefix(media, "multipart/"):
		l.multipart(body, contentType)
	case media == "application/x-www-form-urlencoded" && !answer:
		l.form(body)
	case answer && l.stream(body, contentType):
	case len(head) > 0 && (head[0] == '{' || head[0] == '[' || head[0] == '"'):
		if !answer && bytes.Count(head, []byte("}\n{")) > 0 || strings.Contains(media, "ndjson") || strings.Contains(media, "jsonl") {
			l.lines(body)
			return
		}
		l.json(body, answer)
	case textual(head):
		l.text("", "body", "", body, strings.Contains(media, "html") || strings.Contains(media, "xml"))
	}
}

// textual reports whether the first bytes of a body are those of a text.
func textual(head []byte) bool {
	if len(head) == 0 || bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	odd := 0
	for _, r := range string(head[:len(head)-min(len(head)-1, 3)]) {
		if r == utf8.RuneError || r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != 0x1b {
			odd++
		}
	}
	return odd*20 <= len(head)
}

func (l *look) text(role, path, name string, body []byte, markup bool) {
	l.add(role, path, l.memo.find(name, body, func(b []byte) string {
		s := string(b)
		if markup && strings.Contains(s, "&") {
			s = html.UnescapeString(s)
		}
		return s
	}))
}

// speakers tells who speaks in bodies of this exchange.
func (l *look) speakers(answer bool) roles {
	c := l.seen.Conversation
	known := c != nil && (c.Family != "" || c.Kind == llm.KindLLM || c.Kind == llm.KindChatBackend || c.Kind == llm.KindAgent)
	if known && (c.Kind == llm.KindMCP || c.Kind == llm.KindVectorDB || c.Kind == llm.KindEmbedding) {
		known = false
	}
	return roles{known: known, answer: answer}
}

// json looks at a JSON body, or several in a row. What is left where it breaks is looked at as a text.
func (l *look) json(body []byte, answer bool) {
	l.nodes.begin()
	w := l.walk(answer)
	for rest := body; ; {
		w.run(rest, 0)
		rest = bytes.TrimLeft(rest[w.pos:], " \t\r\n")
		switch {
		case len(rest) == 0:
			return
		case w.pos == 0 || w.broken || rest[0] != '{' && rest[0] != '[':
			l.text("", "body", "", rest, false)
			return
		}
	}
}

func (l *look) walk(answer bool) *jsonWalk {
	w := &l.outer
	w.paths, w.roles, w.text, w.vector, w.opened = l.nodes, l.speakers(answer), l.jsonText, l.vector, l.opened
	return w
}

// unread are members whose strings are for machines.
var unread = map[string]bool{
	"signature": true, "thoughtSignature": true, "thought_signature": true, "encrypted_content": true, "encryptedContent": true,
	"b64_json": true, "embedding": true, "embeddings": true, "redactedContent": true, "system_fingerprint": true, "image_url": true,
	"inlineData": true, "inline_data": true, "audio": true, "obfuscation": true, "x-request-id": true,
}

// spokenKeys are members that hold what somebody says: their names are no words of it.
var spokenKeys = map[string]bool{
	"content": true, "text": true, "parts": true, "input": true, "output": true, "prompt": true, "message": true, "response": true,
	"query": true, "question": true, "answer": true, "completion": true, "instructions": true, "system": true, "thinking": true,
	"reasoning": true, "reasoning_content": true, "arguments": true, "summary": true, "delta": true, "body": true, "data": true,
	"value": true, "description": true, "output_text": true, "input_text": true, "generated_text": true, "outputText": true, "inputText": true,
}

func (l *look) jsonText(t jsonText) {
	node := &l.nodes.nodes[t.node]
	if t.role == roleSystem && l.prompt == "" && l.direction == inRequest && (node.spoken || node.keyRole == roleSystem || node.key == "*") {
		l.prompt = l.nodes.path(t.node)
	}
	if len(t.raw) >= leastContext {
		l.retrieved(t.node)
	}
	if !l.memo.custom && dull(t.raw) {
		return
	}
	if node.unread && len(t.raw) > 24 {
		return
	}
	if t.role != "" && !t.number {
		if l.joined != nil && node.spoken {
			l.join(t)
			return
		}
		if l.silent && t.role != roleTool && node.spoken {
			return
		}
	}
	name := ""
	if !node.spoken {
		name = l.nodes.name(t.node)
	}
	if !l.inner(&t) {
		l.add(t.role, l.nodes.path(t.node), l.memo.find(name, t.raw, t.decoder()))
	}
}

// decoder gives the text of what was sent.
func (t *jsonText) decoder() func([]byte) string {
	if t.escaped {
		return unescapeJSON
	}
	return plain
}

// inner looks at a string that is itself JSON, such as a tool's arguments; false for others. Names inside count, places
// are the string's.
func (l *look) inner(t *jsonText) bool {
	return len(t.raw) >= 8 && (t.raw[0] == '{' || t.raw[0] == '[') && l.innerJSON(*t)
}

func (l *look) innerJSON(t jsonText) bool {
	text := []byte(t.decoder()(t.raw))
	if !json.Valid(text) {
		return false
	}
	path := l.nodes.path(t.node)
	if t.path != "" {
		path = t.path
	}
	l.inside.begin()
	w := &l.within
	w.paths, w.roles = l.inside, roles{}
	w.text = func(in jsonText) {
		if !l.memo.custom && dull(in.raw) {
			return
		}
		name := ""
		if !l.inside.nodes[in.node].spoken {
			name = l.inside.name(in.node)
		}
		l.add(t.role, path, l.memo.find(name, in.raw, in.decoder()))
	}
	w.run(text, 0)
	return true
}

func (l *look) form(body []byte) {
	n := 0
	for pair := range strings.SplitSeq(string(body), "&") {
		if n++; n > maxPlaceFields {
			l.cut = true
			return
		}
		name, value := unescapePair(pair)
		if !strings.Contains(value, "⟨cred:") {
			l.value("", "form:"+fieldName(name), name, value)
		}
	}
}

func (l *look) multipart(body []byte, contentType string) {
	_, params, err := mime.ParseMediaType(contentType)
	boundary := params["boundary"]
	if err != nil || boundary == "" {
		line, _, _ := bytes.Cut(body, []byte("\n"))
		boundary = strings.TrimPrefix(strings.TrimRight(string(line[:min(len(line), 200)]), "\r"), "--")
	}
	if boundary == "" {
		return
	}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for n := 0; ; n++ {
		if n >= maxPlaceFields {
			l.cut = true
			return
		}
		part, err := r.NextRawPart()
		if err != nil {
			return
		}
		data, err := io.ReadAll(io.LimitReader(part, maxPart))
		name := fieldName(part.FormName())
		path := "form:" + name
		head := data[:min(len(data), 512)]
		switch {
		case l.model(data, path):
		case len(data) > 0 && (data[0] == '{' || data[0] == '[') && l.inner(&jsonText{raw: data, path: path}):
		case textual(head):
			l.text("", path, name, data, false)
		}
		if err != nil {
			return
		}
	}
}
