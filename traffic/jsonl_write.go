package traffic

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// JSONLOptions say what goes into JSON lines.
type JSONLOptions struct {
	Reveal Reveal // nil keeps sealed credentials sealed
}

// JSONLWriter writes exchanges as JSON lines, one a line, that ReadJSONL reads. Bodies are text without their content
// codings where they are text, and otherwise base64 of what travelled.
type JSONLWriter struct {
	w       io.Writer
	options JSONLOptions
}

// NewJSONLWriter returns a writer that writes to w with every Write.
func NewJSONLWriter(w io.Writer, options JSONLOptions) *JSONLWriter { return &JSONLWriter{w, options} }

// Close implements io.Closer; there is nothing to end, and w stays open.
func (*JSONLWriter) Close() error { return nil }

// Write adds one exchange.
func (j *JSONLWriter) Write(r *Record) error {
	line := jsonlOf(r, j.options.Reveal)
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return fmt.Errorf("write JSONL of exchange %d: %w", r.ID, err)
	}
	if gjson.GetBytes(r.Origin, "format").Str == "jsonl" {
		b.Truncate(b.Len() - len("}\n"))
		gjson.GetBytes(r.Origin, "source").ForEach(func(k, v gjson.Result) bool {
			if !jsonlNames[k.Str] {
				b.WriteString("," + k.Raw + ":" + v.Raw)
			}
			return true
		})
		b.WriteString("}\n")
	}
	_, err := j.w.Write(b.Bytes())
	return err
}

type jsonlLine struct {
	ID              ID          `json:"id,omitempty"`
	Started         string      `json:"started,omitempty"`
	State           State       `json:"state,omitempty"`
	Method          string      `json:"method"`
	URL             string      `json:"url"`
	Proto           string      `json:"proto,omitempty"`
	HostHeader      string      `json:"host_header,omitempty"`
	RequestHeaders  jsonHeader  `json:"request_headers"`
	RequestBody     *string     `json:"request_body,omitempty"`
	RequestBodyB64  string      `json:"request_body_b64,omitempty"`
	RequestLost     string      `json:"request_lost,omitempty"`
	Status          int         `json:"status,omitempty"`
	Reason          string      `json:"reason,omitempty"`
	ResponseHeaders jsonHeader  `json:"response_headers,omitempty"`
	ResponseBody    *string     `json:"response_body,omitempty"`
	ResponseBodyB64 string      `json:"response_body_b64,omitempty"`
	ResponseLost    string      `json:"response_lost,omitempty"`
	Frames          []jsonFrame `json:"frames,omitempty"`
	TTFT            float64     `json:"ttft_ms,omitempty"`
	Duration        float64     `json:"duration_ms,omitempty"`
	Fault           *jsonFault  `json:"fault,omitempty"`
	Note            string      `json:"note,omitempty"`
	Colour          string      `json:"colour,omitempty"`
	Tags            []string    `json:"tags,omitempty"`
}

type jsonFrame struct {
	From   string  `json:"from"`
	At     float64 `json:"at_ms"`
	Opcode byte    `json:"opcode"`
	Data   *string `json:"data,omitempty"`
	Binary []byte  `json:"data_b64,omitempty"`
	Lost   string  `json:"lost,omitempty"`
}

type jsonFault struct {
	Stage  Stage  `json:"stage"`
	Reason string `json:"reason"`
}

// jsonHeader marshals to an object in the order of the lines, with a list for names that repeat.
type jsonHeader Header

// MarshalJSON implements json.Marshaler.
func (h jsonHeader) MarshalJSON() ([]byte, error) {
	values := make(map[string][]string, len(h))
	for _, f := range h {
		values[f.Name] = append(values[f.Name], f.Value)
	}
	var b bytes.Buffer
	for _, f := range h {
		vs, ok := values[f.Name]
		if !ok {
			continue // written where the name came first
		}
		delete(values, f.Name)
		var value any = vs
		if len(vs) == 1 {
			value = vs[0]
		}
		name, _ := json.Marshal(f.Name)
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		b.WriteByte(',')
		b.Write(name)
		b.WriteByte(':')
		b.Write(data)
	}
	return append(append([]byte{'{'}, bytes.TrimPrefix(b.Bytes(), []byte{','})...), '}'), nil
}

// jsonlNames are the members that jsonlLine writes; what an import file says under these names is not written again.
var jsonlNames = func() map[string]bool {
	names := map[string]bool{}
	line := reflect.TypeFor[jsonlLine]()
	for i := range line.NumField() {
		name, _, _ := strings.Cut(line.Field(i).Tag.Get("json"), ",")
		names[name] = true
	}
	return names
}()

func jsonlOf(r *Record, reveal Reveal) jsonlLine {
	q := &r.Request
	l := jsonlLine{
		ID: r.ID, State: r.State, Method: q.Method, URL: reveal.Text(q.URL), Proto: q.Proto,
		RequestHeaders: jsonHeader(reveal.header(q.Header)), RequestLost: q.Body.Lost,
		TTFT: milliseconds(r.Timing.FirstByte), Duration: milliseconds(r.Timing.Done),
		Note: r.Note, Colour: r.Colour, Tags: r.Tags,
	}
	if q.Host != q.Header.Get("Host") && q.Host != SplitURL(q.URL).Authority() {
		l.HostHeader = q.Host
	}
	if !r.Started.IsZero() {
		l.Started = r.Started.UTC().Format(time.RFC3339Nano)
	}
	if r.Fault != nil {
		l.Fault = &jsonFault{r.Fault.Stage, r.Fault.Reason}
	}
	l.RequestBody, l.RequestBodyB64 = r.jsonBody(FromClient, q.Body, reveal)
	if p := r.Response; p != nil {
		l.Status, l.Reason, l.ResponseLost = p.Status, p.Reason, p.Body.Lost
		l.ResponseHeaders = jsonHeader(reveal.header(p.Header))
		l.ResponseBody, l.ResponseBodyB64 = r.jsonBody(FromServer, p.Body, reveal)
	}
	for _, f := range r.Frames {
		frame := jsonFrame{From: f.Side.String(), At: milliseconds(f.At), Opcode: f.Opcode, Lost: f.Lost}
		if utf8.Valid(f.Data) {
			text := reveal.Text(string(f.Data))
			frame.Data = &text
		} else {
			frame.Binary = f.Data
		}
		l.Frames = append(l.Frames, frame)
	}
	return l
}

// jsonBody returns the decoded text, or base64 of what travelled where that is not text or not whole.
func (r *Record) jsonBody(side Side, body Body, reveal Reveal) (text *string, packed string) {
	if body.Data == nil {
		return nil, ""
	}
	content, lost := r.Content(side, MaxRecordBytes)
	if (lost == "" || lost == body.Lost) && utf8.Valid(content) {
		s := reveal.Text(string(content))
		return &s, ""
	}
	return nil, base64.StdEncoding.EncodeToString(body.Data)
}
