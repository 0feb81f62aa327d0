package watch_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/watch"
	"assay/test/corpus"
	"assay/traffic"
)

// wire is one recorded exchange of the data.
type wire struct {
	Method          string          `json:"method"`
	URL             string          `json:"url"`
	RequestHeaders  json.RawMessage `json:"request_headers"`
	Request         string          `json:"request_body"`
	Request64       string          `json:"request_body_b64"`
	Status          int             `json:"status"`
	ResponseHeaders json.RawMessage `json:"response_headers"`
	Response        string          `json:"response_body"`
	Response64      string          `json:"response_body_b64"`
	SHA             string          `json:"sha"`
	Source          string          `json:"source"`
}

func headerOf(raw json.RawMessage) (h traffic.Header) {
	var pairs [][2]string
	if json.Unmarshal(raw, &pairs) == nil {
		for _, p := range pairs {
			h = append(h, traffic.Field{Name: p[0], Value: p[1]})
		}
		return h
	}
	var one map[string]any
	if json.Unmarshal(raw, &one) == nil {
		for k, v := range one {
			h = append(h, traffic.Field{Name: k, Value: strings.Trim(fmt.Sprint(v), "[]")})
		}
	}
	return h
}

func bodyOf(text, packed string) []byte {
	if b, err := base64.StdEncoding.DecodeString(packed); packed != "" && err == nil {
		return b
	}
	return []byte(text)
}

func (w *wire) exchange() (x *traffic.Exchange, request, response []byte) {
	request, response = bodyOf(w.Request, w.Request64), bodyOf(w.Response, w.Response64)
	x = &traffic.Exchange{ID: 1, Kind: traffic.KindHTTP, State: traffic.StateComplete, Source: traffic.SourceImport, Started: time.Unix(1, 0)}
	x.Request = traffic.Request{Method: w.Method, URL: w.URL, Header: headerOf(w.RequestHeaders)}
	x.Response = &traffic.Response{Status: w.Status, Header: headerOf(w.ResponseHeaders)}
	return x, request, response
}

// mostSure is how many exchanges in 1,000 of honest programs may have a sure sign of a kind. Secrets, personal data and
// refusals are there, and are told.
var mostSure = map[scanner.SignKind]float64{
	scanner.SignInjection: 4, scanner.SignHidden: 0.5, scanner.SignLeak: 1, scanner.SignExfil: 0.5, scanner.SignOutput: 0.5, scanner.SignAttack: 0.5,
	scanner.SignToolCall: 1.5, scanner.SignPoisoned: 0.5, scanner.SignGibberish: 1, scanner.SignDrift: 0.5, scanner.SignRepetition: 1,
}

// TestRecordings counts the signs in recorded traffic of honest programs: what is told there of attacks is mostly wrong.
// ASSAY_SIGNS names a kind, or kind/name, whose signs are listed; ASSAY_FAINT lists faint ones too.
func TestRecordings(t *testing.T) {
	t.Parallel()
	if !corpus.Here(t, "wire", "dev.jsonl.zst") {
		t.Skip("NOT MEASURED: the data is not on this machine")
	}
	c := newCount(t)
	bytes := 0
	var took time.Duration
	for _, w := range corpus.Read[wire](t, "wire", "dev.jsonl.zst") {
		x, request, response := w.exchange()
		start := time.Now()
		s := watch.LookAt(x, request, response)
		took += time.Since(start)
		bytes += len(request) + len(response)
		c.add(s, func(sign scanner.Sign) string { return w.SHA[:8] + " " + w.Source + " " + context(w, sign) })
	}
	t.Logf("%d exchanges, %d MB with the reading of their formats: %.1f MB/s", c.all, bytes>>20, float64(bytes)/1e6/took.Seconds())
	c.judge()
}

// TestHarmless counts the signs in harmless texts that users say: role-play, security writing, code.
func TestHarmless(t *testing.T) {
	t.Parallel()
	if !corpus.Here(t, "prompts", "dev.jsonl.zst") {
		t.Skip("NOT MEASURED: the data is not on this machine")
	}
	c := newCount(t)
	for _, l := range corpus.Read[struct{ Text, Label, Category string }](t, "prompts", "dev.jsonl.zst") {
		if l.Label != "benign" {
			continue
		}
		role, answer := "user", l.Text
		if l.Category == "system_prompt" {
			role, answer = "system", "Yes."
		}
		x, request, response := chat(t, []map[string]any{message(role, l.Text)}, map[string]any{"content": answer}, nil)
		c.add(watch.LookAt(x, request, response), func(scanner.Sign) string { return l.Category + " " + l.Text })
	}
	t.Logf("%d texts, each as what is asked and what is answered", c.all)
	delete(c.most, scanner.SignOutput) // code that is answered as it is, without a fence
	delete(c.most, scanner.SignRepetition)
	c.judge()
}

// count counts signs.
type count struct {
	t           *testing.T
	all         int
	names, sure map[string]int
	kinds       map[scanner.SignKind]int // exchanges with a sure one
	most        map[scanner.SignKind]float64
	show        string
}

func newCount(t *testing.T) *count {
	t.Helper()
	return &count{t: t, names: map[string]int{}, sure: map[string]int{}, kinds: map[scanner.SignKind]int{}, most: maps.Clone(mostSure), show: os.Getenv("ASSAY_SIGNS")}
}

func (c *count) add(s *scanner.Sight, what func(scanner.Sign) string) {
	c.all++
	seen := map[scanner.SignKind]bool{}
	for _, sign := range s.Signs {
		name := string(sign.Kind) + "/" + sign.Name + " " + string(sign.Side) + " " + sign.Role
		c.names[name]++
		if sign.Score >= 0.5 {
			c.sure[name]++
			if !seen[sign.Kind] {
				seen[sign.Kind] = true
				c.kinds[sign.Kind]++
			}
		}
		if c.show != "" && strings.HasPrefix(name, c.show) && (sign.Score >= 0.5 || os.Getenv("ASSAY_FAINT") != "") {
			c.t.Logf("%s %.2f %s %s: %.300q", name, sign.Score, sign.Where, sign.Why, what(sign))
		}
	}
}

func (c *count) judge() {
	c.t.Helper()
	per := func(n int) float64 { return 1000 * float64(n) / float64(c.all) }
	for _, name := range slices.Sorted(maps.Keys(c.names)) {
		c.t.Logf("  %-60s %5d signs, %6.2f in 1,000; sure %4d, %6.2f in 1,000", name, c.names[name], per(c.names[name]), c.sure[name], per(c.sure[name]))
	}
	for _, kind := range slices.Sorted(maps.Keys(c.kinds)) {
		c.t.Logf("  a sure sign of %-14s in %6.2f of 1,000", kind, per(c.kinds[kind]))
	}
	for kind, most := range c.most {
		if got := per(c.kinds[kind]); got > most {
			c.t.Errorf("%s: a sure sign in %.2f of 1,000, want at most %.1f", kind, got, most)
		}
	}
}

// context is what of the exchange is shown with a sign.
func context(w wire, s scanner.Sign) string {
	x, request, response := w.exchange()
	said := watch.TextAt(x, request, response, s.Where, s.Side)
	if s.End <= len(said) && s.End > s.Start {
		return said[max(0, s.Start-60):min(len(said), s.End+60)]
	}
	return said[:min(len(said), 200)]
}
