// Package traffic holds what went over the wire: exchanges, their bodies, frames and timings, the filter language that
// selects them, and the file formats that carry them in and out.
//
// An Exchange is one request and what came back for it: an HTTP answer, a WebSocket session, or a tunnel that was
// passed through unread. An Event is one step in the life of an exchange, in the order it happened; recorders consume
// events, readers get whole exchanges.
//
// The package does no I/O beyond the readers and writers handed to it, and knows nothing about language models: what
// an exchange meant is package llm's business.
package traffic
