package e2e_test

import (
	"path/filepath"
	"testing"
)

// TestMCP runs the official MCP client: what it called must be in the recording.
func TestMCP(t *testing.T) {
	t.Parallel()
	folder := sdkFolder(t)
	r := record(t)
	out := r.launch(t, []string{"BASE_URL=https://lab.example/mcp"}, "node", filepath.Join(folder, "mcp.mjs"))
	type received struct {
		Call string `json:"call"`
		Name string `json:"name"`
		Text string `json:"text"`
	}
	want := map[[2]string]int{}
	for _, g := range lines[received](t, out) {
		want[[2]string{g.Call, g.Name}]++
	}
	if len(want) != 7 {
		t.Fatalf("the client made other calls than expected: %v", want)
	}
	rows := r.await(t, "mcp", func(rows []row) bool {
		have := count(rows)
		for call, n := range want {
			if have[call] < n {
				return false
			}
		}
		return true
	})
	for call, n := range want {
		if have := count(rows)[call]; have != n {
			t.Errorf("%v: %d recorded, %d made", call, have, n)
		}
	}
	for _, one := range rows {
		if one.RPCMethod != "" && (one.Family != "mcp" || one.Kind != "mcp-server") {
			t.Errorf("%s is of family %q, kind %q", one.RPCMethod, one.Family, one.Kind)
		}
	}
}

// count counts MCP calls by method and tool.
func count(rows []row) map[[2]string]int {
	have := map[[2]string]int{}
	for _, one := range rows {
		if one.Family == "mcp" && one.State != "open" {
			have[[2]string{one.RPCMethod, one.RPCTool}]++
		}
	}
	return have
}
