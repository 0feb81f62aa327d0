package template

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Variable is what {{name}} may stand for.
type Variable struct {
	Name string
	What string // one phrase for people
	Need string // what a target or a run must have for it; empty when nothing
}

// variables are those that every template may use; payload lists come on top.
var variables = []Variable{
	{"canary", "a word made for one trial, which is nowhere else: its two halves joined", ""},
	{"canary_a", "its first half; an answer that only quotes the halves never holds the whole", ""},
	{"canary_b", "its second half", ""},
	{"canary_reversed", "its letters from the last to the first", ""},
	{"canary_lower", "the canary in small letters", ""},
	{"canary_spelled", "letter by letter, with hyphens", ""},
	{"user_prompt", "the text of the recorded request: what an innocent person asked", ""},
	{"model", "the name of the model in the request", ""},
	{"host", "the host of the target", ""},
	{"system_prompt", "the target's own system prompt, whole", "system-prompt"},
	{"system_start", "its first eight words", "system-prompt"},
	{"tool", "the name of a tool that the target has", "tools"},
	{"oob_url", "a URL of our listener on loopback that belongs to this trial", "oob"},
	{"oob_host", "its host and port", "oob"},
	{"other_role", "the name of the second test role", "role"},
	{"other_secret", "a value that only the second role may see", "role"},
	{"other_id", "an id of something that belongs to the second role", "role"},
}

// Variables lists the names that every template may use.
func Variables() []Variable { return slices.Clone(variables) }

// variable finds one by its name.
func variable(name string) (Variable, bool) {
	i := slices.IndexFunc(variables, func(v Variable) bool { return v.Name == name })
	if i < 0 {
		return Variable{}, false
	}
	return variables[i], true
}

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
