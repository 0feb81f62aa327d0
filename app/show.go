package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// ShowOptions say how an exchange is shown.
type ShowOptions struct {
	View     string // chat, pretty, raw, stream, json
	Colour   bool
	Terminal bool // make control characters of bodies visible: what is printed reaches a terminal
}

// Show prints one exchange.
func (a *App) Show(ctx context.Context, path, id string, o ShowOptions, w io.Writer) error {
	n, err := exchangeID(id)
	if err != nil {
		return err
	}
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return err
	}
	defer p.Close()
	x, conv, err := p.Understand(ctx, n)
	if err != nil {
		return err
	}
	s := shown{ctx: ctx, project: p, x: x, conv: conv, options: o, w: w}
	switch o.View {
	case "chat", "":
		if conv.Family == "" {
			return s.pretty()
		}
		c := chat{w: w, colour: o.Colour}
		c.conversation(x, conv)
		return c.err
	case "pretty":
		return s.pretty()
	case "raw":
		return s.raw()
	case "stream":
		return s.stream()
	case "json":
		return s.json(a)
	}
	return usagef("the views are chat, pretty, raw, stream and json", "there is no view %q", o.View)
}

// shown is one exchange on its way to a person.
type shown struct {
	ctx     context.Context
	project *storage.Project
	x       *traffic.Exchange
	conv    *llm.Conversation
	options ShowOptions
	w       io.Writer
}

func (s *shown) write(text string) error {
	if s.options.Terminal {
		text = Visible(text)
	}
	_, err := io.WriteString(s.w, text)
	return err
}

// heads are the request's and the answer's first lines and headers, as HTTP/1.1 would say them.
func (s *shown) heads() (request, response string) {
	r := s.x.Request
	request = fmt.Sprintf("%s %s %s\n%s", r.Method, r.URL, r.Proto, lines(r.Header))
	if a := s.x.Response; a != nil {
		response = strings.TrimRight(fmt.Sprintf("%s %d %s", a.Proto, a.Status, a.Reason), " ") + "\n" + lines(a.Header)
	}
	return request, response
}

func lines(h traffic.Header) string {
	var b strings.Builder
	for _, f := range h {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	return b.String()
}

func (s *shown) pretty() error {
	request, response := s.heads()
	if err := s.write(request + "\n"); err != nil {
		return err
	}
	if err := s.prettyBody(traffic.FromClient); err != nil {
		return err
	}
	if s.x.Response != nil {
		if err := s.write("\n" + response + "\n"); err != nil {
			return err
		}
		if err := s.prettyBody(traffic.FromServer); err != nil {
			return err
		}
	}
	if s.x.Kind == traffic.KindWebSocket {
		if err := s.frames(); err != nil {
			return err
		}
	}
	if f := s.x.Fault; f != nil {
		return s.write(fmt.Sprintf("\n%s: %s\n", f.Stage, f.Reason))
	}
	return nil
}

func (s *shown) prettyBody(side traffic.Side) error {
	var notes []string
	body, err := s.project.Content(s.ctx, s.x, side, &notes)
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	switch {
	case len(body) == 0:
	case json.Indent(&indented, body, "", "  ") == nil:
		err = s.write(indented.String() + "\n")
	case utf8.Valid(body):
		err = s.write(string(body) + "\n")
	default:
		err = s.write(fmt.Sprintf("[%s of bytes that are not text; --view raw writes them]\n", Bytes(int64(len(body)))))
	}
	for _, n := range notes {
		if err == nil {
			err = s.write("[" + n + "]\n")
		}
	}
	return err
}

// raw writes heads and bodies as they travelled; to a terminal only what cannot command it.
func (s *shown) raw() error {
	request, response := s.heads()
	if err := s.write(request + "\n"); err != nil {
		return err
	}
	if err := s.rawBody(traffic.FromClient); err != nil || s.x.Response == nil {
		return err
	}
	if err := s.write("\n" + response + "\n"); err != nil {
		return err
	}
	return s.rawBody(traffic.FromServer)
}

func (s *shown) rawBody(side traffic.Side) error {
	body, err := s.project.Body(s.ctx, s.x.ID, side)
	if err != nil {
		return err
	}
	defer body.Close()
	if !s.options.Terminal {
		_, err = io.Copy(s.w, body)
		return err
	}
	text, err := io.ReadAll(io.LimitReader(body, mostShown))
	if err != nil {
		return err
	}
	return s.write(string(text))
}

// stream prints when the pieces of the answer arrived.
func (s *shown) stream() error {
	if s.x.Kind == traffic.KindWebSocket {
		return s.frames()
	}
	var last time.Duration
	n := 0
	for seg, err := range s.project.Segments(s.ctx, s.x.ID, traffic.FromServer) {
		if err != nil {
			return err
		}
		n++
		line := fmt.Sprintf("%4d  %9.1f ms  +%8.1f  %7d B  %s\n", n, ms(seg.At), ms(seg.At-last), len(seg.Data), Harmless(string(seg.Data), 90))
		if err := s.write(line); err != nil {
			return err
		}
		last = seg.At
	}
	return nil
}

// mostShown is how much of a raw body is shown on a terminal.
const mostShown = 16 << 20

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (s *shown) frames() error {
	frames, err := s.project.Frames(s.ctx, s.x.ID, 0, 0)
	if err != nil {
		return err
	}
	for _, f := range frames {
		text := fmt.Sprintf("[%d bytes]", len(f.Data))
		if f.Opcode == 1 || f.Opcode == 8 && utf8.Valid(f.Data) {
			text = Harmless(string(f.Data), 2000)
		}
		if err := s.write(fmt.Sprintf("%4d  %9.1f ms  %-6s  %s\n", f.Seq, ms(f.At), f.Side, text)); err != nil {
			return err
		}
	}
	return nil
}

// body64 is a body in JSON: as text where it is text, else in base64.
func (s *shown) body64(side traffic.Side) (text, b64 string, err error) {
	body, _, err := s.project.ReadBody(s.ctx, s.x.ID, side, 0)
	if err != nil {
		return "", "", err
	}
	if utf8.Valid(body) {
		return string(body), "", nil
	}
	return "", base64.StdEncoding.EncodeToString(body), nil
}
