package discover

import (
	"bytes"
	"unicode/utf8"
)

// maxProse is how much of a text is looked at to tell whether it is prose.
const maxProse = 600

// question reports whether a text may be what a person asks a machine: at least three words of letters, no code, no
// address, no query language.
func question(text []byte) bool {
	words, letters, others, wide := measure(text)
	if letters < 3*others || letters+wide*2 < 6 {
		return false
	}
	if wide >= 4 {
		return true // scripts that write without spaces
	}
	if words < 3 {
		return false
	}
	head, _, _ := bytes.Cut(text, []byte(" "))
	switch string(bytes.ToLower(head[:min(len(head), 16)])) {
	case "select", "insert", "update", "delete", "mutation", "query", "subscription", "fragment", "match", "create", "http", "curl":
		return !bytes.ContainsAny(text, "{}();=*")
	}
	return true
}

// sentence reports whether a text is prose that answers something: five words, with one that every sentence of its
// language has, or a full stop.
func sentence(text []byte) bool {
	words, letters, others, wide := measure(text)
	if letters < 3*others {
		return false
	}
	if wide >= 8 {
		return true
	}
	if words < 5 || letters < 16 {
		return false
	}
	text = bytes.TrimSpace(text[:min(len(text), maxProse)])
	switch text[len(text)-1] {
	case '.', '!', '?':
		return true
	}
	for word := range bytes.FieldsSeq(text) {
		if len(word) <= 4 && commonWords[string(bytes.ToLower(word))] {
			return true
		}
	}
	return false
}

// measure counts the words of a text, its letters, its other characters but spaces and common marks, and its letters
// of scripts that write without spaces.
func measure(text []byte) (words, letters, others, wide int) {
	text = text[:min(len(text), maxProse)]
	inWord := false
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(text[i:])
			i += n
			letters++
			if r >= 0x0e00 && r <= 0x0eff || r >= 0x2e80 && r <= 0xd7ff {
				wide++
			}
			if !inWord {
				words++
			}
			inWord = true
			continue
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			letters++
			if !inWord {
				words++
			}
			inWord = true
		case c == '\'' || c == '-':
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			inWord = false
		case c == '.' || c == ',' || c == '?' || c == '!' || c == ':' || c == ';' || c == '"' || c == '*' || c == '(' || c == ')':
		default:
			others++
		}
		i++
	}
	return words, letters, others, wide
}

// commonWords are short words of the most used languages, without which hardly a sentence is written.
var commonWords = func() map[string]bool {
	set := map[string]bool{}
	for word := range bytes.FieldsSeq([]byte(`the is are was a an to of and in on it you for can we i be has have not with
		der die das und ist ein eine zu von mit sie wir nicht le la les et est un une de du des que el los y en es por una con
		il che di e per sono o os em um uma não para i w na jest nie do het een van ik och att det som är og det er en på
		и в не на что я ve bir bu için`)) {
		set[string(word)] = true
	}
	return set
}()
