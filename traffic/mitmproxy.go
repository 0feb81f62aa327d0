package traffic

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"strconv"
	"strings"
)

// ReadMitmproxy yields the HTTP flows of a file saved by mitmproxy 4 or newer (flow format 4 to 21 and as far as later
// ones keep their shape), WebSocket messages included. Flows of other protocols are errors of their entry. Errors are
// of type *ImportError or come from r.
func ReadMitmproxy(r io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		m := &tnetReader{r: bufio.NewReaderSize(r, 256<<10)}
		for {
			at := m.offset
			m.entry++
			v, err := m.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			record, message := flow{v}.record()
			if message != "" {
				record, err = nil, &ImportError{Format: "mitmproxy", Entry: m.entry, Offset: at, Message: message}
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// flow is one member of a flow, of whatever type; what is not there is nil.
type flow struct{ v any }

func (f flow) get(names ...string) flow {
	for _, name := range names {
		m, ok := f.v.(map[string]any)
		if !ok {
			return flow{}
		}
		f = flow{m[name]}
	}
	return f
}

func (f flow) text() string {
	switch v := f.v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

func (f flow) number() float64 {
	switch v := f.v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

func (f flow) list() []any {
	list, _ := f.v.([]any)
	return list
}

func (f flow) header() Header {
	var h Header
	for _, line := range f.list() {
		if pair := (flow{line}).list(); len(pair) == 2 {
			h = append(h, Field{flow{pair[0]}.text(), flow{pair[1]}.text()})
		}
	}
	return h
}

// body takes content; nil means that mitmproxy did not keep it.
func (f flow) body() Body {
	if data, ok := f.v.([]byte); ok {
		return whole(data)
	}
	return Body{Lost: "mitmproxy did not keep this body"}
}

// address is a list of host and port.
func (f flow) address() string {
	if list := f.list(); len(list) >= 2 {
		return net.JoinHostPort(flow{list[0]}.text(), strconv.Itoa(int(flow{list[1]}.number())))
	}
	return ""
}

func (f flow) record() (r *Record, message string) {
	if _, ok := f.v.(map[string]any); !ok {
		return nil, "a flow should be a dictionary"
	}
	if _, ok := f.get("version").v.(int64); !ok {
		return nil, "the flow was written by mitmproxy 3 or older; open and save the file with a newer mitmproxy"
	}
	if kind := f.get("type").text(); kind != "http" {
		return nil, fmt.Sprintf("a flow of type %q is not HTTP and was left out", shortened(kind))
	}
	r = &Record{Note: f.get("comment").text(), Colour: colour(strings.TrimSuffix(strings.Trim(f.get("marked").text(), ":"), "_circle"))}
	q := f.get("request")
	r.Request = Request{
		Method: q.get("method").text(), Proto: protoName(q.get("http_version").text()),
		Header: q.get("headers").header(), Trailer: q.get("trailers").header(), Body: q.get("content").body(),
		Host: q.get("authority").text(),
	}
	if r.Request.Host == "" {
		r.Request.Host = r.Request.Header.Get("Host")
	}
	target := URLParts{Scheme: q.get("scheme").text(), Host: q.get("host").text(), Port: strconv.Itoa(int(q.get("port").number()))}
	if target.Host == "" || r.Request.Method == "" {
		return nil, "the flow's request has no host or no method"
	}
	if name := SplitURL("//" + r.Request.Host).Host; net.ParseIP(target.Host) != nil && name != "" {
		target.Host = name // transparent modes know only the address; the name is in authority or Host
	}
	r.Request.URL = target.Scheme + "://" + target.Authority() + q.get("path").text()
	started := q.get("timestamp_start").number()
	r.Started = unixTime(started)
	if p := f.get("response"); p.v != nil {
		r.Response = &Response{
			Status: int(p.get("status_code").number()), Reason: p.get("reason").text(), Proto: protoName(p.get("http_version").text()),
			Header: p.get("headers").header(), Trailer: p.get("trailers").header(), Body: p.get("content").body(),
		}
		r.Timing.Head = unixTime(p.get("timestamp_start").number()).Sub(r.Started)
		r.Timing.FirstByte = r.Timing.Head
		r.Timing.Done = unixTime(p.get("timestamp_end").number()).Sub(r.Started)
	}
	r.Timing.Sent = unixTime(q.get("timestamp_end").number()).Sub(r.Started)
	r.flowConnections(f)
	r.flowMessages(f.get("websocket"))
	if reason := f.get("error", "msg").text(); reason != "" {
		r.Fault = &Fault{StageResponse, reason}
		r.Timing.Done = unixTime(f.get("error", "timestamp").number()).Sub(r.Started)
		if r.Response != nil {
			r.State = StateClosed
		}
	}
	r.flowTimes()
	version, _ := json.Marshal(f.get("version").number())
	r.Origin = (&importOrigin{Format: "mitmproxy", Source: map[string]json.RawMessage{"version": version}}).bytes()
	r.settle()
	return r, ""
}

// flowTimes drops offsets that are nonsense because one of the times is missing.
func (r *Record) flowTimes() {
	t := &r.Timing
	for _, at := range []*int64{(*int64)(&t.Sent), (*int64)(&t.Head), (*int64)(&t.FirstByte), (*int64)(&t.Done)} {
		if r.Started.IsZero() || *at < 0 || *at > 1e17 {
			*at = 0
		}
	}
}

func (r *Record) flowConnections(f flow) {
	client, server := f.get("client_conn"), f.get("server_conn")
	r.Client.Addr = client.get("peername").address()
	if r.Client.Addr == "" {
		r.Client.Addr = client.get("address").address()
	}
	for _, name := range []string{"peername", "ip_address", "address"} {
		if r.Server.Addr == "" {
			r.Server.Addr = server.get(name).address()
		}
	}
	r.Server.TLSVersion = strings.Replace(server.get("tls_version").text(), "TLSv", "TLS ", 1)
	r.Server.Cipher = server.get("cipher").text()
	r.Server.ALPN = server.get("alpn").text()
	r.Server.SNI = server.get("sni").text()
}

func (r *Record) flowMessages(w flow) {
	if w.v == nil {
		return
	}
	r.Kind = KindWebSocket
	for i, m := range w.get("messages").list() {
		parts := flow{m}.list() // type, from the client, content, timestamp, dropped, injected
		if len(parts) < 4 {
			continue
		}
		f := Frame{Seq: i, Opcode: byte(flow{parts[0]}.number()), Side: FromServer, Data: []byte(flow{parts[2]}.text())}
		if fromClient, _ := parts[1].(bool); fromClient {
			f.Side = FromClient
		}
		if at := unixTime(flow{parts[3]}.number()); !at.IsZero() && !r.Started.IsZero() {
			f.At = max(0, at.Sub(r.Started))
		}
		f.Wire = len(f.Data)
		r.Frames = append(r.Frames, f)
	}
	r.flowClose(w)
}

// flowClose adds the close frame, unless its code says that none was seen (RFC 6455 section 7.4.1).
func (r *Record) flowClose(w flow) {
	code := uint16(w.get("close_code").number())
	if code < 1000 || code == 1005 || code == 1006 {
		return
	}
	f := Frame{Seq: len(r.Frames), Opcode: 8, Side: FromServer}
	if byClient, _ := w.get("closed_by_client").v.(bool); byClient {
		f.Side = FromClient
	}
	if at := unixTime(w.get("timestamp_end").number()); !at.IsZero() && !r.Started.IsZero() {
		f.At = max(0, at.Sub(r.Started))
	}
	f.Data = append(binary.BigEndian.AppendUint16(nil, code), w.get("close_reason").text()...)
	f.Wire = len(f.Data)
	r.Frames = append(r.Frames, f)
}
