package paths_test

import (
	"fmt"
	"slices"
	"testing"

	"assay/scanner/paths"
)

func TestFormOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		segment string
		want    paths.Form
	}{
		{"users", paths.Word},
		{"v1", paths.Word},
		{"v1beta1", paths.Word},
		{"oauth2", paths.Word},
		{"s3", paths.Word},
		{"chat", paths.Word},
		{"completions", paths.Word},
		{"forgot-password", paths.Word},
		{"index.html", paths.Word},
		{"utf-8", paths.Word},
		{"getUserById", paths.Word},
		{"17", paths.Integer},
		{"-4", paths.Integer},
		{"550e8400-e29b-41d4-a716-446655440000", paths.UUID},
		{"507f1f77bcf86cd799439011", paths.ObjectID},
		{"d41d8cd98f00b204e9800998ecf8427e", paths.Hash},
		{"2026-11-21", paths.Date},
		{"20261121", paths.Integer},
		{"ada@mail.example", paths.Email},
		{"en-US", paths.Locale},
		{"cus_NffrFeUfNV2Hib", paths.Key},
		{"msg_01XFDUDYJgAACzvnptvVoYEL", paths.Key},
		{"chatcmpl-8Zq3Lk2Jf9dGa6e", paths.Key},
		{"ORD-10293", paths.Code},
		{"INV00817", paths.Code},
		{"10.0.0.7", paths.Address},
		{"52.52,13.40", paths.Decimal},
		{"01ARZ3NDEKTSV4RRFFQ69G5FAV", paths.Token},
		{"17.json", paths.Integer},
		{"bot%E2%9F%A8cred:3f9a%E2%9F%A9", paths.Token},
	} {
		if got := paths.FormOf(c.segment); got != c.want {
			t.Errorf("%s is %s, want %s", c.segment, got, c.want)
		}
	}
}

func learn(samples ...paths.Sample) *paths.Tree {
	tree := paths.New()
	for _, s := range samples {
		tree.Add(s)
	}
	tree.Settle()
	return tree
}

func get(shape string, list ...string) (samples []paths.Sample) {
	for _, path := range list {
		samples = append(samples, paths.Sample{Method: "GET", Path: path, Shape: shape})
	}
	return samples
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		samples []paths.Sample
		want    []string
	}{
		{"form", get("u", "/users/1", "/users/2/", "/users/550e8400-e29b-41d4-a716-446655440000"), []string{"/users/{user_id}"}},
		{"siblings", get("u", "/users/ann", "/users/bob", "/users/cid", "/users/dee", "/users/eve"), []string{"/users/{user_id}"}},
		{"few siblings", get("u", "/reports/daily", "/reports/weekly", "/reports/monthly"), []string{"/reports/daily", "/reports/monthly", "/reports/weekly"}},
		{"reserved", append(get("u", "/users/1", "/users/2"), get("u", "/users/me")...), []string{"/users/me", "/users/{user_id}"}},
		{"custom methods", get("g", "/v1/models/a:run", "/v1/models/b:run", "/v1/models/c:run", "/v1/models/d:run", "/v1/models/e:run"), []string{"/v1/models/{model_id}:run"}},
		{"root", get("", "/", ""), []string{"/"}},
	} {
		if got := learn(c.samples...).Templates(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestPersonDecides: what a person merged or split stays so.
func TestPersonDecides(t *testing.T) {
	t.Parallel()
	tree := learn(get("u", "/reports/daily", "/reports/weekly")...)
	tree.Merge("/reports", "daily", "weekly")
	if got := tree.Template("/reports/daily"); got != "/reports/{report_id}" {
		t.Errorf("merged: %s", got)
	}
	// Two branches that are one say nothing about the others, though all is answered alike.
	tree = paths.New()
	tree.Merge("/", "blue", "red")
	for range 4 {
		for _, s := range get("u", "/blue/x", "/red/x", "/account/profile", "/users/me", "/account/x") {
			tree.Add(s)
		}
	}
	for path, want := range map[string]string{"/blue/x": "/{id}/x", "/account/profile": "/account/profile", "/users/me": "/users/me"} {
		if got := tree.Template(path); got != want {
			t.Errorf("beside what was merged: %s is %s, want %s", path, got, want)
		}
	}
	tree = learn(get("u", "/users/ann", "/users/bob", "/users/cid", "/users/dee", "/users/eve")...)
	tree.Split("/users", "ann")
	for _, s := range get("u", "/users/ann", "/users/ann", "/users/ann") {
		tree.Add(s)
	}
	tree.Settle()
	if got := tree.Template("/users/ann"); got != "/users/ann" {
		t.Errorf("split: %s", got)
	}
}

func word(i int) string {
	b := []byte{}
	for i++; i > 0; i /= 26 {
		b = append(b, byte('a'+i%26))
	}
	return string(b)
}

func BenchmarkAdd(b *testing.B) {
	tree := paths.New()
	i := 0
	for b.Loop() {
		i++
		tree.Add(paths.Sample{Method: "GET", Path: fmt.Sprintf("/v1/%s/%d/%s", word(i%40), i, word(i%7)), Shape: word(i % 40)})
	}
}

func FuzzAdd(f *testing.F) {
	f.Add("/a/b:c/17", "//x/../é/%2f", "s")
	f.Fuzz(func(t *testing.T, a, b, shape string) {
		tree := learn(append(get(shape, a, b, a+"/"+b), get("", b+"/"+a)...)...)
		for _, p := range []string{a, b, a + b} {
			if tree.Template(p) == "" {
				t.Fatalf("no template for %q", p)
			}
		}
	})
}
