package watch

import (
	"strconv"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/prose"
)

// drift tells whether language or topic became another one: of the user within the conversation, and of the answer against
// what was asked. It is faint by itself: people change their mind, and ask for translations.
func (l *look) drift(from int) {
	c := l.conversation
	now, before, at := "", strings.Builder{}, 0
	for i := range c.Messages {
		m := &c.Messages[i]
		if m.Role != "user" {
			continue
		}
		for j := range m.Parts {
			if m.Parts[j].Kind != llm.PartText {
				continue
			}
			text := m.Parts[j].Text[:min(len(m.Parts[j].Text), 8<<10)]
			switch {
			case i >= from:
				now, at = text, i
			case before.Len() < 32<<10:
				before.WriteString(text)
				before.WriteByte('\n')
			}
		}
	}
	if now == "" {
		return
	}
	asked := prose.Language(now)
	t := said{scanner.InRequest, "user", "message:" + strconv.Itoa(at), now}
	if before.Len() > 0 && from > 0 {
		if was := prose.Language(before.String()); was != "" && asked != "" && was != asked {
			l.sign(&t, scanner.SignDrift, "language", 0, 0, 0.35, "The user goes on in another language")
		}
		if a, b := smallest(features(nil, now)), smallest(features(nil, before.String())); len(a) >= 12 && len(b) >= 12 && shared(a, b) == 0 {
			l.sign(&t, scanner.SignDrift, "topic", 0, 0, 0.2, "The user goes on about something else")
		}
	}
	answered := prose.Language(c.Answer[:min(len(c.Answer), 8<<10)])
	if asked != "" && answered != "" && asked != answered && !translates(now) {
		system := ""
		if len(c.System) > 0 {
			system = c.System[0]
		}
		if prose.Language(system) != answered && !translates(system) {
			t := said{scanner.InAnswer, "assistant", "answer", c.Answer}
			l.sign(&t, scanner.SignDrift, "language", 0, 0, 0.4, "The answer is in another language than what was asked")
		}
	}
}

// shared counts the features that two sorted sketches have in common.
func shared(a, b []uint64) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}

// translates reports whether a text speaks of languages: an answer in another one is then what was asked for.
func translates(text string) bool {
	text = strings.ToLower(text)
	for _, w := range []string{
		"translat", "language", "english", "german", "french", "spanish", "italian", "portuguese", "chinese", "japanese", "korean", "russian", "arabic", "hindi",
		"dutch", "polish", "turkish", "swedish", "übersetz", "tradu", "перевед", "翻译", "翻訳", "번역", "in der sprache", "sprache",
	} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
