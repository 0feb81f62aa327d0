package visible_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"assay/internal/visible"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"plain\n\tlines", "plain\n\tlines"},
		{"naïve 日本語 العربية", "naïve 日本語 العربية"},
		{"one\r\ntwo\rthree", "one\ntwo\\u{D}three"},
		{"a\u202eb", "a\\u{202E}b"},
		{"a\u200b\u200b\u200bb", "a\\u{200B}×3b"},
		{"\x00\x1b[31m\x7f\u009b", "\\u{0}\\u{1B}[31m\\u{7F}\\u{9B}"},
		{"\xff\xc3(", "\\xFF\\xC3("},
		{"\xed\xa0\x80", "\\xED\\xA0\\x80"},
		{"\ufffd stays", "\ufffd stays"},
		{"👩‍👩‍👧 ❤️ 1️⃣", "👩‍👩‍👧 ❤️ 1️⃣"},
		{"a\u200db", "a\\u{200D}b"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"x\ufe0f\U000e0041\U000e0100", "x\\u{FE0F}\\u{E0041}\\u{E0100}"},
		{"soft\u00adhyphen\ufeff\u2028", "soft\\u{AD}hyphen\\u{FEFF}\\u{2028}"},
		{"e\u0301 o\u0308\u0304", "e\u0301 o\u0308\u0304"},
		{"z" + strings.Repeat("\u0301", 40), "z" + strings.Repeat("\u0301", 6) + "\\u{301}×34"},
		{"a\u2800\u3164b\ufffe", "a\\u{2800}\\u{3164}b\\u{FFFE}"},
	} {
		if got := visible.Text(c.text); got != c.want {
			t.Errorf("%+q: %+q, want %+q", c.text, got, c.want)
		}
	}
	if got := visible.Line(" a\n\tb\u0000 "); got != "a b\\u{0}" {
		t.Errorf("on one line: %q", got)
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\u202e\xff\r\n\u200d❤️" + strings.Repeat("\u0301", 9))
	f.Fuzz(func(t *testing.T, text string) {
		got := visible.Text(text)
		if !utf8.ValidString(got) {
			t.Fatalf("%+q: no UTF-8: %+q", text, got)
		}
		for _, r := range got {
			if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\ufeff') {
				t.Fatalf("%+q: %U is left in %+q", text, r, got)
			}
		}
		if again := visible.Text(got); again != got {
			t.Errorf("%+q: twice is %+q, once %+q", text, again, got)
		}
	})
}
