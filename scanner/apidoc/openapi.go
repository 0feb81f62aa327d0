package apidoc

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// besideMethods are what a path has beside its operations.
var besideMethods = []string{"$ref", "summary", "description", "servers", "parameters", "additionalOperations"}

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// openapi reads OpenAPI 3.x.
func (r *reader) openapi() error {
	version := r.root.get("openapi")
	r.doc.Form = "OpenAPI " + short(version.text)
	if !strings.HasPrefix(version.text, "3.") {
		return &Problem{Line: version.line, Column: version.col, Where: "/openapi", What: "expected a version 3.x, found " + short(version.text)}
	}
	r.info()
	r.doc.Servers = r.servers(r.root.get("servers"), "/servers")
	schemes := r.schemes(r.root.get("components").get("securitySchemes"), "/components/securitySchemes")
	r.paths(func(item, op *node, where, method, path string) {
		o := r.operation(op, where, method, path)
		if own := op.get("servers"); own != nil {
			o.Servers = r.servers(own, where+"/servers")
		} else if shared := item.get("servers"); shared != nil {
			o.Servers = r.servers(shared, where+"/../servers")
		}
		o.Parameters, o.Open = r.inputs(item, op, where)
		if body := r.follow(op.get("requestBody"), where+"/requestBody"); body != nil && r.want(body, isMap, where+"/requestBody") {
			open := r.body(&o, body, where+"/requestBody")
			o.Open = o.Open || open
		}
		o.Auth = r.security(op.get("security"), schemes)
		r.add(o)
	})
	return nil
}

func (r *reader) info() {
	info := r.root.get("info")
	if r.want(info, isMap, "/info") {
		r.doc.Title, r.doc.Version = short(info.str("title")), short(info.str("version"))
	}
}

// paths calls do for every operation that can be read.
func (r *reader) paths(do func(item, op *node, where, method, path string)) {
	paths := r.root.get("paths")
	if paths == nil {
		r.problem(r.root, "/paths", "expected an object with the paths of the API, found nothing")
		return
	}
	if !r.want(paths, isMap, "/paths") {
		return
	}
	for i, path := range paths.names {
		where := pointer("/paths", path)
		if strings.HasPrefix(path, "x-") {
			continue
		}
		if !strings.HasPrefix(path, "/") {
			r.problem(paths.items[i], where, "expected a path that begins with /")
			continue
		}
		item := r.follow(paths.items[i], where)
		if item == nil || !r.want(item, isMap, where) {
			continue
		}
		for j, name := range item.names {
			if !slices.Contains(methods, name) {
				if !slices.Contains(besideMethods, name) && !strings.HasPrefix(name, "x-") {
					r.problem(item.items[j], pointer(where, name), "expected a method or a field of a path, found "+quoted(name))
				}
				continue
			}
			at := pointer(where, name)
			if r.want(item.items[j], isMap, at) {
				do(item, item.items[j], at, strings.ToUpper(name), path)
			}
		}
	}
}

func (r *reader) operation(op *node, where, method, path string) Operation {
	o := Operation{ID: op.str("operationId"), Summary: op.str("summary"), Method: method, Path: path, Deprecated: op.yes("deprecated")}
	if id := op.get("operationId"); id != nil {
		r.want(id, isText, where+"/operationId")
	}
	return o
}

var variable = regexp.MustCompile(`\{([^{}]*)\}`)

// servers reads where the API is served; variables stand as their default, or as * where they have several values.
func (r *reader) servers(list *node, where string) []Server {
	if !r.want(list, isList, where) {
		return nil
	}
	var servers []Server
	for _, each := range list.items {
		if !r.want(each, isMap, where) || !r.want(each.get("url"), isText, where+"/url") {
			continue
		}
		text := variable.ReplaceAllStringFunc(each.str("url"), func(name string) string {
			v := each.get("variables").get(strings.Trim(name, "{}"))
			if fixed := v.str("default"); fixed != "" && v.get("enum") != nil && len(v.get("enum").items) == 1 {
				return fixed
			}
			return "*"
		})
		servers = append(servers, serverOf(text))
	}
	return servers
}

// serverOf reads the URL of a server, which may be relative.
func serverOf(text string) Server {
	masked := strings.ReplaceAll(text, "*", "0star0")
	u, err := url.Parse(strings.TrimSpace(masked))
	if err != nil {
		return Server{}
	}
	host := strings.ToLower(u.Host)
	if (u.Scheme == "https" || u.Scheme == "") && strings.HasSuffix(host, ":443") || u.Scheme == "http" && strings.HasSuffix(host, ":80") {
		host = host[:strings.LastIndexByte(host, ':')]
	}
	back := func(s string) string { return strings.ReplaceAll(s, "0star0", "*") }
	return Server{Host: back(host), Base: back(strings.TrimRight(u.Path, "/"))}
}

// inputs reads parameters of a path and of an operation, whose own win.
func (r *reader) inputs(item, op *node, where string) (list []Parameter, open bool) {
	for _, from := range []struct {
		n  *node
		at string
	}{{item.get("parameters"), where + "/../parameters"}, {op.get("parameters"), where + "/parameters"}} {
		if !r.want(from.n, isList, from.at) {
			continue
		}
		for _, each := range from.n.items {
			p, ok := r.parameter(each, from.at)
			if !ok {
				open = open || each.get("$ref") != nil
				continue
			}
			list = slices.DeleteFunc(list, func(old Parameter) bool { return old.In == p.In && old.Name == p.Name })
			list = append(list, p)
		}
	}
	return list, open
}

func (r *reader) parameter(n *node, where string) (Parameter, bool) {
	n = r.follow(n, where)
	if n == nil || !r.want(n, isMap, where) {
		return Parameter{}, false
	}
	p := Parameter{In: n.str("in"), Name: n.str("name"), Required: n.yes("required")}
	if p.Name == "" {
		r.problem(n, where, "expected a parameter with a \"name\"")
		return p, false
	}
	if !slices.Contains([]string{"path", "query", "header", "cookie", "body", "formData"}, p.In) {
		r.problem(n, where, "expected \"in\" to be path, query, header or cookie, found "+quoted(p.In))
		return p, false
	}
	schema := n.get("schema")
	if schema == nil {
		schema = n // Swagger 2.0 has the type beside
	}
	p.Types = r.types(schema, where, 0)
	return p, true
}

func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	return "\"" + short(s) + "\""
}

// body reads the top-level members of a request's body.
func (r *reader) body(o *Operation, body *node, where string) (open bool) {
	content := body.get("content")
	if !r.want(content, isMap, where+"/content") {
		return true
	}
	required := body.yes("required")
	for i, media := range content.names {
		at := pointer(where+"/content", media)
		in := ""
		switch media = strings.ToLower(media); {
		case strings.Contains(media, "json"):
			in = "body"
		case strings.Contains(media, "form"):
			in = "form"
		default:
			open = true
			continue
		}
		members, more := r.members(content.items[i].get("schema"), at+"/schema", 0)
		open = open || more
		for _, m := range members {
			m.In = in
			m.Required = m.Required && required && len(content.names) == 1
			if !slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.In == in && p.Name == m.Name }) {
				o.Parameters = append(o.Parameters, m)
			}
		}
	}
	return open
}

// schemes maps names of security schemes to our words.
func (r *reader) schemes(n *node, where string) map[string]string {
	words := map[string]string{}
	if !r.want(n, isMap, where) {
		return words
	}
	for i, name := range n.names {
		s := r.follow(n.items[i], pointer(where, name))
		words[name] = authWord(s)
	}
	return words
}

func authWord(s *node) string {
	switch s.str("type") {
	case "http":
		return strings.ToLower(s.str("scheme"))
	case "basic":
		return "basic"
	case "apiKey":
		if s.str("in") == "cookie" {
			return "cookie"
		}
		return "api-key"
	case "oauth2", "openIdConnect":
		return "bearer"
	case "mutualTLS":
		return "mtls"
	}
	return "other"
}

// security tells which auth an operation asks for; its own wins over the document's.
func (r *reader) security(own *node, schemes map[string]string) []string {
	if own == nil {
		own = r.root.get("security")
	}
	if own == nil || own.kind != isList {
		return nil
	}
	if len(own.items) == 0 {
		return []string{"none"}
	}
	var words []string
	for _, each := range own.items {
		if each.kind == isMap && len(each.names) == 0 {
			words = append(words, "none")
		}
		for _, name := range each.names {
			if w := schemes[name]; w != "" {
				words = append(words, w)
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}
