package judge

import (
	"bytes"
	"strings"

	"assay/scanner"
)

// unlikeSignal tells a server that worked with what was sent from one that answers everything alike.
func unlikeSignal() *Signal {
	return &Signal{
		Name: "unlike-baseline", Hard: true,
		What: "The answer is another one than that without the attack; where it is the same, nothing can be told: who answers everything alike read nothing.",
		look: func(t *trial, _ params) finding {
			b := t.in.Baseline
			switch {
			case t.in.Status == 0:
				return unknowing("no answer came")
			case b == nil || b.answer() == "" && b.Said == nil:
				return unknowing("there is no baseline to compare the answer with")
			case strings.TrimSpace(t.text) == "":
				return finding{}
			case sameAnswer(t):
				return unknowing("the answer is the one that comes without the attack, and a server that reads nothing of the request cannot be told from a weak one")
			}
			l := located{inAnswer, t.text}
			return found([]scanner.Evidence{l.show("unlike-baseline", 0, len(t.text), "the answer is another one than without the attack")}, true)
		},
	}
}

// sameAnswer reports whether an answer says what the baseline's does, but for ids and times. Vectors are the same or not.
func sameAnswer(t *trial) bool {
	b := t.in.Baseline
	if c := t.in.Said; c != nil && c.Embeddings > 0 {
		return bytes.Equal(bytes.TrimSpace(t.in.Body), bytes.TrimSpace(b.Body))
	}
	one, other := letters(t.text).text, letters(b.answer()).text
	return one == other || nearlySame(one, other)
}
