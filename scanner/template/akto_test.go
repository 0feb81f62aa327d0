package template_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"assay/scanner"
	"assay/scanner/template"
)

// aktoHead begins tests in Akto's language; nothing of them is Akto's.
const aktoHead = `id: OWN_TEST
info:
  name: Staff pages for anyone
  description: The list of staff is asked for without credentials.
  severity: HIGH
  category: {name: BFLA, shortName: BFLA}
  tags: [Business logic, LLM06]
  cwe: [CWE-285, CWE-99999]
  references: ["https://owasp.org/API-Security/"]
`

const aktoSingle = aktoHead + `api_selection_filters:
  response_code: {gte: 200, lt: 300}
auth: {authenticated: true}
wordLists:
  pages: [/staff, /admin/staff]
execute:
  type: single
  requests:
    - req:
        - modify_url: ${pages}
        - modify_method: get
        - add_header: {X-Debug: "1", Accept: "text/{{!plain}}"}
        - add_query_param: {all: "true"}
        - delete_query_param: page
        - add_body_param: {"user.roles[0]": admin, depth: 3}
        - remove_auth_header: true
        - follow_redirect: false
validate:
  response_code: {gte: 200, lte: 204}
  and:
    - response_payload: {contains_all: ["staff", "salary"], not_contains: "log in", length: {gt: 20}}
    - or:
        - response_payload: {regex: '"[a-z]+@northwind\.example"'}
        - response_headers: {for_one: {key: {eq: x-total}, value: {contains_either: ["1"]}}}
`

func TestImportAkto(t *testing.T) {
	t.Parallel()
	made, err := template.ImportAkto("own.yml", []byte(aktoSingle))
	if err != nil {
		t.Fatal(err)
	}
	tpl, problems := template.Parse(made.ID+".yaml", made.Data)
	if len(problems) > 0 {
		t.Fatalf("%v\n%s", problems, made.Data)
	}
	if tpl.ID != "akto-own-test" || tpl.Severity != scanner.SeverityHigh || !slices.Equal(tpl.OWASP, []string{"LLM06:2025"}) || !slices.Equal(tpl.CWE, []int{285}) || !slices.Contains(tpl.Needs, "auth") {
		t.Errorf("the head is %+v", tpl)
	}
	if len(tpl.Attack.Requests) != 1 || len(tpl.Cases(template.Limits{})) != 2 {
		t.Fatalf("%d requests, %d cases\n%s", len(tpl.Attack.Requests), len(tpl.Cases(template.Limits{})), made.Data)
	}
	q := tpl.Attack.Requests[0]
	if q.Method != "GET" || q.Auth != "remove" || q.Path == nil || q.Path.Set != "{{pages}}" || q.Body == nil || q.Body.Set[0].Name != "/user/roles/0" || q.Query == nil || q.Query.Remove[0] != "page" {
		t.Errorf("the request is %+v\n%s", q, made.Data)
	}
	if got := tpl.Signals(); !slices.Equal(got, []string{"status", "contains", "size", "regex", "header"}) {
		t.Errorf("the signals are %v\n%s", got, made.Data)
	}
	proofs, err := template.Prove(tpl)
	if err != nil {
		t.Fatal(err)
	}
	for i := range proofs {
		if !proofs[i].OK() {
			t.Errorf("sample %d is judged %s: %s", i, proofs[i].Judgement.Verdict, proofs[i].Judgement.Reason)
		}
	}
	for _, want := range []string{"api_selection_filters", "CWE-99999", "redirects"} {
		if !strings.Contains(strings.Join(made.Notes, "; "), want) {
			t.Errorf("the notes %q do not tell of %s", made.Notes, want)
		}
	}
}

// TestImportAktoLeavesOut tells of each test that cannot be said why.
func TestImportAktoLeavesOut(t *testing.T) {
	t.Parallel()
	request := func(ops string) string {
		return aktoHead + "execute:\n  type: single\n  requests:\n    - req:\n" + ops + "\nvalidate:\n  response_code: {eq: 200}\n"
	}
	validate := func(tree string) string {
		return aktoHead + "execute:\n  type: single\n  requests:\n    - req:\n        - modify_method: PUT\nvalidate:\n" + tree + "\n"
	}
	for name, tt := range map[string]struct{ file, why string }{
		"not YAML":         {"a: [", "cannot be read"},
		"a list":           {"- a", "mapping was expected"},
		"no info":          {"id: X", "no id or no info"},
		"inactive":         {strings.Replace(request("        - modify_method: PUT"), "info:", "inactive: true\ninfo:", 1), "switched off"},
		"several requests": {strings.Replace(request("        - modify_method: PUT"), "type: single", "type: multiple", 1), "several requests"},
		"passive":          {strings.Replace(request("        - modify_method: PUT"), "type: single", "type: passive", 1), "sends nothing"},
		"empty":            {strings.Replace(request("        []"), "    - req:\n        []", "    - req: []", 1), "placeholder"},
		"any depth":        {request("        - modify_body_param: {user: x}"), "any depth"},
		"a variable":       {request("        - add_header: {X: \"${userKey.value}\"}"), "userKey.value"},
		"magic":            {request("        - add_header: {X: \"$magic make one\"}"), "$magic"},
		"a callback":       {request("        - send_ssrf_req: {url: x}"), "send_ssrf_req"},
		"a segment":        {request("        - modify_url: {token_insert: {location: 1, replace_with: x}}"), "place of a segment"},
		"another host":     {request("        - modify_url: https://example.com/"), "more than a path"},
		"a token":          {request("        - replace_auth_header: ${auth_context.none_algo_token}"), "Akto makes"},
		"a conversation":   {request("        - conversations_list: {conversations: [a]}"), "conversation"},
		"no validate":      {strings.Split(request("        - modify_method: PUT"), "validate:")[0], "no validate"},
		"likeness":         {validate("  response_payload: {percentage_match: {gt: 90}}"), "percentage_match"},
		"a judge":          {validate("  magic_validate: is it bad?"), "magic_validate"},
		"two lists":        {strings.Replace(request("        - add_header: {X: \"${a}${b}\"}"), "execute:", "wordLists: {a: [x], b: [y]}\nexecute:", 1), "side by side"},
		"a text as list":   {strings.Replace(request("        - add_header: {X: \"${a}\"}"), "execute:", "wordLists: {a: x}\nexecute:", 1), "${a}"},
		"never true":       {validate("  response_code: {gt: 300, lt: 200}"), "never true"},
		"nothing":          {validate("  response_payload: {}"), "nothing"},
		"Java's regex":     {validate("  response_payload: {regex: '(?<=a)b'}"), "RE2"},
		"a category":       {strings.Replace(strings.Replace(request("        - modify_method: PUT"), "shortName: BFLA", "shortName: ODD", 1), "LLM06", "odd", 1), "ODD"},
		"a severity":       {strings.Replace(request("        - modify_method: PUT"), "HIGH", "DYNAMIC", 1), "severity"},
	} {
		made, err := template.ImportAkto("x.yml", []byte(tt.file))
		if _, is := errors.AsType[*template.NotImported](err); !is || !strings.Contains(err.Error(), tt.why) {
			t.Errorf("%s: %v, %v; want %q", name, made, err, tt.why)
		}
	}
}

// FuzzImportAkto reads anything: what is imported is a template whose samples hold.
func FuzzImportAkto(f *testing.F) {
	f.Add([]byte(aktoSingle))
	f.Add([]byte(aktoHead + "execute: {type: single, requests: [{req: [{replace_body: '{{x}} ${y}'}]}]}\nvalidate: {or: [{response_code: {neq: 1}}, {response_payload: {regex: ['a+(b|c)[d-f]{2}', '$']}}]}\n"))
	f.Add([]byte(aktoHead + "execute: {type: single, requests: [{req: [{modify_url: {regex_replace: {regex: 'v2', replace_with: v1}}}]}]}\nvalidate: [{response_code: {gte: 200}}, {response_headers: {for_one: [{key: {eq: a}}, {value: {eq: b}}]}}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		made, err := template.ImportAkto("x.yml", data)
		if err != nil {
			if _, is := errors.AsType[*template.NotImported](err); !is {
				t.Fatalf("an error of another type: %v", err)
			}
			return
		}
		tpl, problems := template.Parse(made.ID+".yaml", made.Data)
		if len(problems) > 0 {
			t.Fatalf("%v\n%s", problems, made.Data)
		}
		proofs, err := template.Prove(tpl)
		if err != nil {
			t.Fatal(err)
		}
		for i := range proofs {
			if !proofs[i].OK() {
				t.Errorf("sample %d is judged %s\n%s", i, proofs[i].Judgement.Verdict, made.Data)
			}
		}
	})
}
