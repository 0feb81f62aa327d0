package storage

import (
	"fmt"

	"assay/scanner"
)

// Forms of the facts of an endpoint. Zstandard frames of JSON, which earlier versions wrote, begin with 0x28.
const (
	factsPlain    = 1
	factsSqueezed = 2
)

// squeezedFacts is from how many bytes on facts are worth compressing: a large inventory is loaded in one go, and
// inflating small ones costs more than reading them.
const squeezedFacts = 1 << 10

// packEndpointFacts writes the facts of an endpoint; nothing known is no bytes.
func packEndpointFacts(f *scanner.Facts) ([]byte, error) {
	p := factsCodec{enc: encoder{b: []byte{factsPlain}}}
	p.facts(f)
	b := p.enc.b
	if empty(b[1:]) {
		return []byte{}, nil
	}
	if len(b) < squeezedFacts {
		return b, nil
	}
	packed, err := squeezeFast(b[1:])
	return append([]byte{factsSqueezed}, packed...), err
}

func empty(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// unpackEndpointFacts reads what packEndpointFacts wrote, and what earlier versions did.
func unpackEndpointFacts(b []byte, into *scanner.Facts, w *words) (err error) {
	if len(b) == 0 {
		return nil
	}
	form, rest := b[0], b[1:]
	switch form {
	case factsPlain:
	case factsSqueezed:
		if rest, err = inflate(rest); err != nil {
			return err
		}
	default:
		return unpackFacts(b, into)
	}
	p := factsCodec{dec: decoder{b: rest}, reading: true, words: w}
	p.facts(into)
	if p.dec.err != nil || len(p.dec.b) > 0 {
		*into = scanner.Facts{}
		return fmt.Errorf("%w: facts of an endpoint", errCodec)
	}
	return nil
}

// words are strings, and lists of one string, that many endpoints share: each is kept once. Who changes facts makes lists
// of their own.
type words struct {
	texts map[string]string
	lists map[string][]string
}

func newWords() *words { return &words{map[string]string{}, map[string][]string{}} }

const (
	maxShared     = 1 << 14
	maxSharedText = 64 // bytes
)

func (w *words) ofBytes(b []byte) string {
	if s, ok := w.texts[string(b)]; ok || len(b) == 0 {
		return s
	}
	return w.of(string(b))
}

func (w *words) of(s string) string {
	if kept, ok := w.texts[s]; ok {
		return kept
	}
	if len(s) <= maxSharedText && len(w.texts) < maxShared {
		w.texts[s] = s
	}
	return s
}

// alone is the list of one string.
func (w *words) alone(s string) []string {
	l, ok := w.lists[s]
	if !ok {
		l = []string{s}
		if len(s) <= maxSharedText && len(w.lists) < maxShared {
			w.lists[s] = l
		}
	}
	return l
}

// factsCodec writes or reads: one description of the form serves for both. A new member goes to the end of facts, and is
// read where bytes are left.
type factsCodec struct {
	reading bool
	enc     encoder
	dec     decoder
	words   *words
}

func text[T ~string](p *factsCodec, s *T) {
	if p.reading {
		*s = T(p.words.ofBytes(p.dec.bytes()))
		return
	}
	p.enc.str(string(*s))
}

func integer[T ~int | ~int64 | ~uint8](p *factsCodec, n *T) {
	if p.reading {
		*n = T(p.dec.int())
		return
	}
	p.enc.int(int64(*n))
}

func (p *factsCodec) flag(v *bool) {
	if p.reading {
		*v = p.dec.bool()
		return
	}
	p.enc.bool(*v)
}

// list writes or reads a list; an empty one is read as nil.
func list[T any](p *factsCodec, l *[]T, one func(*factsCodec, *T)) {
	if p.reading {
		*l = nil
		if n := p.dec.count(1); n > 0 {
			*l = make([]T, n)
		}
	} else {
		p.enc.uint(uint64(len(*l)))
	}
	for i := range *l {
		one(p, &(*l)[i])
	}
}

// optional writes or reads what may be nil.
func optional[T any](p *factsCodec, v **T, one func(*factsCodec, *T)) {
	has := *v != nil
	p.flag(&has)
	if !has {
		return
	}
	if p.reading {
		*v = new(T)
	}
	one(p, *v)
}

func (p *factsCodec) texts(l *[]string) { list(p, l, text[string]) }

func (p *factsCodec) facts(f *scanner.Facts) {
	list(p, &f.Readings, packReading)
	p.texts(&f.Models)
	list(p, &f.Auth, packAuth)
	list(p, &f.Statuses, packTally)
	list(p, &f.Requests, packTally)
	list(p, &f.Responses, packTally)
	p.texts(&f.Clients)
	list(p, &f.Parameters, packParameter)
	p.texts(&f.Tools)
	p.texts(&f.Addresses)
	list(p, &f.TLS, packTLS)
	optional(p, &f.CORS, packCORS)
	list(p, &f.RateLimit, packRateLimit)
	integer(p, &f.Streamed)
	integer(p, &f.Failed)
	optional(p, &f.Dynamic, packDynamic)
	list(p, &f.Sensitive, packSensitive)
	list(p, &f.Risks, packRisk)
	integer(p, &f.Unparsed)
	integer(p, &f.Traces)
	list(p, &f.Documents, packDocument)
	p.flag(&f.Cut)
}

func packReading(p *factsCodec, r *scanner.Reading) {
	text(p, &r.Kind)
	text(p, &r.Provider)
	text(p, &r.Family)
	integer(p, &r.Confidence)
	integer(p, &r.N)
}

func packAuth(p *factsCodec, a *scanner.Auth) {
	text(p, &a.Kind)
	text(p, &a.Name)
	integer(p, &a.N)
	integer(p, &a.OK)
	integer(p, &a.Last)
}

func packTally(p *factsCodec, t *scanner.Tally) {
	text(p, &t.Value)
	integer(p, &t.N)
}

func packParameter(p *factsCodec, a *scanner.Parameter) {
	text(p, &a.In)
	text(p, &a.Name)
	p.texts(&a.Types)
	if p.reading && len(a.Types) == 1 {
		a.Types = p.words.alone(a.Types[0])
	}
	integer(p, &a.N)
	p.flag(&a.Optional)
	p.texts(&a.Values)
	text(p, &a.Declared)
}

func packTLS(p *factsCodec, t *scanner.TLS) {
	text(p, &t.Version)
	text(p, &t.Issuer)
	text(p, &t.Expiry)
	p.flag(&t.Unverified)
	integer(p, &t.N)
}

func packCORS(p *factsCodec, c *scanner.CORS) {
	p.texts(&c.Origins)
	p.flag(&c.Credentials)
	integer(p, &c.Last)
}

func packRateLimit(p *factsCodec, r *scanner.RateLimit) {
	text(p, &r.Header)
	text(p, &r.Value)
	integer(p, &r.Last)
}

func packDynamic(p *factsCodec, d *scanner.Dynamic) {
	text(p, &d.Why)
	integer(p, &d.By)
	text(p, &d.Path)
}

func packSensitive(p *factsCodec, s *scanner.SensitiveTally) {
	text(p, &s.Type)
	text(p, &s.Class)
	text(p, &s.Where)
	integer(p, &s.Count)
}

func packRisk(p *factsCodec, r *scanner.Risk) {
	text(p, &r.Code)
	integer(p, &r.Points)
	text(p, &r.What)
}

func packDocument(p *factsCodec, d *scanner.DocumentUse) {
	integer(p, &d.Document)
	text(p, &d.Operation)
}
