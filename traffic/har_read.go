package traffic

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// errStopped tells a walk that the consumer of a sequence wants no more.
var errStopped = errors.New("stopped")

// ReadHAR yields the entries of a HAR 1.2 file one at a time, holding only one of them, in the order of the file.
// Errors are of type *ImportError or come from r. Bodies in HAR had their content codings undone, which Origin says;
// see Exchange.Content.
func ReadHAR(r io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		h := &harReader{scan: newJSONScanner(r, "HAR"), yield: yield}
		if err := h.document(); err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

type harReader struct {
	scan    *jsonScanner
	yield   func(*Record, error) bool
	entries bool // the list of entries was found
}

func (h *harReader) document() error {
	hasLog := false
	err := h.scan.object("the HAR document", func(key string) error {
		if key != "log" {
			return h.scan.skip("a member of the HAR document")
		}
		hasLog = true
		return h.scan.object("log", func(key string) error {
			if key != "entries" {
				return h.scan.skip("log." + shortened(key))
			}
			h.entries = true
			err := h.scan.array("log.entries", h.entry)
			h.scan.entry = 0
			return err
		})
	})
	switch {
	case err != nil:
		return err
	case !hasLog:
		return h.scan.fail("there is no \"log\" in this JSON document, so it is not a HAR file")
	case !h.entries:
		return h.scan.fail("there is no \"entries\" in \"log\", so it is not a HAR file")
	}
	return nil
}

func shortened(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

func (h *harReader) entry() error {
	h.scan.entry++
	if err := h.scan.value(MaxRecordBytes, "an entry"); err != nil {
		return err
	}
	var record *Record
	var err error
	if !gjson.ValidBytes(h.scan.buf) {
		err = h.scan.invalid()
	} else if parsed, message := parseHAREntry(gjson.ParseBytes(h.scan.buf)); message == "" {
		record = parsed
	} else {
		err = &ImportError{Format: "HAR", Entry: h.scan.entry, Offset: h.scan.at, Line: h.scan.atLine, Message: message}
	}
	if !h.yield(record, err) {
		return errStopped
	}
	return nil
}

// members are the members of an object, found in one pass: looking each up would read large bodies again and again.
type members map[string]gjson.Result

func membersOf(v gjson.Result) members {
	m := members{}
	if v.IsObject() {
		v.ForEach(func(k, v gjson.Result) bool {
			m[k.Str] = v
			return true
		})
	}
	return m
}

// parseHAREntry makes a record of an entry. The message says why that is not possible, or is empty.
func parseHAREntry(e gjson.Result) (record *Record, message string) {
	if !e.IsObject() {
		return nil, "an entry should be an object"
	}
	r := &Record{}
	o := &importOrigin{Format: "har", Source: map[string]json.RawMessage{}}
	var request, response, timings, address, messages, assay gjson.Result
	e.ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "request":
			request = v
		case "response":
			response = v
		case "timings":
			timings = v
		case "serverIPAddress":
			address = v
		case "startedDateTime":
			r.Started, _ = time.Parse(time.RFC3339Nano, v.Str)
		case "_webSocketMessages":
			messages = v
		case "_assay":
			assay = v
		case "_note":
			r.Note = v.String()
		case "comment":
			if r.Note == "" {
				r.Note = v.String()
			}
		case "_color":
			r.Colour = colour(v.Str)
		case "_tags":
			for _, tag := range v.Array() {
				r.Tags = append(r.Tags, tag.String())
			}
		case "time", "cache", "_resourceType":
		default:
			o.Source[strings.Clone(k.Str)] = json.RawMessage(v.Raw)
		}
		return true
	})
	if !request.IsObject() {
		return nil, "the entry has no request"
	}
	if message = r.readHARRequest(membersOf(request), o); message != "" {
		return nil, message
	}
	r.readHARResponse(membersOf(response), o)
	r.readHARTimings(membersOf(timings))
	if address.Str != "" {
		r.Server.Addr = net.JoinHostPort(strings.Trim(address.Str, "[]"), SplitURL(r.Request.URL).Port)
	}
	r.readHARMessages(messages)
	r.readHARAssay(assay)
	r.settle()
	if len(o.Source) > 0 || o.Decoded != nil || o.Rebuilt != nil || o.Missing != nil {
		r.Origin = o.bytes()
	}
	return r, ""
}

func colour(s string) string {
	if s = strings.ToLower(s); slices.Contains(Colours, s) {
		return s
	}
	return ""
}

func (r *Record) readHARRequest(v members, o *importOrigin) (message string) {
	q := &r.Request
	q.Method, q.URL = strings.Clone(v["method"].Str), strings.Clone(v["url"].Str)
	switch {
	case q.URL == "":
		return "the entry's request has no url"
	case q.Method == "":
		return "the entry's request has no method"
	}
	q.Proto = protoName(v["httpVersion"].Str)
	q.Header, q.Host = readHARHeaders(v["headers"])
	if q.Host != "" && q.Proto == "" {
		q.Proto = "HTTP/2.0"
	}
	if cookies := v["cookies"].Array(); len(cookies) > 0 && !q.Header.Has("Cookie") {
		pairs := make([]string, len(cookies))
		for i, c := range cookies {
			pairs[i] = c.Get("name").String() + "=" + c.Get("value").String()
		}
		q.Header = append(q.Header, Field{"Cookie", strings.Join(pairs, "; ")})
		o.Rebuilt = append(o.Rebuilt, "Cookie header, from the list of cookies")
	}
	q.readHARBody(v, o)
	if q.Header.Has("Content-Encoding") && q.Body.Data != nil {
		o.Decoded = append(o.Decoded, FromClient.String())
	}
	keepCustom(v, "request", o)
	return ""
}

func (q *Request) readHARBody(v members, o *importOrigin) {
	post, size := membersOf(v["postData"]), v["bodySize"].Int()
	if content := v["_content"]; content.Get("text").Exists() {
		q.Body = harText(content.Get("text"), content.Get("encoding").Str)
		return
	}
	text := post["text"]
	params := post["params"].Array()
	mediaType := MediaType(post["mimeType"].Str)
	switch {
	case text.Str != "":
		encoding := post["encoding"].Str
		if encoding == "" {
			encoding = post["_encoding"].Str
		}
		q.Body = harText(text, encoding)
	case len(params) > 0 && mediaType == "application/x-www-form-urlencoded":
		pairs := make([]string, len(params))
		for i, p := range params {
			pairs[i] = formEscape(p.Get("name").String()) + "=" + formEscape(p.Get("value").String())
		}
		q.Body = whole([]byte(strings.Join(pairs, "&")))
		o.Rebuilt = append(o.Rebuilt, "request body, from the list of parameters")
	case len(params) > 0:
		q.Body = Body{Size: max(size, 0), Lost: "the HAR file holds the form's fields, not the body that was sent"}
	case size > 0:
		q.Body = Body{Size: size, Lost: "the HAR file does not hold this body"}
	}
	if len(params) > 0 {
		o.Source["postData.params"] = json.RawMessage(post["params"].Raw)
	}
}

// formEscape escapes what is not escaped yet: HAR leaves open whether parameters are.
func formEscape(s string) string {
	if _, err := url.QueryUnescape(s); err == nil && strings.ContainsAny(s, "%+") && !strings.ContainsAny(s, " &=") {
		return s
	}
	return url.QueryEscape(s)
}

// harText makes a body of a text that may be base64.
func harText(text gjson.Result, encoding string) Body {
	if !strings.EqualFold(encoding, "base64") {
		return whole([]byte(text.String()))
	}
	data, err := decodeBase64(text.Str)
	if err != nil {
		body := whole(data)
		body.Lost = "the file's base64 breaks off or is damaged"
		return body
	}
	return whole(data)
}

// decodeBase64 reads base64 with or without padding, of either alphabet, with white space in it.
func decodeBase64(s string) ([]byte, error) {
	if data, err := base64.StdEncoding.DecodeString(s); err == nil {
		return data, nil
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\n', '\r', '\t', '=':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, s)
	return base64.RawStdEncoding.DecodeString(s)
}

func (r *Record) readHARResponse(v members, o *importOrigin) {
	status := int(v["status"].Int())
	if status <= 0 {
		reason := v["_error"].String()
		if reason == "" {
			reason = v["statusText"].String()
		}
		if reason == "" {
			reason = "the HAR file records no answer"
		}
		r.Fault = &Fault{StageResponse, strings.Clone(reason)}
		keepCustom(v, "response", o)
		return
	}
	content := membersOf(v["content"])
	p := &Response{Status: status, Reason: strings.Clone(v["statusText"].String()), Proto: protoName(v["httpVersion"].Str)}
	p.Header, _ = readHARHeaders(v["headers"])
	text, size := content["text"], content["size"].Int()
	switch {
	case text.Str != "":
		p.Body = harText(text, content["encoding"].Str)
		if p.Header.Has("Content-Encoding") {
			o.Decoded = append(o.Decoded, FromServer.String())
		}
	case size > 0:
		p.Body = Body{Size: size, Lost: "the HAR file does not hold this body"}
	}
	if wire := v["bodySize"].Int(); wire > 0 && wire != p.Body.Size {
		o.Source["response.bodySize"] = json.RawMessage(v["bodySize"].Raw)
	}
	r.Response = p
	keepCustom(v, "response", o)
	keepCustom(content, "content", o)
}

// keepCustom keeps members that begin with an underscore, and comments.
func keepCustom(v members, where string, o *importOrigin) {
	for name, v := range v {
		if name == "comment" && v.Str != "" || strings.HasPrefix(name, "_") && name != "_content" && v.Type != gjson.Null {
			o.Source[where+"."+name] = json.RawMessage(v.Raw)
		}
	}
}

// readHARHeaders returns the header lines, and the authority where Chrome lists HTTP/2's pseudo headers among them.
func readHARHeaders(v gjson.Result) (h Header, authority string) {
	v.ForEach(func(_, f gjson.Result) bool {
		name, value := f.Get("name").String(), f.Get("value").String()
		if strings.HasPrefix(name, ":") {
			if name == ":authority" {
				authority = strings.Clone(value)
			}
			return true
		}
		if name != "" {
			h = append(h, Field{strings.Clone(name), strings.Clone(value)})
		}
		return true
	})
	return h, authority
}

// readHARTimings turns durations of steps into offsets.
func (r *Record) readHARTimings(v members) {
	at := time.Duration(0)
	step := func(name string) time.Duration {
		ms := v[name].Float()
		if ms <= 0 || ms > 1e12 {
			return 0
		}
		return time.Duration(ms * float64(time.Millisecond)).Round(time.Microsecond)
	}
	after := func(d time.Duration) time.Duration {
		if d == 0 {
			return 0
		}
		at += d
		return at
	}
	at += step("blocked")
	ssl := step("ssl")
	r.Timing.DNS = after(step("dns"))
	r.Timing.Connect = after(max(0, step("connect")-ssl))
	r.Timing.TLS = after(ssl)
	r.Timing.Sent = after(step("send"))
	if r.Response == nil {
		r.Timing.Done = at + step("wait") + step("receive")
		return
	}
	at += step("wait")
	r.Timing.Head, r.Timing.FirstByte = at, at
	r.Timing.Done = at + step("receive")
}

func (r *Record) readHARMessages(v gjson.Result) {
	for i, m := range v.Array() {
		f := Frame{Seq: i, Opcode: byte(m.Get("opcode").Int())}
		switch m.Get("type").Str {
		case "send", "request", "outgoing":
		default:
			f.Side = FromServer
		}
		if at := unixTime(m.Get("time").Float()); !at.IsZero() && !r.Started.IsZero() {
			f.At = max(0, at.Sub(r.Started).Round(time.Microsecond))
		}
		data := m.Get("data")
		if f.Opcode == 0 {
			f.Opcode = 1
		}
		f.Data = []byte(data.String())
		if f.Opcode != 1 {
			if binary, err := decodeBase64(data.String()); err == nil {
				f.Data = binary
			}
		}
		f.Wire = len(f.Data)
		r.Frames = append(r.Frames, f)
	}
}

// readHARAssay takes back what only files written by this program hold.
func (r *Record) readHARAssay(v gjson.Result) {
	if !v.IsObject() {
		return
	}
	var a harAssay
	if json.Unmarshal([]byte(v.Raw), &a) != nil {
		return
	}
	if a.State.Ended() {
		r.State = a.State
	}
	if a.State == StateUnsent || a.Fault != nil {
		r.Fault = a.Fault
	}
	if a.Kind == KindWebSocket || a.Kind == KindTunnel {
		r.Kind = a.Kind
	}
	if a.Host != "" {
		r.Request.Host = a.Host
	}
	if a.Timing != nil {
		r.Timing = *a.Timing
	}
	if a.Client != nil {
		r.Client = *a.Client
	}
	if a.Server != nil {
		r.Server = *a.Server
	}
	r.Request.Trailer = a.Trailers[FromClient.String()]
	lose(&r.Request.Body, a.Lost[FromClient.String()])
	if r.Response != nil {
		r.Response.Trailer = a.Trailers[FromServer.String()]
		r.Response.Informational = a.Info
		lose(&r.Response.Body, a.Lost[FromServer.String()])
	}
}

func lose(b *Body, why string) {
	if why != "" {
		b.Lost = why
	}
}
