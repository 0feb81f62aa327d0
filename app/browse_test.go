package app

import "testing"

func TestBrowsable(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://example.com/a?b=c#d":          "https://example.com/a?b=c#d",
		"http://[::1]:8080/x":                  "http://[::1]:8080/x",
		"https://example.com/a (b)$(id)`id`;x": "https://example.com/a%20%28b%29%24%28id%29%60id%60%3Bx",
		"https://example.com/?q=<a>|{b}":       "https://example.com/?q=%3Ca%3E%7C%7Bb%7D",
		"https://u:secret@example.com/":        "https://example.com/",
		"https://example.com/#a'b":             "https://example.com/#a%27b",
	} {
		if got, err := browsable(address); err != nil || got != want {
			t.Errorf("%s becomes %s (%v), want %s", address, got, err, want)
		}
	}
	for _, address := range []string{"", "file:///etc/passwd", "javascript:alert(1)", "/usr/bin/id", "-x", "https://", "data:text/html,x"} {
		if got, err := browsable(address); err == nil {
			t.Errorf("%q would be opened as %q", address, got)
		}
	}
}
