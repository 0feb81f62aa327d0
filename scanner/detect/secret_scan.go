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
	var windows map[*rule][]window
	rules.keywords.each(plain.text, func(start, end, word int) {
		for _, r := range rules.asked[word] {
			w, worth := r.near(plain.text, start, end)
			if !worth {
				continue
			}
			if windows == nil {
				windows = map[*rule][]window{}
			}
			list := windows[r]
			if n := len(list); n > 0 && list[n-1].end >= w.start {
				list[n-1].end = max(list[n-1].end, w.end)
				continue
			}
			windows[r] = append(list, w)
		}
	})
	for r, list := range windows {
		left := most(len(plain.text))
		for _, w := range list {
			if left > 0 {
				left -= s.ruled(rules, r, plain, w, left)
			}
		}
	}
}

// near is the part of the text a rule is asked about for a keyword, and whether it is worth asking: an expression takes
// long to find out that there is nothing.
func (r *rule) near(text string, start, end int) (window, bool) {
	switch {
	case r.assignment:
		value, ok := assigned(text, end)
		if !ok || !r.takes(text, value) || r.ID == genericRule && !random(text, value, r.Entropy) {
			return window{}, false
		}
		return window{max(0, start-nameBefore), min(len(text), value+valueAfter)}, true
	case r.ID == "jwt", r.ID == "vault-service-token", r.ID == "authress-service-client-access-key", r.ID == "twilio-api-key":
		if !r.follows(text, start, end) {
			return window{}, false
		}
	case r.prefix:
		stop := skip(text, end, r.least, func(c byte) bool { return wordByte(c) || c == '-' || c == '.' || c == '/' || c == '+' || c == '=' })
		if stop-end < r.least {
			return window{}, false
		}
	}
	return window{max(0, start-keyBefore), min(len(text), start+after(r))}, true
}

// follows tells early, of rules with short keywords, that what stands at the keyword is no secret of theirs.
func (r *rule) follows(text string, start, end int) bool {
	switch r.ID {
	case "jwt": // ey… . ey…
		if start > 0 && wordByte(text[start-1]) {
			return false
		}
		dot := skip(text, end, blockAfter, alphanumeric)
		return dot-start >= 19 && strings.HasPrefix(text[dot:], ".ey")
	case "vault-service-token": // s. and 24 letters and digits; hvs. and more
		return skip(text, end, 24, func(c byte) bool { return c != '.' && wordByte(c) || c == '-' })-end == 24
	case "authress-service-client-access-key":
		return skip(text, end, 50, func(c byte) bool { return wordByte(c) || c == '-' || c == '.' || c == '+' || c == '/' || c == '=' })-end == 50
	default: // SK and 32 hexadecimal digits
		return skip(text, end, 32, func(c byte) bool {
			return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		})-end == 32
	}
}

func alphanumeric(c byte) bool { return c != '_' && wordByte(c) }

// genericRule is gitleaks' rule for a value under a telling name.
const genericRule = "generic-api-key"

// random reports whether the value at i can be what the generic rule takes: letters and digits that end where a value
// ends, and vary enough.
func random(text string, i int, least float64) bool {
	end := skip(text, i, blockAfter, func(c byte) bool { return wordByte(c) || c == '.' || c == '=' || c == '-' || c == '+' || c == '/' })
	if end-i < 10 {
		return false
	}
	if end < len(text) && strings.IndexByte("`'\";\\", text[end]) < 0 && !space(text[end]) {
		return false
	}
	return entropy(text[i:end]) > least || strings.IndexByte(text[i:min(end, i+6)], '=') >= 0
}

// takes reports whether a value at i can be long enough for the rule; a generic one must have a digit.
func (r *rule) takes(text string, i int) bool {
	digits := r.ID != genericRule
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

// ruled adds what a rule finds in a window, and returns how often it matched.
func (s *subject) ruled(rules *secretRules, r *rule, plain unescaped, w window, left int) int {
	text := plain.text[w.start:w.end]
	matches := r.compiled().FindAllStringSubmatchIndex(text, left)
	for _, m := range matches {
		from, to := secretOf(r, m)
		for from < to && text[to-1] == '\n' {
			to--
		}
		secret, match := text[from:to], text[m[0]:m[1]]
		if secret == "" || r.Entropy > 0 && entropy(secret) <= r.Entropy {
			continue
		}
		if r.ID == genericRule && !telling(secret, match) || inBlob(text, m[0], m[1]) {
			continue
		}
		line := lineOf(text, m[0], m[1])
		if allowed(rules.global, secret, match, line) || allowed(r.Allowlists, secret, match, line) {
			continue
		}
		sure := Sure
		if r.ID == genericRule {
			sure = Likely
		}
		if sure >= s.least {
			s.spans = append(s.spans, Span{Kind: r.ID, Class: Secret, Start: plain.place(w.start + from), End: plain.place(w.start + to), Confidence: sure})
		}
	}
	return len(matches)
}

// telling reports whether what the generic rule found is a secret and not only random: names of pages and cursors, UUIDs
// under any key, and sequences are none.
func telling(secret, match string) bool {
	if !strings.ContainsAny(secret, "0123456789") || sequence(secret) {
		return false
	}
	name := strings.ToLower(match[:max(0, strings.Index(match, secret))])
	for _, w := range []string{"page_token", "pagetoken", "next_token", "nexttoken", "continuation", "synctoken", "sync_token", "cursor", "public_key", "publickey"} {
		if strings.Contains(name, w) {
			return false
		}
	}
	if !uuid(secret) {
		return true
	}
	for _, w := range []string{"api", "secret", "token", "passw", "auth", "cred"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// sequence reports whether most characters follow the one before, as in 1234567890abcdef.
func sequence(s string) bool {
	steps := 0
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1]+1 || s[i] == s[i-1] {
			steps++
		}
	}
	return steps*3 > len(s)*2
}

// inBlob reports whether a secret is a small part of a long run of base64: chance writes every prefix there.
func inBlob(text string, from, to int) bool {
	const long = 512
	start, end := from, to
	for start > 0 && from-start < long && base64Byte(text[start-1]) {
		start--
	}
	if start == from {
		return false // it is the whole run, or its beginning
	}
	for end < len(text) && end-to < long && base64Byte(text[end]) {
		end++
	}
	return from-start >= long/4 || end-to >= long/4
}

func base64Byte(c byte) bool { return wordByte(c) || c == '+' || c == '/' || c == '-' || c == '=' }

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
