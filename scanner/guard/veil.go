package guard

import (
	"bytes"
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/detect"
)

// veils are the placeholders of one exchange: the same secret has the same one wherever it stands.
type veils struct {
	mu    sync.Mutex
	of    map[string]string
	count map[string]int
}

// name gives the placeholder of a secret: its kind and a number, in brackets. It says nothing of what it stands for.
func (v *veils) name(kind, plain string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.of == nil {
		v.of, v.count = map[string]string{}, map[string]int{}
	}
	key := kind + "\x00" + plain
	if name, known := v.of[key]; known {
		return name
	}
	kind = strings.ToUpper(strings.ReplaceAll(kind, "-", "_"))
	v.count[kind]++
	name := "[" + kind + "_" + strconv.Itoa(v.count[kind]) + "]"
	v.of[key] = name
	return name
}

// found is a sign and where in the body it stands.
type found struct {
	sign  scanner.Sign
	plain string // what was found
	start int    // in the body
	end   int
	form  form
}

// scanTypes finds sensitive data in a body. Signs stand at "body", by the bytes of the body as it is without its content
// coding.
func scanTypes(d *detect.Detector, o detect.Options, body []byte, contentType string, side scanner.Side) (all []found, read bool) {
	read = eachText(body, contentType, func(t *text) {
		o.Key = t.key
		for _, s := range d.Scan(t.plain, o) {
			f := found{plain: t.plain[s.Start:s.End], start: t.at(s.Start), end: t.at(s.End), form: t.form}
			f.sign = scanner.Sign{
				Kind: kindOf(s.Class), Name: s.Kind, Side: side, Where: "body", Start: f.start, End: f.end, Score: s.Confidence,
				Why: "It has the form of " + s.Kind + ".",
			}
			all = append(all, f)
		}
	})
	return all, read
}

// change is a piece of a body that gives way to another.
type change struct {
	start, end int
	with       string
}

// written puts a placeholder into the form of the text it stands in.
func (f *found) written(name string) string {
	switch f.form {
	case formNumber:
		return `"` + name + `"`
	case formField:
		return url.QueryEscape(name)
	default:
		return name
	}
}

// changesOf are the changes that take out what was found. Of what overlaps, the piece that begins first goes with all of
// the others.
func changesOf(v *veils, all []found) []change {
	slices.SortStableFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var out []change
	for i := range all {
		f := &all[i]
		if last := len(out) - 1; last >= 0 && f.start < out[last].end {
			out[last].end = max(out[last].end, f.end)
			continue
		}
		out = append(out, change{f.start, f.end, f.written(v.name(f.sign.Name, f.plain))})
	}
	return out
}

// apply makes the changes, which follow each other, and keeps every other byte.
func apply(body []byte, changes []change) []byte {
	out := make([]byte, 0, len(body)+16*len(changes))
	at := 0
	for _, c := range changes {
		out = append(append(out, body[at:c.start]...), c.with...)
		at = c.end
	}
	return append(out, body[at:]...)
}

// placed finds where in a body a sign of another kind stands: its text, taken from the conversation, has to stand there
// letter for letter. It reports false where that is not so.
func placed(s *scanner.Sign, conv *llm.Conversation, body []byte, contentType string) ([]found, bool) {
	if s.End <= s.Start {
		return nil, false
	}
	pieces := map[string]bool{}
	for _, whole := range textsAt(conv, s) {
		if s.End <= len(whole) {
			pieces[whole[s.Start:s.End]] = true
		}
	}
	if len(pieces) != 1 { // several parts of a message are long enough: which one is meant is not known
		return nil, false
	}
	var all []found
	for piece := range pieces {
		eachText(body, contentType, func(t *text) {
			for at := 0; ; {
				i := bytes.Index([]byte(t.plain)[at:], []byte(piece))
				if i < 0 {
					return
				}
				from := at + i
				all = append(all, found{sign: *s, plain: piece, start: t.at(from), end: t.at(from + len(piece)), form: t.form})
				at = from + len(piece)
			}
		})
	}
	for i := range all {
		all[i].sign.Name = string(s.Kind)
	}
	return all, len(all) > 0
}

// textsAt are the texts that the Where of a sign may mean.
func textsAt(conv *llm.Conversation, s *scanner.Sign) []string {
	switch {
	case s.Where == "answer":
		return []string{conv.Answer}
	case s.Where == "reasoning":
		return []string{conv.Reasoning}
	case len(s.Where) > 8 && s.Where[:8] == "message:":
		number, which, one := strings.Cut(s.Where[8:], ".") // message:N is its first text, message:N.J part J of it
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= len(conv.Messages) {
			return nil
		}
		parts := conv.Messages[n].Parts
		if j, err := strconv.Atoi(which); one && err == nil && j >= 0 && j < len(parts) {
			return []string{parts[j].Text}
		}
		for _, part := range parts {
			if part.Text != "" && part.Kind != llm.PartReasoning {
				return []string{part.Text}
			}
		}
		return nil
	case strings.HasPrefix(s.Where, "system:"):
		if n, err := strconv.Atoi(s.Where[7:]); err == nil && n >= 0 && n < len(conv.System) {
			return []string{conv.System[n]}
		}
		return nil
	case len(s.Where) > 5 && s.Where[:5] == "call:":
		var all []string
		for _, call := range conv.ToolCalls {
			if call.Name == s.Where[5:] {
				all = append(all, call.Arguments)
			}
		}
		return all
	case s.Where == "body" && s.Side == scanner.InRequest:
		return conv.Prompts
	}
	return nil
}
