package apidoc

import (
	"slices"
)

// mostSchema is how deep combined schemas are looked through.
const mostSchema = 12

// types lists the JSON types a schema allows; none: any.
func (r *reader) types(schema *node, where string, depth int) []string {
	if depth > mostSchema {
		return nil
	}
	if schema.get("$ref") != nil {
		schema = r.follow(schema, where)
	}
	if schema == nil || schema.kind != isMap {
		return nil
	}
	var list []string
	switch t := schema.get("type"); {
	case t == nil:
		list = r.impliedTypes(schema, where, depth)
	case t.kind == isText:
		list = []string{t.text}
	case t.kind == isList:
		for _, each := range t.items {
			list = append(list, each.text)
		}
	default:
		r.problem(t, where+"/type", "expected a text or a list, found "+kindNames[t.kind])
	}
	if schema.yes("nullable") && len(list) > 0 {
		list = append(list, "null")
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// impliedTypes are those of a schema that has none of its own.
func (r *reader) impliedTypes(schema *node, where string, depth int) []string {
	if schema.get("properties") != nil {
		return []string{"object"}
	}
	if schema.get("items") != nil {
		return []string{"array"}
	}
	var list []string
	for _, word := range []string{"oneOf", "anyOf"} {
		if any := schema.get(word); any != nil {
			for _, each := range any.items {
				one := r.types(each, where+"/"+word, depth+1)
				if len(one) == 0 {
					return nil
				}
				list = append(list, one...)
			}
		}
	}
	if all := schema.get("allOf"); all != nil {
		for _, each := range all.items {
			if one := r.types(each, where+"/allOf", depth+1); len(one) > 0 {
				return one
			}
		}
	}
	return list
}

// members lists the members of an object's schema. open: there may be others.
func (r *reader) members(schema *node, where string, depth int) (list []Parameter, open bool) {
	if depth > mostSchema {
		return nil, true
	}
	if schema.get("$ref") != nil {
		schema = r.follow(schema, where)
	}
	if schema == nil || schema.kind != isMap {
		return nil, true
	}
	required := schema.get("required")
	properties := schema.get("properties")
	if r.want(properties, isMap, where+"/properties") {
		for i, name := range properties.names {
			p := Parameter{In: "body", Name: name, Types: r.types(properties.items[i], pointer(where+"/properties", name), 0)}
			if required != nil && required.kind == isList {
				p.Required = slices.ContainsFunc(required.items, func(n *node) bool { return n.text == name })
			}
			list = append(list, p)
		}
	}
	for _, word := range []string{"allOf", "oneOf", "anyOf"} {
		parts := schema.get(word)
		if !r.want(parts, isList, where+"/"+word) {
			continue
		}
		for _, part := range parts.items {
			more, opens := r.members(part, where+"/"+word, depth+1)
			open = open || opens
			for _, m := range more {
				m.Required = m.Required && word == "allOf"
				if !slices.ContainsFunc(list, func(p Parameter) bool { return p.Name == m.Name }) {
					list = append(list, m)
				}
			}
		}
	}
	if extra := schema.get("additionalProperties"); extra != nil && (extra.kind == isMap || extra.text == "true") {
		open = true
	}
	return list, open || len(list) == 0
}
