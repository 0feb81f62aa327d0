package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"assay/app"
)

func TestCommandWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		want []string
		bad  bool
	}{
		{"", nil, false},
		{"vault read -field=token secret/b", []string{"vault", "read", "-field=token", "secret/b"}, false},
		{`sh -c "echo 'a b'; echo $X"`, []string{"sh", "-c", "echo 'a b'; echo $X"}, false},
		{`a\ b 'c\d' "e\"f" ''`, []string{"a b", `c\d`, `e"f`, ""}, false},
		{"  spaced\tout \n", []string{"spaced", "out"}, false},
		{`echo "x`, nil, true},
		{`echo x\`, nil, true},
	} {
		got, err := app.ReadWords(c.line)
		if (err != nil) != c.bad || !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, %v; want %q", c.line, got, err, c.want)
		}
	}
}

func FuzzCommandWords(f *testing.F) {
	for _, line := range []string{"", "a b", `a "b c" 'd'`, `\`, "'", "é \x00 ’"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		got, err := app.ReadWords(line)
		if err != nil {
			return
		}
		// What is quoted again gives the same words.
		var quoted []string
		for _, w := range got {
			quoted = append(quoted, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
		}
		again, err := app.ReadWords(strings.Join(quoted, " "))
		if err != nil || !slices.Equal(again, got) {
			t.Errorf("%q gives %q, and quoted %q, %v", line, got, again, err)
		}
	})
}

// result is a line of `assay test show RUN --json`.
const result = `{"case":1,"template":"script-in-answer","mutation":"none","target":"model:1","trial":1,"verdict":"vulnerable","reason":"r","evidence":[{"signal":"payload","where":"answer","why":"w"}],"owasp":[],"severity":"high","fingerprint":"0123456789abcdef01234567"}`

func TestReadBaseline(t *testing.T) {
	t.Parallel()
	// Without its fingerprint a line is told by template, target and what proves it.
	bare := strings.Replace(result, `,"fingerprint":"0123456789abcdef01234567"`, "", 1)
	resisted := strings.Replace(result, `"vulnerable"`, `"resisted"`, 1)
	for _, c := range []struct {
		name, text string
		want       int
		wrong      string
	}{
		{"one", result, 1, ""},
		{"the same twice, blank lines", result + "\n\n" + result + "\n", 1, ""},
		{"with and without its fingerprint", result + "\n" + bare, 2, ""},
		{"what resisted is no finding", resisted, 0, ""},
		{"nothing", "", 0, "it holds no results"},
		{"another file", `{"name":"x"}`, 0, "line 1 is no result: it names no template and verdict"},
		{"no JSON", result + "\nhello", 0, "line 2 is no result"},
		{"another type", `[1]`, 0, "line 1 is no result"},
	} {
		prints, err := app.ReadBaseline(strings.NewReader(c.text))
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.wrong)
		}
		if len(prints) != c.want {
			t.Errorf("%s: %d findings, want %d", c.name, len(prints), c.want)
		}
	}
}

func FuzzReadBaseline(f *testing.F) {
	for _, text := range []string{"", result, result + "\n" + result, "{}", "[]", "null\n", "\xff", `{"template":"a","verdict":"vulnerable","evidence":[{}]}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		prints, err := app.ReadBaseline(strings.NewReader(text))
		if err != nil && prints != nil {
			t.Error("an error and findings together")
		}
		for print := range prints {
			if print == "" {
				t.Error("a finding without a fingerprint")
			}
		}
	})
}

func TestSeverityOf(t *testing.T) {
	t.Parallel()
	if s, err := app.SeverityOf("--fail-on", "high"); err != nil || s != "high" {
		t.Errorf("%q, %v", s, err)
	}
	_, err := app.SeverityOf("--fail-on", "critcal")
	if wrong, ok := errors.AsType[*app.Error](err); !ok || wrong.Code != app.CodeUsage || !strings.Contains(wrong.Hint, "critical") {
		t.Errorf("%v", err)
	}
}

func TestScopeOf(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a, path := newApp(t)
	project, err := a.OpenProject(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer project.Close()
	for _, host := range []string{"bot.example.com", "api.example.org:8443", "*.test.example.net", "https://Staging.Example.IO/path", "[2001:db8::1]:443"} {
		if err := project.SetScope(ctx, host, "Jane"); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	for host, want := range map[string]bool{
		"bot.example.com": true, "bot.example.com:8080": true, "BOT.example.com": true, "a.bot.example.com": false, "bot.example.com.evil.example": false,
		"api.example.org:8443": true, "api.example.org": false, "api.example.org:443": false,
		"a.test.example.net": true, "b.a.test.example.net:81": true, "test.example.net": false, "eviltest.example.net": false,
		"staging.example.io": true, "[2001:db8::1]:443": true, "[2001:db8::2]:443": false,
		"127.0.0.1:8080": true, "localhost": true, "[::1]:80": true, "localhost.example.com": false, "127.0.0.1.example.com": false, "10.0.0.1": false,
	} {
		_, in, err := project.ScopeOf(ctx, host)
		if err != nil || in != want {
			t.Errorf("%s: in scope %v, %v; want %v", host, in, err, want)
		}
	}
	for _, wrong := range []string{"", "*", "*.", "http://", "a b", "example.com/path", "user@example.com", "*.*.example.com", "a,b", "\n"} {
		if err := project.SetScope(ctx, wrong, ""); app.CodeOf(err) != app.CodeUsage {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func FuzzScope(f *testing.F) {
	for _, host := range []string{"example.com", "*.example.com", "https://a.b:1/c", "[::1]:80", "xn--bcher-kva.example", "*", "://"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, written string) {
		host, err := app.ReadScopeHost(written)
		if err != nil {
			return
		}
		again, err := app.ReadScopeHost(host)
		if err != nil || again != host {
			t.Errorf("%q is kept as %q, which is read as %q, %v", written, host, again, err)
		}
	})
}
