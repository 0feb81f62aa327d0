package payload_test

import (
	"strings"
	"testing"
	"time"

	"assay/scanner/payload"
)

func within(t *testing.T, found []payload.Find, text string) {
	t.Helper()
	for _, f := range found {
		if f.Start < 0 || f.End < f.Start || f.End > len(text) || f.Score < 0 || f.Score > 1 || f.Name == "" || f.Why == "" {
			t.Errorf("%+v of %d bytes", f, len(text))
		}
	}
}

// FuzzFinds: whatever comes, finds lie in their text.
func FuzzFinds(f *testing.F) {
	for _, seed := range []string{
		"1' OR '1'='1", "%252e%252e%252f", "<svg/onload=x>", "![a](https://x.y/?q=aGVsbG8gd29ybGQ)", "{{7*7}}", "\x1b[31m", "<!-- x", "<p style=display:none>x</p",
		`{"sql":"DROP TABLE a"}`, "a\r\nSet-Cookie: x", "${jndi:ldap://x}", "//x.y/a", "%", "&#x3c;script&#x3e;", "```<script>```", "]: <https://x", "\xff\xfe<", "you are a helpful assistant",
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		for _, place := range []payload.Place{payload.InPath, payload.InQuery, payload.InHeader, payload.InBody} {
			found, _ := payload.Attack(payload.Value{Place: place, Name: name, Text: text})
			within(t, found, text)
		}
		found, _ := payload.Output(text)
		within(t, found, text)
		told := func(s string) bool { return strings.Contains(name, s) }
		found, _ = payload.Exfiltration(text, payload.Context{Named: told, Told: told})
		within(t, found, text)
		found, _ = payload.Call(name, text, payload.CallContext{Named: told, Told: told})
		within(t, found, text)
		for _, l := range payload.Links(text) {
			if l.Start < 0 || l.End < l.Start || l.End > len(text) {
				t.Errorf("link %+v of %d bytes", l, len(text))
			}
			payload.LeadsTo(text[l.Start:l.End], []string{name})
		}
		for _, p := range payload.Unshown(text) {
			if p[0] < 0 || p[1] < p[0] || p[1] > len(text) {
				t.Errorf("unshown %v of %d bytes", p, len(text))
			}
		}
		payload.Shown(text)
		reduced, prompt := payload.Reduce(text), payload.Reduce(name)
		if s, ok := payload.NewOverlap(prompt.Text).In(reduced.Text); ok {
			if from, to := reduced.Span(s.From, s.To); from < 0 || to <= from || to > len(text) {
				t.Errorf("overlap %+v: %d to %d of %d bytes", s, from, to, len(text))
			}
		}
	})
}

// TestHostile: what is made to cost time costs little, and what is left out is counted.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{
		"quotes": "' or ", "angles": "<svg ", "links": "[a](//", "braces": "{{${", "images": "![](https://a.b/?q=", "comments": "<!--", "styles": "<p style=\"",
		"pipes": "|cat ", "parens": ")(", "percent": "%25", "brackets": "[[[[", "mail": "a@b.c ", "invalid": "\xff", "zero": "\x00", "dots": "../", "fences": "```<script>",
		"addresses": "https://a.b/?q=aGVsbG8gd29ybGQK ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Repeat(unit, 10<<20/len(unit))
			start := time.Now()
			found, cut := payload.Output(text)
			within(t, found, text)
			if cut == 0 {
				t.Error("nothing of 10 MB is counted as cut")
			}
			never := func(string) bool { return false }
			found, _ = payload.Exfiltration(text, payload.Context{Named: never, Told: never})
			within(t, found, text)
			found, _ = payload.Call("send", text, payload.CallContext{Named: never, Told: never})
			within(t, found, text)
			if found, cut = payload.Attack(payload.Value{Place: payload.InBody, Text: text}); cut == 0 {
				t.Error("nothing of a value is counted as cut")
			}
			within(t, found, text)
			payload.Unshown(text)
			payload.Shown(text)
			if took := time.Since(start); took > 2*time.Minute {
				t.Errorf("took %v", took)
			} else {
				t.Log(took.Round(time.Millisecond))
			}
		})
	}
}
