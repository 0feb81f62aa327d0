package traffic

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// ReadJSONL yields one exchange a line, as docs/formats.md describes them. Members that are not of the format are
// kept in Origin under "source". After an error about one line the next one follows.
func ReadJSONL(r io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		lines := &lineReader{r: bufio.NewReaderSize(r, 256<<10)}
		for {
			line, err := lines.next()
			if errors.Is(err, io.EOF) {
				return
			}
			var record *Record
			switch {
			case errors.Is(err, errLineTooLong):
				err = lines.fail(fmt.Sprintf("the line is longer than %d MiB", MaxRecordBytes>>20))
			case err != nil:
				yield(nil, fmt.Errorf("read JSONL: %w", err))
				return
			case len(line) == 0:
				continue
			default:
				var message string
				if record, message = parseJSONL(line); message != "" {
					record, err = nil, lines.fail(message)
				}
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

var errLineTooLong = errors.New("line too long")

type lineReader struct {
	r      *bufio.Reader
	buf    []byte
	line   int64
	at     int64 // offset of the line's first byte
	offset int64
}

// next returns the next line without white space around it; it is valid until the next call.
func (l *lineReader) next() ([]byte, error) {
	l.buf = l.buf[:0]
	l.line++
	l.at = l.offset
	tooLong := false
	for {
		chunk, err := l.r.ReadSlice('\n')
		l.offset += int64(len(chunk))
		if tooLong = tooLong || len(l.buf)+len(chunk) > MaxRecordBytes; !tooLong {
			l.buf = append(l.buf, chunk...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(l.buf) == 0):
			return nil, err
		case tooLong:
			return nil, errLineTooLong
		}
		line := l.buf
		if l.line == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		return bytes.TrimSpace(line), nil
	}
}

func (l *lineReader) fail(message string) error {
	return &ImportError{Format: "JSONL", Line: l.line, Offset: l.at, Message: message}
}

func parseJSONL(line []byte) (record *Record, message string) {
	if !gjson.ValidBytes(line) {
		var raw json.RawMessage
		err := json.Unmarshal(line, &raw)
		if err != nil && strings.Contains(err.Error(), "unexpected end") {
			return nil, "the line ends inside a JSON value"
		}
		return nil, fmt.Sprintf("the line is not valid JSON: %v", err)
	}
	v := gjson.ParseBytes(line)
	if !v.IsObject() {
		return nil, "the line should be a JSON object with method and url"
	}
	j := jsonlReader{r: &Record{}, origin: importOrigin{Format: "jsonl", Source: map[string]json.RawMessage{}}}
	v.ForEach(func(k, v gjson.Result) bool {
		if v.Type != gjson.Null {
			j.member(k.Str, v)
		}
		return j.message == ""
	})
	if j.message == "" {
		j.finish()
	}
	if j.message != "" {
		return nil, j.message
	}
	return j.r, ""
}

type jsonlReader struct {
	r        *Record
	response Response
	answered bool
	origin   importOrigin
	text     [2]bool // by Side: the body was given as text
	message  string
}

func (j *jsonlReader) member(key string, v gjson.Result) {
	q, p := &j.r.Request, &j.response
	switch key {
	case "method":
		q.Method = strings.Clone(v.String())
	case "url":
		q.URL = strings.Clone(v.String())
	case "proto":
		q.Proto = protoName(v.Str)
	case "host_header":
		q.Host = strings.Clone(v.Str)
	case "status":
		p.Status = int(v.Int())
		j.answered = j.answered || p.Status > 0
		if p.Status < 0 || p.Status > 999 {
			j.message = "status should be a number of three digits"
		}
	case "reason":
		p.Reason = strings.Clone(v.String())
	case "request_headers":
		q.Header = j.header(key, v)
	case "response_headers":
		p.Header = j.header(key, v)
	case "request_body":
		q.Body, j.text[FromClient] = j.textBody(v), true
	case "request_body_b64":
		q.Body = j.binaryBody(key, v)
	case "response_body":
		p.Body, j.text[FromServer], j.answered = j.textBody(v), true, true
	case "response_body_b64":
		p.Body, j.answered = j.binaryBody(key, v), true
	case "request_lost":
		lose(&q.Body, v.String())
	case "response_lost":
		lose(&p.Body, v.String())
	case "frames":
		j.frames(v)
	case "note":
		j.r.Note = strings.Clone(v.String())
	case "colour":
		j.r.Colour = colour(v.Str)
	case "tags":
		for _, tag := range v.Array() {
			j.r.Tags = append(j.r.Tags, strings.Clone(tag.String()))
		}
	default:
		if !j.fact(key, v) {
			j.origin.Source[strings.Clone(key)] = json.RawMessage(strings.Clone(v.Raw))
		}
	}
}

// fact reads members that other programs use for other things; it reports whether the value made sense.
func (j *jsonlReader) fact(key string, v gjson.Result) bool {
	switch key {
	case "started":
		at, err := time.Parse(time.RFC3339Nano, v.Str)
		j.r.Started = at
		return err == nil
	case "state":
		if s := State(v.Str); s.Ended() {
			j.r.State = State(strings.Clone(v.Str))
			return true
		}
	case "duration_ms", "ttft_ms":
		d := time.Duration(v.Float() * float64(time.Millisecond))
		if v.Type != gjson.Number || d < 0 {
			return false
		}
		if key == "ttft_ms" {
			j.r.Timing.FirstByte = d
		} else {
			j.r.Timing.Done = d
		}
		return true
	case "fault":
		if v.Get("reason").Type == gjson.String {
			j.r.Fault = &Fault{Stage(strings.Clone(v.Get("stage").Str)), strings.Clone(v.Get("reason").Str)}
			return true
		}
	}
	return false
}

// header reads {"name":"value"}, {"name":["value",…]}, [["name","value"],…] and [{"name":…,"value":…},…].
func (j *jsonlReader) header(key string, v gjson.Result) Header {
	var h Header
	add := func(name, value gjson.Result) {
		h = append(h, Field{strings.Clone(name.String()), strings.Clone(value.String())})
	}
	switch {
	case v.IsObject():
		v.ForEach(func(name, value gjson.Result) bool {
			if value.IsArray() {
				for _, one := range value.Array() {
					add(name, one)
				}
			} else if value.Type != gjson.Null {
				add(name, value)
			}
			return true
		})
	case v.IsArray():
		for _, line := range v.Array() {
			if pair := line.Array(); line.IsArray() && len(pair) == 2 {
				add(pair[0], pair[1])
			} else if line.Get("name").Exists() {
				add(line.Get("name"), line.Get("value"))
			} else {
				j.message = key + " should be an object, or a list of pairs"
			}
		}
	default:
		j.message = key + " should be an object, or a list of pairs"
	}
	return h
}

// textBody takes a string, or JSON that was written as such.
func (j *jsonlReader) textBody(v gjson.Result) Body {
	if v.Type == gjson.String {
		return whole([]byte(v.Str))
	}
	return whole([]byte(v.Raw))
}

func (j *jsonlReader) binaryBody(key string, v gjson.Result) Body {
	data, err := decodeBase64(v.Str)
	if err != nil {
		j.message = fmt.Sprintf("%s is not base64: %v", key, err)
	}
	return whole(data)
}

func (j *jsonlReader) frames(v gjson.Result) {
	for i, m := range v.Array() {
		f := Frame{Seq: i, Opcode: byte(m.Get("opcode").Int()), At: time.Duration(m.Get("at_ms").Float() * float64(time.Millisecond))}
		switch m.Get("from").Str + m.Get("dir").Str {
		case "server", "s2c", "receive":
			f.Side = FromServer
		case "client", "c2s", "send":
		default:
			j.message = "a frame should say \"from\": \"client\" or \"server\""
			return
		}
		f.Data = j.textBody(m.Get("data")).Data
		if packed := m.Get("data_b64"); packed.Exists() {
			f.Data = j.binaryBody("data_b64 of a frame", packed).Data
		}
		if f.Opcode == 0 {
			f.Opcode = 1
			if !utf8.Valid(f.Data) {
				f.Opcode = 2
			}
		}
		f.Lost = strings.Clone(m.Get("lost").Str)
		f.Wire = len(f.Data)
		j.r.Frames = append(j.r.Frames, f)
	}
}

func (j *jsonlReader) finish() {
	r := j.r
	switch {
	case r.Request.URL == "":
		j.message = "the line has no url"
		return
	case r.Request.Method == "":
		j.message = "the line has no method"
		return
	}
	if j.answered {
		r.Response = &j.response
	}
	if j.text[FromClient] && r.Request.Header.Has("Content-Encoding") {
		j.origin.Decoded = append(j.origin.Decoded, FromClient.String())
	}
	if j.text[FromServer] && j.response.Header.Has("Content-Encoding") {
		j.origin.Decoded = append(j.origin.Decoded, FromServer.String())
	}
	r.settle()
	if len(j.origin.Source) > 0 || j.origin.Decoded != nil {
		r.Origin = j.origin.bytes()
	}
}
