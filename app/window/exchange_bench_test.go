package window_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"assay/app/window"
)

// BenchmarkChat opens an answer of 5 MB, whole and streamed.
func BenchmarkChat(b *testing.B) {
	text, _ := json.Marshal(strings.Repeat("All work and no play. ", 5<<20/22))
	whole := exchange("POST", "https://api.openai.com/v1/chat/completions", 200, `{"model":"gpt-4o","messages":[{"role":"user","content":"Tell me"}]}`,
		`{"object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":`+string(text)+`}}]}`)
	stream := streamed("")
	stream.Response.Body.Data = append(sse(strings.Fields(strings.Repeat("word ", 40_000))...), sseEnd...)
	v := newViewer(b)
	ids := v.add(whole, stream)
	v.rest()
	for i, name := range []string{"whole", "stream"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				v.chat(window.ChatIn{ID: ids[i]})
			}
		})
		b.Run(name+"/pretty", func(b *testing.B) {
			for b.Loop() {
				if w := v.get("/body/" + ids[i] + "/response?form=pretty&limit=262144"); w.Code != 200 {
					b.Fatal(w.Body)
				}
			}
		})
		b.Run(name+"/events", func(b *testing.B) {
			for b.Loop() {
				if _, err := v.exchange.Stream(window.StreamIn{ID: ids[i], Limit: 200}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkChatGrows asks for what is new of an answer that has a size already, from the moment it was recorded.
func BenchmarkChatGrows(b *testing.B) {
	for _, size := range []int{10_000, 500_000, 4_000_000} {
		b.Run(fmt.Sprintf("%d kB", size/1000), func(b *testing.B) {
			v := newViewer(b)
			a := v.begin(streamed(""))
			a.more(sse(strings.Fields(strings.Repeat("word ", size/130))...))
			have := v.chat(window.ChatIn{ID: a.id.String()}).Have
			var asked time.Duration
			for b.Loop() {
				a.more(sse("word "))
				start := time.Now()
				have = v.chat(window.ChatIn{ID: a.id.String(), Have: have}).Have
				asked += time.Since(start)
			}
			b.ReportMetric(float64(asked.Microseconds())/float64(b.N), "µs/ask")
			a.end()
		})
	}
}
