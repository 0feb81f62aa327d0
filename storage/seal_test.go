package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// planted are credentials as they travel; %s is the secret part.
var planted = []struct{ where, name, value string }{
	{"request", "Authorization", "Bearer %s"},
	{"request", "authorization", "%s"},
	{"request", "Proxy-Authorization", "Basic %s"},
	{"request", "Cookie", "theme=%s; session=%s"},
	{"request", "x-api-key", "%s"},
	{"request", "api-key", "%s"},
	{"request", "X-Goog-Api-Key", "%s"},
	{"request", "Ocp-Apim-Subscription-Key", "%s"},
	{"request", "X-Amz-Security-Token", "%s"},
	{"request", "X-Vault-Token", "%s"},
	{"request", "X-Client-Secret", "%s"},
	{"request", "Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.%s, openai-beta"},
	{"request", "Referer", "https://a.example/?access_token=%s&x=1"},
	{"response", "Set-Cookie", "sid=%s; Path=/; HttpOnly"},
	{"response", "X-Auth-Token", "%s"},
	{"response", "Location", "https://a.example/cb?code=1&api_key=%s"},
	{"trailer", "X-Session-Token", "%s"},
	{"query", "key", "%s"},
	{"query", "api_key", "%s"},
	{"query", "access_token", "%s"},
	{"query", "sig", "%s"},
	{"query", "X-Amz-Signature", "%s"},
	{"query", "api%%5Fkey", "%s"},
	{"origin", "cookies", "%s"},
}

// secretsAndExchanges plants every credential in an exchange.
func secretsAndExchanges(tag string) (secrets []string, list []*traffic.Exchange) {
	for i, c := range planted {
		secret := fmt.Sprintf("s3cr3t-%s-%02d-zzzz", tag, i)
		secrets = append(secrets, secret)
		value := strings.ReplaceAll(c.value, "%s", secret)
		x := exchange("a.example", "/x", 200, []byte(`{"a":1}`), []byte(`{"b":2}`))
		f := traffic.Field{Name: c.name, Value: value}
		switch c.where {
		case "request":
			x.Request.Header = append(x.Request.Header, f)
		case "response":
			x.Response.Header = append(x.Response.Header, f)
		case "trailer":
			x.Response.Trailer = append(x.Response.Trailer, f)
		case "query":
			x.Request.URL += "?q=1&" + strings.ReplaceAll(c.name, "%%", "%") + "=" + value + "&alt=sse"
		case "origin":
			x.Request.Header = append(x.Request.Header, traffic.Field{Name: "Cookie", Value: "a=" + value})
			x.Origin = []byte(`{"cookies":[{"name":"a","value":"` + value + `"}]}`)
		}
		list = append(list, x)
	}
	return secrets, list
}

func TestSecretsNeverReachTheDisk(t *testing.T) {
	t.Parallel()
	path := temp(t)
	chain := &keys{}
	p := open(t, path, storage.Options{Keys: chain})
	secrets, list := secretsAndExchanges("rec")
	for _, x := range list {
		id := record(p.Recorder(), x, 1)
		flush(t, p)
		c := &llm.Conversation{Kind: llm.KindLLM, Family: "openai.chat", Answer: "yes", Messages: []llm.Message{{Role: "user", Parts: []llm.Part{{Kind: llm.PartText, Text: "hello"}}}}}
		if err := p.SaveReading(t.Context(), id, c); err != nil {
			t.Fatal(err)
		}
	}
	imported, records := secretsAndExchanges("imp")
	_, err := p.Import(t.Context(), func(yield func(*traffic.Record, error) bool) {
		for _, x := range records {
			if !yield(&traffic.Record{Exchange: *x}, nil) {
				return
			}
		}
	}, storage.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	secrets = append(secrets, imported...)
	backup := filepath.Join(filepath.Dir(path), "backup.assay")
	greps := func() {
		t.Helper()
		for _, dir := range []string{filepath.Dir(path)} {
			grep(t, dir, secrets)
		}
	}
	greps()
	settle(t, p)
	if err := p.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	greps()
	wantPlaceholders(t, p, secrets)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	greps()
	again := open(t, path, storage.Options{Keys: chain})
	wantPlaceholders(t, again, secrets)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	// Somebody else's machine: placeholders stay, values do not open.
	other := open(t, backup, storage.Options{Keys: &keys{}})
	rows, err := other.List(t.Context(), storage.Filter{Where: query(t, "header.x-api-key:cred"), Limit: 1})
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	x, err := other.Exchange(t.Context(), rows[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Credential(t.Context(), x.Request.Header.Get("x-api-key")); !errors.Is(err, storage.ErrNoValue) {
		t.Error(err)
	}
}

// wantPlaceholders finds each secret again through its placeholder, and each once.
func wantPlaceholders(t *testing.T, p *storage.Project, secrets []string) {
	t.Helper()
	found := map[string]bool{}
	rows, err := p.List(t.Context(), storage.Filter{Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		x, err := p.Exchange(t.Context(), row.ID)
		if err != nil {
			t.Fatal(err)
		}
		all := x.Request.URL + string(x.Origin)
		for _, h := range []traffic.Header{x.Request.Header, x.Response.Header, x.Response.Trailer} {
			for _, f := range h {
				all += "\n" + f.Value
			}
		}
		for rest := all; ; {
			_, after, ok := strings.Cut(rest, "⟨cred:")
			if !ok {
				break
			}
			id, after, _ := strings.Cut(after, "⟩")
			rest = after
			value, err := p.Credential(t.Context(), "⟨cred:"+id+"⟩")
			if err != nil {
				t.Fatal(err)
			}
			found[value] = true
		}
	}
	for _, s := range secrets {
		if !found[s] {
			t.Errorf("the value %q is behind no placeholder", s)
		}
	}
}

func grep(t *testing.T, dir string, secrets []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files++
		for _, s := range secrets {
			if bytes.Contains(data, []byte(s)) {
				t.Errorf("%s contains %q", filepath.Base(name), s)
			}
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatal(files, err)
	}
}

func TestHarmlessHeadersStay(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	x := exchange("a.example", "/?max_tokens=5&monkey=7&keyword=a&next_page_token_count=3&with_token=false", 200, nil, nil)
	x.Request.Header = traffic.Header{
		{Name: "x-ratelimit-remaining-tokens", Value: "100"},
		{Name: "anthropic-ratelimit-input-tokens-limit", Value: "5"},
		{Name: "Sec-WebSocket-Key", Value: "abc=="},
		{Name: "Idempotency-Key", Value: "k-1"},
		{Name: "Access-Control-Allow-Headers", Value: "authorization"},
		{Name: "Access-Control-Allow-Credentials", Value: "true"},
		{Name: "openai-organization", Value: "org"},
		{Name: "Authorization", Value: ""},
		{Name: "x-max-tokens", Value: "9"},
	}
	id := record(p.Recorder(), x, 1)
	flush(t, p)
	got, err := p.Exchange(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if got.Request.URL != x.Request.URL {
		t.Error(got.Request.URL)
	}
	for i, f := range got.Request.Header {
		if f != x.Request.Header[i] {
			t.Errorf("%v became %v", x.Request.Header[i], f)
		}
	}
}

func TestWithoutKeysValuesAreForgotten(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	x := exchange("a.example", "/", 200, nil, nil)
	x.Request.Header = traffic.Header{{Name: "Authorization", Value: "Bearer abcdef"}, {Name: "x-api-key", Value: "abcdef"}}
	id := record(p.Recorder(), x, 1)
	flush(t, p)
	got, err := p.Exchange(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	scheme, placeholder, _ := strings.Cut(got.Request.Header.Get("Authorization"), " ")
	if scheme != "Bearer" || placeholder != got.Request.Header.Get("x-api-key") || !strings.HasPrefix(placeholder, "⟨cred:") {
		t.Error(got.Request.Header)
	}
	if _, err := p.Credential(t.Context(), placeholder); !errors.Is(err, storage.ErrNoValue) {
		t.Error(err)
	}
	info, err := p.Info(t.Context())
	if err != nil || info.KeepsValues || info.Credentials != 0 {
		t.Error(info, err)
	}
}
