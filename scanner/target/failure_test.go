package target_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/scanner/target"
)

// TestFailures asks a service with every fault. said is what of the provider's own words must be told.
func TestFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code  target.Code
		said  string
		retry time.Duration
	}{
		"/unauthorized":   {code: target.CodeUnauthorized, said: "Incorrect API key provided: •••."},
		"/gemini-key":     {code: target.CodeUnauthorized, said: "API key not valid. Please pass a valid API key."},
		"/forbidden":      {code: target.CodeForbidden, said: "You may not use this."},
		"/nomodel":        {code: target.CodeNoModel, said: "The model `m` does not exist"},
		"/nomodel-ollama": {code: target.CodeNoModel, said: "model 'm' not found"},
		"/nomodel-400":    {code: target.CodeNoModel, said: "Invalid model: m"},
		"/nopath":         {code: target.CodeWrongPath, said: "Not Found"},
		"/notallowed":     {code: target.CodeWrongPath, said: "Method Not Allowed"},
		"/busy":           {code: target.CodeRateLimited, said: "Slow down.", retry: 17 * time.Second},
		"/busy-date":      {code: target.CodeRateLimited, said: "Slow down."},
		"/nocredit":       {code: target.CodeNoCredit, said: "You exceeded your current quota."},
		"/payment":        {code: target.CodeNoCredit, said: "Insufficient Balance"},
		"/broken":         {code: target.CodeServerError, said: "Oh no"},
		"/overloaded":     {code: target.CodeServerError, said: "Overloaded"},
		"/gateway":        {code: target.CodeTimeout, said: "upstream took too long"},
		"/redirect":       {code: target.CodeRedirect, said: ""},
		"/loop":           {code: target.CodeRedirect},
		"/page":           {code: target.CodeNotJSON},
		"/page-as-json":   {code: target.CodeNotJSON},
		"/notjson":        {code: target.CodeNotJSON},
		"/halfjson":       {code: target.CodeNotJSON},
		"/empty":          {code: target.CodeEmpty},
		"/nothing":        {code: target.CodeEmpty},
		"/error200":       {code: target.CodeProviderError, said: "The backend is asleep."},
		"/noanswer":       {code: target.CodeNoAnswer},
		"/cut":            {code: target.CodeCut},
		"/cutstream":      {code: target.CodeCut},
		"/huge":           {code: target.CodeTooLarge},
		"/bomb":           {code: target.CodeTooLarge},
		"/hangup":         {code: target.CodeReset},
		"/longhead":       {code: target.CodeTooLarge},
	}
	for path, test := range tests {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			t.Parallel()
			m := openAIAt(t, faulty(t)+path)
			tried, err := reach(t, m, target.Options{Most: 1 << 20}).Try(t.Context())
			f, ok := target.FailureOf(err)
			if !ok {
				t.Fatalf("no failure: %v, %+v", err, tried.Answer)
			}
			if f.Code != test.code || f.RetryAfter != test.retry || !strings.Contains(f.Said, test.said) {
				t.Errorf("%s (retry %s): %s\nwant %s, %q, retry %s", f.Code, f.RetryAfter, f, test.code, test.said, test.retry)
			}
			if f.Fix == "" || f.What == "" {
				t.Errorf("it says nothing to do: %+v", f)
			}
			if text := f.Error() + f.Fix; strings.Contains(text, "secret-key-1") {
				t.Errorf("the key is told: %s", text)
			}
			if record := tried.Record(err); record.Code != string(f.Code) || record.Error != f.Error() {
				t.Errorf("the try is kept as %+v", record)
			}
		})
	}
}

// TestPatience asks services that answer late, and never end.
func TestPatience(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]target.Code{"/silent": target.CodeTimeout, "/drip": target.CodeEndless} {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			t.Parallel()
			m := openAIAt(t, faulty(t)+path)
			start := time.Now()
			_, err := reach(t, m, target.Options{Patience: 500 * time.Millisecond}).Try(t.Context())
			if f, ok := target.FailureOf(err); !ok || f.Code != want {
				t.Errorf("%v, want %s", err, want)
			}
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// TestCertificates meets certificates that must not be trusted, and one that must.
func TestCertificates(t *testing.T) {
	t.Parallel()
	now := time.Now()
	here := []net.IP{net.IPv4(127, 0, 0, 1)}
	tests := map[string]struct {
		from, to time.Time
		ips      []net.IP
		trusted  bool
		want     target.Code
	}{
		"unknown authority": {from: now.Add(-time.Hour), to: now.Add(time.Hour), ips: here, want: target.CodeUnknownCA},
		"expired":           {from: now.Add(-2 * time.Hour), to: now.Add(-time.Hour), ips: here, trusted: true, want: target.CodeExpired},
		"not valid yet":     {from: now.Add(time.Hour), to: now.Add(2 * time.Hour), ips: here, trusted: true, want: target.CodeExpired},
		"wrong name":        {from: now.Add(-time.Hour), to: now.Add(time.Hour), trusted: true, want: target.CodeWrongName},
		"right":             {from: now.Add(-time.Hour), to: now.Add(time.Hour), ips: here, trusted: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, roots := withCertificate(t, test.from, test.to, test.ips, "other.example")
			if !test.trusted {
				roots = x509.NewCertPool()
			}
			_, err := reach(t, openAIAt(t, url+"/chat"), target.Options{Roots: roots}).Try(t.Context())
			f, failed := target.FailureOf(err)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (!failed || f.Code != test.want):
				t.Errorf("%v, want %s", err, test.want)
			case name == "wrong name" && !strings.Contains(f.What, "other.example"):
				t.Errorf("it does not say whose it is: %s", f)
			}
		})
	}
}

// TestWrongScheme speaks TLS to a plain port and plain HTTP to one with TLS.
func TestWrongScheme(t *testing.T) {
	t.Parallel()
	plain := strings.Replace(faulty(t), "http://", "https://", 1)
	secure, _ := withCertificate(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour), nil)
	for _, url := range []string{plain, strings.Replace(secure, "https://", "http://", 1)} {
		_, err := reach(t, openAIAt(t, url+"/openai"), target.Options{}).Try(t.Context())
		if f, ok := target.FailureOf(err); !ok || f.Code != target.CodePlain {
			t.Errorf("%s: %v, want %s", url, err, target.CodePlain)
		}
	}
}

// TestNobodyThere meets a closed port, and something that is no HTTP.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	mail, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mail.Close() })
	go func() {
		for {
			c, err := mail.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1)) // what is said before it was asked would be logged
			_, _ = c.Write([]byte("500 what?\r\n"))
			_, _ = io.Copy(io.Discard, c)
			_ = c.Close()
		}
	}()
	for host, want := range map[string]target.Code{closed: target.CodeRefused, mail.Addr().String(): target.CodeNotHTTP} {
		_, err := reach(t, openAIAt(t, "http://"+host+"/chat"), target.Options{}).Try(t.Context())
		if f, ok := target.FailureOf(err); !ok || f.Code != want || !strings.Contains(f.What, host) {
			t.Errorf("%s: %v, want %s", host, err, want)
		}
	}
}

// failing is a network on which every request fails in one way.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// TestNetwork takes errors that only a network can make.
func TestNetwork(t *testing.T) {
	t.Parallel()
	tests := map[target.Code]error{
		target.CodeDNS:         &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "a.example", IsNotFound: true}},
		target.CodeUnreachable: &net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH},
		target.CodeReset:       &net.OpError{Op: "read", Err: syscall.ECONNRESET},
		target.CodeTimeout:     &net.OpError{Op: "dial", Err: context.DeadlineExceeded},
		target.CodeNotSent:     errors.New("something else: secret-key-1"),
	}
	for want, cause := range tests {
		_, err := reach(t, openAIAt(t, "https://a.example/chat"), target.Options{Transport: failing{cause}}).Try(t.Context())
		f, ok := target.FailureOf(err)
		if !ok || f.Code != want || !errors.Is(err, cause) {
			t.Errorf("%v, want %s", err, want)
		} else if strings.Contains(f.Error(), "secret-key-1") {
			t.Errorf("the key is told: %s", f)
		}
	}
}

// TestCancelled ends when its context does, with the context's error.
func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	m := openAIAt(t, faulty(t)+"/silent")
	made := reach(t, m, target.Options{Secret: func(context.Context, string) (string, error) {
		cancel() // before the request goes out
		return "secret-key-1", nil
	}})
	if _, err := made.Try(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "17": 17 * time.Second, "0.5": 500 * time.Millisecond, "-3": 0, "soon": 0, "NaN": 0, "1e300": 24 * time.Hour, "Inf": 24 * time.Hour,
		"Thu, 01 Jan 2026 00:01:00 GMT": time.Minute, "Wed, 31 Dec 2025 00:00:00 GMT": 0, "Thu, 01 Jan 2099 00:01:00 GMT": 24 * time.Hour,
	} {
		if got := target.RetryAfter(text, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
