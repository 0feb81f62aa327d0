package report

import (
	"bytes"
	_ "embed" // report.schema.json
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"unicode"
	"unicode/utf8"
)

//go:embed report.schema.json
var schemaJSON []byte

// JSONSchema is the JSON Schema (2020-12) of what JSON writes, with every field explained.
func JSONSchema() []byte { return bytes.Clone(schemaJSON) }

// JSON writes a document as one JSON object, as JSONSchema describes it, without what belongs to sections that are off. Lists are never null. Characters that a reader
// cannot see, or that turn the text around, stand as escapes; a JSON parser gives them back as they were. Bytes that are no
// UTF-8 become U+FFFD.
func JSON(w io.Writer, d *Document) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", " ")
	if err := enc.Encode(filled(reflect.ValueOf(*d.shown())).Interface()); err != nil {
		return fmt.Errorf("write the report as JSON: %w", err)
	}
	_, err := w.Write(escapeUnseen(out.Bytes()))
	return err
}

// filled copies a value with empty lists and maps where it has none, so that programs which read it need not ask.
func filled(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Struct:
		out.Set(v) // what is not exported, as in a time
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				out.Field(i).Set(filled(v.Field(i)))
			}
		}
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(filled(v.Index(i)))
		}
	case reflect.Map:
		out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
		for k, one := range v.Seq2() {
			out.SetMapIndex(k, filled(one))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(filled(v.Elem()))
		}
	case reflect.Float64:
		out.SetFloat(finite(v.Float()))
	default:
		out.Set(v)
	}
	return out
}

// finite is a number that JSON has: what is none is 0, the ends are the largest there are.
func finite(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, -math.MaxFloat64), math.MaxFloat64)
}

// escapeUnseen writes what cannot be seen in JSON, or turns text around, as \u escapes. Such characters stand in strings only.
func escapeUnseen(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r < utf8.RuneSelf && r != 0x7f || !unseen(r):
			out = append(out, data[:n]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		data = data[n:]
	}
	return out
}

// unseen reports whether a character is a control or format character: none of them can be seen, and some turn the text
// around them (Unicode TR 36).
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r&0xfffe == 0xfffe
}
