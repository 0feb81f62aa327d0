package app

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	hexadecimal "encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"assay/report/alert"
)

// How long one attempt to send may take.
const sendPatience = 10 * time.Second

// carrier brings alerts to an outlet. One goroutine at a time calls it.
type carrier interface {
	// send brings one alert. An error that is lasting will not be another one when it is tried again.
	send(ctx context.Context, a *alert.Alert) error
	close()
}

// lastingError is an error that trying again does not mend.
type lastingError struct{ error }

// laterError says when to try again.
type laterError struct {
	error
	after time.Duration
}

func (a *App) carrier(ctx context.Context, o *Outlet) (carrier, error) {
	switch o.Kind {
	case "webhook":
		key, err := a.outletKeyOf(ctx, o)
		if err != nil {
			return nil, err
		}
		return newWebhook(o.To, a.Version, key), nil
	case "syslog":
		network, address, err := syslogPlace(o.To)
		if err != nil {
			return nil, err
		}
		host, _ := os.Hostname()
		return &syslogSender{network: network, address: address, host: host, version: a.Version, json: o.As == "json"}, nil
	default:
		return &lineFile{path: o.To, cef: o.Kind == "cef", version: a.Version}, nil
	}
}

// webhook posts each alert as JSON.
type webhook struct {
	to, agent string
	key       []byte
	client    *http.Client
}

func newWebhook(to, version string, key []byte) *webhook {
	return &webhook{to: to, agent: "assay/" + version, key: key, client: &http.Client{
		Timeout:   sendPatience,
		Transport: &http.Transport{MaxIdleConns: 1, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true}, // no proxy: the person named this address and no other
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // another address was not named
		},
	}}
}

// The headers of a signed webhook: the signature is the HMAC-SHA256 of the time, a full stop and the body.
const (
	headerTime      = "X-Assay-Time"      // Unix seconds
	headerSignature = "X-Assay-Signature" // sha256=, in hexadecimal
)

func (w *webhook) send(ctx context.Context, a *alert.Alert) error {
	body := a.JSON()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.to, bytes.NewReader(body))
	if err != nil {
		return lastingError{err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", w.agent)
	if len(w.key) > 0 {
		now := strconv.FormatInt(time.Now().Unix(), 10)
		mac := hmac.New(sha256.New, w.key)
		mac.Write([]byte(now + "."))
		mac.Write(body)
		req.Header.Set(headerTime, now)
		req.Header.Set(headerSignature, "sha256="+hexadecimal.EncodeToString(mac.Sum(nil)))
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can be used again
	switch code := resp.StatusCode; {
	case code < 300:
		return nil
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return laterError{fmt.Errorf("it answered with status %d", code), time.Duration(min(max(seconds, 0), 60)) * time.Second}
	case code < 400:
		return lastingError{fmt.Errorf("it answered with status %d: redirects are not followed", code)}
	default:
		return lastingError{fmt.Errorf("it answered with status %d", code)}
	}
}

func (w *webhook) close() { w.client.CloseIdleConnections() }

// syslogSender sends each alert as a message of RFC 5424.
type syslogSender struct {
	network, address, host, version string
	json                            bool
	conn                            net.Conn // nil while there is none
	stream                          bool     // messages need a frame
}

func (s *syslogSender) send(ctx context.Context, a *alert.Alert) error {
	inner := a.CEF(s.version)
	if s.json {
		inner = a.JSON()
	}
	message := a.Syslog(s.host, os.Getpid(), inner)
	if s.conn == nil {
		if err := s.dial(ctx); err != nil {
			return err
		}
	}
	if s.stream {
		message = alert.Octets(message)
	}
	_ = s.conn.SetWriteDeadline(time.Now().Add(sendPatience))
	if _, err := s.conn.Write(message); err != nil {
		s.close()
		return err
	}
	return nil
}

func (s *syslogSender) dial(ctx context.Context) (err error) {
	d := net.Dialer{Timeout: sendPatience}
	if s.network != "unix" {
		s.stream = s.network == "tcp"
		s.conn, err = d.DialContext(ctx, s.network, s.address)
		return err
	}
	if s.conn, err = d.DialContext(ctx, "unixgram", s.address); err == nil {
		s.stream = false
		return nil
	}
	stream, streamErr := d.DialContext(ctx, "unix", s.address)
	if streamErr != nil {
		return errors.Join(err, streamErr)
	}
	s.conn, s.stream = stream, true
	return nil
}

func (s *syslogSender) close() {
	if s.conn != nil {
		_ = s.conn.Close()
		s.conn = nil
	}
}

// lineFile writes each alert as a line at the end of a file. The file is opened for each, so that it can be moved away.
type lineFile struct {
	path, version string
	cef           bool
}

func (f *lineFile) send(_ context.Context, a *alert.Alert) error {
	line := a.JSON()
	if f.cef {
		line = a.CEF(f.version)
	}
	file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}

func (f *lineFile) close() {}
