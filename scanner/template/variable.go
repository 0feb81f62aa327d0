package template

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// variables are what {{name}} may stand for, with what a target or a run must have for it; payload lists come on top.
var variables = map[string]string{
	"canary":          "",              // a word made for one trial, which is nowhere else: its two halves joined
	"canary_a":        "",              // its first half: an answer that only quotes the attack never holds the whole
	"canary_b":        "",              // its second half
	"canary_reversed": "",              // its letters from the last to the first
	"canary_lower":    "",              // in small letters
	"canary_spelled":  "",              // letter by letter, with hyphens
	"user_prompt":     "",              // the text of the recorded request: what an innocent person asked
	"model":           "",              // the name of the model in the request
	"host":            "",              // of the target
	"system_prompt":   "system-prompt", // the target's own, whole
	"system_start":    "system-prompt", // its first eight words
	"tool":            "tools",         // the name of a tool that the target has
	"oob_url":         "oob",           // a URL of our listener that belongs to this trial
	"oob_host":        "oob",           // its host and port
	"other_role":      "role",          // the name of the second test role
	"other_secret":    "role",          // a value that only the second role may see
	"other_id":        "role",          // an id of something that belongs to the second role
}

// Variables lists the names that every template may use, each with the need it brings ("" for none).
func Variables() map[string]string { return maps.Clone(variables) }

// placeholder finds {{name}} and {{!name}}. What else stands in braces is text: template injection needs it.
var placeholder = regexp.MustCompile(`\{\{\s*(!?)([A-Za-z_][A-Za-z0-9_]*)\s*\}\}`)

// Render fills in variables. {{!name}} becomes {{name}}. A variable without a value is an error.
func Render(text string, values map[string]string) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	var missing []string
	out := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		m := placeholder.FindStringSubmatch(found)
		if m[1] == "!" {
			return "{{" + m[2] + "}}"
		}
		value, known := values[m[2]]
		if !known {
			missing = append(missing, m[2])
		}
		return value
	})
	if len(missing) > 0 {
		slices.Sort(missing)
		return "", fmt.Errorf("no value for {{%s}}", strings.Join(slices.Compact(missing), "}}, {{"))
	}
	return out, nil
}

// RenderValue fills in variables in every text of a value as YAML has it.
func RenderValue(v any, values map[string]string) (any, error) {
	switch v := v.(type) {
	case string:
		return Render(v, values)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			var err error
			if list[i], err = RenderValue(item, values); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, item := range v {
			var err error
			if object[key], err = RenderValue(item, values); err != nil {
				return nil, err
			}
		}
		return object, nil
	default:
		return v, nil
	}
}

// names lists the variables of a text, each once, in order of appearance.
func names(text string) []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if m[1] == "" && !slices.Contains(all, m[2]) {
			all = append(all, m[2])
		}
	}
	return all
}

// Canary makes the variables that belong to a canary of two halves.
func Canary(a, b string) map[string]string {
	whole := a + b
	letters := strings.Split(whole, "")
	backwards := slices.Clone(letters)
	slices.Reverse(backwards)
	return map[string]string{
		"canary": whole, "canary_a": a, "canary_b": b, "canary_reversed": strings.Join(backwards, ""),
		"canary_lower": strings.ToLower(whole), "canary_spelled": strings.Join(letters, "-"),
	}
}
