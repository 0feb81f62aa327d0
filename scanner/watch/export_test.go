package watch

import (
	"strconv"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// TextAt is the text at a sign's place, for tests.
func TextAt(x *traffic.Exchange, request, response []byte, where string, side scanner.Side) string {
	in := llm.Input{Method: x.Request.Method, URL: x.Request.URL, RequestHeader: x.Request.Header, RequestBody: request, ResponseBody: response, Ended: true}
	in.Status, in.ResponseHeader = x.Response.Status, x.Response.Header
	c := llm.Parse(in)
	kind, rest, _ := strings.Cut(where, ":")
	first, part, parted := strings.Cut(rest, ".")
	n, _ := strconv.Atoi(first)
	switch kind {
	case "message":
		parts := c.Messages[n].Parts
		if parted {
			j, _ := strconv.Atoi(part)
			return parts[j].Text
		}
		for i := range parts {
			if parts[i].Text != "" {
				return parts[i].Text
			}
		}
	case "system":
		return c.System[n]
	case "prompt":
		return c.Prompts[n]
	case "answer":
		if c.RPC != nil && c.Answer == "" {
			return c.RPC.ResultText
		}
		return c.Answer
	case "call":
		for _, call := range c.ToolCalls {
			if call.Name == rest && side == scanner.InAnswer {
				return call.Arguments
			}
		}
		if c.RPC != nil && c.RPC.Tool == rest {
			return c.RPC.Arguments
		}
		for _, m := range c.Messages {
			for _, p := range m.Parts {
				if p.Call != nil && p.Call.Name == rest {
					return p.Call.Arguments
				}
			}
		}
	case "query", "path", "header":
		return x.Request.URL
	case "body":
		return string(request)
	case "tool":
		for _, tool := range c.Tools {
			if tool.Name == rest {
				return tool.Description
			}
		}
	}
	return ""
}
