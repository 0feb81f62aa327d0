package prose

import (
	"strings"
	"unicode"
)

// Bounds of looking for gibberish.
const (
	mostGibberish = 4 << 10 // bytes of a text: of a longer one its end, where suffixes are
	oddWords      = 3       // that are odd within it
	usual         = 0.22    // how odd words are on the average where it is no accident
)

// Gibberish finds words that are no language at the end of a text that begins as one, on the same line: signs between
// letters, capitals within words, pieces of code, of markup and of several languages beside each other, as optimisers leave
// them. Code, tables, lists and other data are left alone: there signs stand from the beginning, or on lines of their own.
func Gibberish(text string) (p Part, found bool) {
	base := 0
	if len(text) > mostGibberish {
		base = len(text) - mostGibberish
		text = text[base:]
	}
	end := len(strings.TrimRight(text, " \t\r\n"))
	from := strings.LastIndexByte(text[:end], '\n') + 1
	line := text[from:end]
	if strings.Count(line, "`")%2 == 0 && strings.Contains(line, "`") || strings.Contains(line, "://") || structured(line) {
		return p, false
	}
	type word struct {
		start int
		odd   float64
	}
	var all []word
	for start, stop := range words(line) {
		all = append(all, word{start, oddness(line[start:stop])})
	}
	// The sum of how much odder than usual words are: where it is the largest is the gibberish.
	sum, best := 0.0, 0.0
	first, at, last := 0, -1, -1
	for i := range all {
		if sum <= 0 {
			sum, first = 0, i
		}
		if sum += all[i].odd - usual; sum > best {
			best, at, last = sum, first, i
		}
	}
	if at < 4 {
		return Part{}, false
	}
	odd := 0
	for _, w := range all[at : last+1] {
		if w.odd >= 0.5 {
			odd++
		}
	}
	if best < 1.3 || odd < oddWords {
		return Part{}, false
	}
	before := 0.0
	for _, w := range all[:at] {
		before += w.odd
	}
	if before > 0.1*float64(at) {
		return Part{}, false // it is so from the beginning
	}
	p = Part{base + from + all[at].start, base + end, min(0.95, 0.45+best/12)}
	if balanced(line[all[at].start:]) {
		p.Score = 0.4 // a formula, or code
	}
	return p, true
}

// balanced reports whether what is opened is closed, in order, as people and programs write.
func balanced(text string) bool {
	var open []byte
	for i := range len(text) {
		switch c := text[i]; c {
		case '(', '[', '{':
			open = append(open, c)
		case ')', ']', '}':
			if len(open) == 0 {
				if c == ')' && i > 0 && text[i-1] >= '0' && text[i-1] <= '9' {
					continue // of a list: 1)
				}
				return false
			}
			if want := open[len(open)-1]; c-want > 2 {
				if c == ')' && i > 0 && text[i-1] >= '0' && text[i-1] <= '9' {
					continue
				}
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}

// structured reports whether a text is data or code: lines that begin or end alike, or more signs of them than prose has.
func structured(text string) bool {
	lines, alike := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		lines++
		if strings.ContainsRune("{}[]();,:|<>=", rune(line[len(line)-1])) || strings.ContainsRune("{}[]()|<#/-*+$@.", rune(line[0])) {
			alike++
		}
	}
	if lines >= 6 && alike*5 >= lines*2 {
		return true
	}
	trimmed := strings.TrimSpace(text)
	return trimmed != "" && (trimmed[0] == '{' || trimmed[0] == '[' || trimmed[0] == '<')
}

// words walks over what stands between white space.
func words(text string) func(func(int, int) bool) {
	return func(yield func(int, int) bool) {
		start := -1
		for i := 0; i <= len(text); i++ {
			if i < len(text) && text[i] > ' ' {
				if start < 0 {
					start = i
				}
				continue
			}
			if start >= 0 && !yield(start, i) {
				return
			}
			start = -1
		}
	}
}

// oddness weighs how unlike a word of any language a word is: 0 for what prose has, 1 and more for what it has not.
func oddness(w string) float64 {
	if len(w) > 200 || strings.Contains(w, "://") || strings.Contains(w, "@") {
		return 0 // an address, or encoded bytes
	}
	o := 0.0
	if strings.ContainsAny(w, "{}[]\\|<>^~_=#$%*+`") && !paired(w) {
		o = 0.9
	}
	core := strings.Trim(w, `.,;:!?"'()[]{}*_-…“”‘’«»`)
	if core == "" {
		if same(w) && len(w) > 1 {
			return max(o, 0.3) // a line, an ellipsis
		}
		if w == "-" || w == "–" || w == "—" || w == "&" || w == "/" {
			return 0
		}
		return max(o, 0.7)
	}
	signs, humps, scripts, script := 0, 0, 0, 0
	var before rune
	for _, r := range core {
		switch {
		case unicode.IsLetter(r):
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				humps++
			}
			if s := scriptOf(r); s != script {
				if script != 0 {
					scripts++
				}
				script = s
			}
		case unicode.IsDigit(r), r == '\'', r == '’', r == '-', r == '.', r == ',', r == ':', r == '/', unicode.IsMark(r):
		default:
			signs++
		}
		before = r
	}
	if signs > 0 {
		o = max(o, 0.6)
	}
	if humps > 0 {
		o += 0.5
	}
	if scripts > 0 {
		o += 0.8
	}
	if len(w)-len(core) >= 3 && o == 0 && !same(w[len(w)-2:]) {
		o = 0.6
	}
	return min(o, 1.6)
}

// paired reports whether a word stands whole in brackets or stars, as people write it: [1], {name}, *really*, $5, 20%.
func paired(w string) bool {
	w = strings.TrimRight(w, ".,;:!?")
	if len(w) < 2 {
		return false
	}
	core := strings.Trim(w, "[]{}()<>*_`\"'")
	if core == "" {
		return false
	}
	plain := !strings.ContainsAny(core, "{}[]\\|<>^~_=#*+`")
	switch {
	case plain && (w[0] == '[' && w[len(w)-1] == ']' || w[0] == '{' && w[len(w)-1] == '}' || w[0] == '<' && w[len(w)-1] == '>' || w[0] == '*' && w[len(w)-1] == '*' || w[0] == '_' && w[len(w)-1] == '_'):
		return true
	case (w[0] == '$' || w[0] == '#') && plain, w[len(w)-1] == '%' && plain, w == "+", w == "=":
		return true
	}
	return strings.IndexByte(core, '_') > 0 && !strings.ContainsAny(core, "{}[]\\|<>^~=#$%*+`") // snake_case
}

// same reports whether a text is one sign again and again: a line, an ellipsis.
func same(w string) bool { return strings.Trim(w, w[:1]) == "" }

// scriptOf sorts letters roughly.
func scriptOf(r rune) int {
	switch {
	case r < 0x250:
		return 1
	case r < 0x400:
		return 2
	case r < 0x530:
		return 3
	case r >= 0x3040:
		return 4
	}
	return 5
}
