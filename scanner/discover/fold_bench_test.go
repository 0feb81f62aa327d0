//go:build unix

package discover_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner/discover"
	"assay/scanner/paths/testdata/sampleapi"
)

// mix is traffic as a proxy sees it: APIs, a chat with a history, GraphQL, an MCP server.
func mix() (seen []discover.Seen) {
	a := newAsked()
	r := rand.New(rand.NewPCG(1, 1))
	const js = "application/json"
	var history strings.Builder
	for seed := range uint64(6) {
		for _, q := range sampleapi.New(rand.New(rand.NewPCG(seed, 1))) {
			seen = append(seen, answered(a, q))
			switch r.IntN(8) {
			case 0:
				fmt.Fprintf(&history, `{"role":"user","content":"Tell me about part %d of the garden, please."},`, r.IntN(1000))
				if history.Len() > 8000 {
					history.Reset()
				}
				seen = append(seen, a.call("POST https://api.openai.com/v1/chat/completions", js,
					`{"model":"gpt-4o-mini","messages":[`+history.String()+`{"role":"user","content":"hello"}]}`, 200,
					`{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"It is green."},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14}}`))
			case 1:
				seen = append(seen, a.call("POST https://api.example/graphql", js, fmt.Sprintf(`{"query":"query Q%d($id: ID!) { user(id: $id) { id name } }","variables":{"id":%d}}`, r.IntN(9), r.IntN(1000)), 200, `{"data":{"user":`+user+`}}`))
			case 2:
				seen = append(seen, a.call("POST https://mcp.example/mcp", js, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"q":"garden"}}}`, 200, `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"green"}]}}`))
			}
		}
	}
	return seen
}

// BenchmarkBook measures how many exchanges a second a Book folds, in batches as the reader makes them, and beside it how
// many are only told apart and taken to pieces before that.
func BenchmarkBook(b *testing.B) {
	b.Run("mix", func(b *testing.B) { foldAll(b, mix()) })
	b.Run("mix, only parsed", func(b *testing.B) { parseAll(b, mix()) })
	b.Run("wire", func(b *testing.B) {
		seen := recordings(b)
		foldAll(b, seen)
	})
	b.Run("wire, only parsed", func(b *testing.B) {
		seen := recordings(b)
		parseAll(b, seen)
	})
}

func parseAll(b *testing.B, seen []discover.Seen) {
	n, before := 0, cpu(b)
	for b.Loop() {
		for i := range seen {
			s := &seen[i]
			in := llm.Input{
				Method: s.Exchange.Request.Method, URL: s.Exchange.Request.URL, Ended: true, RequestHeader: s.Exchange.Request.Header, RequestBody: s.Request,
			}
			if r := s.Exchange.Response; r != nil {
				in.Status, in.ResponseHeader, in.ResponseBody = r.Status, r.Header, s.Response
			}
			llm.Parse(in)
		}
		n += len(seen)
	}
	rate(b, n, before)
}

func foldAll(b *testing.B, seen []discover.Seen) {
	n, before := 0, cpu(b)
	for b.Loop() {
		book := openEndpoints(b, nil, newCabinet())
		for from := 0; from < len(seen); from += 32 {
			foldSeen(b, book, seen[from:min(from+32, len(seen))]...)
		}
		n += len(seen)
	}
	rate(b, n, before)
}

// rate reports exchanges a second, and a second of a processor, which says more where others are at work.
func rate(b *testing.B, n int, before time.Duration) {
	b.Helper()
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "exchanges/s")
	b.ReportMetric(float64(n)/(cpu(b)-before).Seconds(), "exchanges/cpu-s")
}

// cpu is the processor time this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkLive measures one exchange at a time on a host with as many endpoints as a host may have.
func BenchmarkLive(b *testing.B) {
	a, keep := newAsked(), newCabinet()
	book := openEndpoints(b, nil, keep)
	var seen []discover.Seen
	for i := range 1900 {
		seen = append(seen, a.get(fmt.Sprintf("https://a.example/%c%c/%c%c%c", 'a'+i%20, 'q'-i%17, 'a'+i/20%26, 'z'-i/520%26, 'm'), fmt.Sprintf(`{"a%d":1,"b%d":2}`, i, i)))
	}
	foldSeen(b, book, seen...)
	i := 0
	for b.Loop() {
		i++
		foldSeen(b, book, a.get(fmt.Sprintf("https://a.example/users/%s", strings.Repeat(string(rune('a'+i%26)), 1+i/26%20)), user))
	}
}
