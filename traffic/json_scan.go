package traffic

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonScanner walks through a JSON document too large to hold, value by value, and knows where it is.
type jsonScanner struct {
	r      *bufio.Reader
	format string
	entry  int
	offset int64
	line   int64
	buf    []byte // the value read last
	at     int64  // offset of the value read last
	atLine int64
}

func newJSONScanner(r io.Reader, format string) *jsonScanner {
	s := &jsonScanner{r: bufio.NewReaderSize(r, 256<<10), format: format, line: 1}
	if bom, err := s.r.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = s.r.Discard(3)
		s.offset = 3
	}
	return s
}

func (s *jsonScanner) fail(format string, args ...any) error {
	return &ImportError{Format: s.format, Entry: s.entry, Offset: s.offset, Line: s.line, Message: fmt.Sprintf(format, args...)}
}

// failRead turns the error of the reader into a sentence about what was being read.
func (s *jsonScanner) failRead(err error, during string) error {
	if errors.Is(err, io.EOF) {
		return s.fail("the file ends inside %s", during)
	}
	return fmt.Errorf("read %s: %w", s.format, err)
}

// peek returns the next byte that is not white space.
func (s *jsonScanner) peek() (byte, error) {
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			return 0, err
		}
		switch c {
		case '\n':
			s.line++
		case ' ', '\t', '\r':
		default:
			return c, s.r.UnreadByte()
		}
		s.offset++
	}
}

// expect eats one of the given bytes and returns it.
func (s *jsonScanner) expect(allowed, what string) (byte, error) {
	c, err := s.peek()
	if err != nil {
		return 0, s.failRead(err, "a place where "+what+" should follow")
	}
	for i := range len(allowed) {
		if c == allowed[i] {
			_, _ = s.r.Discard(1)
			s.offset++
			return c, nil
		}
	}
	return 0, s.fail("found %q where %s should follow", c, what)
}

// value reads one value of at most limit bytes into s.buf. It finds the value's end only; what is inside is checked
// when it is parsed.
func (s *jsonScanner) value(limit int, what string) error {
	c, err := s.peek()
	if err != nil {
		return s.failRead(err, what)
	}
	s.buf = s.buf[:0]
	s.at, s.atLine = s.offset, s.line
	switch c {
	case '{', '[', '"':
		return s.compound(limit, what)
	}
	if c != '-' && (c < '0' || c > '9') && c != 't' && c != 'f' && c != 'n' {
		return s.fail("found %q where %s should follow", c, what)
	}
	for { // number, true, false, null
		c, err := s.r.ReadByte()
		if err != nil {
			return s.failRead(err, what)
		}
		switch c {
		case ',', '}', ']', ' ', '\n', '\r', '\t', ':':
			return s.r.UnreadByte()
		}
		s.offset++
		if s.buf = append(s.buf, c); len(s.buf) > 64 {
			return s.fail("found %q where %s should follow", s.buf[:32], what)
		}
	}
}

// compound reads an object, an array or a string, whole chunks of the reader's buffer at a time.
func (s *jsonScanner) compound(limit int, what string) error {
	depth, inString, escaped := 0, false, false
	for {
		if s.r.Buffered() == 0 {
			if _, err := s.r.Peek(1); err != nil {
				return s.failRead(err, what)
			}
		}
		chunk, _ := s.r.Peek(s.r.Buffered())
		for i, c := range chunk {
			if inString {
				switch {
				case escaped:
					escaped = false
				case c == '\\':
					escaped = true
				case c == '"':
					inString = false
				case c == '\n':
					s.line++
				}
			} else {
				switch c {
				case '"':
					inString = true
				case '{', '[':
					depth++
				case '}', ']':
					depth--
				case '\n':
					s.line++
				}
			}
			if depth == 0 && !inString && (c == '"' || c == '}' || c == ']') {
				return s.keep(chunk[:i+1], limit, what)
			}
		}
		if err := s.keep(chunk, limit, what); err != nil {
			return err
		}
	}
}

func (s *jsonScanner) keep(chunk []byte, limit int, what string) error {
	if len(s.buf)+len(chunk) > limit {
		return s.fail("%s is larger than %d MiB", what, limit>>20)
	}
	s.buf = append(s.buf, chunk...)
	s.offset += int64(len(chunk))
	_, _ = s.r.Discard(len(chunk))
	return nil
}

// invalid says what is wrong with the value read last, whose JSON did not parse.
func (s *jsonScanner) invalid() error {
	e := &ImportError{Format: s.format, Entry: s.entry, Offset: s.at, Line: s.atLine, Message: "this is not valid JSON"}
	var raw json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(s.buf, &raw); errors.As(err, &syntax) {
		e.Offset += syntax.Offset
		e.Message = "not valid JSON: " + syntax.Error()
		for _, c := range s.buf[:min(int(syntax.Offset), len(s.buf))] {
			if c == '\n' {
				e.Line++
			}
		}
	}
	return e
}

// skip reads over one value without keeping it.
func (s *jsonScanner) skip(what string) error { return s.value(MaxRecordBytes, what) }

// object walks through the members of an object; visit must read the value.
func (s *jsonScanner) object(what string, visit func(key string) error) error {
	if _, err := s.expect("{", "{ of "+what); err != nil {
		return err
	}
	for first := true; ; first = false {
		c, err := s.peek()
		if err != nil {
			return s.failRead(err, what)
		}
		if c == '}' && first {
			_, err = s.expect("}", "}")
			return err
		}
		if c != '"' {
			return s.fail("found %q where a name in quotes should follow in %s", c, what)
		}
		if err := s.value(1<<20, "a name in "+what); err != nil {
			return err
		}
		var key string
		if json.Unmarshal(s.buf, &key) != nil {
			return s.invalid()
		}
		if _, err := s.expect(":", "a colon"); err != nil {
			return err
		}
		if err := visit(key); err != nil {
			return err
		}
		if c, err = s.expect(",}", ", or } of "+what); err != nil || c == '}' {
			return err
		}
	}
}

// array walks through the elements of an array; visit must read the value.
func (s *jsonScanner) array(what string, visit func() error) error {
	if _, err := s.expect("[", "[ of "+what); err != nil {
		return err
	}
	if c, err := s.peek(); err != nil {
		return s.failRead(err, what)
	} else if c == ']' {
		_, err = s.expect("]", "]")
		return err
	}
	for {
		if err := visit(); err != nil {
			return err
		}
		if c, err := s.expect(",]", ", or ] of "+what); err != nil || c == ']' {
			return err
		}
	}
}
