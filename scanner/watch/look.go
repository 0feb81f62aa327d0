package watch

import (
	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Seen is one exchange that ended, with what it meant and where it belongs.
type Seen struct {
	Exchange     *traffic.Exchange // without bodies
	Conversation *llm.Conversation
	Request      []byte // the body, its content coding undone, as far as it was read
	Response     []byte
	Frames       []traffic.Frame // of a WebSocket session
	Endpoint     scanner.EndpointID
	Thread       traffic.ID // the first turn of the conversation; 0 where it is none
	Cost         int64      // millionths of a US dollar
	Priced       bool
}

// Identity says by what actors are told apart: the first of these that an exchange has names its actor.
type Identity []string

// UsualIdentity is what tells actors apart unless a person says otherwise: the key, the user a request names, the
// cookie, the program, the address.
var UsualIdentity = Identity{"key", "user", "cookie", "client", "address"}

// Look runs every detector over one exchange.
func Look(s *Seen, by Identity) *scanner.Sight {
	return &scanner.Sight{Exchange: s.Exchange.ID, At: s.Exchange.Started, Facts: s.Exchange.Facts()}
}
