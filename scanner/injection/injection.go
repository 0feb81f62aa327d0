package injection

import (
	"cmp"
	"maps"
	"slices"
)

// Role says who is heard: what is usual in a system prompt is an attack in the result of a tool.
type Role string

// The roles. An empty one is taken for User.
const (
	User      Role = "user"
	Assistant Role = "assistant"
	System    Role = "system"
	Tool      Role = "tool"
	Document  Role = "document"
)

// Options of a scan.
type Options struct {
	Role Role
}

// Technique names a way to attack.
type Technique string

// The techniques.
const (
	Override  Technique = "instruction_override"
	Persona   Technique = "persona"
	Marker    Technique = "fake_marker"
	Leak      Technique = "prompt_leak"
	Suppress  Technique = "refusal_suppression"
	Prefix    Technique = "prefix_injection"
	Fiction   Technique = "fiction_frame"
	Authority Technique = "false_authority"
	Puppetry  Technique = "policy_puppetry"
	Splitting Technique = "payload_splitting"
	Suffix    Technique = "adversarial_suffix"
	Exfil     Technique = "exfiltration"
	Markup    Technique = "active_markup"
	Hidden    Technique = "hidden_text"
	Addressed Technique = "hidden_instruction"
	Encoded   Technique = "encoded_payload"
	Lookalike Technique = "lookalike_letters"
)

// Span is one sign: Start and End are byte offsets of the text that was given. A sign in decoded text has the span of what
// was decoded.
type Span struct {
	Technique  Technique
	Start, End int
	Why        string
	Confidence float64 // 0 to 1: the sign's weight
}

// Decoded is what was hidden in the text.
type Decoded struct {
	Form       string // base64, rot13, tags…; nested ones follow each other, as "base64 hex"
	Text       string // cut to a few kB
	Start, End int
}

// Result of a scan.
type Result struct {
	Score      float64 // 0 to 1; 0.5 is the threshold
	Attack     bool
	Techniques []Technique // sorted, those whose signs count
	Spans      []Span      // sorted by Start
	Decoded    []Decoded
	Cut        int // bytes of the text that were not looked at
}

// Bounds of one scan.
const (
	mostText    = 1 << 20   // bytes looked at: of a longer text its beginning and its end
	mostTail    = 256 << 10 // bytes of that which are the end
	mostSpans   = 256
	mostDecoded = 48
	mostNesting = 4
	mostPlain   = 4 << 10   // bytes of one decoded text that are returned
	mostWork    = 256 << 10 // bytes of decoded text that are scanned again, all together
)

// enough is the sum of weights that makes an attack.
const enough = 0.85

// Scan looks for the signs of an attack.
func Scan(text string, o Options) Result {
	s := scan{role: o.Role, work: mostWork, best: map[Technique]float64{}}
	if len(text) > longText {
		s.long = max(0.3, float64(longText)/float64(len(text)))
	}
	if len(text) <= mostText {
		s.text(text, 0, 0, "")
	} else {
		s.cut = len(text) - mostText
		s.text(text[:mostText-mostTail], 0, 0, "")
		s.text(text[len(text)-mostTail:], len(text)-mostTail, 0, "")
	}
	return s.result()
}

// In a long text words of the vocabulary come together by chance: faint signs count less there.
const (
	longText = 6 << 10
	faint    = 0.45
)

// scan collects signs.
type scan struct {
	role    Role
	long    float64 // how much faint signs count in a long text; 0 in others
	spans   []Span
	decoded []Decoded
	cut     int
	work    int
	best    map[Technique]float64 // what a technique adds
	inside  *Decoded              // of decoded text: where it stands
	heard   map[string]int        // how often a sign was met
}

// more is what the second sign of the same kind counts of the first.
const more = 0.2

// add notes a sign of the folded text f, from and to bytes of it.
func (s *scan) add(t Technique, why string, weight float64, start, end int) {
	weight *= s.share(t)
	if weight < faint && s.long > 0 {
		weight *= s.long
	}
	if weight < 0.02 {
		return
	}
	if s.inside != nil {
		start, end = s.inside.Start, s.inside.End
	}
	if s.heard == nil {
		s.heard = map[string]int{}
	}
	n := s.heard[why]
	s.heard[why]++
	switch {
	case n == 0:
		s.best[t] += weight
	case n < 3:
		s.best[t] += weight * more
	}
	if n < 8 && len(s.spans) < mostSpans && end > start {
		s.spans = append(s.spans, Span{Technique: t, Start: start, End: end, Why: why, Confidence: min(weight, 1)})
	}
}

// shares say how much a sign counts from the mouth of a role, where it is not 1; the empty technique stands for all others.
var shares = map[Role]map[Technique]float64{
	System:    {"": 0.35, Hidden: 1, Lookalike: 1, Suffix: 1, Exfil: 0.7, Encoded: 0.7},
	Assistant: {"": 0.35, Exfil: 1, Hidden: 1, Markup: 1},
	Tool:      told,
	Document:  told,
}

// told are the shares of what others wrote: there nobody has to give orders to a model.
var told = map[Technique]float64{Override: 1.25, Addressed: 1.25, Leak: 1.1, Persona: 0.6, Encoded: 0.6, Marker: 1.25, Exfil: 1.25, Fiction: 0.8, Suffix: 0.8}

// share is how much a sign counts.
func (s *scan) share(t Technique) float64 {
	of := shares[s.role]
	if share, ok := of[t]; ok {
		return share
	}
	if share, ok := of[""]; ok {
		return share
	}
	return 1
}

func (s *scan) result() Result {
	total := 0.0
	for _, t := range slices.Sorted(maps.Keys(s.best)) {
		total += s.best[t]
	}
	r := Result{Decoded: s.decoded, Cut: s.cut, Attack: total >= enough-1e-9, Score: total / (total + enough)}
	if r.Attack {
		r.Score = max(r.Score, 0.5)
	} else {
		r.Score = min(r.Score, 0.4999)
	}
	slices.SortStableFunc(s.spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Technique, b.Technique))
	})
	r.Spans = s.spans
	for _, t := range slices.Sorted(maps.Keys(s.best)) {
		if s.best[t] >= 0.1 {
			r.Techniques = append(r.Techniques, t)
		}
	}
	return r
}
