package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"assay/scanner/detect"
	"assay/scanner/injection"
	"assay/scanner/refusal"
)

// DetectIn is one line that `assay detect` reads: a contract (docs/cli.md).
type DetectIn struct {
	ID     json.RawMessage `json:"id"`
	Text   *string         `json:"text"`
	Role   string          `json:"role"`   // user, assistant, tool, system, document, description, call, value; empty when it is not known
	Prompt string          `json:"prompt"` // what an assistant's text answers; empty when it is not known
	System string          `json:"system"` // the system prompt behind an assistant's text; empty when it is not known
	Name   string          `json:"name"`   // of the tool of a call, of the parameter of a value
}

// DetectOut is what it writes for it. What is not looked for is absent.
type DetectOut struct {
	ID         json.RawMessage       `json:"id,omitempty"`
	Injection  float64               `json:"injection"` // 0 to 1: how much speaks for an attack on the model; from 0.5 it is taken for one
	Attack     bool                  `json:"attack"`
	Techniques []injection.Technique `json:"techniques"`
	Refusal    string                `json:"refusal,omitempty"` // none, partial, full; of what an assistant said
	Spans      []DetectSpan          `json:"spans"`
	Cut        int                   `json:"cut,omitempty"` // bytes that were not looked at for attacks
	Micros     int64                 `json:"us"`            // microseconds it took
}

// DetectSpan is one finding; Start and End count Unicode code points of the text.
type DetectSpan struct {
	Kind       string  `json:"kind"`
	Class      string  `json:"class,omitempty"` // personal, secret, injection, or a kind of sign: output, exfiltration, leak, hidden, gibberish, repetition, drift, poisoned, tool-call, attack; of a refusal empty
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Confidence float64 `json:"confidence"`
}

// DetectOptions say how Detect works.
type DetectOptions struct {
	Least   float64                     // only findings at least as sure; zero tells everything, weak forms too
	BadLine func(line int64, why error) // told of lines that cannot be read; nil ignores them
}

// DetectSummary says what came of a Detect.
type DetectSummary struct {
	Lines, Bad int64
}

// Detect reads JSON lines, looks for attacks on models, for sensitive data, for refusals and for the signs of the watch in
// the text of each and writes a line for each, in input order. A line that cannot be read is told and left out; the others go
// on. It holds one line in memory.
func Detect(ctx context.Context, in io.Reader, out io.Writer, o DetectOptions) (sum DetectSummary, err error) {
	detector, err := detect.New(nil)
	if err != nil {
		return sum, err
	}
	lines := bufio.NewReaderSize(in, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var line []byte
	for n := int64(1); ; n++ {
		line, err = readLine(lines, line[:0])
		if len(line) > 0 {
			if err := ctx.Err(); err != nil {
				return sum, err
			}
			sum.Lines++
			answer, bad := detectLine(detector, line, o)
			if bad != nil {
				sum.Bad++
				if o.BadLine != nil {
					o.BadLine(n, bad)
				}
			} else if err := enc.Encode(answer); err != nil {
				return sum, err
			}
		}
		if errors.Is(err, io.EOF) {
			return sum, nil
		}
		if err != nil {
			return sum, &Error{Code: CodeInput, Message: fmt.Sprintf("cannot read line %d", n), Err: err}
		}
	}
}

// keptLine is the largest buffer that is kept for the next line.
const keptLine = 1 << 20

// readLine reads a line of any length without its end into buf.
func readLine(r *bufio.Reader, buf []byte) ([]byte, error) {
	if cap(buf) > keptLine {
		buf = nil
	}
	for {
		part, err := r.ReadSlice('\n')
		buf = append(buf, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSpace(buf), err
		}
	}
}

func detectLine(detector *detect.Detector, line []byte, o DetectOptions) (DetectOut, error) {
	start := time.Now()
	var in DetectIn
	if err := json.Unmarshal(line, &in); err != nil {
		return DetectOut{}, err
	}
	if in.Text == nil {
		return DetectOut{}, errors.New(`there is no "text"`)
	}
	var attack injection.Result
	if in.Role != "call" && in.Role != "value" { // those are for machines
		role := injection.Role(in.Role)
		if role == "description" {
			role = injection.Tool
		}
		attack = injection.Scan(*in.Text, injection.Options{Role: role})
	}
	out := DetectOut{
		ID: in.ID, Injection: math.Round(attack.Score*1000) / 1000, Attack: attack.Attack,
		Techniques: append([]injection.Technique{}, attack.Techniques...), Cut: attack.Cut,
	}
	spans := detector.Scan(*in.Text, detect.Options{Least: o.Least})
	if in.Role == "assistant" {
		r := refusal.Find(*in.Text, in.Prompt)
		out.Refusal = string(r.Kind)
		if r.Confidence >= o.Least {
			for _, s := range r.Spans {
				spans = append(spans, detect.Span{Kind: "refusal", Start: s.Start, End: s.End, Confidence: r.Confidence})
			}
		}
	}
	for _, s := range attack.Spans {
		if s.Confidence >= o.Least {
			spans = append(spans, detect.Span{Kind: string(s.Technique), Class: "injection", Start: s.Start, End: s.End, Confidence: s.Confidence})
		}
	}
	for _, s := range signsOf(&in, &attack) {
		if s.Confidence >= o.Least {
			spans = append(spans, s)
		}
	}
	slices.SortStableFunc(spans, func(a, b detect.Span) int { return cmp.Compare(a.Start, b.Start) })
	out.Spans = spansOf(*in.Text, spans)
	out.Micros = time.Since(start).Microseconds()
	return out, nil
}

// spansOf counts code points up to where spans begin and end, in one walk over the text.
func spansOf(text string, spans []detect.Span) []DetectSpan {
	out := make([]DetectSpan, len(spans))
	at, points := 0, 0
	for i, s := range spans { // in the order of their beginnings
		points += utf8.RuneCountInString(text[at:s.Start])
		at = s.Start
		out[i] = DetectSpan{
			Kind: s.Kind, Class: string(s.Class), Start: points, End: points + utf8.RuneCountInString(text[s.Start:s.End]),
			Confidence: s.Confidence,
		}
	}
	return out
}
