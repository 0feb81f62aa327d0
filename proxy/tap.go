package proxy

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"

	"assay/traffic"
)

// tap is the RoundTripper through which every exchange goes. It copies what passes to the recording; the bytes and
// their pace are the transport's.
type tap struct {
	next  http.RoundTripper
	guard Guard
}

// RoundTrip sends a request on and gives the answer, both tapped.
func (t *tap) RoundTrip(req *http.Request) (*http.Response, error) {
	rec := recordingOf(req.Context())
	start := requestLine
	if rec.route.source == traffic.SourceReverse || req.Host != rec.x.Request.Host {
		start = reroutedLine
	}
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), rec.trace(start)))
	if _, own := req.Body.(*ownBody); !own && req.Body != nil && req.Body != http.NoBody { // a sender's tells by itself
		req.Body = &bodyTap{ReadCloser: req.Body, rec: rec, side: traffic.FromClient, trailer: &req.Trailer}
	}
	if resp := t.guard.Request(req); resp != nil {
		rec.fail(stoppedBy(resp))
		return resp, nil
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	rec.answered(resp)
	t.watch(rec, resp)
	resp.Request = req // as the guard saw it
	t.guard.Response(resp)
	noted(rec, resp)
	return resp, nil
}

// watch taps the body of an answer, or both directions after an upgrade.
func (t *tap) watch(rec *recording, resp *http.Response) {
	if both, ok := resp.Body.(io.ReadWriteCloser); ok && resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body = newUpgradeTap(both, rec, resp.Header)
		return
	}
	if resp.Body == nil || resp.Body == http.NoBody {
		rec.bodyEnd(traffic.FromServer, nil)
		return
	}
	resp.Body = &bodyTap{ReadCloser: resp.Body, rec: rec, side: traffic.FromServer, trailer: &resp.Trailer}
}

// bodyTap copies a body to the recording as it is read.
type bodyTap struct {
	io.ReadCloser
	rec     *recording
	side    traffic.Side
	trailer *http.Header
}

func (b *bodyTap) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.rec.data(b.side, p[:n])
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		b.rec.trailers(b.side, *b.trailer)
		b.rec.bodyEnd(b.side, nil)
	default:
		b.rec.bodyEnd(b.side, err)
	}
	return n, err
}
