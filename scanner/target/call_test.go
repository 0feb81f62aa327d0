package target_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"assay/scanner"
	"assay/scanner/target"
	"assay/traffic"
)

// seen keeps the last request that a server got.
type seen struct {
	header http.Header
	url    string
	body   string
}

// witness answers every prompt and tells what it was sent.
func witness(t *testing.T) (string, *seen) {
	t.Helper()
	last := &seen{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		*last = seen{r.Header.Clone(), r.URL.String(), string(body)}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"reply":"Paris is the capital."}`))
	}))
	t.Cleanup(server.Close)
	return server.URL, last
}

func asCall(m *scanner.Model, auth string, as *target.Identity) target.Call {
	t, err := target.New(m, target.Options{})
	if err != nil {
		panic(err)
	}
	return target.Call{Input: t.Input(), Auth: auth, As: as}
}

// TestCredentials changes what a request proves itself with, in every form.
func TestCredentials(t *testing.T) {
	t.Parallel()
	bearer := scanner.ModelAuth{Form: target.AuthBearer, Secret: "env:KEY"}
	recorded := traffic.Header{{Name: "Authorization", Value: "⟨cred:1⟩"}, {Name: "Cookie", Value: "theme=dark; sid=abcdef123456"}, {Name: "X-Csrf-Token", Value: "keep"}}
	other := &target.Identity{Token: "bobs-token-9", Role: &scanner.Role{
		Name: "bob", Header: traffic.Header{{Name: "Authorization", Value: "Bearer {{token}}"}, {Name: "X-Tenant", Value: "b"}}, Body: []scanner.RoleField{{Ref: "json:/user", Value: "bob"}},
	}}
	tests := []struct {
		name   string
		auth   scanner.ModelAuth
		header traffic.Header
		query  string
		edit   string
		as     *target.Identity
		want   func(s *seen) bool
		fails  string
	}{
		{name: "as it is", auth: bearer, want: func(s *seen) bool { return s.header.Get("Authorization") == "Bearer secret-key-1" }},
		{name: "removed", auth: bearer, edit: "remove", want: func(s *seen) bool { return len(s.header.Values("Authorization")) == 0 }},
		{name: "empty", auth: bearer, edit: "empty", want: func(s *seen) bool {
			v, there := s.header["Authorization"]
			return there && v[0] == ""
		}},
		{name: "garbled", auth: bearer, edit: "garble", want: func(s *seen) bool {
			return garbledRight(s.header.Get("Authorization"))
		}},
		{name: "scheme", auth: bearer, edit: "scheme", want: func(s *seen) bool { return s.header.Get("Authorization") == "Basic secret-key-1" }},
		{name: "own header removed", auth: scanner.ModelAuth{Form: target.AuthHeader, Name: "X-Odd", Secret: "env:KEY"}, edit: "remove", want: func(s *seen) bool { return s.header.Get("X-Odd") == "" }},
		{name: "query removed", auth: scanner.ModelAuth{Form: target.AuthQuery, Name: "k", Secret: "env:KEY"}, query: "?a=1", edit: "remove", want: func(s *seen) bool { return s.url == "/?a=1" }},
		{name: "query garbled", auth: scanner.ModelAuth{Form: target.AuthQuery, Name: "k", Secret: "env:KEY"}, edit: "garble", want: func(s *seen) bool {
			return strings.HasPrefix(s.url, "/?k=secr") && !strings.Contains(s.url, "secret-key-1")
		}},
		{name: "recorded removed", header: recorded, edit: "remove", want: func(s *seen) bool {
			return s.header.Get("Authorization") == "" && s.header.Get("Cookie") == "" && s.header.Get("X-Csrf-Token") == "keep"
		}},
		{name: "recorded garbled", header: recorded, edit: "garble", want: func(s *seen) bool {
			c := s.header.Get("Cookie")
			return strings.Contains(c, "sid=abcdef") && !strings.Contains(c, "123456") && s.header.Get("Authorization") != "secret-key-1"
		}},
		{name: "recorded in the query", query: "?api_key=abc&q=1", edit: "remove", want: func(s *seen) bool { return s.url == "/?q=1" }},
		{name: "sigv4 removed", auth: scanner.ModelAuth{Form: target.AuthSigV4, Name: "us-east-1", Secret: "env:AWS"}, edit: "remove", want: func(s *seen) bool { return s.header.Get("Authorization") == "" }},
		{name: "nothing to remove", edit: "remove", fails: "no credentials"},
		{name: "no scheme", header: traffic.Header{{Name: "X-Api-Key", Value: "abc"}}, edit: "scheme", fails: "no credentials"},
		{name: "another role", auth: bearer, header: recorded, edit: "swap", as: other, want: func(s *seen) bool {
			return s.header.Get("Authorization") == "Bearer bobs-token-9" && s.header.Get("Cookie") == "" && s.header.Get("X-Tenant") == "b" && strings.Contains(s.body, `"user":"bob"`)
		}},
		{name: "own role", header: recorded, as: other, want: func(s *seen) bool { return s.header.Get("Authorization") == "Bearer bobs-token-9" }},
		{name: "role removed", as: other, edit: "remove", want: func(s *seen) bool {
			return s.header.Get("Authorization") == "" && s.header.Get("X-Tenant") == ""
		}},
		{name: "no other role", auth: bearer, edit: "swap", fails: "second role"},
		{name: "no token", as: &target.Identity{Role: other.Role}, fails: "token"},
		{name: "unknown edit", auth: bearer, edit: "burn", fails: "burn"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at, last := witness(t)
			m := &scanner.Model{
				Name: "m", Method: http.MethodPost, URL: at + "/" + tt.query, Body: []byte(`{"prompt":"Hello there","user":"ann"}`), Slot: "json:/prompt", Auth: tt.auth,
				Header: append(traffic.Header{{Name: "Content-Type", Value: "application/json"}}, tt.header...),
			}
			made := reach(t, m, target.Options{Secret: func(_ context.Context, ref string) (string, error) {
				if ref == "env:AWS" {
					return "AKIAEXAMPLE:secretsecret", nil
				}
				return "secret-key-1", nil
			}})
			a, err := made.Do(t.Context(), asCall(m, tt.edit, tt.as))
			if tt.fails != "" {
				f, is := errors.AsType[*target.Failure](err)
				if !is || !strings.Contains(f.Error(), tt.fails) || a != nil {
					t.Errorf("%v, want it to say %q", err, tt.fails)
				}
				return
			}
			if err != nil || !tt.want(last) {
				t.Fatalf("%v: sent %s %v %s", err, last.url, last.header, last.body)
			}
			if tt.as == other && a.Hide("bobs-token-9") == "bobs-token-9" {
				t.Error("the role's token is not hidden")
			}
		})
	}
}

// TestPutStays sends what a template set, whatever its name: it is none of the target's credentials.
func TestPutStays(t *testing.T) {
	t.Parallel()
	at, last := witness(t)
	m := &scanner.Model{
		Name: "m", Method: http.MethodPost, URL: at + "/?token=own", Body: []byte(`{"prompt":"Hello there"}`), Slot: "json:/prompt",
		Header: traffic.Header{{Name: "Cookie", Value: "sid=1"}, {Name: "X-Api-Key", Value: "planted"}},
	}
	c := asCall(m, "remove", nil)
	c.Input.URL += "&key=planted"
	c.Put = []string{"query:key", "header:x-api-key"}
	if _, err := reach(t, m, target.Options{}).Do(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if last.url != "/?key=planted" || last.header.Get("Cookie") != "" || last.header.Get("X-Api-Key") != "planted" {
		t.Errorf("sent %s %v", last.url, last.header)
	}
}

// garbledRight reports whether a credential looks like the real one and is not.
func garbledRight(value string) bool {
	key, bearer := strings.CutPrefix(value, "Bearer ")
	return bearer && len(key) == len("secret-key-1") && key != "secret-key-1" && strings.HasPrefix(key, "secr")
}

func TestHasCredentials(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		m    scanner.Model
		want bool
	}{
		"none":    {scanner.Model{URL: "https://a.example/x?q=1", Header: traffic.Header{{Name: "Content-Type", Value: "a"}, {Name: "Idempotency-Key", Value: "a"}}}, false},
		"auth":    {scanner.Model{Auth: scanner.ModelAuth{Form: target.AuthBearer}}, true},
		"cookie":  {scanner.Model{Header: traffic.Header{{Name: "cookie", Value: "a=b"}}}, true},
		"hidden":  {scanner.Model{Header: traffic.Header{{Name: "X-Odd", Value: "⟨cred:5⟩"}}}, true},
		"query":   {scanner.Model{URL: "https://a.example/x?key=abc"}, true},
		"by name": {scanner.Model{Header: traffic.Header{{Name: "X-Auth-Token", Value: "abc"}}}, true},
	}
	for name, tt := range tests {
		if got := target.HasCredentials(&tt.m); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
