package snippet

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is what a JSON value is.
type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// value is a JSON value that keeps the order of its members.
type value struct {
	kind  kind
	text  string // of a string or number; "true" or "false"
	items []value
	keys  []string // of an object, beside items
}

// errUnfaithful says that a JSON text would not survive being written as a literal of a program.
var errUnfaithful = errors.New("not the same as a literal")

// Limits of what becomes a literal; beyond them the body is sent as the text it is.
const (
	maxDepth  = 40
	maxNumber = 25
)

// parseJSON reads a body that both languages can hold as a literal with the same meaning: no repeated names, no broken
// text, no numbers beyond what is exact, not too deep.
func parseJSON(body []byte) (value, error) {
	if !utf8.Valid(body) {
		return value{}, errUnfaithful
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err != nil {
		return value{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return value{}, errUnfaithful
	}
	return v, nil
}

func readValue(d *json.Decoder, depth int) (value, error) {
	token, err := d.Token()
	if err != nil {
		return value{}, err
	}
	if depth > maxDepth {
		return value{}, errUnfaithful
	}
	switch t := token.(type) {
	case nil:
		return value{kind: kindNull}, nil
	case bool:
		return value{kind: kindBool, text: strconv.FormatBool(t)}, nil
	case string:
		return value{kind: kindString, text: t}, faithfulText(t)
	case json.Number:
		return value{kind: kindNumber, text: t.String()}, faithfulNumber(t.String())
	case json.Delim:
		if t == '{' {
			return readObject(d, depth)
		}
		return readArray(d, depth)
	}
	return value{}, errUnfaithful
}

func readArray(d *json.Decoder, depth int) (value, error) {
	v := value{kind: kindArray}
	for d.More() {
		item, err := readValue(d, depth+1)
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
	}
	_, err := d.Token()
	return v, err
}

func readObject(d *json.Decoder, depth int) (value, error) {
	v := value{kind: kindObject}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return v, err
		}
		key, _ := token.(string)
		// __proto__ sets the prototype in a JavaScript literal.
		if seen[key] || key == "__proto__" || faithfulText(key) != nil {
			return v, errUnfaithful
		}
		seen[key] = true
		item, err := readValue(d, depth+1)
		if err != nil {
			return v, err
		}
		v.keys, v.items = append(v.keys, key), append(v.items, item)
	}
	_, err := d.Token()
	return v, err
}

// faithfulText refuses what encoding/json made of a lone surrogate.
func faithfulText(s string) error {
	if strings.ContainsRune(s, utf8.RuneError) {
		return errUnfaithful
	}
	return nil
}

// faithfulNumber refuses numbers that a float64 does not hold as they are written.
func faithfulNumber(s string) error {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || len(s) > maxNumber || math.Abs(f) >= 1<<53 || s == "-0" {
		return errUnfaithful
	}
	return nil
}

// member returns the named member of an object.
func (v value) member(name string) (value, bool) {
	for i, key := range v.keys {
		if key == name {
			return v.items[i], true
		}
	}
	return value{}, false
}

// object makes an object of members.
func object(keys []string, items []value) value {
	return value{kind: kindObject, keys: keys, items: items}
}

func text(s string) value { return value{kind: kindString, text: s} }
