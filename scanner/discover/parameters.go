package discover

import (
	"encoding/json"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/paths"
	"assay/scanner/schema"
	"assay/traffic"
)

// Bounds of what is said about parameters.
const (
	maxParameters = 200 // of an endpoint
	maxHeaders    = 64  // of a request that are looked at
)

// record writes parameters as a JSON object, so that they are learned as documents are. Of a name that occurs more than
// once the values are an array.
func record(fields []formField) []byte {
	b := []byte{'{'}
	done := make(map[string]bool, len(fields))
	for i, f := range fields {
		if done[f.name] {
			continue
		}
		done[f.name] = true
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(quoted(b, f.name), ':')
		again := slices.ContainsFunc(fields[i+1:min(len(fields), i+maxHeaders)], func(o formField) bool { return o.name == f.name })
		if !again {
			b = typed(b, f)
			continue
		}
		b = append(b, '[')
		for _, o := range fields[i:] {
			if o.name == f.name {
				b = append(typed(b, o), ',')
			}
		}
		b[len(b)-1] = ']'
	}
	return append(b, '}')
}

func quoted(b []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		return append(b, `""`...)
	}
	return append(b, text...)
}

// typed writes a value as what it reads as: an integer, a number, a boolean, a text.
func typed(b []byte, f formField) []byte {
	v := f.value
	switch {
	case f.file:
		return append(b, `""`...) // what is in it is its own
	case v == "true", v == "false", plainNumber(v):
		return append(b, v...)
	}
	return quoted(b, v)
}

// plainNumber reports whether a text is a number as JSON writes it, and no phone number or code with zeros in front.
func plainNumber(v string) bool {
	digits := strings.TrimPrefix(v, "-")
	whole, fraction, dot := strings.Cut(digits, ".")
	if len(v) > 15 || whole == "" || dot && fraction == "" || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	return strings.Trim(whole+fraction, "0123456789") == ""
}

// pathFields are the values of a template's parameters in a path.
func pathFields(template, path string) []formField {
	if !strings.Contains(template, "{") {
		return nil
	}
	names, values := paths.Split(template), paths.Split(path)
	if len(names) != len(values) {
		return nil
	}
	var fields []formField
	for i, name := range names {
		if called, verb, ok := strings.Cut(strings.TrimPrefix(name, "{"), "}"); ok && name[0] == '{' {
			fields = append(fields, formField{name: called, value: unescapedPath(strings.TrimSuffix(values[i], verb))})
		}
	}
	return fields
}

func unescapedPath(s string) string { return unescaped(strings.ReplaceAll(s, "+", "%2B")) }

// headerFields are the headers that belong to the API and not to transport, browsers and SDKs.
func headerFields(h traffic.Header) []formField {
	var fields []formField
	for i := range h {
		if name := strings.ToLower(h[i].Name); telling(name) {
			fields = append(fields, formField{name: name, value: h[i].Value})
			if len(fields) == maxHeaders {
				break
			}
		}
	}
	return fields
}

var parameterHeaders = map[string]bool{
	"content-type": true, "accept": true, "prefer": true, "range": true, "if-match": true, "if-none-match": true, "idempotency-key": true,
	"mcp-session-id": true, "mcp-protocol-version": true, "api-key": true, "soapaction": true,
}

var noise = []string{"x-forwarded-", "x-real-ip", "x-request-id", "x-correlation-id", "x-amzn-trace", "x-b3-", "x-stainless-", "x-datadog-", "x-cloud-trace"}

func telling(name string) bool {
	if parameterHeaders[name] || strings.HasSuffix(name, "-version") || strings.HasSuffix(name, "-beta") {
		return true
	}
	return strings.HasPrefix(name, "x-") && !slices.ContainsFunc(noise, func(p string) bool { return strings.HasPrefix(name, p) })
}

// cookieFields are the cookies of a request, without their values.
func cookieFields(h traffic.Header) []formField {
	var fields []formField
	for _, line := range h.Values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			name, _, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if ok && name != "" && len(fields) < maxHeaders {
				fields = append(fields, formField{name: name})
			}
		}
	}
	return fields
}

// parameterSides are the sides that are inputs, and what they are called.
var parameterSides = []struct {
	side Side
	in   string
}{
	{SidePath, "path"},
	{SideQuery, "query"},
	{SideHeader, "header"},
	{SideCookie, "cookie"},
	{SideForm, "form"},
	{SideParams, "body"},
	{SideRequest, "body"},
}

// parameters lists the inputs of an endpoint. cut says that there are more, or that bodies were too large or too deep to
// look into as a whole.
func (s *shapes) parameters() (list []scanner.Parameter, cut bool) {
	for _, shape := range s.list {
		cut = cut || shape.Skipped > 0 || shape.Schema.Partly()
	}
	for _, each := range parameterSides {
		for _, shape := range s.list {
			if shape.Side != each.side {
				continue
			}
			list = append(list, parametersOf(shape, each.in, s.n)...)
			cut = cut || shape.Schema.Cut
		}
	}
	if len(list) > maxParameters {
		return list[:maxParameters], true
	}
	return list, cut
}

// parametersOf lists the members of one side; those of variants together.
func parametersOf(shape *Shape, in string, exchanges int64) (list []scanner.Parameter) {
	parts := []*schema.Schema{shape.Schema}
	for _, variant := range shape.Schema.Variants {
		parts = append(parts, variant)
	}
	at := map[string]int{}
	for _, part := range parts {
		for _, name := range part.Order {
			f := part.Members[name]
			i, have := at[name]
			if !have {
				i = len(list)
				at[name] = i
				list = append(list, scanner.Parameter{In: in, Name: short(name)})
			}
			list[i].N += f.Present
			list[i].Types = wordUnion(list[i].Types, typesOf(&f.Schema))
			list[i].Values = wordUnion(list[i].Values, f.Enum())
		}
	}
	for i := range list {
		if in == "path" && exchanges > 0 {
			list[i].N = exchanges // there is no path without it
		}
		list[i].Optional = list[i].N < exchanges
	}
	if len(parts) > 1 { // variants come in no order
		slices.SortFunc(list, func(a, b scanner.Parameter) int { return strings.Compare(a.Name, b.Name) })
	}
	return list
}

func typesOf(s *schema.Schema) []string {
	types := s.Types()
	if f := s.Format(); f != "" {
		types[slices.Index(types, "string")] = f
	}
	return types
}

// wordUnion adds words to a list, sorted.
func wordUnion(list, words []string) []string {
	for _, w := range words {
		if at, have := slices.BinarySearch(list, w); !have {
			list = slices.Insert(list, at, w)
		}
	}
	return list
}
