package traffic

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Limits of what an importer takes into memory at once.
const (
	MaxRecordBytes   = 512 << 20 // one exchange of a streamed format (HAR, JSONL, Burp, mitmproxy)
	MaxDocumentBytes = 64 << 20  // a format that is read whole (Postman, curl)
)

// ImportError says what is wrong with a file that was to be imported, and where. Everything before that place was
// yielded. After an error about one entry a sequence goes on with the next one where the format allows; after an error
// in the format itself it ends.
type ImportError struct {
	Format  string // "HAR", "JSONL", "Burp", ...
	Entry   int    // number of the entry, from 1; 0 when the file as a whole is meant
	Offset  int64  // bytes before the place; -1 when not known
	Line    int64  // line of the place, from 1; 0 when not known
	Message string // what is wrong and what was expected
}

// Error returns one sentence.
func (e *ImportError) Error() string {
	var b strings.Builder
	b.WriteString(e.Format)
	var places []string
	if e.Entry > 0 {
		places = append(places, fmt.Sprintf("entry %d", e.Entry))
	}
	if e.Line > 0 {
		places = append(places, fmt.Sprintf("line %d", e.Line))
	}
	if e.Offset >= 0 {
		places = append(places, fmt.Sprintf("byte %d", e.Offset))
	}
	if len(places) > 0 {
		b.WriteString(" (" + strings.Join(places, ", ") + ")")
	}
	return b.String() + ": " + e.Message
}

// readDocument reads a whole file of a format that cannot be streamed.
func readDocument(r io.Reader, format string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxDocumentBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", format, err)
	}
	if len(data) > MaxDocumentBytes {
		return nil, &ImportError{Format: format, Offset: -1, Message: fmt.Sprintf("the file is larger than %d MiB, more than any such file holds", MaxDocumentBytes>>20)}
	}
	return data, nil
}

// settle fills what follows from the rest of an imported record: source, kind, state and host.
func (r *Record) settle() {
	r.Source = SourceImport
	if r.Kind == "" {
		r.Kind = KindHTTP
		if len(r.Frames) > 0 || strings.HasPrefix(r.Request.URL, "ws:") || strings.HasPrefix(r.Request.URL, "wss:") {
			r.Kind = KindWebSocket
		}
	}
	if r.State == "" {
		switch {
		case r.Response != nil:
			r.State = StateComplete
		case r.Fault != nil:
			r.State = StateFailed
		default:
			r.State = StateUnsent
		}
	}
	if r.Request.Host == "" {
		r.Request.Host = r.Request.Header.Get("Host")
	}
	if r.Request.Host == "" {
		r.Request.Host = SplitURL(r.Request.URL).Authority()
	}
}

// unixTime converts seconds since 1970 as many files write them; the zero time where there are none.
func unixTime(seconds float64) time.Time {
	if seconds <= 0 || seconds > 1e11 {
		return time.Time{}
	}
	return time.UnixMicro(int64(seconds * 1e6)).UTC()
}

// protoNames are the ways files write a protocol.
var protoNames = map[string]string{
	"h2": "HTTP/2.0", "http/2": "HTTP/2.0", "http/2.0": "HTTP/2.0", "h3": "HTTP/3.0", "http/3": "HTTP/3.0", "http/3.0": "HTTP/3.0",
	"http/1.1": "HTTP/1.1", "http/1.0": "HTTP/1.0", "h2c": "HTTP/2.0",
}

// protoName returns the protocol as net/http writes it, or "" for what is none ("unknown", "data").
func protoName(s string) string { return protoNames[strings.ToLower(strings.TrimSpace(s))] }
