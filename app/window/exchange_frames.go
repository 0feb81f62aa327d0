package window

import (
	"bytes"
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"assay/storage"
	"assay/traffic"
)

// frames fills in the messages of a WebSocket session.
func (out *StreamOut) frames(ctx context.Context, p *storage.Project, id traffic.ID, in StreamIn) error {
	out.Kind = "frames"
	list, err := p.Frames(ctx, id, 0, 0)
	if err != nil {
		return err
	}
	out.Total = len(list)
	out.measure(len(list), func(i int) (time.Duration, int) { return list[i].At, len(list[i].Data) })
	want := bytes.ToLower([]byte(in.Contains))
	for i := range list {
		f := &list[i]
		if len(want) > 0 && !bytes.Contains(bytes.ToLower(f.Data), want) {
			continue
		}
		if out.Count++; out.Count <= in.From || len(out.Items) == in.Limit {
			continue
		}
		item := StreamItem{N: f.Seq, At: milliseconds(f.At), Bytes: len(f.Data), Side: f.Side.String(), Name: opcodeName(f.Opcode), Lost: f.Lost}
		if i > 0 {
			item.Gap = milliseconds(f.At - list[i-1].At)
		}
		if f.Opcode == opText || f.Opcode == opClose || utf8.Valid(f.Data) {
			item.text(frameText(f), in.Whole)
		}
		out.Items = append(out.Items, item)
	}
	return nil
}

// The opcodes of RFC 6455 section 5.2.
const (
	opText  = 1
	opClose = 8
)

func opcodeName(op byte) string {
	switch op {
	case opText:
		return "text"
	case 2:
		return "binary"
	case opClose:
		return "close"
	case 9:
		return "ping"
	case 10:
		return "pong"
	}
	return fmt.Sprintf("opcode %d", op)
}

// frameText is what a frame says: of a close its code before its reason.
func frameText(f *traffic.Frame) []byte {
	if f.Opcode != opClose || len(f.Data) < 2 {
		return f.Data
	}
	return fmt.Appendf(nil, "%d %s", int(f.Data[0])<<8|int(f.Data[1]), f.Data[2:])
}
