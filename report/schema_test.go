package report_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"assay/report"
	"assay/report/reporttest"
	"assay/scanner"
)

// words are the types of ours that hold one of a few words.
var words = map[reflect.Type][]any{
	reflect.TypeFor[report.Audience]():  {"executive", "technical", "retest"},
	reflect.TypeFor[scanner.Severity](): {"critical", "high", "medium", "low", "info"},
	reflect.TypeFor[report.State]():     {"vulnerable", "resisted", "tested", "not_tested", "not_testable"},
}

// object is a JSON Schema, or a part of one.
type object = map[string]any

// schemaOf is the JSON Schema of a Go type as encoding/json writes it, without descriptions. Structs become definitions.
func schemaOf(t reflect.Type, defs object) object {
	if list := words[t]; list != nil {
		return object{"type": "string", "enum": list}
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[[]byte]():
		return object{"type": "string", "contentEncoding": "base64"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), defs)
	case reflect.Struct:
		if defs[t.Name()] == nil {
			one := object{"type": "object", "properties": object{}, "required": []any{}}
			defs[t.Name()] = one
			fieldsOf(t, one, defs)
		}
		return object{"$ref": "#/$defs/" + t.Name()}
	case reflect.Slice:
		return object{"type": "array", "items": schemaOf(t.Elem(), defs)}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": schemaOf(t.Elem(), defs)}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	}
	panic("no schema for " + t.String())
}

func fieldsOf(t reflect.Type, one, defs object) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case f.Anonymous && tag == "":
			fieldsOf(f.Type, one, defs)
		case tag == "-" || !f.IsExported():
		case name == "" || name != strings.ToLower(name):
			panic(t.Name() + "." + f.Name + " has no JSON name")
		default:
			one["properties"].(object)[name] = schemaOf(f.Type, defs)
			if options == "" {
				one["required"] = append(one["required"].([]any), name)
			}
		}
	}
}

// described puts the descriptions of an older schema into a new one, and returns what has none.
func described(path string, fresh, old any) (missing []string) {
	f, isObject := fresh.(object)
	o, _ := old.(object)
	if !isObject {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		switch name {
		case "properties", "$defs":
			olds, _ := o[name].(object)
			for _, key := range slices.Sorted(maps.Keys(f[name].(object))) {
				at := path + "/" + key
				one := f[name].(object)[key].(object)
				was, _ := olds[key].(object)
				text, _ := was["description"].(string)
				if len(text) < 3 || !strings.HasSuffix(text, ".") {
					missing = append(missing, at)
				}
				one["description"] = text
				missing = append(missing, described(at, one, was)...)
			}
		}
	}
	return missing
}

// TestReportSchema compares the published schema with the Go types: a field that was added, renamed or left undescribed fails.
// With -update the structure is written anew; descriptions are written by hand.
func TestReportSchema(t *testing.T) {
	t.Parallel()
	defs := object{}
	fresh := schemaOf(reflect.TypeFor[report.Document](), defs)
	fresh["$schema"], fresh["$id"], fresh["title"], fresh["$defs"] = "https://json-schema.org/draft/2020-12/schema", "urn:assay:report:1", "Report of Assay", defs
	defs["Document"].(object)["properties"].(object)["schema"] = object{"const": float64(report.SchemaVersion)}
	var old object
	if err := json.Unmarshal(report.JSONSchema(), &old); err != nil {
		t.Fatal(err)
	}
	if missing := described("", fresh, old); len(missing) > 0 {
		t.Errorf("nothing explains %s", strings.Join(missing, ", "))
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(fresh); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("report.schema.json", out.Bytes(), 0o644); err != nil { //nolint:gosec // it is published
			t.Fatal(err)
		}
	} else if !bytes.Equal(out.Bytes(), report.JSONSchema()) {
		t.Error("report.schema.json does not say what JSON writes; go test ./report -update, then describe what is new")
	}
}

func TestDocumentsFollowTheSchema(t *testing.T) {
	t.Parallel()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	empty := &report.Document{Schema: report.SchemaVersion, Audience: report.Technical}
	for _, d := range []*report.Document{reporttest.Sample(report.Executive), reporttest.Sample(report.Technical), reporttest.Sample(report.Retest), reporttest.Hostile(), empty} {
		valid(t, s, written(t, report.JSON, d))
	}
	wrong := reporttest.Sample(report.Technical)
	wrong.Weaknesses[0].Severity = "terrible"
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(written(t, report.JSON, wrong)))
	if err != nil || s.Validate(doc) == nil {
		t.Error("the schema takes a severity that there is not")
	}
}
