package apidoc_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi3"

	"assay/scanner/apidoc"
)

func read(t *testing.T, text string) *apidoc.Document {
	t.Helper()
	d, err := apidoc.Read("api", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func operations(d *apidoc.Document) []string {
	var list []string
	for _, o := range d.Operations {
		var inputs []string
		for _, p := range o.Parameters {
			if p.In == "body" || p.In == "form" {
				continue
			}
			inputs = append(inputs, p.In+":"+p.Name)
		}
		slices.Sort(inputs)
		list = append(list, o.Method+" "+o.Path+" "+o.ID+" "+strings.Join(inputs, ","))
	}
	slices.Sort(list)
	return list
}

// TestReadsWhatOthersRead compares with another reader, kin-openapi, on documents that are valid.
func TestReadsWhatOthersRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"link-example.yaml", "lxkns.yaml"} {
		data := file(t, name)
		theirs, err := openapi3.NewLoader().LoadFromData(data)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for path, item := range theirs.Paths.Map() {
			for method, op := range item.Operations() {
				var inputs []string
				for _, p := range append(slices.Clone(item.Parameters), op.Parameters...) {
					inputs = append(inputs, p.Value.In+":"+p.Value.Name)
				}
				slices.Sort(inputs)
				want = append(want, method+" "+path+" "+op.OperationID+" "+strings.Join(slices.Compact(inputs), ","))
			}
		}
		same(t, name, data, want)
	}
	data := file(t, "petstore-2.0.json")
	var theirs openapi2.T
	if err := theirs.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	var want []string
	for path, item := range theirs.Paths {
		for method, op := range item.Operations() {
			var inputs []string
			for _, p := range op.Parameters {
				if p.In != "body" && p.In != "formData" {
					inputs = append(inputs, p.In+":"+p.Name)
				}
			}
			slices.Sort(inputs)
			want = append(want, method+" "+path+" "+op.OperationID+" "+strings.Join(inputs, ","))
		}
	}
	same(t, "petstore-2.0.json", data, want)
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func same(t *testing.T, name string, data []byte, want []string) {
	t.Helper()
	d := read(t, string(data))
	if len(d.Problems) > 0 {
		t.Errorf("%s: %v", name, d.Problems)
	}
	slices.Sort(want)
	if got := operations(d); !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", name, got, want)
	}
}

const broken = `openapi: 3.0.3
info: {title: T, version: "1"}
servers: [{url: "https://{env}.example.com:443/v1/", variables: {env: {default: api}}}]
paths:
  /users/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
    get:
      operationId: getUser
      parameters:
        - {$ref: '#/components/parameters/Nope'}
        - {name: q, in: query, schema: {$ref: '#/components/schemas/Loop'}}
        - {name: w, in: weather}
    post: "what"
  /broken: 17
  no-slash: {get: {}}
  /fine:
    get: {security: []}
    gett: {}
    x-own: 1
components:
  schemas:
    Loop: {type: object, properties: {x: {$ref: '#/components/schemas/Loop'}}}
`

// TestBrokenPartsAreNamed: each part that cannot be read has its line, column and what was expected; the rest is there.
func TestBrokenPartsAreNamed(t *testing.T) {
	t.Parallel()
	d := read(t, broken)
	var got []string
	for _, p := range d.Problems {
		got = append(got, p.String())
	}
	want := []string{
		`line 11, column 18: /paths/~1users~1{id}/get/parameters/$ref: "#/components/parameters/Nope" is not in the document`,
		`line 13, column 11: /paths/~1users~1{id}/get/parameters: expected "in" to be path, query, header or cookie, found "weather"`,
		`line 14, column 11: /paths/~1users~1{id}/post: expected an object, found a text`,
		`line 15, column 12: /paths/~1broken: expected an object, found a number`,
		`line 16, column 13: /paths/no-slash: expected a path that begins with /`,
		`line 19, column 11: /paths/~1fine/gett: expected a method or a field of a path, found "gett"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got, want := operations(d), []string{"GET /fine  ", "GET /users/{id} getUser path:id,query:q"}; !slices.Equal(got, want) {
		t.Errorf("operations: %q, want %q", got, want)
	}
	if got := d.Hosts(); !slices.Equal(got, []string{"*.example.com"}) {
		t.Errorf("hosts: %q", got)
	}
}

func TestFilesThatAreNoDocument(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                       "the file is empty",
		"[1]":                    `line 1, column 1: expected an object with "openapi", "swagger" or "item", found a list`,
		"{\"a\": 1,\n \"b\": 2}": `expected "openapi" (OpenAPI 3), "swagger" (2.0) or "item" (a Postman collection) at the top, found a, b`,
		"{\"openapi\": \"3.1.0\",\n \"a\" \"b\"}":  "line 2, column 6: not valid JSON: invalid character '\"'",
		"{\"openapi\": \"3.1.0\"":                  "the file ends in the middle of the document",
		"openapi: 4.0":                             "line 1, column 10: /openapi: expected a version 3.x, found 4.0",
		"openapi: 3.0.0\npaths:\n /a: {\n /b: x\n": "neither valid JSON nor YAML: did not find expected",
	} {
		_, err := apidoc.Read("x", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestBodiesAndAuth(t *testing.T) {
	t.Parallel()
	d := read(t, `{"openapi":"3.1.0","security":[{"k":[]}],"components":{"securitySchemes":{"k":{"type":"apiKey","in":"header","name":"X"}},
		"schemas":{"Base":{"properties":{"id":{"type":["integer","null"]}},"required":["id"]}}},
		"paths":{"/a":{"post":{"security":[{}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"allOf":[{"$ref":"#/components/schemas/Base"},
		{"properties":{"when":{"anyOf":[{"type":"string"},{"type":"number"}]}}}]}}}}},"get":{}}}}`)
	post, get := d.Operations[0], d.Operations[1]
	if len(post.Parameters) != 2 || post.Parameters[0].Name != "id" || !post.Parameters[0].Required ||
		!slices.Equal(post.Parameters[0].Types, []string{"integer", "null"}) || !slices.Equal(post.Parameters[1].Types, []string{"number", "string"}) {
		t.Errorf("members of the body: %+v", post.Parameters)
	}
	if !slices.Equal(post.Auth, []string{"none"}) || !slices.Equal(get.Auth, []string{"api-key"}) {
		t.Errorf("auth: %v, %v", post.Auth, get.Auth)
	}
}

func TestPostman(t *testing.T) {
	t.Parallel()
	d := read(t, `{"info":{"name":"Chat","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"variable":[{"key":"base","value":"https://{{host}}/v1"},{"key":"host","value":"API.chat.example:443"}],
		"item":[{"name":"F","item":[
			{"name":"Ask","request":{"method":"POST","url":{"raw":"{{base}}/chats/:id?q=a"},"body":{"mode":"raw","raw":"{\"limit\":5}"}}},
			{"name":"Odd","request":{"method":"GET","url":17}}, 5]},
			{"name":"Get","request":"{{unknown}}/things/{{thing}}"}]}`)
	if got, want := operations(d), []string{"GET /things/{thing}  path:thing", "POST /v1/chats/{id}  path:id,query:q"}; !slices.Equal(got, want) {
		t.Errorf("operations: %q, want %q", got, want)
	}
	if got := d.Hosts(); !slices.Equal(got, []string{"api.chat.example"}) {
		t.Errorf("hosts: %q", got)
	}
	if len(d.Problems) != 2 || !strings.Contains(d.Problems[0].String(), "/item/0/item/1/request/url: expected a text or an object, found a number") {
		t.Errorf("problems: %v", d.Problems)
	}
}

// TestBombs: documents that are made to cost much cost little.
func TestBombs(t *testing.T) {
	t.Parallel()
	aliases := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		aliases += "a" + itoa(i) + ": &a" + itoa(i) + " [" + strings.Repeat("*a"+itoa(i-1)+", ", 10) + "]\n"
	}
	for name, text := range map[string]string{
		"aliases": "openapi: 3.0.0\n" + aliases,
		"deep":    `{"openapi":"3.0.0","paths":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5001),
	} {
		if _, err := apidoc.Read(name, []byte(text)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	loops := read(t, `{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/paths/~1b"},"/b":{"$ref":"#/paths/~1a"},"/c":{"get":{"requestBody":{"content":{"a/json":{"schema":{"$ref":"#/x"}}}}}}},
		"x":{"allOf":[{"$ref":"#/x"},{"$ref":"#/x"}]}}`)
	if len(loops.Operations) != 1 || len(loops.Problems) != 2 {
		t.Errorf("circles: %d operations, %v", len(loops.Operations), loops.Problems)
	}
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

func FuzzRead(f *testing.F) {
	f.Add([]byte(broken))
	f.Add([]byte(`{"swagger":"2.0","host":"a","basePath":"/b","paths":{"/c":{"get":{"parameters":[{"in":"body","name":"x","schema":{"type":"object"}}]}}}}`))
	f.Add([]byte(`{"item":[{"request":{"url":{"host":["a","b"],"path":["c",{"value":"d"}]}}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := apidoc.Read("x", data)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		packed, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := apidoc.Decode(packed); err != nil {
			t.Fatal(err)
		}
		apidoc.NewMatcher([]apidoc.Kept{{ID: 1, Document: d}}).Unseen(nil)
	})
}
