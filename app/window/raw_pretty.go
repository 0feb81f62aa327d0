package window

import (
	"bytes"
	"fmt"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// pretty lays content out for reading, and says as what: json, events, frames, text. It keeps what it does not
// understand as it is.
func pretty(contentType string, content []byte, frames []traffic.Frame, side traffic.Side) (out []byte, shape string) {
	if len(frames) > 0 {
		return prettyFrames(frames, side), "frames"
	}
	if out, ok := indentJSON(content); ok {
		return out, "json"
	}
	splitter := llm.SplitterFor(contentType, content[:min(len(content), sniffBytes)])
	switch splitter.Framing() {
	case llm.FramingSSE, llm.FramingLines, llm.FramingAWS:
		events := splitter.Write(content)
		events = append(events, splitter.Close()...)
		if len(events) > 0 {
			return prettyEvents(events), "events"
		}
	case llm.FramingArray, llm.FramingWhole:
	}
	return content, "text"
}

func prettyEvents(events []llm.Event) []byte {
	var b bytes.Buffer
	for _, ev := range events {
		if ev.Name != "" {
			b.WriteString("event: " + strings.ReplaceAll(ev.Name, "\n", " ") + "\n")
		}
		writeIndented(&b, ev.Data)
		b.WriteString("\n\n")
	}
	return b.Bytes()
}

func prettyFrames(frames []traffic.Frame, side traffic.Side) []byte {
	var b bytes.Buffer
	for i := range frames {
		f := &frames[i]
		if f.Side != side {
			continue
		}
		fmt.Fprintf(&b, "// %d  %s  %.1f ms\n", f.Seq, opcodeName(f.Opcode), milliseconds(f.At))
		if f.Opcode == opText || f.Opcode == opClose || !binary(f.Data) {
			writeIndented(&b, frameText(f))
		} else {
			fmt.Fprintf(&b, "// %d bytes", len(f.Data))
		}
		b.WriteString("\n\n")
	}
	return b.Bytes()
}

func writeIndented(b *bytes.Buffer, data []byte) {
	if out, ok := indentJSON(data); ok {
		data = out
	}
	b.Write(data)
}

// Nothing is indented deeper than deepest, and no text may grow to more than growth times its size: some bodies are
// made to be unfolded.
const (
	deepest = 60
	growth  = 6
)

// indentJSON lays JSON out over lines. Every byte outside of white space stays as it is, escapes above all, and it need
// not be whole: a body that breaks off is laid out as far as it goes. ok is false for what does not begin as an object
// or array, or is none after all.
func indentJSON(src []byte) (out []byte, ok bool) {
	src = bytes.TrimSpace(src)
	if len(src) == 0 || src[0] != '{' && src[0] != '[' {
		return nil, false
	}
	in := indenter{src: src, out: make([]byte, 0, len(src)+len(src)/2)}
	most := growth*len(src) + 1<<16
	for in.at < len(src) {
		if !in.token() || len(in.out) > most {
			return nil, false
		}
	}
	return in.out, true
}

// indenter writes tokens of JSON with line breaks between them.
type indenter struct {
	src   []byte
	at    int
	out   []byte
	open  []byte // the brackets that are open
	whole bool   // the value is closed
}

func (in *indenter) token() bool {
	switch c := in.src[in.at]; c {
	case ' ', '\t', '\r', '\n':
		in.at++
	case '{', '[':
		return in.begin(c)
	case '}', ']':
		return in.end(c)
	case ',':
		in.out = append(in.out, ',')
		in.line()
		in.at++
		return len(in.open) > 0
	case ':':
		in.out = append(in.out, ':', ' ')
		in.at++
		return len(in.open) > 0
	case '"':
		return in.text()
	default:
		return in.word()
	}
	return true
}

func (in *indenter) begin(c byte) bool {
	if in.whole || len(in.open) > 0 && !in.expects() {
		return false
	}
	in.open = append(in.open, c)
	in.out = append(in.out, c)
	in.at++
	rest := in.at
	for rest < len(in.src) && isSpace(in.src[rest]) {
		rest++
	}
	if rest < len(in.src) && (in.src[rest] == '}' || in.src[rest] == ']') { // empty: stays on its line
		in.at = rest
		return true
	}
	in.line()
	return true
}

func (in *indenter) end(c byte) bool {
	n := len(in.open)
	if n == 0 || in.open[n-1]+2 != c { // both pairs are two apart in ASCII
		return false
	}
	empty := in.out[len(in.out)-1] == in.open[n-1]
	in.open = in.open[:n-1]
	if !empty {
		in.line()
	}
	in.out = append(in.out, c)
	in.at++
	in.whole = n == 1
	return true
}

func (in *indenter) text() bool {
	if !in.expects() {
		return false
	}
	end := in.at + 1
	for end < len(in.src) && in.src[end] != '"' {
		if in.src[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end+1, len(in.src))
	in.out = append(in.out, in.src[in.at:end]...)
	in.at = end
	return true
}

// word copies a number, true, false or null; the last one may break off.
func (in *indenter) word() bool {
	end := in.at
	for end < len(in.src) && !isSpace(in.src[end]) && !bytes.ContainsRune([]byte(`{}[],:"`), rune(in.src[end])) {
		end++
	}
	word := string(in.src[in.at:end])
	if !in.expects() || strings.Trim(word, "+-.0123456789eE") != "" && !isLiteral(word, end == len(in.src)) {
		return false
	}
	in.out = append(in.out, word...)
	in.at = end
	return true
}

func isLiteral(word string, cut bool) bool {
	for _, literal := range []string{"true", "false", "null"} {
		if word == literal || cut && strings.HasPrefix(literal, word) {
			return true
		}
	}
	return false
}

// expects reports whether a value, or a key, may come next.
func (in *indenter) expects() bool {
	if len(in.open) == 0 {
		return false
	}
	switch last := bytes.TrimRight(in.out[max(0, len(in.out)-2*deepest-2):], " \n"); last[len(last)-1] {
	case '{', '[', ',', ':':
		return true
	}
	return false
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (in *indenter) line() {
	in.out = append(in.out, '\n')
	for range min(len(in.open), deepest) {
		in.out = append(in.out, ' ', ' ')
	}
}
