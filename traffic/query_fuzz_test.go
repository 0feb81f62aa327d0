package traffic_test

import (
	"testing"

	"assay/traffic"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse holds that no text makes the parser panic, and that the canonical form of a filter means the same.
func FuzzParse(f *testing.F) {
	for _, field := range traffic.QueryFields() {
		for _, example := range field.Examples {
			f.Add(example)
		}
	}
	for _, s := range []string{
		`a or b and not c`, `(a)(b)`, `host:(>a*, "b\"c")`, `host= =*`, `x~"a\/b"`, `text~/\/\\/i`, `"a b"*`, `user:"é"*`, `age:1h..2h`,
		`started:..today`, `-(-a)`, `!a`, `a&&b||c`, `http://x`, `tokens:-5..+5`, `cost:$1`, `status:5XX`, `note:""`, `host:yes stream:no`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		traffic.Suggest(s, len(s)/2, nil)
		q, err := traffic.Parse(s)
		if err != nil {
			return
		}
		canonical := q.String()
		again, err := traffic.Parse(canonical)
		if len(canonical) > traffic.MaxQueryBytes {
			return // spaces and quotes may make a filter at the limit longer
		}
		if err != nil {
			t.Fatalf("%q: canonical %q: %v", s, canonical, err)
		}
		if diff := cmp.Diff(q.Root, again.Root, equalAST); diff != "" {
			t.Fatalf("%q: canonical %q differs:\n%s", s, canonical, diff)
		}
		if twice := again.String(); twice != canonical {
			t.Fatalf("%q: canonical %q, then %q", s, canonical, twice)
		}
		q.Explain()
	})
}
