package template_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"assay/scanner/framework"
	"assay/scanner/judge"
	"assay/scanner/template"
	"assay/templates"
)

var update = flag.Bool("update", false, "write what is generated")

type object = map[string]any

func text(what string) object { return object{"type": "string", "minLength": 1, "description": what} }

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

func whole(what string, least, most int) object {
	return object{"type": "integer", "minimum": least, "maximum": most, "description": what}
}

func ref(name string) object { return object{"$ref": "#/$defs/" + name} }

func closed(properties object, required ...string) object {
	o := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

func anything(what string) object { return object{"description": what} }

// schema is the JSON Schema of a template, made of the same lists that the reader uses.
func schema() object {
	atlas := object{"type": "string", "pattern": `^AML\.T\d{4}(\.\d{3})?$`, "description": "A technique of " + framework.ATLASVersion}
	severity := words("How bad it is when the attack succeeds.", "info", "low", "medium", "high", "critical")
	s := closed(object{
		"id":          object{"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "description": "The file's name without .yaml."},
		"name":        text("A short title."),
		"description": text("What the attack does, and what its success means."),
		"severity":    severity,
		"owasp":       listOf(words("Items of "+framework.OWASPVersion, framework.OWASPItems()...)),
		"asi":         listOf(words("Items of "+framework.ASIVersion, framework.ASIItems()...)),
		"atlas":       listOf(atlas),
		"cwe":         listOf(whole("A weakness of MITRE CWE, as its number.", 1, 9999)),
		"technique":   text("One word, joined by hyphens, for how it attacks; no two templates share it."),
		"tags":        listOf(text("A word to select by.")),
		"kinds":       listOf(words("The kinds of service it makes sense for; llm, agent, chat-backend and rag if not said.", template.Kinds...)),
		"needs":       listOf(words("What the target or the run must have.", template.Needs...)),
		"attack":      ref("attack"),
		"trials":      whole("How often each case is sent.", 1, 100),
		"detect":      ref("tree"),
		"otherwise":   words("The verdict where nothing is found and nothing else decides.", "resisted", "unclear"),
		"remediation": text("What a developer of the target does about it."),
		"references":  listOf(object{"type": "string", "format": "uri", "description": "A web address with more."}),
		"samples":     ref("samples"),
	}, "id", "name", "description", "severity", "owasp", "technique", "attack", "detect", "remediation", "samples")
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "Assay template"
	s["$defs"] = definitions()
	return s
}

func definitions() object {
	edit := closed(object{"set": object{"type": "object", "description": "Fields with their values; one that is missing is added."}, "remove": listOf(text("A field."))})
	call := closed(object{"name": text("The tool."), "arguments": anything("Its arguments.")}, "name")
	defs := object{
		"attack": closed(object{
			"slot":      text("Where the text goes: last_user, system, tool_result, tool_description, document, file, file_name, history, prefill, user_name, or header:NAME, query:NAME, form:NAME, part:NAME, json:/POINTER, graphql:VARIABLE."),
			"prompts":   listOf(text("A text that is sent alone.")),
			"turns":     listOf(object{"oneOf": []any{text("A message."), ref("turn")}}),
			"payloads":  object{"type": "object", "additionalProperties": listOf(text("A value of the list.")), "description": "Lists that texts name as {{name}}."},
			"mutations": listOf(text("A chain of mutations, as base64+ask; none for the text as it is.")),
			"requests":  object{"type": "array", "items": ref("request"), "minItems": 1, "description": "Edits of the request, each a case of its own."},
			"setup": closed(object{
				"system":   text("A system prompt for targets that have none."),
				"user":     text("What the user asks while the attack stands elsewhere."),
				"document": text("The name of the document or file."),
				"call":     call,
				"tools":    listOf(closed(object{"name": text("The tool's name."), "description": text("What it does."), "parameters": object{"type": "object", "description": "A JSON Schema, or names with descriptions."}}, "name", "description")),
			}),
		}),
		"turn": closed(object{
			"prompt": text("The message."), "slot": text("Where it goes, when not where the attack says."),
			"when": ref("tree"), "stop": ref("tree"),
		}, "prompt"),
		"request": closed(object{
			"name":         text("One word, unique in the template."),
			"method":       text("The HTTP method."),
			"path":         closed(object{"set": text("The whole path."), "append": text("Put behind it."), "find": text("RE2."), "replace": object{"type": "string"}}),
			"query":        edit,
			"headers":      edit,
			"body":         edit,
			"raw":          object{"type": "string", "description": "The whole body."},
			"content_type": text("The media type."),
			"auth":         words("What is done to the credentials.", template.AuthEdits...),
			"model":        text("The model's name."),
			"parameters":   object{"type": "object", "description": "Settings of the model."},
			"size":         closed(object{"bytes": whole("Of the text that results.", 1, 64<<20), "fill": text("Repeated until it is reached.")}, "bytes"),
			"repeat":       closed(object{"times": whole("How often.", 2, 1000), "parallel": whole("How many at once.", 1, 100), "within": text("A time, as 10s.")}, "times"),
		}, "name"),
		"samples": closed(object{"vulnerable": listOf(ref("sample")), "resisted": listOf(ref("sample")), "unclear": listOf(ref("sample")), "errored": listOf(ref("sample"))}, "vulnerable"),
		"sample": object{"oneOf": []any{
			text("The answer."), closed(object{
				"why": text("What it is an example of."), "prompt": text("What was sent."), "answer": text("What came back."), "reasoning": text("What was thought."),
				"tool_calls": listOf(call), "finish": text("Why it ended, in the provider's word."), "refusal": text("The provider's field for refusals."),
				"status": whole("The HTTP status; 200 if not said.", 100, 599), "headers": object{"type": "object"}, "body": text("The body."), "error": text("Why there is no answer."),
				"latency_ms": whole("How long it took.", 1, 3_600_000), "tokens": whole("Of the answer.", 1, 10_000_000), "callback": object{"type": "boolean"},
				"system": text("The target's system prompt."), "baseline": ref("sample"),
			}),
		}},
	}
	defs["tree"] = tree()
	return defs
}

// tree is a node of signals: a name alone, or exactly one of all, any, not and a signal with parameters.
func tree() object {
	var names []string
	properties := object{
		"all": object{"type": "array", "items": ref("tree"), "minItems": 1},
		"any": object{"type": "array", "items": ref("tree"), "minItems": 1},
		"not": ref("tree"),
	}
	for _, s := range judge.Signals() {
		names = append(names, s.Name)
		parameters := object{}
		for _, p := range s.Params {
			parameters[p.Name] = anything(p.What)
		}
		properties[s.Name] = object{"description": s.What, "oneOf": []any{
			object{"type": []string{"string", "number", "array", "null"}},
			closed(parameters),
		}}
	}
	node := closed(properties)
	node["minProperties"], node["maxProperties"] = 1, 1
	return object{"oneOf": []any{object{"type": "string", "enum": names}, node}}
}

const schemaFile = "../../templates/template.schema.json"

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
	} else if !bytes.Equal(b.Bytes(), templates.Schema) {
		t.Error("templates/template.schema.json is not what the reader takes: go test ./scanner/template -run TestSchema -update")
	}
	compiled := compile(t, b.Bytes())
	err := fs.WalkDir(templates.Files, "attacks", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(templates.Files, file)
		if err != nil {
			return err
		}
		if err := compiled.Validate(document(t, data)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSchemaRefuses wants the schema to refuse what the reader refuses, as far as a schema can.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	compiled := compile(t, templates.Schema)
	if err := compiled.Validate(document(t, []byte(good))); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{
		"severity: high":          "severty: high",
		"high":                    "hgih",
		"LLM01:2025":              "LLM01",
		"ASI01":                   "ASI11",
		"AML.T0051.000":           "T0051",
		"- canary\n":              "- canarry\n",
		`regex: "x{{canary}}"`:    `regex: {patern: x}`,
		"trials: 2":               "trials: 0",
		"name: Name":              "name: {a: b}",
		"remediation: Fix it.\n":  "",
		"prompts:\n":              "prompt:\n",
		"[\"{{canary}}\"]":        "[]",
		"needs: [tools]":          "needs: [tool]",
		"  resisted: [":           "  resistd: [",
		"detect:\n  any:\n    - ": "detect:\n  some:\n    - ",
	} {
		wrong := strings.Replace(good, from, to, 1)
		if wrong == good {
			t.Fatalf("%q is not in the template", from)
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
	if err := c.AddResource("template.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("template.schema.json")
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
