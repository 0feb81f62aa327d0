package storage_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// vocabulary draws words as texts do: few often, many seldom.
type vocabulary struct {
	r *rand.Rand
	z *rand.Zipf
}

func newVocabulary(seed uint64) vocabulary {
	r := rand.New(rand.NewPCG(seed, 11))
	return vocabulary{r, rand.NewZipf(r, 1.2, 4, 20_000)}
}

func (v vocabulary) text(n int) string {
	var b strings.Builder
	for b.Len() < n {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word(v.z.Uint64()))
	}
	return b.String()
}

// word is the nth most frequent one.
func word(n uint64) string {
	var b []byte
	for k := n*2654435761%1000003 + 17; k > 0; k /= 26 {
		b = append(b, byte('a'+k%26))
	}
	return string(b)
}

// small yields n exchanges of a chat API with bodies of about 2 kB together, with their readings when asked for.
func small(n int) iter.Seq2[*traffic.Record, error] {
	v := newVocabulary(1)
	prompts := make([]string, 500)
	for i := range prompts {
		prompts[i] = v.text(700)
	}
	return func(yield func(*traffic.Record, error) bool) {
		for i := range n {
			req := fmt.Appendf(nil, `{"model":"gpt-4o","messages":[{"role":"user","content":"%d %s"}]}`, i, prompts[i%len(prompts)])
			res := fmt.Appendf(nil, `{"id":"chatcmpl-%d","choices":[{"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":12}}`, i, prompts[(i*7+3)%len(prompts)])
			status := 200
			if i%50 == 7 {
				status = 500
			}
			x := exchange(fmt.Sprintf("api%d.example.com", i%5), "/v1/chat/completions", status, req, res)
			x.Started = x.Started.Add(time.Duration(i) * time.Second)
			x.Timing.Done = time.Duration(i%5000) * time.Millisecond
			x.Request.Header = append(x.Request.Header, traffic.Field{Name: "Authorization", Value: "Bearer sk-" + strconv.Itoa(i%10)})
			if !yield(&traffic.Record{Exchange: *x}, nil) {
				return
			}
		}
	}
}

// smallReading is what such an exchange meant.
func smallReading(i int, said string) *llm.Conversation {
	in, out := int64(9), int64(12)
	return &llm.Conversation{
		Kind: llm.KindLLM, Provider: "openai", Family: "openai.chat", Model: []string{"gpt-4o", "gpt-4o-mini", "o3"}[i%3], MessageCount: 1,
		Messages: []llm.Message{{Role: "user", Parts: []llm.Part{{Kind: llm.PartText, Text: strconv.Itoa(i) + " " + said}}}},
		Answer:   said[:len(said)/2], Finish: "stop", Usage: llm.Usage{Input: &in, Output: &out}, Choices: 1, Complete: true,
	}
}

// BenchmarkImport adds exchanges of about 2 kB in bulk.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		p := open(b, temp(b), storage.Options{Keys: &keys{}})
		const n = 30_000
		records := make([]*traffic.Record, 0, n)
		for r := range small(n) {
			records = append(records, r)
		}
		start, cpu := time.Now(), cpuTime()
		got, err := p.Import(b.Context(), func(yield func(*traffic.Record, error) bool) {
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
		}, storage.ImportOptions{})
		took := time.Since(start)
		if err != nil || got != n {
			b.Fatal(got, err)
		}
		b.ReportMetric(n/took.Seconds(), "exchanges/s")
		b.ReportMetric((cpuTime()-cpu).Seconds()*1000/n, "cpu-s/1000")
	}
}

// BenchmarkRecord records exchanges of about 2 kB as a proxy does.
func BenchmarkRecord(b *testing.B) {
	p := open(b, temp(b), storage.Options{Keys: &keys{}})
	r := p.Recorder()
	var list []*traffic.Exchange
	for rec := range small(2000) {
		list = append(list, &rec.Exchange)
	}
	n := 0
	start, cpu := time.Now(), cpuTime()
	for b.Loop() {
		for _, x := range list {
			record(r, x, 1)
			n++
			if n%128 == 0 { // about 6,000 a second
				time.Sleep(20 * time.Millisecond)
			}
		}
	}
	flush(b, p)
	took := time.Since(start)
	s := r.Stats()
	if s.LostBytes > 0 {
		b.Fatalf("%+v", s)
	}
	b.ReportMetric(float64(n)/took.Seconds(), "exchanges/s")
	b.ReportMetric((cpuTime()-cpu).Seconds()*1000/float64(n), "cpu-s/1000")
	b.ReportMetric(float64(s.Spills), "spills")
	b.ReportMetric(float64(s.SlowestCommit.Milliseconds()), "slowest-commit-ms")
}

// BenchmarkLargeBodies records bodies of 10 MiB.
func BenchmarkLargeBodies(b *testing.B) {
	p := open(b, temp(b), storage.Options{})
	r := p.Recorder()
	body := random(1, 10<<20)
	x := exchange("big.example", "/", 200, nil, nil)
	n := 0
	var peak uint64
	start := time.Now()
	for b.Loop() {
		id := r.NextID()
		begin(r, id, x)
		for at := 0; at < len(body); at += 32 << 10 {
			r.Record(traffic.Event{ID: id, Kind: traffic.EventData, Side: traffic.FromServer, Data: bytes.Clone(body[at : at+32<<10])})
		}
		end := *x
		r.Record(traffic.Event{ID: id, Kind: traffic.EventEnd, Exchange: &end})
		for r.Stats().QueuedBytes > 16<<20 {
			time.Sleep(time.Millisecond)
		}
		n++
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse+m.StackInuse)
	}
	flush(b, p)
	b.ReportMetric(float64(n)*10*1.048576/time.Since(start).Seconds(), "MB/s")
	b.ReportMetric(float64(peak)/(1<<20), "MiB-heap")
	if s := r.Stats(); s.LostBytes > 0 {
		b.Fatalf("%+v", s)
	}
}

// agents yields conversations of agents that resend their whole history with each turn.
func agents(conversations, turns int, streamed bool) iter.Seq2[*traffic.Record, *llm.Conversation] {
	return func(yield func(*traffic.Record, *llm.Conversation) bool) {
		type state struct {
			messages []map[string]any
			c        llm.Conversation
		}
		v := newVocabulary(5)
		tools := make([]map[string]any, 12)
		var toolList []llm.Tool
		for i := range tools {
			name, about := fmt.Sprintf("tool_%d", i), v.text(200)
			tools[i] = map[string]any{"name": name, "description": about, "input_schema": map[string]any{"type": "object"}}
			toolList = append(toolList, llm.Tool{Name: name, Description: about, Schema: `{"type":"object"}`})
		}
		system := v.text(8000)
		part := func(s string) []llm.Part { return []llm.Part{{Kind: llm.PartText, Text: s}} }
		states := make([]state, conversations)
		for turn := range turns {
			for i := range states {
				s := &states[i]
				ask, answer := v.text(2900), v.text(1500)
				s.messages = append(s.messages, map[string]any{"role": "user", "content": []map[string]any{{"type": "text", "text": ask}}})
				s.c.Messages = append(s.c.Messages, llm.Message{Role: "user", Parts: part(ask)})
				req, _ := json.Marshal(map[string]any{"model": "claude-x", "max_tokens": 4096, "system": system, "tools": tools, "messages": s.messages})
				res := answerBody(answer, streamed)
				x := exchange("api.anthropic.example", "/v1/messages", 200, req, res)
				x.Request.Header = append(x.Request.Header, traffic.Field{Name: "x-request", Value: fmt.Sprint(turn, i)})
				x.Started = x.Started.Add(time.Duration(turn*conversations+i) * time.Second)
				c := s.c
				c.Kind, c.Family, c.Provider, c.Model, c.Answer, c.Streamed = llm.KindLLM, "anthropic.messages", "anthropic", "claude-x", answer, true
				c.System, c.Tools, c.MessageCount, c.Finish = []string{system}, toolList, len(c.Messages), "end_turn"
				c.Messages = c.Messages[:len(c.Messages):len(c.Messages)]
				s.messages = append(s.messages, map[string]any{"role": "assistant", "content": []map[string]any{{"type": "text", "text": answer}}})
				s.c.Messages = append(s.c.Messages, llm.Message{Role: "assistant", Parts: part(answer)})
				if !yield(&traffic.Record{Exchange: *x}, &c) {
					return
				}
			}
		}
	}
}

// answerBody writes an answer as one document, or as a stream of one event a word.
func answerBody(answer string, streamed bool) []byte {
	if !streamed {
		return fmt.Appendf(nil, `{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":%q}],"stop_reason":"end_turn"}`, answer)
	}
	var b bytes.Buffer
	for piece := range strings.SplitAfterSeq(answer, " ") {
		fmt.Fprintf(&b, "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%q}}\n\n", piece)
	}
	return b.Bytes()
}

// BenchmarkAgentHistory measures how small 30 conversations of 40 turns are: requests of 98 kB in the mean, index and
// readings included.
func BenchmarkAgentHistory(b *testing.B) {
	for _, c := range []struct {
		name            string
		streamed, index bool
	}{{"bodies", false, false}, {"indexed", false, true}, {"streamed-indexed", true, true}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				benchmarkAgents(b, c.streamed, c.index)
			}
		})
	}
}

func benchmarkAgents(b *testing.B, streamed, index bool) {
	b.Helper()
	path := temp(b)
	p := open(b, path, storage.Options{})
	var raw, requests, n int64
	var readings []*llm.Conversation
	_, err := p.Import(b.Context(), func(yield func(*traffic.Record, error) bool) {
		for r, c := range agents(30, 40, streamed) {
			n++
			requests += int64(len(r.Request.Body.Data))
			raw += int64(len(r.Request.Body.Data) + len(r.Response.Body.Data))
			readings = append(readings, c)
			if !yield(r, nil) {
				return
			}
		}
	}, storage.ImportOptions{})
	if err != nil {
		b.Fatal(err)
	}
	if index {
		saveReadings(b, p, readings)
	}
	settle(b, p)
	if err := p.Close(); err != nil {
		b.Fatal(err)
	}
	stat, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(requests)/float64(n)/1000, "kB-request")
	b.ReportMetric(float64(raw)/float64(stat.Size()), "ratio")
	b.ReportMetric(float64(raw)/float64(compacted(b, open(b, path, storage.Options{}))), "ratio-compacted")
}

func compacted(b testing.TB, p *storage.Project) int64 {
	b.Helper()
	if err := p.Compact(b.Context()); err != nil {
		b.Fatal(err)
	}
	stat, err := os.Stat(p.Path())
	if err != nil {
		b.Fatal(err)
	}
	return stat.Size()
}

func saveReadings(b testing.TB, p *storage.Project, list []*llm.Conversation) {
	b.Helper()
	batch := map[traffic.ID]*llm.Conversation{}
	for i, c := range list {
		batch[traffic.ID(i+1)] = c
		if len(batch) == 100 || i == len(list)-1 {
			if err := p.SaveReadings(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
			batch = map[traffic.ID]*llm.Conversation{}
		}
	}
}

// BenchmarkMillion measures lists, filters, counts and searches: ASSAY_BENCH_ROWS says over how many exchanges, 20,000
// if it does not. ASSAY_BENCH_KEEP names a file to keep them in between runs.
func BenchmarkMillion(b *testing.B) {
	rows := 20_000
	if n, err := strconv.Atoi(os.Getenv("ASSAY_BENCH_ROWS")); err == nil {
		rows = n
	}
	path := os.Getenv("ASSAY_BENCH_KEEP")
	if path == "" {
		path = filepath.Join(b.TempDir(), "million.assay")
	}
	p := open(b, path, storage.Options{})
	if info, err := p.Info(b.Context()); err != nil || info.Exchanges == 0 {
		fillMillion(b, p, rows)
	}
	for _, text := range []string{
		"", "host=api3.example.com", "status>=500", "model=o3", "duration>4s", "path:completions", "path:nowhere", "method=POST status:5xx host:api2", "-host:api1 size>1kB",
		word(0), word(60), word(15_000), "4711", "nowhere", word(0) + " status>=500", word(60) + " host=api3.example.com", "user:" + word(0), word(0) + " " + word(60),
		`"` + word(0) + " " + word(1) + `"`, word(60)[:2] + "*",
	} {
		q := query(b, text)
		for what, f := range map[string]func() error{
			"newest 100": func() error {
				_, err := p.List(b.Context(), storage.Filter{Where: q})
				return err
			},
			"middle 100": func() error {
				_, err := p.List(b.Context(), storage.Filter{Where: q, Before: traffic.ID(rows / 2)})
				return err
			},
			"count": func() error {
				_, err := p.Count(b.Context(), q)
				return err
			},
			"count within 80 ms": func() error {
				_, err := p.CountWithin(b.Context(), q, 80*time.Millisecond)
				return err
			},
		} {
			b.Run(what+" "+text, func(b *testing.B) {
				start := time.Now()
				if err := f(); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "ms-first")
				start = time.Now()
				n := 0
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
					n++
				}
				b.ReportMetric(float64(time.Since(start).Microseconds())/1000/float64(n), "ms")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
	b.Run("facets", func(b *testing.B) {
		for b.Loop() {
			if _, err := p.Facets(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func fillMillion(b *testing.B, p *storage.Project, rows int) {
	b.Helper()
	start := time.Now()
	if _, err := p.Import(b.Context(), small(rows), storage.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d exchanges made and imported in %v", rows, time.Since(start).Round(time.Second))
	v := newVocabulary(9)
	texts := make([]string, 2000)
	for i := range texts {
		texts[i] = v.text(600)
	}
	var list []*llm.Conversation
	for i := range rows {
		list = append(list, smallReading(i, texts[i*31%len(texts)]))
	}
	saveReadings(b, p, list)
	b.Logf("readings saved after %v", time.Since(start).Round(time.Second))
	for p.Settle(b.Context()) != nil {
		b.Fatal("not settled")
	}
	info, err := p.Info(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("packed and indexed after %v: %.2f GB", time.Since(start).Round(time.Second), float64(info.FileBytes)/1e9)
}
