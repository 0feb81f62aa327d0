package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// corpus is the folder with recorded exchanges of public projects, beside the repository of those who have it.
const corpus = "../../../shared/data/wire"

// expected are facts about one recorded exchange; a missing one is not certain.
type expected struct {
	Provider string `json:"provider"`
	Family   string `json:"family"`
	Class    string `json:"class"`
	Facts    struct {
		Model  *string     `json:"request_model"`
		Text   *string     `json:"output_text"`
		Calls  *[]toolCall `json:"tool_calls"`
		Finish any         `json:"finish_reason"` // some clients of Google write its number
		Input  *int        `json:"input_tokens"`
		Output *int        `json:"output_tokens"`
		User   *[]string   `json:"last_user_parts"`
		System *[]string   `json:"system_parts"`
	} `json:"facts"`
}

// TestImportCorpus imports thousands of recorded exchanges and compares every row of `assay ls` with what is known.
func TestImportCorpus(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("NOT TESTED: the recorded exchanges are not on this machine (%v)", err)
	}
	home := t.TempDir()
	file, project := filepath.Join(home, "dev.jsonl"), filepath.Join(home, "dev.assay")
	if err := os.WriteFile(file, unpack(t, "dev.jsonl.zst"), 0o600); err != nil {
		t.Fatal(err)
	}
	ids := lines[struct {
		ID string `json:"id"`
	}](t, run(t, home, "import", "jsonl", file, "--project", project, "--json"))
	facts := lines[expected](t, unpack(t, "expected.dev.jsonl.zst"))
	rows := map[string]row{}
	for _, one := range list(t, home, project) {
		rows[one.ID] = one
	}
	if len(ids) != len(facts) || len(rows) != len(facts) {
		t.Fatalf("%d ids and %d rows for %d exchanges", len(ids), len(rows), len(facts))
	}
	families, checks := tally{}, tally{}
	for i, want := range facts {
		if want.Class != "inference" {
			continue
		}
		one := rows[ids[i].ID]
		families.add(one.Family == want.Family)
		checkFacts(one, want, &checks)
	}
	t.Logf("families right: %s, facts right: %s", families, checks)
	if families.share() < 0.99 || checks.share() < 0.98 {
		t.Errorf("families right: %s (want 99 %%), facts right: %s (want 98 %%)", families, checks)
	}
}

func checkFacts(one row, want expected, checks *tally) {
	f := want.Facts
	text := func(got string, want *string) {
		if want != nil {
			checks.add(got == *want)
		}
	}
	number := func(got int, want *int) {
		if want != nil {
			checks.add(got == *want)
		}
	}
	joined := func(got string, want *[]string) {
		if want != nil {
			checks.add(squeeze(got) == squeeze(strings.Join(*want, "")))
		}
	}
	text(one.Model, f.Model)
	text(one.Answer, f.Text)
	if f.Finish != nil {
		checks.add(one.Finish == fmt.Sprint(f.Finish))
	}
	number(one.InputTokens, f.Input)
	number(one.OutputTokens, f.Output)
	joined(one.LastUser, f.User)
	joined(one.System, f.System)
	if f.Calls != nil {
		checks.add(len(one.Calls) == len(*f.Calls) && (len(one.Calls) == 0 || reflect.DeepEqual(one.Calls, *f.Calls)))
	}
}

// squeeze drops white space: parts may be joined with or without a line break.
func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

func unpack(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.Open(filepath.Join(corpus, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // read only
	reader, err := zstd.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// tally counts what was right.
type tally struct{ right, all int }

func (c *tally) add(right bool) {
	c.all++
	if right {
		c.right++
	}
}

func (c tally) share() float64 { return float64(c.right) / float64(max(c.all, 1)) }

func (c tally) String() string {
	text, err := json.Marshal(map[string]any{"right": c.right, "of": c.all, "share": c.share()})
	if err != nil {
		return err.Error()
	}
	return string(text)
}
