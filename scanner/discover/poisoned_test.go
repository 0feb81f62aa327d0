package discover_test

import (
	"testing"

	"assay/scanner/poison"
)

// Real descriptions: every tool of the recordings.
func TestPoisonedRecordings(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	bytes := 0
	for _, s := range recordings(t) {
		tools := s.Conversation.Tools
		if s.Conversation.RPC != nil {
			tools = append(tools, s.Conversation.RPC.ToolsListed...)
		}
		for _, tool := range tools {
			text := tool.Description + "\n\n" + tool.Schema
			if seen[text] {
				continue
			}
			seen[text] = true
			bytes += len(text)
			if found := poison.In(text); len(found) > 0 {
				t.Errorf("%s: %+v in %q", tool.Name, found, text)
			}
		}
	}
	t.Logf("%d definitions, %d bytes, none suspicious", len(seen), bytes)
}
