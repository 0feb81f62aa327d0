package rule_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/test/corpus"
	"assay/traffic"
)

// recorded is an exchange that other projects recorded.
type recorded struct {
	Method, URL, Sha string
	RequestHeaders   json.RawMessage `json:"request_headers"`
	RequestBody      *string         `json:"request_body"`
	RequestBodyB64   string          `json:"request_body_b64"`
	Status           int
	ResponseHeaders  json.RawMessage `json:"response_headers"`
	ResponseBody     *string         `json:"response_body"`
	ResponseBodyB64  string          `json:"response_body_b64"`
	Source           json.RawMessage
}

func bodyOf(text *string, coded string) []byte {
	if text != nil {
		return []byte(*text)
	}
	body, _ := base64.StdEncoding.DecodeString(coded)
	return body
}

// headersOf reads headers as a mapping of names to values or lists of them, or as a list of pairs.
func headersOf(raw json.RawMessage) traffic.Header {
	var h traffic.Header
	var byName map[string]any
	if json.Unmarshal(raw, &byName) == nil {
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			switch v := byName[name].(type) {
			case string:
				h = append(h, traffic.Field{Name: name, Value: v})
			case []any:
				for _, each := range v {
					if s, ok := each.(string); ok {
						h = append(h, traffic.Field{Name: name, Value: s})
					}
				}
			}
		}
		return h
	}
	var pairs [][2]string
	if json.Unmarshal(raw, &pairs) == nil {
		for _, p := range pairs {
			h = append(h, traffic.Field{Name: p[0], Value: p[1]})
		}
	}
	return h
}

// looked are the sights of all recorded exchanges.
func looked(tb testing.TB) (sights []*scanner.Sight, all []recorded, bytesRead int) {
	tb.Helper()
	all = corpus.Read[recorded](tb, "wire", "dev.jsonl.zst")
	at := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	for i := range all {
		r := &all[i]
		x := &traffic.Exchange{ID: traffic.ID(i + 1), Started: at.Add(time.Duration(i) * 20 * time.Second), Source: traffic.SourceImport, Kind: traffic.KindHTTP, State: traffic.StateComplete}
		x.Request.Method, x.Request.URL, x.Request.Header = r.Method, r.URL, headersOf(r.RequestHeaders)
		x.Response = &traffic.Response{Status: r.Status, Header: headersOf(r.ResponseHeaders)}
		request, response := bodyOf(r.RequestBody, r.RequestBodyB64), bodyOf(r.ResponseBody, r.ResponseBodyB64)
		x.Request.Body.Size, x.Response.Body.Size = int64(len(request)), int64(len(response))
		in := llm.Input{Method: r.Method, URL: r.URL, RequestHeader: x.Request.Header, RequestBody: request, Status: r.Status, ResponseHeader: x.Response.Header, ResponseBody: bytes.Clone(response), Ended: true}
		said := llm.Parse(in)
		sights = append(sights, watch.Look(&watch.Seen{Exchange: x, Conversation: &said, Request: request, Response: response, Thread: x.ID}, nil))
		bytesRead += len(request) + len(response)
	}
	return sights, all, bytesRead
}

// TestRecorded holds the rules to silence on what programs of all sorts recorded: nobody attacked there, but for tests of
// what models decline.
func TestRecorded(t *testing.T) {
	t.Parallel()
	sights, all, _ := looked(t)
	set, err := rule.NewSet(shipped(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	fired, touched, grave := map[string][]string{}, 0, 0
	for i, s := range sights {
		told := false
		for _, m := range set.Observe(s, nil) {
			if !strings.HasPrefix(m.Rule.ID, "new-model-") { // this is the traffic of 43 projects: hosts and models are new all the time
				told = true
			}
			if m.Severity == scanner.SeverityCritical {
				grave++
			}
			fired[m.Rule.ID] = append(fired[m.Rule.ID], all[i].Sha+" "+all[i].URL+" "+m.Seen)
		}
		if told {
			touched++
		}
	}
	ids := slices.SortedFunc(maps.Keys(fired), func(a, b string) int { return cmp.Compare(len(fired[b]), len(fired[a])) })
	for _, id := range ids {
		t.Logf("%4d %s", len(fired[id]), id)
		for i, what := range fired[id] {
			if i < 4 {
				t.Logf("         %.220s", what)
			}
		}
	}
	t.Logf("%d of %d exchanges made a rule hold, %d a critical one", touched, len(sights), grave)
	if touched*100 > len(sights) || grave > 0 {
		t.Errorf("that is more than one in a hundred, or a critical one")
	}
}
