package detect

// ScanWhole looks for secrets as gitleaks' own detector does: every rule of which a keyword occurs is run over the whole
// text. It is what Scan is measured against.
func ScanWhole(text string) (found int) {
	rules := secrets()
	asked := map[*rule]bool{}
	rules.keywords.each(text, func(_, _, word int) {
		for _, r := range rules.asked[word] {
			asked[r] = true
		}
	})
	for r := range asked {
		for _, m := range r.compiled().FindAllStringSubmatchIndex(text, -1) {
			from, to := secretOf(r, m)
			secret, match, line := text[from:to], text[m[0]:m[1]], lineOf(text, m[0], m[1])
			if (r.Entropy == 0 || entropy(secret) > r.Entropy) && !allowed(rules.global, secret, match, line) && !allowed(r.Allowlists, secret, match, line) {
				found++
			}
		}
	}
	return found
}

// EachWord finds words in a text as rules and words nearby are found.
func EachWord(words []string, text string, found func(start, end, word int)) {
	newMatcher(words).each(text, found)
}
