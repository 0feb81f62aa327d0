package discover_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"assay/scanner"
	"assay/scanner/discover"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	const host = "https://api.example.com"
	tests := []struct {
		name  string
		first shot // answers
		then  string
		at    string // where the first answer names it; empty when that does not count
	}{
		{"a path", shot{answer: `{"id":7,"links":{"status":"/runs/7/status"}}`}, host + "/runs/7/status", "/links/status"},
		{"a whole URL", shot{answer: `{"url":"https://api.example.com/runs/7"}`}, host + "/runs/7", "/url"},
		{"with escaped slashes", shot{answer: `{"url":"https:\/\/api.example.com\/runs\/7"}`}, host + "/runs/7", "/url"},
		{"of another host", shot{answer: `{"webhook":"https://hooks.example.net/t/abc"}`}, "https://hooks.example.net/t/abc", "/webhook"},
		{"with a port", shot{answer: `{"u":"http://10.0.0.1:8080/job"}`}, "http://10.0.0.1:8080/job", "/u"},
		{"with the scheme's own port", shot{answer: `{"u":"https://hooks.example.net:443/job"}`}, "https://hooks.example.net/job", "/u"},
		{"without its query", shot{answer: `{"u":"/job?token=1"}`}, host + "/job?token=2", "/u"},
		{"in a list", shot{answer: `[{"href":"/a/1"},{"href":"/a/2"}]`}, host + "/a/2", "/*/href"},
		{"Location", shot{status: 201, answerHeader: "Location: /orders/7"}, host + "/orders/7", "header:location"},
		{"Operation-Location", shot{status: 202, answerHeader: "Operation-Location: https://api.example.com/ops/7?api-version=1"}, host + "/ops/7", "header:operation-location"},
		{"Link", shot{answerHeader: `Link: </items?page=2>; rel="next", </items/upload>; rel="edit-form"`, answer: `{}`}, host + "/items/upload", "header:link"},
		{"event of MCP", shot{answerHeader: "Content-Type: text/event-stream", answer: "event: endpoint\ndata: /messages/?session_id=3\n\n"}, host + "/messages/?session_id=3", "event:endpoint"},

		{"the next page", shot{answer: `{"next":"/list/2","links":{"next":"/list/3"}}`}, host + "/list/2", ""},
		{"the next page of a link", shot{answer: `{"links":{"next":{"href":"/list/3"}}}`}, host + "/list/3", ""},
		{"Link to the next page", shot{answerHeader: `Link: </list/2>; rel="next"`, answer: `{}`}, host + "/list/2", ""},
		{"a page's link", shot{answerHeader: "Content-Type: text/html", answer: `<a href="/about">`}, host + "/about", ""},
		{"a picture", shot{answer: `{"avatar":"/img/7.png"}`}, host + "/img/7.png", ""},
		{"a part of a text", shot{answer: `{"message":"see https://api.example.com/help"}`}, host + "/help", ""},
		{"OpenAPI", shot{url: host + "/openapi.json", answer: `{"x-base":"/pets"}`}, host + "/pets", ""},
		{"discovery of OAuth", shot{url: host + "/.well-known/openid-configuration", answer: `{"token_endpoint":"https://api.example.com/token"}`}, host + "/token", ""},
		{"an identifier", shot{answer: `{"value":[{"id":"/subscriptions/7"}]}`}, host + "/subscriptions/7", ""},
		{"what a model supports", shot{answer: `{"data":[{"supported_endpoints":["/responses"]}]}`}, host + "/responses", ""},
		{"the root", shot{answer: `{"home":"/"}`}, host + "/", ""},
		{"another path", shot{answer: `{"u":"/a"}`}, host + "/a/b", ""},
		{"a template", shot{answer: `{"u":"/users/{id}"}`}, host + "/users/{id}", ""},
		{"the answer of a model", shot{method: "POST", url: host + "/v1/chat/completions", body: `{"model":"m","messages":[{"role":"user","content":"x"}]}`, answer: `{"object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"/secret/path"}}]}`}, host + "/secret/path", ""},
		{"too long an answer", shot{answer: `{"u":"/a","x":"` + strings.Repeat("x", 300<<10) + `"}`}, host + "/a", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			if tt.first.url == "" {
				tt.first.url = host + "/start"
			}
			lines := told(l.fold(tt.first, shot{url: tt.then, answer: `{}`}), scanner.ChangeEndpoint)
			d := l.last().Facts.Dynamic
			switch {
			case tt.at == "" && d != nil:
				t.Errorf("taken for dynamic: %+v", d)
			case tt.at != "" && d == nil:
				t.Error("not taken for dynamic")
			case tt.at != "" && (d.Why != "named" || d.By != 1 || d.Path != tt.at):
				t.Errorf("%+v, want it named by 1 at %s", d, tt.at)
			case tt.at != "" && lines[len(lines)-1].Detail != "Made at run time: the answer of exchange 1 named it at "+tt.at:
				t.Errorf("told %+v", lines)
			}
		})
	}
}

func TestOnlyTheFirstUseMakesAnEndpointDynamic(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.fold(shot{url: "https://a.example/status", answer: `{}`}, shot{url: "https://a.example/start", answer: `{"u":"/status"}`}, shot{url: "https://a.example/status", answer: `{}`})
	if d := l.last().Facts.Dynamic; d != nil {
		t.Errorf("an endpoint that was there before is dynamic: %+v", d)
	}
}

func TestNewHostThatLooksGenerated(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.fold(shot{url: "https://abc123xyz.ngrok-free.app/api", answer: `{}`})
	e := l.only()
	if d := e.Facts.Dynamic; d == nil || d.Why != "host" || d.By != 0 {
		t.Fatalf("%+v", d)
	}
	if lines := told(l.changes, scanner.ChangeEndpoint); len(lines) != 1 || !strings.Contains(lines[0].Detail, "run time") {
		t.Errorf("told %+v", lines)
	}
	if !strings.Contains(codes(e), "dynamic") {
		t.Errorf("reasons: %s", codes(e))
	}
}

// TestNamedIsBounded: only the latest URLs are remembered.
func TestNamedIsBounded(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.fold(shot{url: "https://a.example/start", answer: `{"u":"/early"}`})
	const each = 250
	for batch := range discover.MaxNamings/each + 1 {
		var urls []string
		for i := range each {
			urls = append(urls, fmt.Sprintf("/x/%d/%d", batch, i))
		}
		body, err := json.Marshal(urls)
		if err != nil {
			t.Fatal(err)
		}
		l.fold(shot{url: "https://a.example/start", answer: string(body)})
	}
	l.fold(shot{url: "https://a.example/early", answer: `{}`})
	if d := l.last().Facts.Dynamic; d != nil {
		t.Errorf("a URL named %d URLs ago is remembered: %+v", discover.MaxNamings+each, d)
	}
	l.fold(shot{url: fmt.Sprintf("https://a.example/x/%d/3", discover.MaxNamings/each), answer: `{}`})
	if d := l.last().Facts.Dynamic; d == nil {
		t.Error("a URL named just now is forgotten")
	}
}

// FuzzNames compares what is taken for JSON with the standard library's word, and wants no more names than strings.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{
		`{"a":["/x/1",{"b":"https:\/\/h\/p"}],"next":"/n"}`, `[[[["/a"]]]]`, `{"a":"\u002fa\"`, `{`, `"/a"`, `{"a":1,}`, "\ufeff{}", `{"/~":"//x","y":"/\\"}`,
		`{"a":"https://[::1]:80/x","b":"http://","c":"/` + strings.Repeat("x", 3000) + `"}`, strings.Repeat(`{"a":`, 200),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		named, whole := discover.Names(body, "h.example")
		if json.Valid(body) && !whole {
			t.Errorf("valid JSON was taken for broken: %q", body)
		}
		if len(named) > strings.Count(string(body), `"`)/2+1 {
			t.Errorf("%d names in %q: %v", len(named), body, slices.Collect(maps.Keys(named)))
		}
		for at := range named {
			if len(at) > 220 {
				t.Errorf("a place of %d bytes", len(at))
			}
		}
	})
}
