package storage

import (
	"encoding/binary"
	"iter"
	"time"

	"assay/traffic"
)

// Arrival times of a body are kept as pairs of varints: how many microseconds after the one before a piece arrived,
// and how many bytes it has.
const timeUnit = time.Microsecond

// arrivals encodes the times of pieces one after the other.
type arrivals struct {
	b    []byte
	last int64
}

func (a *arrivals) add(at time.Duration, n int) {
	us := int64(at / timeUnit)
	a.b = binary.AppendVarint(a.b, us-a.last)
	a.b = binary.AppendUvarint(a.b, uint64(n))
	a.last = us
}

func encodeArrivals(segments []traffic.Segment) []byte {
	var a arrivals
	for _, s := range segments {
		a.add(s.At, len(s.Data))
	}
	return a.b
}

// eachArrival yields times and lengths. Damaged bytes end it early.
func eachArrival(b []byte) iter.Seq2[time.Duration, int64] {
	return func(yield func(time.Duration, int64) bool) {
		var at int64
		for len(b) > 0 {
			d, n := binary.Varint(b)
			if n <= 0 {
				return
			}
			size, m := binary.Uvarint(b[n:])
			if m <= 0 || size > 1<<50 {
				return
			}
			b = b[n+m:]
			at += d
			if !yield(time.Duration(at)*timeUnit, int64(size)) {
				return
			}
		}
	}
}

// joinArrivals makes one list of several.
func joinArrivals(lists [][]byte) []byte {
	if len(lists) == 1 {
		return lists[0]
	}
	var a arrivals
	for _, list := range lists {
		for at, n := range eachArrival(list) {
			a.add(at, int(n))
		}
	}
	return a.b
}
