package traffic

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// tnetReader reads tnetstrings (tnetstrings.org), the form of mitmproxy's files: LENGTH ":" PAYLOAD TYPE.
type tnetReader struct {
	r      *bufio.Reader
	entry  int
	offset int64
}

const maxTnetDepth = 32

func (t *tnetReader) fail(format string, args ...any) error {
	return &ImportError{Format: "mitmproxy", Entry: t.entry, Offset: t.offset, Message: fmt.Sprintf(format, args...)}
}

// next reads one element, or io.EOF where the file ends.
func (t *tnetReader) next() (any, error) {
	size := 0
	for digits := 0; ; digits++ {
		c, err := t.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && digits == 0:
			return nil, io.EOF
		case errors.Is(err, io.EOF):
			return nil, t.fail("the file ends inside a length")
		case err != nil:
			return nil, fmt.Errorf("read mitmproxy: %w", err)
		case c == ':' && digits > 0:
			t.offset++
			return t.payload(size)
		case c < '0' || c > '9':
			return nil, t.fail("found %q where the length of a flow should follow, so this is not a file of mitmproxy's flows", c)
		}
		t.offset++
		if size = size*10 + int(c-'0'); size > MaxRecordBytes {
			return nil, t.fail("the flow is larger than %d MiB", MaxRecordBytes>>20)
		}
	}
}

func (t *tnetReader) payload(size int) (any, error) {
	start := t.offset
	data, err := io.ReadAll(io.LimitReader(t.r, int64(size)+1))
	if err != nil {
		return nil, fmt.Errorf("read mitmproxy: %w", err)
	}
	t.offset += int64(len(data))
	if len(data) <= size {
		return nil, t.fail("the file ends inside a flow")
	}
	v, at, message := tnetValue(data[:size], data[size], 0)
	if message != "" {
		t.offset = start + int64(at)
		return nil, t.fail("%s", message)
	}
	return v, nil
}

// tnetValue reads a payload of a type. at is where in the payload the message applies.
func tnetValue(data []byte, kind byte, depth int) (v any, at int, message string) {
	if depth > maxTnetDepth {
		return nil, 0, "the flow is nested too deeply"
	}
	switch kind {
	case ',':
		return data, 0, ""
	case ';':
		return string(data), 0, ""
	case '~':
		return nil, 0, ""
	case '!':
		return string(data) == "true", 0, ""
	case '#':
		n, err := strconv.ParseInt(string(data), 10, 64)
		if err != nil {
			return nil, 0, "a number is not one"
		}
		return n, 0, ""
	case '^':
		f, err := strconv.ParseFloat(string(data), 64)
		if err != nil {
			return nil, 0, "a number is not one"
		}
		return f, 0, ""
	case ']':
		return tnetList(data, depth)
	case '}':
		list, at, message := tnetList(data, depth)
		if message != "" || len(list)%2 != 0 {
			return nil, at, message
		}
		m := make(map[string]any, len(list)/2)
		for i := 0; i < len(list); i += 2 {
			m[flow{list[i]}.text()] = list[i+1]
		}
		return m, 0, ""
	default:
		return nil, len(data), fmt.Sprintf("found %q where the type of a value should follow", kind)
	}
}

func tnetList(data []byte, depth int) (list []any, at int, message string) {
	for at < len(data) {
		size, i := 0, at
		for i < len(data) && data[i] >= '0' && data[i] <= '9' && size < len(data) {
			size = size*10 + int(data[i]-'0')
			i++
		}
		if i == at || i >= len(data) || data[i] != ':' || size >= len(data)-i-1 {
			return nil, at, "a length should follow here"
		}
		start := i + 1
		v, inner, message := tnetValue(data[start:start+size], data[start+size], depth+1)
		if message != "" {
			return nil, start + inner, message
		}
		list = append(list, v)
		at = start + size + 1
	}
	return list, 0, ""
}
