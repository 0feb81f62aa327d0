package rule_test

import (
	"fmt"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/traffic"
)

// chat is an ordinary call of a model, looked at.
func chat(n int) *scanner.Sight {
	x := &traffic.Exchange{ID: traffic.ID(n), Started: time.Date(2026, 1, 5, 8, 0, n, 0, time.UTC), Source: traffic.SourceProxy, Kind: traffic.KindHTTP, State: traffic.StateComplete}
	x.Request.Method, x.Request.URL = "POST", "https://api.openai.com/v1/chat/completions"
	x.Request.Header = traffic.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Authorization", Value: "Bearer sk-test-1"}}
	x.Response = &traffic.Response{Status: 200, Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}}}
	request := fmt.Sprintf(`{"model":"gpt-4o","messages":[{"role":"system","content":"You help."},{"role":"user","content":"How warm was it on day %d in Bremen?"}]}`, n)
	response := `{"choices":[{"message":{"role":"assistant","content":"About 12 degrees."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":6,"total_tokens":26}}`
	s := watch.LookAt(x, []byte(request), []byte(response))
	s.Actor, s.Endpoint, s.Conversation = scanner.ActorKey(fmt.Sprintf("user:%d", n%200)), 1, traffic.ID(n)
	return s
}

// BenchmarkObserve is what the shipped rules together take for one exchange: an ordinary one, and one with signs.
func BenchmarkObserve(b *testing.B) {
	rules := shipped(b)
	for _, signs := range []int{0, 5} {
		b.Run(fmt.Sprintf("%d signs", signs), func(b *testing.B) {
			set, err := rule.NewSet(rules, nil)
			if err != nil {
				b.Fatal(err)
			}
			var sights []*scanner.Sight
			for n := range 1000 {
				s := chat(n)
				for i := range signs {
					s.Signs = append(s.Signs, scanner.Sign{Kind: scanner.SignInjection, Name: fmt.Sprint("way", i), Side: scanner.InRequest, Role: "user", Score: 0.4, Why: "Something"})
				}
				sights = append(sights, s)
			}
			b.ReportMetric(float64(len(rules)), "rules")
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				s := sights[n%len(sights)]
				s.At = s.At.Add(time.Second)
				set.Observe(s, nil)
				n++
			}
		})
	}
	b.Run("guard", func(b *testing.B) {
		set, err := rule.NewSet(rules, nil)
		if err != nil {
			b.Fatal(err)
		}
		s := chat(1)
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				set.Single(s)
			}
		})
	})
}
