package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"assay/internal/excerpt"
	"assay/report"
	"assay/scanner"
	"assay/scanner/diff"
	"assay/scanner/judge"
	"assay/scanner/template"
	"assay/storage"
	"assay/traffic"
)

// How much evidence a report has. Texts are gathered longer than they are told, so that what is secret at their end is
// seen whole before it is hidden.
const (
	mostProofs     = 3         // trials of a finding, where there are few findings
	manyFindings   = 100       // from here on one trial of each
	mostReportText = 4 << 10   // bytes of a prompt or an answer
	overText       = 4 << 10   // bytes beyond, in which a secret that begins before may end
	mostCurl       = 6 << 10   // bytes of a command
	mostTurns      = 6         // prompts of a trial
	mostTold       = 6         // pieces of evidence of a trial
	mostBodyOfCurl = 256 << 10 // bytes: a larger request has no command
)

// weaknesses gathers the findings, the worst first, with their proofs.
func (g *reportGatherer) weaknesses(ctx context.Context) error {
	g.doc.Weaknesses = []report.Weakness{}
	q := storage.FindingQuery{}
	if g.run != nil {
		q.Run = g.run.ID
	}
	findings, _, err := g.store.Findings(ctx, q)
	if err != nil {
		return err
	}
	findings = g.narrowed(findings)
	proofs := mostProofs
	if len(findings) > manyFindings {
		proofs = 1
	}
	proofs = g.o.Narrow.proofs(proofs)
	g.plain = map[string]*report.Marked{}
	left := 0
	for i := range findings {
		w, err := g.weakness(ctx, &findings[i], proofs)
		if err != nil {
			return err
		}
		left += w.More
		g.doc.Weaknesses = append(g.doc.Weaknesses, *w)
	}
	if left > 0 {
		g.shortened("Of the trials that show findings, at most %d of each are told, the latest; %d more are in the project.", proofs, left)
	}
	return nil
}

// weakness is a finding as a reader who was not there needs it.
func (g *reportGatherer) weakness(ctx context.Context, f *scanner.Finding, proofs int) (*report.Weakness, error) {
	w := &report.Weakness{
		ID: f.ID, Print: f.Print, Template: f.Template, Title: f.Title, Severity: f.Severity, State: f.State, Mended: f.Mended, Note: f.Note, Target: f.Target, Name: f.Name,
		Class: f.Class, Reason: f.Reason, OWASP: orNone(f.OWASP), First: f.First, Last: f.Last, Count: f.Count, Impact: impactOf(f.OWASP, f.Severity),
		Proofs: []report.Proof{},
	}
	if tpl := g.template(ctx, f.Run, f.Template); tpl != nil {
		w.Description, w.Fix, w.References, w.ASI, w.ATLAS, w.CWE = tpl.Description, tpl.Remediation, tpl.References, tpl.ASI, tpl.ATLAS, tpl.CWE
	}
	trials, err := g.store.FindingTrials(ctx, f.ID, 0)
	if err != nil {
		return nil, err
	}
	if g.run != nil {
		trials = slices.DeleteFunc(trials, func(t storage.FindingTrial) bool { return t.Run != g.run.ID })
	}
	for _, t := range trials {
		if len(w.Proofs) == proofs {
			break
		}
		if err := g.proof(ctx, w, t); err != nil {
			return nil, err
		}
	}
	w.More = max(0, len(trials)-len(w.Proofs))
	return w, g.rate(ctx, w, f, trials)
}

// rate says how often the attack worked in the run that showed it last.
func (g *reportGatherer) rate(ctx context.Context, w *report.Weakness, f *scanner.Finding, trials []storage.FindingTrial) error {
	run := f.Run
	if len(trials) > 0 {
		run = trials[0].Run
	}
	cases, _, err := g.store.Cases(ctx, run, storage.CaseQuery{Templates: []string{f.Template}, Targets: []string{f.Target}})
	if err != nil {
		return err
	}
	var all judge.Trials
	for i := range cases {
		all.Vulnerable, all.Resisted = all.Vulnerable+cases[i].Counts.Vulnerable, all.Resisted+cases[i].Counts.Resisted
	}
	if r := all.Rate(); r.Known {
		w.Rate = &report.Rate{Worked: all.Vulnerable, Decided: all.Decided(), Value: r.Value, Low: r.Low, High: r.High}
	}
	return nil
}

// proof adds one trial. One whose run was removed is gone with it.
func (g *reportGatherer) proof(ctx context.Context, w *report.Weakness, of storage.FindingTrial) error {
	all, err := g.store.Trials(ctx, of.Run, of.Case)
	if err != nil && !errors.Is(err, storage.ErrNoRun) && !errors.Is(err, storage.ErrNoCase) {
		return err
	}
	at := slices.IndexFunc(all, func(t scanner.Trial) bool { return t.N == of.Trial })
	if at < 0 {
		return nil
	}
	t := &all[at]
	p := report.Proof{Run: of.Run, Case: of.Case, Trial: of.Trial, At: t.Started, Exchanges: []string{}, Sent: []report.Marked{}, Evidence: []report.Told{}}
	for _, id := range t.Exchanges {
		p.Exchanges = append(p.Exchanges, id.String())
	}
	for _, s := range t.Sent[max(0, len(t.Sent)-mostTurns):] {
		p.Sent = append(p.Sent, overlong(cmp.Or(s.Text, s.Plain)))
	}
	if n := len(t.Sent) - mostTurns; n > 0 {
		g.shortened("%s of run %d, case %d were left out: the last %d are told.", count(n, "earlier prompt", "earlier prompts"), of.Run, of.Case, mostTurns)
	}
	p.Answer = answerOf(t)
	for _, e := range t.Judgement.Evidence[:min(len(t.Judgement.Evidence), mostTold)] {
		p.Evidence = append(p.Evidence, report.Told{Signal: e.Signal, Where: e.Where, Why: e.Why, Text: e.Text})
	}
	if w.By == "" {
		w.By, w.Confidence = t.Judgement.By, t.Judgement.Confidence
	}
	if err := g.request(ctx, &p, t); err != nil {
		return err
	}
	if p.Plain, err = g.ordinary(ctx, of.Run, w.Target); err != nil {
		return err
	}
	w.Proofs = append(w.Proofs, p)
	return nil
}

// overlong is a text with what follows the part that will be told: finish cuts it once secrets are hidden.
func overlong(text string) report.Marked {
	kept := excerpt.Bytes(text, mostReportText+overText)
	return report.Marked{Text: strings.ToValidUTF8(kept, "\uFFFD"), Cut: len(text) - len(kept)}
}

// answerOf is what was judged, with what proves it marked.
func answerOf(t *scanner.Trial) report.Marked {
	kept := excerpt.Bytes(t.Answer, mostReportText+overText)
	m := report.Marked{Text: kept, Cut: len(t.Answer) - len(kept)}
	for _, e := range t.Judgement.Evidence {
		if e.Where == "answer" && e.Start >= 0 && e.Start < e.End && e.End <= len(kept) {
			m.Marks = append(m.Marks, report.Mark{Start: e.Start, End: e.End, Signal: e.Signal, Why: e.Why})
		}
	}
	slices.SortStableFunc(m.Marks, func(a, b report.Mark) int { return cmp.Compare(a.Start, b.Start) })
	end := 0
	m.Marks = slices.DeleteFunc(m.Marks, func(k report.Mark) bool {
		overlaps := k.Start < end
		if !overlaps {
			end = k.End
		}
		return overlaps
	})
	return m
}

// request adds what sends the request again, and what it was answered with.
func (g *reportGatherer) request(ctx context.Context, p *report.Proof, t *scanner.Trial) error {
	if len(t.Exchanges) == 0 {
		return nil
	}
	x, err := g.store.Exchange(ctx, t.Exchanges[len(t.Exchanges)-1])
	if errors.Is(err, storage.ErrNoExchange) {
		return nil
	}
	if err != nil {
		return err
	}
	if x.Response != nil {
		p.Status = x.Response.Status
	}
	if x.Kind == traffic.KindWebSocket || x.Request.Body.Size > mostBodyOfCurl {
		return nil
	}
	r := &traffic.Record{Exchange: *x}
	if r.Request.Body.Data, _, err = g.store.ReadBody(ctx, x.ID, traffic.FromClient, 0); err != nil {
		return err
	}
	p.Curl = traffic.ToCurl(r, nil)
	return nil
}

// ordinary is what a target answered to an ordinary question; nil where nobody asked it one.
func (g *reportGatherer) ordinary(ctx context.Context, run scanner.RunID, target string) (*report.Marked, error) {
	at := slices.IndexFunc(g.runs, func(r *scanner.Run) bool { return r.ID == run })
	if at < 0 {
		return nil, nil //nolint:nilnil // nobody asked
	}
	var id traffic.ID
	for i := range g.runs[at].Targets {
		if t := &g.runs[at].Targets[i]; t.Ref == target {
			id = t.Baseline
		}
	}
	if id == 0 {
		return nil, nil //nolint:nilnil // nobody asked
	}
	if known, is := g.plain[id.String()]; is {
		return copyMarked(known), nil
	}
	var m *report.Marked
	c, err := g.store.Reading(ctx, id)
	switch {
	case err == nil && c != nil && c.Answer != "":
		text := overlong(c.Answer)
		m = &text
	case err != nil && !errors.Is(err, storage.ErrNoExchange):
		return nil, err
	}
	g.plain[id.String()] = m
	return copyMarked(m), nil
}

func copyMarked(m *report.Marked) *report.Marked {
	if m == nil {
		return nil
	}
	copied := *m
	return &copied
}

// finish cuts texts to what is told of them, once what is secret in them is hidden, and compares answers.
func finish(d *report.Document) {
	most, cut := mostTextOf(d), 0
	for i := range d.Weaknesses {
		w := &d.Weaknesses[i]
		w.Check = "assay test run --target " + shellWord(w.Target) + " --template " + shellWord(w.Template)
		for j := range w.Proofs {
			p := &w.Proofs[j]
			for k := range p.Sent {
				cut += shorten(&p.Sent[k], most)
			}
			cut += shorten(&p.Answer, most)
			if p.Plain != nil {
				cut += shorten(p.Plain, most)
				p.Diff = differ(p.Plain.Text, p.Answer.Text)
			}
			if len(p.Curl) > mostCurlOf(most) {
				p.Curl = ""
				cut++
			}
		}
	}
	if d.Of != nil {
		for i := range d.Of.Cases {
			c := &d.Of.Cases[i]
			c.Prompt, c.Answer = excerpt.Bytes(c.Prompt, most), excerpt.Bytes(c.Answer, most)
		}
	}
	if cut > 0 {
		d.Shortened = append(d.Shortened, fmt.Sprintf("%s longer than %d bytes are told by their beginning or left out; the exchanges in the project have them whole.",
			count(cut, "prompt, answer or command", "prompts, answers and commands"), most))
	}
}

// How large the texts of a report are together, in bytes: people send it by mail.
const (
	mostTexts      = 1200 << 10 // or, where there are very many findings,
	mostTextsEach  = 6 << 10    // for each of them
	leastReportAny = 512        // bytes of a text that are told in any case
)

// mostTextOf is how much of each text a report tells, in bytes, so that all of them fit.
func mostTextOf(d *report.Document) int {
	room := max(mostTexts, mostTextsEach*len(d.Weaknesses))
	for most := mostReportText; most > leastReportAny; most /= 2 {
		size := 0
		for i := range d.Weaknesses {
			for j := range d.Weaknesses[i].Proofs {
				size += proofSize(&d.Weaknesses[i].Proofs[j], most)
			}
		}
		if size <= room {
			return most
		}
	}
	return leastReportAny
}

// proofSize is about how much a trial takes where so much of each text is told. A comparison tells two texts again.
func proofSize(p *report.Proof, most int) (size int) {
	for i := range p.Sent {
		size += min(len(p.Sent[i].Text), most)
	}
	answer := min(len(p.Answer.Text), most)
	size += answer
	if p.Plain != nil {
		size += answer + 2*min(len(p.Plain.Text), most)
	}
	if len(p.Curl) <= mostCurlOf(most) {
		size += len(p.Curl)
	}
	return size
}

// mostCurlOf is how long a command may be where so much of each text is told: one that is cut off would be no command.
func mostCurlOf(most int) int { return min(mostCurl, 3*most) }

// shellWord is a word as a POSIX shell takes it.
func shellWord(s string) string {
	if strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/._-") == "" && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// shorten cuts a text, never within a placeholder, and reports 1 when something of it is missing.
func shorten(m *report.Marked, most int) int {
	if len(m.Text) > most {
		kept := excerpt.Bytes(m.Text, most)
		if open := strings.LastIndex(kept, "⟨"); open >= 0 && !strings.Contains(kept[open:], "⟩") && len(kept)-open < 80 {
			kept = kept[:open]
		}
		m.Cut += len(m.Text) - len(kept)
		m.Text = kept
	}
	m.Marks = slices.DeleteFunc(m.Marks, func(k report.Mark) bool { return k.Start >= len(m.Text) })
	for i := range m.Marks {
		m.Marks[i].End = min(m.Marks[i].End, len(m.Text))
	}
	if m.Cut > 0 {
		return 1
	}
	return 0
}

// mostDiffered bounds a diff: texts that have nothing in common are better read one after the other.
const mostDiffered = 60

// differ compares two texts; nil where they have too little in common.
func differ(plain, answer string) []report.Change {
	if plain == "" || answer == "" {
		return nil
	}
	words := map[diff.Change]string{diff.Same: "same", diff.Removed: "gone", diff.Added: "new"}
	var changes []report.Change
	same := 0
	for _, s := range diff.CompareText(plain, answer).Segments {
		changes = append(changes, report.Change{Kind: words[s.Change], Text: s.Text})
		if s.Change == diff.Same {
			same += len(s.Text)
		}
	}
	if len(changes) > mostDiffered || same*5 < min(len(plain), len(answer)) {
		return nil
	}
	return changes
}

// impactOf is what a finding means for the business, by the item of the OWASP list that it belongs to.
func impactOf(owasp []string, severity scanner.Severity) string {
	for _, id := range owasp {
		if text := impacts[id]; text != "" {
			return text
		}
	}
	if template.Worse(severity, scanner.SeverityHigh) {
		return "The application can be made to do what its owner does not want."
	}
	return ""
}

// impacts say in plain language what an item of the OWASP list means for those who answer for a product.
var impacts = map[string]string{
	"LLM01:2025": "Whoever writes text that the assistant reads can make it follow their instructions in place of yours: it can say, look up or do what you never allowed.",
	"LLM02:2025": "Information about customers, staff or the company can leave through answers: a reportable data breach where personal data is in them.",
	"LLM03:2025": "A component from outside that nobody checked decides how the product behaves; what is wrong with it is wrong with the product.",
	"LLM04:2025": "Somebody who can write to the data that the model learns from or looks up can decide what it answers to everybody.",
	"LLM05:2025": "What the model writes is run or shown without a check: an attacker can run code in the browsers of users or on the servers behind the application.",
	"LLM06:2025": "The assistant can be made to act: spend, send, change or delete in the name of the company or of a customer, without anybody having agreed to it.",
	"LLM07:2025": "The instructions behind the assistant can be read by anybody: rules, names of systems and what it is told to keep secret help the next attack.",
	"LLM08:2025": "Documents can be found or planted across customers: one customer reads what belongs to another, or an attacker writes what all are told.",
	"LLM09:2025": "The assistant states what is not true as a fact: people act on it, and the company answers for it.",
	"LLM10:2025": "Anybody can use up capacity or budget: the bill grows, and the service is slow or gone for those who need it.",
}
