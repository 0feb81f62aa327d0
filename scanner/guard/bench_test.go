package guard_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"assay/scanner"
	"assay/scanner/guard"
)

// prose is about n bytes of what people write, different for each seed.
func prose(n, seed int) string {
	words := strings.Fields("the report of last week says that our customers in the north were happy with what the team delivered and ask for more detail on prices before they sign anything please summarise it in a few short sentences and list what is open")
	var b strings.Builder
	for i := seed; b.Len() < n; i++ {
		b.WriteString(words[(i*7+i/5+seed*13)%len(words)])
		b.WriteByte(' ')
	}
	return b.String()
}

// BenchmarkAnswer is what the guard adds to an answer of 2 KB, each another one.
func BenchmarkAnswer(b *testing.B) {
	var policies []scanner.Policy
	for _, of := range guard.Presets() {
		for _, p := range of {
			p.On = true
			policies = append(policies, p)
		}
	}
	g, err := guard.New(guard.Options{Mode: scanner.GuardEnforce, Policies: policies})
	if err != nil {
		b.Fatal(err)
	}
	asked := `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"What is new?"}]}`
	text := prose(2<<10, 1)
	b.SetBytes(2 << 10)
	for i := 0; b.Loop(); i++ {
		req, err := http.NewRequest(http.MethodPost, "https://api.openai.com/v1/chat/completions", strings.NewReader(asked))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		g.Request(req)
		body := `{"id":"c","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Answer ` + strconv.Itoa(i) + ": " + text + `"},"finish_reason":"stop"}]}`
		resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}
		g.Response(resp)
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
			b.Fatal(resp.Status, err)
		}
	}
}

// BenchmarkRequest is what the guard adds to a request of 8 KB before it is sent on, each prompt another one.
func BenchmarkRequest(b *testing.B) {
	all := guard.Presets()
	for name, policies := range map[string][]scanner.Policy{
		"secrets": all[guard.PresetSecrets],
		"owasp":   all[guard.PresetOWASP],
		"all":     append(append(append(append([]scanner.Policy{}, all[guard.PresetSecrets]...), all[guard.PresetOWASP]...), all[guard.PresetPersonal]...), all[guard.PresetTools]...),
	} {
		for i := range policies {
			policies[i].On = true
		}
		b.Run(name, func(b *testing.B) {
			g, err := guard.New(guard.Options{Mode: scanner.GuardEnforce, Policies: policies})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(8 << 10)
			text := prose(8<<10, 1)
			for i := 0; b.Loop(); i++ {
				body := `{"model":"gpt-4o-mini","messages":[{"role":"system","content":"Answer briefly."},{"role":"user","content":"Request ` + strconv.Itoa(i) + ": " + text + `"}]}`
				req, err := http.NewRequest(http.MethodPost, "https://api.openai.com/v1/chat/completions", strings.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Content-Type", "application/json")
				if resp := g.Request(req); resp != nil {
					text, _ := io.ReadAll(resp.Body)
					b.Fatalf("%s", text)
				}
			}
		})
	}
}
