package storage

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"sort"
	"strings"

	"github.com/tidwall/sjson"

	"assay/scanner"
	"assay/traffic"
)

const (
	// leastSecret is how many bytes a value must have to be looked for in texts: shorter ones stand everywhere by chance.
	leastSecret = 4
	// leastRepeated is that for a value that nobody named: one that an Authorization header carried.
	leastRepeated = 8
	// mostDecoded bounds the body whose content coding is undone to look for a secret.
	mostDecoded = 16 << 20
)

// cleaner puts placeholders in place of secrets, wherever they stand: as they are, and as JSON and URLs write them.
type cleaner struct {
	forms []secretForm // the longest first: one may begin with another
	of    []string     // the secrets it was made of
}

type secretForm struct{ value, placeholder string }

func (s *sealer) cleaner(secrets []string) *cleaner {
	c := &cleaner{of: secrets}
	for _, secret := range secrets {
		if len(secret) < leastSecret {
			continue
		}
		placeholder := s.placeholder("test", secret)
		for _, form := range formsOf(secret) {
			if !slices.ContainsFunc(c.forms, func(f secretForm) bool { return f.value == form }) {
				c.forms = append(c.forms, secretForm{form, placeholder})
			}
		}
	}
	slices.SortStableFunc(c.forms, func(a, b secretForm) int { return cmp.Compare(len(b.value), len(a.value)) })
	return c
}

// formsOf are the ways in which a secret is written: as it is, in JSON of several writers, in URLs, in HTML.
func formsOf(secret string) []string {
	safe, _ := json.Marshal(secret) // a string can be marshalled
	quoted := strings.TrimSuffix(strings.TrimPrefix(string(safe), `"`), `"`)
	plain := strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(quoted)
	return []string{secret, quoted, plain, strings.ReplaceAll(plain, "/", `\/`), url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)}
}

// shift is a piece of a text that became longer or shorter.
type shift struct{ from, to, newFrom, newTo int }

type shifts []shift

// at is where a place of the text before is afterwards. What was within a secret is at its end.
func (s shifts) at(place int) int {
	// The last piece that begins before it.
	i := sort.Search(len(s), func(i int) bool { return s[i].from >= place }) - 1
	switch {
	case i < 0:
		return place
	case place < s[i].to:
		return s[i].newTo
	}
	return place + s[i].newTo - s[i].to
}

// bytes returns b with placeholders, and what was moved; b itself where it holds no secret.
func (c *cleaner) bytes(b []byte) ([]byte, shifts) {
	next := make([]int, len(c.forms)) // where each form stands next; -1 for nowhere
	some := false
	for i, f := range c.forms {
		next[i] = bytes.Index(b, []byte(f.value))
		some = some || next[i] >= 0
	}
	if !some {
		return b, nil
	}
	out := make([]byte, 0, len(b)+64)
	var moved shifts
	for at := 0; ; {
		first := -1
		for i, f := range c.forms {
			if next[i] >= 0 && next[i] < at {
				if next[i] = bytes.Index(b[at:], []byte(f.value)); next[i] >= 0 {
					next[i] += at
				}
			}
			if next[i] >= 0 && (first < 0 || next[i] < next[first]) {
				first = i
			}
		}
		if first < 0 {
			return append(out, b[at:]...), moved
		}
		f := c.forms[first]
		out = append(out, b[at:next[first]]...)
		at = next[first] + len(f.value)
		moved = append(moved, shift{next[first], at, len(out), len(out) + len(f.placeholder)})
		out = append(out, f.placeholder...)
	}
}

func (c *cleaner) text(s string) string {
	s, _ = c.moved(s)
	return s
}

func (c *cleaner) moved(s string) (string, shifts) {
	for _, f := range c.forms {
		if strings.Contains(s, f.value) {
			b, moved := c.bytes([]byte(s))
			return string(b), moved
		}
	}
	return s, nil
}

func (c *cleaner) header(h traffic.Header) traffic.Header {
	shared := true
	for i, f := range h {
		name, value := c.text(f.Name), c.text(f.Value)
		if name == f.Name && value == f.Value {
			continue
		}
		if shared {
			h, shared = slices.Clone(h), false
		}
		h[i].Name, h[i].Value = name, value
	}
	return h
}

// trial returns a copy of a trial without secrets. body is what was moved in the body of the answer.
func (c *cleaner) trial(t *scanner.Trial, body shifts) *scanner.Trial {
	out := *t
	if len(c.forms) == 0 {
		return &out
	}
	var answer shifts
	out.Answer, answer = c.moved(t.Answer)
	out.Sent = slices.Clone(t.Sent)
	for i, s := range out.Sent {
		out.Sent[i] = scanner.Sent{Slot: c.text(s.Slot), Plain: c.text(s.Plain), Text: c.text(s.Text)}
	}
	c.judgement(&out.Judgement, answer, body)
	if t.Rules != nil {
		rules := *t.Rules
		c.judgement(&rules, answer, body)
		out.Rules = &rules
	}
	if t.Vote != nil {
		vote := *t.Vote
		vote.Reason, vote.Asked = c.text(vote.Reason), c.text(vote.Asked)
		out.Vote = &vote
	}
	return &out
}

func (c *cleaner) judgement(j *scanner.Judgement, answer, body shifts) {
	j.Reason = c.text(j.Reason)
	j.Evidence = slices.Clone(j.Evidence)
	for i := range j.Evidence {
		e := &j.Evidence[i]
		e.Text, e.Why = c.text(e.Text), c.text(e.Why)
		moved := answer
		switch e.Where {
		case "answer":
		case "body":
			moved = body
		default:
			continue
		}
		e.Start, e.End = moved.at(e.Start), moved.at(e.End)
	}
}

// finding returns a copy of a finding without secrets.
func (c *cleaner) finding(f *scanner.Finding) *scanner.Finding {
	out := *f
	out.Title, out.Name, out.Note, out.Reason = c.text(f.Title), c.text(f.Name), c.text(f.Note), c.text(f.Reason)
	return &out
}

// tested returns a copy of an exchange that a test, or a person who tries a model, sent, as it is kept: without secrets, also where an answer repeats
// them. moved is what moved in the answer's body. The record itself is left as it is.
func (s *sealer) tested(r *traffic.Record, c *cleaner) (out *traffic.Record, moved shifts) {
	c = s.withSent(r, c)
	copied := *r
	out = &copied
	if out.Source != traffic.SourceRepeater {
		out.Source = traffic.SourceTest
	}
	if len(c.forms) == 0 {
		return out, nil
	}
	out.Origin, _ = c.bytes(r.Origin)
	// What is sealed by the name of its field comes first: a part of it may be a secret.
	x := s.exchange(&r.Exchange)
	out.Request.URL, out.Request.Host = c.text(x.Request.URL), c.text(r.Request.Host)
	out.Request.Header, out.Request.Trailer = c.header(x.Request.Header), c.header(x.Request.Trailer)
	c.body(&out.Request.Body, r.Request.Header.Get("Content-Encoding"), out, traffic.FromClient)
	if r.Response != nil {
		res := *r.Response
		res.Reason, res.Header, res.Trailer = c.text(res.Reason), c.header(x.Response.Header), c.header(x.Response.Trailer)
		res.Informational = slices.Clone(x.Response.Informational)
		for i := range res.Informational {
			res.Informational[i].Header = c.header(res.Informational[i].Header)
		}
		moved = c.body(&res.Body, r.Response.Header.Get("Content-Encoding"), out, traffic.FromServer)
		out.Response = &res
	}
	if len(moved) > 0 {
		out.Segments = movedSegments(r.Segments, out.Response.Body.Data, moved)
	}
	out.Frames = slices.Clone(r.Frames)
	for i := range out.Frames {
		out.Frames[i].Data, _ = c.bytes(out.Frames[i].Data)
	}
	if r.Fault != nil {
		out.Fault = &traffic.Fault{Stage: r.Fault.Stage, Reason: c.text(r.Fault.Reason)}
	}
	return out, moved
}

// withSent adds what the request proves itself with to the secrets: answers that repeat a request repeat that.
func (s *sealer) withSent(r *traffic.Record, c *cleaner) *cleaner {
	var more []string
	for _, f := range r.Request.Header {
		if !strings.EqualFold(f.Name, "Authorization") && !strings.EqualFold(f.Name, "Proxy-Authorization") {
			continue
		}
		value := f.Value[schemeLength(f.Value):]
		if len(value) >= leastRepeated && !strings.HasPrefix(value, placeholderStart) && !slices.Contains(c.of, value) {
			more = append(more, value)
		}
	}
	if more == nil {
		return c
	}
	return s.cleaner(slices.Concat(c.of, more))
}

// body puts placeholders into a body. One with a content coding that hides a secret is kept without it, and Origin says
// so. Of data that is damaged what is readable counts: no reader finds more in it than this one.
func (c *cleaner) body(b *traffic.Body, coding string, out *traffic.Record, side traffic.Side) shifts {
	clean, moved := c.bytes(b.Data)
	if coding != "" {
		plain, lost, err := traffic.Decode(b.Data, coding, mostDecoded)
		if without, found := c.bytes(plain); err == nil && len(found) > 0 {
			clean, moved = without, found
			b.Size, b.Lost = int64(len(plain)), cmp.Or(b.Lost, lost)
			decoded, _ := sjson.SetBytes(out.Origin, "decoded.-1", side.String())
			out.Origin = decoded
		}
	}
	if len(moved) == 0 {
		return nil
	}
	if b.Lost == "" {
		b.Size = int64(len(clean))
	}
	b.Data, b.Kept = clean, int64(len(clean))
	return moved
}

// movedSegments cuts a body whose bytes moved where its pieces ended.
func movedSegments(before []traffic.Segment, body []byte, moved shifts) []traffic.Segment {
	after := make([]traffic.Segment, 0, len(before))
	old, at := 0, 0
	for i, s := range before {
		old += len(s.Data)
		end := min(moved.at(old), len(body))
		if i == len(before)-1 {
			end = len(body)
		}
		if end > at {
			after = append(after, traffic.Segment{At: s.At, Data: body[at:end]})
		}
		at = max(at, end)
	}
	return after
}

// spec returns what a person asked for without the credentials that may stand in the addresses of targets. References
// to secrets stay.
func (s *sealer) spec(spec scanner.RunSpec) scanner.RunSpec {
	spec.Targets = slices.Clone(spec.Targets)
	for i, target := range spec.Targets {
		spec.Targets[i] = sealURL(target, func(v string) string {
			if strings.HasPrefix(v, "{{") {
				return v
			}
			return s.placeholder("url", v)
		})
	}
	return spec
}
