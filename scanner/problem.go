package scanner

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong in a file that a person wrote, where it is, and what would be right.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`   // from 1; 0 where the file as a whole is meant
	Column  int    `json:"column"` // from 1, in characters
	Where   string `json:"where"`  // the keys that lead there: "attack.prompts[2]"; empty at the top
	What    string `json:"what"`   // one sentence: what is wrong and what was expected
	Nearest string `json:"nearest,omitempty"`
}

// Error is how a person reads a problem: "file:line:column: where: what; did you mean …?".
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Where != "" {
		b.WriteString(p.Where + ": ")
	}
	b.WriteString(p.What)
	if p.Nearest != "" {
		fmt.Fprintf(&b, "; did you mean %q?", p.Nearest)
	}
	return b.String()
}
