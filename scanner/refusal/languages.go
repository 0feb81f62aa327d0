package refusal

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// tongue is how a language declines. A phrase may be in parts, split by "…", that follow each other in a sentence.
type tongue struct {
	code   string
	script script
	cannot []string // somebody says that they cannot or will not
	verbs  []string // what they will not do
	says   []string // declines by itself
	sorry  []string // is sorry: together with cannot enough
}

// script is a set of letters.
type script uint16

const (
	latin script = 1 << iota
	cyrillic
	greek
	arabic
	hebrew
	indic // Devanagari, Bengali, Tamil, Telugu, …
	thai
	han
	kana
	hangul
	other // Georgian, Armenian, Ethiopic, …
)

// scriptsOf tells which scripts a text has.
func scriptsOf(text string) script {
	var s script
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c|0x20 >= 'a' && c|0x20 <= 'z' {
				s |= latin
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		s |= scriptOf(r)
		i += size
	}
	return s
}

func scriptOf(r rune) script {
	switch {
	case r < 0x250 || r >= 0x1E00 && r < 0x1F00:
		return latin
	case r >= 0x370 && r < 0x400, r >= 0x1F00 && r < 0x2000:
		return greek
	case r >= 0x400 && r < 0x530:
		return cyrillic
	case r >= 0x530 && r < 0x590, r >= 0x10A0 && r < 0x1100, r >= 0x1200 && r < 0x1380:
		return other
	case r >= 0x590 && r < 0x600:
		return hebrew
	case r >= 0x600 && r < 0x780:
		return arabic
	case r >= 0x900 && r < 0xE00:
		return indic
	case r >= 0xE00 && r < 0xF00:
		return thai
	case r >= 0x3040 && r < 0x3100:
		return kana
	case r >= 0x3400 && r < 0xA000:
		return han
	case r >= 0x1100 && r < 0x1200, r >= 0xAC00 && r < 0xD7B0:
		return hangul
	}
	return 0
}

// englishWords are such as no other language of Latin letters has: two of them, and a sentence is English.
var englishWords = []string{" the ", " and ", " to ", " that ", " with ", " this ", " you ", " your ", " it's ", " which ", " of ", " are "}

// foreign marks what a sentence in another language than English says, and tells which.
func foreign(m *mark, sentence string, isEnglish bool) string {
	has := scriptsOf(sentence)
	if has == latin && isEnglish {
		return ""
	}
	folded := ""
	for i := range tongues {
		t := &tongues[i]
		if has&t.script == 0 {
			continue
		}
		if folded == "" {
			folded = " " + strings.ReplaceAll(strings.ToLower(sentence), "’", "'") + " "
			folded = strings.ReplaceAll(folded, " tamam", " ") // "all right" ends as Turkish refusals do
		}
		if t.marks(m, folded) {
			return t.code
		}
	}
	if has&latin != 0 && folded != "" {
		code := futures(folded)
		if code == "" {
			code = present(folded)
		}
		if code != "" {
			m.declines, m.reason = 2.2, Declines
		}
		return code
	}
	return ""
}

// marks reports whether a sentence declines in this language.
func (t *tongue) marks(m *mark, text string) bool {
	for _, s := range t.says {
		if inOrder(text, s) {
			m.declines, m.reason = 2.5, Declines
			return true
		}
	}
	for _, c := range t.cannot {
		if inOrder(text, c) && (hasAny(text, t.verbs) || !hasAny(c, plurals) && hasAny(text, t.sorry) || utf8.RuneCountInString(text) < t.short()) {
			m.declines, m.reason = 3, Declines
			return true
		}
	}
	return false
}

// plurals are parts of phrases in which a company speaks: what it cannot do may be to deliver on Sundays.
var plurals = []string{"wir", "pouvons", "podemos", "possiamo", "kunnen", "можем", "nemůžeme", "nemôžeme", "możemy", "možemo", "putem", "emme", "negalime", "hatuwezi"}

// short is how many characters a sentence has at most that says little else than that somebody cannot.
func (t *tongue) short() int {
	if t.script&(han|kana|hangul) != 0 {
		return 16
	}
	return 28
}

// inOrder reports whether the parts of a phrase follow each other in a text.
func inOrder(text, phrase string) bool {
	for {
		part, rest, more := strings.Cut(phrase, "…")
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		if !more {
			return true
		}
		text, phrase = text[i+len(part):], rest
	}
}

// future are how the first person says in one word that it will not, by language: "je ne … rai pas", "no … aré".
var future = []struct {
	code, before string
	endings      []string // of the next word but pronouns
	after        string   // what must follow; empty for nothing
}{
	{"fr", " je ne ", []string{"rai"}, "pas"},
	{"es", " no ", []string{"aré", "eré", "iré"}, ""},
	{"pt", " não ", []string{"arei", "erei", "irei"}, ""},
	{"it", " non ", []string{"erò", "irò", "arò"}, ""},
}

// futures reports whether somebody says in the future tense that they will not.
func futures(text string) string {
	for _, f := range future {
		_, rest, ok := strings.Cut(text, f.before)
		if !ok {
			continue
		}
		next := strings.Fields(rest[:min(len(rest), 80)])
		for i, w := range next[:min(len(next), 3)] {
			w = strings.Trim(w, ".,;:!?")
			if slices.Contains(being, w) {
				break
			}
			if slices.ContainsFunc(f.endings, func(e string) bool { return strings.HasSuffix(w, e) && len(w) > len(e)+1 }) && (f.after == "" || i+1 < len(next) && strings.Trim(next[i+1], ".,;:!?") == f.after) {
				return f.code
			}
			if len(w) > 4 {
				break // no pronoun
			}
		}
	}
	return ""
}

// being are futures that tell what will be, and not what will be done.
var being = []string{"serai", "aurai", "pourrai", "saurai", "seré", "estaré", "tendré", "habré", "sabré", "olvidaré", "serei", "estarei", "terei", "haverei", "sarò", "avrò", "saprò", "tarderé", "mancherò"}

// present reports whether German or Dutch says in the present tense that the speaker does not: "Solche Inhalte erstelle
// ich nicht".
func present(text string) string {
	for _, p := range []struct{ code, who, not string }{{"de", " ich ", "nicht"}, {"nl", " ik ", "niet"}} {
		before, after, ok := strings.Cut(text, p.who)
		if !ok {
			continue
		}
		verb := before[strings.LastIndexByte(before, ' ')+1:]
		if p.code == "de" && !strings.HasSuffix(verb, "e") || len(verb) < 3 || strings.ContainsAny(verb, ".,;:!?\"") || slices.Contains(knowing, verb) || strings.Count(before, " ") < 1 {
			continue
		}
		next := strings.Fields(after[:min(len(after), 60)])
		for i, w := range next[:min(len(next), 4)] {
			if w := strings.Trim(w, ".,;:!?"); w == p.not {
				return p.code
			} else if i > 2 || w == "" {
				break
			}
		}
	}
	return ""
}

// knowing are verbs of the mind and helpers: who says that they do not, declines nothing.
var knowing = []string{
	"habe", "hätte", "denke", "finde", "sehe", "kenne", "verstehe", "glaube", "brauche", "wüsste", "könnte", "würde", "wäre", "werde", "möchte", "konnte", "wollte", "meine", "erinnere", "erwarte", "hoffe", "vermute",
	"weet", "denk", "vind", "zie", "ken", "begrijp", "geloof", "heb", "ben", "had", "was", "wist", "kan", "kon", "wil", "zou", "hoef", "snap", "herinner", "verwacht", "als", "dat", "die", "omdat", "wat", "hoe", "waar", "wanneer", "alle", "welche", "diese", "bitte", "ohne",
}
