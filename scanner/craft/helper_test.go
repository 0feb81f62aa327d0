package craft_test

import (
	"encoding/base64"
	"strings"

	"assay/scanner/target"
)

func answerWith(text string) *target.Answer { return &target.Answer{Text: text} }

// within looks for a text in the strings of a document, in files too.
func within(doc any, text string) bool {
	switch v := doc.(type) {
	case string:
		if strings.Contains(v, text) {
			return true
		}
		_, data, found := strings.Cut(v, ";base64,")
		if !found {
			data = v
		}
		plain, err := base64.StdEncoding.DecodeString(data)
		return err == nil && len(text) > 0 && strings.Contains(string(plain), text)
	case []any:
		for _, e := range v {
			if within(e, text) {
				return true
			}
		}
	case map[string]any:
		for _, e := range v {
			if within(e, text) {
				return true
			}
		}
	}
	return false
}
