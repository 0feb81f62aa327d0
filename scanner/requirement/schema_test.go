package requirement_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/requirement"
	"assay/scanner/yamlfile"
	"assay/traffic"
)

var update = flag.Bool("update", false, "write the schema")

const schemaFile = "../../templates/requirement.schema.json"

type object = map[string]any

func text(what string, most int) object {
	return object{"type": "string", "minLength": 1, "maxLength": most, "description": what}
}

func words(what string, list ...string) object {
	return object{"type": "string", "enum": list, "description": what}
}

// listOf is a list, or one value where a list may be written as one.
func listOf(item object) object {
	list := object{"oneOf": []any{item, object{"type": "array", "items": item, "minItems": 1}}}
	if what, said := item["description"]; said {
		list["description"] = what
	}
	return list
}

func closed(properties object, required ...string) object {
	o := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

func severities() []string {
	return []string{
		string(scanner.SeverityInfo), string(scanner.SeverityLow), string(scanner.SeverityMedium), string(scanner.SeverityHigh), string(scanner.SeverityCritical),
	}
}

// schema is the JSON Schema of a requirement, made of the same lists that the reader uses.
func schema() object {
	filter := func(what string) object { return text(what+", in the filter language (docs/requirements.md).", 16<<10) }
	var of []string
	var cases []any
	defs := object{"texts": listOf(object{"type": "string", "minLength": 1, "maxLength": 2000})}
	for _, subject := range requirement.Subjects {
		of = append(of, string(subject))
		facts := closed(object{})
		fields := requirement.Fields(subject)
		if subject == requirement.Exchanges {
			fields = traffic.QueryFields()
			facts = object{"type": "object", "properties": object{}} // other names of a field are taken too
		}
		for i := range fields {
			facts["properties"].(object)[fields[i].Name] = factSchema(&fields[i])
		}
		defs[string(subject)] = facts
		list := listOf(object{"$ref": "#/$defs/" + string(subject)})
		cases = append(cases, object{
			"if":   object{"properties": object{"of": object{"const": string(subject)}}},
			"then": object{"properties": object{"samples": closed(object{"pass": list, "fail": list, "unknown": list, "other": list}, "pass", "fail")}},
		})
	}
	s := closed(object{
		"id":       object{"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60, "description": "The file's name without .yaml."},
		"name":     text("What has to hold, as a sentence.", 120),
		"why":      text("What happens where it does not.", 1000),
		"severity": words("How bad that is.", severities()...),
		"owasp":    listOf(words("Items of "+framework.OWASPVersion+".", framework.OWASPItems()...)),
		"asi":      listOf(words("Items of "+framework.ASIVersion+".", framework.ASIItems()...)),
		"atlas":    listOf(object{"type": "string", "pattern": `^AML\.T\d{4}(\.\d{3})?$`, "description": "A technique of " + framework.ATLASVersion + "."}),
		"of":       words("What it is asked of.", of...),
		"where":    filter("Which of them"),
		"must":     filter("What has to hold for each"),
		"some":     filter("What has to hold for one of them at least"),
		"fix":      text("What to do where it does not hold.", 1000),
		"enforce": closed(object{
			"action": words("What holds it.", "monitor", "redact", "approve", "block"), "side": words("The half of the exchange.", "request", "answer"),
			"where": text("Which exchanges, in the filter language (docs/query.md).", 16<<10), "signs": listOf(text("A kind of sign.", 60)), "rules": listOf(text("A rule.", 200)),
			"types": listOf(text("A type or class of sensitive data.", 200)), "tools": listOf(text("A tool; * stands for any letters.", 200)),
			"models": listOf(text("A model; * stands for any letters.", 200)), "least": object{"type": "number", "minimum": 0, "maximum": 1},
			"fail_closed": object{"type": "boolean"}, "finish": object{"type": "boolean"}, "say": text("What the client is told.", 400),
		}, "action"),
		"counts":  object{"type": "boolean", "description": "false: the score counts elsewhere what it asks; it is for checks alone."},
		"samples": object{"type": "object", "description": "Made-up subjects for which it holds and does not hold."},
	}, "id", "name", "why", "severity", "of", "fix", "samples")
	s["oneOf"] = []any{object{"required": []string{"must"}}, object{"required": []string{"some"}}}
	s["allOf"], s["$defs"] = cases, defs
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "A requirement of Assay"
	return s
}

func factSchema(f *traffic.QueryField) object {
	switch f.Type {
	case traffic.FieldText, traffic.FieldWords:
		return object{"$ref": "#/$defs/texts", "description": f.Sentence}
	case traffic.FieldChoice:
		list := listOf(object{"enum": f.Values})
		list["description"] = f.Sentence
		return list
	case traffic.FieldBool:
		return object{"enum": []any{true, false, "yes", "no"}, "description": f.Sentence}
	case traffic.FieldTime:
		return object{"type": "string", "pattern": `^[0-9.]+d$`, "description": f.Sentence + " Of a sample, how long ago: 40d."}
	default:
		return object{"type": "integer", "description": f.Sentence}
	}
}

// TestSchema holds templates/requirement.schema.json to what the reader takes.
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
		t.Errorf("templates/requirement.schema.json is not what the reader takes (%v): go test ./scanner/requirement -run TestSchema -update", err)
	}
	compiled := compile(t, b.Bytes())
	for _, r := range presets(t) {
		if err := compiled.Validate(document(t, r.Source)); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
	for _, source := range []string{good, ofExchanges} {
		if err := compiled.Validate(document(t, []byte(source))); err != nil {
			t.Error(err)
		}
	}
	for from, to := range map[string]string{
		"why: Because.":              "whi: Because.",
		"severity: high":             "severity: hihg",
		"LLM10:2025":                 "LLM10",
		"of: endpoints":              "of: tools",
		"must: 'open:no'\n":          "",
		"must: 'open:no'":            "must: 'open:no'\nsome: 'open:no'",
		"action: block":              "action: blok",
		"{kind: llm, access: public": "{kindd: llm, access: public",
		"open: true":                 "open: perhaps",
		"  unknown:":                 "  unknow:",
	} {
		wrong := strings.Replace(good, from, to, 1)
		if wrong == good {
			t.Fatalf("%q is not in the requirement", from)
		}
		if compiled.Validate(document(t, []byte(wrong))) == nil {
			t.Errorf("%q instead of %q is taken", to, from)
		}
	}
}

func document(t *testing.T, data []byte) any {
	t.Helper()
	n, problem := yamlfile.Parse("x.yaml", data, yamlfile.Limits{Of: "requirement", Bytes: 1 << 20, Depth: 20, Nodes: 10_000})
	if problem != nil {
		t.Fatal(problem)
	}
	encoded, err := json.Marshal(n.Plain())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func compile(t *testing.T, data []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("requirement.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("requirement.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}
