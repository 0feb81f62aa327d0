package apidoc_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"assay/scanner"
	"assay/scanner/apidoc"
	"assay/scanner/schema"
)

// valid asks two others: kin-openapi, and the schema of the OpenAPI Initiative.
func valid(t *testing.T, document []byte) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatalf("it cannot be loaded: %v\n%s", err, document)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("it is not valid: %v\n%s", err, document)
	}
	c := jsonschema.NewCompiler()
	rules, err := jsonschema.UnmarshalJSON(bytes.NewReader(file(t, "openapi-3.1-schema.json")))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource("oas.json", rules); err != nil {
		t.Fatal(err)
	}
	checked, err := c.Compile("oas.json")
	if err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if err := checked.Validate(instance); err != nil {
		t.Fatalf("the official schema: %v\n%s", err, document)
	}
	return doc
}

func body(t *testing.T, side, status string, documents ...string) apidoc.Body {
	t.Helper()
	s := &schema.Schema{}
	for _, d := range documents {
		if err := s.Add([]byte(d)); err != nil {
			t.Fatal(err)
		}
	}
	return apidoc.Body{Side: side, Status: status, Schema: s}
}

func TestExport(t *testing.T) {
	t.Parallel()
	get := endpoint(1, "GET", "/v1/users/{id}/posts/{id}", "/v1/users/1/posts/2", scanner.Parameter{In: "query", Name: "page", Types: []string{"integer"}, N: 2})
	get.Facts.Statuses = []scanner.Tally{{Value: "200", N: 2}, {Value: "404", N: 1}}
	get.Facts.Responses = []scanner.Tally{{Value: "application/json", N: 3}}
	get.Facts.Auth = []scanner.Auth{{Kind: "bearer", Name: "Authorization", N: 2}, {Kind: "api-key", Name: "X-Api-Key"}, {Kind: "none", OK: 1}}
	query := endpoint(2, "POST", "/graphql", "/graphql")
	query.Operation = "query A"
	mutation := endpoint(3, "POST", "/graphql", "/graphql")
	mutation.Operation, mutation.Host = "mutation B", "other.example:8443"
	odd := endpoint(4, "PROPFIND", "/dav", "/dav")
	document, notes, err := apidoc.Export("Shop", []apidoc.Exported{
		{Endpoint: get, Bodies: []apidoc.Body{body(t, "response", "2xx", `{"id":1,"tags":["a"]}`, `{"id":2,"tags":[],"x":null}`), body(t, "response", "4xx", `{"error":"no"}`)}},
		{Endpoint: query, Bodies: []apidoc.Body{body(t, "request", "", `{"query":"{a}"}`)}},
		{Endpoint: mutation, Bodies: []apidoc.Body{body(t, "request", "", `{"query":"mutation{b}","variables":{"k":1}}`)}},
		{Endpoint: odd},
	})
	if err != nil {
		t.Fatal(err)
	}
	doc := valid(t, document)
	if doc.Paths.Value("/v1/users/{id}/posts/{id2}") == nil || doc.Paths.Len() != 2 {
		t.Errorf("paths: %v", doc.Paths.Keys())
	}
	if about := doc.Paths.Value("/graphql").Post.Description; !strings.Contains(about, "mutation B, query A") {
		t.Errorf("operations of one path: %q", about)
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "PROPFIND") {
		t.Errorf("notes: %q", notes)
	}
	// What we write, we read.
	again := read(t, string(document))
	m := apidoc.NewMatcher([]apidoc.Kept{{ID: 1, Document: again}})
	if m.Describe(get); get.Documented != scanner.DocumentedYes || len(again.Problems) > 0 {
		t.Errorf("what was exported is %q when it is read, %v", get.Documented, again.Problems)
	}
}

// TestExportJoins: what several endpoints of one path say is said together, and once.
func TestExportJoins(t *testing.T) {
	t.Parallel()
	var list []apidoc.Exported
	for i, kind := range []string{"integer", "uuid", "integer"} {
		e := endpoint(scanner.EndpointID(i+1), "POST", "/things/{id}", "/things/1",
			scanner.Parameter{In: "path", Name: "id", Types: []string{kind}}, scanner.Parameter{In: "query", Name: "at", Types: []string{kind}},
			scanner.Parameter{In: "form", Name: "who", Types: []string{kind}})
		e.Host, e.Count = fmt.Sprintf("h%d.example", i), int64(i/2)
		e.Facts.Statuses = []scanner.Tally{{Value: "200", N: 1}}
		e.Facts.Requests = []scanner.Tally{{Value: "multipart/form-data", N: 1}}
		list = append(list, apidoc.Exported{Endpoint: e, Bodies: []apidoc.Body{body(t, "response", "2xx", `{"id":1}`)}})
	}
	document, _, err := apidoc.Export("Shop", list)
	if err != nil {
		t.Fatal(err)
	}
	post := valid(t, document).Paths.Value("/things/{id}").Post
	for _, p := range post.Parameters {
		if got := p.Value.Schema.Value.Type.Slice(); strings.Join(got, " ") != "integer string" {
			t.Errorf("%s %s is %v", p.Value.In, p.Value.Name, got)
		}
	}
	content := post.RequestBody.Value.Content
	if len(content) != 1 || len(content["multipart/form-data"].Schema.Value.Properties["who"].Value.Type.Slice()) != 2 {
		t.Errorf("request %v", content)
	}
	if answer := post.Responses.Value("200").Value.Content["application/json"].Schema.Value; len(answer.AnyOf) > 0 {
		t.Errorf("one schema three times: %v", answer.AnyOf)
	}
	if post.Description != "Seen once." {
		t.Error(post.Description)
	}
}

// TestExportAnything writes endpoints with names that nobody would choose.
func TestExportAnything(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	words := []string{"a", "{id}", "{}", "{a b}", "é", "~", "%2F", "x:y", "{m}:go", "..", "\"", "$ref", ""}
	for round := range 60 {
		var list []apidoc.Exported
		for i := range 12 {
			path := ""
			for range rnd.IntN(4) + 1 {
				path += "/" + words[rnd.IntN(len(words))]
			}
			e := endpoint(scanner.EndpointID(i+1), []string{"GET", "POST", "TRACE", "get", "FOO"}[rnd.IntN(5)], path, path,
				scanner.Parameter{In: []string{"query", "header", "cookie", "form"}[rnd.IntN(4)], Name: words[rnd.IntN(len(words))], Types: []string{"uuid", "null"}[:rnd.IntN(3)]})
			e.Host = fmt.Sprintf("h%d.example", rnd.IntN(3))
			e.Facts.Requests = []scanner.Tally{{Value: []string{"application/json", "multipart/form-data", "weird", "a/b"}[rnd.IntN(4)]}}
			e.Facts.Statuses = []scanner.Tally{{Value: []string{"200", "0", "101", "999"}[rnd.IntN(4)]}}
			list = append(list, apidoc.Exported{Endpoint: e, Bodies: []apidoc.Body{body(t, "request", "", `{"type":"a","v":1}`, `{"type":"b","w":[{}]}`, `[1,null]`)}})
		}
		document, _, err := apidoc.Export("", list)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		valid(t, document)
	}
}
