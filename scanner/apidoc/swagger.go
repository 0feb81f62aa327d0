package apidoc

import (
	"strings"
)

// swagger reads Swagger 2.0.
func (r *reader) swagger() error {
	version := r.root.get("swagger")
	r.doc.Form = "Swagger " + short(version.text)
	if !strings.HasPrefix(version.text, "2") {
		return &Problem{Line: version.line, Column: version.col, Where: "/swagger", What: "expected version 2.0, found " + short(version.text)}
	}
	r.info()
	r.doc.Servers = []Server{r.swaggerServer()}
	schemes := r.schemes(r.root.get("securityDefinitions"), "/securityDefinitions")
	r.paths(func(item, op *node, where, method, path string) {
		o := r.operation(op, where, method, path)
		var inputs []Parameter
		inputs, o.Open = r.inputs(item, op, where)
		for _, p := range inputs {
			switch p.In {
			case "formData":
				p.In = "form"
			case "body":
				open := r.swaggerBody(&o, item, op, where, p)
				o.Open = o.Open || open
				continue
			}
			o.Parameters = append(o.Parameters, p)
		}
		o.Auth = r.security(op.get("security"), schemes)
		r.add(o)
	})
	return nil
}

func (r *reader) swaggerServer() Server {
	host, base := r.root.get("host"), r.root.get("basePath")
	s := Server{}
	if r.want(base, isText, "/basePath") {
		s.Base = strings.TrimRight(base.text, "/")
		if s.Base != "" && !strings.HasPrefix(s.Base, "/") {
			s.Base = "/" + s.Base
		}
	}
	if r.want(host, isText, "/host") {
		s.Host = serverOf("https://" + host.text).Host
	}
	return s
}

// swaggerBody reads the members of the body parameter of that name.
func (r *reader) swaggerBody(o *Operation, item, op *node, where string, p Parameter) (open bool) {
	for _, list := range []*node{op.get("parameters"), item.get("parameters")} {
		if list == nil || list.kind != isList {
			continue
		}
		for _, each := range list.items {
			each = r.follow(each, where+"/parameters")
			if each.str("in") != "body" || each.str("name") != p.Name {
				continue
			}
			members, more := r.members(each.get("schema"), where+"/parameters/schema", 0)
			for _, m := range members {
				m.Required = m.Required && p.Required
				o.Parameters = append(o.Parameters, m)
			}
			return more
		}
	}
	return true
}
