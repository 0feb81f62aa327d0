package target

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Code names why there is no answer. The words are a contract with scripts.
type Code string

// The codes.
const (
	CodeUnauthorized  Code = "unauthorized"    // 401: the key is wrong or missing
	CodeForbidden     Code = "forbidden"       // 403: the key may not do this
	CodeNoCredit      Code = "no-credit"       // 402, or 429 for want of money
	CodeNoModel       Code = "model-not-found" // the service has no such model
	CodeWrongPath     Code = "wrong-path"      // the server has nothing at this path
	CodeRateLimited   Code = "rate-limited"    // 429
	CodeBadRequest    Code = "bad-request"     // another 4xx: the service does not take this request
	CodeServerError   Code = "server-error"    // 5xx
	CodeRedirect      Code = "redirect"        // 3xx: redirects are not followed
	CodeRefused       Code = "refused"         // nobody listens at the port
	CodeUnreachable   Code = "unreachable"     // no way to the host
	CodeDNS           Code = "dns"             // the host's name is not known
	CodeTimeout       Code = "timeout"         // no answer in time
	CodeEndless       Code = "endless"         // the answer began and did not end in time
	CodeTooLarge      Code = "too-large"       // the answer is larger than is read
	CodeCut           Code = "cut"             // the answer broke off
	CodeReset         Code = "reset"           // the connection was closed before an answer
	CodeUnknownCA     Code = "tls-unknown-ca"  // the certificate is signed by nobody this machine trusts
	CodeExpired       Code = "tls-expired"     // the certificate is expired, or not yet valid
	CodeWrongName     Code = "tls-wrong-name"  // the certificate is for another host
	CodeTLS           Code = "tls"             // another fault of TLS
	CodePlain         Code = "tls-not-spoken"  // https was asked of a port that speaks plain HTTP, or the reverse
	CodeNotHTTP       Code = "not-http"        // what answers does not speak HTTP
	CodeNotJSON       Code = "not-json"        // a page or something else that is no answer of an API
	CodeEmpty         Code = "empty"           // a success without a body
	CodeNoAnswer      Code = "no-answer"       // JSON in which no answer is found
	CodeProviderError Code = "provider-error"  // an error in an answer that says success
	CodeNoSecret      Code = "no-secret"       // a key that the request needs is not there
	CodeNotSent       Code = "not-sent"        // the request could not be made
)

// Failure is why there is no answer: what happened in one sentence, the provider's own words, the cause, and one thing
// to do about it.
type Failure struct {
	Code       Code
	Status     int           // of HTTP; 0 when no answer came
	Said       string        // the provider's own sentence, made free of secrets; empty when it said nothing
	What       string        // one sentence
	Fix        string        // one thing to do
	RetryAfter time.Duration // as the server asked; 0 when it did not
	Err        error         // what the network said
}

// Error is the sentence with the provider's own words.
func (f *Failure) Error() string {
	s := f.What
	if f.Said != "" {
		s += ": " + f.Said
	}
	return s
}

// Unwrap returns what the network said.
func (f *Failure) Unwrap() error { return f.Err }

func failure(code Code, fix, format string, args ...any) *Failure {
	return &Failure{Code: code, Fix: fix, What: fmt.Sprintf(format, args...)}
}

// networkFailure says why no answer came from host.
func networkFailure(err error, host string, patience time.Duration) *Failure {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err // without the address, which may hold a key
	}
	f := tlsFailure(err, host)
	if f == nil {
		f = connectFailure(err, host, patience)
	}
	f.Err = err
	return f
}

func tlsFailure(err error, host string) *Failure {
	name, _, splitErr := net.SplitHostPort(host)
	if splitErr != nil {
		name = host
	}
	if e, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		by := ""
		if e.Cert != nil && e.Cert.Issuer.CommonName != "" {
			by = " (" + e.Cert.Issuer.CommonName + ")"
		}
		return failure(CodeUnknownCA, "if the certificate is your own, name the one that signed it with --ca FILE", "this machine does not trust who signed the certificate of %s%s", name, by)
	}
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		for_ := "another host"
		if e.Certificate != nil && len(e.Certificate.DNSNames) > 0 {
			for_ = strings.Join(e.Certificate.DNSNames[:min(len(e.Certificate.DNSNames), 4)], ", ")
		}
		return failure(CodeWrongName, "use the name that the certificate is for", "the certificate of %s is for %s", name, for_)
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if e.Reason == x509.Expired {
			when := "has expired"
			if e.Cert != nil && time.Now().Before(e.Cert.NotBefore) {
				when = "is not valid yet"
			}
			return failure(CodeExpired, "renew the certificate, or check this machine's clock", "the certificate of %s %s", name, when)
		}
		return failure(CodeTLS, "look at the server's certificate", "the certificate of %s cannot be used", name)
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || errors.Is(err, http.ErrSchemeMismatch) {
		return failure(CodePlain, "write http:// instead of https://", "%s does not speak TLS at this port", host)
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return failure(CodeTLS, "the server may want a client certificate or another version of TLS", "%s ended the TLS handshake", name)
	}
	if e := new(tls.CertificateVerificationError); errors.As(err, &e) {
		return failure(CodeTLS, "look at the server's certificate", "the certificate of %s cannot be verified", name)
	}
	return nil
}

func connectFailure(err error, host string, patience time.Duration) *Failure {
	var dns *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &dns):
		return failure(CodeDNS, "check the address for a slip of the pen, and whether this machine is online", "the host %s is not known", dns.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return failure(CodeRefused, "start the service, or check the port", "nobody listens at %s", host)
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return failure(CodeUnreachable, "check whether this machine is online and the host is up", "there is no way to %s", host)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return failure(CodeTimeout, "try again, or give it longer with --timeout", "%s did not answer within %s", host, patience)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.EPIPE):
		return failure(CodeReset, "see the server's log; perhaps the port speaks TLS and the address says http://", "%s closed the connection without an answer", host)
	case strings.Contains(err.Error(), "headers exceeded"), strings.Contains(err.Error(), "too many 1xx"):
		return failure(CodeTooLarge, "see the server's log", "%s answered with more headers than are read", host)
	case strings.Contains(err.Error(), "Content-Length"), strings.Contains(err.Error(), "malformed HTTP"), strings.Contains(err.Error(), "readLoopPeekFail"): // it spoke first
		return failure(CodeNotHTTP, "check the port", "what answers at %s does not speak HTTP", host)
	}
	return failure(CodeNotSent, "look at the cause", "the request could not be sent to %s: %s", host, shorten(err.Error(), 200))
}

// shorten cuts a text at most so many runes long.
func shorten(text string, most int) string {
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i] + "…"
		}
	}
	return text
}
