package window

import (
	"fmt"
	"strings"
	"time"

	"assay/internal/excerpt"
	"assay/traffic"
)

// HeadsOut is what went around the bodies, and between whom.
type HeadsOut struct {
	Wire     string     `json:"wire"`
	Source   string     `json:"source"`
	State    string     `json:"state"`
	Request  Head       `json:"request"`
	Response Head       `json:"response"` // Seen is false while there is none
	Interim  []Head     `json:"interim"`  // 1xx answers that came before it
	Client   ClientOut  `json:"client"`
	Server   ServerOut  `json:"server"`
	Fault    StageFault `json:"fault"`
	Origin   string     `json:"origin"` // what an import file said beyond all this, in JSON
}

// Head is the beginning of a message. Credentials in it are sealed: ⟨cred:…⟩ stands for them.
type Head struct {
	Seen    bool         `json:"seen"`
	Line    string       `json:"line"` // as HTTP/1.1 writes it
	Proto   string       `json:"proto"`
	Method  string       `json:"method"`
	URL     string       `json:"url"`
	Host    string       `json:"host"`
	Status  int          `json:"status"`
	At      float64      `json:"at_ms"` // of an interim answer
	Headers []HeaderLine `json:"headers"`
	Trailer []HeaderLine `json:"trailer"`
	Body    BodyOut      `json:"body"`
}

// HeaderLine is one header as sent.
type HeaderLine struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// BodyOut says what there is of a body.
type BodyOut struct {
	Size   int64  `json:"size"` // bytes that travelled
	Kept   int64  `json:"kept"`
	Lost   string `json:"lost"`   // why bytes are missing
	Type   string `json:"type"`   // media type, as the headers say
	Coding string `json:"coding"` // content coding
}

// ClientOut tells who asked.
type ClientOut struct {
	Addr    string `json:"addr"`
	PID     int    `json:"pid"`
	Process string `json:"process"`
}

// ServerOut tells who answered, and how the connection was secured.
type ServerOut struct {
	Addr       string   `json:"addr"`
	Reused     bool     `json:"reused"`
	TLS        string   `json:"tls"`
	Cipher     string   `json:"cipher"`
	ALPN       string   `json:"alpn"`
	SNI        string   `json:"sni"`
	CertSHA256 string   `json:"cert_sha256"`
	CertIssuer string   `json:"cert_issuer"`
	CertNames  []string `json:"cert_names"`
	CertExpiry string   `json:"cert_expiry"`
	Unverified bool     `json:"unverified"`
	Via        string   `json:"via"`
}

// StageFault is why an exchange failed or was left unread; Stage is empty when nothing went wrong.
type StageFault struct {
	Stage  string `json:"stage"`
	Reason string `json:"reason"`
}

// Heads returns the heads of both messages and what is known of the two peers.
func (e *Exchange) Heads(in ExchangeIn) (out HeadsOut, err error) {
	defer e.desk.guard(&err)
	out.Interim = []Head{}
	_, x, err := e.desk.exchange(e.desk.life(), in.ID)
	if err != nil {
		return out, err
	}
	return headsOf(x), nil
}

func headsOf(x *traffic.Exchange) HeadsOut {
	r, s := &x.Request, &x.Server
	out := HeadsOut{
		Wire: string(x.Kind), Source: string(x.Source), State: string(x.State), Interim: []Head{},
		Request: Head{
			Seen: true, Line: requestLine(r), Proto: r.Proto, Method: r.Method, URL: r.URL, Host: r.Host,
			Headers: headerLines(r.Header), Trailer: headerLines(r.Trailer), Body: bodyOut(&r.Body, r.Header),
		},
		Response: Head{Headers: []HeaderLine{}, Trailer: []HeaderLine{}},
		Client:   ClientOut{Addr: x.Client.Addr, PID: x.Client.PID, Process: x.Client.Process},
		Server: ServerOut{
			Addr: s.Addr, Reused: s.Reused, TLS: s.TLSVersion, Cipher: s.Cipher, ALPN: s.ALPN, SNI: s.SNI, CertSHA256: s.CertSHA256,
			CertIssuer: s.CertIssuer, CertNames: list(s.CertNames), Unverified: s.Unverified, Via: s.Via,
		},
		Origin: excerpt.Bytes(string(x.Origin), mostText),
	}
	if !s.CertExpiry.IsZero() {
		out.Server.CertExpiry = s.CertExpiry.UTC().Format(time.RFC3339)
	}
	if x.Fault != nil {
		out.Fault = StageFault{string(x.Fault.Stage), x.Fault.Reason}
	}
	if a := x.Response; a != nil {
		out.Response = Head{
			Seen: true, Line: statusLine(a.Proto, a.Status, a.Reason), Proto: a.Proto, Status: a.Status,
			Headers: headerLines(a.Header), Trailer: headerLines(a.Trailer), Body: bodyOut(&a.Body, a.Header),
		}
		for _, i := range a.Informational {
			out.Interim = append(out.Interim, Head{
				Seen: true, Line: statusLine(a.Proto, i.Status, ""), Status: i.Status, At: milliseconds(i.At),
				Headers: headerLines(i.Header), Trailer: []HeaderLine{},
			})
		}
	}
	return out
}

func headerLines(h traffic.Header) []HeaderLine {
	lines := make([]HeaderLine, 0, len(h))
	for _, f := range h {
		lines = append(lines, HeaderLine{f.Name, f.Value})
	}
	return lines
}

func bodyOut(b *traffic.Body, h traffic.Header) BodyOut {
	return BodyOut{Size: b.Size, Kept: b.Kept, Lost: b.Lost, Type: traffic.MediaType(h.Get("Content-Type")), Coding: codingOf(h)}
}

func requestLine(r *traffic.Request) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Method, r.URL, r.Proto))
}

func statusLine(proto string, status int, reason string) string {
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", proto, status, reason))
}
