package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"assay/traffic"
)

// stageError is an error whose stage and sentence are known where it happened.
type stageError struct {
	stage  traffic.Stage
	reason string
	err    error
}

func (e *stageError) Error() string { return e.reason }
func (e *stageError) Unwrap() error { return e.err }

// faultOf says in words why a server gave no answer.
func faultOf(target string, err error) *traffic.Fault {
	var staged *stageError
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(err, errLoop):
		return &traffic.Fault{Stage: traffic.StageLoop, Reason: "The request was addressed to this proxy itself (" + target + "); it was not sent, or it would have come round for ever."}
	case errors.As(err, &staged):
		return &traffic.Fault{Stage: staged.stage, Reason: staged.reason}
	case errors.As(err, &dns):
		reason := "The name " + dns.Name + " could not be resolved: " + cause(err) + "."
		if dns.IsNotFound {
			reason = "The name " + dns.Name + " does not exist in DNS."
		}
		return &traffic.Fault{Stage: traffic.StageDNS, Reason: reason}
	case errors.As(err, &op) && op.Op == "dial":
		return &traffic.Fault{Stage: traffic.StageConnect, Reason: "No connection to " + target + ": " + cause(err) + "."}
	case errors.Is(err, context.Canceled):
		return &traffic.Fault{Stage: traffic.StageClientGone, Reason: "The client left before the answer came."}
	}
	return &traffic.Fault{Stage: traffic.StageResponse, Reason: "No usable answer from " + target + ": " + cause(err) + "."}
}

// tlsReason says why a handshake with a server failed, and what to do about a certificate.
func tlsReason(target string, err error) string {
	host, _ := splitAddr(target)
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var system x509.SystemRootsError
	var record tls.RecordHeaderError
	accept := fmt.Sprintf(" If that is expected, accept the certificate for %s (Settings, Capture in the window; or assay record --accept-certificate %[1]s).", host)
	switch {
	case errors.As(err, &unknown):
		return "The certificate of " + host + " is signed by an authority this machine does not trust." + accept
	case errors.As(err, &name):
		return "The certificate of " + host + " is for another name (" + strings.Join(shown(name.Certificate), ", ") + ")." + accept
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "The certificate of " + host + " has expired or is not valid yet (until " + invalid.Cert.NotAfter.Format("2006-01-02") + ")." + accept
	case errors.As(err, &invalid), errors.As(err, &system):
		return "The certificate of " + host + " did not verify: " + cause(err) + "." + accept
	case errors.As(err, &record):
		return target + " does not speak TLS on this port."
	case errors.Is(err, context.DeadlineExceeded):
		return "The TLS handshake with " + target + " took too long."
	}
	return "The TLS handshake with " + target + " failed: " + cause(err) + "."
}

func shown(c *x509.Certificate) []string {
	names := c.DNSNames
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = []string{c.Subject.CommonName}
	}
	return names[:min(len(names), 5)]
}

// cause gives the innermost reason of an error, without the addresses and operations around it.
func cause(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused, nothing listens there"
	case errors.Is(err, syscall.ECONNRESET):
		return "the connection was reset"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection was closed before the message was complete"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "it took too long"
	}
	var op *net.OpError
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.Err
	}
	if errors.As(err, &op) && op.Err != nil {
		return op.Err.Error()
	}
	text := err.Error()
	for _, prefix := range []string{"net/http: ", "http2: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return strings.TrimSuffix(text, ".")
}
