package watch

import (
	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// LookAt looks at an exchange that stands in no project, as the sample of a rule: rule.Looker.
func LookAt(x *traffic.Exchange, request, response []byte) *scanner.Sight {
	in := llm.Input{
		Method: x.Request.Method, URL: x.Request.URL, RequestHeader: x.Request.Header, RequestBody: request, ResponseBody: response, Ended: x.State.Ended(),
	}
	if r := x.Response; r != nil {
		in.Status, in.ResponseHeader = r.Status, r.Header
	}
	c := llm.Parse(in)
	return Look(&Seen{Exchange: x, Conversation: &c, Request: request, Response: response}, nil)
}
