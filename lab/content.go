package lab

import (
	"encoding/json"
	"strings"
)

// content is the content of a message as most providers write it: a string, null, or a list of parts.
type content struct {
	text  string
	parts []part
}

// part is one element of a content list, with the keys of all providers that have such lists.
type part struct {
	Type    string          `json:"type"`
	Text    string          `json:"text"`
	Content json.RawMessage `json:"content"` // of a tool_result: string or parts
}

// UnmarshalJSON accepts a string, null, one part or a list of parts, and joins their texts.
func (c *content) UnmarshalJSON(data []byte) error {
	switch {
	case len(data) == 0 || string(data) == "null":
		return nil
	case data[0] == '"':
		return json.Unmarshal(data, &c.text)
	case data[0] == '{':
		c.parts = make([]part, 1)
		if err := json.Unmarshal(data, &c.parts[0]); err != nil {
			return err
		}
	default:
		if err := json.Unmarshal(data, &c.parts); err != nil {
			return err
		}
	}
	var texts []string
	for _, p := range c.parts {
		if p.Text != "" {
			texts = append(texts, p.Text)
		}
	}
	c.text = strings.Join(texts, "\n")
	return nil
}

// joinTexts joins the texts that are not empty, as lines.
func joinTexts(texts ...string) string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, "\n")
}

// stops reads a stop setting: a string or a list of strings.
func stops(data json.RawMessage) []string {
	var one string
	if json.Unmarshal(data, &one) == nil && one != "" {
		return []string{one}
	}
	var many []string
	_ = json.Unmarshal(data, &many) // anything else means no stop texts
	return many
}
