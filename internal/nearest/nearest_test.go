package nearest_test

import (
	"strings"
	"testing"

	"assay/internal/nearest"
)

func TestWord(t *testing.T) {
	t.Parallel()
	words := []string{"severity", "cooldown", "LLM01:2025", "when"}
	for wrong, want := range map[string]string{
		"severty": "severity", "cool": "cooldown", "llm01": "LLM01:2025", "wen": "when", "": "", "banana": "", strings.Repeat("w", 100): "",
	} {
		if got := nearest.Word(wrong, words); got != want {
			t.Errorf("%q: %q, want %q", wrong, got, want)
		}
	}
}
