package discover

import (
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// meetService counts the service that answers at a host, and who calls it. One host may be several: a model and its
// embeddings, MCP servers behind one gateway.
func (a *assets) meetService(v *sight) {
	if v.kind == "" || v.kind == llm.KindPlain {
		return
	}
	mount := ""
	if v.kind == llm.KindMCP {
		mount = serverMount(traffic.SplitURL(v.Exchange.Request.URL).Path)
	}
	h, fresh := a.meet(v, scanner.AssetService, v.e.Host, string(v.kind), mount)
	if h == nil {
		return
	}
	v.service = h
	if fresh {
		h.Name = shortName(v.e.Host + mount)
		h.Facts.Kind = string(v.kind)
	}
	if h.Provider == "" {
		h.Provider = v.Conversation.Provider
	}
	a.link(v, v.client, h)
}

// serverMount is where below its host an MCP server lives: the path without what the transport adds (/mcp, or /sse and
// /messages), and without what looks like a session's name.
func serverMount(path string) string {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	if n := len(segments); n > 0 {
		switch segments[n-1] {
		case "mcp", "sse", "message", "messages":
			segments = segments[:n-1]
		}
	}
	var b strings.Builder
	for i, s := range segments {
		if s == "" || i == 8 {
			continue
		}
		if looksLikeID(s) {
			s = "*"
		}
		b.WriteString("/" + s)
	}
	return b.String()
}

// looksLikeID reports whether a segment of a path is more likely made by a machine than by a person.
func looksLikeID(s string) bool {
	digits, letters := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
		}
	}
	return len(s) >= 16 && digits >= 3 || digits >= 4 && letters == 0
}
