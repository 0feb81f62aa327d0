package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"assay/scanner/schema"
)

func learn(t *testing.T, documents ...string) *schema.Schema {
	t.Helper()
	s := &schema.Schema{}
	for _, d := range documents {
		if err := s.Add([]byte(d)); err != nil {
			t.Fatalf("%s: %v", d, err)
		}
	}
	return s
}

func text(t *testing.T, s *schema.Schema) string {
	t.Helper()
	data, err := json.Marshal(s.JSON())
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		documents []string
		want      string
	}{
		{"nothing", nil, `{}`},
		{"optional", []string{`{"a":1,"b":"x"}`, `{"a":2}`}, `{"properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"],"type":"object"}`},
		{"null and number", []string{`{"a":null}`, `{"a":1.5}`, `{"a":2}`}, `{"properties":{"a":{"type":["null","number"]}},"required":["a"],"type":"object"}`},
		{"enum", []string{`"a"`, `"b"`, `"a"`, `"b"`}, `{"enum":["a","b"],"type":"string"}`},
		{"format", []string{`"2026-11-21T10:00:00Z"`, `"2026-11-22T10:00:00+01:00"`}, `{"format":"date-time","type":"string"}`},
		{"array", []string{`[]`, `[1,"x"]`}, `{"items":{"type":["string","integer"]},"type":"array"}`},
		{"union", []string{`[{"type":"a","x":1},{"type":"b","y":2}]`}, `{"items":{"anyOf":[{"properties":{"type":{"const":"a"},"x":{"type":"integer"}},"required":["type","x"],"type":"object"},{"properties":{"type":{"const":"b"},"y":{"type":"integer"}},"required":["type","y"],"type":"object"}]},"type":"array"}`},
	} {
		if got := text(t, learn(t, c.documents...)); got != c.want {
			t.Errorf("%s: got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestKeysThatAreDataMakeAMap(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, `,"item-%d":{"n":%d}`, 1000+i, i)
	}
	got := text(t, learn(t, `{`+b.String()[1:]+`}`))
	if want := `{"additionalProperties":{"properties":{"n":{"type":"integer"}},"required":["n"],"type":"object"},"type":"object"}`; got != want {
		t.Errorf("got %s", got)
	}
}

func TestBadDocumentsAddNothing(t *testing.T) {
	t.Parallel()
	for _, d := range []string{``, `{`, `{"a":}`, `1 2`, `{"a":1}x`, "\xff"} {
		s := &schema.Schema{}
		if err := s.Add([]byte(d)); err == nil || s.Count != 0 {
			t.Errorf("%q: %v, count %d", d, err, s.Count)
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	t.Parallel()
	s := learn(t, strings.Repeat(`{"a":[`, 500)+strings.Repeat(`]}`, 500))
	if text(t, s) == "" {
		t.Error("nothing written")
	}
}

// TestNeverWrongAboutWhatWasSeen: every document validates against the shape learned from all of them, by somebody
// else's validator.
func TestNeverWrongAboutWhatWasSeen(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		documents := make([]string, 1+r.IntN(12))
		for i := range documents {
			data, err := json.Marshal(random(r, 0))
			if err != nil {
				t.Fatal(err)
			}
			documents[i] = string(data)
		}
		s := learn(t, documents[:len(documents)/2]...)
		s.Merge(learn(t, documents[len(documents)/2:]...))
		validate(t, seed, s, documents)
	}
}

func validate(t *testing.T, seed uint64, s *schema.Schema, documents []string) {
	t.Helper()
	written, err := jsonschema.UnmarshalJSON(strings.NewReader(text(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("shape.json", written); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("shape.json")
	if err != nil {
		t.Fatalf("seed %d: %v\n%s", seed, err, text(t, s))
	}
	for _, d := range documents {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(d)))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(v); err != nil {
			t.Fatalf("seed %d: %s does not fit %s: %v", seed, d, text(t, s), err)
		}
	}
}

func random(r *rand.Rand, depth int) any {
	kinds := 8
	if depth > 3 {
		kinds = 6
	}
	switch r.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return r.IntN(1000)
	case 3:
		return r.Float64()
	case 4:
		return pick(r, "a", "b", "c", "2026-01-02", "https://a.example/x", "x@a.example", "10.0.0.1", "::1", "free text")
	case 5:
		return fmt.Sprintf("%08x-0000-4000-8000-000000000000", r.Uint32())
	case 6:
		list := make([]any, r.IntN(4))
		for i := range list {
			list[i] = random(r, depth+1)
		}
		return list
	}
	o := map[string]any{}
	for range r.IntN(5) {
		o[pick(r, "id", "name", "n", "list", "type", "role", "kind")] = random(r, depth+1)
	}
	if r.IntN(3) == 0 {
		o["type"] = pick(r, "x", "y", "z")
	}
	if r.IntN(12) == 0 {
		for range 30 {
			o[fmt.Sprintf("k%d", r.IntN(100000))] = random(r, depth+1)
		}
	}
	return o
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func TestOrderOfMembersIsTheWires(t *testing.T) {
	t.Parallel()
	if s := learn(t, `{"z":1,"a":2}`, `{"m":3}`); !slices.Equal(s.Order, []string{"z", "a", "m"}) {
		t.Errorf("got %v", s.Order)
	}
}

func FuzzAdd(f *testing.F) {
	f.Add([]byte(`{"type":"a","x":[1,{"role":"u"}]}`), []byte(`{"type":1}`))
	f.Fuzz(func(_ *testing.T, a, b []byte) {
		x, y := &schema.Schema{}, &schema.Schema{}
		_ = x.Add(a)
		_ = y.Add(b)
		_ = x.Add(b)
		x.Merge(y)
		_, _ = json.Marshal(x.JSON())
	})
}
