package detect

import "strings"

// ScanWhole looks for secrets as gitleaks' own detector does: every rule of which a keyword occurs is run over the whole
// text. It is what Scan is measured against.
func ScanWhole(text string) (found int) {
	rules := secrets()
	asked := map[*rule]bool{}
	for _, hit := range rules.keywords.MatchString(strings.ToLower(text)) {
		for _, r := range rules.asked[hit.Pattern()] {
			asked[r] = true
		}
	}
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
