package proxy

import "net/http"

// Guard is the seam where a policy stops or changes traffic. Both methods run in the goroutine of the exchange, so the
// time they take is added to it; nothing else is held up. What is recorded is what the client sent and what the server
// answered; an answer the guard gave instead is recorded with a fault of stage guard.
type Guard interface {
	// Request sees a request on its way to the server and may change it or replace its body. An answer other than nil
	// goes to the client in the server's place.
	Request(*http.Request) *http.Response
	// Response sees an answer before the client does. To filter a stream it replaces the body by a reader that does,
	// and then deletes the Content-Length it may have changed.
	Response(*http.Response)
}

type open struct{}

func (open) Request(*http.Request) *http.Response { return nil }
func (open) Response(*http.Response)              {}
