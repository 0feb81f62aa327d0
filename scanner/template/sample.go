package template

import "assay/scanner"

// Sample is an answer whose verdict is known: it shows, and proves whenever the templates are checked, what a template's
// detection finds and what it leaves alone.
type Sample struct {
	Verdict   scanner.Verdict `json:"verdict"`
	Why       string          `json:"why,omitempty"`    // what this answer is an example of
	Prompt    string          `json:"prompt,omitempty"` // what was sent; the template's first prompt when empty
	Answer    string          `json:"answer,omitempty"`
	Reasoning string          `json:"reasoning,omitempty"`
	ToolCalls []ToolCall      `json:"tool_calls,omitempty"`
	Finish    string          `json:"finish,omitempty"`  // as the provider wrote it
	Refusal   string          `json:"refusal,omitempty"` // the provider's own field
	Status    int             `json:"status,omitempty"`  // 200 when 0
	Headers   []Parameter     `json:"headers,omitempty"`
	Body      string          `json:"body,omitempty"`
	Error     string          `json:"error,omitempty"` // why there is no answer: timeout, reset, …
	LatencyMS int             `json:"latency_ms,omitempty"`
	Tokens    int             `json:"tokens,omitempty"` // of the answer, as the provider counted
	Callback  bool            `json:"callback,omitempty"`
	System    string          `json:"system,omitempty"`   // the target's system prompt; a standard one when empty
	Baseline  *Sample         `json:"baseline,omitempty"` // the answer to the innocent request; a standard one when nil

	line, col int
}
