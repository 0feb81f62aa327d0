package target

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Limits of a WebSocket session.
const (
	mostSaid      = 1000    // messages that a model replays
	mostSaidBytes = 8 << 20 // of them together
	mostHeard     = 20_000  // messages that are read
)

// framesOf are the messages that a model's client sends.
func framesOf(m *scanner.Model) []traffic.Frame {
	frames := make([]traffic.Frame, 0, len(m.Frames))
	for i, f := range m.Frames {
		frames = append(frames, traffic.Frame{Seq: i, Side: traffic.FromClient, Opcode: opcode(f.Binary), Wire: len(f.Data), Data: f.Data})
	}
	return slices.Clip(frames)
}

func opcode(binary bool) byte {
	if binary {
		return 2
	}
	return 1
}

// modelFrames are what the client of a recorded session said, and what it waited for.
func modelFrames(frames []traffic.Frame) ([]scanner.ModelFrame, error) {
	var said []scanner.ModelFrame
	wait, size := "", 0
	for i := range frames {
		f := &frames[i]
		switch {
		case !llm.IsMessage(f):
		case f.Side == traffic.FromServer && llm.FrameEnds(f.Data):
			wait = "answer"
		case f.Side == traffic.FromServer && wait == "":
			wait = "frame"
		case f.Side == traffic.FromClient:
			if f.Lost != "" {
				return nil, &Problem{"a message of the session was not recorded whole: " + f.Lost, "choose another one"}
			}
			if size += len(f.Data); len(said) == mostSaid || size > mostSaidBytes {
				return nil, &Problem{"the session says more than can be said again", "record a shorter one"}
			}
			said = append(said, scanner.ModelFrame{Data: f.Data, Binary: f.Opcode == 2, Wait: wait})
			wait = ""
		}
	}
	if said == nil {
		return nil, &Problem{"the client said nothing in the session", "choose another one"}
	}
	return said, nil
}

// shortTo leaves away what the client said once the prompt was answered.
func shortTo(said []scanner.ModelFrame, prompt int, frames []traffic.Frame) []scanner.ModelFrame {
	n := -1
	for i := range frames {
		f := &frames[i]
		switch {
		case !llm.IsMessage(f):
		case f.Side == traffic.FromClient:
			n++
		case n >= prompt && !llm.FrameAcknowledges(f.Data):
			return said[:n+1]
		}
	}
	return said
}

// heard is a message of the server, or why there is none.
type heard struct {
	frame traffic.Frame
	err   error
}

// socket is one WebSocket session while it is held.
type socket struct {
	*Answer
	target  *Target
	conn    *websocket.Conn
	in      <-chan heard
	size    int64 // of what the server said, in bytes
	from    int   // number of frames when the prompt was sent
	spoke   bool  // the server did, since the client's last message
	over    bool  // and ended an answer
	termed  bool  // the protocol has a word for the end of an answer
	started time.Time
}

// talk says in a WebSocket session what a model's client says, and reads the answer to the prompt.
func (t *Target) talk(ctx context.Context, out *outgoing, in llm.Input) (*Answer, error) {
	s := &socket{target: t, started: time.Now(), Answer: &Answer{Sent: out.request, Started: t.options.Now(), secrets: out.secrets}}
	family := llm.Parse(in).Family
	s.termed = family == "openai.realtime" || family == "gemini.live"
	limited, cancel := context.WithTimeout(ctx, t.options.Patience)
	defer cancel()
	err := s.dial(limited, out)
	if s.conn != nil {
		defer func() { _ = s.conn.CloseNow() }() // an orderly end would wait for the server
		err = s.hold(limited, in.Frames)
	}
	s.Total = time.Since(s.started)
	if s.conn == nil {
		if s.Status == 0 {
			return s.Answer, t.notAnswered(ctx, s.Answer, err, t.host())
		}
		in.Frames = nil
		if wrong := t.understand(s.Answer, in); s.Status >= 300 && wrong != nil {
			return s.Answer, wrong
		}
		f := failure(CodeNotHTTP, "check the path", "%s answered %d and opened no WebSocket session", t.host(), s.Status)
		f.Status, f.Err = s.Status, err
		return s.Answer, f
	}
	s.read(in)
	if err != nil {
		return s.Answer, s.broken(ctx, err)
	}
	return s.Answer, s.understand()
}

// dial opens the session.
func (s *socket) dial(ctx context.Context, out *outgoing) error {
	header, host := out.header()
	o := &websocket.DialOptions{HTTPClient: s.target.client, HTTPHeader: header, Host: host, CompressionMode: websocket.CompressionContextTakeover}
	for name := range strings.SplitSeq(strings.Join(header.Values("Sec-Websocket-Protocol"), ","), ",") {
		if name = strings.TrimSpace(name); name != "" {
			o.Subprotocols = append(o.Subprotocols, name)
		}
	}
	header.Del("Sec-Websocket-Protocol")
	conn, res, err := websocket.Dial(ctx, out.request.URL, o) //nolint:bodyclose // it is closed already
	if res != nil {
		s.Status, s.Header = res.StatusCode, traffic.FromHTTP(res.Header)
		if err != nil && res.Body != nil {
			s.Body, _ = io.ReadAll(io.LimitReader(res.Body, keptOfMuch))
		}
	}
	if err != nil {
		return err
	}
	s.conn, s.Frames = conn, []traffic.Frame{}
	conn.SetReadLimit(s.target.options.Most)
	messages := make(chan heard)
	go listen(ctx, conn, messages)
	s.in = messages
	return nil
}

// listen hands on what the server says, until it says no more or ctx ends.
func listen(ctx context.Context, conn *websocket.Conn, to chan<- heard) {
	for {
		kind, data, err := conn.Read(ctx)
		h := heard{err: err, frame: traffic.Frame{Side: traffic.FromServer, Opcode: byte(kind), Wire: len(data), Data: data}}
		select {
		case to <- h:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// hold says everything, and waits for the end of the answer.
func (s *socket) hold(ctx context.Context, frames []traffic.Frame) error {
	said := s.target.model.Frames
	prompt, known := s.target.slot.FrameNumber()
	if !known {
		prompt = len(frames) - 1
	}
	for i := range frames {
		if i < len(said) && said[i].Wait != "" {
			if err := s.wait(ctx, said[i].Wait == "answer", s.target.options.Silence); err != nil {
				return err
			}
		}
		if i == prompt {
			s.from = len(s.Frames)
		}
		kind := websocket.MessageText
		if frames[i].Opcode == 2 {
			kind = websocket.MessageBinary
		}
		if err := s.conn.Write(ctx, kind, frames[i].Data); err != nil {
			return s.last(ctx, err)
		}
		f := frames[i]
		s.add(&f)
		s.spoke, s.over = false, false
	}
	for !s.over {
		silence := s.target.options.Silence
		if s.termed || !s.spoke {
			silence = 0
		}
		if more, err := s.next(ctx, silence); err != nil || !more {
			return err
		}
	}
	return nil
}

// last prefers the server's reason to that a message could not be sent.
func (s *socket) last(ctx context.Context, err error) error {
	for {
		if more, closed := s.next(ctx, s.target.options.Silence); closed != nil {
			return closed
		} else if !more {
			return err
		}
	}
}

// wait reads until the server said something, or ended an answer; one that stays silent is not waited for.
func (s *socket) wait(ctx context.Context, answer bool, silence time.Duration) error {
	for !s.over && (answer || !s.spoke) {
		if more, err := s.next(ctx, silence); err != nil || !more {
			return err
		}
	}
	return nil
}

// next takes a message of the server; false when it was silent for so long. No silence waits as long as ctx.
func (s *socket) next(ctx context.Context, silence time.Duration) (bool, error) {
	var quiet <-chan time.Time
	if silence > 0 {
		timer := time.NewTimer(silence)
		defer timer.Stop()
		quiet = timer.C
	}
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-quiet:
		return false, nil
	case h := <-s.in:
		if h.err != nil {
			code := websocket.CloseStatus(h.err)
			if s.spoke && !s.termed && (code == websocket.StatusNormalClosure || code == websocket.StatusGoingAway || code == websocket.StatusNoStatusRcvd) {
				return false, nil // it said all
			}
			return false, h.err
		}
		if s.FirstByte == 0 {
			s.FirstByte = time.Since(s.started)
		}
		if s.size += int64(h.frame.Wire); len(s.Frames) >= mostHeard || s.size > s.target.options.Most {
			return false, errMuch
		}
		s.add(&h.frame)
		s.spoke, s.over = true, s.over || llm.FrameEnds(h.frame.Data)
		return true, nil
	}
}

func (s *socket) add(f *traffic.Frame) {
	f.Seq, f.At = len(s.Frames), time.Since(s.started)
	s.Frames = append(s.Frames, *f)
}

// read makes of the messages behind the prompt what was answered.
func (s *socket) read(in llm.Input) {
	var lines [][]byte
	for i := range s.Frames[s.from:] {
		if f := &s.Frames[s.from+i]; f.Side == traffic.FromServer {
			lines = append(lines, f.Data)
		}
	}
	s.Body = bytes.Join(lines, []byte("\n"))
	in.Status, in.ResponseHeader, in.Ended, in.Frames = s.Status, s.Header, true, s.Frames
	s.Said = llm.Parse(in)
	in.Frames = s.Frames[s.from:]
	if own := llm.Parse(in); own.Family == s.Said.Family { // an earlier answer is not the one to this prompt
		own.Model, own.System, own.Tools = s.Said.Model, s.Said.System, s.Said.Tools
		s.Said = own
	}
	if s.Text = s.Said.Answer; s.Text == "" {
		s.Text = s.Said.Refusal
	}
}

// understand finds the answer of a session that said all.
func (s *socket) understand() error {
	m := s.target.model
	if s.Said.Error != nil {
		f := failure(CodeProviderError, "do what the service says", "%s answered with an error", s.target.host())
		f.Status, f.Said = s.Status, shorten(s.Hide(saidIn(s.Answer)), 600)
		return f
	}
	if len(bytes.TrimSpace(s.Body)) == 0 {
		f := failure(CodeEmpty, "check that the session is the one of a chat", "%s said nothing in the session", s.target.host())
		f.Status = s.Status
		return f
	}
	if m.ByPath {
		text, ok := textAt(s.Body, jsonLines, m.Answer)
		if !ok {
			return failure(CodeNoAnswer, "choose another place with --answer-path", "the session has no text at %s", m.Answer)
		}
		s.Text, s.Path = text, m.Answer
		return nil
	}
	if s.Text == "" && s.Said.Family == "" {
		if found := Candidates(s.Body, jsonLines, "", ""); len(found) > 0 && found[0].Score >= enough {
			s.Text, s.Path = found[0].Text, found[0].Pointer
		}
	}
	return nil
}

// jsonLines is how the messages of a session are read together.
const jsonLines = "application/x-ndjson"

// broken says why a session broke off.
func (s *socket) broken(ctx context.Context, err error) error {
	host := s.target.host()
	ended, closed := errors.AsType[websocket.CloseError](err)
	var f *Failure
	switch {
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return context.Cause(ctx)
	case errors.Is(err, errMuch), errors.Is(err, websocket.ErrMessageTooBig):
		f = failure(CodeTooLarge, "check that the address is that of a model", "%s said more in the session than the %d MiB or %d messages that are read", host, s.target.options.Most>>20, mostHeard)
	case closed:
		f = failure(CodeCut, "see the server's log", "%s closed the session with code %d", host, int(ended.Code))
		f.Said = shorten(s.Hide(ended.Reason), 200)
	case errors.Is(err, context.DeadlineExceeded) && len(s.Body) > 0:
		f = failure(CodeEndless, "give it longer with --timeout, or ask for a shorter answer", "the answer of %s began and did not end within %s", host, s.target.options.Patience)
	case errors.Is(err, context.DeadlineExceeded):
		f = failure(CodeTimeout, "try again, or give it longer with --timeout", "%s did not answer within %s", host, s.target.options.Patience)
	default:
		f = failure(CodeCut, "try again; if it stays, see the server's log", "the session with %s broke off", host)
	}
	if f.Err = err; f.Code != CodeTimeout { // no answer came, whatever the handshake said
		f.Status = s.Status
	}
	return f
}
