package storage_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	admin := scanner.Role{
		Name: "Admin", Header: traffic.Header{{Name: "Authorization", Value: "Bearer {{env:ADMIN}}"}}, Body: []scanner.RoleField{{Ref: "json:/user", Value: "a"}},
		Command: []string{"token", "--fresh"}, Login: &scanner.RoleLogin{Exchanges: []traffic.ID{3, 4}, Token: "/access_token", Fresh: time.Minute},
		Latest: "host:a", Knows: []string{"order 17"}, Holds: []string{"17"}, Added: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	for _, r := range []scanner.Role{{Name: "user"}, {Name: "Admin"}, admin, {Name: "gone"}} {
		if err := p.SetRole(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.RemoveRole(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	if err := p.RemoveRole(t.Context(), "gone"); !errors.Is(err, storage.ErrNoRole) {
		t.Error(err)
	}
	roles, err := p.Roles(t.Context())
	if d := cmp.Diff([]scanner.Role{admin, {Name: "user"}}, roles); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, h := range []storage.ScopeHost{{"b.example", "", at}, {"*.a.example", "Ada", at}, {"b.example", "Bob", at.Add(time.Hour)}, {"c.example", "", at}} {
		if err := p.SetScope(t.Context(), h); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.RemoveScope(t.Context(), "c.example"); err != nil {
		t.Fatal(err)
	}
	if err := p.RemoveScope(t.Context(), "c.example"); !errors.Is(err, storage.ErrNoScopeHost) {
		t.Error(err)
	}
	scope, err := p.Scope(t.Context())
	if d := cmp.Diff([]storage.ScopeHost{{"*.a.example", "Ada", at}, {"b.example", "Bob", at}}, scope); d != "" || err != nil {
		t.Error(d, err)
	}
}
