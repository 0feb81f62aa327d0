package discover

import (
	"bytes"

	"assay/traffic"
)

// Bounds of streams that are put together from pieces.
const (
	maxPieces    = 400
	maxPieceKeys = 4
	maxSpoken    = 4 << 10
	enoughPieces = 4
)

// stream joins the pieces of a text that comes bit by bit, by the member they come in.
type stream struct {
	walk  walker
	parts [maxPieceKeys]struct {
		key  string
		text []byte
		n    int
	}
	used int
}

func (p *stream) enter(*walker, []byte) uint8 { return 0 }

func (p *stream) scalar(w *walker, kind byte, raw []byte) {
	if kind == '"' && len(raw) < 512 && len(w.steps) <= 5 {
		p.add(w.key(), decoded(raw))
	}
}

func (p *stream) add(key, text []byte) {
	for i := range p.used {
		part := &p.parts[i]
		if part.key == string(key) {
			part.n++
			if len(part.text)+len(text) <= maxSpoken {
				part.text = append(part.text, text...)
			}
			return
		}
	}
	if p.used < maxPieceKeys {
		part := &p.parts[p.used]
		part.key, part.text, part.n = string(key), append([]byte(nil), text...), 1
		p.used++
	}
}

// event adds one event or frame: JSON, or text as it is.
func (p *stream) event(data []byte) {
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[' || trimmed[0] == '"') {
		p.walk.walk(trimmed, p)
		return
	}
	if !bytes.Equal(data, []byte("[DONE]")) {
		p.add(nil, data)
	}
}

// text is the longest text that came in at least so many pieces and is prose.
func (p *stream) text(pieces int) []byte {
	var best []byte
	for i := range p.used {
		part := &p.parts[i]
		if part.n >= pieces && len(part.text) > len(best) && sentence(part.text) {
			best = part.text
		}
	}
	return best
}

// pieces takes the text of a stream of events or lines for the answer.
func (s *talkScan) pieces(body []byte) {
	var p stream
	for n := 0; len(body) > 0 && n < maxPieces; n++ {
		var line []byte
		line, body, _ = bytes.Cut(body, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		data, found := bytes.CutPrefix(line, []byte("data:"))
		if !found {
			if len(line) == 0 || line[0] != '{' {
				continue
			}
			data = line
		}
		p.event(bytes.TrimPrefix(data, []byte(" ")))
	}
	if text := p.text(enoughPieces); text != nil {
		s.consider(text)
	}
}

// hearFrames looks for a talk in a WebSocket session: a text of a client, then an answer that comes in pieces, as
// models send it. Whole texts on both sides may be people who talk with each other.
func (l *lesson) hearFrames(scan *talkScan) bool {
	var p stream
	for i := range l.s.Frames[:min(len(l.s.Frames), maxPieces)] {
		f := &l.s.Frames[i]
		if f.Opcode != 1 || len(f.Data) > maxAsked {
			continue
		}
		if f.Side == traffic.FromClient {
			if p.text(enoughPieces) != nil {
				break // the next turn
			}
			p = stream{walk: p.walk}
			if !scan.ask(f.Data) && question(f.Data) && len(f.Data) > 0 && f.Data[0] != '{' && f.Data[0] != '[' {
				scan.question = append([]byte(nil), f.Data...)
			}
			continue
		}
		if len(scan.question) > 0 {
			p.event(f.Data)
		}
	}
	scan.answer = p.text(enoughPieces)
	return len(scan.question) > 0 && len(scan.answer) > 0
}
