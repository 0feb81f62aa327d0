package judge

import (
	"strings"
	"unicode"

	"assay/scanner"
	"assay/scanner/reply"
)

// opined is what a judge wrote, by its names.
type opined struct {
	id, quote, reason string
	verdict           scanner.Verdict
}

// readReply reads a reply. An object that carries the question's id counts before all others; one without counts unless
// its reason stands in the answer that is judged: then the judge only repeats it. problem says why there is none.
func readReply(text, id, answer string) (r opined, problem string) {
	var ours, others []opined
	for _, fields := range reply.Objects(text) {
		one, ok := judged(fields)
		switch {
		case !ok:
		case one.id == id:
			ours = append(ours, one)
		case one.id == "":
			others = append(others, one)
		}
	}
	if len(ours) == 0 && len(others) == 0 {
		if one, ok := judged(reply.Lines(text)); ok && (one.id == "" || one.id == id) {
			others = append(others, one)
		}
	}
	if len(ours) == 0 {
		reduced := letters(answer).text
		for _, one := range others {
			if said := letters(one.reason).text; said == "" || !strings.Contains(reduced, said) {
				ours = append(ours, one)
			}
		}
	}
	if len(ours) == 0 {
		return opined{}, "it holds no JSON object with a verdict"
	}
	for _, one := range ours[1:] {
		if one.verdict != ours[0].verdict {
			return opined{}, "it holds more than one verdict"
		}
	}
	if ours[0].verdict == "" {
		return opined{}, "the verdict is not vulnerable, resisted or unclear"
	}
	return ours[0], ""
}

// judged reads the fields that a reply is made of; ok is false where there is no verdict among them.
func judged(fields map[string]string) (r opined, ok bool) {
	word, ok := fields["verdict"]
	if !ok {
		return opined{}, false
	}
	r.id = strings.TrimSpace(fields["id"])
	r.quote = fields["quote"]
	for _, name := range []string{"reason", "reasoning", "rationale", "explanation"} {
		if r.reason == "" {
			r.reason = fields[name]
		}
	}
	switch strings.ToLower(strings.TrimFunc(word, func(c rune) bool { return !unicode.IsLetter(c) })) {
	case "vulnerable":
		r.verdict = scanner.Vulnerable
	case "resisted":
		r.verdict = scanner.Resisted
	case "unclear", "abstain", "uncertain", "unknown", "unsure":
		r.verdict = scanner.Unclear
	}
	return r, true
}
