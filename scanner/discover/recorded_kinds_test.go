package discover_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"assay/llm"
	"assay/scanner/discover"
	"assay/traffic"
)

// recordedKind is what is known of a recording.
type recordedKind struct{ class, family string }

// recordedLines calls f with each line of a file of recordings; the test is skipped where it is missing.
func recordedLines(tb testing.TB, name string, f func(line []byte)) {
	tb.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "wire", name))
	if err != nil {
		tb.Skipf("NOT MEASURED: the recordings are not on this machine (%v)", err)
	}
	defer file.Close()
	z, err := zstd.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer z.Close()
	s := bufio.NewScanner(z)
	s.Buffer(nil, 256<<20)
	for s.Scan() {
		f(s.Bytes())
	}
	if err := s.Err(); err != nil {
		tb.Fatal(err)
	}
}

// recordedKinds reads all recordings, and what is known of them by their place.
func recordedKinds(tb testing.TB) (rows []discover.Seen, wants map[int]recordedKind) {
	tb.Helper()
	known := map[string]recordedKind{}
	recordedLines(tb, "expected.dev.jsonl.zst", func(line []byte) {
		var e struct{ Sha, Class, Family string }
		if err := json.Unmarshal(line, &e); err != nil {
			tb.Fatal(err)
		}
		if e.Class != "ambiguous" {
			known[e.Sha] = recordedKind{e.Class, e.Family}
		}
	})
	wants = map[int]recordedKind{}
	recordedLines(tb, "dev.jsonl.zst", func(line []byte) {
		var r struct {
			Sha       string
			Method    string
			URL       string
			Asked     map[string]any `json:"request_headers"`
			Request   *string        `json:"request_body"`
			Request64 []byte         `json:"request_body_b64"`
			Status    int
			Said      map[string]any `json:"response_headers"`
			Answer    *string        `json:"response_body"`
			Answer64  []byte         `json:"response_body_b64"`
		}
		if err := json.Unmarshal(line, &r); err != nil {
			tb.Fatal(err)
		}
		if k, ok := known[r.Sha]; ok {
			wants[len(rows)] = k
		}
		x := &traffic.Exchange{
			ID: traffic.ID(len(rows) + 1), Kind: traffic.KindHTTP, State: traffic.StateComplete, Source: traffic.SourceImport,
			Started:  time.Unix(int64(len(rows)), 0),
			Request:  traffic.Request{Method: r.Method, URL: r.URL, Header: recordedHeader(r.Asked)},
			Response: &traffic.Response{Status: r.Status, Header: recordedHeader(r.Said)},
		}
		s := discover.Seen{Exchange: x, Request: recordedBody(r.Request, r.Request64), Response: recordedBody(r.Answer, r.Answer64)}
		conv := llm.Parse(llm.Input{
			Method: r.Method, URL: r.URL, RequestHeader: x.Request.Header, RequestBody: s.Request, Status: r.Status,
			ResponseHeader: x.Response.Header, ResponseBody: s.Response, Ended: true,
		})
		s.Conversation = &conv
		rows = append(rows, s)
	})
	return rows, wants
}

func recordedBody(text *string, raw []byte) []byte {
	if raw == nil && text != nil {
		return []byte(*text)
	}
	return raw
}

func recordedHeader(m map[string]any) (h traffic.Header) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		switch v := m[name].(type) {
		case string:
			h = append(h, traffic.Field{Name: name, Value: v})
		case []any:
			for _, each := range v {
				h = append(h, traffic.Field{Name: name, Value: fmt.Sprint(each)})
			}
		}
	}
	return h
}
