package schema

// JSON returns the shape as JSON Schema 2020-12, ready for encoding/json.
func (s *Schema) JSON() map[string]any {
	if s.Count == 0 || s.Deep && len(s.Types()) == 0 {
		return map[string]any{}
	}
	if s.Objects > 0 && s.Variants != nil && len(s.Variants) > 1 {
		return s.union()
	}
	out := map[string]any{}
	types := s.Types()
	if s.Deep {
		return out // what is below was not looked at, so nothing is said
	}
	if len(types) == 1 {
		out["type"] = types[0]
	} else {
		out["type"] = types
	}
	if s.Strings > 0 && len(types) == 1 {
		if enum := s.Enum(); enum != nil {
			out["enum"] = enum
		} else if f := s.Format(); f != "" {
			out["format"] = f
		}
	}
	if s.Arrays > 0 && s.Items != nil {
		out["items"] = s.Items.JSON()
	}
	if s.Objects > 0 {
		s.members(out)
	}
	return out
}

func (s *Schema) members(out map[string]any) {
	shape := s
	for _, only := range s.Variants { // one variant is none
		shape = only
	}
	if shape.Values != nil {
		out["additionalProperties"] = shape.Values.JSON()
		return
	}
	properties := map[string]any{}
	required := []string{}
	for _, name := range shape.Order {
		properties[name] = shape.Members[name].JSON()
		if !shape.Optional(name) {
			required = append(required, name)
		}
	}
	out["properties"] = properties
	if len(required) > 0 {
		out["required"] = required
	}
}

// union writes variants as anyOf with the tag as constant, beside the types that are no objects.
func (s *Schema) union() map[string]any {
	var all []any
	rest := *s
	rest.Objects, rest.Variants = 0, nil
	if len(rest.Types()) > 0 {
		all = append(all, rest.JSON())
	}
	for _, name := range sorted(s.Variants) {
		v := s.Variants[name].JSON()
		if properties, ok := v["properties"].(map[string]any); ok {
			properties[s.Tag] = map[string]any{"const": name}
		}
		all = append(all, v)
	}
	return map[string]any{"anyOf": all}
}
