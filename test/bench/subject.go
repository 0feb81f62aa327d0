package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"assay/proxy"
	"assay/proxy/ca"
)

// subject is a way to reach the server: directly, or through a proxy that runs as a process of its own.
type subject struct {
	name string
	proc *process // nil: direct
	addr string   // of the proxy
}

func (s *subject) stop() { s.proc.stop() }

// client is a new client with its own connections.
func (s *subject) client(conns int, h2 bool) *http.Client {
	t := &http.Transport{
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // a certificate made a second ago
		MaxIdleConnsPerHost: conns, MaxConnsPerHost: 0, DisableCompression: true, ForceAttemptHTTP2: h2,
	}
	if s.addr != "" {
		t.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: s.addr})
	}
	return &http.Client{Transport: t}
}

func (b *bench) direct() *subject { return &subject{name: "direct"} }

// recording is the program as a person starts it, with a new project.
func (b *bench) recording(ctx context.Context) (*subject, error) {
	dir, err := os.MkdirTemp(b.dir, "project-")
	if err != nil {
		return nil, err
	}
	args := []string{"record", "--json", "--listen", "127.0.0.1:0", "--insecure-upstream", "--project", filepath.Join(dir, "bench.assay")}
	p, err := start(ctx, b.assay, args, []string{"ASSAY_HOME=" + filepath.Join(b.dir, "home"), "ASSAY_KEYRING=file"})
	if err != nil {
		return nil, err
	}
	var line struct{ Listen string }
	if err := json.Unmarshal([]byte(p.ready), &line); err != nil {
		p.stop()
		return nil, err
	}
	return &subject{"assay, recording to disk", p, line.Listen}, nil
}

// null is the same proxy without a recorder.
func (b *bench) null(ctx context.Context) (*subject, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, self, []string{"null"}, []string{"BENCH_CA=" + filepath.Join(b.dir, "ca")})
	if err != nil {
		return nil, err
	}
	return &subject{"assay, not recording", p, p.ready}, nil
}

// serveNull is the process behind null.
func serveNull(ctx context.Context) error {
	authority, err := ca.Load(os.Getenv("BENCH_CA"))
	if err != nil {
		return err
	}
	s, err := proxy.New(proxy.Config{Listen: "127.0.0.1:0", Authority: authority, Upstream: proxy.Upstream{Insecure: true}})
	if err != nil {
		return err
	}
	if err := s.Listen(ctx); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, s.Addr())
	return s.Serve(ctx)
}

// mitmdump is the peer, where it is installed: Debian's mitmproxy, writing to a file.
func (b *bench) mitmdump(ctx context.Context) (*subject, error) {
	path, err := exec.LookPath("mitmdump")
	if err != nil {
		return nil, nil //nolint:nilnil // no peer here, which the caller says
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(addr)
	p, err := listening(ctx, addr, path, "-q", "--listen-host", "127.0.0.1", "-p", port, "--set", "ssl_insecure=true",
		"--set", "confdir="+filepath.Join(b.dir, "mitm"), "-w", filepath.Join(b.dir, "flows"))
	if err != nil {
		return nil, err
	}
	time.Sleep(time.Second)
	return &subject{"mitmdump 8.1.1, writing to disk", p, addr}, nil
}

// subjects starts each proxy in turn, so that only one runs at a time, and hands it over with the direct path.
func (b *bench) each(ctx context.Context, measure func(*subject) error) error {
	makers := []func(context.Context) (*subject, error){
		func(context.Context) (*subject, error) { return b.direct(), nil }, b.null, b.recording, b.mitmdump,
	}
	for _, make := range makers {
		s, err := make(ctx)
		if err != nil {
			return err
		}
		if s == nil {
			row("mitmdump", "not installed (Debian package mitmproxy)")
			continue
		}
		err = measure(s)
		s.stop()
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}
