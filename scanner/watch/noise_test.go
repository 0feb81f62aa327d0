package watch_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
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
	Method          string            `json:"method"`
	URL             string            `json:"url"`
	RequestHeaders  json.RawMessage   `json:"request_headers"`
	Request         string            `json:"request_body"`
	Request64       string            `json:"request_body_b64"`
	Status          int               `json:"status"`
	ResponseHeaders json.RawMessage   `json:"response_headers"`
	Response        string            `json:"response_body"`
	Response64      string            `json:"response_body_b64"`
	SHA             string            `json:"sha"`
	Source          string            `json:"source"`
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

// TestNoise counts the signs in recorded traffic of honest programs: what is told there is mostly wrong. ASSAY_SIGNS names a
// kind, or kind/name, whose signs are listed.
func TestNoise(t *testing.T) {
	if testing.Short() {
		t.Skip("reads all recordings")
	}
	show := os.Getenv("ASSAY_SIGNS")
	total, bytes := 0, 0
	count := map[string]int{}
	sure := map[string]int{}
	var took time.Duration
	for _, w := range corpus.Read[wire](t, "wire", "dev.jsonl.zst") {
		x, request, response := w.exchange()
		start := time.Now()
		s := watch.LookAt(x, request, response)
		took += time.Since(start)
		total, bytes = total+1, bytes+len(request)+len(response)
		for _, sign := range s.Signs {
			name := string(sign.Kind) + "/" + sign.Name + " " + string(sign.Side) + " " + sign.Role
			count[name]++
			if sign.Score >= 0.5 {
				sure[name]++
			}
			if show != "" && strings.HasPrefix(name, show) && (sign.Score >= 0.5 || os.Getenv("ASSAY_FAINT") != "") {
				t.Logf("%s %s %.2f %s %s: %.300q", w.SHA[:8], w.Source, sign.Score, sign.Where, sign.Why, context(w, sign))
			}
		}
	}
	t.Logf("%d exchanges, %d MB, %v, %.1f MB/s", total, bytes>>20, took, float64(bytes)/1e6/took.Seconds())
	for _, name := range sorted(count) {
		t.Logf("  %-60s %5d  %6.2f per 1,000; sure %4d %6.2f", name, count[name], 1000*float64(count[name])/float64(total), sure[name], 1000*float64(sure[name])/float64(total))
	}
}

func sorted(m map[string]int) []string {
	var names []string
	for k := range m {
		names = append(names, k)
	}
	for i := range names {
		for j := i + 1; j < len(names); j++ {
			if names[j] < names[i] {
				names[i], names[j] = names[j], names[i]
			}
		}
	}
	return names
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
