package behaviour

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The versions of what is kept. One that is not known is an error: whoever kept it watches anew.
const (
	profileVersion = 1
	crowdVersion   = 1
)

// MostProfile is how many bytes a profile takes when it is kept, at most; MostCrowd, a crowd.
const (
	MostProfile = 8 << 10
	MostCrowd   = 8 << 10
)

// ErrDamaged says that what was kept of a profile or a crowd cannot be read.
var ErrDamaged = errors.New("what is known of an actor's behaviour is damaged")

// codec writes fields, or reads the same ones in the same order.
type codec struct {
	data   []byte
	write  bool
	failed bool
}

func (c *codec) word(v uint64, size int) uint64 {
	if c.write {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], v)
		c.data = append(c.data, b[:size]...)
		return v
	}
	if len(c.data) < size {
		c.failed, c.data = true, nil
		return 0
	}
	var b [8]byte
	copy(b[:], c.data[:size])
	c.data = c.data[size:]
	return binary.LittleEndian.Uint64(b[:])
}

func (c *codec) int(v *int64)   { *v = int64(c.word(uint64(*v), 8)) }
func (c *codec) u16(v *uint16)  { *v = uint16(c.word(uint64(*v), 2)) }
func (c *codec) u32(v *uint32)  { *v = uint32(c.word(uint64(*v), 4)) }
func (c *codec) bits(v *uint64) { *v = c.word(*v, 8) }

// float reads only numbers that arithmetic can go on with.
func (c *codec) float(v *float64) {
	*v = math.Float64frombits(c.word(math.Float64bits(*v), 8))
	if math.IsNaN(*v) || math.Abs(*v) > 1e18 {
		*v, c.failed = 0, true
	}
}

func (c *codec) float32(v *float32) {
	*v = math.Float32frombits(uint32(c.word(uint64(math.Float32bits(*v)), 4)))
	if f := float64(*v); math.IsNaN(f) || math.Abs(f) > 1e15 {
		*v, c.failed = 0, true
	}
}

// logs reads logarithms.
func (c *codec) logs(v []float32) {
	for i := range v {
		c.float32(&v[i])
		if math.Abs(float64(v[i])) > 50 {
			v[i], c.failed = 0, true
		}
	}
}

// counts reads numbers that are not negative.
func (c *codec) counts(v []float32) {
	for i := range v {
		c.float32(&v[i])
		if v[i] < 0 {
			v[i], c.failed = 0, true
		}
	}
}

func (c *codec) yes(v *bool) {
	var n uint64
	if *v {
		n = 1
	}
	*v = c.word(n, 1) == 1
}

func (w *window) fields(c *codec) {
	c.counts(w.k[:])
	c.counts(w.n[:])
}

func (b *baseline) fields(c *codec) {
	c.logs(b.hours.values[:])
	c.logs(b.days.values[:])
	c.u16(&b.hours.next)
	c.u16(&b.hours.filled)
	c.u16(&b.days.next)
	c.u16(&b.days.filled)
	if b.hours.next >= hoursKept || b.hours.filled > hoursKept || b.days.next >= daysKept || b.days.filled > daysKept {
		c.failed = true
	}
	c.float(&b.now)
	c.float(&b.today)
	c.float(&b.limit)
	level := [2]float32{b.ewma, b.drift}
	c.logs(level[:])
	b.ewma, b.drift = level[0], level[1]
	c.logs(b.seasonal[:])
}

func (c *codec) set(words []uint64) {
	for i := range words {
		c.bits(&words[i])
	}
}

func (t *topics) fields(c *codec) {
	c.set(t.young[:])
	c.set(t.old[:])
	for i := range t.late {
		c.set(t.late[i][:])
	}
}

func (m *moment) fields(c *codec) {
	c.int(&m.exchange)
	c.int(&m.at)
	m.trait = trait(c.word(uint64(m.trait), 1))
	if m.trait >= traits {
		m.trait, c.failed = 0, true
	}
	c.float32(&m.weight)
}

func (p *Profile) fields(c *codec) {
	for _, v := range []*int64{&p.last, &p.faded, &p.hour, &p.day, &p.seen, &p.active} {
		c.int(v)
		c.failed = c.failed || *v < 0 || *v > math.MaxInt64/4000
	}
	for m := range p.volumes {
		p.volumes[m].fields(c)
	}
	sizes := [3]float32{p.size.mean, p.size.wide, p.size.of}
	c.counts(sizes[:])
	p.size = size{sizes[0], sizes[1], sizes[2]}
	for _, w := range []*window{&p.fast, &p.slow, &p.usual, &p.pending[0], &p.pending[1]} {
		w.fields(c)
	}
	c.yes(&p.alarmed)
	c.counts(p.clock.hours[:])
	for i := range p.clock.late {
		c.u32(&p.clock.late[i])
	}
	c.set(p.known[0][:])
	c.set(p.known[1][:])
	p.topics.fields(c)
	c.set(p.paths[0][:])
	c.set(p.paths[1][:])
	c.bits(&p.list)
	c.int(&p.number)
	for i := range p.grants {
		c.u16(&p.grants[i])
	}
	c.counts(p.risk[:])
	for i := range p.talks {
		t := &p.talks[i]
		c.int(&t.id)
		c.int(&t.last)
		c.failed = c.failed || t.last < 0
		kept := [2]float32{t.k, t.n}
		c.counts(kept[:])
		t.k, t.n = kept[0], kept[1]
	}
	for i := range p.alarms {
		c.int(&p.alarms[i].until)
		level := [1]float32{p.alarms[i].level}
		c.counts(level[:])
		p.alarms[i].level = level[0]
	}
	p.timeline(c)
}

func (p *Profile) timeline(c *codec) {
	n := int(c.word(uint64(len(p.moments)), 1))
	if n > mostMoments {
		c.failed = true
		return
	}
	if !c.write {
		p.moments = make([]moment, n)
	}
	for i := range p.moments {
		p.moments[i].fields(c)
	}
}

// MarshalBinary and UnmarshalBinary keep a profile; its size is bounded (MostProfile).
func (p *Profile) MarshalBinary() ([]byte, error) {
	c := codec{write: true, data: make([]byte, 0, MostProfile)}
	p.fields(&c)
	return pack(profileVersion, c.data), nil
}

// UnmarshalBinary reads what MarshalBinary wrote. ErrDamaged where it is something else; the profile is then as it was.
func (p *Profile) UnmarshalBinary(data []byte) error {
	plain, err := unpack(profileVersion, data, MostProfile)
	if err != nil {
		return err
	}
	c := codec{data: plain}
	read := Profile{crowd: p.crowd}
	read.fields(&c)
	if c.failed || len(c.data) > 0 {
		return ErrDamaged
	}
	*p = read
	return nil
}

func (s *spread) fields(c *codec) {
	for _, v := range []*float64{&s.k, &s.n, &s.kk, &s.nn, &s.count} {
		c.float(v)
		c.failed = c.failed || *v < 0
	}
}

func (l *levels) fields(c *codec) {
	c.counts(l.counts[:])
	l.total = 0
	for _, v := range l.counts {
		l.total += v
	}
}

func (c *Crowd) fields(to *codec) {
	for t := range c.days {
		c.days[t].fields(to)
	}
	for m := range c.volumes {
		c.volumes[m].fields(to)
	}
	c.sizes.fields(to)
	c.prices.fields(to)
}

// MarshalBinary and UnmarshalBinary keep a crowd; its size is bounded (MostCrowd).
func (c *Crowd) MarshalBinary() ([]byte, error) {
	to := codec{write: true, data: make([]byte, 0, MostCrowd)}
	c.fields(&to)
	return pack(crowdVersion, to.data), nil
}

// UnmarshalBinary reads what MarshalBinary wrote. ErrDamaged where it is something else; the crowd is then as it was.
func (c *Crowd) UnmarshalBinary(data []byte) error {
	plain, err := unpack(crowdVersion, data, MostCrowd)
	if err != nil {
		return err
	}
	from := codec{data: plain}
	var read Crowd
	read.fields(&from)
	if from.failed || len(from.data) > 0 {
		return ErrDamaged
	}
	*c = read
	return nil
}

// whole marks, beside the version, what is kept as it is.
const whole = 0x80

// pack writes the version, and the bytes with runs of zeros as 0 and their length: most of a profile is empty. Where that
// would be longer they are kept as they are, so that the bound of what is kept is that of the fields.
func pack(version byte, plain []byte) []byte {
	packed := append(make([]byte, 0, len(plain)/2), version)
	for i := 0; i < len(plain); i++ {
		packed = append(packed, plain[i])
		if plain[i] != 0 {
			continue
		}
		run := 1
		for run < 255 && i+run < len(plain) && plain[i+run] == 0 {
			run++
		}
		packed = append(packed, byte(run))
		i += run - 1
	}
	if len(packed) > len(plain)+1 {
		return append([]byte{version | whole}, plain...)
	}
	return packed
}

func unpack(version byte, packed []byte, most int) ([]byte, error) {
	if len(packed) == 0 {
		return nil, ErrDamaged
	}
	if packed[0] == version|whole && len(packed) <= most {
		return packed[1:], nil
	}
	if packed[0] != version {
		return nil, fmt.Errorf("%w: version %d is not known", ErrDamaged, packed[0])
	}
	plain := make([]byte, 0, most)
	for i := 1; i < len(packed); i++ {
		run := 1
		if packed[i] == 0 {
			if i+1 == len(packed) || packed[i+1] == 0 {
				return nil, ErrDamaged
			}
			run = int(packed[i+1])
		}
		if len(plain)+run > most {
			return nil, ErrDamaged
		}
		for range run {
			plain = append(plain, packed[i])
		}
		if packed[i] == 0 {
			i++
		}
	}
	return plain, nil
}
