package traffic

import "encoding/json"

// The shapes of HAR 1.2 (W3C draft "HTTP Archive (HAR) format") as they are written; reading goes through harReader,
// which takes what other programs make of them.

type harEntry struct {
	PageRef         string       `json:"pageref,omitempty"`
	Started         string       `json:"startedDateTime"`
	Time            float64      `json:"time"`
	Request         harRequest   `json:"request"`
	Response        harResponse  `json:"response"`
	Cache           struct{}     `json:"cache"`
	Timings         harTimings   `json:"timings"`
	ServerIPAddress string       `json:"serverIPAddress,omitempty"`
	Connection      string       `json:"connection,omitempty"`
	Comment         string       `json:"comment,omitempty"`
	ResourceType    string       `json:"_resourceType,omitempty"`
	WebSocket       []harMessage `json:"_webSocketMessages,omitempty"`
	Note            string       `json:"_note,omitempty"`
	Colour          string       `json:"_color,omitempty"`
	Tags            []string     `json:"_tags,omitempty"`
	Assay           *harAssay    `json:"_assay,omitempty"`
}

type harRequest struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Cookies     []harCookie  `json:"cookies"`
	Headers     []harPair    `json:"headers"`
	QueryString []harPair    `json:"queryString"`
	PostData    *harPostData `json:"postData,omitempty"`
	HeadersSize int64        `json:"headersSize"`
	BodySize    int64        `json:"bodySize"`
	Content     *harContent  `json:"_content,omitempty"` // a body that is not text, as HTTP Toolkit writes it
}

type harResponse struct {
	Status      int         `json:"status"`
	StatusText  string      `json:"statusText"`
	HTTPVersion string      `json:"httpVersion"`
	Cookies     []harCookie `json:"cookies"`
	Headers     []harPair   `json:"headers"`
	Content     harContent  `json:"content"`
	RedirectURL string      `json:"redirectURL"`
	HeadersSize int64       `json:"headersSize"`
	BodySize    int64       `json:"bodySize"`
	Error       string      `json:"_error,omitempty"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harCookie struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Path     string `json:"path,omitempty"`
	Domain   string `json:"domain,omitempty"`
	Expires  string `json:"expires,omitempty"`
	HTTPOnly bool   `json:"httpOnly,omitempty"`
	Secure   bool   `json:"secure,omitempty"`
}

type harPostData struct {
	MimeType string    `json:"mimeType"`
	Params   []harPair `json:"params"`
	Text     string    `json:"text"`
	Comment  string    `json:"comment,omitempty"`
}

type harContent struct {
	Size        int64  `json:"size"`
	Compression int64  `json:"compression,omitempty"`
	MimeType    string `json:"mimeType"`
	Text        string `json:"text,omitempty"`
	Encoding    string `json:"encoding,omitempty"`
	Comment     string `json:"comment,omitempty"`
}

// harTimings are milliseconds, -1 for what did not happen. SSL is part of Connect.
type harTimings struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	SSL     float64 `json:"ssl"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// harMessage is a WebSocket message as Chrome writes it; data of binary messages is base64.
type harMessage struct {
	Type   string  `json:"type"` // send or receive, as the client sees it
	Time   float64 `json:"time"` // Unix seconds
	Opcode byte    `json:"opcode"`
	Data   string  `json:"data"`
}

// harAssay holds what HAR has no place for, so that a file written here comes back whole.
type harAssay struct {
	State    State             `json:"state"`
	Kind     Kind              `json:"kind,omitempty"`
	Host     string            `json:"host,omitempty"` // where it differs from the URL's
	Fault    *Fault            `json:"fault,omitempty"`
	Timing   *Timing           `json:"timing,omitempty"` // nanoseconds
	Client   *Client           `json:"client,omitempty"`
	Server   *Server           `json:"server,omitempty"`
	Trailers map[string]Header `json:"trailers,omitempty"`
	Lost     map[string]string `json:"lost,omitempty"` // by side: why a body is not whole
	Info     []Informational   `json:"informational,omitempty"`
}

// importOrigin is the Origin of an imported exchange.
type importOrigin struct {
	Format  string                     `json:"format"`
	Decoded []string                   `json:"decoded,omitempty"` // sides whose body had its content codings undone
	Rebuilt []string                   `json:"rebuilt,omitempty"` // what was put together from its parts
	Missing []string                   `json:"missing,omitempty"` // what the file does not hold
	Source  map[string]json.RawMessage `json:"source,omitempty"`  // what the file says beyond the exchange's fields
}

func (o *importOrigin) bytes() []byte {
	data, err := json.Marshal(o)
	if err != nil { // a RawMessage that is not JSON: nothing of it is worth keeping
		o.Source = nil
		data, _ = json.Marshal(o)
	}
	return data
}
