package craft

import (
	"bytes"
	"encoding/json"
	"slices"
)

// jsonText writes a value as JSON, without the escapes that only web pages need.
func jsonText(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil { // NaN: nothing that YAML can say is otherwise
		return "null"
	}
	return string(bytes.TrimRight(b.Bytes(), "\n"))
}

// plainText is a value as it stands in a header, a form or a URL.
func plainText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return jsonText(v)
}

// maxSchema bounds the nesting of a schema that is filled in.
const maxSchema = 6

// schema is as much of JSON Schema as it takes to make up a value.
type schema struct {
	Type       any                `json:"type"`
	Enum       []any              `json:"enum"`
	Default    any                `json:"default"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Items      *schema            `json:"items"`
}

// sampleOf makes up an object that a schema allows, as far as it says what is required.
func sampleOf(text string) string {
	var s schema
	if json.Unmarshal([]byte(text), &s) != nil {
		return "{}"
	}
	if v, ok := s.sample(0).(map[string]any); ok {
		return jsonText(v)
	}
	return "{}"
}

func (s *schema) sample(depth int) any {
	switch {
	case s == nil || depth > maxSchema:
		return "example"
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	kind, _ := s.Type.(string)
	if list, ok := s.Type.([]any); ok && len(list) > 0 {
		kind, _ = list[0].(string)
	}
	switch kind {
	case "integer", "number", "INTEGER", "NUMBER":
		return 1
	case "boolean", "BOOLEAN":
		return true
	case "array", "ARRAY":
		return []any{s.Items.sample(depth + 1)}
	case "object", "OBJECT", "":
		if kind == "" && s.Properties == nil {
			return "example"
		}
		made := map[string]any{}
		for name, p := range s.Properties {
			if slices.Contains(s.Required, name) {
				made[name] = p.sample(depth + 1)
			}
		}
		return made
	}
	return "example"
}
