package excerpt_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"assay/internal/excerpt"
)

func TestBytes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"", 0, ""},
		{"abc", 3, "abc"},
		{"abc", 2, "ab"},
		{"abc", 0, ""},
		{"aé", 2, "a"},
		{"aé", 3, "aé"},
		{"a€b", 3, "a"},
		{"a€b", 4, "a€"},
		{"😀", 3, ""},
		{"\xff\xfeb", 2, "\xff\xfe"},
		{"\x80\x80\x80", 2, ""},
	} {
		if got := excerpt.Bytes(c.text, c.most); got != c.want {
			t.Errorf("%d bytes of %q: %q, want %q", c.most, c.text, got, c.want)
		}
	}
}

func FuzzBytes(f *testing.F) {
	f.Add("naïve 日本 😀", 7)
	f.Add("\xf0\x9f", 1)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = max(0, most)
		got := excerpt.Bytes(text, most)
		if len(got) > most || !strings.HasPrefix(text, got) || utf8.ValidString(text) && (!utf8.ValidString(got) || len(text) > most && most-len(got) >= utf8.UTFMax) {
			t.Errorf("%d bytes of %q: %q", most, text, got)
		}
	})
}
