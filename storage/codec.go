package storage

import (
	"encoding/binary"
	"errors"
	"time"

	"assay/traffic"
)

// errCodec says that stored bytes are not what this program writes.
var errCodec = errors.New("stored bytes are damaged or of a later format")

// encoder appends values; decoder reads them back in the same order.
type encoder struct{ b []byte }

func (e *encoder) uint(v uint64)       { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) int(v int64)         { e.b = binary.AppendVarint(e.b, v) }
func (e *encoder) dur(d time.Duration) { e.int(int64(d)) }
func (e *encoder) str(s string)        { e.uint(uint64(len(s))); e.b = append(e.b, s...) }
func (e *encoder) bytes(s []byte)      { e.uint(uint64(len(s))); e.b = append(e.b, s...) }
func (e *encoder) time(t time.Time)    { e.bool(!t.IsZero()); e.moment(t) }
func (e *encoder) bool(v bool) {
	if v {
		e.b = append(e.b, 1)
	} else {
		e.b = append(e.b, 0)
	}
}

func (e *encoder) moment(t time.Time) {
	if !t.IsZero() {
		e.int(t.Unix())
		e.uint(uint64(t.Nanosecond()))
	}
}

func (e *encoder) header(h traffic.Header) {
	e.uint(uint64(len(h)))
	for _, f := range h {
		e.str(f.Name)
		e.str(f.Value)
	}
}

// decoder remembers the first error and returns zero values from then on.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail() {
	d.err = errCodec
	d.b = nil
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) dur() time.Duration { return time.Duration(d.int()) }

// bytes returns a slice of the input.
func (d *decoder) bytes() []byte {
	n := d.uint()
	if n > uint64(len(d.b)) {
		d.fail()
		return nil
	}
	s := d.b[:n:n]
	d.b = d.b[n:]
	return s
}

func (d *decoder) str() string { return string(d.bytes()) }

func (d *decoder) bool() bool {
	if len(d.b) == 0 {
		d.fail()
		return false
	}
	v := d.b[0]
	d.b = d.b[1:]
	if v > 1 {
		d.fail()
	}
	return v == 1
}

func (d *decoder) time() time.Time {
	if !d.bool() {
		return time.Time{}
	}
	sec := d.int()
	return time.Unix(sec, int64(d.uint())).UTC()
}

// count reads how many items follow, each of which takes at least size bytes.
func (d *decoder) count(size int) int {
	n := d.uint()
	if n > uint64(len(d.b)/size) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) header() traffic.Header {
	n := d.count(2)
	if n == 0 {
		return nil
	}
	h := make(traffic.Header, n)
	for i := range h {
		h[i] = traffic.Field{Name: d.str(), Value: d.str()}
	}
	return h
}
