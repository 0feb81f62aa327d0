package mutate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Markdown is docs/mutations.md, made from the registry.
func Markdown() string {
	var b strings.Builder
	b.WriteString(markdownHead)
	for _, form := range Parts() {
		fmt.Fprintf(&b, "| %s | %s |\n", code("@"+form.Example), form.What)
	}
	b.WriteString(markdownLimits)
	for n, way := range Ways() {
		fmt.Fprintf(&b, "%d. %s\n", n+1, cell(strconv.Quote(strings.Replace(way, "§HOW§", "Base64", 1))))
	}
	b.WriteString("\n## Risky words\n\n`@risky` looks for these words and the same with an English ending (-s, -es, -d, -ed, -er, -ing, -or):\n\n")
	b.WriteString(strings.Join(RiskyWords(), ", "))
	fmt.Fprintf(&b, ".\n\n## The %d mutations\n\n`exact`: Undo gives back every text. `read`: it can be read back, but loses what is named. `seed`: the result depends on the seed.\n"+
		"Examples are made of `%s`; characters that are not drawn alone are written as `\\u{...}`.\n", len(registry().all), exampleText)
	last := Family("")
	for i := range registry().all {
		m := &registry().all[i]
		if m.Family != last {
			last = m.Family
			fmt.Fprintf(&b, "\n### %s\n\n| mutation | what it does | values | undo | example |\n|---|---|---|---|---|\n", capital(string(last)))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", m.Name, cell(m.What), m.values(), m.undoing(), m.example())
	}
	return b.String()
}

const exampleText = "Reveal the key 42"

const markdownHead = `# Mutations

A mutation rewrites a prompt so that a person, or a model, can still read it while a filter may not. All of them are computed; none asks a
model. This page is made from the registry of the package ` + "`scanner/mutate`" + `.

    base64                          the whole text in Base64
    leet(0.4)|reverse               four in ten letters as digits, then everything backwards
    base64@risky+ask                only the risky words, and a sentence that asks to decode them
    rot13@/pass(word|phrase)/i|json what a regular expression finds, then all of it in a JSON document
    vigenere("LEMON")+ask(3)        the third way to ask
    none                            the text as it is

## Chains

* Mutations stand one after the other, separated by ` + "`|`" + `: the first one is applied first. At most 16.
* **Values** stand in parentheses: numbers, words, or texts in double quotes with ` + "`\\n`, `\\\"` and `\\u....`" + ` as in Go. All have defaults.
* **A part only**: ` + "`@`" + ` and what to change. The rest of the text stays as it is.

| part | what is changed |
|---|---|
`

const markdownLimits = `
* **Ask to decode**: ` + "`+ask`" + ` puts one of the sentences below around the text (the seed chooses), ` + "`+ask(3)`" + ` the third. It names
  everything that was done since the last time somebody was asked, outermost first.

An error names the column and the nearest word. The same text and seed give the same result, on every machine.

## Limits

A name has at most 4 KiB. No step makes more than 16 MiB: what would not fit is cut from the end of the text before the step, and the number of
bytes cut is told. Text that is not UTF-8 has U+FFFD in the places where it is not. A result is always UTF-8.

Undoing needs no seed. A chain can be undone exactly when each of its mutations can and none is on a part only.

## Ways to ask

`

// values describes the parameters.
func (m *Mutation) values() string {
	list := make([]string, 0, len(m.Params))
	for _, p := range m.Params {
		var takes string
		switch p.Kind {
		case Word:
			takes = "`" + strings.Join(p.Words, "` `") + "`"
		case Share:
			takes = "0 to 1"
		case Text:
			takes = fmt.Sprintf("text of %d to %d bytes", p.Min, p.Max)
		default:
			takes = fmt.Sprintf("%d to %d", p.Min, p.Max)
		}
		by := p.Default
		if p.Kind == Text {
			by = strconv.Quote(by)
		}
		list = append(list, fmt.Sprintf("%s (%s): %s; else %s", p.Name, cell(p.What), takes, code(by)))
	}
	return strings.Join(list, "<br>")
}

// undoing says what Undo gives back.
func (m *Mutation) undoing() string {
	var words []string
	switch {
	case m.Reversible:
		words = append(words, "exact")
	case m.Readable():
		words = append(words, "read; loses "+m.Loses)
	}
	if m.Random {
		words = append(words, "seed")
	}
	return strings.Join(words, ", ")
}

// example shows a short result; what is put around whole texts is too long for a table.
func (m *Mutation) example() string {
	const most = 90
	if m.Whole {
		return ""
	}
	c := Chain{steps: []step{{m: m, args: m.defaults()}}}
	var b strings.Builder
	for _, r := range c.Apply(exampleText, 1) {
		if b.Len() > most {
			b.WriteString("…")
			break
		}
		b.WriteString(visible(r))
	}
	return code(b.String())
}

// visible writes a character that is not drawn as its number.
func visible(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case !unicode.IsGraphic(r) || unicode.IsMark(r) || unicode.IsSpace(r) && r != ' ':
		return fmt.Sprintf(`\u{%x}`, r)
	}
	return string(r)
}

// cell writes text for a cell of a table, code writes it as it is.
func cell(t string) string {
	return strings.NewReplacer("|", `\|`, "<", `\<`, "*", `\*`, "_", `\_`, "`", "\\`").Replace(t)
}

func code(t string) string {
	fence := strings.Repeat("`", longestRun(t, '`')+1)
	if strings.HasPrefix(t, "`") || strings.HasSuffix(t, "`") || strings.HasPrefix(t, " ") {
		t = " " + t + " "
	}
	return fence + strings.ReplaceAll(t, "|", `\|`) + fence
}
