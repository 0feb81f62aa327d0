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
