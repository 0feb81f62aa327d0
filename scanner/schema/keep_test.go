package schema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"assay/scanner/schema"
)

// TestKeptShapesKnowTheSame and go on learning the same way.
func TestKeptShapesKnowTheSame(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		documents := make([]string, 2+r.IntN(12))
		for i := range documents {
			data, err := json.Marshal(random(r, 0))
			if err != nil {
				t.Fatal(err)
			}
			documents[i] = string(data)
		}
		half := len(documents) / 2
		data, err := learn(t, documents[:half]...).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var s schema.Schema
		if err := s.UnmarshalBinary(data); err != nil {
			t.Fatal(err)
		}
		for _, d := range documents[half:] {
			if err := s.Add([]byte(d)); err != nil {
				t.Fatal(err)
			}
		}
		if want, got := text(t, learn(t, documents...)), text(t, &s); got != want {
			t.Fatalf("seed %d: got %s\nwant %s", seed, got, want)
		}
		validate(t, seed, &s, documents)
	}
}

// TestChangedTells: a shape that is said to be as before is written as before.
func TestChangedTells(t *testing.T) {
	t.Parallel()
	quiet := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 4))
		var s schema.Schema
		for range 30 {
			data, err := json.Marshal(random(r, 1))
			if err != nil {
				t.Fatal(err)
			}
			d, err := schema.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			before := text(t, &s)
			if s.AddValue(d.Root(), nil) {
				continue
			}
			quiet++
			if after := text(t, &s); after != before && !strings.Contains(after, `"enum"`) && !strings.Contains(before, `"enum"`) {
				t.Fatalf("seed %d: was %s\nis %s", seed, before, after)
			}
		}
	}
	if quiet == 0 {
		t.Error("every document changed its shape, so this proves nothing")
	}
}

func TestParseAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, d := range []string{
		`{}`, `[]`, `[1,]`, `{"a":1,}`, `[1 2]`, `{"a" 1}`, `01`, `-`, `-0`, `1.`, `1.e1`, `1e`, `1E+2`, `"\u12g4"`, `"\x"`, "\"\n\"", `"a`, `nul`,
		`true `, ` null`, `[[]]]`, `{"a":{"b":[{}]}}`, `{1:2}`, "\"\xff\"", `""`, "[\"\\ud800\"]", "\xef\xbb\xbf{}", `[`, `{"`, `]`, `}`,
	} {
		if _, err := schema.Parse([]byte(d)); (err == nil) != json.Valid([]byte(d)) {
			t.Errorf("%q: %v, encoding/json says %v", d, err, json.Valid([]byte(d)))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a":[1,"x\u00e9",null,{"a":true,"a":-1.5e3}]}`))
	f.Add([]byte(`[1,]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := schema.Parse(data)
		if errors.Is(err, schema.ErrLarge) {
			return
		}
		if (err == nil) != json.Valid(data) {
			t.Fatalf("%q: %v", data, err)
		}
		if err != nil {
			return
		}
		var list []any
		if json.Unmarshal(data, &list) == nil && list != nil && len(slices.Collect(d.Root().Items())) != len(list) {
			t.Fatalf("%q: not %d items", data, len(list))
		}
		var object map[string]any
		if json.Unmarshal(data, &object) == nil {
			for name, v := range object {
				if s, ok := v.(string); ok && d.Root().Get(name).Text() != s {
					t.Fatalf("%q: %q is %q", data, name, d.Root().Get(name).Text())
				}
			}
		}
	})
}

func FuzzUnmarshal(f *testing.F) {
	s := schema.Schema{}
	_ = s.Add([]byte(`{"type":"a","x":[1,{"role":"u"}],"m":{"1":1}}`))
	data, _ := s.MarshalBinary()
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var s schema.Schema
		if s.UnmarshalBinary(data) != nil {
			return
		}
		_ = s.Add([]byte(`{"type":"b","x":[1,{"role":"u"}]}`))
		_, _ = json.Marshal(s.JSON())
		again, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if err := new(schema.Schema).UnmarshalBinary(again); err != nil && len(again) < 1<<16 {
			t.Fatal("what was written cannot be read:", err)
		}
	})
}

// TestHostileShapes cost a bounded amount.
func TestHostileShapes(t *testing.T) {
	t.Parallel()
	var s schema.Schema
	for i := range 200 {
		var b strings.Builder
		for j := range 300 {
			fmt.Fprintf(&b, `,"%s":{"%s":[{"x":%d}]}`, name(i*300+j), name(j), j)
		}
		if err := s.Add([]byte("{" + b.String()[1:] + "}")); err != nil {
			t.Fatal(err)
		}
	}
	data, err := s.MarshalBinary()
	if err != nil || len(data) > 1<<20 || !s.Cut {
		t.Errorf("%d bytes, cut %v, %v", len(data), s.Cut, err)
	}
	if err := new(schema.Schema).UnmarshalBinary(data); err != nil {
		t.Error(err)
	}
	if err := s.Add(bytes.Repeat([]byte("[1,2],"), 8<<20)); !errors.Is(err, schema.ErrLarge) {
		t.Errorf("48 MB: %v", err)
	}
	if err := s.Add([]byte("[" + strings.Repeat("1,", 2<<20) + "1]")); !errors.Is(err, schema.ErrLarge) {
		t.Errorf("many values: %v", err)
	}
	if err := s.Add([]byte(strings.Repeat("[", 1<<20))); err == nil {
		t.Error("a million levels went through")
	}
}

// TestMergedShapesAreBounded: what is too large to keep says nothing instead of something wrong.
func TestMergedShapesAreBounded(t *testing.T) {
	t.Parallel()
	var all schema.Schema
	for i := range 24 {
		var b strings.Builder
		for j := range 390 {
			fmt.Fprintf(&b, `,"%s":{"%s":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8}`, name(j), name(i*1000+j))
		}
		var s schema.Schema
		if err := s.Add([]byte("{" + b.String()[1:] + "}")); err != nil {
			t.Fatal(err)
		}
		all.Merge(&s)
	}
	all.Bound()
	data, err := all.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var again schema.Schema
	if err := again.UnmarshalBinary(data); err != nil {
		t.Error(err)
	}
	if all.Count != 24 || text(t, &all) != "{}" {
		t.Errorf("%d documents, %.80s", all.Count, text(t, &all))
	}
}

func name(i int) string {
	b := []byte{'n'}
	for ; i > 0; i /= 26 {
		b = append(b, byte('a'+i%26))
	}
	return string(b)
}

func TestWhatIsNew(t *testing.T) {
	t.Parallel()
	var s schema.Schema
	for i := range 5 {
		if err := s.Add(fmt.Appendf(nil, `{"a":{"n":%d},"list":[{"k":"v"}]}`, i)); err != nil {
			t.Fatal(err)
		}
	}
	d, err := schema.Parse([]byte(`{"a":{"n":"x","n/w":1.5},"list":[{"k":true}],"b":null}`))
	if err != nil {
		t.Fatal(err)
	}
	w := &schema.Watch{After: 5, Most: 3}
	s.AddValue(d.Root(), w)
	want := []schema.News{{Path: "/a/n", Type: "string"}, {Path: "/a/n~1w", Type: "number", New: true}, {Path: "/list/*/k", Type: "boolean"}}
	if !slices.Equal(w.News, want) {
		t.Errorf("got %+v", w.News)
	}
	w = &schema.Watch{After: 100, Most: 3}
	if s.AddValue(d.Root(), w); len(w.News) > 0 {
		t.Errorf("hardly known, and news: %+v", w.News)
	}
}

// TestSecretsAreNoChoices: what is kept of texts is what programs choose from.
func TestSecretsAreNoChoices(t *testing.T) {
	t.Parallel()
	s := learn(t, slices.Repeat([]string{`{"role":"user","password":"hunter","who":"ada@mail.example","id":"7f3a9c01d2e84b56"}`}, 8)...)
	data, _ := s.MarshalBinary()
	for _, secret := range []string{"hunter", "ada@mail", "7f3a9c"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s was kept", secret)
		}
	}
	if !bytes.Contains(data, []byte("user")) {
		t.Error("no choices were kept")
	}
}

func BenchmarkAdd(b *testing.B) {
	var doc strings.Builder
	doc.WriteString(`{"model":"m-1","messages":[`)
	for i := range 40 {
		fmt.Fprintf(&doc, `{"role":"user","content":[{"type":"text","text":"%s"}]},`, strings.Repeat("words of somebody ", 20+i))
	}
	doc.WriteString(`{"role":"assistant","content":null}],"stream":true}`)
	data := []byte(doc.String())
	b.SetBytes(int64(len(data)))
	var s schema.Schema
	for b.Loop() {
		if err := s.Add(data); err != nil {
			b.Fatal(err)
		}
	}
}
