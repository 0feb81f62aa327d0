package scanner

import (
	"time"

	"assay/traffic"
)

// PlaceID numbers a place within one project.
type PlaceID int64

// Place is where one type of sensitive data travels: a type at one path, in one direction, of one endpoint.
type Place struct {
	ID        PlaceID
	Endpoint  EndpointID
	Direction string // request, response
	Role      string // system, user, assistant, tool, …; empty where nobody speaks
	// Path is where in the message: header:NAME, query:NAME, path:NAME, form:NAME, or a JSON pointer in which * stands for any index of an
	// array; "body" for a text as a whole.
	Path  string
	Type  string // EMAIL_ADDRESS, a secret's rule, or a custom type's name
	Class string // personal, secret, payload

	Confidence          float64 // the surest sighting
	Sample              string  // masked, the surest sighting's
	FirstSeen, LastSeen time.Time
	First, Last         traffic.ID
	Count               int64 // exchanges the project holds; storage counts
}

// Hit says that an exchange has data at a place.
type Hit struct {
	Place    PlaceID
	Exchange traffic.ID
	N        int // values in it
}

// CustomType is a type of sensitive data that a person defined. It is told by the name it stands under (Keys), by its
// value, or by both.
type CustomType struct {
	Name      string   `json:"name"`
	Class     string   `json:"class"`               // personal or secret
	Keys      string   `json:"keys,omitempty"`      // regular expression on the name of the JSON member, header, parameter
	Pattern   string   `json:"pattern,omitempty"`   // regular expression on the value (RE2)
	List      []string `json:"list,omitempty"`      // or one of these, compared without case
	Validator string   `json:"validator,omitempty"` // luhn, mod97, verhoeff, …: must hold for what Pattern found
	Match     []string `json:"match"`               // samples that must match
	Ignore    []string `json:"ignore"`              // and that must not
}
