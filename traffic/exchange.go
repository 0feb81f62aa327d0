package traffic

import (
	"strconv"
	"time"
)

// ID numbers an exchange within one project, in the order in which exchanges began. It is never reused.
type ID int64

// String returns the ID in decimal, the form used on the command line and in JSON.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads the decimal form written by String.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	return ID(n), err
}

// State tells how far an exchange has come.
type State string

// The states of an exchange.
const (
	StateOpen      State = "open"      // the request has begun, no answer yet
	StateStreaming State = "streaming" // the answer has begun and is still arriving
	StateComplete  State = "complete"  // both messages ended as their framing said they would
	StateClosed    State = "closed"    // a peer hung up after the answer began; normal for streams
	StateFailed    State = "failed"    // no answer, or an answer that broke; Fault says why
	StateUnsent    State = "unsent"    // a request read from a file that holds no answer and does not say that it was sent
)

// Ended reports whether nothing more will arrive for an exchange in this state.
func (s State) Ended() bool {
	return s == StateComplete || s == StateClosed || s == StateFailed || s == StateUnsent
}

// Kind tells what travelled: HTTP messages, WebSocket frames after an upgrade, or bytes of a tunnel nobody read.
type Kind string

// The kinds of exchange.
const (
	KindHTTP      Kind = "http"
	KindWebSocket Kind = "websocket"
	KindTunnel    Kind = "tunnel"
)

// Source tells how an exchange came into the project.
type Source string

// The sources of exchanges.
const (
	SourceProxy    Source = "proxy"    // recorded by the forward proxy (CONNECT, absolute form, SOCKS5)
	SourceReverse  Source = "reverse"  // recorded in reverse mode (the client was given a base URL)
	SourceImport   Source = "import"   // read from a file
	SourceRepeater Source = "repeater" // sent again by a person
	SourceTest     Source = "test"     // sent by a test run
)

// Exchange is one request and what came back for it.
type Exchange struct {
	ID      ID
	Started time.Time // when the first byte of the request was seen
	Source  Source
	Kind    Kind
	State   State

	Client Client
	Server Server

	Request  Request
	Response *Response // nil until the head of the answer arrived
	Timing   Timing
	Fault    *Fault // why the exchange failed, was passed through unread, or was cut; nil when nothing went wrong

	// Origin keeps what an import file said about the exchange beyond what the fields hold (JSON, verbatim).
	Origin []byte
}

// Request is what the client sent.
type Request struct {
	Method  string
	URL     string // absolute: scheme, host, path and query as sent; for tunnels "host:port"
	Proto   string // "HTTP/1.0", "HTTP/1.1", "HTTP/2.0"
	Host    string // the Host header or :authority as sent; may differ from the host in URL, which is where it went
	Header  Header
	Trailer Header
	Body    Body
}

// Response is what the server sent.
type Response struct {
	Status        int
	Reason        string // the reason phrase of HTTP/1, empty for HTTP/2
	Proto         string // protocol spoken with the server
	Header        Header
	Trailer       Header
	Body          Body
	Informational []Informational
}

// Informational is one 1xx answer that came before the final one.
type Informational struct {
	At     time.Duration
	Status int
	Header Header
}

// Field is one header line as sent.
type Field struct{ Name, Value string }

// Header is a list of header lines in the order and case in which they were sent, where the protocol keeps them.
type Header []Field

// Body describes the payload of a message, after transfer coding (chunks, DATA frames) and before content coding
// (gzip, br): the bytes the peer would hash.
type Body struct {
	Size int64  // bytes that travelled
	Kept int64  // bytes the project holds; equal to Size unless Lost says why not
	Lost string // why bytes are missing; empty when none are
	Data []byte // the kept bytes where they were loaded; nil in listings
}

// Segment is a piece of a body with the moment it arrived, relative to Exchange.Started.
type Segment struct {
	At   time.Duration
	Data []byte
}

// Timing holds offsets from Exchange.Started. A zero offset means the step did not happen or was not seen
// (a reused connection has no DNS, Connect and TLS).
type Timing struct {
	DNS       time.Duration // name resolved
	Connect   time.Duration // connected to the server
	TLS       time.Duration // handshake with the server ended
	Sent      time.Duration // last byte of the request passed on
	Head      time.Duration // head of the answer arrived
	FirstByte time.Duration // first byte of the answer's body arrived
	Done      time.Duration // last byte of the answer arrived, or the exchange ended otherwise
}

// Client tells who sent the request, as far as the operating system tells.
type Client struct {
	Addr    string // remote address, host:port
	PID     int    // 0 when not known
	Process string // executable name, empty when not known
}

// Server tells what is known about the connection to the server.
type Server struct {
	Addr       string // address connected to, host:port
	Reused     bool   // the connection had served an earlier exchange
	TLSVersion string // "TLS 1.3"; empty for plain text
	Cipher     string
	ALPN       string
	SNI        string // server name the client asked for, where it differs from the URL's host it is passed on as is
	CertSHA256 string // hex fingerprint of the leaf
	CertIssuer string
	CertNames  []string // subject alternative names of the leaf
	CertExpiry time.Time
	Unverified bool   // the certificate did not verify and the person accepted that for this host
	Via        string // upstream proxy that was used, without its credentials
}

// Fault is why something did not go as it should, in words for a person.
type Fault struct {
	Stage  Stage
	Reason string // one sentence
}

// Stage names the step at which an exchange went wrong or was left alone.
type Stage string

// The stages a Fault can name.
const (
	StageScope      Stage = "out-of-scope"   // tunnelled unread because the host is out of scope
	StagePassed     Stage = "passed-through" // tunnelled unread because the person asked for it
	StageClientTLS  Stage = "client-tls"     // the client refused our certificate or broke the handshake
	StageNotTLS     Stage = "not-tls"        // a tunnel that spoke neither TLS nor HTTP
	StageRequest    Stage = "request"        // the request was malformed or broke off
	StageDNS        Stage = "dns"
	StageConnect    Stage = "connect"
	StageTLS        Stage = "tls" // the server's certificate or handshake was not acceptable
	StageResponse   Stage = "response"
	StageClientGone Stage = "client-gone"
	StageLoop       Stage = "loop"  // the request was addressed to the proxy itself
	StageGuard      Stage = "guard" // a policy stopped it
	StageCrash      Stage = "crash" // the recorder ended before the exchange did
)
