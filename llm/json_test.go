package llm_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"assay/llm"
)

func TestJSONCutOff(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		``:                                `null`,
		`{"a":1,"b":[tru`:                 `{"a":1,"b":[]}`,
		`{"a":1,"b`:                       `{"a":1}`,
		`{"a":1,"b":`:                     `{"a":1}`,
		`{"a":"hel`:                       `{"a":"hel"}`,
		`{"a":"hel\`:                      `{"a":"hel"}`,
		`{"a":"hel\u00`:                   `{"a":"hel"}`,
		`{"a":"hel\ud83d`:                 `{"a":"hel"}`,
		`{"a":"hel\ud83d\ude`:             `{"a":"hel"}`,
		`{"a":"hel\\`:                     `{"a":"hel\\"}`,
		"{\"a\":\"h\xc3":                  `{"a":"h"}`,
		`[1,12`:                           `[1]`,
		`[[{"x":{"y":[`:                   `[[{"x":{"y":[]}}]]`,
		`{"a":1}{"b":2}`:                  `{"a":1}`,
		`{"a":1,}`:                        `{"a":1}`,
		`no`:                              `null`,
		"\ufeff{\"a\":1}":                 `{"a":1}`,
		`{"a":{"b":1},"a":{"b":2}}`:       `{"a":{"b":2}}`,
		"{\"a\\u0062\":\"\\/\\b\\f\\q\"}": `{"ab":"/\b\fq"}`,
	}
	for src, want := range tests {
		got, _, _ := llm.DecodeJSON([]byte(src))
		if diff := cmp.Diff(decodeStd(t, []byte(want)), got); diff != "" {
			t.Errorf("%s: want - got +:\n%s", src, diff)
		}
	}
}

func decodeStd(t *testing.T, src []byte) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// FuzzJSON compares the index with encoding/json on everything that accepts.
func FuzzJSON(f *testing.F) {
	for _, list := range specimens(f) {
		for _, s := range list {
			f.Add(s.in.RequestBody)
			f.Add(s.in.ResponseBody)
		}
	}
	f.Add([]byte(`{"a":"\ud83d\ude00\ud83d\\\"","b":[1e5,-0.1,null,true,[],{}]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		got, whole, tooLarge := llm.DecodeJSON(src)
		if tooLarge || !utf8.Valid(src) || !json.Valid(src) {
			return
		}
		if !whole {
			t.Fatal("valid JSON was not read to its end")
		}
		if diff := cmp.Diff(decodeStd(t, src), got); diff != "" {
			t.Errorf("encoding/json - index +:\n%s", diff)
		}
	})
}
