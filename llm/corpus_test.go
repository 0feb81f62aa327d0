package llm_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"assay/llm"
	"assay/test/corpus"
	"assay/traffic"
)

// recording is one row of the recorded exchanges the formats were made for.
type recording struct {
	Source          string         `json:"source"`
	Method          string         `json:"method"`
	URL             string         `json:"url"`
	RequestHeaders  map[string]any `json:"request_headers"`
	RequestBody     *string        `json:"request_body"`
	RequestBody64   *string        `json:"request_body_b64"`
	Status          int            `json:"status"`
	ResponseHeaders map[string]any `json:"response_headers"`
	ResponseBody    *string        `json:"response_body"`
	ResponseBody64  *string        `json:"response_body_b64"`
	Sha             string         `json:"sha"`
	Flags           map[string]any `json:"flags"`
}

// expectation is what is known for certain about a recording. A missing fact is not scored.
type expectation struct {
	Sha      string                     `json:"sha"`
	Provider *string                    `json:"provider"`
	Family   *string                    `json:"family"`
	Class    string                     `json:"class"`
	Streamed *bool                      `json:"streamed"`
	Facts    map[string]json.RawMessage `json:"facts"`
}

func (r *recording) input() llm.Input {
	return llm.Input{
		Method: r.Method, URL: r.URL, Status: r.Status, Ended: true,
		RequestHeader: header(r.RequestHeaders), RequestBody: body(r.RequestBody, r.RequestBody64),
		ResponseHeader: header(r.ResponseHeaders), ResponseBody: body(r.ResponseBody, r.ResponseBody64),
	}
}

func header(m map[string]any) traffic.Header {
	var h traffic.Header
	for _, name := range slices.Sorted(maps.Keys(m)) {
		switch v := m[name].(type) {
		case string:
			h = append(h, traffic.Field{Name: name, Value: v})
		case []any:
			for _, e := range v {
				h = append(h, traffic.Field{Name: name, Value: fmt.Sprint(e)})
			}
		}
	}
	return h
}

func body(text, b64 *string) []byte {
	if b64 != nil {
		b, err := base64.StdEncoding.DecodeString(*b64)
		if err == nil {
			return b
		}
	}
	if text != nil {
		return []byte(*text)
	}
	return nil
}

// recordings pairs recordings with what is known of them.
func recordings(tb testing.TB) ([]recording, map[string]expectation) {
	tb.Helper()
	want := map[string]expectation{}
	for _, e := range corpus.Read[expectation](tb, "wire", "expected.dev.jsonl.zst") {
		want[e.Sha] = e
	}
	return corpus.Read[recording](tb, "wire", "dev.jsonl.zst"), want
}

// tally counts what was right of one fact and remembers some of what was not.
type tally struct {
	right, all int
	misses     []string
}

func (t *tally) score(ok bool, miss func() string) {
	t.all++
	if ok {
		t.right++
		return
	}
	if len(t.misses) < 200 {
		t.misses = append(t.misses, miss())
	}
}

func (t *tally) rate() float64 {
	if t.all == 0 {
		return 1
	}
	return float64(t.right) / float64(t.all)
}

type scores map[string]*tally

func (s scores) of(name string) *tally {
	if s[name] == nil {
		s[name] = &tally{}
	}
	return s[name]
}

func (s scores) log(t *testing.T, title string) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", title)
	// ASSAY_MISSES names facts whose misses are listed, or "all".
	show := strings.Split(os.Getenv("ASSAY_MISSES"), ",")
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&b, "%-28s %6d of %6d  %6.2f %%\n", name, s[name].right, s[name].all, 100*s[name].rate())
		if slices.Contains(show, name) || slices.Contains(show, "all") {
			for _, m := range s[name].misses {
				fmt.Fprintf(&b, "    %s\n", m)
			}
		}
	}
	t.Log(b.String())
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	rows, want := recordings(t)
	facts, classes := scores{}, scores{}
	for i := range rows {
		e, ok := want[rows[i].Sha]
		if !ok || e.Class == "ambiguous" {
			continue
		}
		conv := llm.Parse(rows[i].input())
		scoreClass(classes, &rows[i], e, conv)
		if e.Class == "ai-saas" || e.Class == "non-llm" {
			continue
		}
		for name, raw := range e.Facts {
			scoreFact(facts, name, raw, &rows[i], e, conv)
		}
	}
	classes.log(t, "Recognition")
	facts.log(t, "Facts")
	for _, name := range []string{"provider", "family", "streamed"} {
		if rate := classes.of("inference " + name).rate(); rate < 0.995 {
			t.Errorf("%s right for %.2f %% of model calls, want at least 99.5 %%", name, 100*rate)
		}
	}
	if wrong := classes.of("negative"); wrong.right < wrong.all {
		t.Errorf("%d exchanges that are no model calls were taken for such", wrong.all-wrong.right)
	}
	for name, s := range facts {
		if s.rate() < 0.99 && s.all-s.right > 1 {
			t.Errorf("fact %s: %d of %d right", name, s.right, s.all)
		}
	}
}

func scoreClass(s scores, r *recording, e expectation, conv llm.Conversation) {
	family := ""
	if e.Family != nil {
		family = *e.Family
	}
	at := func() string {
		return fmt.Sprintf("%s %s %s want %s/%s got %s/%s (%s)", r.Sha, r.Method, r.URL, deref(e.Provider), family, conv.Provider, conv.Family, conv.Kind)
	}
	switch e.Class {
	case "ai-saas", "non-llm":
		s.of("negative").score(conv.Kind != llm.KindLLM && conv.Kind != llm.KindChatBackend, at)
		s.of("kind "+e.Class).score(conv.Kind == llm.KindPlain || conv.Kind == llm.KindSaaS, at)
	default:
		s.of(e.Class+" provider").score(conv.Provider == deref(e.Provider), at)
		s.of(e.Class+" family").score(conv.Family == family, at)
		if e.Streamed != nil {
			s.of(e.Class+" streamed").score(conv.Streamed == *e.Streamed, func() string { return at() + fmt.Sprint(" streamed ", conv.Streamed) })
		}
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// TestCorpusBlind hides every host behind one gateway: path and shape alone must do.
func TestCorpusBlind(t *testing.T) {
	t.Parallel()
	rows, want := recordings(t)
	s := scores{}
	for i := range rows {
		e, ok := want[rows[i].Sha]
		if !ok || e.Class == "ambiguous" {
			continue
		}
		in := rows[i].input()
		in.URL = blind(in.URL)
		conv := llm.Parse(in)
		at := func() string {
			return fmt.Sprintf("%s %s want %s got %s (%s)", rows[i].Sha, in.URL, deref(e.Family), conv.Family, conv.Kind)
		}
		switch e.Class {
		case "ai-saas", "non-llm":
			s.of("negative").score(conv.Kind != llm.KindLLM, at)
		default:
			s.of(e.Class+" family").score(conv.Family == deref(e.Family), at)
		}
	}
	s.log(t, "Hosts hidden")
	if rate := s.of("inference family").rate(); rate < 0.97 {
		t.Errorf("family right for %.2f %% of model calls without their hosts, want at least 97 %%", 100*rate)
	}
}

func blind(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		u.Host = "gateway.internal"
		return u.String()
	}
	_, rest, _ := strings.Cut(raw, "://")
	_, path, _ := strings.Cut(rest, "/")
	return "https://gateway.internal/" + path
}
