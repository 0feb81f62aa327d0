package proxy

import (
	"context"
	"io"
	"net/http"

	"assay/traffic"
)

// Guard is the seam where a policy stops or changes traffic. Both methods run in the goroutine of the exchange, so the
// time they take is added to it; nothing else is held up. What is recorded is what the client sent and what the server
// answered; what the client got instead is told by a fault of stage guard, whose sentence is that of Stopped where the
// body of the answer has one.
type Guard interface {
	// Request sees a request on its way to the server and may change it or replace its body. An answer other than nil
	// goes to the client in the server's place. The request may be given another context made of its own: Response finds
	// it in the answer's Request.
	Request(*http.Request) *http.Response
	// Response sees an answer before the client does. To filter a stream it replaces the body by a reader that does,
	// and then deletes the Content-Length it may have changed.
	Response(*http.Response)
}

// Stopped is what the body of an answer may implement that a guard has put in the place of the server's.
type Stopped interface {
	// Stopped says in one sentence why the client does not get what the server sent; "" as long as it does. It is asked
	// when the body has ended.
	Stopped() string
}

// ExchangeID gives the exchange that a request belongs to, by the request's context; 0 where it belongs to none.
func ExchangeID(ctx context.Context) traffic.ID {
	if rec := recordingOf(ctx); rec != nil {
		return rec.x.ID // set before anybody else sees the recording
	}
	return 0
}

// ExchangeOf gives what is known so far of the exchange that a request belongs to, without bodies; nil where it belongs
// to none. It is the caller's own copy.
func ExchangeOf(ctx context.Context) *traffic.Exchange {
	rec := recordingOf(ctx)
	if rec == nil {
		return nil
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.x.Client = rec.peer.client()
	return rec.snapshot()
}

type open struct{}

func (open) Request(*http.Request) *http.Response { return nil }
func (open) Response(*http.Response)              {}

// guardedBody is the body of an answer that a guard may end early; the exchange then says why.
type guardedBody struct {
	io.ReadCloser
	rec *recording
}

// note records that the client does not get what the server sent, once the body says so.
func (b *guardedBody) note() {
	if why := b.ReadCloser.(Stopped).Stopped(); why != "" {
		b.rec.fail(&traffic.Fault{Stage: traffic.StageGuard, Reason: why})
	}
}

func (b *guardedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.note()
	}
	return n, err
}

// Close ends the body.
func (b *guardedBody) Close() error {
	b.note()
	return b.ReadCloser.Close()
}

// noted has the exchange say what a guard did with an answer.
func noted(rec *recording, resp *http.Response) {
	if _, says := resp.Body.(Stopped); says {
		resp.Body = &guardedBody{ReadCloser: resp.Body, rec: rec}
	}
}

// stoppedBy says why a guard answered in the server's place.
func stoppedBy(resp *http.Response) *traffic.Fault {
	fault := &traffic.Fault{Stage: traffic.StageGuard, Reason: "The guard answered in place of the server."}
	if body, says := resp.Body.(Stopped); says && body.Stopped() != "" {
		fault.Reason = body.Stopped()
	}
	return fault
}
