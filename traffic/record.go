package traffic

// Record is one exchange with everything that belongs to it, as importers yield and exporters take it: bodies are in
// Request.Body.Data and Response.Body.Data, as they travelled unless Origin says otherwise.
type Record struct {
	Exchange

	// Segments are the pieces in which the answer's body arrived, where that is known. Joined they are the body.
	Segments []Segment
	// Frames are the messages of a WebSocket session, in order of arrival.
	Frames []Frame

	Note   string   // what a person wrote about the exchange
	Colour string   // how a person marked it: one of Colours, or empty
	Tags   []string // a person's tags, in order
}

// Colours are the marks a person can give to an exchange.
var Colours = []string{"red", "orange", "yellow", "green", "blue", "purple"}

// whole returns a body of which nothing is missing.
func whole(data []byte) Body {
	n := int64(len(data))
	return Body{Size: n, Kept: n, Data: data}
}
