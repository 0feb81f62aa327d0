package detect

import (
	"strings"
)

// How much text around a keyword a rule is given. Keys are short; the exceptions are told apart by their ids.
const (
	keyBefore  = 160
	keyAfter   = 420
	nameBefore = 56
	valueAfter = 260
	blockAfter = 20 << 10 // private keys, service accounts, manifests
)

// window is a part of the text in which a rule is asked.
type window struct{ start, end int }

// secret looks for secrets in what the text says, its JSON escapes undone.
func (s *subject) secret() {
	plain := unescape(s.text)
	rules := secrets()
	windows := map[*rule][]window{}
	lower := strings.ToLower(plain.text)
	if len(lower) != len(plain.text) {
		lower = asciiLower(plain.text)
	}
	for _, hit := range rules.keywords.MatchString(lower) {
		at := int(hit.Pos())
		for _, r := range rules.asked[hit.Pattern()] {
			w, worth := r.near(plain.text, at, at+len(hit.Match()))
			if !worth {
				continue
			}
			list := windows[r]
			if n := len(list); n > 0 && list[n-1].end >= w.start {
				list[n-1].end = max(list[n-1].end, w.end)
				continue
			}
			windows[r] = append(list, w)
		}
	}
	for r, list := range windows {
		for _, w := range list {
			s.ruled(rules, r, plain, w)
		}
	}
}

// near is the part of the text a rule is asked about for a keyword, and whether it is worth asking: an expression takes
// long to find out that there is nothing.
func (r *rule) near(text string, start, end int) (window, bool) {
	switch {
	case r.assignment:
		value, ok := assigned(text, end)
		if !ok || !r.takes(text, value) {
			return window{}, false
		}
		return window{max(0, start-nameBefore), min(len(text), value+valueAfter)}, true
	case r.prefix:
		stop := skip(text, end, r.least, func(c byte) bool { return wordByte(c) || c == '-' || c == '.' || c == '/' || c == '+' || c == '=' })
		if stop-end < r.least {
			return window{}, false
		}
	}
	return window{max(0, start-keyBefore), min(len(text), start+after(r))}, true
}

// takes reports whether a value at i can be long enough for the rule; a generic one must have a digit.
func (r *rule) takes(text string, i int) bool {
	digits := r.ID != "generic-api-key"
	stop := skip(text, i, r.least, func(c byte) bool {
		digits = digits || classOf[c] == number
		return c > ' ' && strings.IndexByte("`'\";,{}[]()<>", c) < 0
	})
	if stop-i < r.least {
		return false
	}
	for ; !digits && stop < len(text) && wordByte(text[stop]); stop++ {
		digits = classOf[text[stop]] == number
	}
	return digits
}

// assigned finds where a value begins that follows a name, as in token = "…" or "api_key": "…".
func assigned(text string, i int) (value int, ok bool) {
	i = skip(text, i, 20, func(c byte) bool { return c == ' ' || c == '\t' || c == '.' || c == '-' || wordByte(c) })
	i = skip(text, i, 3, func(c byte) bool { return c == '\'' || c == '"' || space(c) })
	from := i
	i = skip(text, i, 4, func(c byte) bool { return strings.IndexByte("=>:|?,", c) >= 0 })
	return skip(text, i, 5, func(c byte) bool { return strings.IndexByte("`'\"=", c) >= 0 || space(c) }), i > from
}

func skip(text string, i, most int, some func(byte) bool) int {
	for n := 0; n < most && i < len(text) && some(text[i]); n++ {
		i++
	}
	return i
}

func wordByte(c byte) bool { return c < 0x80 && classOf[c] != other }

func space(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func after(r *rule) int {
	switch r.ID {
	case "private-key", "kubernetes-secret-yaml", "1password-service-account-token", "jwt", "jwt-base64", "sourcegraph-access-token":
		return blockAfter
	}
	if r.Entropy == 0 && strings.Contains(r.Regex, ",}") {
		return blockAfter / 8
	}
	return keyAfter
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// ruled adds what a rule finds in a window.
func (s *subject) ruled(rules *secretRules, r *rule, plain unescaped, w window) {
	text := plain.text[w.start:w.end]
	for _, m := range r.compiled().FindAllStringSubmatchIndex(text, -1) {
		from, to := secretOf(r, m)
		for from < to && text[to-1] == '\n' {
			to--
		}
		secret, match := text[from:to], text[m[0]:m[1]]
		if secret == "" || r.Entropy > 0 && entropy(secret) <= r.Entropy {
			continue
		}
		if strings.HasPrefix(r.ID, "generic") && !strings.ContainsAny(secret, "0123456789") {
			continue
		}
		line := lineOf(text, m[0], m[1])
		if allowed(rules.global, secret, match, line) || allowed(r.Allowlists, secret, match, line) {
			continue
		}
		sure := Sure
		if strings.HasPrefix(r.ID, "generic") {
			sure = Likely
		}
		if sure >= s.least {
			s.spans = append(s.spans, Span{Kind: r.ID, Class: Secret, Start: plain.place(w.start + from), End: plain.place(w.start + to), Confidence: sure})
		}
	}
}

// secretOf is the group that holds the secret: the named one, or the first that matched, or all.
func secretOf(r *rule, m []int) (from, to int) {
	if g := r.SecretGroup; g > 0 && 2*g+1 < len(m) && m[2*g] >= 0 {
		return m[2*g], m[2*g+1]
	}
	for g := 1; 2*g+1 < len(m); g++ {
		if m[2*g] >= 0 && m[2*g+1] > m[2*g] {
			return m[2*g], m[2*g+1]
		}
	}
	return m[0], m[1]
}

func allowed(lists []allowlist, secret, match, line string) bool {
	for i := range lists {
		if lists[i].allows(secret, match, line) {
			return true
		}
	}
	return false
}

func lineOf(text string, start, end int) string {
	from := strings.LastIndexByte(text[:start], '\n') + 1
	if i := strings.IndexByte(text[end:], '\n'); i >= 0 {
		return text[from : end+i]
	}
	return text[from:]
}
