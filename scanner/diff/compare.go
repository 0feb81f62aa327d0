package diff

import (
	"assay/llm"
	"assay/traffic"
)

// Side is one side of a comparison: an answer, or a request.
type Side struct {
	Request bool // what is compared is what was asked, not what came back
	Status  int  // of the answer; 0 when there is none
	Fault   string
	Header  traffic.Header
	Body    []byte // without content coding
	Said    *llm.Conversation
}

// Result is how two sides differ.
type Result struct {
	Facts   []Fact
	Text    Text
	Bytes   Bytes
	Ignored []Ignored // every kind of noise that was asked for, and how much it hid
}

// Compare compares two sides. ignore names kinds of noise (Noises) or paths of the JSON ("/choices/*/index").
func Compare(a, b Side, ignore []string) Result {
	n := newNoise(ignore)
	r := Result{Facts: n.facts(meaning(a, b)), Text: CompareText(a.text(), b.text())}
	r.Bytes = compareBytes(a, b, n)
	r.Ignored = n.ignored()
	return r
}

// Change says how something differs between two sides.
type Change string

// The ways in which something differs.
const (
	Same    Change = "same"
	Added   Change = "added"   // only the second side has it
	Removed Change = "removed" // only the first side has it
	Changed Change = "changed"
)

func changeOf(a, b string) Change {
	switch {
	case a == b:
		return Same
	case a == "":
		return Added
	case b == "":
		return Removed
	}
	return Changed
}
