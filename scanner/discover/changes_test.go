package discover_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/discover"
)

func repeat(s shot, n int) (all []shot) {
	for range n {
		all = append(all, s)
	}
	return all
}

// only keeps lines of the kinds that are told of facts.
func told(changes []scanner.Change, kinds ...scanner.ChangeKind) (lines []scanner.Change) {
	for _, c := range changes {
		if slices.Contains(kinds, c.Kind) {
			lines = append(lines, c)
		}
	}
	return lines
}

func TestChanges(t *testing.T) {
	t.Parallel()
	const c = "⟨cred:0123456789abcdef⟩"
	known := shot{url: "https://a.example.com/x", header: "Authorization: Bearer " + c, answer: `{}`}
	tests := []struct {
		name     string
		before   []shot
		then     shot
		kind     scanner.ChangeKind
		severity string
		what     string // a part of it; empty when nothing is to be told
	}{
		{"a server's error", repeat(known, 6), shot{url: known.url, header: known.header, status: 503}, scanner.ChangeStatus, "medium", "answered 503 for the first time"},
		{"refused", repeat(known, 6), shot{url: known.url, header: known.header, status: 403}, scanner.ChangeStatus, "low", "answered 403"},
		{"another client's error", repeat(known, 6), shot{url: known.url, header: known.header, status: 404}, scanner.ChangeStatus, "info", "answered 404"},
		{"the same class", append(repeat(known, 6), shot{url: known.url, header: known.header, status: 500}), shot{url: known.url, header: known.header, status: 502}, scanner.ChangeStatus, "", ""},
		{"refused after other errors", append(repeat(known, 6), shot{url: known.url, header: known.header, status: 404}), shot{url: known.url, header: known.header, status: 401}, scanner.ChangeStatus, "low", "answered 401"},
		{"answers what it refused", repeat(shot{url: known.url, status: 403}, 6), shot{url: known.url}, scanner.ChangeStatus, "medium", "answered 200"},
		{"hardly known", repeat(known, 3), shot{url: known.url, header: known.header, status: 500}, scanner.ChangeStatus, "", ""},
		{"without credentials", repeat(known, 6), shot{url: known.url}, scanner.ChangeAuth, "high", "without credentials for the first time"},
		{"without credentials, refused", repeat(known, 6), shot{url: known.url, status: 401}, scanner.ChangeAuth, "info", "refused"},
		{"answers without credentials what it refused once", append(repeat(known, 6), shot{url: known.url, status: 401}), shot{url: known.url}, scanner.ChangeAuth, "high", "without credentials"},
		{"always without", repeat(shot{url: known.url}, 6), shot{url: known.url}, scanner.ChangeAuth, "", ""},
		{"another kind", repeat(known, 6), shot{url: known.url, header: "X-Api-Key: " + c}, scanner.ChangeAuth, "low", "api-key (x-api-key)"},
		{"another cookie", repeat(shot{url: known.url, header: "Cookie: sid=" + c}, 6), shot{url: known.url, header: "Cookie: session=" + c}, scanner.ChangeAuth, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			if quiet := told(l.fold(tt.before...), scanner.ChangeStatus, scanner.ChangeAuth); len(quiet) > 0 {
				t.Errorf("the first batch told %+v", quiet)
			}
			lines := told(l.fold(tt.then), tt.kind)
			switch {
			case tt.what == "" && len(lines) > 0:
				t.Errorf("told %+v", lines)
			case tt.what == "":
			case len(lines) != 1 || lines[0].Severity != tt.severity || !strings.Contains(lines[0].What, tt.what) || lines[0].Exchange != l.next ||
				lines[0].Endpoint != l.last().ID || lines[0].ID == 0:
				t.Errorf("told %+v, want %s: … %s …", lines, tt.severity, tt.what)
			}
			if again := told(l.fold(tt.then), tt.kind); len(again) > 0 {
				t.Errorf("told again: %+v", again)
			}
		})
	}
}

// TestAnImportIsQuiet: what comes in one go tells of endpoints and hosts only.
func TestAnImportIsQuiet(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	var shots []shot
	for i := range 60 {
		shots = append(shots, shot{
			url: "https://a.example.com/x", status: 200 + 100*(i%4), header: fmt.Sprintf("X-Api-Key%d: x\nAuthorization: Bearer y", i),
		})
	}
	shots = append(shots, repeat(shot{url: "https://a.example.com/x"}, 5)...)
	for _, c := range l.fold(shots...) {
		if c.Kind != scanner.ChangeEndpoint && c.Kind != scanner.ChangeHost && c.Kind != scanner.ChangeClient && c.Kind != scanner.ChangeKey {
			t.Errorf("told %s: %s", c.Kind, c.What)
		}
	}
}

func TestNewHosts(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	hosts := told(l.fold(shot{url: "http://app.internal/a"}, shot{url: "http://app.internal/b"}, shot{
		method: "POST", url: "https://api.openai.com/v1/chat/completions", body: `{"model":"m","messages":[{"role":"user","content":"x"}]}`, answer: `{}`,
	}), scanner.ChangeHost)
	var got []string
	for _, h := range hosts {
		got = append(got, h.Severity+" "+h.What)
	}
	want := []string{
		"info app.internal was called for the first time (internal, without TLS)",
		"low api.openai.com was called for the first time (third-party)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	if more := told(l.fold(shot{url: "http://app.internal/c"}), scanner.ChangeHost); len(more) > 0 {
		t.Errorf("told again: %+v", more)
	}
}

func TestSilent(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
	endpoint := func(id scanner.EndpointID, host string, last time.Time) *scanner.Endpoint {
		return &scanner.Endpoint{ID: id, Key: scanner.Key{Method: "GET", Host: host, Path: fmt.Sprint("/", id)}, LastSeen: last}
	}
	merged := endpoint(9, "a", day(1))
	merged.Merged = 1
	all := []*scanner.Endpoint{
		endpoint(1, "a", day(1)), endpoint(2, "a", day(20)), endpoint(3, "b", day(5)), endpoint(4, "b", time.Time{}), merged, endpoint(5, "a", day(13)),
	}
	ids := func(changes []scanner.Change) (ids []scanner.EndpointID) {
		for _, c := range changes {
			if c.Kind != scanner.ChangeSilent || c.What == "" || c.Severity != "info" {
				t.Errorf("%+v", c)
			}
			ids = append(ids, c.Endpoint)
		}
		return ids
	}
	if got := ids(discover.Silent(all, day(30), 7)); !slices.Equal(got, []scanner.EndpointID{5, 3, 1}) {
		t.Errorf("silent: %v", got)
	}
	if got := ids(discover.Silent(all, day(30), 16)); !slices.Equal(got, []scanner.EndpointID{1}) {
		t.Errorf("silent for 16 days: %v", got)
	}
	if got := ids(discover.Silent(all, day(9), 7)); !slices.Equal(got, []scanner.EndpointID{1}) {
		t.Errorf("silent on the 9th: %v", got)
	}
	// Nobody recorded since the 20th: a year later nothing more was silent.
	if got := ids(discover.Silent(all, day(20).AddDate(1, 0, 0), 7)); !slices.Equal(got, []scanner.EndpointID{5, 3, 1}) {
		t.Errorf("silent a year later: %v", got)
	}
	lines := discover.Silent(all, day(30), 7)
	if lines[0].At != day(20) || !strings.Contains(lines[0].What, "was not seen for 7 days, while others of its host were") || strings.Contains(lines[1].What, "while") {
		t.Errorf("%+v", lines)
	}
	if got := discover.Silent(nil, day(1), 7); got != nil {
		t.Errorf("%v", got)
	}
}
