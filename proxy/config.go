package proxy

import (
	"crypto/tls"
	"log/slog"
	"net/url"

	"assay/traffic"
)

// Recorder takes what happened. It is called on the path of the traffic.
type Recorder interface {
	// NextID gives the identity of an exchange that begins now.
	NextID() traffic.ID
	// Record takes one event and everything it points to. It must not block.
	Record(traffic.Event)
}

// Authority gives the certificates with which clients are answered.
type Authority interface {
	// Leaf gives a certificate for a host name or IP address, without port.
	Leaf(name string) (*tls.Certificate, error)
}

// Config says how a Server listens, whom it answers and where it sends things. Only Authority is needed; the zero
// value of everything else is a sensible default.
type Config struct {
	// Listen is the address of the port, host:port. An empty host means 127.0.0.1, port 0 any free port.
	// Empty means 127.0.0.1:0.
	Listen string
	// AllowRemote permits addresses that other machines can reach. Whoever reaches the port can use the proxy.
	AllowRemote bool

	Authority Authority
	Recorder  Recorder // nil: nothing is recorded
	Scope     *Scope   // nil: everything is decrypted
	Guard     Guard    // nil: nothing is stopped
	Upstream  Upstream

	// Reverse is where requests with a relative URL go (a client that was given http://127.0.0.1:PORT as base URL).
	Reverse *url.URL
	// Providers are the base URLs behind /r/NAME/.
	Providers map[string]*url.URL

	// PassRefused adds a host to the scope's pass-through list when a client has refused our certificate for it.
	PassRefused bool
	// Root is the certificate of the authority in PEM, served at /ca.pem of the port.
	Root []byte

	Log *slog.Logger // nil: silent
}

type nobody struct{}

func (nobody) NextID() traffic.ID   { return 0 }
func (nobody) Record(traffic.Event) {}
