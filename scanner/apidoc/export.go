package apidoc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"assay/scanner"
	"assay/scanner/schema"
)

// Exported is one endpoint with the schemas of its bodies, as far as they are known.
type Exported struct {
	Endpoint *scanner.Endpoint
	Bodies   []Body
}

// Body is the schema of one kind of body of an endpoint.
type Body struct {
	Side   string // request, response
	Status string // of a response its class: 2xx, 4xx, …
	Schema *schema.Schema
}

// openapi31 is the document in the order in which people read it.
type openapi31 struct {
	OpenAPI    string              `json:"openapi"`
	Info       map[string]any      `json:"info"`
	Servers    []map[string]any    `json:"servers,omitempty"`
	Tags       []map[string]any    `json:"tags,omitempty"`
	Paths      map[string]pathItem `json:"paths"`
	Components map[string]any      `json:"components,omitempty"`
}

type pathItem map[string]any

// group is the endpoints that OpenAPI can only tell as one operation: of one method and path, on several hosts, or with
// several GraphQL operations or RPC methods.
type group struct {
	method, path string
	members      []Exported
}

// Export writes endpoints as OpenAPI 3.1.1, which says what traffic showed and nothing else. Notes name what cannot be
// said in OpenAPI.
func Export(title string, list []Exported) (document []byte, notes []string, err error) {
	x := &exporter{schemes: map[string]any{}, hosts: map[string]bool{}}
	groups := x.groups(list)
	doc := openapi31{
		OpenAPI: "3.1.1", Paths: map[string]pathItem{},
		Info: map[string]any{
			"title": cmp.Or(title, "Recorded API"), "version": "recorded",
			"description": "Written by Assay from recorded traffic: what was seen, which may be less than there is.",
		},
	}
	for host := range x.hosts {
		doc.Servers = append(doc.Servers, map[string]any{"url": host})
	}
	slices.SortFunc(doc.Servers, func(a, b map[string]any) int { return strings.Compare(a["url"].(string), b["url"].(string)) })
	for _, g := range groups {
		item := doc.Paths[g.path]
		if item == nil {
			item = pathItem{}
			doc.Paths[g.path] = item
		}
		item[g.method] = x.operation(g)
	}
	if len(x.schemes) > 0 {
		doc.Components = map[string]any{"securitySchemes": x.schemes}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err = enc.Encode(doc)
	return out.Bytes(), x.notes, err
}

type exporter struct {
	schemes map[string]any
	hosts   map[string]bool
	notes   []string
}

// groups sorts endpoints into operations and leaves out what OpenAPI has no word for.
func (x *exporter) groups(list []Exported) []*group {
	byKey := map[[2]string]*group{}
	var order []*group
	byShape := map[string]string{} // paths that differ only in names of parameters are one to OpenAPI
	for _, e := range list {
		method := strings.ToLower(e.Endpoint.Method)
		if method == "query" || !slices.Contains(methods, method) {
			x.notes = append(x.notes, fmt.Sprintf("%s %s%s is left out: OpenAPI 3.1 has no such method", e.Endpoint.Method, e.Endpoint.Host, e.Endpoint.Path))
			continue
		}
		if e.Endpoint.Host != "" {
			x.hosts[serverURL(e.Endpoint)] = true
		}
		path := cleanPath(e.Endpoint.Path)
		shape := variable.ReplaceAllString(path, "{}")
		if known, ok := byShape[shape]; ok {
			path = known
		}
		byShape[shape] = path
		key := [2]string{method, path}
		g := byKey[key]
		if g == nil {
			g = &group{method: method, path: path}
			byKey[key] = g
			order = append(order, g)
		}
		g.members = append(g.members, e)
	}
	return order
}

func serverURL(e *scanner.Endpoint) string {
	scheme := map[string]string{"ws": "http", "wss": "https", "": "https"}[e.Scheme]
	return cmp.Or(scheme, e.Scheme) + "://" + e.Host
}

// cleanPath makes a template that OpenAPI takes: it begins with a slash, and each parameter has a name of its own.
func cleanPath(path string) string {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	used := map[string]int{}
	return variable.ReplaceAllStringFunc(path, func(p string) string {
		name := cmp.Or(strings.Trim(p, "{}"), "value")
		used[name]++
		if n := used[name]; n > 1 {
			name += strconv.Itoa(n)
		}
		return "{" + name + "}"
	})
}

func (x *exporter) operation(g *group) map[string]any {
	op := map[string]any{"operationId": operationID(g), "responses": x.responses(g)}
	if about := summary(g); about != "" {
		op["description"] = about
	}
	if servers := x.ownServers(g); servers != nil {
		op["servers"] = servers
	}
	if list := parametersOf(g); len(list) > 0 {
		op["parameters"] = list
	}
	if body := requestBody(g); body != nil {
		op["requestBody"] = body
	}
	if security := x.security(g); security != nil {
		op["security"] = security
	}
	first := g.members[0].Endpoint
	if first.Kind != "" && first.Kind != "plain" {
		op["x-assay-kind"] = first.Kind
		if first.Family != "" {
			op["x-assay-family"] = first.Family
		}
	}
	return op
}

func operationID(g *group) string {
	var b strings.Builder
	b.WriteString(g.method)
	for _, c := range g.path {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			b.WriteRune(c)
		default:
			if s := b.String(); !strings.HasSuffix(s, "_") {
				b.WriteByte('_')
			}
		}
	}
	return strings.TrimRight(b.String(), "_") + "_" + strconv.FormatInt(int64(g.members[0].Endpoint.ID), 36)
}

func summary(g *group) string {
	var operations []string
	var n int64
	for _, m := range g.members {
		n += m.Endpoint.Count
		if o := m.Endpoint.Operation; o != "" {
			operations = append(operations, o)
		}
	}
	text := fmt.Sprintf("Seen %d times.", n)
	if n == 1 {
		text = "Seen once."
	}
	if len(operations) > 0 {
		slices.Sort(operations)
		more := ""
		if len(operations) > 50 {
			more = fmt.Sprintf(" and %d more", len(operations)-50)
			operations = operations[:50]
		}
		text += " Operations: " + strings.Join(slices.Compact(operations), ", ") + more + "."
	}
	return text
}

// ownServers are given where an operation is not at every host of the document.
func (x *exporter) ownServers(g *group) []map[string]any {
	at := map[string]bool{}
	for _, m := range g.members {
		if m.Endpoint.Host != "" {
			at[serverURL(m.Endpoint)] = true
		}
	}
	if len(at) == 0 || len(at) == len(x.hosts) {
		return nil
	}
	var list []map[string]any
	for url := range at {
		list = append(list, map[string]any{"url": url})
	}
	slices.SortFunc(list, func(a, b map[string]any) int { return strings.Compare(a["url"].(string), b["url"].(string)) })
	return list
}

// parametersOf are those of the path, which OpenAPI requires, and of query, header and cookie, which were seen.
func parametersOf(g *group) []map[string]any {
	var list []map[string]any
	seen := map[[2]string]bool{}
	known := map[[2]string]scanner.Parameter{}
	for _, m := range g.members {
		for _, p := range m.Endpoint.Facts.Parameters {
			key := [2]string{p.In, p.Name}
			known[key] = joined(known[key], p)
		}
	}
	for _, name := range parameterNames(g.path) {
		list = append(list, parameter("path", name, known[[2]string{"path", name}], true))
	}
	for _, m := range g.members {
		for _, p := range m.Endpoint.Facts.Parameters {
			key := [2]string{p.In, p.Name}
			ignored := p.In == "header" && slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(p.Name)) // OpenAPI 3.1, 4.8.12.1
			if seen[key] || ignored || p.Name == "" || p.In != "query" && p.In != "header" && p.In != "cookie" {
				continue
			}
			seen[key] = true
			list = append(list, parameter(p.In, p.Name, known[key], !p.Optional && len(g.members) == 1))
		}
	}
	return list
}

// joined is an input as several endpoints had it. Values are said only where all have few.
func joined(a, b scanner.Parameter) scanner.Parameter {
	if a.Name == "" {
		return b
	}
	a.Types = slices.Compact(slices.Sorted(slices.Values(slices.Concat(a.Types, b.Types))))
	if len(a.Values) > 0 && len(b.Values) > 0 {
		a.Values = slices.Compact(slices.Sorted(slices.Values(slices.Concat(a.Values, b.Values))))
	} else {
		a.Values = nil
	}
	return a
}

func parameter(in, name string, p scanner.Parameter, required bool) map[string]any {
	out := map[string]any{"in": in, "name": name, "schema": typesSchema(p.Types, p.Values)}
	if required {
		out["required"] = true
	}
	return out
}

// typesSchema says in JSON Schema which types and forms values had.
func typesSchema(types, values []string) map[string]any {
	var jsonTypes []string
	form := ""
	for _, t := range types {
		switch t {
		case "integer", "number", "boolean", "array", "object", "null", "string":
			jsonTypes = append(jsonTypes, t)
		default:
			jsonTypes = append(jsonTypes, "string")
			form = t
		}
	}
	slices.Sort(jsonTypes)
	jsonTypes = slices.Compact(jsonTypes)
	out := map[string]any{}
	switch len(jsonTypes) {
	case 0:
		out["type"] = "string"
	case 1:
		out["type"] = jsonTypes[0]
	default:
		out["type"] = jsonTypes
	}
	if len(types) == 1 && slices.Contains([]string{"uuid", "date", "date-time", "email", "uri", "ipv4", "ipv6"}, form) {
		out["format"] = form
	}
	if len(values) > 0 && out["type"] == "string" {
		out["examples"] = values // more may come: not an enum
	}
	return out
}

func (b Body) of(side, class string) bool {
	return b.Side == side && (class == "" || b.Status == class)
}

// bodySchema joins the schemas of several endpoints.
func bodySchema(g *group, side, class string) any {
	var all []any
	for _, m := range g.members {
		for _, b := range m.Bodies {
			if !b.of(side, class) || b.Schema == nil || b.Schema.Count == 0 {
				continue
			}
			one := b.Schema.JSON()
			if !slices.ContainsFunc(all, func(other any) bool { return reflect.DeepEqual(one, other) }) {
				all = append(all, one)
			}
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return map[string]any{"anyOf": all}
}

func mediaTypes(g *group, pick func(*scanner.Facts) []scanner.Tally) []string {
	var list []string
	for _, m := range g.members {
		for _, t := range pick(&m.Endpoint.Facts) {
			if strings.Contains(t.Value, "/") && !slices.Contains(list, t.Value) {
				list = append(list, t.Value)
			}
		}
	}
	slices.Sort(list)
	return list
}

// content describes bodies by media type. The schema is that of JSON bodies; of others only the type is known.
func content(types []string, shape any, form map[string]any) map[string]any {
	if shape != nil && !slices.ContainsFunc(types, carriesJSON) {
		types = append(types, "application/json")
	}
	out := map[string]any{}
	for _, t := range types {
		media := map[string]any{}
		switch {
		case carriesJSON(t) && shape != nil:
			media["schema"] = shape
		case strings.Contains(t, "form") && form != nil:
			media["schema"] = form
		}
		out[t] = media
	}
	return out
}

func carriesJSON(mediaType string) bool {
	return strings.Contains(mediaType, "json") || mediaType == "text/event-stream"
}

func requestBody(g *group) map[string]any {
	types := mediaTypes(g, func(f *scanner.Facts) []scanner.Tally { return f.Requests })
	shape := bodySchema(g, "request", "")
	if len(types) == 0 && shape == nil {
		return nil
	}
	return map[string]any{"content": content(types, shape, formSchema(g))}
}

func formSchema(g *group) map[string]any {
	seen := map[string]scanner.Parameter{}
	for _, m := range g.members {
		for _, p := range m.Endpoint.Facts.Parameters {
			if p.In == "form" {
				seen[p.Name] = joined(seen[p.Name], p)
			}
		}
	}
	if len(seen) == 0 {
		return nil
	}
	properties := map[string]any{}
	for name, p := range seen {
		properties[name] = typesSchema(p.Types, p.Values)
	}
	return map[string]any{"type": "object", "properties": properties}
}

func (x *exporter) responses(g *group) map[string]any {
	out := map[string]any{}
	types := mediaTypes(g, func(f *scanner.Facts) []scanner.Tally { return f.Responses })
	for _, m := range g.members {
		for _, t := range m.Endpoint.Facts.Statuses {
			if len(t.Value) != 3 || t.Value < "100" || t.Value > "599" || out[t.Value] != nil {
				continue
			}
			r := map[string]any{"description": "Seen."}
			if shape := bodySchema(g, "response", t.Value[:1]+"xx"); shape != nil {
				r["content"] = content(slices.Clone(types), shape, nil)
			}
			out[t.Value] = r
		}
	}
	if len(out) == 0 {
		out["default"] = map[string]any{"description": "No answer was seen."}
	}
	return out
}

// security says which auth was seen; the empty requirement where some requests without any were answered.
func (x *exporter) security(g *group) []map[string]any {
	var list []map[string]any
	used := map[string]bool{}
	add := func(name string, scheme map[string]any) {
		if !used[name] {
			used[name] = true
			x.schemes[name] = scheme
			list = append(list, map[string]any{name: []string{}})
		}
	}
	open := false
	for _, m := range g.members {
		for _, a := range m.Endpoint.Facts.Auth {
			switch a.Kind {
			case "bearer", "basic", "digest":
				add(a.Kind, map[string]any{"type": "http", "scheme": a.Kind})
			case "api-key":
				in := "header"
				if name, ok := strings.CutPrefix(a.Name, "?"); ok {
					in, a.Name = "query", name
				}
				add("key_"+word(a.Name), map[string]any{"type": "apiKey", "in": in, "name": cmp.Or(a.Name, "api-key")})
			case "cookie":
				add("cookie_"+word(a.Name), map[string]any{"type": "apiKey", "in": "cookie", "name": cmp.Or(a.Name, "session")})
			case "mtls":
				add("mtls", map[string]any{"type": "mutualTLS"})
			case "none":
				open = open || a.OK > 0
			}
		}
	}
	if open && len(list) > 0 {
		list = append(list, map[string]any{})
	}
	return list
}

// word makes a name that OpenAPI takes as a key of components: ^[a-zA-Z0-9._-]+$.
func word(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			return c
		}
		return '_'
	}, cmp.Or(s, "unnamed"))
}
