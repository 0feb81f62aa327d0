package template

import (
	"regexp"
	"slices"
	"strings"

	yaml "github.com/goccy/go-yaml"
)

// aktoRequest is the edit that a test's operations come to.
type aktoRequest struct {
	method, auth         string
	path                 yaml.MapSlice
	raw                  *string
	query, headers, body aktoEdit
}

// aktoEdit is a list of fields that are set or removed.
type aktoEdit struct {
	set    yaml.MapSlice
	remove []string
}

func (e *aktoEdit) put(name string, value any) {
	for i := range e.set {
		if e.set[i].Key == name {
			e.set[i].Value = value
			return
		}
	}
	e.set = append(e.set, yaml.MapItem{Key: name, Value: value})
}

func (e *aktoEdit) fields() yaml.MapSlice {
	var fields yaml.MapSlice
	if len(e.set) > 0 {
		fields = append(fields, yaml.MapItem{Key: "set", Value: e.set})
	}
	if len(e.remove) > 0 {
		fields = append(fields, yaml.MapItem{Key: "remove", Value: e.remove})
	}
	return fields
}

// fields is the request as a template has it.
func (q *aktoRequest) fields() yaml.MapSlice {
	fields := yaml.MapSlice{{Key: "name", Value: "attempt"}}
	add := func(key string, value any, set bool) {
		if set {
			fields = append(fields, yaml.MapItem{Key: key, Value: value})
		}
	}
	add("method", q.method, q.method != "")
	add("path", q.path, len(q.path) > 0)
	for _, e := range []struct {
		key  string
		edit *aktoEdit
	}{{"query", &q.query}, {"headers", &q.headers}, {"body", &q.body}} {
		edited := e.edit.fields()
		add(e.key, edited, len(edited) > 0)
	}
	if q.raw != nil {
		add("raw", *q.raw, true)
	}
	add("auth", q.auth, q.auth != "")
	return fields
}

// execute reads the one request of a test.
func (a *akto) execute(execute *node) {
	switch kind := execute.at("type").scalar(); kind {
	case "single":
	case "multiple", "graph", "parallel":
		a.fail("it sends several requests that depend on each other (%s)", kind)
		return
	case "passive":
		a.fail("it sends nothing and reads what was recorded (passive)")
		return
	default:
		a.fail("its execute has the type %q", clip(kind))
		return
	}
	requests := execute.at("requests")
	if requests == nil || len(requests.items) != 1 {
		a.fail("it does not have exactly one request")
		return
	}
	ops := requests.items[0].at("req")
	if ops == nil || len(ops.items) == 0 {
		a.fail("its request changes nothing: a placeholder")
		return
	}
	for _, op := range ops.items {
		for _, p := range op.pairs {
			a.operation(strings.ToLower(p.key.text), p.value)
		}
	}
	if len(a.used) > 1 {
		a.fail("it takes words of several lists side by side")
	}
	if a.why == "" && len(a.request.fields()) == 1 {
		a.fail("its request changes nothing")
	}
}

// operation adds one change.
func (a *akto) operation(verb string, value *node) {
	q := &a.request
	switch verb {
	case "modify_method":
		q.method = strings.ToUpper(a.text(value.scalar()))
	case "add_header", "modify_header":
		a.setAll(&q.headers, value, verb)
	case "delete_header":
		a.removeAll(&q.headers, value)
	case "add_query_param", "modify_query_param":
		a.setAll(&q.query, value, verb)
	case "delete_query_param":
		a.removeAll(&q.query, value)
	case "add_body_param":
		a.bodyFields(value)
	case "modify_body_param", "delete_body_param":
		a.fail("%s means a name at any depth of the body; templates name one place", verb)
	case "replace_body":
		if value.kind != scalarNode || value.null() {
			a.fail("replace_body with an expression has no equal")
			return
		}
		text := a.text(value.scalar())
		q.raw = &text
	case "modify_url":
		a.address(value)
	case "remove_auth_header":
		a.credentials(value, "remove")
	case "replace_auth_header":
		a.credentials(value, "swap")
	case "follow_redirect":
		a.note("redirects are not followed")
	case "conversations_list":
		a.fail("it is a conversation: its validate is a dummy, a judge of its own decides")
	default:
		a.fail("the operation %s has no equal", clip(verb))
	}
}

// setAll sets each field of a mapping to a text.
func (a *akto) setAll(e *aktoEdit, fields *node, verb string) {
	if fields.kind != mapNode || len(fields.pairs) == 0 {
		a.fail("%s wants names and values", verb)
		return
	}
	for _, p := range fields.pairs {
		if p.value.kind != scalarNode {
			a.fail("%s with an expression has no equal", verb)
			return
		}
		if strings.Contains(p.key.text, "${") || strings.HasPrefix(p.key.text, "$") {
			a.fail("the name %s is filled in by Akto", clip(p.key.text))
			return
		}
		if strings.HasPrefix(verb, "modify") {
			a.note("what is changed is added where it is missing")
		}
		e.put(p.key.text, a.text(p.value.scalar()))
	}
}

// removeAll removes one name or several.
func (a *akto) removeAll(e *aktoEdit, names *node) {
	list := names.items
	if names.kind == scalarNode {
		list = []*node{names}
	}
	if len(list) == 0 {
		a.fail("nothing is named that shall be removed")
	}
	for _, n := range list {
		name := n.scalar()
		if name == "" || strings.Contains(name, "$") {
			a.fail("the name %s is filled in by Akto", clip(name))
			return
		}
		if !slices.Contains(e.remove, name) {
			e.remove = append(e.remove, name)
		}
	}
}

var bodyStep = regexp.MustCompile(`^[^.\[\]$/~]+(?:\[\d+\])*$`)

// bodyFields sets fields by their path, a.b[0].c.
func (a *akto) bodyFields(fields *node) {
	if fields.kind != mapNode {
		a.fail("add_body_param wants names and values")
		return
	}
	for _, p := range fields.pairs {
		pointer := ""
		for step := range strings.SplitSeq(p.key.text, ".") {
			if !bodyStep.MatchString(step) {
				a.fail("the field %s is filled in by Akto", clip(p.key.text))
				return
			}
			pointer += "/" + strings.NewReplacer("[", "/", "]", "").Replace(step)
		}
		value := p.value.plain()
		if text, is := value.(string); is {
			value = a.text(text)
		} else if aktoVariable.MatchString(jsonText(value)) || strings.Contains(jsonText(value), "$magic") {
			a.fail("variables within a value of add_body_param have no equal")
		}
		a.request.body.put(pointer, value)
	}
}

// address changes the path. A whole address would leave the target.
func (a *akto) address(value *node) {
	if value.kind == scalarNode {
		text := a.text(value.scalar())
		if !strings.HasPrefix(text, "/") && !a.pathsOnly(text) {
			a.fail("modify_url with more than a path has no equal")
			return
		}
		a.request.path = yaml.MapSlice{{Key: "set", Value: text}}
		return
	}
	replace := value.at("regex_replace")
	if replace == nil {
		a.fail("modify_url by the place of a segment has no equal")
		return
	}
	find := replace.at("regex").scalar()
	if _, err := regexp.Compile(find); err != nil || find == "" || strings.Contains(find, "${") {
		a.fail("its expression %s cannot be used here", clip(find))
		return
	}
	a.request.path = yaml.MapSlice{{Key: "find", Value: find}, {Key: "replace", Value: a.text(replace.at("replace_with").scalar())}}
}

// pathsOnly tells whether a text begins with a list that holds nothing but paths.
func (a *akto) pathsOnly(text string) bool {
	m := placeholder.FindStringSubmatchIndex(text)
	if m == nil || m[0] != 0 {
		return false
	}
	for _, list := range a.words {
		if words, is := list.Value.([]string); is && list.Key == text[m[4]:m[5]] {
			return !slices.ContainsFunc(words, func(w string) bool { return !strings.HasPrefix(w, "/") })
		}
	}
	return false
}

// credentials takes them out, or swaps them.
func (a *akto) credentials(value *node, what string) {
	if !strings.EqualFold(value.scalar(), "true") {
		a.fail("credentials that Akto makes have no equal")
		return
	}
	a.request.auth = what
	need := "auth"
	if what == "swap" {
		need = "role"
	}
	if !slices.Contains(a.needs, need) {
		a.needs = append(a.needs, need)
	}
}
