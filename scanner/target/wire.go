package target

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"assay/traffic"
)

// newTransport goes straight to the host: no proxy of the environment, which a test would then attack instead.
func newTransport(roots *x509.CertPool, patience time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: min(patience, 15*time.Second), KeepAlive: 30 * time.Second}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    min(patience, 15*time.Second),
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // the answer's coding is undone here, within limits
		MaxResponseHeaderBytes: 1 << 20,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        30 * time.Second,
	}
}

// skipped are headers that whoever sends a request makes anew.
var skipped = map[string]bool{
	"host": true, "content-length": true, "transfer-encoding": true, "connection": true, "keep-alive": true,
	"proxy-connection": true, "upgrade": true, "te": true, "trailer": true, "accept-encoding": true, "expect": true,
	"sec-websocket-key": true, "sec-websocket-version": true, "sec-websocket-extensions": true, "sec-websocket-accept": true,
}

// carry sends a request and reads what comes back within the limits of the target.
func (t *Target) carry(ctx context.Context, out *outgoing) (*Answer, error) {
	a := &Answer{Sent: out.request, Started: t.options.Now(), secrets: out.secrets}
	limited, cancel := context.WithTimeout(ctx, t.options.Patience)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, out.request.Method, out.request.URL, bytes.NewReader(out.request.Body.Data))
	if err != nil {
		return nil, &Failure{Code: CodeNotSent, What: "the request cannot be made", Fix: "check the address and the method", Err: err, Said: hide(err.Error(), out.secrets)}
	}
	if header, host := out.header(); host != "" {
		req.Header, req.Host = header, host
	} else {
		req.Header = header
	}
	start := time.Now()
	res, err := t.client.Do(req)
	if err != nil {
		a.Total = time.Since(start)
		return a, t.notAnswered(ctx, a, err, req.URL.Host)
	}
	defer res.Body.Close()
	a.Status, a.Header = res.StatusCode, traffic.FromHTTP(res.Header)
	err = t.read(a, res, start)
	a.Total = time.Since(start)
	if err != nil {
		return a, t.broken(ctx, a, err, req.URL.Host)
	}
	return a, nil
}

// header is what the request says of itself, and the host that it names; empty for the one of its address.
func (out *outgoing) header() (header http.Header, host string) {
	header = http.Header{"User-Agent": {"assay"}}
	for _, f := range out.request.Header {
		name := http.CanonicalHeaderKey(f.Name)
		switch {
		case strings.EqualFold(name, "Host"):
			host = f.Value
		case name == "User-Agent":
			header[name] = []string{f.Value}
		case !skipped[strings.ToLower(name)]:
			header[name] = append(header[name], f.Value)
		}
	}
	return header, host
}

// errMuch says that an answer is larger than is read.
var errMuch = errors.New("the answer is too large")

// keptOfMuch is how many bytes are kept of an answer that is too large: enough to see what it is.
const keptOfMuch = 64 << 10

// read takes the body as it arrives and undoes its content coding. One that says that it is too large is not read on.
func (t *Target) read(a *Answer, res *http.Response, start time.Time) error {
	first := &firstByte{r: res.Body, start: start}
	most, much := t.options.Most, res.ContentLength > t.options.Most
	if much {
		most = min(most, keptOfMuch)
	}
	pieces, n, err := readPieces(first, most)
	a.FirstByte = first.at
	if err == nil && (much || n > most) {
		if a.Body = bytes.Join(pieces[:min(len(pieces), morePieces)], nil); len(a.Body) > keptOfMuch {
			a.Body = bytes.Clone(a.Body[:keptOfMuch])
		}
		return errMuch
	}
	if a.Body = bytes.Join(pieces, nil); err != nil {
		return err
	}
	decoded, _, err := traffic.Decode(a.Body, strings.Join(a.Header.Values("Content-Encoding"), ","), t.options.Most+1)
	if int64(len(decoded)) > t.options.Most {
		a.Body = bytes.Clone(decoded[:min(t.options.Most, keptOfMuch)])
		return errMuch
	}
	if err == nil {
		a.Body = decoded
	}
	return nil
}

// Pieces grow from the first size to the last; the first so many hold keptOfMuch.
const (
	firstPiece = 4 << 10
	lastPiece  = 512 << 10
	morePieces = 5 // 4 + 8 + 16 + 32 + 64 KiB
)

// readPieces reads at most one byte more than most, in pieces: one buffer that grows would hold twice as much.
func readPieces(r io.Reader, most int64) (pieces [][]byte, n int64, err error) {
	var piece []byte // the one being filled
	for size := int64(firstPiece); n <= most; {
		if len(piece) == cap(piece) {
			piece = make([]byte, 0, min(size, most+1-n))
			pieces, size = append(pieces, nil), min(2*size, lastPiece)
		}
		k, err := r.Read(piece[len(piece):cap(piece)])
		piece = piece[:len(piece)+k]
		pieces[len(pieces)-1] = piece
		n += int64(k)
		if errors.Is(err, io.EOF) {
			return pieces, n, nil
		}
		if err != nil {
			return pieces, n, err
		}
	}
	return pieces, n, nil
}

// firstByte notes when the first byte came.
type firstByte struct {
	r     io.Reader
	start time.Time
	at    time.Duration
}

func (f *firstByte) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if n > 0 && f.at == 0 {
		f.at = time.Since(f.start)
	}
	return n, err
}

// notAnswered says why there is no head of an answer.
func (t *Target) notAnswered(ctx context.Context, a *Answer, err error, host string) error {
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	f := networkFailure(err, host, t.options.Patience)
	f.What = a.Hide(f.What)
	return f
}

// broken says why an answer is not whole.
func (t *Target) broken(ctx context.Context, a *Answer, err error, host string) error {
	var network net.Error
	var f *Failure
	switch {
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return context.Cause(ctx)
	case errors.Is(err, errMuch):
		f = failure(CodeTooLarge, "check that the address is that of a model and not of a download", "the answer of %s is larger than the %d MiB that are read", host, t.options.Most>>20)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		f = failure(CodeEndless, "give it longer with --timeout, or ask for a shorter answer", "the answer of %s began and did not end within %s (%d bytes came)", host, t.options.Patience, len(a.Body))
	default:
		f = failure(CodeCut, "try again; if it stays, see the server's log", "the answer of %s broke off after %d bytes", host, len(a.Body))
	}
	f.Status, f.Err = a.Status, err
	return f
}
