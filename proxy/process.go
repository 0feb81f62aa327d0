package proxy

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"assay/traffic"
)

// peer is who opened a connection to the port.
type peer struct {
	addr    string
	process atomic.Pointer[process] // nil until it is known
}

// process is a program of this machine.
type process struct {
	pid  int
	name string
}

func (p *peer) client() traffic.Client {
	c := traffic.Client{Addr: p.addr}
	if found := p.process.Load(); found != nil {
		c.PID, c.Process = found.pid, found.name
	}
	return c
}

// processes finds out which program is behind a connection, beside the traffic: when there are too many to look up,
// some stay unknown.
type processes struct {
	waiting chan lookup
}

type lookup struct {
	peer         *peer
	client, port netip.AddrPort
}

func newProcesses() *processes { return &processes{waiting: make(chan lookup, 256)} }

// peer describes the client of a connection and has its program looked up.
func (s *processes) peer(c net.Conn) *peer {
	p := &peer{addr: c.RemoteAddr().String()}
	client, err1 := netip.ParseAddrPort(p.addr)
	port, err2 := netip.ParseAddrPort(c.LocalAddr().String())
	if err1 != nil || err2 != nil || !client.Addr().Unmap().IsLoopback() {
		return p
	}
	select {
	case s.waiting <- lookup{p, client, port}:
	default:
	}
	return p
}

// work looks up until ctx ends.
func (s *processes) work(ctx context.Context) {
	var finder finder
	for {
		select {
		case <-ctx.Done():
			return
		case l := <-s.waiting:
			began := time.Now()
			if found := finder.find(l.client, l.port); found != nil {
				l.peer.process.Store(found)
			}
			if took := time.Since(began); took > time.Millisecond { // a tenth of one core is enough for this
				pause(ctx, 9*took)
			}
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
