package llm_test

import (
	"fmt"
	"strings"
	"testing"

	"assay/llm"
	"assay/test/corpus"
	"assay/traffic"
)

// BenchmarkParse reads the recorded exchanges, or made-up ones where there are none, and says how many megabytes of
// bodies that is in a second on one core.
func BenchmarkParse(b *testing.B) {
	inputs := benchInputs(b)
	size := 0
	for _, in := range inputs {
		size += len(in.RequestBody) + len(in.ResponseBody)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, in := range inputs {
			llm.Parse(in)
		}
	}
}

func benchInputs(b *testing.B) []llm.Input {
	if !corpus.Here(b, "wire", "dev.jsonl.zst") {
		return []llm.Input{madeUpChat(40), madeUpStream(300)}
	}
	var inputs []llm.Input
	for _, row := range corpus.Read[recording](b, "wire", "dev.jsonl.zst") {
		inputs = append(inputs, row.input())
	}
	return inputs
}

// madeUpChat is a conversation with a history of the given number of turns.
func madeUpChat(turns int) llm.Input {
	var b strings.Builder
	b.WriteString(`{"model":"m","messages":[{"role":"system","content":"Answer briefly."}`)
	for i := range turns {
		fmt.Fprintf(&b, `,{"role":"user","content":"Question %d: %s"},{"role":"assistant","content":"%s"}`,
			i, strings.Repeat("what is the case? ", 20), strings.Repeat("This is the case.\\n", 20))
	}
	b.WriteString(`]}`)
	return llm.Input{
		Method: "POST", URL: "https://api.openai.com/v1/chat/completions", RequestBody: []byte(b.String()),
		Status: 200, Ended: true, ResponseHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}},
		ResponseBody: []byte(`{"model":"m","choices":[{"message":{"role":"assistant","content":"Yes."},"finish_reason":"stop"}]}`),
	}
}

func madeUpStream(events int) llm.Input {
	in := madeUpChat(2)
	in.ResponseHeader = traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}}
	var b strings.Builder
	for i := range events {
		fmt.Fprintf(&b, "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word %d \"}}]}\n\n", i)
	}
	b.WriteString("data: [DONE]\n\n")
	in.ResponseBody = []byte(b.String())
	return in
}
