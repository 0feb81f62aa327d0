package corpus

import (
	"iter"
	"net/http"
	"testing"

	"assay/llm"
	"assay/traffic"
)

// mostContent bounds a body of a recorded call.
const mostContent = 64 << 20

// Calls gives the recorded calls of models that were answered in words, with their bodies decoded.
func Calls(tb testing.TB) iter.Seq[*llm.Input] {
	tb.Helper()
	text := Open(tb, "wire", "dev.jsonl.zst")
	return func(yield func(*llm.Input) bool) {
		for r, err := range traffic.ReadJSONL(text) {
			if err != nil {
				tb.Fatal(err)
			}
			if in := call(r); in != nil && !yield(in) {
				return
			}
		}
	}
}

func call(r *traffic.Record) *llm.Input {
	if r.Response == nil || r.Response.Status != http.StatusOK || r.Request.Method != http.MethodPost {
		return nil
	}
	in := &llm.Input{
		Method: r.Request.Method, URL: r.Request.URL, RequestHeader: r.Request.Header, Status: r.Response.Status, ResponseHeader: r.Response.Header, Ended: true,
	}
	var lost [2]string
	in.RequestBody, lost[0] = r.Content(traffic.FromClient, mostContent)
	in.ResponseBody, lost[1] = r.Content(traffic.FromServer, mostContent)
	if conv := llm.Parse(*in); lost != [2]string{} || conv.Kind != llm.KindLLM || conv.Confidence < llm.Likely || conv.Answer == "" {
		return nil
	}
	return in
}
