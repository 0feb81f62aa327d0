package rule

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"assay/traffic"
)

// stateVersion is the first byte of a State. Another form has another one.
const stateVersion = 1

// State returns what was counted so far, and Restore takes it back. It is small where little is counted: what a window
// does not look back to is left out.
func (s *Set) State() ([]byte, error) {
	w := writer{strings: map[string]uint64{}}
	w.data = append(w.data, stateVersion)
	w.int(s.cut)
	w.int(s.arrivals.cut)
	w.int(s.arrivals.began)
	w.uint(uint64(len(s.arrivals.first)))
	for _, hash := range slices.Sorted(maps.Keys(s.arrivals.first)) {
		w.fixed(hash)
		w.int(s.arrivals.first[hash] - s.arrivals.began)
	}
	for _, a := range s.active {
		if a.window == nil {
			continue
		}
		s.sweep(a)
		if len(a.groups) == 0 {
			continue
		}
		w.text(a.ID)
		w.fixed(hashOf(a.Window))
		w.uint(uint64(len(a.groups)))
		for _, key := range slices.Sorted(maps.Keys(a.groups)) {
			w.text(key)
			w.group(a.groups[key])
		}
	}
	return w.data, nil
}

// Restore takes back what State returned. What it cannot read is forgotten, and the error says so. Rules that are not
// there any more, or count another way, begin anew.
func (s *Set) Restore(state []byte) error {
	s.forget()
	if len(state) == 0 {
		return nil
	}
	if state[0] != stateVersion {
		return fmt.Errorf("what rules had counted is of form %d, which is not known here: they begin anew", state[0])
	}
	r := unpacker{data: state[1:]}
	s.restore(&r)
	if r.failed {
		s.forget()
		return errors.New("what rules had counted cannot be read: they begin anew")
	}
	return nil
}

// forget drops everything that was counted.
func (s *Set) forget() {
	s.groups, s.weight, s.now, s.cut = 0, 0, 0, 0
	s.arrivals = arrivals{asked: s.arrivals.asked, first: map[uint64]int64{}}
	for _, a := range s.active {
		if a.window != nil {
			a.groups = map[string]*group{}
		}
	}
}

func (s *Set) restore(r *unpacker) {
	byID := map[string]*active{}
	for _, a := range s.active {
		if a.window != nil {
			byID[a.ID] = a
		}
	}
	s.cut, s.arrivals.cut, s.arrivals.began = r.int(), r.int(), r.int()
	for range r.count(mostArrivals) {
		hash := r.fixed()
		s.arrivals.first[hash] = s.arrivals.began + r.int()
	}
	for len(r.data) > 0 && !r.failed {
		a := byID[r.text()]
		if way := r.fixed(); a != nil && way != hashOf(a.Window) {
			a = nil
		}
		for range r.count(mostGroups) {
			key, g := r.text(), r.group()
			if a == nil || r.failed {
				continue
			}
			s.drop(a, key) // a State that names one twice
			a.groups[key] = g
			s.groups++
			s.weight += g.weight()
			if s.groups > mostGroups || s.weight > mostWeight {
				r.failed = true
			}
		}
	}
}

// writer makes a State: numbers of variable length, each text in full only the first time.
type writer struct {
	data    []byte
	strings map[string]uint64
}

func (w *writer) uint(v uint64)   { w.data = binary.AppendUvarint(w.data, v) }
func (w *writer) int(v int64)     { w.data = binary.AppendVarint(w.data, v) }
func (w *writer) fixed(v uint64)  { w.data = binary.LittleEndian.AppendUint64(w.data, v) }
func (w *writer) float(v float64) { w.fixed(math.Float64bits(v)) }

func (w *writer) text(s string) {
	if n, known := w.strings[s]; known {
		w.uint(n)
		return
	}
	w.uint(0)
	w.uint(uint64(len(s)))
	w.data = append(w.data, s...)
	w.strings[s] = uint64(len(w.strings)) + 1
}

func (w *writer) group(g *group) {
	w.int(g.newest)
	w.uint(uint64(g.before))
	w.uint(uint64(len(g.marks)))
	for _, m := range g.marks {
		w.int(g.newest - m.at)
		w.int(int64(m.exchange))
		told := uint64(0)
		if m.told {
			told = 1
		}
		w.uint(uint64(m.n)<<1 | told)
		if whole := int64(m.v); float64(whole) == m.v && whole >= 0 && whole < 1<<40 {
			w.uint(uint64(whole) + 1)
		} else {
			w.uint(0)
			w.float(m.v)
		}
		w.text(m.what)
	}
	w.uint(uint64(len(g.values)))
	for _, v := range g.values {
		w.fixed(v.hash)
		w.int(g.newest - v.at)
	}
}

// unpacker reads a State. After something it cannot read everything is zero.
type unpacker struct {
	data    []byte
	strings []string
	failed  bool
}

func (r *unpacker) fail() { r.failed, r.data = true, nil }

func (r *unpacker) uint() uint64 {
	v, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.data = r.data[n:]
	return v
}

func (r *unpacker) int() int64 {
	v, n := binary.Varint(r.data)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.data = r.data[n:]
	return v
}

func (r *unpacker) fixed() uint64 {
	if len(r.data) < 8 {
		r.fail()
		return 0
	}
	v := binary.LittleEndian.Uint64(r.data)
	r.data = r.data[8:]
	return v
}

// count reads how many things follow. Each of them takes a byte at least.
func (r *unpacker) count(most int) int {
	n := r.uint()
	if n > uint64(most) || n > uint64(len(r.data)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *unpacker) text() string {
	if n := r.uint(); n > 0 {
		if n > uint64(len(r.strings)) {
			r.fail()
			return ""
		}
		return r.strings[n-1]
	}
	n := r.count(limits.Bytes)
	s := string(r.data[:n])
	r.data = r.data[n:]
	r.strings = append(r.strings, s)
	return s
}

func (r *unpacker) group() *group {
	g := &group{newest: r.int()}
	g.before = int(r.uint() & math.MaxInt32)
	for range r.count(mostMarks) {
		m := mark{at: g.newest - r.int(), exchange: traffic.ID(r.int())}
		n := r.uint()
		m.n, m.told = int(n>>1&math.MaxInt32), n&1 == 1
		if whole := r.uint(); whole > 0 {
			m.v = float64(whole - 1)
		} else if m.v = math.Float64frombits(r.fixed()); math.IsNaN(m.v) || math.IsInf(m.v, 0) {
			r.fail()
		}
		m.what = r.text()
		g.n += m.n
		g.v += m.v
		g.marks = append(g.marks, m)
	}
	for range r.count(mostValues) {
		hash := r.fixed()
		g.values = append(g.values, value{hash, g.newest - r.int()})
	}
	return g
}
