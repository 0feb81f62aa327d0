package proxy

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"assay/traffic"
)

// Opcodes of RFC 6455 section 5.2.
const (
	opContinuation = 0
	opText         = 1
	opBinary       = 2
	opClose        = 8
	opPing         = 9
	opPong         = 10
)

// Bounds of what is kept of one message. The traffic has none.
const (
	maxMessage  = 16 << 20 // payload as it travelled
	maxInflated = 32 << 20
	window      = 32 << 10 // of DEFLATE
	maxControl  = 125
)

// deflate is what the peers agreed on with permessage-deflate (RFC 7692 section 7.1).
type deflate struct {
	on          bool
	serverFresh bool // server_no_context_takeover
	clientFresh bool // client_no_context_takeover
}

func parseDeflate(values []string) deflate {
	var d deflate
	for extension := range strings.SplitSeq(strings.Join(values, ","), ",") {
		name, parameters, _ := strings.Cut(extension, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "permessage-deflate") {
			continue
		}
		d.on = true
		for parameter := range strings.SplitSeq(parameters, ";") {
			key, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(parameter)), "=")
			d.serverFresh = d.serverFresh || key == "server_no_context_takeover"
			d.clientFresh = d.clientFresh || key == "client_no_context_takeover"
		}
	}
	return d
}

func (d deflate) client() inflater { return inflater{on: d.on, fresh: d.clientFresh} }
func (d deflate) server() inflater { return inflater{on: d.on, fresh: d.serverFresh} }

// frames reads one direction of a WebSocket connection, from whatever pieces its bytes come in.
type frames struct {
	side    traffic.Side
	inflate inflater
	emit    func(traffic.Frame)

	header []byte // of the frame that is being read, until it is whole
	left   uint64 // payload bytes of it that are missing
	mask   [4]byte
	masked bool
	pos    int // within the mask
	opcode byte
	fin    bool

	message message // being put together from fragments
	control message // may come between fragments
	broken  bool
}

// message is what is known of a message until its last fragment.
type message struct {
	open       bool
	opcode     byte
	compressed bool
	wire       int
	data       []byte
	lost       string
}

func newFrames(side traffic.Side, in inflater, emit func(traffic.Frame)) *frames {
	return &frames{side: side, inflate: in, emit: emit}
}

func (f *frames) feed(p []byte, at time.Duration) {
	for len(p) > 0 && !f.broken {
		if f.left == 0 {
			p = f.feedHeader(p, at)
			continue
		}
		n := int(min(f.left, uint64(len(p))))
		f.payload(p[:n])
		p, f.left = p[n:], f.left-uint64(n)
		if f.left == 0 {
			f.frameEnd(at)
		}
	}
}

// feedHeader collects the header of a frame, byte by byte: it is at most 14 long.
func (f *frames) feedHeader(p []byte, at time.Duration) []byte {
	for i, b := range p {
		f.header = append(f.header, b)
		if len(f.header) < 2 || len(f.header) < headerSize(f.header[1]) {
			continue
		}
		f.frameBegin(at)
		f.header = f.header[:0]
		return p[i+1:]
	}
	return nil
}

func headerSize(second byte) int {
	size := 2
	switch second & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if second&0x80 != 0 {
		size += 4
	}
	return size
}

func (f *frames) frameBegin(at time.Duration) {
	h := f.header
	f.fin, f.opcode = h[0]&0x80 != 0, h[0]&0x0f
	f.masked, f.pos = h[1]&0x80 != 0, 0
	f.left = uint64(h[1] & 0x7f)
	rest := h[2:]
	switch f.left {
	case 126:
		f.left, rest = uint64(binary.BigEndian.Uint16(rest)), rest[2:]
	case 127:
		f.left, rest = binary.BigEndian.Uint64(rest), rest[8:]
	}
	if f.masked {
		f.mask = [4]byte(rest)
	}
	if why := f.check(h[0]); why != "" {
		f.broken = true
		f.emit(traffic.Frame{Side: f.side, At: at, Opcode: f.opcode, Lost: why})
		return
	}
	m := f.current()
	if f.opcode != opContinuation {
		*m = message{open: true, opcode: f.opcode, compressed: h[0]&0x40 != 0}
	}
	if f.left == 0 {
		f.frameEnd(at)
	}
}

// check says why a frame cannot be one; nothing after it is understood.
func (f *frames) check(first byte) string {
	switch {
	case f.left > 1<<63-1:
		return "the length of this frame is not valid, nothing after it was read"
	case f.opcode >= opClose && (!f.fin || f.left > maxControl):
		return "this control frame is fragmented or too long, nothing after it was read"
	case f.opcode > opPong || (f.opcode > opBinary && f.opcode < opClose):
		return fmt.Sprintf("opcode %d is not defined, nothing after it was read", f.opcode)
	case f.opcode == opContinuation && !f.message.open:
		return "a continuation of nothing, nothing after it was read"
	case f.opcode != opContinuation && f.opcode < opClose && f.message.open:
		return "a new message began within another, nothing after it was read"
	case first&0x30 != 0 || (first&0x40 != 0 && !f.inflate.on):
		return "the frame uses an extension that was not agreed, nothing after it was read"
	}
	return ""
}

func (f *frames) current() *message {
	if f.opcode >= opClose {
		return &f.control
	}
	return &f.message
}

func (f *frames) payload(p []byte) {
	m := f.current()
	m.wire += len(p)
	keep := p[:min(len(p), max(0, maxMessage-len(m.data)))]
	if len(keep) < len(p) && m.lost == "" {
		m.lost = fmt.Sprintf("only the first %d MiB of the message were kept", maxMessage>>20)
	}
	start := len(m.data)
	m.data = append(m.data, keep...)
	if f.masked {
		for i := range m.data[start:] {
			m.data[start+i] ^= f.mask[(f.pos+i)&3]
		}
		f.pos = (f.pos + len(p)) & 3
	}
}

func (f *frames) frameEnd(at time.Duration) {
	if !f.fin {
		return
	}
	m := f.current()
	out := traffic.Frame{
		Side: f.side, At: at, Opcode: m.opcode, Compressed: m.compressed, Wire: m.wire, Data: m.data, Lost: m.lost,
	}
	if m.compressed {
		out.Data, out.Lost = f.inflate.message(m.data, m.lost)
	}
	*m = message{}
	f.emit(out)
}

// inflater undoes permessage-deflate of one direction.
type inflater struct {
	on    bool
	fresh bool // every message starts with an empty window
	dead  bool // an earlier message that later ones refer to was not followed
	past  []byte
	r     io.ReadCloser
}

// tail is what the sender leaves out, and a final empty block so that the reader sees an end (RFC 7692 section 7.2.2).
var tail = []byte{0x00, 0x00, 0xff, 0xff, 0x01, 0x00, 0x00, 0xff, 0xff}

// message inflates one message. What cannot be inflated is given as it travelled, with the reason.
func (d *inflater) message(data []byte, lost string) ([]byte, string) {
	if d.dead {
		return data, "still compressed: it refers to an earlier message that was not kept whole"
	}
	src := io.MultiReader(bytes.NewReader(data), bytes.NewReader(tail))
	if d.r == nil {
		d.r = flate.NewReaderDict(src, d.past)
	} else if err := d.r.(flate.Resetter).Reset(src, d.past); err != nil {
		return data, "still compressed: " + err.Error()
	}
	var out bytes.Buffer
	out.Grow(min(4*len(data), 1<<20))
	n, err := io.Copy(&out, io.LimitReader(d.r, maxInflated+1))
	plain := out.Bytes()
	switch {
	case n > maxInflated:
		plain, lost, d.dead = plain[:maxInflated], fmt.Sprintf("only the first %d MiB of the inflated message were kept", maxInflated>>20), !d.fresh
	case lost != "":
		d.dead = !d.fresh
	case err != nil && !errors.Is(err, io.EOF):
		d.dead = !d.fresh
		return data, "still compressed: the message is not valid DEFLATE"
	}
	if !d.fresh {
		d.past = slices.Concat(d.past, plain[max(0, len(plain)-window):])
		d.past = slices.Clone(d.past[max(0, len(d.past)-window):])
	}
	return plain, lost
}
