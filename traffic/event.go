package traffic

import "time"

// Side tells who sent something.
type Side uint8

// The two sides of an exchange.
const (
	FromClient Side = iota
	FromServer
)

// String returns "client" or "server".
func (s Side) String() string {
	if s == FromServer {
		return "server"
	}
	return "client"
}

// EventKind tells what an Event carries.
type EventKind uint8

// The kinds of event, in the order in which an exchange goes through them. EventData and EventFrame repeat; the two
// sides interleave freely.
const (
	EventBegin EventKind = iota + 1 // Exchange: the request's head, State open
	EventHead                       // Exchange: the answer's head added, State streaming (also for 101 and tunnels)
	EventData                       // Side, Data: body bytes as they travelled (of a tunnel: only counts, Data empty and Size set)
	EventFrame                      // Side, Frame: one WebSocket message
	EventEnd                        // Exchange: final state, timings, sizes, trailers, fault
)

// Event is one step in the life of an exchange. The receiver owns everything an event points to: a sender never
// touches Data, Exchange or Frame again.
type Event struct {
	ID       ID
	Kind     EventKind
	Side     Side
	At       time.Duration // since Exchange.Started
	Data     []byte
	Exchange *Exchange
	Frame    *Frame
}

// Frame is one WebSocket message: fragments joined, unmasked, inflated. Nothing of this touches what the peers see.
type Frame struct {
	Seq        int // from 0, over both sides in order of arrival
	Side       Side
	At         time.Duration // since Exchange.Started, when its last byte arrived
	Opcode     byte          // 1 text, 2 binary, 8 close, 9 ping, 10 pong (RFC 6455 section 5.2)
	Compressed bool          // travelled with permessage-deflate (RFC 7692)
	Wire       int           // payload bytes as they travelled
	Data       []byte
	Lost       string // why Data is incomplete; empty when it is whole
}
