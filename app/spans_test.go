package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"assay/app"
)

// FuzzDetect: whatever is read, every line that can be read has an answer, and every span lies in its text.
func FuzzDetect(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"text":"Grüße 🙂 anna.lindt@example.org 4111 1111 1111 1111"}`, `{"text":"x","role":"assistant"}`, `{"text":"\ud800 \u0000"}`,
		`{"id":{"a":[1]},"text":""}`, "{}\n\n[]\nnull\n{\"text\":1}", `{"text":"DE89370400440532013000` + "\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		told := int64(0)
		sum, err := app.Detect(t.Context(), bytes.NewReader(in), &out, app.DetectOptions{BadLine: func(int64, error) { told++ }})
		if err != nil || told != sum.Bad {
			t.Fatalf("%+v, %d told, %v", sum, told, err)
		}
		answers := json.NewDecoder(&out)
		n := int64(0)
		for line := range strings.Lines(string(in)) {
			var asked struct {
				Text *string `json:"text"`
			}
			if strings.TrimSpace(line) == "" || json.Unmarshal([]byte(line), &asked) != nil || asked.Text == nil {
				continue
			}
			var got app.DetectOut
			if err := answers.Decode(&got); err != nil {
				t.Fatal(err)
			}
			n++
			for _, s := range got.Spans {
				if s.Start < 0 || s.End <= s.Start || s.End > utf8.RuneCountInString(*asked.Text) {
					t.Errorf("span %+v of a text of %d code points", s, utf8.RuneCountInString(*asked.Text))
				}
			}
		}
		if n+sum.Bad != sum.Lines {
			t.Errorf("%d answers and %d bad lines of %d", n, sum.Bad, sum.Lines)
		}
	})
}

// TestDetectLongLine reads a line much longer than any buffer, between two others.
func TestDetectLongLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("nothing to see here. ", 500_000) + "anna.lindt@example.org"
	in := `{"id":"a","text":"x"}` + "\n" + fmt.Sprintf(`{"id":"b","text":%q}`, long) + "\n" + `{"id":"c","text":"y"}`
	var out bytes.Buffer
	sum, err := app.Detect(t.Context(), strings.NewReader(in), &out, app.DetectOptions{Least: 0.5})
	if err != nil || sum.Lines != 3 || sum.Bad != 0 {
		t.Fatalf("%+v, %v", sum, err)
	}
	var ids []string
	for answers := json.NewDecoder(&out); answers.More(); {
		var got app.DetectOut
		if err := answers.Decode(&got); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(got.ID))
		if string(got.ID) == `"b"` && (len(got.Spans) != 1 || got.Spans[0].End != len(long)) {
			t.Errorf("spans %+v", got.Spans)
		}
	}
	if got := strings.Join(ids, ""); got != `"a""b""c"` {
		t.Errorf("answers %s", got)
	}
}

// FuzzReadCustomTypes: a file of types is read or refused with a sentence; what is read can be proven.
func FuzzReadCustomTypes(f *testing.F) {
	for _, seed := range []string{
		`{"name":"A","class":"personal","pattern":"\\bE-\\d{6}\\b","match":["E-123456"],"ignore":["E"]}`,
		`[{"name":"A","keys":"staff","match":["staff=1"]},{"name":"B","list":["x"]}]`, `{"name":"A"} {"name":"B"`, `[`, ``, `{"name":"(","pattern":"("}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		types, err := app.ReadCustomTypes(bytes.NewReader(in), "types.json")
		if (err == nil) != (len(types) > 0) {
			t.Fatalf("%d types, %v", len(types), err)
		}
		for _, one := range types {
			proof := app.ProveCustomType(one)
			if err := app.CheckCustomType(one); (err == nil) != proof.OK() {
				t.Errorf("%+v: %v", proof, err)
			}
		}
	})
}

func TestCellText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "plain": "plain", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "/a=b": "/a=b",
	} {
		if got := app.CellText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
