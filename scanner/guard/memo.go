package guard

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"sync"

	"assay/scanner"
	"assay/traffic"
)

// mostMemos bounds how many requests are remembered.
const mostMemos = 512

// memo remembers what was seen in the latest requests: programs send the same one again and again. It is forgotten with
// the policies it was made for. It keeps signs and where they stand; of the texts it keeps nothing but a digest.
type memo struct {
	mu    sync.Mutex
	state *state
	views map[[sha256.Size]byte]*view
	order [][sha256.Size]byte
}

// keyOfRequest is the digest of all that detectors look at in a request.
func keyOfRequest(policies []*policy, x *traffic.Exchange, body []byte) (key [sha256.Size]byte) {
	h := sha256.New()
	add := func(s string) {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	for _, c := range policies {
		add(strconv.FormatInt(int64(c.ID), 10) + " " + c.Name)
	}
	add(x.Request.Method)
	add(x.Request.URL)
	for _, f := range x.Request.Header {
		add(f.Name)
		add(f.Value)
	}
	h.Write(body)
	h.Sum(key[:0])
	return key
}

// get finds what was seen in an equal request under the same policies; the view is a copy.
func (m *memo) get(st *state, key [sha256.Size]byte) *view {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state != st {
		m.state, m.views, m.order = st, map[[sha256.Size]byte]*view{}, nil
	}
	if v := m.views[key]; v != nil {
		c := *v
		c.found, c.signs, c.rules = slices.Clone(v.found), slices.Clone(v.signs), slices.Clone(v.rules)
		return &c
	}
	return nil
}

// put keeps what was seen.
func (m *memo) put(st *state, key [sha256.Size]byte, v *view) {
	c := *v
	c.conv = nil
	c.found, c.signs, c.rules = slices.Clone(v.found), slices.Clone(v.signs), slices.Clone(v.rules)
	for i := range c.found {
		c.found[i].plain = ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state != st || m.views[key] != nil {
		return
	}
	if len(m.order) >= mostMemos {
		delete(m.views, m.order[0])
		m.order = m.order[1:]
	}
	m.views[key] = &c
	m.order = append(m.order, key)
}

// seeRequest looks at a request, or remembers what was seen in an equal one.
func (p *passage) seeRequest(policies []*policy, body []byte) *view {
	contentType := p.input.RequestHeader.Get("Content-Type")
	if !slices.ContainsFunc(policies, func(c *policy) bool { return c.content }) {
		return p.see(policies, p.system, scanner.InRequest, body, contentType)
	}
	key := keyOfRequest(slices.Concat(policies, p.live), p.x, body)
	if v := p.g.memo.get(p.st, key); v != nil {
		v.conv = p.conv
		for i := range v.found { // the texts are not kept
			v.found[i].plain = plainOf(body, &v.found[i])
		}
		return v
	}
	v := p.see(policies, p.system, scanner.InRequest, body, contentType)
	p.g.memo.put(p.st, key, v)
	return v
}

// plainOf is what a found piece of a body is told apart by: its bytes there.
func plainOf(body []byte, f *found) string {
	return string(body[min(f.start, len(body)):min(f.end, len(body))])
}
