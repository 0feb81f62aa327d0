package target

import (
	"net/http"

	"assay/traffic"
)

// Record is the exchange as a project keeps it; err is what came with the answer, the reason where it is none or not whole.
// Its secrets are not sealed yet: see Secrets.
func (a *Answer) Record(source traffic.Source, err error) *traffic.Record {
	x := traffic.Exchange{
		Started: a.Started, Source: source, Kind: traffic.KindHTTP, State: traffic.StateComplete, Request: a.Sent,
		Timing: traffic.Timing{Head: a.FirstByte, FirstByte: a.FirstByte, Done: a.Total},
	}
	if f, failed := FailureOf(err); failed && err != nil && !f.Arrived() {
		x.State, x.Fault = traffic.StateFailed, &traffic.Fault{Stage: stageOf(f.Code), Reason: a.Hide(f.What)}
	}
	if a.Status == 0 {
		x.State = traffic.StateFailed
		return &traffic.Record{Exchange: x}
	}
	if a.Frames != nil {
		x.Kind, x.Response = traffic.KindWebSocket, &traffic.Response{Status: a.Status, Proto: "HTTP/1.1", Header: a.Header}
		return &traffic.Record{Exchange: x, Frames: a.Frames}
	}
	size := int64(len(a.Body))
	x.Response = &traffic.Response{
		Status: a.Status, Proto: "HTTP/1.1", Header: decoded(a.Header), Body: traffic.Body{Size: size, Kept: size, Data: a.Body},
	}
	return &traffic.Record{Exchange: x}
}

// stageOf is where an exchange went wrong.
func stageOf(code Code) traffic.Stage {
	switch code {
	case CodeDNS:
		return traffic.StageDNS
	case CodeRefused, CodeUnreachable:
		return traffic.StageConnect
	case CodeUnknownCA, CodeExpired, CodeWrongName, CodeTLS, CodePlain:
		return traffic.StageTLS
	case CodeNotSent:
		return traffic.StageRequest
	default:
		return traffic.StageResponse
	}
}

// decoded are the headers of a body whose content coding was undone.
func decoded(h traffic.Header) traffic.Header {
	if !h.Has("Content-Encoding") {
		return h
	}
	out := make(traffic.Header, 0, len(h))
	for _, f := range h {
		if name := http.CanonicalHeaderKey(f.Name); name != "Content-Encoding" && name != "Content-Length" {
			out = append(out, f)
		}
	}
	return out
}
