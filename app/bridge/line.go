package bridge

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// Bounds of one connection. Its numbers are generous for a window and too small for mischief.
const (
	requestLimit = 32 << 20         // bytes of one call: a request edited in the Repeater travels in one
	callsAtOnce  = 1024             // calls of one window under way; more wait
	backlog      = 256              // messages written to nobody yet
	writeLimit   = 15 * time.Second // for one message to be read by the window
	pingEvery    = 30 * time.Second // finds a window that is gone
)

// The WebSocket's subprotocols: what is spoken, and the token, which a browser can send in no other header.
const (
	protocol    = "assay"
	tokenPrefix = "assay.token."
)

// line is one open WebSocket.
type line struct {
	bridge *Bridge
	conn   *websocket.Conn
	life   context.Context //nolint:containedctx // of this connection
	end    context.CancelFunc
	out    chan []byte
	slots  chan struct{}
}

func (b *Bridge) answerSocket(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") == "" || !b.knows(offered(r)) {
		http.Error(w, "this needs the token of the address that Assay printed", http.StatusUnauthorized)
		return
	}
	if !b.begin() {
		http.Error(w, "the window is being closed", http.StatusServiceUnavailable)
		return
	}
	defer b.tasks.Done()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}})
	if err != nil {
		return // it has answered
	}
	conn.SetReadLimit(requestLimit)
	l := &line{bridge: b, conn: conn, out: make(chan []byte, backlog), slots: make(chan struct{}, callsAtOnce)}
	l.life, l.end = context.WithCancel(b.life)
	b.mu.Lock()
	b.lines[l] = struct{}{}
	b.mu.Unlock()
	b.tasks.Go(l.write)
	l.read()
	l.end()
	b.mu.Lock()
	delete(b.lines, l)
	b.mu.Unlock()
	_ = conn.CloseNow()
}

// offered returns the token among the subprotocols.
func offered(r *http.Request) string {
	for _, field := range r.Header.Values("Sec-WebSocket-Protocol") {
		for name := range strings.SplitSeq(field, ",") {
			if token, is := strings.CutPrefix(strings.TrimSpace(name), tokenPrefix); is {
				return token
			}
		}
	}
	return ""
}

// read runs the calls that arrive until the connection ends.
func (l *line) read() {
	for {
		kind, message, err := l.conn.Read(l.life)
		if err != nil {
			return
		}
		var r request
		if kind != websocket.MessageText || json.Unmarshal(message, &r) != nil {
			_ = l.conn.Close(websocket.StatusInvalidFramePayloadData, "not a call")
			return
		}
		select {
		case l.slots <- struct{}{}:
		case <-l.life.Done():
			return
		}
		l.bridge.tasks.Go(func() {
			defer func() { <-l.slots }()
			message, err := encode(l.bridge.run(r))
			if err != nil {
				return // an answer is made of strings and JSON: it cannot fail
			}
			select {
			case l.out <- message:
			case <-l.life.Done():
			}
		})
	}
}

// post queues an event without waiting; where the queue is full the window does not read, and is cut off.
func (l *line) post(message []byte) {
	select {
	case l.out <- message:
	default:
		l.end()
	}
}

// write is the only one that writes to the connection.
func (l *line) write() {
	defer l.end()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case message := <-l.out:
			err = l.within(func(ctx context.Context) error { return l.conn.Write(ctx, websocket.MessageText, message) })
		case <-ping.C:
			err = l.within(l.conn.Ping)
		case <-l.life.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

func (l *line) within(do func(context.Context) error) error {
	ctx, done := context.WithTimeout(l.life, writeLimit)
	defer done()
	return do(ctx)
}
