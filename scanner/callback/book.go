package callback

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"assay/scanner/judge"
)

// Bounds of what is kept. A token that was given out has its place whatever others send; what nobody waits for (a token
// that was forgotten, or made up by a caller) is kept for a while, for its trial may not have asked yet.
const (
	maxExpected = 1 << 16
	maxStrays   = 1 << 10
	maxHits     = 8  // of one token
	maxToken    = 64 // bytes
)

// book holds the hits of tokens.
type book struct {
	mu       sync.Mutex
	expected shelf // tokens that were given out
	strays   shelf
}

// shelf holds tokens in the order in which they came; the oldest makes room.
type shelf struct {
	most  int
	pages map[string]*page
	order []string // of pages; those that are gone are passed over
}

// page is what is known of one token.
type page struct {
	token string        // as it was given out
	came  chan struct{} // closed at the first hit
	hits  []judge.Callback
}

func newBook() *book {
	return &book{
		expected: shelf{most: maxExpected, pages: map[string]*page{}},
		strays:   shelf{most: maxStrays, pages: map[string]*page{}},
	}
}

// page finds or makes the page of a token.
func (s *shelf) page(token string) *page {
	if p := s.pages[key(token)]; p != nil {
		return p
	}
	for len(s.pages) >= s.most {
		delete(s.pages, s.order[0])
		s.order = s.order[1:]
	}
	p := &page{token: token, came: make(chan struct{})}
	s.put(key(token), p)
	return p
}

func (s *shelf) put(k string, p *page) {
	s.pages[k] = p
	s.order = append(s.order, k)
	if len(s.order) > 2*s.most { // most of them are forgotten
		s.order = slices.DeleteFunc(s.order, func(t string) bool { return s.pages[t] == nil })
	}
}

// key is a token as it is looked up: names of hosts have no case.
func key(token string) string { return strings.ToLower(token) }

// expect gives a token its place, with what came for it before.
func (b *book) expect(token string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.page(token)
}

// page finds or makes the page of a token that is expected. The caller holds the lock.
func (b *book) page(token string) *page {
	k := key(token)
	if p := b.strays.pages[k]; p != nil {
		delete(b.strays.pages, k)
		b.expected.put(k, p)
		return p
	}
	return b.expected.page(token)
}

// first is closed when a token has a hit.
func (b *book) first(token string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.page(token).came
}

func (b *book) hits(token string) []judge.Callback {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.expected.pages[key(token)]; p != nil {
		return slices.Clone(p.hits)
	}
	return nil
}

func (b *book) forget(token string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.expected.pages, key(token))
	delete(b.strays.pages, key(token))
}

// note keeps a hit of a token that stands where tokens stand.
func (b *book) note(token string, hit judge.Callback) {
	if token == "" || len(token) > maxToken {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.expected.pages[key(token)]
	if p == nil {
		p = b.strays.page(token)
	}
	p.add(hit)
}

func (p *page) add(hit judge.Callback) {
	if len(p.hits) >= maxHits {
		return
	}
	hit.Token = p.token
	for _, h := range p.hits {
		if h == hit {
			return // the same request, by its path and by what it carries
		}
	}
	if p.hits = append(p.hits, hit); len(p.hits) == 1 {
		close(p.came)
	}
}

// carried keeps a hit of every expected token that stands anywhere in a text, but for those that were noted. It gives
// all that were noted.
func (b *book) carried(text string, hit judge.Callback, noted []string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, form := range []string{text, unescape(text)} {
		for word := range words(strings.ToLower(form)) {
			if p := b.expected.pages[word]; p != nil && !slices.Contains(noted, word) {
				p.add(hit)
				noted = append(noted, word)
			}
		}
	}
	return noted
}

// words yields what may be a token: runs of letters and digits; and those with hyphens and underscores within; and
// those with dots as well.
func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, also := range []string{"", "-_", "-_."} {
			for word := range strings.FieldsFuncSeq(text, func(r rune) bool {
				return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune(also, r)
			}) {
				if len(word) <= maxToken && !yield(word) {
					return
				}
			}
		}
	}
}

// unescape undoes percent escapes; one that is none stays as it is.
func unescape(text string) string {
	if !strings.Contains(text, "%") {
		return ""
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			high, low := digit(text[i+1]), digit(text[i+2])
			if high >= 0 && low >= 0 {
				out = append(out, byte(high<<4|low)) //nolint:gosec // two digits of four bits
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return string(out)
}

func digit(c byte) int {
	i := strings.IndexByte("0123456789abcdefABCDEF", c)
	if i > 15 {
		i -= 6
	}
	return i
}
