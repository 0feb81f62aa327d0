package judge_test

import (
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner/judge"
)

// TestHostileTime gives every signal large texts that are full of one thing: each must be judged in bounded time.
func TestHostileTime(t *testing.T) {
	t.Parallel()
	const size = 32 << 10
	texts := map[string]string{
		"brackets": strings.Repeat("![](", size/4), "open": strings.Repeat("[", size), "html": strings.Repeat("<img ", size/5), "base64": strings.Repeat("QUJD", size/4),
		"hex": strings.Repeat("41 ", size/3), "codes": strings.Repeat("65, ", size/4), "escapes": strings.Repeat("%41", size/3), "words": strings.Repeat("I can't say that. ", size/18),
		"value": strings.Repeat("ASSAY-7F3K9Q2X ", size/15), "lines": strings.Repeat("a\n", size/2), "quotes": strings.Repeat("\"", size), "json": strings.Repeat(`[`, size),
		"zero": strings.Repeat("\x00", size), "han": strings.Repeat("我不能", size/9), "lists": strings.Repeat("- a\n", size/4), "prompt": strings.Repeat(prompt, size/len(prompt)),
		"slashes": strings.Repeat("//", size/2), "pip": strings.Repeat("pip install ", size/12), "mail": strings.Repeat("a@b.de ", size/7), "long word": strings.Repeat("a", size),
	}
	for name, text := range texts {
		c := &llm.Conversation{Family: "openai.chat", Complete: true, Answer: text, Reasoning: text, ToolCalls: []llm.ToolCall{{Name: "x", Arguments: text}}}
		in := judge.Input{
			Sent: []string{text, canary}, Said: c, Status: 200, Body: []byte(text), Latency: 1, Canaries: []string{canary}, System: []string{text, prompt},
			Baseline: &judge.Baseline{Prompt: text, Said: &llm.Conversation{Answer: text}, Status: 200}, Others: []judge.Tenant{{Name: "b", Values: []string{"value"}}},
		}
		for _, n := range allSignals(canary) {
			begin := time.Now()
			judge.Judge(in, judge.Detect{Find: n})
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("%s, %s: %v", n.Signal, name, took)
			} else if took > time.Second {
				t.Logf("%s, %s: %v", n.Signal, name, took)
			}
		}
	}
}
