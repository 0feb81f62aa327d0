package traffic

import (
	"regexp"
	"slices"
	"strings"
)

// credentialMark begins every placeholder that stands for a sealed credential.
const credentialMark = "⟨cred:"

var credentialPlaceholder = regexp.MustCompile(`⟨cred:[^⟨⟩\s]{1,64}⟩`)

// Reveal returns the value behind a placeholder such as ⟨cred:3f9a…⟩, or the placeholder itself when it is not known.
// A nil Reveal leaves placeholders as they are.
type Reveal func(placeholder string) string

// Text replaces the placeholders of a text.
func (r Reveal) Text(s string) string {
	if r == nil || !strings.Contains(s, credentialMark) {
		return s
	}
	return credentialPlaceholder.ReplaceAllStringFunc(s, r)
}

// header returns a copy of h with its placeholders replaced; h itself when nothing is to be revealed.
func (r Reveal) header(h Header) Header {
	if r == nil {
		return h
	}
	revealed := make(Header, len(h))
	for i, f := range h {
		revealed[i] = Field{f.Name, r.Text(f.Value)}
	}
	return revealed
}

// Placeholders lists the placeholders of credentials in a text, each once, in order.
func Placeholders(s string) []string {
	if !strings.Contains(s, credentialMark) {
		return nil
	}
	var found []string
	for _, p := range credentialPlaceholder.FindAllString(s, -1) {
		if !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	return found
}
