package craft

import (
	"net/http"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// The protocol version that a session with an MCP server is opened in, and the bodies that open it.
const (
	mcpVersion     = "2025-06-18"
	mcpInitialize  = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"` + mcpVersion + `","capabilities":{},"clientInfo":{"name":"assay","version":"1"}}}`
	mcpInitialized = `{"jsonrpc":"2.0","method":"notifications/initialized"}`
)

// mcpSession is how a session with an MCP server over streamable HTTP is opened; nil for what is none, and for recorded
// requests that belonged to no session.
func mcpSession(m *scanner.Model, said *llm.Conversation) *scanner.ModelSession {
	if said.Kind != llm.KindMCP || m.Method != http.MethodPost || said.RPC == nil || said.RPC.Method == "initialize" {
		return nil
	}
	if m.Source != 0 && !m.Header.Has("Mcp-Session-Id") {
		return nil
	}
	header := slices.DeleteFunc(slices.Clone(m.Header), func(f traffic.Field) bool {
		return strings.EqualFold(f.Name, "Mcp-Session-Id") || strings.EqualFold(f.Name, "Mcp-Protocol-Version")
	})
	header = header.With("Content-Type", "application/json").With("Accept", "application/json, text/event-stream")
	later := append(slices.Clone(header), traffic.Field{Name: "Mcp-Session-Id", Value: "{{session}}"}, traffic.Field{Name: "Mcp-Protocol-Version", Value: mcpVersion})
	return &scanner.ModelSession{
		Open: []scanner.SessionRequest{
			{Method: http.MethodPost, URL: m.URL, Header: header, Body: []byte(mcpInitialize)},
			{Method: http.MethodPost, URL: m.URL, Header: later, Body: []byte(mcpInitialized)},
		},
		Token: "header:Mcp-Session-Id",
		Into:  []string{"header:Mcp-Session-Id"},
	}
}

// ToolCalls are the targets that an MCP server's list of tools makes: one call of each tool, with arguments that its
// schema allows. The first text among the arguments is the prompt's place.
func ToolCalls(m *scanner.Model, listed []llm.Tool) []*scanner.Model {
	var calls []*scanner.Model
	for _, t := range listed {
		made := *m
		arguments := sampleOf(t.Schema)
		made.Name = m.Name + " " + t.Name
		made.Header = slices.Clone(m.Header)
		made.Body = []byte(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":` + jsonText(t.Name) + `,"arguments":` + arguments + `}}`)
		made.Slot, made.Before, made.After, made.Tried = "", "", "", nil
		if texts := llm.TextsAt(made.Body, "/params/arguments/*", 1); len(texts) > 0 {
			made.Slot = llm.Ref{In: llm.PlaceJSON, Name: texts[0]}.String()
		}
		calls = append(calls, &made)
	}
	return calls
}
