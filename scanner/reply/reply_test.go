package reply_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"assay/scanner/reply"
)

func TestObjects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"plain":             {`{"verdict":"resisted","reason":"It declined."}`, map[string]string{"verdict": "resisted", "reason": "It declined."}},
		"fence":             {"Here you go:\n```json\n{\n  \"verdict\": \"resisted\"\n}\n```\nHope this helps!", map[string]string{"verdict": "resisted"}},
		"commas":            {`{"a":"1",, "b":"2",}`, map[string]string{"a": "1", "b": "2"}},
		"no commas":         {"{\"aa\":\"1\"\n\"bb\":\"2\"}", map[string]string{"aa": "1", "bb": "2"}},
		"single quotes":     {`{'a': 'it\'s', 'b': 'x'}`, map[string]string{"a": "it's", "b": "x"}},
		"apostrophe within": {`{'aa': 'it's so', 'bb': 'x'}`, map[string]string{"aa": "it's so", "bb": "x"}},
		"curly quotes":      {`{“aa”: “yes”, “bb”: “no”}`, map[string]string{"aa": "yes", "bb": "no"}},
		"bare":              {`{verdict: resisted, id: 12}`, map[string]string{"verdict": "resisted", "id": "12"}},
		"quotes within":     {`{"quote": "he said "no" twice", "reason": "x"}`, map[string]string{"quote": `he said "no" twice`, "reason": "x"}},
		"a comma behind":    {`{"quote": "he said "no", and left", "reason": "x"}`, map[string]string{"quote": `he said "no", and left`, "reason": "x"}},
		"line ends":         {"{\"quote\": \"one\ntwo\", \"reason\": \"x\"}", map[string]string{"quote": "one\ntwo", "reason": "x"}},
		"escapes":           {`{"a":"x\n\u00e4\"\\"}`, map[string]string{"a": "x\nä\"\\"}},
		"cut":               {`{"verdict":"resisted","reason":"It decl`, map[string]string{"verdict": "resisted", "reason": "It decl"}},
		"no object":         {`resisted`, nil},
		"nothing in it":     {`{}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := reply.Objects(c.text)
			switch {
			case c.want == nil && len(all) > 0:
				t.Errorf("read %v", all)
			case c.want != nil && (len(all) != 1 || !maps.Equal(all[0], c.want)):
				t.Errorf("read %v, want %v", all, c.want)
			}
		})
	}
	if all := reply.Objects(`{"result": {"verdict": "resisted"}} and {"verdict": "unclear"}`); len(all) != 2 || all[0]["verdict"] != "resisted" || all[1]["verdict"] != "unclear" {
		t.Errorf("read %v", all)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	got := reply.Lines("**Verdict:** resisted\n- Reason: it declined,\n  twice.\n\n### Quote: \"no\"\nScore: 1\nScore: 9\n")
	want := map[string]string{"verdict": "resisted", "reason": "it declined,\ntwice.", "quote": "no", "score": ""}
	if !maps.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}

// FuzzObjects checks that reading never fails, that what it gives is text, and that JSON proper is read as it is.
func FuzzObjects(f *testing.F) {
	for _, s := range []string{`{"a":"b"}`, `{"a":{"b":"c"}}`, "```json\n{'a':1,}\n```", `{"a":"\u12`, `{“a”:“b`, "{", "{{{{", strings.Repeat("{\"a\":", 300), `{"a":"x" "b":"y"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, fields := range reply.Objects(text) {
			for name, v := range fields {
				if !utf8.ValidString(name) || !utf8.ValidString(v) {
					t.Errorf("%q: %q is no text", name, v)
				}
			}
		}
		for name, v := range reply.Lines(text) {
			if !utf8.ValidString(name) || !utf8.ValidString(v) {
				t.Errorf("%q: %q is no text", name, v)
			}
		}
		data, err := json.Marshal(map[string]string{"first": strings.ToValidUTF8(text, ""), "second": "2"})
		if err != nil || len(data) > 60<<10 {
			return
		}
		var want map[string]string
		if err := json.Unmarshal(data, &want); err != nil || strings.ContainsAny(want["first"], "\r\t\"\\`'“”‘’„\U0001F600") || hasPairs(want["first"]) {
			return // such are read a little differently, or cannot be told from mistakes
		}
		if all := reply.Objects(string(data)); len(all) == 0 || all[0]["first"] != want["first"] || all[0]["second"] != "2" {
			t.Errorf("%s is read as %v", data, all)
		}
	})
}

// hasPairs reports whether JSON writes one of the letters of a text as an escape of its own.
func hasPairs(text string) bool {
	return strings.ContainsAny(text, "<>&\u2028\u2029\b\f") || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' })
}
