package accuracy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// known is what is certain about one recorded exchange; a missing fact is not scored.
type known struct {
	Sha      string         `json:"sha"`
	Provider *string        `json:"provider"`
	Family   *string        `json:"family"`
	Class    string         `json:"class"`
	Streamed *bool          `json:"streamed"`
	Facts    map[string]any `json:"facts"`
}

// row is one line of `assay ls --json`.
type row map[string]any

func (r row) text(name string) string {
	s, _ := r[name].(string)
	return s
}

// callsModel reports whether a line claims that a model was called.
func (r row) callsModel() bool { return r.text("kind") == "llm" || r.text("kind") == "chat-backend" }

// TestWire imports the recorded exchanges and compares every line of the listing with what is known.
func TestWire(t *testing.T) {
	t.Parallel()
	expected := lines[known](t, load(t, "wire", "expected.dev.jsonl.zst"))
	rows, inventory := imported(t, load(t, "wire", "dev.jsonl.zst"))
	if len(rows) != len(expected) {
		t.Fatalf("%d lines for %d exchanges", len(rows), len(expected))
	}
	recognised, facts := scores{}, scores{}
	for i, want := range expected {
		got := rows[i]
		at := func() string {
			return fmt.Sprintf("%s %s %s: want %s %s, got %s %s %s", want.Sha, got["method"], got["url"], text(want.Provider), text(want.Family), got["kind"], got["provider"], got["family"])
		}
		switch want.Class {
		case "ambiguous":
			continue
		case "ai-saas", "non-llm":
			recognised.add("no model call ("+want.Class+")", !got.callsModel(), at)
			continue
		}
		recognised.add(want.Class+" provider", got.text("provider") == text(want.Provider), at)
		recognised.add(want.Class+" family", got.text("family") == text(want.Family), at)
		if want.Streamed != nil {
			recognised.add(want.Class+" streamed", got["stream"] == *want.Streamed, at)
		}
		for name, fact := range want.Facts {
			facts.score(name, fact, got, want)
		}
	}
	recognised.log(t, "Recognition, through `assay import jsonl` and `assay ls --json`")
	facts.log(t, "Facts of exchanges, as `assay ls --json` prints them")
	recognised.demand(t, 0.995, "inference provider", "inference family", "inference streamed")
	recognised.demand(t, 1, "no model call (ai-saas)", "no model call (non-llm)")
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		if s := facts[name]; s.all-s.right > 1 { // one wrong label of a few is no rate
			facts.demand(t, 0.99, name)
		}
	}
	checkInventory(t, inventory, rows)
}

// TestWireBlind hides every host behind one gateway: what travels has to tell the format.
func TestWireBlind(t *testing.T) {
	t.Parallel()
	expected := lines[known](t, load(t, "wire", "expected.dev.jsonl.zst"))
	rows, _ := imported(t, blind(t, load(t, "wire", "dev.jsonl.zst")))
	s := scores{}
	for i, want := range expected {
		got := rows[i]
		at := func() string {
			return fmt.Sprintf("%s %s %s: want %s, got %s %s", want.Sha, got["method"], got["url"], text(want.Family), got["kind"], got["family"])
		}
		switch want.Class {
		case "ambiguous":
		case "ai-saas", "non-llm":
			s.add("no model call", !got.callsModel(), at)
		default:
			s.add(want.Class+" family", got.text("family") == text(want.Family), at)
		}
	}
	s.log(t, "The same with every host replaced by gateway.internal")
	s.demand(t, 0.97, "inference family")
}

// imported is `assay ls --json` of a project into which the exchanges were imported, in the order of the file, and
// what `assay inventory --json` says of it.
func imported(t *testing.T, exchanges []byte) (_ []row, inventory []byte) {
	t.Helper()
	home := t.TempDir()
	file, project := filepath.Join(home, "in.jsonl"), filepath.Join(home, "p.assay")
	if err := os.WriteFile(file, exchanges, 0o600); err != nil {
		t.Fatal(err)
	}
	ids := lines[struct {
		ID string `json:"id"`
	}](t, assay(t, home, nil, "import", "jsonl", file, "--project", project, "--json"))
	byID := map[string]row{}
	for _, r := range lines[row](t, assay(t, home, nil, "ls", "--project", project, "--limit", "0", "--json")) {
		byID[r.text("id")] = r
	}
	rows := make([]row, len(ids))
	for i, id := range ids {
		if rows[i] = byID[id.ID]; rows[i] == nil {
			t.Fatalf("exchange %s was imported and is not listed", id.ID)
		}
	}
	return rows, assay(t, home, nil, "inventory", "--project", project, "--json")
}

// blind replaces the host of every exchange.
func blind(t *testing.T, exchanges []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, one := range lines[map[string]json.RawMessage](t, exchanges) {
		var raw string
		if err := json.Unmarshal(one["url"], &raw); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		u.Host = "gateway.internal"
		if one["url"], err = json.Marshal(u.String()); err != nil {
			t.Fatal(err)
		}
		if one["request_headers"], err = withoutHost(one["request_headers"]); err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	return out.Bytes()
}

// withoutHost takes the host out of headers.
func withoutHost(raw json.RawMessage) (json.RawMessage, error) {
	var headers map[string]any
	if err := json.Unmarshal(raw, &headers); err != nil || headers == nil {
		return raw, err
	}
	for name := range headers {
		if strings.EqualFold(name, "host") || strings.EqualFold(name, ":authority") {
			headers[name] = "gateway.internal"
		}
	}
	return json.Marshal(headers)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
