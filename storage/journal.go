package storage

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"assay/traffic"
)

// The journal is a file of frames: length (4 bytes, little-endian), CRC-32C of what follows, one byte that says what it
// is, content. A frame that is not whole ends it: what follows was never acknowledged.
const (
	journalMagic      = "ASSAYJ1\n"
	journalFrameMax   = 1 << 30
	journalFrameHead  = 8
	journalEvent      = 1
	journalCredential = 2
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// journal is the file that takes events while the database does not. Replaying it is harmless: events know their
// number within their exchange.
type journal struct {
	path string

	mu       sync.Mutex
	file     *os.File
	from, to int64  // what is not yet read back
	upTo     uint64 // so many of the recorder's accepted events came before its end
	seen     map[string]bool
	length   atomic.Int64
}

func newJournal(path string) *journal { return &journal{path: path, seen: map[string]bool{}} }

// size returns the bytes that wait in it.
func (j *journal) size() int64 { return j.length.Load() }

// reopen finds the journal of an earlier process; it reports whether there is one.
func (j *journal) reopen() (bool, error) {
	file, err := os.OpenFile(j.path, os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	info, err := file.Stat()
	if err != nil {
		return false, errors.Join(err, file.Close())
	}
	j.file, j.from, j.to = file, int64(len(journalMagic)), info.Size()
	var magic [len(journalMagic)]byte
	if _, err := file.ReadAt(magic[:], 0); err != nil || string(magic[:]) != journalMagic {
		j.to = j.from // never got as far as its first frame
	}
	j.length.Store(j.to - j.from)
	return true, nil
}

// append adds events, and the sealed values they need, at the end. On an error it is as before.
func (j *journal) append(s *sealer, lists ...[]item) error {
	if j.file == nil {
		file, err := os.OpenFile(j.path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		j.file, j.from, j.to = file, 0, 0
	}
	w := journalWrite{j: j, sealer: s, at: j.to}
	if w.at == 0 {
		w.buf = append(w.buf, journalMagic...)
	}
	for _, items := range lists {
		for i := range items {
			w.event(&items[i])
		}
	}
	w.flush()
	if w.err != nil {
		return errors.Join(w.err, j.file.Truncate(j.to))
	}
	if j.to == 0 {
		j.from = int64(len(journalMagic))
	}
	j.to = w.at
	for _, ph := range w.placeholders {
		j.seen[ph] = true
	}
	j.length.Store(j.to - j.from)
	return nil
}

// journalPiece is how much is encoded before it is written: all at once would double the memory of a full queue.
const journalPiece = 1 << 20

// journalWrite is one append at work.
type journalWrite struct {
	j            *journal
	sealer       *sealer
	buf, events  []byte
	placeholders []string
	at           int64
	err          error
}

func (w *journalWrite) event(it *item) {
	if w.err != nil {
		return
	}
	w.events = appendFrame(w.events, journalEvent, func(e *encoder) { e.event(it, w.sealer) })
	if len(w.events) >= journalPiece {
		w.flush()
	}
}

// flush writes the credentials that sealing the events has found, and then the events.
func (w *journalWrite) flush() {
	if w.err != nil {
		return
	}
	for _, c := range w.sealer.waiting() {
		if !w.j.seen[c.placeholder] && !slices.Contains(w.placeholders, c.placeholder) {
			w.buf = appendFrame(w.buf, journalCredential, func(e *encoder) { e.sealed(c) })
			w.placeholders = append(w.placeholders, c.placeholder)
		}
	}
	for _, b := range [2][]byte{w.buf, w.events} {
		if _, err := w.j.file.WriteAt(b, w.at); err != nil {
			w.err = err
			return
		}
		w.at += int64(len(b))
	}
	w.buf, w.events = w.buf[:0], w.events[:0]
}

func appendFrame(b []byte, what byte, content func(*encoder)) []byte {
	start := len(b)
	e := &encoder{append(b, 0, 0, 0, 0, 0, 0, 0, 0, what)}
	content(e)
	payload := e.b[start+journalFrameHead:]
	binary.LittleEndian.PutUint32(e.b[start:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(e.b[start+4:], crc32.Checksum(payload, castagnoli))
	return e.b
}

// next reads the next events back; last says that there are no more.
func (j *journal) next(maxItems int, maxBytes int64) (items []item, creds []sealed, last bool, err error) {
	if j.file == nil {
		return nil, nil, true, nil
	}
	in := bufio.NewReaderSize(io.NewSectionReader(j.file, j.from, j.to-j.from), 64<<10)
	var size int64
	for len(items) < maxItems && size < maxBytes {
		payload, err := readFrame(in)
		if err != nil {
			j.from = j.to // the end, or a frame that was not written whole
			break
		}
		j.from += int64(journalFrameHead + len(payload))
		d := &decoder{b: payload[1:]}
		switch payload[0] {
		case journalEvent:
			if it := d.event(); d.err == nil {
				items = append(items, it)
				size += it.cost
			}
		case journalCredential:
			if c := d.sealed(); d.err == nil {
				creds = append(creds, c)
			}
		}
	}
	j.length.Store(j.to - j.from)
	return items, creds, j.drained(), nil
}

// readFrame returns the payload of a whole and undamaged frame; its first byte says what it is.
func readFrame(in *bufio.Reader) ([]byte, error) {
	var head [journalFrameHead]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n == 0 || n > journalFrameMax {
		return nil, errCodec
	}
	payload, err := readExactly(in, int(n))
	if err != nil {
		return nil, err
	}
	if crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, errCodec
	}
	return payload, nil
}

// readExactly does not believe a length before the bytes have come.
func readExactly(in io.Reader, n int) ([]byte, error) {
	b := make([]byte, 0, min(n, 64<<10))
	for len(b) < n {
		step := min(n-len(b), max(len(b), 64<<10))
		b = append(b, make([]byte, step)...)
		if _, err := io.ReadFull(in, b[len(b)-step:]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (j *journal) drained() bool { return j.from >= j.to }

// reset forgets everything.
func (j *journal) reset() error {
	if j.file == nil {
		return nil
	}
	err := errors.Join(j.file.Close(), removeIfThere(j.path))
	j.file, j.from, j.to = nil, 0, 0
	clear(j.seen)
	j.length.Store(0)
	return err
}

// close leaves what was not written to the project for the next process.
func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	if j.drained() {
		return j.reset()
	}
	err := j.file.Close()
	j.file = nil
	return err
}

func (e *encoder) event(it *item, s *sealer) {
	ev := &it.ev
	e.uint(uint64(it.ordinal))
	e.int(int64(ev.ID))
	e.uint(uint64(ev.Kind))
	e.uint(uint64(ev.Side))
	e.dur(ev.At)
	e.bytes(ev.Data)
	e.bool(ev.Exchange != nil)
	if ev.Exchange != nil {
		e.bytes(appendHead(nil, s.exchange(ev.Exchange)))
	}
	e.bool(ev.Frame != nil)
	if f := ev.Frame; f != nil {
		e.int(int64(f.Seq))
		e.uint(uint64(f.Side))
		e.dur(f.At)
		e.uint(uint64(f.Opcode))
		e.bool(f.Compressed)
		e.int(int64(f.Wire))
		e.str(f.Lost)
		e.bytes(f.Data)
	}
}

func (d *decoder) event() item {
	it := item{ordinal: uint32(d.uint()), at: time.Now(), again: true}
	ev := &it.ev
	ev.ID, ev.Kind, ev.Side, ev.At = traffic.ID(d.int()), traffic.EventKind(d.uint()), traffic.Side(d.uint()), d.dur()
	ev.Data = d.bytes()
	if d.bool() {
		head := d.bytes()
		if d.err != nil {
			return it
		}
		if ev.Exchange, d.err = decodeHead(head); d.err != nil {
			return it
		}
	}
	if d.bool() {
		ev.Frame = &traffic.Frame{
			Seq: int(d.int()), Side: traffic.Side(d.uint()), At: d.dur(), Opcode: byte(d.uint()), Compressed: d.bool(),
			Wire: int(d.int()), Lost: d.str(), Data: d.bytes(),
		}
	}
	it.cost = costOf(ev)
	return it
}

func (e *encoder) sealed(c sealed) {
	e.str(c.placeholder)
	e.str(c.name)
	e.str(c.key)
	e.bytes(c.value)
}

func (d *decoder) sealed() sealed {
	return sealed{placeholder: d.str(), name: d.str(), key: d.str(), value: d.bytes()}
}
