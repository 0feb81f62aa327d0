package llm

import (
	"encoding/json"
	"errors"
)

// DecodeJSON reads src through the index, as values of the kinds encoding/json gives. tooLarge: the limits of a
// document were reached.
func DecodeJSON(src []byte) (v any, whole, tooLarge bool) {
	d := parseJSON(src)
	defer d.release()
	return decodeAny(d.root()), d.whole(), errors.Is(d.err, errTooLarge)
}

func decodeAny(v value) any {
	switch v.kind() {
	case kindString:
		return v.text()
	case kindNumber:
		return json.Number(v.json())
	case kindTrue, kindFalse:
		return v.isTrue()
	case kindArray:
		list := []any{}
		for e := range v.items() {
			list = append(list, decodeAny(e))
		}
		return list
	case kindObject:
		m := map[string]any{}
		for k, e := range v.fields() {
			m[string(k)] = decodeAny(e)
		}
		return m
	default:
		return nil
	}
}
