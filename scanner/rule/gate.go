package rule

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// mostGate is how many literals are worth looking for before an expression is tried.
const mostGate = 64

// gateOf finds literals, in small letters, of which every text that the expression matches has at least one. There are
// none where no such list is known.
func gateOf(expression string) []string {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	gate := literals(re.Simplify(), 0)
	if len(gate) > mostGate || shortest(gate) < 2 {
		return nil
	}
	return gate
}

// literals are the texts of which one stands in every match; nil where nobody knows.
func literals(re *syntax.Regexp, deep int) []string {
	if deep > 50 {
		return nil
	}
	switch re.Op {
	case syntax.OpLiteral:
		text := string(re.Rune)
		if !plainLetters(text) {
			return nil // small letters of some alphabets are written with another number of bytes
		}
		return []string{strings.ToLower(text)}
	case syntax.OpCapture, syntax.OpPlus:
		return literals(re.Sub[0], deep+1)
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literals(re.Sub[0], deep+1)
		}
	case syntax.OpConcat: // the piece whose literals tell most
		var best []string
		for _, sub := range re.Sub {
			if l := literals(sub, deep+1); shortest(l) > shortest(best) && len(l) <= mostGate {
				best = l
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			l := literals(sub, deep+1)
			if len(l) == 0 {
				return nil
			}
			all = append(all, l...)
		}
		return all
	default: // what may be empty, or anything
	}
	return nil
}

// shortest is the length of the shortest of the texts, 0 where there are none.
func shortest(texts []string) int {
	if len(texts) == 0 {
		return 0
	}
	least := len(texts[0])
	for _, t := range texts[1:] {
		least = min(least, len(t))
	}
	return least
}

func plainLetters(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
