package apidoc

import (
	"regexp"
	"strconv"
	"strings"
)

// maxFolders is how deep folders of a collection may be nested.
const maxFolders = 50

// postman reads a collection of format 2.0 or 2.1. Variables that the collection defines are put in; a path segment
// that is :name or {{name}} is a parameter.
func (r *reader) postman() error {
	if inner := r.root.get("collection"); inner != nil && inner.get("item") != nil {
		r.root = inner
	}
	info := r.root.get("info")
	form := "Postman 2"
	if schema := info.str("schema"); strings.Contains(schema, "v2.1") {
		form = "Postman 2.1"
	}
	r.doc.Form, r.doc.Title = form, short(info.str("name"))
	r.folder(r.root, "", postmanVariables(r.root, nil), 0)
	return nil
}

func postmanVariables(n *node, outer map[string]string) map[string]string {
	list := n.get("variable")
	if list == nil || list.kind != isList {
		return outer
	}
	vars := map[string]string{}
	for k, v := range outer {
		vars[k] = v
	}
	for _, each := range list.items {
		name := each.str("key")
		if name == "" {
			name = each.str("id")
		}
		vars[name] = each.str("value")
	}
	return vars
}

func (r *reader) folder(n *node, where string, vars map[string]string, depth int) {
	items := n.get("item")
	if !r.want(items, isList, where+"/item") {
		return
	}
	if depth > maxFolders {
		r.problem(items, where+"/item", "folders are nested deeper than 50")
		return
	}
	for i, each := range items.items {
		at := where + "/item/" + strconv.Itoa(i)
		switch {
		case !r.want(each, isMap, at):
		case each.get("item") != nil:
			r.folder(each, at, postmanVariables(each, vars), depth+1)
		case each.get("request") != nil:
			r.request(each, at, vars)
		default:
			r.problem(each, at, "expected a folder with \"item\" or a \"request\"")
		}
	}
}

func (r *reader) request(n *node, where string, vars map[string]string) {
	request := n.get("request")
	target, method := "", "GET"
	if request.kind == isText {
		target = request.text
	} else if !r.want(request, isMap, where+"/request") {
		return
	} else {
		if m := request.str("method"); m != "" {
			method = strings.ToUpper(m)
		}
		switch u := request.get("url"); {
		case u == nil:
			r.problem(request, where+"/request/url", "expected a URL, found nothing")
			return
		case u.kind == isText:
			target = u.text
		case u.kind == isMap:
			target = rawURL(u)
		default:
			r.problem(u, where+"/request/url", "expected a text or an object, found "+kindNames[u.kind])
			return
		}
	}
	target = fill(target, vars)
	server, path, query := splitTarget(target)
	o := Operation{Summary: n.str("name"), Method: method, Path: path, Servers: []Server{server}, Open: true}
	for _, name := range parameterNames(path) {
		o.Parameters = append(o.Parameters, Parameter{In: "path", Name: name, Required: true})
	}
	for pair := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(pair, "="); name != "" {
			o.Parameters = append(o.Parameters, Parameter{In: "query", Name: name})
		}
	}
	r.postmanBody(&o, request.get("body"))
	r.add(o)
}

// rawURL puts a URL together where "raw" is missing.
func rawURL(u *node) string {
	if raw := u.str("raw"); raw != "" {
		return raw
	}
	join := func(n *node, sep string) string {
		if n == nil || n.kind == isText {
			if n == nil {
				return ""
			}
			return n.text
		}
		var parts []string
		for _, each := range n.items {
			if each.kind == isMap {
				parts = append(parts, each.str("value"))
			} else {
				parts = append(parts, each.text)
			}
		}
		return strings.Join(parts, sep)
	}
	protocol := u.str("protocol")
	if protocol == "" {
		protocol = "https"
	}
	return protocol + "://" + join(u.get("host"), ".") + "/" + strings.TrimPrefix(join(u.get("path"), "/"), "/")
}

var placeholder = regexp.MustCompile(`\{\{([^{}]*)\}\}`)

// fill puts variables in, one after the other; those that are not defined stay.
func fill(text string, vars map[string]string) string {
	for range 5 {
		next := placeholder.ReplaceAllStringFunc(text, func(p string) string {
			if v, ok := vars[strings.Trim(p, "{} ")]; ok && v != "" && len(v) < 2000 {
				return v
			}
			return p
		})
		if next == text || len(next) > 8000 {
			break
		}
		text = next
	}
	return text
}

// splitTarget takes the URL of a request apart. Its path becomes a template; a host that is a variable is not known.
func splitTarget(target string) (s Server, path, query string) {
	target, _, _ = strings.Cut(target, "#")
	target, query, _ = strings.Cut(target, "?")
	rest := target
	if _, after, ok := strings.Cut(target, "://"); ok {
		rest = after
	}
	host, path, _ := strings.Cut(rest, "/")
	if !strings.Contains(host, "{{") {
		s = serverOf("https://" + host)
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if name, ok := strings.CutPrefix(segment, ":"); ok && name != "" {
			segments[i] = "{" + name + "}"
			continue
		}
		segments[i] = placeholder.ReplaceAllString(segment, "{$1}")
	}
	return s, "/" + strings.Join(segments, "/"), query
}

func parameterNames(path string) []string {
	var names []string
	for _, m := range variable.FindAllStringSubmatch(path, -1) {
		names = append(names, m[1])
	}
	return names
}

func (r *reader) postmanBody(o *Operation, body *node) {
	in, list := "", (*node)(nil)
	switch body.str("mode") {
	case "urlencoded", "formdata":
		in, list = "form", body.get(body.str("mode"))
	case "raw":
		if inner, err := parseJSON([]byte(body.str("raw"))); err == nil && inner.kind == isMap {
			for i, name := range inner.names {
				o.Parameters = append(o.Parameters, Parameter{In: "body", Name: name, Types: jsonType(inner.items[i])})
			}
		}
		return
	default:
		return
	}
	if list == nil || list.kind != isList {
		return
	}
	for _, each := range list.items {
		if name := each.str("key"); name != "" {
			o.Parameters = append(o.Parameters, Parameter{In: in, Name: name})
		}
	}
}

func jsonType(n *node) []string {
	switch n.kind {
	case isText:
		return []string{"string"}
	case isNumber:
		return []string{"number"}
	case isBool:
		return []string{"boolean"}
	case isList:
		return []string{"array"}
	case isMap:
		return []string{"object"}
	case isNull:
	}
	return nil
}
