package window

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"assay/app"
	"assay/lab"
	"assay/proxy/launch"
)

// connecting is what Setup keeps: the clients it started, the practice target, and what was counted.
type connecting struct {
	tally *tally

	mu      sync.Mutex
	next    int
	started []*client
	wait    sync.WaitGroup
	target  *target // nil while the practice target is off
	remote  bool    // other machines may be let in, until the window closes

	proxy    app.SystemProxy
	hasProxy bool
	asked    time.Time // when the system's proxy was last looked for
}

// client is a browser or terminal that was started here.
type client struct {
	id      string
	browser launch.Browser // the zero value is a terminal
	name    string
	at      time.Time
	before  counted // what had been counted of its kind when it was started
	cancel  context.CancelFunc
	ended   bool
	problem string
}

// target is the practice target at work.
type target struct {
	server *lab.Server
	cancel context.CancelFunc
}

func newConnecting() *connecting { return &connecting{tally: &tally{}} }

// stop ends what was started, and waits for it.
func (c *connecting) stop() {
	c.mu.Lock()
	for _, one := range c.started {
		one.cancel()
	}
	at := c.target
	c.target = nil
	c.mu.Unlock()
	if at != nil {
		at.cancel()
		_ = at.server.Wait() // it was asked to stop
	}
	c.wait.Wait()
}

// add remembers a client that was started.
func (c *connecting) add(one *client) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	one.id = strconv.Itoa(c.next)
	c.started = append(c.started, one)
}

// over remembers how a client ended.
func (c *connecting) over(one *client, problem string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one.ended, one.problem = true, problem
}

// end asks a client to end, and forgets one that has.
func (c *connecting) end(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started = slices.DeleteFunc(c.started, func(one *client) bool {
		if one.id == id && !one.ended {
			one.cancel()
		}
		return one.id == id && one.ended
	})
}

// clients returns copies of what was started, oldest first.
func (c *connecting) clients() []client {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]client, 0, len(c.started))
	for _, one := range c.started {
		list = append(list, *one)
	}
	return list
}

// url is the practice target's address, empty while it is off.
func (c *connecting) url() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.target == nil {
		return ""
	}
	return c.target.server.URL()
}

func (c *connecting) remotely() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.remote
}
