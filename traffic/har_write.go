package traffic

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// HAROptions say what goes into a HAR file.
type HAROptions struct {
	Version string // of this program, for the creator
	Reveal  Reveal // nil keeps sealed credentials sealed
	// Extra returns further members of an entry by name; names begin with an underscore (HAR 1.2 section 3.2). May be
	// nil.
	Extra func(*Record) map[string]any
}

// HARWriter writes a HAR 1.2 file one entry at a time. Bodies are written without their content codings, as HAR wants.
type HARWriter struct {
	w       io.Writer
	options HAROptions
	begun   bool
	buf     bytes.Buffer
}

// NewHARWriter returns a writer; nothing is written before the first Write or Close.
func NewHARWriter(w io.Writer, options HAROptions) *HARWriter {
	return &HARWriter{w: w, options: options}
}

// Write adds one exchange.
func (h *HARWriter) Write(r *Record) error {
	entry := harOf(r, h.options.Reveal)
	h.buf.Reset()
	h.begin(",\n")
	encoder := json.NewEncoder(&h.buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(entry); err != nil {
		return fmt.Errorf("write HAR entry of exchange %d: %w", r.ID, err)
	}
	if err := h.extend(r); err != nil {
		return fmt.Errorf("write HAR entry of exchange %d: %w", r.ID, err)
	}
	_, err := h.w.Write(h.buf.Bytes())
	return err
}

// extend adds members to the object at the end of the buffer.
func (h *HARWriter) extend(r *Record) error {
	var extra map[string]any
	if h.options.Extra != nil {
		extra = h.options.Extra(r)
	}
	if gjson.GetBytes(r.Origin, "format").Str == "har" {
		gjson.GetBytes(r.Origin, "source").ForEach(func(k, v gjson.Result) bool {
			_, taken := extra[k.Str]
			if strings.HasPrefix(k.Str, "_") && !taken {
				if extra == nil {
					extra = map[string]any{}
				}
				extra[k.Str] = json.RawMessage(v.Raw)
			}
			return true
		})
	}
	if len(extra) == 0 {
		return nil
	}
	members, err := json.Marshal(extra)
	if err != nil {
		return err
	}
	h.buf.Truncate(bytes.LastIndexByte(h.buf.Bytes(), '}'))
	h.buf.WriteByte(',')
	h.buf.Write(members[1:])
	h.buf.WriteByte('\n')
	return nil
}

// begin writes the head of the file, or what separates two entries.
func (h *HARWriter) begin(separator string) {
	if h.begun {
		h.buf.WriteString(separator)
		return
	}
	h.begun = true
	version, _ := json.Marshal(cmp.Or(h.options.Version, "dev"))
	fmt.Fprintf(&h.buf, `{"log":{"version":"1.2","creator":{"name":"Assay","version":%s},"pages":[],"entries":[`+"\n", version)
}

// Close ends the file; w stays open.
func (h *HARWriter) Close() error {
	h.buf.Reset()
	h.begin("")
	h.buf.WriteString("]}}\n")
	_, err := h.w.Write(h.buf.Bytes())
	return err
}

func harOf(r *Record, reveal Reveal) harEntry {
	e := harEntry{
		Started: r.Started.UTC().Format("2006-01-02T15:04:05.000000Z"),
		Time:    milliseconds(r.Timing.Done),
		Request: harRequestOf(r, reveal),
		Timings: harTimingsOf(r.Timing),
		Note:    r.Note, Comment: r.Note, Colour: r.Colour, Tags: r.Tags,
		Assay: harAssayOf(r, reveal),
	}
	if host, _, err := net.SplitHostPort(r.Server.Addr); err == nil {
		e.ServerIPAddress = host
	}
	if gjson.GetBytes(r.Origin, "format").Str == "har" {
		e.PageRef = gjson.GetBytes(r.Origin, "source.pageref").Str
		e.Connection = gjson.GetBytes(r.Origin, "source.connection").Str
	}
	if r.Response != nil {
		e.Response = harResponseOf(r, reveal)
	} else {
		e.Response = harResponse{Cookies: []harCookie{}, Headers: []harPair{}, HeadersSize: -1, BodySize: -1, Content: harContent{MimeType: "x-unknown"}}
		if r.Fault != nil {
			e.Response.Error = r.Fault.Reason
		}
	}
	if r.Kind == KindWebSocket {
		e.ResourceType = "websocket"
	}
	for _, f := range r.Frames {
		e.WebSocket = append(e.WebSocket, harMessageOf(r.Started, f, reveal))
	}
	return e
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func harRequestOf(r *Record, reveal Reveal) harRequest {
	q := &r.Request
	header := reveal.header(q.Header)
	body, _ := r.Content(FromClient, MaxRecordBytes)
	h := harRequest{
		Method: q.Method, URL: reveal.Text(q.URL), HTTPVersion: q.Proto,
		Cookies: []harCookie{}, Headers: harPairs(header), QueryString: harQuery(reveal.Text(SplitURL(q.URL).Query)),
		HeadersSize: -1, BodySize: q.Body.Size,
	}
	if lines := header.Values("Cookie"); len(lines) > 0 {
		for _, c := range (&http.Request{Header: http.Header{"Cookie": lines}}).Cookies() {
			h.Cookies = append(h.Cookies, harCookie{Name: c.Name, Value: c.Value})
		}
	}
	if len(body) == 0 {
		return h
	}
	contentType := header.Get("Content-Type")
	h.PostData = &harPostData{MimeType: contentType, Params: []harPair{}}
	if utf8.Valid(body) {
		h.PostData.Text = reveal.Text(string(body))
	} else {
		h.PostData.Comment = "the body is not text; it is in _content"
		h.Content = &harContent{Size: int64(len(body)), MimeType: contentType, Text: base64.StdEncoding.EncodeToString(body), Encoding: "base64"}
	}
	if MediaType(contentType) == "application/x-www-form-urlencoded" {
		h.PostData.Params = harQuery(h.PostData.Text)
	}
	return h
}

func harResponseOf(r *Record, reveal Reveal) harResponse {
	p := r.Response
	header := reveal.header(p.Header)
	body, lost := r.Content(FromServer, MaxRecordBytes)
	h := harResponse{
		Status: p.Status, StatusText: p.Reason, HTTPVersion: p.Proto,
		Cookies: []harCookie{}, Headers: harPairs(header), RedirectURL: header.Get("Location"),
		HeadersSize: -1, BodySize: p.Body.Size,
		Content: harContent{Size: int64(len(body)), MimeType: cmp.Or(header.Get("Content-Type"), "x-unknown"), Comment: lost},
	}
	for _, c := range (&http.Response{Header: http.Header{"Set-Cookie": header.Values("Set-Cookie")}}).Cookies() {
		cookie := harCookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure}
		if !c.Expires.IsZero() {
			cookie.Expires = c.Expires.UTC().Format(time.RFC3339)
		}
		h.Cookies = append(h.Cookies, cookie)
	}
	if n := int64(len(body)); n > p.Body.Size && p.Body.Lost == "" {
		h.Content.Compression = n - p.Body.Size
	}
	if len(body) == 0 {
		h.Content.Size = p.Body.Size
	}
	h.Content.Text, h.Content.Encoding = harTextOf(body, reveal)
	return h
}

func harTextOf(data []byte, reveal Reveal) (text, encoding string) {
	if utf8.Valid(data) {
		return reveal.Text(string(data)), ""
	}
	return base64.StdEncoding.EncodeToString(data), "base64"
}

func harPairs(h Header) []harPair {
	pairs := make([]harPair, len(h))
	for i, f := range h {
		pairs[i] = harPair{strings.ToValidUTF8(f.Name, "\ufffd"), strings.ToValidUTF8(f.Value, "\ufffd")}
	}
	return pairs
}

// harQuery splits a query or form, keeping order; what does not unescape is written as it is.
func harQuery(query string) []harPair {
	pairs := []harPair{}
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, harPair{unescaped(name), unescaped(value)})
	}
	return pairs
}

func unescaped(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// harTimingsOf turns offsets into durations of steps.
func harTimingsOf(t Timing) harTimings {
	h := harTimings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1}
	last := time.Duration(0)
	step := func(offset time.Duration) float64 {
		if offset <= last {
			return 0
		}
		d := milliseconds(offset - last)
		last = offset
		return d
	}
	if t.DNS > 0 {
		h.DNS = step(t.DNS)
	}
	if t.Connect > 0 {
		h.Connect = step(t.Connect)
	}
	if t.TLS > 0 {
		h.SSL = step(t.TLS)
		h.Connect = max(0, h.Connect) + h.SSL
	}
	h.Send = step(t.Sent)
	h.Wait = step(t.Head)
	h.Receive = step(t.Done)
	return h
}

func harMessageOf(started time.Time, f Frame, reveal Reveal) harMessage {
	m := harMessage{Type: "send", Opcode: f.Opcode, Time: float64(started.Add(f.At).UnixMicro()) / 1e6}
	if f.Side == FromServer {
		m.Type = "receive"
	}
	if f.Opcode == 1 && utf8.Valid(f.Data) {
		m.Data = reveal.Text(string(f.Data))
	} else {
		m.Data = base64.StdEncoding.EncodeToString(f.Data)
		if f.Opcode == 1 {
			m.Opcode = 2 // text that is not UTF-8 would not survive as text
		}
	}
	return m
}

func harAssayOf(r *Record, reveal Reveal) *harAssay {
	a := &harAssay{State: r.State, Kind: r.Kind, Fault: r.Fault}
	if r.Request.Host != SplitURL(r.Request.URL).Authority() {
		a.Host = r.Request.Host
	}
	if r.Timing != (Timing{}) {
		a.Timing = &r.Timing
	}
	if r.Client != (Client{}) {
		a.Client = &r.Client
	}
	if !reflect.DeepEqual(r.Server, Server{}) {
		a.Server = &r.Server
	}
	a.Trailers, a.Lost = map[string]Header{}, map[string]string{}
	if r.Request.Trailer != nil {
		a.Trailers[FromClient.String()] = reveal.header(r.Request.Trailer)
	}
	if r.Request.Body.Lost != "" {
		a.Lost[FromClient.String()] = r.Request.Body.Lost
	}
	if p := r.Response; p != nil {
		if p.Trailer != nil {
			a.Trailers[FromServer.String()] = reveal.header(p.Trailer)
		}
		if p.Body.Lost != "" {
			a.Lost[FromServer.String()] = p.Body.Lost
		}
		a.Info = p.Informational
	}
	return a
}
