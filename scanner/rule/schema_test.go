package rule_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"assay/scanner/rule"
	"assay/templates"
)

type object = map[string]any

const schemaFile = "../../templates/rule.schema.json"

func text(what string) object { return object{"type": "string", "minLength": 1, "description": what} }

func number(what string, least, most float64) object {
	return object{"type": "number", "minimum": least, "maximum": most, "description": what}
}

func words(what string, list ...string) object {
	return object{"type": "string", "enum": list, "description": what}
}

func pattern(what, form string) object {
	return object{"type": "string", "pattern": form, "description": what}
}

func length(what string) object {
	return pattern(what+" Written 90s, 10m, 24h or 7d.", `^[0-9.]+(ns|us|ms|s|m|h|d)([0-9.]+(ms|s|m|h))*$`)
}

// listOf is a list, or one value where a list may be written as one.
func listOf(item object) object {
	list := object{"oneOf": []any{item, object{"type": "array", "items": item, "minItems": 1}}}
	if what, said := item["description"]; said {
		list["description"] = what
	}
	return list
}

func ref(name string) object { return object{"$ref": "#/$defs/" + name} }

func closed(properties object, required ...string) object {
	o := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

// fieldWords is a field by its name, or one parameter or header.
func fieldWords(what string, list []string) object {
	return object{"description": what, "anyOf": []any{words(what, list...), pattern(what, `^(header|query)\..+$`)}}
}

// schema is the JSON Schema of a rule, made of the same lists that the reader uses.
func schema() object {
	w := rule.Words()
	side := words("The half of the exchange it stands in.", "request", "answer")
	role := listOf(words("Who says it.", "system", "user", "assistant", "tool", "document"))
	s := closed(object{
		"id":       pattern("The file's name without .yaml.", "^[a-z0-9]+(-[a-z0-9]+)*$"),
		"name":     text("A short title."),
		"meaning":  text("What it means when the rule holds."),
		"severity": words("How bad it is.", "info", "low", "medium", "high", "critical"),
		"owasp":    listOf(pattern("An item of OWASP Top 10 for LLM Applications 2025.", "^LLM(0[1-9]|10):2025$")),
		"asi":      listOf(pattern("An item of OWASP Top 10 for Agentic Applications 2026.", "^ASI(0[1-9]|10)$")),
		"atlas":    listOf(pattern("A technique of MITRE ATLAS.", `^AML\.T\d{4}(\.\d{3})?$`)),
		"tags":     listOf(pattern("A word to find it by.", "^[a-z0-9]+(-[a-z0-9]+)*$")),
		"where":    text("Which exchanges the rule is for, in the filter language (docs/query.md)."),
		"side":     side, "role": role,
		"when": ref("condition"), "window": ref("window"),
		"cooldown": length("For how long what the same actor does is the same threat."),
		"advice":   text("What to do about it."),
		"samples":  closed(object{"match": listOf(ref("sample")), "no_match": listOf(ref("sample"))}, "match", "no_match"),
	}, "id", "name", "meaning", "severity", "advice", "samples")
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "A rule of Assay's watch"
	s["$defs"] = object{
		"condition": object{"oneOf": []any{
			object{"type": "array", "items": ref("condition"), "minItems": 1, "description": "All of these hold."},
			closed(object{"all": object{"type": "array", "items": ref("condition"), "minItems": 1}}, "all"),
			closed(object{"any": object{"type": "array", "items": ref("condition"), "minItems": 1}}, "any"),
			closed(object{"not": ref("condition")}, "not"),
			closed(object{
				"sign": listOf(words("A kind of sign that a detector sees.", w.Signs...)), "name": listOf(text("Its name; * stands for any letters.")),
				"at": listOf(text("Where it stands, as in query:*, call:* or message:*.")), "side": side, "role": role,
				"least": number("How sure the detector is.", 0.01, 1), "times": number("So many of them in one exchange.", 1, 1000),
			}, "sign"),
			closed(object{
				"alarm": listOf(words("What is unusual of the actor.", w.Alarms...)), "least": number("How far off; 1 is the edge of what is usual.", 0.01, 1000),
				"slow": object{"type": "boolean", "description": "It came together over hours or days."},
			}, "alarm"),
			closed(object{"filter": text("A filter (docs/query.md) that the exchange passes.")}, "filter"),
			closed(object{
				"text": listOf(fieldWords("Where the text stands.", w.TextFields)), "contains": listOf(text("One of these, without regard to case.")),
				"regex": text("A regular expression (RE2)."),
			}, "text"),
			closed(object{"young": length("The actor was first seen at most so long ago.")}, "young"),
		}},
		"window": windowSchema(w),
		"sample": object{"oneOf": []any{text("What the user says."), ref("step"), closed(object{"why": text("A remark."), "steps": listOf(ref("step"))}, "steps")}},
		"step":   stepSchema(w),
	}
	return s
}

func windowSchema(w rule.Vocabulary) object {
	values := fieldWords("Whose values.", w.Values)
	o := closed(object{
		"per": listOf(words("What is counted apart.", w.Per...)), "within": length("How far it looks back."),
		"count":    number("So many exchanges.", 2, 1e7),
		"row":      number("So many exchanges one after the other.", 2, 1e4),
		"distinct": closed(object{"of": values, "over": number("So many different values.", 2, 1000)}, "of", "over"),
		"sum":      closed(object{"of": words("What amount.", w.Amounts...), "over": number("So much.", 1e-6, 1e15)}, "of", "over"),
		"rate":     closed(object{"over": number("This share of the exchanges.", 0.001, 1), "least": number("Of so many exchanges at least.", 2, 1e6)}, "over"),
		"new":      closed(object{"of": values, "after": number("Once so many exchanges had counted.", 1, 1e6)}, "of"),
		"changed":  words("A tool describes itself otherwise than before.", "tools"),
	}, "per")
	var ways []any
	for _, way := range []string{"count", "row", "distinct", "sum", "rate", "new", "changed"} {
		ways = append(ways, object{"required": []string{way}})
	}
	o["oneOf"] = ways
	return o
}

func stepSchema(w rule.Vocabulary) object {
	said := object{"type": "string", "minLength": 1}
	count := number("A number.", 0, 1e9)
	side := words("The half of the exchange.", "request", "answer")
	return closed(object{
		"why": said, "method": said, "url": said, "body": said, "reply": said, "fault": said, "system": said, "user": said, "tool": said, "document": said,
		"answer": said, "reasoning": said, "kind": said, "model": said, "actor": said,
		"headers": object{"type": "object", "additionalProperties": object{"type": "string"}},
		"status":  number("The status code.", 100, 599), "reply_bytes": count, "input_tokens": count, "output_tokens": count, "conversation": count, "endpoint": count,
		"cost":  number("US dollars.", 0, 1e6),
		"tools": listOf(closed(object{"name": said, "description": said}, "name")),
		"calls": listOf(closed(object{"name": said, "arguments": said}, "name")),
		"signs": listOf(closed(object{
			"kind": words("The kind of sign.", w.Signs...), "name": said, "side": side, "role": said, "at": said, "score": number("How sure.", 0, 1),
		}, "kind")),
		"alarms": listOf(closed(object{
			"kind": words("The kind of alarm.", w.Alarms...), "score": number("How far off.", 0, 1000), "slow": object{"type": "boolean"}, "usual": said, "seen": said,
		}, "kind")),
		"repeat": number("So many of them.", 1, 2000), "every": length("From one to the next."), "after": length("From the step before."),
	})
}

// TestSchema holds templates/rule.schema.json to what the reader takes.
func TestSchema(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(schema()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(schemaFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if file, err := os.ReadFile(schemaFile); err != nil || !bytes.Equal(b.Bytes(), file) {
		t.Errorf("templates/rule.schema.json is not what the reader takes (%v): go test ./scanner/rule -run TestSchema -update", err)
	}
	compiled := compile(t, b.Bytes())
	files, err := fs.Glob(templates.Rules, "rules/*/*.yaml")
	if err != nil || len(files) < 60 {
		t.Fatal(err, len(files))
	}
	for _, file := range files {
		data, err := fs.ReadFile(templates.Rules, file)
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(document(t, data)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	if err := compiled.Validate(document(t, []byte(good))); err != nil {
		t.Error(err)
	}
	for from, to := range map[string]string{
		"severity: high":       "severty: high",
		"severity: hi":         "severity: hig",
		"LLM01:2025":           "LLM01",
		"[injection, hidden]":  "[injecton]",
		"count: 2":             "count: 2, row: 3",
		"per: [actor, host]":   "per: [actors]",
		"cooldown: 90m":        "cooldown: soon",
		"advice: Do something": "advise: Do something",
		"{text: user, con":     "{txet: user, con",
		"repeat: 2":            "repeat: two",
		"  no_match:":          "  nomatch:",
	} {
		wrong := strings.Replace(good, from, to, 1)
		if wrong == good {
			t.Fatalf("%q is not in the rule", from)
		}
		if compiled.Validate(document(t, []byte(wrong))) == nil {
			t.Errorf("%q instead of %q is taken", to, from)
		}
	}
}

func compile(t *testing.T, data []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("rule.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("rule.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// document reads YAML as JSON values, not by way of the reader.
func document(t *testing.T, data []byte) any {
	t.Helper()
	var values any
	if err := yaml.Unmarshal(data, &values); err != nil {
		t.Fatal(err)
	}
	converted, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(converted))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
