package e2e_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/lab"
	"assay/proxy"
	"assay/proxy/ca"
	"assay/scanner"
	"assay/scanner/guard"
)

// planted is a key that must not leave. It was never anybody's.
const planted = "sk-proj-Zq8Lm3Xv7Nc2Rt5Yw9Bd4Fg6Hj1Kp0Sa8Ue3Io5Tl7Vb2Mx4Wz6Qy9"

// account and card are what answers must not say.
const (
	account = "DE89370400440532013000"
	card    = "4111 1111 1111 1111"
)

// guardPolicies are those of the tests with SDKs; test/sdk/guard.mjs has a prompt for each.
var guardPolicies = []scanner.Policy{
	{ID: 1, On: true, Name: "Keys stay here", Action: scanner.Redact, Side: scanner.InRequest, Types: []string{"secret"}},
	{ID: 2, On: true, Name: "No fruit", Action: scanner.Block, Side: scanner.InRequest, Where: "text:forbiddenfruit"},
	{ID: 3, On: true, Name: "Be polite", Action: scanner.Block, Side: scanner.InRequest, Where: "text:politerefusal", Finish: true, Say: "I cannot speak of that."},
	{ID: 4, On: true, Name: "No accounts", Action: scanner.Block, Side: scanner.InAnswer, Types: []string{"IBAN_CODE"}},
	{ID: 5, On: true, Name: "No cards", Action: scanner.Block, Side: scanner.InAnswer, Types: []string{"CREDIT_CARD"}, Finish: true, Say: "I cannot say that."},
}

// behindGuard is the lab behind a guard, in this process: what the lab received is there to be looked at.
type behindGuard struct {
	url string

	mu      sync.Mutex
	bodies  []string
	rulings []scanner.Ruling
}

func guarded(t *testing.T) *behindGuard {
	t.Helper()
	b := &behindGuard{}
	practice := lab.New(lab.Options{Pace: 3 * time.Millisecond}).Handler()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what broke off is not what the test is about
		b.mu.Lock()
		b.bodies = append(b.bodies, string(body))
		b.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		practice.ServeHTTP(w, r)
	}))
	server.Config.Protocols = new(http.Protocols) // Bedrock's SDK speaks HTTP/2 without TLS
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	g, err := guard.New(guard.Options{
		Mode: scanner.GuardEnforce, Policies: guardPolicies, ID: proxy.ExchangeID, Exchange: proxy.ExchangeOf,
		Tell: func(r scanner.Ruling) {
			b.mu.Lock()
			b.rulings = append(b.rulings, r)
			b.mu.Unlock()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	authority, err := ca.Load(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proxy.New(proxy.Config{Authority: authority, Guard: g, Reverse: to})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.url = "http://" + p.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return b
}

// about counts the requests that the lab received with a word in them.
func (b *behindGuard) about(word string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, body := range b.bodies {
		if strings.Contains(body, word) {
			n++
		}
	}
	return n
}

// by counts the rulings of a policy that were carried out.
func (b *behindGuard) by(policy scanner.PolicyID) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, r := range b.rulings {
		if r.Policy == policy && r.Done {
			n++
		}
	}
	return n
}

// guardCall is what an SDK made of one call.
type guardCall struct {
	Case    string `json:"case"`
	Way     string `json:"way"`
	Text    string `json:"text"`
	Failure string `json:"failure"` // the error's class
	Status  any    `json:"status"`
	Message string `json:"message"`
}

// TestSDKsBehindGuard runs official SDKs with the retries they have by themselves.
func TestSDKsBehindGuard(t *testing.T) {
	t.Parallel()
	folder := sdkFolder(t)
	for _, s := range []struct {
		name, base string
		denied     string // the class of error of a blocked request
		finishes   bool   // the guard can answer as if the model refused
	}{
		{"openai", "/openai/v1", "PermissionDeniedError", true},
		{"responses", "/openai/v1", "PermissionDeniedError", true},
		{"anthropic", "/anthropic", "PermissionDeniedError", true},
		{"google", "/gemini", "ApiError", true},
		{"ollama", "/ollama", "ResponseError", true},
		{"bedrock", "/bedrock", "AccessDeniedException", false},
		{"mcp", "/mcp", "", false},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := guarded(t)
			env := append(environment(t.TempDir()), "API_KEY="+sdkKey, "PLANTED="+planted, "BASE_URL="+b.url+s.base)
			calls := lines[guardCall](t, runIn(t, env, "node", filepath.Join(folder, "guard.mjs"), s.name))
			for _, c := range calls {
				c.check(t, b, s.name, s.denied, s.finishes)
			}
			if b.about(planted) > 0 {
				t.Error("the planted key reached the lab")
			}
			if b.about("forbiddenfruit")+b.about("politerefusal") > 0 {
				t.Error("a blocked request reached the lab")
			}
			ways := len(calls) / 6
			if n := b.by(2); n != ways {
				t.Errorf("%d requests were blocked, expected %d: an SDK that is told no must not ask again", n, ways)
			}
			if s.name != "mcp" && (b.about("kettles") != ways || b.about(account) != ways) {
				t.Errorf("the lab received %d requests about kettles and %d about accounts, expected %d", b.about("kettles"), b.about(account), ways)
			}
		})
	}
}

func (c guardCall) check(t *testing.T, b *behindGuard, sdk, denied string, finishes bool) {
	t.Helper()
	stopped := c.Failure != "" && strings.Contains(c.Message, "Stopped by the policy")
	if strings.Contains(c.Text, account) || strings.Contains(c.Text, card) || sdk != "mcp" && strings.Contains(c.Text, "4111") { // the lab's order desk cuts what it repeats
		t.Errorf("%s %s: the client got %q", c.Case, c.Way, c.Text)
	}
	switch c.Case {
	case "pass":
		if c.Failure != "" || sdk != "mcp" && c.Text != "all is well here" {
			t.Errorf("pass %s: %+v", c.Way, c)
		}
	case "redact":
		if c.Failure != "" {
			t.Errorf("redact %s: %+v", c.Way, c)
		}
	case "block":
		if !stopped || denied != "" && c.Failure != denied {
			t.Errorf("block %s: %+v", c.Way, c)
		}
	case "finish":
		if finishes && (c.Failure != "" || c.Text != "I cannot speak of that.") || !finishes && c.Failure == "" && c.Text != "I cannot speak of that." {
			t.Errorf("finish %s: %+v", c.Way, c)
		}
	case "cut":
		if sdk != "mcp" && !stopped {
			t.Errorf("cut %s: %+v", c.Way, c)
		}
	case "end":
		if finishes && (c.Failure != "" || !strings.HasSuffix(c.Text, "I cannot say that.")) || !finishes && sdk != "mcp" && c.Failure == "" && c.Text != "I cannot say that." {
			t.Errorf("end %s: %+v", c.Way, c)
		}
	}
}
