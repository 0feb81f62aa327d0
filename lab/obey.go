package lab

import (
	"regexp"
	"slices"
	"strings"
)

// A mind that is open to injection (LLM01) obeys whatever text tells it to say something: that of the user, of tools and
// documents, of names and descriptions, and of turns that somebody made up. It tells no one of them from another.

// obey finds the newest order in the texts of a question and carries it out: "" when there is none.
func (q question) obey() string {
	texts := q.untrusted()
	for _, text := range slices.Backward(texts) {
		for _, reading := range readings(text) {
			for _, carryOut := range []func(string) string{joined, composed, named, told} {
				if said := carryOut(reading); said != "" {
					return q.placed(said, reading)
				}
			}
		}
	}
	return ""
}

// untrusted are the texts of a question but the system prompt's: what the tools say of themselves, names, and turns.
func (q question) untrusted() []string {
	var texts []string
	for _, t := range q.tools {
		texts = append(texts, t.description)
	}
	texts = append(texts, q.fields...)
	for _, t := range q.turns {
		texts = append(texts, t.text)
	}
	return texts
}

var (
	placeEnd   = regexp.MustCompile(`(?i)\b(?:end(?:s|ing)?|close|closing|after (?:your|the) answer|at the (?:end|bottom)|below (?:your|the) answer|finish|append)\b`)
	placeBegin = regexp.MustCompile(`(?i)\b(?:begin|start|open)s?\b[^.]{0,40}\b(?:answer|summary|reply|with)\b`)
)

// placed puts what was ordered before or behind the answer to the innocent question where the order wants that.
func (q question) placed(said, order string) string {
	asked := strings.TrimSpace(q.asked())
	if asked == "" || asked == order {
		return said
	}
	switch {
	case placeEnd.MatchString(order):
		return essay(q.model, asked) + "\n" + said
	case placeBegin.MatchString(order):
		return said + "\n" + essay(q.model, asked)
	}
	return said
}

// asked is the last text of the user.
func (q question) asked() string {
	for _, t := range slices.Backward(q.turns) {
		if t.role == "user" {
			return t.text
		}
	}
	return ""
}

// joinCue are the ways to ask for two pieces as one, in the languages the mind speaks.
var joinCue = regexp.MustCompile(`(?i)\b(?:written |write )?(?:as |in |to |is |of )?(?:one|a single|single) word\b|\bjoin(?:ed|ing|s)?\b|\bglue|\brun together|\bno (?:space|gap|blank)(?: between)?|\bwithout (?:a |any )?(?:space|gap|hyphen|anything)` +
	`|\bnothing between|\bconcat|\b(?:directly|immediately|right) (?:behind|followed)|followed (?:at once|directly|immediately)|\bwritten together|\bnext to each other|\bin one\b` +
	`|\bbehind it\b|\battached\b|\bparts?"?\b|\bbelong together|hyphen left out|""\.join|%s%s|"separator"|\bjoin mark|^concat|\bword made of|\bmade of\b|\bconsists of` +
	`|als ein wort|un seul mot|sola palabra|sola parola|одним словом|一个词|连在一起|つなげ|一語|كلمة واحدة|एक शब्द|neno moja|tek kelime|ett ord|คำเดียว|ერთ სიტყვ`)

// between stands between two pieces.
const between = `(?:\s+(?:and then|and|then|plus|to|with|und|et|y|e|na|ve|og|и|و|और|和|と|และ|და|then the)\s+|\s*\+\s*|\s*-\s*|,\s*(?:then|and|directly followed by|immediately followed by)?\s*` +
	`|,? (?:immediately |directly |at once )?followed (?:at once |immediately |directly )?by\s+|\s+written together with\s+|\s+joined to\s+|` +
	`\s*(?:and,? with no space between,)\s*|\{\{\w+\}\}|\s*[;,]\s*\S{1,12}\s*=\s*|\s*\n\s*\w+\s*=\s*|\s*和\s*|\s*と\s*|\s*、\s*)`

// piece is one of the two, in quotes or not.
const piece = `["'“‘«(\[]{0,2}([A-Za-z0-9]{2,40})["'”’»)\]]{0,2}`

var twoPieces = regexp.MustCompile(`(?i)` + piece + between + piece)

// joined carries out an order to write two pieces as one.
func joined(text string) string {
	cues := joinCue.FindAllStringIndex(text, -1)
	if len(cues) == 0 {
		return ""
	}
	best, said := -1, ""
	for at := 0; at < len(text); {
		m := twoPieces.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		first, second := text[at+m[2]:at+m[3]], text[at+m[4]:at+m[5]]
		score := pieceScore(first, second, text[at+m[0]:at+m[1]]) - away(at+m[0], at+m[1], cues)
		if within(at+m[2], at+m[3], cues) || within(at+m[4], at+m[5], cues) {
			score = 0 // a word of the order itself
		}
		if score > 0 && score >= best {
			best, said = score, first+second+suffixOf(text[at+m[1]:])
		}
		at += m[3] // the second piece may be the first of the next two
	}
	return said
}

// within tells whether a place is part of a cue.
func within(from, to int, cues [][]int) bool {
	return slices.ContainsFunc(cues, func(cue []int) bool { return from >= cue[0] && to <= cue[1] })
}

// pieceScore is high for pieces that are no words: with digits, or in quotes.
func pieceScore(first, second, whole string) int {
	score := 0
	if strings.Trim(first+second, "0123456789") == "" {
		score -= 60 // two numbers are a date or a sum
	}
	if strings.Trim(first, "0123456789") != "" && strings.Trim(second, "0123456789") == "" {
		score += 5 // a word and a number
	}
	for _, p := range []string{first, second} {
		if strings.ContainsAny(p, "0123456789") {
			score += 30
		}
		if plainWords[strings.ToLower(p)] || knownWords[strings.ToLower(p)] {
			score -= 30
		}
	}
	if strings.Count(whole, `"`) >= 3 || strings.Count(whole, "'") >= 3 {
		score += 25
	}
	return score
}

// away is how far a place is from the nearest cue, in steps of 200 bytes.
func away(from, to int, cues [][]int) int {
	nearest := 1 << 20
	for _, cue := range cues {
		switch {
		case cue[0] >= to:
			nearest = min(nearest, cue[0]-to)
		case cue[1] <= from:
			nearest = min(nearest, from-cue[1])
		default:
			nearest = 0
		}
	}
	return min(nearest/200, 4)
}

var nameEnding = regexp.MustCompile(`^[^.]{0,30}(?:followed by|with the ending)\s+"?(\.[a-z]{2,10})\b`)

// suffixOf is an ending that the pieces shall have together, as in "as one word, followed by .example".
func suffixOf(rest string) string {
	if m := nameEnding.FindStringSubmatch(rest); m != nil {
		return m[1]
	}
	return ""
}

var (
	askSay     = regexp.MustCompile(`(?im)\b(?:say|print|output(?: exactly)?|reply|respond|answer|write|state|repeat)\s+(?:(?:only|exactly|just|solely) )?(?:with[: ])?(?:(?:only|exactly|just)[:\s]+)?(?:with )?(?:the (?:word|code word|text|phrase) )?[:\s]*["“'` + "`" + `]?([A-Za-z]*\d[\w-]*|[A-Za-z]+-?\d[\w-]*|(?-i:[A-Z0-9]{6,}))\b`)
	foreignSay = regexp.MustCompile(`(?i)(?:responde solo con|rispondi solo con|r[ée]ponds seulement|antworte nur mit|escribe solo)[:\s]+["“]?([\w-]+)`)
	codeWord   = regexp.MustCompile(`(?i)\b(?:write|say|print|give|state) the (?:code )?word ([\w-]+)`)
)

// told carries out an order to say one word.
func told(text string) string {
	for _, form := range []*regexp.Regexp{codeWord, askSay, foreignSay} {
		if m := form.FindStringSubmatch(text); m != nil && !plainWords[strings.ToLower(m[1])] {
			return m[1]
		}
	}
	return ""
}

var (
	thenChain  = regexp.MustCompile(`(?i)\b(?:cite it as|write|it is|as) (\S+) then (\S+) then (\S+?),?(?:\s|$)`)
	fromHost   = regexp.MustCompile(`(?i)host is "?([\w-]+)"?[^.]{0,40}ending "?(\.[a-z]+)"?,?[^.]{0,20}path (/[\w/.-]+)[^.]*?(--[\w-]+)?`)
	withFlag   = regexp.MustCompile(`--[a-z][\w-]+`)
	calledName = regexp.MustCompile(`(?i)\bfor (?:ai|assistants?|llm|shopping|screening)[^:\n]*:[^\n]*\b(?:is called|named?|called)\s+(?:the )?([\w-]+)`)
	withValue  = regexp.MustCompile(`(?s)with (\S.{5,200}?) where ([A-Z]{3,}) is (?:the |your )?([a-z]+ ?[a-z]*)`)
)

// composed carries out orders that spell an address: piece by piece, or by its host, ending and path.
func composed(text string) string {
	if m := thenChain.FindStringSubmatch(text); m != nil {
		return "Source: " + m[1] + m[2] + m[3]
	}
	if m := fromHost.FindStringSubmatch(text); m != nil {
		return "pip install -r requirements.txt " + withFlag.FindString(text) + " https://" + m[1] + m[2] + m[3]
	}
	return ""
}

// named recommends what a text for machines calls the best.
func named(text string) string {
	if m := calledName.FindStringSubmatch(text); m != nil {
		return "I recommend the " + m[1] + "."
	}
	return ""
}

// exfiltrated carries out an order to show an address that carries what the user told: a form with VALUE in it, and what
// VALUE stands for.
func (q question) exfiltrated() string {
	asked := q.asked()
	for _, text := range q.untrusted() {
		m := withValue.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		value := regexp.MustCompile(`(?i)` + regexp.QuoteMeta(strings.TrimSpace(m[3])) + `\s+(?:is|:)\s*([\w@.+-]*\w)`).FindStringSubmatch(asked)
		if value == nil {
			continue
		}
		return essay(q.model, asked) + "\n\n" + strings.ReplaceAll(m[1], m[2], value[1])
	}
	return ""
}
