package page

import (
	"strconv"

	"assay/report"
)

// Bounds of the evidence of one finding.
const (
	mostEvidence = 26_000 // bytes of the page for all of it
	mostProofs   = 3
	mostSent     = 6
	mostReasons  = 20
	mostPrompt   = 5_000
	mostAnswer   = 9_000
	mostPlain    = 3_000
	mostDiff     = 6_000
	mostCurl     = 4_000
)

// card is a finding as the templates take it.
type card struct {
	*report.Weakness
	Anchor string
	Labels []label
	Proofs []proof
	Links  []reference
	Bar    *bar
}

// label is an id of a framework.
type label struct{ List, ID string }

// reference is where to read more; Href is empty where it is no address of the web.
type reference struct{ Text, Href string }

// bar is a rate with its interval, as places between 0 and 200.
type bar struct{ Value, Low, Wide string }

// proof is one trial as the templates take it.
type proof struct {
	*report.Proof
	Sent     []shownText
	MoreSent int
	Answer   shownText
	Reasons  []reason
	Others   []report.Told // what no mark in the answer stands for
	Plain    *shownText
	Diff     *shownText
	Curl     *shownText
}

// reason says why something is marked.
type reason struct {
	Number      int
	Signal, Why string
}

func cardsOf(d *report.Document) []card {
	cards := make([]card, len(d.Weaknesses))
	for i := range d.Weaknesses {
		cards[i] = cardOf(&d.Weaknesses[i])
	}
	return cards
}

func cardOf(w *report.Weakness) card {
	c := card{Weakness: w, Anchor: "finding-" + strconv.FormatInt(int64(w.ID), 10)}
	for _, id := range w.OWASP {
		c.Labels = append(c.Labels, label{"OWASP LLM", id})
	}
	for _, id := range w.ASI {
		c.Labels = append(c.Labels, label{"OWASP agentic", id})
	}
	for _, id := range w.ATLAS {
		c.Labels = append(c.Labels, label{"MITRE ATLAS", id})
	}
	for _, n := range w.CWE {
		c.Labels = append(c.Labels, label{"CWE", strconv.Itoa(n)})
	}
	for _, text := range w.References {
		c.Links = append(c.Links, reference{line(text), report.WebAddress(text)})
	}
	if r := w.Rate; r != nil && r.Decided > 0 && r.Low >= 0 && r.Low <= r.Value && r.Value <= r.High && r.High <= 1 {
		c.Bar = &bar{Value: fixed(200*r.Value, 1), Low: fixed(200*r.Low, 1), Wide: fixed(max(200*(r.High-r.Low), 1), 1)}
	}
	left := budget(mostEvidence)
	for i := range w.Proofs {
		if i == mostProofs {
			break
		}
		c.Proofs = append(c.Proofs, proofOf(&w.Proofs[i], &left))
	}
	return c
}

// Hidden is how many trials that show the finding the page does not show.
func (c *card) Hidden() int { return max(0, c.More) + len(c.Weakness.Proofs) - len(c.Proofs) }

func proofOf(p *report.Proof, left *budget) proof {
	shown := proof{Proof: p}
	told := map[[2]string]bool{}
	show := func(m *report.Marked, most int) shownText {
		text, marks := left.show(m, most, len(shown.Reasons))
		for _, k := range marks[:min(len(marks), mostReasons)] {
			told[[2]string{k.Signal, k.Why}] = true
			shown.Reasons = append(shown.Reasons, reason{len(shown.Reasons) + 1, k.Signal, k.Why})
		}
		return text
	}
	*left -= mostAnswer // is for the answer, however long what was sent is
	for i := range p.Sent {
		if i == mostSent {
			shown.MoreSent = len(p.Sent) - i
			break
		}
		shown.Sent = append(shown.Sent, show(&p.Sent[i], mostPrompt))
	}
	*left += mostAnswer
	shown.Answer = show(&p.Answer, mostAnswer)
	for _, t := range p.Evidence {
		if !told[[2]string{t.Signal, t.Why}] && len(shown.Others) < mostReasons {
			shown.Others = append(shown.Others, t)
		}
	}
	if p.Curl != "" {
		text, _ := left.show(&report.Marked{Text: p.Curl}, mostCurl, 0)
		shown.Curl = &text
	}
	if len(p.Diff) > 0 {
		shown.Diff = left.diff(p.Diff)
	}
	if p.Plain != nil && shown.Diff == nil {
		text, _ := left.show(p.Plain, mostPlain, 0)
		shown.Plain = &text
	}
	return shown
}

// diff shows what changed, as far as the budget goes.
func (b *budget) diff(changes []report.Change) *shownText {
	t, most, left := &shownText{}, mostDiff, 0
	for _, c := range changes {
		end := b.take(c.Text, most)
		most -= end
		kind := ""
		if c.Kind == "gone" || c.Kind == "new" {
			kind = c.Kind
		}
		t.add(kind, 0, c.Text[:end])
		left += len(c.Text) - end
	}
	if left > 0 {
		t.Left = report.Grouped(int64(left)) + " bytes"
	}
	return t
}
