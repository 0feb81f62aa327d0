package prose

import (
	"strings"
	"unicode"
)

// Bounds of looking for gibberish.
const (
	mostGibberish  = 64 << 10 // bytes of a text: of a longer one its end, where suffixes are
	gibberishWords = 12       // that stand together
)

// Gibberish finds a run of words that are no language in a text that begins as one, or is nothing else: signs between
// letters, capitals within words, pieces of code, of markup and of several languages beside each other, as optimisers
// leave them. Code, tables, lists and other data are left alone: their signs repeat.
func Gibberish(text string) (p Part, found bool) {
	base := 0
	if len(text) > mostGibberish {
		base = len(text) - mostGibberish
		text = text[base:]
	}
	if strings.Contains(text, "```") || structured(text) {
		return p, false
	}
	// A word that is odd adds, one that is not takes away: the best sum is the run.
	sum, start, best := 0.0, -1, 0.0
	odd, all := 0, 0
	for from, to := range words(text) {
		w := text[from:to]
		o := oddness(w)
		all++
		if o > 0 {
			odd++
		}
		if sum <= 0 {
			sum, start, odd, all = 0, from, 0, 1
			if o > 0 {
				odd = 1
			}
		}
		if sum += o - 0.45; sum > best && all >= gibberishWords && odd*2 >= all {
			best, p = sum, Part{base + start, base + to, 0}
		}
	}
	if best < 4 {
		return Part{}, false
	}
	p.Score = min(0.95, 0.35+best/20)
	return p, true
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
	core := strings.Trim(w, `.,;:!?"'()[]{}*_-…“”‘’«»`)
	stripped := len(w) - len(core)
	var signs, humps, letters, scripts int
	var before rune
	script := 0
	for _, r := range core {
		switch {
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				humps++
			}
			if s := scriptOf(r); s != script {
				if script != 0 {
					scripts++
				}
				script = s
			}
		case unicode.IsDigit(r), r == '\'', r == '’', r == '-', r == '.', r == ',', r == ':', unicode.IsMark(r):
		default:
			signs++
		}
		before = r
	}
	o := 0.0
	switch {
	case core == "" && len(w) >= 2 && !same(w):
		o = 1 // signs alone
	case core == "":
		o = 0.3
	case signs > 0 && letters > 0:
		o = 0.6 + 0.3*float64(min(signs, 3))
	}
	if humps > 0 {
		o += 0.5
	}
	if scripts > 0 {
		o += 0.8
	}
	if stripped >= 3 && core != "" && !same(w[len(w)-2:]) {
		o += 0.7
	}
	return min(o, 1.6)
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
