package callback

import (
	"net"
	"sync"
)

// bounded takes as many connections as it has places; further ones wait with the system until one is free.
type bounded struct {
	net.Listener
	places chan struct{}
}

// Accept takes the next connection. It holds no place while it waits, so that closing the listener always ends it.
func (b *bounded) Accept() (net.Conn, error) {
	conn, err := b.Listener.Accept()
	if err != nil {
		return nil, err
	}
	b.places <- struct{}{}
	return &placed{Conn: conn, leave: sync.OnceFunc(func() { <-b.places })}, nil
}

// placed is a connection that gives its place back.
type placed struct {
	net.Conn
	leave func()
}

// Close ends the connection.
func (c *placed) Close() error {
	c.leave()
	return c.Conn.Close()
}
