package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"

	"assay/report/otlp"
)

// otlpSender posts requests of OTLP over HTTP, in protobuf with gzip.
type otlpSender struct {
	to, agent string
	header    http.Header
	client    *http.Client
	first     time.Duration // the first wait before trying again
	patience  time.Duration // for one request, all its tries together
}

// mostOTLPAnswer bounds what is read of an answer, in bytes.
const mostOTLPAnswer = 1 << 20

func newOTLPSender(to, version string, header http.Header) *otlpSender {
	return &otlpSender{to: to, agent: "assay/" + version, header: header, first: 500 * time.Millisecond, patience: otlpPatience, client: &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{MaxIdleConns: 2, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true}, // no proxy: the person named this address and no other
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // another address was not named, and would get the headers
		},
	}}
}

func (s *otlpSender) close() { s.client.CloseIdleConnections() }

// send posts one request, and tries again where the collector says that it may be tried again (OTLP 1.7, failures): 429, 502,
// 503, 504 and what breaks on the way. It says how often it tried, and what the collector rejected of what it took.
func (s *otlpSender) send(ctx context.Context, data []byte) (tries, rejected int64, why string, err error) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(data); err != nil {
		return 0, 0, "", err
	}
	if err := z.Close(); err != nil {
		return 0, 0, "", err
	}
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval = s.first, 20*time.Second
	body, err := backoff.Retry(ctx, func() ([]byte, error) {
		tries++
		return s.post(ctx, packed.Bytes())
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(6), backoff.WithMaxElapsedTime(s.patience))
	if err != nil {
		return tries, 0, "", plainError(err)
	}
	if rejected, why, err = otlp.Answer(body); err != nil {
		return tries, 0, "", nil //nolint:nilerr // it took the spans: what it says of them in a form of its own is not known
	}
	return tries, rejected, why, nil
}

// post makes one try.
func (s *otlpSender) post(ctx context.Context, packed []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.to, bytes.NewReader(packed))
	if err != nil {
		return nil, backoff.Permanent(err)
	}
	maps.Copy(req.Header, s.header)
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("Content-Encoding", "gzip")
	req.Header.Set("User-Agent", s.agent)
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostOTLPAnswer))
	switch code := resp.StatusCode; {
	case code < 300:
		return body, err
	case code == http.StatusTooManyRequests, code == http.StatusBadGateway, code == http.StatusServiceUnavailable, code == http.StatusGatewayTimeout:
		if after := retryAfter(resp.Header.Get("Retry-After"), time.Now()); after > 0 {
			return nil, fmt.Errorf("%w, and asks for time: %w", refusedWith(code, nil), backoff.RetryAfter(after))
		}
		return nil, refusedWith(code, nil)
	case code < 400:
		return nil, backoff.Permanent(fmt.Errorf("it answered with status %d: redirects are not followed", code))
	default:
		return nil, backoff.Permanent(refusedWith(code, body))
	}
}

// refusedWith tells of an answer that took nothing.
func refusedWith(code int, body []byte) error {
	if text := Harmless(string(body), 200); text != "" {
		return fmt.Errorf("it answered with status %d: %s", code, text)
	}
	return fmt.Errorf("it answered with status %d", code)
}

// retryAfter is how many seconds a server asks to wait, at most what is waited in all; 0 where it does not say.
func retryAfter(value string, now time.Time) int {
	most := int(otlpPatience.Seconds())
	if n, err := strconv.Atoi(value); err == nil {
		return min(max(n, 0), most)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(int(at.Sub(now).Seconds())+1, 0), most)
	}
	return 0
}

// plainError is an error without what is only for trying again.
func plainError(err error) error {
	var permanent *backoff.PermanentError
	if errors.As(err, &permanent) {
		return permanent.Unwrap()
	}
	return err
}
