package detect

// leastWord is how long a word is, at least, behind which Loose takes the punctuation away, in bytes: secrets are long.
const leastWord = 16

// Loose is a text of the same length with spaces in place of the full stops, commas and brackets that follow a long word
// and end it. Rules of secrets ask for a space or a quote behind them; in prose a secret ends a sentence. What has no such
// place is returned as it is.
func Loose(text string) string {
	var out []byte
	word := 0
	for i := range len(text) {
		c := text[i]
		if c == '.' || c == ',' || c == ')' || c == '!' || c == '?' || c == ':' {
			if word >= leastWord && (i+1 == len(text) || space(text[i+1])) {
				if out == nil {
					out = []byte(text)
				}
				out[i] = ' '
			}
			if c != '.' {
				word = 0
				continue
			}
		}
		if word++; c <= ' ' {
			word = 0
		}
	}
	if out == nil {
		return text
	}
	return string(out)
}
