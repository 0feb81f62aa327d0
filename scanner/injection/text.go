package injection

import (
	"bytes"
	"slices"
	"strings"
)

// bits is a set of classes.
type bits uint64

// mask is the set of a rule's classes.
func mask(need []class) bits {
	var b bits
	for _, c := range need {
		b |= 1 << c
	}
	return b
}

var (
	ruleMasks     = masks(rules)
	roleRuleMasks = masks(roleRules)
)

func masks(list []rule) []bits {
	out := make([]bits, len(list))
	for i := range list {
		out[i] = mask(list[i].need)
	}
	return out
}

// text looks at one text, or at one that was decoded. base is where it stands.
func (s *scan) text(text string, base, depth int, form string) {
	f := fold(text)
	s.letters(f, base, len(text))
	hits := lexicon.find(f.text, make([]hit, 0, 64))
	v := &view{scan: s, folded: f, hits: hits, base: base}
	v.discussed()
	v.sentences()
	v.whole()
	s.shapes(text, f, base)
	if depth < mostNesting {
		s.decode(text, f, base, depth, form)
	}
}

// letters notes what was done to single letters.
func (s *scan) letters(f *folded, base, size int) {
	whole := func(t Technique, why string, w float64) { s.add(t, why, w, base, base+size) }
	switch {
	case f.mixed >= 3:
		s.add(Lookalike, "letters of another script in words", 1, base+f.first[0], base+f.first[1])
	case f.mixed == 2:
		s.add(Lookalike, "letters of another script in words", 0.6, base+f.first[0], base+f.first[1])
	}
	if f.zero >= 3 {
		whole(Hidden, "invisible characters inside of words", 0.6)
	}
	if f.turned > 0 {
		whole(Hidden, "the direction of writing is overridden", 0.5)
	}
	if f.control > 0 {
		whole(Hidden, "control characters that delete", 1)
	}
	if f.marks >= 3 {
		whole(Hidden, "heaps of combining marks", 0.6)
	}
	if f.wide >= 12 {
		whole(Lookalike, "ornamental letters", 0.5)
	}
}

// view is a folded text with its words.
type view struct {
	scan   *scan
	folded *folded
	hits   []hit
	base   int
	talk   bool // the text talks about attacks
}

// discussed tells whether a text talks about attacks rather than to a model.
func (v *view) discussed() {
	n := 0
	text := string(v.folded.text[:min(len(v.folded.text), 4096)])
	for _, word := range []string{
		"prompt injection", "attacker", "vulnerabilit", "adversar", "jailbreaks", "mitigat", "attack", "llms", "red team", "the detector",
		"probe", "malicious user", "untrusted", "security",
	} {
		if strings.Contains(text, word) {
			n++
		}
	}
	v.talk = n >= 2
}

// sentences asks the rules of each sentence.
func (v *view) sentences() {
	text, from := v.folded.text, 0
	h := 0
	for from < len(text) {
		to := sentenceEnd(text, from)
		first := h
		var have bits
		for h < len(v.hits) && int(v.hits[h].start) < to {
			have |= 1 << v.hits[h].class
			h++
		}
		if first < h {
			v.sentence(v.hits[first:h], have, from, to)
		}
		from = to
	}
}

// mostHits is how many words of a sentence the rules are asked of.
const mostHits = 100

// longest is the most a sentence may be long: what goes on is the next one.
const longest = 700

func sentenceEnd(text []byte, from int) int {
	end := min(len(text), from+longest)
	for i := from; i < end; i++ {
		switch text[i] {
		case '.', '!', '?':
			if i+1 >= len(text) || text[i+1] == ' ' || text[i+1] == '\n' || text[i+1] >= 0x80 || text[i+1] == '"' {
				return i + 1
			}
		case '\n':
			if i+1 < len(text) && (text[i+1] == '\n' || !wordByte[text[i+1]] && text[i+1] != ' ' || i > from && (text[i-1] == ':' || text[i-1] == ';')) {
				return i + 1
			}
		}
	}
	return end
}

func (v *view) sentence(hits []hit, have bits, from, to int) {
	if len(hits) > mostHits {
		hits = hits[:mostHits] // rules are asked of pairs: the rest of a sentence full of such words adds nothing
	}
	v.ask(rules, ruleMasks, hits, have, from, to)
	if v.scan.role == Tool || v.scan.role == Document {
		v.ask(roleRules, roleRuleMasks, hits, have, from, to)
	}
}

func (v *view) ask(list []rule, masks []bits, hits []hit, have bits, from, to int) {
	for i := range list {
		if have&masks[i] != masks[i] {
			continue
		}
		r := &list[i]
		start, end, ok := r.met(hits)
		if !ok {
			continue
		}
		w := r.weight
		if r.verb {
			w *= v.requested(hits, int(r.verbAt(hits, start, end)), from, to)
		}
		if r.technique == Leak {
			w *= v.definite(int(start), int(end))
		}
		if r.technique == Persona && v.question(from, to) {
			w *= 0.5
		}
		if v.talk {
			w *= 0.5
		}
		v.scan.add(r.technique, r.why, w, v.base+v.folded.at(int(start)), v.base+v.folded.at(v.wordEnd(int(end))))
	}
}

// question reports whether a sentence asks for something of the world, not of the reader.
func (v *view) question(from, to int) bool {
	s := strings.TrimSpace(string(v.folded.text[from:to]))
	if !strings.HasSuffix(s, "?") || containsAny(s, "you ", "your ") {
		return false
	}
	first, _, _ := strings.Cut(s, " ")
	switch first {
	case "what", "what's", "why", "how", "is", "are", "do", "does", "which", "who", "when", "where", "should", "did", "was", "were", "has", "have":
		return true
	}
	return false
}

// wordEnd is where the word ends in which a hit ended, in scripts that have words.
func (v *view) wordEnd(i int) int {
	for i < len(v.folded.text) && wordByte[v.folded.text[i]] && v.folded.text[i] < 0xE0 {
		i++
	}
	return i
}

// definite weighs whether what is asked for is the reader's own: "what is a system prompt" asks for what the word means. Some
// languages put the verb last, which is as good a request as any; in English it is none.
func (v *view) definite(start, end int) float64 {
	asked := string(v.folded.text[start:end])
	behind := string(v.folded.text[end:min(len(v.folded.text), end+16)])
	switch {
	case strings.HasPrefix(behind, " for a ") || strings.HasPrefix(behind, " for the "):
		return 0.5
	case strings.ContainsAny(behind, "0123456789") && containsAny(behind, " line ", " row ", " page ", " cell ", " version ") || containsAny(asked, " where ", " reset "):
		return 0.3
	case containsAny(asked, " an ", " between ", " good ", "difference", " kinds of ", " types of ", " how ") || strings.Contains(asked, " a ") && english(asked):
		return 0.3
	case strings.ContainsFunc(asked, func(r rune) bool { return r >= 0x370 }):
		return 1.25
	}
	return 1
}

// english reports whether a piece that begins with a request is English: other languages have the word "a", too.
func english(asked string) bool {
	first, _, _ := strings.Cut(asked, " ")
	switch first {
	case "what", "what's", "which", "show", "give", "tell", "write", "explain", "describe", "list", "provide", "see", "know", "say", "put", "send", "share", "print",
		"output", "display", "repeat", "return", "create", "present", "translate", "summarize", "summarise", "state", "detail", "reveal", "let", "complete", "export":
		return true
	}
	return containsAny(asked, " the ", " of ", " is ", " you ")
}

// met finds the words of a rule near each other, each at its own place.
func (r *rule) met(hits []hit) (start, end int32, ok bool) {
	for i, h := range hits {
		if r.ordered && h.class != r.need[0] || !slices.Contains(r.need, h.class) {
			continue
		}
		if end, ok := r.rest(hits[i:]); ok {
			return h.start, end, true
		}
	}
	return 0, 0, false
}

// verbAt is where the word stands that asks: that of the first class, wherever the rule begins.
func (r *rule) verbAt(hits []hit, start, end int32) int32 {
	for _, h := range hits {
		if h.class == r.need[0] && h.start >= start && h.end <= end {
			return h.start
		}
	}
	return start
}

// rest looks for all words of a rule from the first hit on, none over another.
func (r *rule) rest(hits []hit) (end int32, ok bool) {
	limit := int32(1 << 30)
	if r.within > 0 {
		limit = hits[0].start + r.within
	}
	var seen bits
	want, n, last := mask(r.need), 0, int32(-1)
	for _, h := range hits {
		if h.start > limit {
			break
		}
		if h.end > limit {
			continue
		}
		if h.start < last {
			continue
		}
		if r.ordered {
			if h.class != r.need[n] {
				continue
			}
			n++
		} else if want&(1<<h.class) == 0 || seen&(1<<h.class) != 0 {
			continue
		}
		seen |= 1 << h.class
		last = h.end
		if seen == want {
			return last, true
		}
	}
	return 0, false
}

// requested weighs whether something is asked of the reader (1) or only told, denied or quoted (less).
func (v *view) requested(hits []hit, start, from, to int) float64 {
	before := string(v.folded.text[max(from, start-40):start])
	w := 1.0
	trimmed := strings.TrimRight(before, " \n")
	last := trimmed[strings.LastIndexAny(trimmed, " \n")+1:]
	if (last == "i" || last == "a" || last == "no" || last == "ne") && !containsAny(string(v.folded.text[from:to]), " the ", " you", " my ", " to ", "'t ", " and ") {
		last = "" // "and" and other small words of other languages
	}
	switch last {
	case "not", "never", "don't", "dont", "can't", "cannot", "didn't", "won't", "doesn't", "shouldn't", "nicht", "no", "ne", "nie":
		w = 0.2
	case "to":
		if !containsAny(before, "you to", "need to", "have to", "want to", "going to", "required to", "instructed to", "told to", "asked to", "is to", "remember to") ||
			containsAny(before, "i need to", "we need to", "i want to", "we want to", "i have to", "users want to", "how to") {
			w = 0.35
		}
	case "should", "would", "will", "could", "may", "might", "can":
		if !strings.Contains(before, "you ") {
			w = 0.4
		}
	case "that", "which", "who", "users", "people", "attackers", "i", "we", "they", "he", "she", "it", "often", "sometimes", "and/or", "the", "a", "an", "function", "methods":
		w = 0.35
	}
	for _, h := range hits {
		if h.class == cDiscuss && int(h.start) < start && int(h.start) >= from {
			w *= 0.5
			if strings.ContainsAny(string(v.folded.text[int(h.end):start]), "\"'`") {
				w *= 0.4
			}
			break
		}
	}
	return w
}

func containsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// drawn reports whether a line is drawn in a text, below which it says "just print" or the like.
func drawn(text []byte) bool {
	line := max(bytes.LastIndex(text, []byte("\n-----")), bytes.LastIndex(text, []byte("\n=====")))
	return line >= 0 && containsAny(string(text[line:]), "just print", "just say", "just output", "just write", "only print", "only say", "instead print", "instead say")
}

// whole asks what can only be said of the text as a whole.
func (v *view) whole() {
	var n [classes]int
	distinct := map[string]bool{}
	for _, h := range v.hits {
		n[h.class]++
		if h.class == cFree && len(distinct) < 16 {
			distinct[string(v.folded.text[h.start:h.end])] = true
		}
	}
	whole := func(t Technique, why string, w float64) {
		if v.talk {
			w *= 0.5
		}
		v.scan.add(t, why, w, v.base, v.base+v.folded.at(len(v.folded.text)))
	}
	if len(distinct) >= 2 && n[cAct] > 0 {
		whole(Persona, "several ways to say that there are no rules", 0.2*float64(min(len(distinct), 5)))
	}
	if n[cAct] > 0 && n[cGranny] >= 3 {
		whole(Fiction, "somebody who died, and tells at bedtime", 0.4)
	}
	if n[cPassword] > 0 && n[cTell] > 0 && len(v.folded.text) < 600 {
		if n[cModeOn] > 0 {
			whole(Leak, "a secret, and a mode that is switched on", 0.45)
		}
		if n[cAuthority] > 0 {
			whole(Leak, "a secret, and an authority", 0.4)
		}
	}
	if n[cPuppet] >= 3 {
		whole(Puppetry, "a policy of many parts", 0.6)
	}
	if n[cNow]+n[cIgnore] > 0 && n[cJust] > 0 && drawn(v.folded.text) {
		whole(Override, "asks for something else below a line", 1)
	}
	if n[cStay] > 0 && n[cAct] > 0 && n[cRefusal] > 1 {
		whole(Suppress, "a role that is held and may not refuse", 0.25)
	}
	if n[cHarm] > 0 && n[cComply] > 0 {
		whole(Suppress, "something forbidden, however questionable", 0.4)
	}
	if n[cDecode] > 0 && n[cDecoded] > 0 && len(v.folded.text) < 2000 {
		whole(Encoded, "asks for what is encoded", 0.65)
	}
	if n[cHarm] > 0 && n[cAuthority] > 0 {
		whole(Authority, "something forbidden that is said to be allowed", 0.55)
	}
	if n[cSplit] > 0 && n[cSend]+n[cEmit] > 1 {
		whole(Splitting, "puts pieces together", 0.3)
	}
}
