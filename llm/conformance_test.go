package llm_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"assay/llm"
	"assay/traffic"
)

var update = flag.Bool("update", false, "write what Parse says into the testdata")

// specimen is one exchange of testdata/conformance: name.request, name.response, name.want.
type specimen struct {
	name  string
	in    llm.Input
	want  string
	blind bool // recognised without its host
}

// specimens reads every exchange of the suite. They were made up after the public documentation of each API.
func specimens(tb testing.TB) map[string][]specimen {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "conformance", "*.txtar"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no specimens: %v", err)
	}
	all := map[string][]specimen{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		var list []specimen
		_, needs, _ := strings.Cut(string(archive.Comment), "needs host:")
		alone := strings.Fields(needs)
		for _, f := range archive.Files {
			name, part, _ := strings.Cut(f.Name, ".")
			if part == "request" {
				list = append(list, specimen{name: name, blind: !slices.Contains(alone, name)})
			}
			s := &list[len(list)-1]
			switch part {
			case "request":
				s.in.Method, s.in.URL, s.in.RequestHeader, s.in.RequestBody = message(tb, f.Data)
				s.in.RequestBody = framed(s.in.RequestHeader, s.in.RequestBody)
				s.in.Ended = true
			case "response":
				status, _, header, body := message(tb, f.Data)
				s.in.Status, _ = strconv.Atoi(status)
				s.in.ResponseHeader, s.in.ResponseBody = header, framed(header, body)
			case "want":
				s.want = string(f.Data)
			}
		}
		all[file] = list
	}
	return all
}

// message splits a first line of one or two words, header lines and a body.
func message(tb testing.TB, data []byte) (first, second string, h traffic.Header, body []byte) {
	tb.Helper()
	head, body, _ := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(strings.TrimSuffix(string(head), "\n"), "\n")
	first, second, _ = strings.Cut(lines[0], " ")
	for _, line := range lines[1:] {
		name, val, found := strings.Cut(line, ": ")
		if !found {
			tb.Fatalf("%q is no header", line)
		}
		h = append(h, traffic.Field{Name: name, Value: val})
	}
	return first, second, h, body
}

// framed ends lines with \r\n where a header of the suite's own asks for it, and makes an AWS event stream of lines
// "event-name JSON".
func framed(h traffic.Header, body []byte) []byte {
	if h.Has("X-Specimen-CRLF") {
		return bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n"))
	}
	if h.Get("Content-Type") != "application/vnd.amazon.eventstream" {
		return body
	}
	var out []byte
	for line := range bytes.Lines(body) {
		name, payload, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
		header := []byte{11}
		header = append(header, ":event-type\x07"...)
		header = binary.BigEndian.AppendUint16(header, uint16(len(name)))
		header = append(header, name...)
		frame := binary.BigEndian.AppendUint32(nil, uint32(16+len(header)+len(payload)))
		frame = binary.BigEndian.AppendUint32(frame, uint32(len(header)))
		frame = binary.BigEndian.AppendUint32(frame, crc32.ChecksumIEEE(frame))
		frame = append(append(frame, header...), payload...)
		out = append(out, binary.BigEndian.AppendUint32(frame, crc32.ChecksumIEEE(frame))...)
	}
	return out
}

// eachSpecimen runs a check for every exchange of the suite.
func eachSpecimen(t *testing.T, check func(t *testing.T, s specimen)) {
	t.Helper()
	for file, list := range specimens(t) {
		for _, s := range list {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				check(t, s)
			})
		}
	}
}

// TestConformanceRead compares what Parse says with what a person wrote down (or accepted with -update).
func TestConformanceRead(t *testing.T) {
	if *update {
		rewrite(t)
	}
	eachSpecimen(t, func(t *testing.T, s specimen) {
		if diff := cmp.Diff(s.want, said(llm.Parse(s.in))); diff != "" {
			t.Errorf("want - got +:\n%s", diff)
		}
	})
}

// said is a Conversation as indented JSON without what is zero.
func said(conv llm.Conversation) string {
	b, err := json.MarshalIndent(nonzero(reflect.ValueOf(conv)), "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(b) + "\n"
}

func nonzero(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		return nonzero(v.Elem())
	case reflect.Slice:
		var out []any
		for i := range v.Len() {
			out = append(out, nonzero(v.Index(i)))
		}
		return out
	case reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				out[v.Type().Field(i).Name] = nonzero(v.Field(i))
			}
		}
		return out
	default:
		return v.Interface()
	}
}

func rewrite(t *testing.T) {
	t.Helper()
	for file, list := range specimens(t) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var files []txtar.File
		for _, f := range archive.Files {
			name, part, _ := strings.Cut(f.Name, ".")
			if part == "want" {
				continue
			}
			files = append(files, f)
			if i := slices.IndexFunc(list, func(s specimen) bool { return s.name == name }); part == "response" {
				files = append(files, txtar.File{Name: name + ".want", Data: []byte(said(llm.Parse(list[i].in)))})
			}
		}
		archive.Files = files
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestConformanceFamilies holds that every format has a specimen.
func TestConformanceFamilies(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, list := range specimens(t) {
		for _, s := range list {
			seen[llm.Parse(s.in).Family] = true
		}
	}
	for _, family := range llm.Families() {
		if !seen[family] {
			t.Errorf("testdata/conformance has no exchange of %s", family)
		}
	}
}

// TestConformanceBlind holds that a format is recognised at a host nobody knows.
func TestConformanceBlind(t *testing.T) {
	eachSpecimen(t, func(t *testing.T, s specimen) {
		if !s.blind {
			return
		}
		want := llm.Parse(s.in).Family
		s.in.URL = blind(s.in.URL)
		if got := llm.Parse(s.in).Family; got != want {
			t.Errorf("family %q without its host, %q with it", got, want)
		}
	})
}

// TestConformancePrefixes reads every prefix of every answer: never a panic, and what was said only grows.
func TestConformancePrefixes(t *testing.T) {
	eachSpecimen(t, func(t *testing.T, s specimen) {
		body := s.in.ResponseBody
		whole := llm.Parse(s.in)
		live := llm.NewReader(s.in)
		var last, partial string
		for n := range len(body) + 1 {
			if n > 0 {
				live.Write(body[n-1 : n : n])
			}
			now := live.Conversation()
			cut := s.in
			cut.ResponseBody = body[:n:n]
			conv := llm.Parse(cut)
			if whole.Streamed && conv.Family == whole.Family {
				last = grow(t, n, last, now.Answer)
				partial = grow(t, n, partial, conv.Answer)
			}
		}
		live.Close()
		if diff := cmp.Diff(said(whole), said(live.Conversation())); diff != "" {
			t.Errorf("read at once - byte by byte +:\n%s", diff)
		}
	})
}

func grow(t *testing.T, n int, before, after string) string {
	t.Helper()
	if !strings.HasPrefix(after, before) {
		t.Errorf("after %d bytes the answer changed from %q to %q", n, before, after)
	}
	return after
}

// TestConformancePieces cuts answers at random places: what is read must not depend on them.
func TestConformancePieces(t *testing.T) {
	eachSpecimen(t, func(t *testing.T, s specimen) {
		want := said(llm.Parse(s.in))
		random := rand.New(rand.NewPCG(1, 2))
		for range 20 {
			r := llm.NewReader(s.in)
			for rest := s.in.ResponseBody; len(rest) > 0; {
				n := 1 + random.IntN(len(rest))
				r.Write(rest[:n:n])
				rest = rest[n:]
			}
			r.Close()
			if diff := cmp.Diff(want, said(r.Conversation())); diff != "" {
				t.Fatalf("at once - in pieces +:\n%s", diff)
			}
		}
	})
}

// TestConformanceSetPrompt sets every text of every request: only that place changes, and setting it back gives the
// request again.
func TestConformanceSetPrompt(t *testing.T) {
	eachSpecimen(t, func(t *testing.T, s specimen) {
		const text = "Ignore \"this\" \\ and \n ünï 😀"
		for _, place := range llm.Slots(s.in) {
			set, err := llm.SetPrompt(s.in, place.Ref, text)
			if err != nil {
				t.Errorf("%s: %v", place.Ref, err)
				continue
			}
			was := map[llm.Ref]string{place.Ref: text}
			for _, other := range llm.Slots(s.in) {
				if other.Ref != place.Ref {
					was[other.Ref] = other.Text
				}
			}
			for _, now := range llm.Slots(set) {
				if now.Text != was[now.Ref] {
					t.Errorf("setting %s made %s %q, want %q", place.Ref, now.Ref, now.Text, was[now.Ref])
				}
			}
			back, err := llm.SetPrompt(set, place.Ref, place.Text)
			if err != nil {
				t.Errorf("%s: set back: %v", place.Ref, err)
				continue
			}
			if diff := cmp.Diff(said(llm.Parse(s.in)), said(llm.Parse(back))); diff != "" {
				t.Errorf("%s: before - set and set back +:\n%s", place.Ref, diff)
			}
		}
	})
}
