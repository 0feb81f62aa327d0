package discover

import (
	"bytes"
	"encoding/json"

	"assay/llm"
	"assay/traffic"
)

// Limits of what is read of an MCP server's listing.
const (
	maxListing = 16 << 20 // bytes of an answer
	maxListed  = 2000     // items of one listing
)

// listing is one answer of an MCP server that lists what it has
// (https://modelcontextprotocol.io/specification/2025-06-18/server/tools and its siblings).
type listing struct {
	what  string // tools, resources, resourceTemplates, prompts
	items []json.RawMessage
	more  bool // further pages follow
	cut   bool // it had more items than are read
}

// listResult is the result of a listing; an answer has one of the lists.
type listResult struct {
	Tools             *[]json.RawMessage `json:"tools"`
	Resources         *[]json.RawMessage `json:"resources"`
	ResourceTemplates *[]json.RawMessage `json:"resourceTemplates"`
	Prompts           *[]json.RawMessage `json:"prompts"`
	NextCursor        json.RawMessage    `json:"nextCursor"`
}

// listings reads all lists in an answer: JSON, a batch, or an event stream with other messages in between.
func listings(r *traffic.Response, body []byte) []listing {
	if r == nil || len(body) == 0 || len(body) > maxListing {
		return nil
	}
	splitter := llm.SplitterFor(r.Header.Get("Content-Type"), body[:min(len(body), 512)])
	if splitter.Framing() == llm.FramingWhole {
		return readListings(nil, body)
	}
	var found []listing
	for _, events := range [][]llm.Event{splitter.Write(body), splitter.Close()} {
		for _, e := range events {
			found = readListings(found, e.Data)
		}
	}
	return found
}

func readListings(found []listing, message []byte) []listing {
	message = bytes.TrimSpace(message)
	if len(message) == 0 || !namesList(message) {
		return found
	}
	if message[0] == '[' {
		var batch []json.RawMessage
		if json.Unmarshal(message, &batch) != nil {
			return found
		}
		for i := range min(len(batch), 100) {
			if m := bytes.TrimSpace(batch[i]); len(m) > 0 && m[0] == '{' {
				found = readListings(found, m)
			}
		}
		return found
	}
	var answer struct {
		Version string      `json:"jsonrpc"`
		Result  *listResult `json:"result"`
	}
	if json.Unmarshal(message, &answer) != nil || answer.Version != "2.0" || answer.Result == nil {
		return found
	}
	r := answer.Result
	more := len(r.NextCursor) > 0 && r.NextCursor[0] == '"' && len(r.NextCursor) > 2
	for _, list := range []struct {
		what  string
		items *[]json.RawMessage
	}{{"tools", r.Tools}, {"resources", r.Resources}, {"resourceTemplates", r.ResourceTemplates}, {"prompts", r.Prompts}} {
		if list.items == nil {
			continue
		}
		l := listing{what: list.what, items: *list.items, more: more}
		if len(l.items) > maxListed {
			l.items, l.cut = l.items[:maxListed], true
		}
		found = append(found, l)
	}
	return found
}

// namesList reports whether a message may hold a list at all: most answers of a server do not.
func namesList(message []byte) bool {
	for _, name := range []string{`"tools"`, `"resources"`, `"resourceTemplates"`, `"prompts"`} {
		if bytes.Contains(message, []byte(name)) {
			return true
		}
	}
	return bytes.Contains(message, []byte(`\u`)) // escaped names
}

// firstPage reports whether a request asks for a listing from its beginning.
func firstPage(request []byte) bool {
	var call struct {
		Params struct {
			Cursor string `json:"cursor"`
		} `json:"params"`
	}
	return len(request) < 1<<20 && json.Unmarshal(request, &call) == nil && call.Params.Cursor == ""
}
