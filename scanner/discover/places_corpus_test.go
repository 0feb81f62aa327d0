package discover_test

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

// placeRecordings reads recorded exchanges that lie beside the project, where they do.
func placeRecordings(tb testing.TB) (seen []discover.Seen, size int) {
	tb.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "wire", "dev.jsonl.zst"))
	if err != nil {
		tb.Skipf("NOT MEASURED: the recordings are not on this machine (%v)", err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 256<<20)
	for lines.Scan() {
		var row struct {
			Method    string            `json:"method"`
			URL       string            `json:"url"`
			Asked     map[string]string `json:"request_headers"`
			Request   string            `json:"request_body"`
			Request64 []byte            `json:"request_body_b64"`
			Status    int               `json:"status"`
			Said      map[string]string `json:"response_headers"`
			Answer    string            `json:"response_body"`
			Answer64  []byte            `json:"response_body_b64"`
		}
		_ = json.Unmarshal(lines.Bytes(), &row) // some headers are lists: the rest of the row is there
		request, answer := []byte(row.Request), []byte(row.Answer)
		if row.Request64 != nil {
			request = row.Request64
		}
		if row.Answer64 != nil {
			answer = row.Answer64
		}
		x := &traffic.Exchange{
			ID: traffic.ID(len(seen) + 1), Kind: traffic.KindHTTP, Started: time.Unix(int64(len(seen)), 0),
			Request:  traffic.Request{Method: row.Method, URL: row.URL, Header: placeHeader(row.Asked)},
			Response: &traffic.Response{Status: row.Status, Header: placeHeader(row.Said)},
		}
		c := llm.Parse(llm.Input{
			Method: row.Method, URL: row.URL, Status: row.Status, Ended: true, RequestHeader: x.Request.Header, RequestBody: request,
			ResponseHeader: x.Response.Header, ResponseBody: answer,
		})
		seen = append(seen, discover.Seen{Exchange: x, Conversation: &c, Request: request, Response: answer})
		size += len(request) + len(answer)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return seen, size
}

func placeHeader(m map[string]string) (h traffic.Header) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		h = append(h, traffic.Field{Name: name, Value: m[name]})
	}
	return h
}

// TestPlacesCorpus looks for sensitive data in recorded traffic. It was scrubbed, and most of what is found in it is made
// up; the figure to watch is how much of it there is.
func TestPlacesCorpus(t *testing.T) {
	seen, size := placeRecordings(t)
	book, err := discover.Open(nil, nil, discover.Options{})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	hits, kinds := 0, map[string]int{}
	ofPlace := map[scanner.PlaceID]*scanner.Place{}
	for chunk := range slices.Chunk(seen, 200) {
		fold, err := book.Fold(chunk)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range fold.Places {
			if ofPlace[p.ID] == nil && os.Getenv("ASSAY_SHOW") != "" {
				t.Logf("%s %s %s %q %s %s (%d)", p.Class, p.Type, p.Direction, p.Role, p.Path, p.Sample, p.First)
			}
			ofPlace[p.ID] = p
		}
		for _, h := range fold.Hits {
			if p := ofPlace[h.Place]; p.Class != "payload" {
				kinds[p.Type] += h.N
				hits += h.N
			}
		}
	}
	took := time.Since(began)
	t.Logf("%d exchanges, %.1f MB of bodies in %s: %.0f exchanges/s, %.1f MB/s", len(seen), float64(size)/1e6, took.Round(time.Millisecond),
		float64(len(seen))/took.Seconds(), float64(size)/1e6/took.Seconds())
	t.Logf("%d hits at %d places, %.2f a MB", hits, len(ofPlace), float64(hits)/(float64(size)/1e6))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%6d %s", kinds[kind], kind)
	}
}
