package mutate

import (
	"strings"
	"unicode/utf8"
)

// hidden uses characters that are not drawn.
func hidden() []Mutation {
	list := []Mutation{
		{
			Name: "zero-width", Called: "text with invisible characters between the letters", What: "An invisible character between any two characters.",
			Params: []Param{{
				Name: "sign", Kind: Word, Default: "zwsp", Words: []string{"zwsp", "zwnj", "zwj", "wj", "bom", "shy", "cgj"},
				What: "zero-width space, non-joiner, joiner, word joiner, byte order mark, soft hyphen, combining grapheme joiner",
			}},
			apply: func(t string, c *call) string { return join(t, invisible[c.text(0)]) },
			undo:  func(t string, c *call) (string, bool) { return unjoin(t, invisible[c.text(0)]) }, size: grows(4, 0),
		},
		{
			Name: "zero-width-bits", Called: "zero-width characters (U+200B is 0, U+200C is 1, eight for a byte)",
			What:  "Each bit as a zero-width space (0) or non-joiner (1): nothing is seen.",
			apply: bitsAs('\u200b', '\u200c'), undo: fromBitsAs('\u200b', '\u200c'), size: grows(24, 0),
		},
		{
			Name: "sneaky-bits", Called: "invisible operators (U+2062 is 0, U+2064 is 1, eight for a byte)",
			What:  "Each bit as an invisible times (0) or plus (1): nothing is seen.",
			apply: bitsAs('\u2062', '\u2064'), undo: fromBitsAs('\u2062', '\u2064'), size: grows(24, 0),
		},
		{
			Name: "tags", Called: "Unicode tag characters", What: "Visible ASCII and spaces as tag characters (U+E0020 to U+E007E): nothing is seen.",
			apply: tagCharacters.apply, undo: tagCharacters.undo, size: grows(4, 0),
		},
		{
			Name: "variation-selectors", Called: "text with variation selectors between the letters",
			What:  "A variation selector (U+FE0E, text style) between any two characters.",
			apply: func(t string, _ *call) string { return join(t, "\ufe0e") },
			undo:  func(t string, _ *call) (string, bool) { return unjoin(t, "\ufe0e") }, size: grows(4, 0),
		},
		{
			Name: "emoji-payload", Called: "variation selectors after an emoji (one for each byte)",
			What:  "Each byte as one of 256 variation selectors behind an emoji: only the emoji is seen.",
			apply: toEmojiPayload, undo: fromEmojiPayload, size: grows(4, 4),
		},
		{
			Name: "bidi", Called: "text in reverse order between bidirectional controls",
			What:  "The characters in reverse, between controls that make them look right (U+202E, U+202C).",
			apply: func(t string, _ *call) string { return rightToLeft + backwards(t) + popDirection },
			undo: func(t string, _ *call) (string, bool) {
				inner, ok := strip(t, rightToLeft, popDirection)
				return backwards(inner), ok
			},
			size: grows(1, 6),
		},
		{
			Name: "ansi", Called: "text with terminal escape sequences", What: "Terminal escape sequences around the text.",
			Params: []Param{
				{Name: "effect", Kind: Word, Default: "conceal", Words: []string{"conceal", "red", "title", "link"}, What: "hidden, red, as the window's title, as a link"},
				{Name: "form", Kind: Word, Default: "raw", Words: []string{"raw", "written"}, What: `the escape character itself, or \x1b`},
			},
			apply: func(t string, c *call) string {
				before, after := ansiAround(c)
				return before + t + after
			},
			undo: func(t string, c *call) (string, bool) {
				before, after := ansiAround(c)
				return strip(t, before, after)
			},
			size: grows(1, 80),
		},
	}
	return family(list, Hidden, true)
}

var invisible = map[string]string{
	"zwsp": "\u200b", "zwnj": "\u200c", "zwj": "\u200d", "wj": "\u2060", "bom": "\ufeff", "shy": "\u00ad", "cgj": "\u034f",
}

const (
	rightToLeft  = "\u202e"
	popDirection = "\u202c"
)

// join puts a text between any two characters.
func join(t, between string) string {
	var b strings.Builder
	b.Grow(len(t) * (1 + len(between)))
	for i, r := range t {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unjoin goes by place: after each character what join put there, whatever the characters are.
func unjoin(t, between string) (string, bool) {
	var b strings.Builder
	b.Grow(len(t))
	for t != "" {
		_, size := utf8.DecodeRuneInString(t)
		b.WriteString(t[:size])
		if t = t[size:]; t == "" {
			break
		}
		rest, ok := strings.CutPrefix(t, between)
		if !ok || rest == "" {
			return "", false
		}
		t = rest
	}
	return b.String(), true
}

// bitsAs writes the bits of each byte, the highest first.
func bitsAs(zero, one rune) func(string, *call) string {
	return func(t string, _ *call) string {
		var b strings.Builder
		b.Grow(len(t) * 24)
		for i := range len(t) {
			for bit := 7; bit >= 0; bit-- {
				if t[i]>>bit&1 == 0 {
					b.WriteRune(zero)
				} else {
					b.WriteRune(one)
				}
			}
		}
		return b.String()
	}
}

func fromBitsAs(zero, one rune) func(string, *call) (string, bool) {
	return func(t string, _ *call) (string, bool) {
		out := make([]byte, 0, len(t)/24)
		bits, held := 0, 0
		for _, r := range t {
			bits <<= 1
			switch r {
			case zero:
			case one:
				bits |= 1
			default:
				return "", false
			}
			if held++; held == 8 {
				out = append(out, byte(bits))
				bits, held = 0, 0
			}
		}
		return string(out), held == 0
	}
}

var tagCharacters = func() *swap {
	s := newSwap("")
	s.swapRange(' ', '\U000E0020', 95)
	return s
}()

// payloadEmoji carries the bytes. Sixteen selectors are from U+FE00, the other 240 from U+E0100.
const payloadEmoji = "😊"

func toEmojiPayload(t string, _ *call) string {
	var b strings.Builder
	b.Grow(4 + 4*len(t))
	b.WriteString(payloadEmoji)
	for i := range len(t) {
		if t[i] < 16 {
			b.WriteRune('\ufe00' + rune(t[i]))
		} else {
			b.WriteRune('\U000E0100' + rune(t[i]) - 16)
		}
	}
	return b.String()
}

func fromEmojiPayload(t string, _ *call) (string, bool) {
	selectors, ok := strings.CutPrefix(t, payloadEmoji)
	if !ok {
		return "", false
	}
	out := make([]byte, 0, len(selectors)/3)
	for _, r := range selectors {
		switch {
		case r >= '\ufe00' && r <= '\ufe0f':
			out = append(out, byte(r-'\ufe00'))
		case r >= '\U000E0100' && r <= '\U000E01EF':
			out = append(out, byte(r-'\U000E0100'+16))
		default:
			return "", false
		}
	}
	return string(out), true
}

// ansiAround is what stands before and after the text (ECMA-48; the title and the link are xterm's).
func ansiAround(c *call) (before, after string) {
	switch c.text(0) {
	case "red":
		before, after = "\x1b[31m", "\x1b[0m"
	case "title":
		before, after = "\x1b]0;", "\x07"
	case "link":
		before, after = "\x1b]8;;http://localhost/\x1b\\", "\x1b]8;;\x1b\\"
	default:
		before, after = "\x1b[8m", "\x1b[28m"
	}
	if c.text(1) == "written" {
		writing := strings.NewReplacer("\x1b", `\x1b`, "\x07", `\x07`)
		before, after = writing.Replace(before), writing.Replace(after)
	}
	return before, after
}
