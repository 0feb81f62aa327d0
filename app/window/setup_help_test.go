package window_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"assay/app"
	"assay/app/window"
	"assay/storage"
)

// office is a Desk with a home of its own whose Setup and Certificate are tried.
type office struct {
	t           *testing.T
	desk        *window.Desk
	home        *app.Home
	setup       *window.Setup
	certificate *window.Certificate
	session     *window.Session
}

func newOffice(t *testing.T, record app.RecordOptions) *office {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, home: home, desk: window.New(&app.App{Home: home, Version: "test"}, window.Options{
		Mode: window.Browser, Project: filepath.Join(t.TempDir(), "p.assay"), Record: record,
	})}
	for _, bound := range o.desk.Bound() {
		switch b := bound.(type) {
		case *window.Setup:
			o.setup = b
		case *window.Certificate:
			o.certificate = b
		case *window.Session:
			o.session = b
		}
	}
	o.desk.Start(context.WithoutCancel(t.Context()), window.Host{Emit: func(string, any) {}})
	t.Cleanup(func() {
		if err := o.desk.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

var anyPort = app.RecordOptions{Listen: "127.0.0.1:0"}

func (o *office) status() window.SetupStatus {
	o.t.Helper()
	out, err := o.setup.Status(window.Nothing{})
	if err != nil {
		o.t.Fatal(err)
	}
	return out
}

// until waits for a status.
func (o *office) until(what string, reached func(window.SetupStatus) bool) window.SetupStatus {
	o.t.Helper()
	end := time.Now().Add(30 * time.Second)
	for {
		now := o.status()
		if reached(now) {
			return now
		}
		if time.Now().After(end) {
			o.t.Fatalf("waited in vain for %s: %+v", what, now)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (o *office) rows() []storage.Row {
	o.t.Helper()
	store, err := window.Store(o.desk)
	if err != nil {
		o.t.Fatal(err)
	}
	rows, err := store.List(o.t.Context(), storage.Filter{Limit: -1, OldestFirst: true, Texts: true})
	if err != nil {
		o.t.Fatal(err)
	}
	return rows
}

// through gets a page through the recorder, as a client that trusts only the roots of the system.
func (o *office) through(listen, page string) error {
	transport := &http.Transport{
		Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: listen}), DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
	}
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, page, http.NoBody)
	if err != nil {
		return err
	}
	res, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// taken is an address on which something else listens.
func taken(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}
