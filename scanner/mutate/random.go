package mutate

import "math/bits"

// random is where chance comes from: splitmix64, written out here so that a seed means the same with every release of Go.
type random struct{ state uint64 }

// newRandom starts one step of a chain. Steps of one chain must not repeat each other's choices.
func newRandom(seed uint64, step int) *random {
	r := &random{state: seed ^ (uint64(step)+1)*0xd1342543de82ef95}
	r.next()
	return r
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below gives a number from 0 to n-1.
func (r *random) below(n int) int {
	high, _ := bits.Mul64(r.next(), uint64(n))
	return int(high)
}

// chance is true in a share of the cases: always for 1, never for 0.
func (r *random) chance(share float64) bool {
	return float64(r.next()>>11)/(1<<53) < share
}
