package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"assay/report"
)

// Bounds of a piece of evidence.
const (
	evidenceChars = 6000 // of a text
	evidenceLines = 90   // that it has on paper
	signalText    = 300  // of a piece in words
	proofTexts    = 12   // prompts of a trial
	pieces        = 400  // of a diff
)

var (
	marked = ink{0xff, 0xe0, 0x82}
	codeBy = ink{0xf7, 0xf8, 0xfa}
)

// proof writes one trial: what was sent, what came back, what is to be seen in it.
func (s *sheet) proof(p *report.Proof, n, of int) {
	head := "Evidence"
	if of > 1 {
		head = fmt.Sprintf("Evidence %d of %d", n, of)
	}
	s.gap(2)
	s.need(30)
	s.at(left, s.y, wholeWidth, head, style{face: bold, size: 10, ink: dark})
	s.y += leading(10)
	s.paragraph(span{proofPlace(p), small})
	s.y += 1
	for i := range p.Sent[:min(len(p.Sent), proofTexts)] {
		head := "Sent"
		if len(p.Sent) > 1 {
			head = fmt.Sprintf("Sent, turn %d of %d", i+1, len(p.Sent))
		}
		s.text(head, &p.Sent[i])
	}
	s.more(len(p.Sent)-proofTexts, "turn is", "turns are", "in the project")
	s.text("Answer", &p.Answer)
	s.signals(p.Evidence)
	if p.Plain != nil {
		s.text("Answer to an ordinary question", p.Plain)
	}
	s.diff(p.Diff)
	if p.Curl != "" {
		words, cut := brief(p.Curl, evidenceChars)
		s.labelled("The request again", []span{{words, code}, shortened(cut, code)})
	}
}

func proofPlace(p *report.Proof) string {
	words := fmt.Sprintf("Run %d, case %d, trial %d", p.Run, p.Case, p.Trial)
	if !p.At.IsZero() {
		words += ", " + minute(p.At)
	}
	if p.Status != 0 {
		words += fmt.Sprintf(", status %d", p.Status)
	}
	if len(p.Exchanges) > 0 {
		words += ", exchange " + single(join(p.Exchanges, 8), 300)
	}
	return words
}

// text writes a text in a box, with what is to be seen in it marked.
func (s *sheet) text(head string, m *report.Marked) {
	if m.Text == "" && m.Cut == 0 {
		s.labelled(head, []span{{"(no text)", style{face: plain, size: 8, ink: quiet}}})
		return
	}
	words, cut := brief(m.Text, evidenceChars)
	spans := marks(words, m.Marks)
	s.labelled(head, append(spans, shortened(cut+max(m.Cut, 0), style{face: plain, size: 8, ink: quiet})))
}

// marks parts a text where its marks begin and end. Marks that point nowhere or into others are left out.
func marks(words string, all []report.Mark) []span {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b report.Mark) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	seen := code
	seen.back = &marked
	var spans []span
	at := 0
	for _, m := range all {
		start, end := m.Start, min(m.End, len(words))
		if start < at || start >= end {
			continue
		}
		spans = append(spans, span{words[at:start], code}, span{words[start:end], seen})
		at = end
	}
	return append(spans, span{words[at:], code})
}

// signals says in words what is to be seen.
func (s *sheet) signals(all []report.Told) {
	if len(all) == 0 {
		return
	}
	s.need(10)
	for i := range all[:min(len(all), 20)] {
		t := &all[i]
		spans := []span{{single(t.Signal, 40), style{face: bold, size: 8.3, ink: dark}}, {" in the " + single(t.Where, 40) + ": " + single(t.Why, 400), cell}}
		if t.Text != "" {
			words := single(t.Text, signalText)
			spans = append(spans, span{"  ", cell}, span{words, style{face: mono, size: 7.3, ink: dark, back: &marked}})
		}
		rows, _ := fit(lines(wholeWidth-4, spans...), 5, wholeWidth-4)
		s.rows(left+4, rows, cell)
		s.y += 0.6
	}
	s.more(len(all)-20, "further sign is", "further signs are", "in the project")
	s.y += 1.5
}

// diff writes what is different from the ordinary answer: what is new is underlaid green with a +, what is gone red with a -.
func (s *sheet) diff(all []report.Change) {
	if len(all) == 0 {
		return
	}
	var spans []span
	left := evidenceChars
	cut := 0
	for i, c := range all {
		if i >= pieces || left <= 0 {
			cut += len(c.Text)
			continue
		}
		words, less := brief(c.Text, left)
		cut += less
		left -= len(words)
		st := code
		kept := strings.TrimRight(words, "\r\n")
		end := words[len(kept):]
		switch c.Kind {
		case "new":
			st.back, words = &greenTint, "{+"+kept+"+}"
		case "gone":
			st.back, words = &redTint, "{-"+kept+"-}"
		default:
			st.ink, words = quiet, kept
		}
		spans = append(spans, span{words, st}, span{end, code})
	}
	s.labelled("What is different: {+new+} {-gone-}", append(spans, shortened(cut, style{face: plain, size: 8, ink: quiet})))
}

// labelled writes a box with a word above it; the word never stands alone at the end of a page.
func (s *sheet) labelled(head string, spans []span) {
	s.need(leading(label.size) + 14)
	s.at(left, s.y, wholeWidth, head, label)
	s.y += leading(label.size) + 0.4
	s.box(spans)
}

// box writes a text on grey; it goes on on the next page where it has to.
func (s *sheet) box(spans []span) {
	const in = 2.4
	width := wholeWidth - 2*in
	rows := lines(width, trimEnd(spans)...)
	lost := 0
	if len(rows) > evidenceLines {
		for _, r := range rows[evidenceLines:] {
			lost += len(r.glyphs)
		}
		rows = rows[:evidenceLines]
		more := style{face: plain, size: 8, ink: quiet}
		rows = append(rows, lines(width, span{"… " + report.Grouped(int64(lost)) + " more characters are left out here.", more})...)
	}
	for len(rows) > 0 {
		n, h := 0, 2*in*0.7
		for n < len(rows) && h+rowHeight(rows[n], code) <= s.room() {
			h += rowHeight(rows[n], code)
			n++
		}
		if n < len(rows) && n < 3 && s.y > top || n == 0 {
			s.page()
			continue
		}
		s.fill(left, s.y, wholeWidth, h, codeBy)
		s.fill(left, s.y, 0.6, h, rule)
		s.y += in * 0.7
		for _, r := range rows[:n] {
			s.y += s.row(left+in, s.y, r, code)
		}
		s.y += in * 0.7
		if rows = rows[n:]; len(rows) > 0 {
			s.page()
		}
	}
	s.y += 2.2
}

// trimEnd takes the empty lines off the end of a text, which would be an empty grey.
func trimEnd(spans []span) []span {
	for i := len(spans) - 1; i >= 0; i-- {
		if spans[i].text = strings.TrimRight(spans[i].text, "\r\n "); spans[i].text != "" {
			break
		}
	}
	return spans
}
