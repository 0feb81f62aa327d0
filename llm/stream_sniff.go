package llm

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/tidwall/gjson"
)

// SplitterFor chooses the Splitter for an answer by its Content-Type and its first bytes (as many as there are; a few
// hundred do). Where they contradict each other the bytes win: event streams travel as application/json, and JSON
// errors as text/event-stream.
func SplitterFor(contentType string, head []byte) *Splitter {
	return NewSplitter(sniff(contentType, head))
}

func sniff(contentType string, head []byte) Framing {
	mime, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	mime = strings.TrimSpace(mime)
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n\x1e")
	switch {
	case awsHead(head):
		return FramingAWS
	case fieldHead(text):
		return FramingSSE
	case dataStreamHead(text):
		return FramingLines
	case len(text) > 0 && text[0] == '{':
		return sniffObject(mime, text)
	case len(text) > 0 && text[0] == '[':
		if inside := bytes.TrimLeft(text[1:], " \t\r\n"); len(inside) == 0 || inside[0] == '{' || inside[0] == ']' {
			return FramingArray
		}
		return FramingWhole
	case mime == "text/event-stream":
		return FramingSSE
	case lineMIME(mime):
		return FramingLines
	case mime == "application/vnd.amazon.eventstream":
		return FramingAWS
	}
	return FramingWhole
}

func lineMIME(mime string) bool {
	switch mime {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
		"application/jsonlines", "application/json-lines", "application/stream+json", "application/json-seq",
		"application/x-json-stream", "text/x-ndjson":
		return true
	}
	return false
}

// sniffObject tells documents in lines from a single one.
func sniffObject(mime string, text []byte) Framing {
	if lineMIME(mime) {
		return FramingLines
	}
	line, rest, found := bytes.Cut(text, []byte{'\n'})
	rest = bytes.TrimLeft(rest, " \t\r\n\x1e")
	if !found || len(rest) == 0 || !gjson.ValidBytes(line) {
		return FramingWhole
	}
	switch {
	case rest[0] == '{':
		return FramingLines
	case fieldHead(rest):
		return FramingSSE
	}
	return FramingWhole
}

// fieldHead reports whether b begins like an event stream: with a field or a comment that is no JSON and no markup.
func fieldHead(b []byte) bool {
	for _, field := range []string{"data:", "event:", "id:", "retry:", ": ", ":\n", ":\r"} {
		if bytes.HasPrefix(b, []byte(field)) {
			return true
		}
	}
	return false
}

// dataStreamHead reports whether b begins like the data stream of older Vercel AI SDKs: a code, a colon, JSON.
func dataStreamHead(b []byte) bool {
	if len(b) < 3 || b[1] != ':' {
		return false
	}
	code := b[0] >= '0' && b[0] <= '9' || b[0] >= 'a' && b[0] <= 'k'
	return code && (b[2] == '"' || b[2] == '{' || b[2] == '[')
}

// awsHead reports whether b begins with the prelude of an AWS event stream, whose checksum leaves no doubt.
func awsHead(b []byte) bool {
	return len(b) >= awsPrelude && crc32.ChecksumIEEE(b[:8]) == binary.BigEndian.Uint32(b[8:]) &&
		binary.BigEndian.Uint32(b) >= awsPrelude+awsChecksum
}
