package lab

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"
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
	Title   string          `json:"title"`   // of a document
	File    *struct {
		Name string `json:"filename"`
		Data string `json:"file_data"` // a data URL
	} `json:"file"`
	Source *struct {
		Type string `json:"type"` // text or base64
		Data string `json:"data"`
	} `json:"source"`
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
		for _, text := range append([]string{p.Text}, p.attached()...) {
			if text != "" {
				texts = append(texts, text)
			}
		}
	}
	c.text = strings.Join(texts, "\n")
	return nil
}

// attached are the texts of a document or file that a part carries: its name, and what stands in it.
func (p part) attached() []string {
	switch {
	case p.File != nil:
		return []string{p.File.Name, plainData(p.File.Data)}
	case p.Source != nil && p.Source.Type == "text":
		return []string{p.Title, p.Source.Data}
	case p.Source != nil && p.Type == "document":
		return []string{p.Title, plainData(p.Source.Data)}
	}
	return nil
}

// plainData is what base64 or a data URL holds, where that is text.
func plainData(data string) string {
	if _, after, found := strings.Cut(data, ";base64,"); found {
		data = after
	}
	text, err := base64.StdEncoding.DecodeString(data)
	if err != nil || !utf8.Valid(text) {
		return ""
	}
	return string(text)
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
