package report

import (
	"fmt"
	"strconv"
	"strings"

	"assay/internal/excerpt"
	"assay/internal/visible"
)

// Bounds of the evidence of one finding in Markdown.
const (
	mostProofs  = 3
	mostSent    = 6
	mostReasons = 20
)

func (m *markdownWriter) findings() {
	if m.brief {
		m.meaning()
		return
	}
	if len(m.d.Weaknesses) == 0 {
		m.line("No findings. That says nothing about what was not tested.")
		return
	}
	var rows [][]string
	for i := range m.d.Weaknesses {
		w := &m.d.Weaknesses[i]
		worked := "–"
		if w.Rate != nil {
			worked = fmt.Sprintf("%d of %d", w.Rate.Worked, w.Rate.Decided)
		}
		rows = append(rows, []string{strconv.FormatInt(int64(w.ID), 10), Word(w.Severity), escapeCell(w.Title), escapeCell(w.Name), w.Stands(), escapeCell(changeWord(w.Change)), worked})
	}
	m.table([]string{"No.", "Severity", "Finding", "Target", "State", "Since the last test", "Worked"}, rows)
	for i := range m.d.Weaknesses {
		m.finding(&m.d.Weaknesses[i])
	}
}

// changeWord is what became of a finding, for people; empty where nothing was compared.
func changeWord(change string) string {
	if change == "" {
		return ""
	}
	return Word(change)
}

// meaning is what executives read of the findings.
func (m *markdownWriter) meaning() {
	const named = 3
	all := m.d.Meanings()
	for i := range all[:min(len(all), BriefFindings)] {
		one := &all[i]
		m.line("**" + Word(one.Severity) + ":** " + escapeWithin(one.Says))
		var shown []string
		for _, w := range one.Of {
			text := w.Title + ", on " + w.Name
			if w.Rate != nil {
				text += fmt.Sprintf("; worked in %d of %s", w.Rate.Worked, Plural(w.Rate.Decided, "trial", "trials"))
			}
			shown = append(shown, text)
		}
		m.list(shown, named)
	}
	switch {
	case len(all) == 0:
		m.line("No finding is open. That says nothing about what was not tested.")
	case len(all) > BriefFindings:
		m.line("_" + Plural(len(all)-BriefFindings, "more consequence", "more consequences") + ", in the technical report._")
	}
}

func (m *markdownWriter) finding(w *Weakness) {
	m.heading(3, fmt.Sprintf("%d. %s: %s", w.ID, Word(w.Severity), escapeWithin(w.Title)))
	state := w.Stands()
	if c := changeWord(w.Change); c != "" {
		state += "; since the last test: " + c
	}
	m.facts([][2]string{{"Target", w.Name + " (" + w.Target + ")"}, {"State", state}})
	m.paragraphs(w.Reason)
	m.named("Note", w.Note)
	m.named("What it means", w.Impact)
	m.named("What it is", w.Description)
	m.named("What to change", w.Fix)
	m.named("To test it again", w.Check)
	if r := w.Rate; r != nil && r.Decided > 0 {
		m.named("How often it worked", fmt.Sprintf("%d of %d (%s; the true rate lies between %s and %s in 95 of 100 cases)", r.Worked, r.Decided, share(r.Value), share(r.Low), share(r.High)))
	}
	by := ""
	if w.By != "" {
		by = Word(w.By) + ", " + share(w.Confidence) + " sure"
	}
	m.facts([][2]string{
		{"Judged by", by},
		{"Seen", momentOf(w.First) + " to " + momentOf(w.Last) + ", " + Plural(w.Count, "trial", "trials")},
		{"Listed as", strings.Join(labels(w), ", ")},
		{"Template", w.Template},
		{"Proven by", w.Class},
		{"Fingerprint", w.Print},
	})
	for i := range w.Proofs[:min(len(w.Proofs), mostProofs)] {
		m.proof(i+1, &w.Proofs[i])
	}
	if more := max(0, w.More) + max(0, len(w.Proofs)-mostProofs); more > 0 {
		m.line("_" + Plural(more, "more trial shows", "more trials show") + " it; they are in the project._")
	}
	if len(w.References) > 0 {
		m.line("**Read more:**")
		for _, r := range w.References {
			text := escape(r)
			if WebAddress(r) != "" {
				text = "[" + code(r, false) + "](<" + r + ">)"
			}
			fmt.Fprintf(m.out, "- %s\n", text)
		}
		fmt.Fprintln(m.out)
	}
}

// labels are the ids of frameworks that a finding has.
func labels(w *Weakness) []string {
	var list []string
	list = append(append(append(list, w.OWASP...), w.ASI...), w.ATLAS...)
	for _, n := range w.CWE {
		list = append(list, "CWE-"+strconv.Itoa(n))
	}
	return list
}

func (m *markdownWriter) proof(n int, p *Proof) {
	where := fmt.Sprintf("run %d, case %d, trial %d", p.Run, p.Case, p.Trial)
	if !p.At.IsZero() {
		where += ", " + momentOf(p.At)
	}
	if p.Status != 0 {
		where += fmt.Sprintf(", status %d", p.Status)
	}
	m.heading(4, fmt.Sprintf("Evidence %d: %s", n, where))
	told := map[[2]string]bool{}
	for i := range p.Sent {
		if i == mostSent {
			m.line("_" + Plural(len(p.Sent)-i, "more message", "more messages") + ", in the project._")
			break
		}
		m.line("Sent:")
		m.marked(&p.Sent[i], told)
	}
	m.line("Answer:")
	m.marked(&p.Answer, told)
	others := 0
	for _, t := range p.Evidence {
		if !told[[2]string{t.Signal, t.Why}] && others < mostReasons {
			others++
			fmt.Fprintf(m.out, "- **%s** in %s: %s %s\n", escapeWithin(t.Signal), escapeWithin(t.Where), escapeWithin(t.Why), escapeWithin(t.Text))
		}
	}
	if others > 0 {
		fmt.Fprintln(m.out)
	}
	if len(p.Diff) > 0 {
		m.line("What the attack changed, against the answer to an ordinary question:")
		m.diff(p.Diff)
	} else if p.Plain != nil {
		m.line("The answer to an ordinary question:")
		m.marked(p.Plain, told)
	}
	if p.Curl != "" {
		m.line("Send it again:")
		m.fence("sh", bounded(p.Curl, mostProse))
	}
	if len(p.Exchanges) > 0 {
		m.named("Exchanges", strings.Join(p.Exchanges, ", "))
	}
}

// marked writes a text in a fence, and below it what is marked in it and why.
func (m *markdownWriter) marked(t *Marked, told map[[2]string]bool) {
	text := bounded(t.Text, mostFence)
	if t.Cut > 0 {
		text += "\n… (" + Grouped(int64(t.Cut)) + " more bytes)"
	}
	m.fence("text", text)
	for i, k := range t.Marks {
		if i == mostReasons {
			break
		}
		told[[2]string{k.Signal, k.Why}] = true
		words := ""
		if k.Start >= 0 && k.Start < k.End && k.End <= len(t.Text) {
			words = escapeWithin(excerpt.Bytes(t.Text[k.Start:k.End], mostText))
		}
		fmt.Fprintf(m.out, "- **%s:** %s: %s\n", escapeWithin(k.Signal), escapeWithin(k.Why), words)
	}
	if len(t.Marks) > 0 {
		fmt.Fprintln(m.out)
	}
}

// diff writes what changed line by line.
func (m *markdownWriter) diff(changes []Change) {
	var out strings.Builder
	left := 0
	for _, c := range changes {
		sign := "  "
		switch c.Kind {
		case "gone":
			sign = "- "
		case "new":
			sign = "+ "
		}
		text := excerpt.Bytes(c.Text, max(0, mostFence-out.Len()))
		left += len(c.Text) - len(text)
		for l := range strings.SplitSeq(strings.TrimRight(visible.Text(text), "\n"), "\n") {
			out.WriteString(sign + l + "\n")
		}
	}
	if left > 0 {
		out.WriteString("… (" + Grouped(int64(left)) + " more bytes)\n")
	}
	m.fence("diff", out.String())
}

func (m *markdownWriter) threats() {
	if len(m.d.Threats) == 0 {
		m.line("No threat was seen in the traffic that was watched.")
	}
	for i := range m.d.Threats {
		t := &m.d.Threats[i]
		m.heading(3, fmt.Sprintf("%d. %s: %s", t.ID, Word(t.Severity), escapeWithin(t.Title)))
		m.paragraphs(t.Seen)
		m.named("What to do", t.Advice)
		m.named("Note", t.Note)
		m.facts([][2]string{
			{"State", Word(t.State)},
			{"Who", t.Actor},
			{"Host", t.Host},
			{"Model", t.Model},
			{"When", momentOf(t.First) + " to " + momentOf(t.Last) + ", " + Plural(t.Count, "time", "times")},
			{"Rule", t.Rule},
			{"OWASP", strings.Join(t.OWASP, ", ")},
			{"Exchanges", strings.Join(t.Exchanges, ", ")},
		})
	}
}
