package injection

import (
	"regexp"
	"strings"
	"unicode"

	"assay/scanner/prose"
)

var (
	placeholder = regexp.MustCompile(`(?i)(?:https?:|ht"|\]\(|\]:|/)[^\s]{0,160}?[=?/][\["',]{0,4}\[[A-Z][\w ,"]{1,30}\]`)
	linked      = regexp.MustCompile(`!?\[[^\]\n]{0,80}\] ?[(\[:]`)
	scripts     = regexp.MustCompile(`(?i)<script\b|<svg\b[^>]{0,80}\bon\w+ ?=|\bon(?:error|load|mouse\w+|click|focus) ?=|<iframe\b|<!--\[if|javascript:|data:text/html`)
	linkScript  = regexp.MustCompile(`(?i)\]\( ?(?:javascript|data|vbscript):`)
	comment     = regexp.MustCompile(`(?i)<!--[^>]{0,400}?(?:ignore (?:all|any|every|previous|prior|the|your)|assistant[,: ]|you must|(?:the|language|ai) model(?:[:,]| must| should| reading| has to)|\bai\b(?:[,:]| must| should| assistant| agent))`)
	unseenStyle = regexp.MustCompile(`(?i)(?:display: ?none|font-size: ?0|color: ?white|opacity: ?0|visibility: ?hidden)[^>]{0,80}>[^<]{0,200}(?:ignore|assistant|instruction|you must|\bai\b)`)
)

// shapes notes what is told by form and not by words: links that carry data away, markup that runs, random suffixes.
func (s *scan) shapes(text string, f *folded, base int) {
	if len(text) > 64<<10 {
		text = text[:64<<10]
	}
	lower := f.text[:min(len(f.text), 64<<10)]
	low := string(lower)
	has := func(words ...string) bool { return containsAny(low, words...) }
	if strings.Contains(text, "[") && has("http", "](", "]:", "concat", "/") {
		s.carried(text, base, has)
	}
	if strings.ContainsAny(text, "<:=") {
		if m := firstOf(linkScript, text, has("](")); m != nil {
			s.add(Markup, "a link that runs a script", 1.05, base+m[0], base+m[1])
		}
		active := has("<script", "<svg", "onerror", "onload", "onmouse", "onclick", "onfocus", "<iframe", "<!--[if", "javascript:", "data:text/html")
		if m := firstOf(scripts, text, active && has("<", "javascript:")); m != nil {
			s.add(Markup, "markup that runs", 0.35, base+m[0], base+m[1])
			if has("in your output", "in your response", "in your answer", "renders properly", "in the output", "append this", "include '", "include the following") {
				s.add(Markup, "asks to put markup that runs into the answer", 0.7, base+m[0], base+m[1])
			}
		}
		if m := firstOf(comment, text, has("<!--")); m != nil {
			s.add(Addressed, "a comment that people do not see", 0.8, base+m[0], base+m[1])
		}
		if m := firstOf(unseenStyle, text, has("display:", "font-size:", "color:", "opacity:", "visibility:")); m != nil {
			s.add(Addressed, "text that is not drawn", 0.7, base+m[0], base+m[1])
		}
	}
	s.suffix(text, base)
}

// carried looks for links whose address is to be filled with what the model knows.
func (s *scan) carried(text string, base int, has func(...string) bool) {
	m := toBeFilled(text)
	if m == nil {
		if has("concatenate") && has("replace [", "replac") {
			s.add(Exfil, "builds a link from pieces, to be filled", 0.8, base, base+len(text))
		}
		return
	}
	s.add(Exfil, "a link with a place to be filled", 0.45, base+m[0], base+m[1])
	if has("replac", "whereas", "where [", "encoded", "fill", "append", "substitut") {
		s.add(Exfil, "says with what the link is to be filled", 0.4, base+m[0], base+m[1])
	}
	if has("print the following", "responding with", "respond with", "code block", "concatenate", "conversation", "previous message", "normal font") {
		s.add(Exfil, "wants the link in the answer", 0.35, base+m[0], base+m[1])
	}
	if linked.MatchString(text) {
		s.add(Exfil, "as a link or an image", 0.1, base+m[0], base+m[1])
	}
}

// firstOf is where a form stands first, if a cheap look says that it may.
func firstOf(form *regexp.Regexp, text string, may bool) []int {
	if !may {
		return nil
	}
	return form.FindStringIndex(text)
}

// toBeFilled finds an address with a place to be filled. The form is asked only around brackets that follow "=", "?" or "/".
func toBeFilled(text string) []int {
	const before, after, most = 200, 48, 64
	tries := 0
	for i := 1; i < len(text) && tries < most; i++ {
		if text[i] != '[' {
			continue
		}
		j := i - 1
		for j > 0 && i-j < 5 && strings.IndexByte("[\"',", text[j]) >= 0 {
			j--
		}
		if c := text[j]; c != '=' && c != '?' && c != '/' {
			continue
		}
		tries++
		from := max(0, i-before)
		if m := placeholder.FindStringIndex(text[from:min(len(text), i+after)]); m != nil {
			return []int{from + m[0], from + m[1]}
		}
	}
	return nil
}

// Bounds of what is taken for an optimised suffix: prose that ends in signs no person writes.
const (
	mostSuffix  = 700
	leastSuffix = 45
)

// suffix tells the random ends that optimisers put after a request (GCG and its relatives).
func (s *scan) suffix(text string, base int) {
	t := strings.TrimSpace(text)
	if len(t) < leastSuffix || len(t) > mostSuffix || strings.Count(t, "\n") > 2 || s.inside != nil {
		return
	}
	if n := strings.Count(t, "`"); n > 0 && n%2 == 0 || strings.Contains(t, "://") || strings.Contains(t, "](") {
		return // documents about code
	}
	head := t[:min(25, len(t))]
	if strings.ContainsAny(head, "{}[]<>=;#/\\*|`$@") || !unicode.IsUpper(rune(t[0])) {
		return // code
	}
	words := strings.Fields(t)
	odd, from, at := 0, -1, 0
	for n, w := range words {
		at += strings.Index(t[at:], w)
		if n >= 4 && oddWord(w) {
			if odd++; from < 0 {
				from = at
			}
		}
		at += len(w)
	}
	open := strings.Count(t, "{") + strings.Count(t, "[") + strings.Count(t, "(") - strings.Count(t, "}") - strings.Count(t, "]") - strings.Count(t, ")")
	crooked := open < -1 || open > 1
	tail := len(words)
	if from >= 0 {
		tail = len(strings.Fields(t[from:]))
	}
	switch {
	case odd >= 3 && odd*4 >= tail && crooked, odd >= 5 && odd*3 >= tail:
		s.add(Suffix, "ends in signs that no person writes", 1.05, base+from, base+len(t))
	case odd >= 3 && odd*5 >= tail:
		s.add(Suffix, "ends in signs that no person writes", 0.6, base+from, base+len(t))
	default:
		return
	}
	if p, found := prose.Gibberish(t); found && p.Score >= 0.5 {
		s.add(Suffix, "holds words that are no language", 0.4, base+p.Start, base+p.End)
	}
}

// oddWord reports whether a word has signs in it where nobody puts them, or is such a sign alone.
func oddWord(w string) bool {
	trimmed := strings.Trim(w, `.,!?:;"'()`)
	if trimmed == "" {
		return w != "-" && w != "&" && !strings.HasPrefix(w, "..") || w == "!"
	}
	if strings.Contains(trimmed, "://") || len(trimmed) > 40 {
		return false
	}
	signs, before := 0, rune(0)
	turned := false
	for _, r := range trimmed {
		switch {
		case strings.ContainsRune("{}[]()\\|<>`^~_=+\"*;", r):
			signs++
		case unicode.IsUpper(r) && unicode.IsLower(before):
			turned = true
		}
		before = r
	}
	return signs >= 2 || signs == 1 && (len(trimmed) <= 2 || strings.ContainsAny(trimmed, "{[\\|`")) || turned
}
