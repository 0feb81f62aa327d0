package llm_test

import (
	"strings"
	"testing"

	"assay/llm"
	"assay/test/corpus"
)

// TestCorpusAnswers reads answers that came without their requests: shape alone must do.
func TestCorpusAnswers(t *testing.T) {
	t.Parallel()
	families := map[string]string{
		"alibaba": "openai.chat", "anthropic": "anthropic.messages", "azure": "openai.", "cohere": "cohere.v2.chat",
		"deepseek": "openai.chat", "google": "gemini.", "google-vertex": "vertex.", "groq": "openai.chat",
		"moonshotai": "openai.chat", "open-responses": "openai.responses", "openai": "openai.",
		"openai-compatible": "openai.chat", "perplexity": "openai.chat", "xai": "openai.",
	}
	type answer struct {
		Source  string `json:"source"`
		Package string `json:"package"`
		Body    string `json:"response_body"`
	}
	s := scores{}
	for _, row := range corpus.Read[answer](t, "wire", "response_only.dev.jsonl.zst") {
		want, known := families[row.Package]
		if !known {
			continue
		}
		conv := llm.Parse(llm.Input{
			Method: "POST", URL: "https://gateway.internal/", Status: 200, Ended: true, ResponseBody: []byte(row.Body),
		})
		s.of("family").score(strings.HasPrefix(conv.Family, want), func() string {
			return row.Source + " want " + want + " got " + conv.Family
		})
	}
	s.log(t, "Answers without requests")
	if rate := s.of("family").rate(); rate < 0.93 {
		t.Errorf("family right for %.2f %% of answers, want at least 93 %%", 100*rate)
	}
}
