package app

import (
	"encoding/json"
	"time"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// Document is one exchange whole, as `assay show --json` prints it: the line of `assay ls`, then heads, bodies,
// timings and the conversation.
type Document struct {
	*Line
	Request      DocumentMessage   `json:"request"`
	Response     *DocumentMessage  `json:"response,omitempty"`
	Timings      map[string]any    `json:"timings"`
	Connection   map[string]any    `json:"connection"`
	FrameList    []DocumentFrame   `json:"frame_list,omitempty"`
	Conversation *llm.Conversation `json:"conversation,omitempty"`
	Fault        *traffic.Fault    `json:"fault,omitempty"`
	Origin       json.RawMessage   `json:"origin,omitempty"`
}

// DocumentMessage is a request or an answer: header lines in the order in which they were sent, the body as text
// where it is text.
type DocumentMessage struct {
	Protocol string      `json:"protocol,omitempty"`
	Status   int         `json:"status,omitempty"`
	Headers  [][2]string `json:"headers"`
	Trailers [][2]string `json:"trailers,omitempty"`
	Body     string      `json:"body,omitempty"`
	Body64   string      `json:"body_b64,omitempty"`
	Size     int64       `json:"size"`
	Kept     int64       `json:"kept"`
	Lost     string      `json:"lost,omitempty"`
}

// DocumentFrame is one WebSocket message.
type DocumentFrame struct {
	Seq    int     `json:"seq"`
	At     float64 `json:"at_ms"`
	From   string  `json:"from"`
	Opcode int     `json:"opcode"`
	Text   string  `json:"text,omitempty"`
	Data   []byte  `json:"data_b64,omitempty"`
}

func (s *shown) json(a *App) error {
	row, err := rowOf(s.ctx, s.project, s.x.ID)
	if err != nil {
		return err
	}
	line := newLine(row)
	line.converse(s.conv)
	found, err := findingsOf(s.ctx, s.project, []storage.Row{*row})
	if err != nil {
		return err
	}
	found.add(line, s.x.ID)
	doc := Document{Line: line, Timings: timings(s.x.Timing), Connection: connection(s.x), Fault: s.x.Fault, Origin: s.x.Origin}
	if s.conv.Family != "" {
		doc.Conversation = s.conv
	}
	r := s.x.Request
	doc.Request = DocumentMessage{
		Protocol: r.Proto, Headers: pairs(r.Header), Trailers: pairs(r.Trailer),
		Size: r.Body.Size, Kept: r.Body.Kept, Lost: r.Body.Lost,
	}
	if doc.Request.Body, doc.Request.Body64, err = s.body64(traffic.FromClient); err != nil {
		return err
	}
	if r := s.x.Response; r != nil {
		doc.Response = &DocumentMessage{
			Protocol: r.Proto, Status: r.Status, Headers: pairs(r.Header), Trailers: pairs(r.Trailer),
			Size: r.Body.Size, Kept: r.Body.Kept, Lost: r.Body.Lost,
		}
		if doc.Response.Body, doc.Response.Body64, err = s.body64(traffic.FromServer); err != nil {
			return err
		}
	}
	if doc.FrameList, err = s.frameList(); err != nil {
		return err
	}
	enc := json.NewEncoder(s.w)
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

func (s *shown) frameList() ([]DocumentFrame, error) {
	if s.x.Kind != traffic.KindWebSocket {
		return nil, nil
	}
	frames, err := s.project.Frames(s.ctx, s.x.ID, 0, 0)
	if err != nil {
		return nil, err
	}
	list := make([]DocumentFrame, 0, len(frames))
	for _, f := range frames {
		d := DocumentFrame{Seq: f.Seq, At: ms(f.At), From: f.Side.String(), Opcode: int(f.Opcode)}
		if f.Opcode == 1 {
			d.Text = string(f.Data)
		} else {
			d.Data = f.Data
		}
		list = append(list, d)
	}
	return list, nil
}

func pairs(h traffic.Header) [][2]string {
	list := make([][2]string, 0, len(h))
	for _, f := range h {
		list = append(list, [2]string{f.Name, f.Value})
	}
	return list
}

// timings are the steps that were seen, in milliseconds since the exchange began.
func timings(t traffic.Timing) map[string]any {
	steps := map[string]any{}
	for name, at := range map[string]time.Duration{
		"dns_ms": t.DNS, "connect_ms": t.Connect, "tls_ms": t.TLS, "sent_ms": t.Sent,
		"head_ms": t.Head, "first_byte_ms": t.FirstByte, "done_ms": t.Done,
	} {
		if at > 0 {
			steps[name] = ms(at)
		}
	}
	return steps
}

// connection is what is known of the two peers.
func connection(x *traffic.Exchange) map[string]any {
	facts := map[string]any{}
	for name, value := range map[string]string{
		"client": x.Client.Addr, "client_process": x.Client.Process, "server": x.Server.Addr,
		"tls": x.Server.TLSVersion, "cipher": x.Server.Cipher, "alpn": x.Server.ALPN, "sni": x.Server.SNI,
		"certificate_sha256": x.Server.CertSHA256, "certificate_issuer": x.Server.CertIssuer, "via": x.Server.Via,
	} {
		if value != "" {
			facts[name] = value
		}
	}
	if x.Client.PID > 0 {
		facts["client_pid"] = x.Client.PID
	}
	if len(x.Server.CertNames) > 0 {
		facts["certificate_names"] = x.Server.CertNames
	}
	if !x.Server.CertExpiry.IsZero() {
		facts["certificate_expires"] = x.Server.CertExpiry.UTC().Format(time.RFC3339)
	}
	if x.Server.Reused {
		facts["reused"] = true
	}
	if x.Server.Unverified {
		facts["certificate_unverified"] = true
	}
	return facts
}
