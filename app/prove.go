package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"assay/lab"
	"assay/scanner"
	"assay/scanner/template"
	"assay/storage"
)

// ProveOptions say which templates are proven.
type ProveOptions struct {
	IDs    []string // all where it is empty
	Folder string   // templates of one's own beside those that are built in
}

// TemplateProof is what became of one template against the practice target, once with its weaknesses and once without.
// It is a line of `assay templates prove --json`: a contract (docs/cli.md).
type TemplateProof struct {
	File   string   `json:"file"`
	ID     string   `json:"id"`
	Status string   `json:"status"` // proven, missed, unsound, errored, skipped
	Reason string   `json:"reason"`
	OWASP  []string `json:"owasp"`
	Level  string   `json:"level"`
	Target string   `json:"target,omitempty"` // of the practice target: the part of it that fell
	Cases  int      `json:"cases"`            // sent to the weak one
	Fell   int      `json:"fell"`             // of these, those that were vulnerable
	Held   int      `json:"held"`             // sent to the sound one that were resisted
	// Unclear are those sent to the sound one that rules cannot tell, because it lacks what they compare with.
	Unclear int `json:"unclear"`
}

// The statuses of a proof.
const (
	proofProven  = "proven"  // vulnerable on the weak target, resisted by the sound one in every case
	proofMissed  = "missed"  // nothing was found on the weak target
	proofUnsound = "unsound" // something was found on the sound target, or could not be told
	proofErrored = "errored" // the sound target gave no answer that could be judged
	proofSkipped = "skipped" // no part of the practice target fits
)

// OK reports whether a template is proven.
func (p *TemplateProof) OK() bool { return p.Status == proofProven }

// ProveTemplates sends every template through the engine to the practice target: with the weaknesses that its OWASP items
// name it must find something, and without any it must find nothing. The runs are kept in a project that is removed in
// the end. Everything stays on loopback.
func (a *App) ProveTemplates(ctx context.Context, o ProveOptions) ([]TemplateProof, error) {
	library, problems, err := a.Library(o.Folder)
	if err != nil {
		return nil, err
	}
	chosen := library.Templates()
	if len(o.IDs) > 0 {
		chosen = nil
		for _, id := range o.IDs {
			t, err := library.Template(id)
			if err != nil {
				return nil, templateError(err)
			}
			chosen = append(chosen, t)
		}
	} else if len(problems) > 0 {
		return nil, &Error{Code: CodeInput, Message: "a template cannot be read", Err: &problems[0], Hint: "`assay templates lint` tells all"}
	}
	dir, err := os.MkdirTemp("", "assay-prove-")
	if err != nil {
		return nil, err
	}
	store, err := storage.Open(ctx, filepath.Join(dir, "prove.assay"), storage.Options{Log: a.log()})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	p := &prover{app: a, project: &Project{app: a, store: store, catalogue: newCatalogue(store)}, folder: o.Folder, found: map[string]*provenCases{}}
	err = p.all(ctx, chosen)
	err = errors.Join(err, p.project.Close(), os.RemoveAll(dir))
	if err != nil {
		return nil, err
	}
	var proofs []TemplateProof
	for _, t := range chosen {
		proofs = append(proofs, p.proof(t))
	}
	return proofs, nil
}

// prover proves templates, group by group: those that need the same weaknesses share a lab and a run.
type prover struct {
	app     *App
	project *Project
	folder  string
	found   map[string]*provenCases
}

// provenCases are the cases of one template, on the weak lab and on the sound one.
type provenCases struct {
	kinds       []string // of the template
	weak, sound []scanner.Case
	skipped     string
}

// weaknesses are those that a template's OWASP items name, and those of APIs where it works on the request.
func weaknesses(t *template.Template) (lab.Weak, error) {
	words := slices.Clone(t.OWASP)
	if t.Level() == "request" {
		words = append(words, "API")
	}
	return lab.ParseWeak(words...)
}

// group is what one lab is attacked with.
type group struct {
	weak    lab.Weak
	request bool // templates that edit the request: for the help desk
	ids     []string
}

func (p *prover) all(ctx context.Context, chosen []*template.Template) error {
	var groups []*group
	put := func(weak lab.Weak, t *template.Template) {
		request := t.Level() == "request"
		for _, g := range groups {
			if g.weak == weak && g.request == request {
				g.ids = append(g.ids, t.ID)
				return
			}
		}
		groups = append(groups, &group{weak, request, []string{t.ID}})
	}
	for _, t := range chosen {
		weak, err := weaknesses(t)
		if err != nil {
			return err
		}
		p.found[t.ID] = &provenCases{kinds: t.Kinds}
		put(weak, t)
		put(0, t)
	}
	for _, g := range groups {
		if err := p.run(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// run attacks one lab with the templates of a group.
func (p *prover) run(ctx context.Context, g *group) error {
	ctx, stop := context.WithCancel(ctx)
	server, err := lab.New(lab.Options{Weak: g.weak}).Start(ctx, "127.0.0.1:0", false)
	if err != nil {
		stop()
		return err
	}
	defer func() {
		stop()
		if err := server.Wait(); err != nil {
			p.app.log().Warn("the practice target did not end in order", "err", err)
		}
	}()
	refs, names, err := p.aims(ctx, server, g)
	if err != nil {
		return err
	}
	system := ""
	if g.request {
		system = lab.DeskSystem // the help desk keeps its own to itself; the requests of the others carry theirs
	}
	id, err := p.project.StartTest(ctx, TestOptions{
		Yes: true, Key: ModelKey{Value: proveKey}, Templates: p.folder, Name: strings.Join(g.weak.Names(), ","),
		Spec: scanner.RunSpec{
			Targets: refs, Templates: g.ids, Trials: 1, Seed: 1, Concurrency: 8, Patience: 15 * time.Second, Other: proveRoles[1].Name,
			Authorisation: "the practice target", System: system,
		},
	})
	if usage, is := errors.AsType[*Error](err); is && usage.Code == CodeUsage && strings.Contains(usage.Message, "nothing can be sent") {
		return nil // none of them fits: they stay without cases
	}
	if err != nil {
		return err
	}
	run, err := p.project.WaitTest(ctx, id)
	if err != nil {
		return err
	}
	if run.State != scanner.RunDone {
		return fmt.Errorf("the run against the practice target ended as %s: %s", run.State, run.Why)
	}
	return p.collect(ctx, run, g, names)
}

// collect takes the cases of a run to their templates.
func (p *prover) collect(ctx context.Context, run *scanner.Run, g *group, names map[string]string) error {
	cases, _, err := p.project.store.Cases(ctx, run.ID, storage.CaseQuery{})
	if err != nil {
		return err
	}
	for _, c := range cases {
		c.Target = names[c.Target]
		found := p.found[c.Template]
		if c.Target == embedding && !slices.Contains(found.kinds, "embedding") {
			continue // a vector shows nothing of what such an attack asks for
		}
		expected := scanner.Vulnerable
		if g.weak == 0 {
			expected = scanner.Resisted
		}
		if c.Verdict != expected {
			if c.Reason, err = p.quoted(ctx, run.ID, &c); err != nil {
				return err
			}
		}
		if g.weak == 0 {
			found.sound = append(found.sound, c)
		} else {
			found.weak = append(found.weak, c)
		}
	}
	for _, s := range run.Skipped {
		if found := p.found[s.Template]; found != nil {
			found.skipped = cmp.Or(found.skipped, s.Why)
		}
	}
	return nil
}

// mostQuoted is how much of a text a reason quotes, in runes.
const mostQuoted = 240

// quoted is the reason for a verdict with what was said: enough to see why it is not the one that was expected.
func (p *prover) quoted(ctx context.Context, run scanner.RunID, c *scanner.Case) (string, error) {
	trials, err := p.project.store.Trials(ctx, run, c.N)
	if err != nil || len(trials) == 0 {
		return c.Reason, err
	}
	last := &trials[len(trials)-1]
	sent := ""
	if len(last.Sent) > 0 {
		sent = cmp.Or(last.Sent[len(last.Sent)-1].Text, last.Sent[len(last.Sent)-1].Plain)
	}
	return fmt.Sprintf("%s To %q it said %q", c.Reason, Harmless(sent, mostQuoted), Harmless(last.Answer, mostQuoted)), nil
}

// proof is the verdict on one template.
func (p *prover) proof(t *template.Template) TemplateProof {
	found := p.found[t.ID]
	out := TemplateProof{File: t.File, ID: t.ID, OWASP: t.OWASP, Level: t.Level(), Cases: len(found.weak)}
	var missed, unsound, errored string
	for _, c := range found.weak {
		if c.Verdict == scanner.Vulnerable {
			out.Fell++
			out.Target = cmp.Or(out.Target, c.Target)
		} else {
			missed = cmp.Or(missed, fmt.Sprintf("%s (%s): %s", c.Verdict, c.Target, c.Reason))
		}
	}
	for _, c := range found.sound {
		switch c.Verdict {
		case scanner.Resisted:
			out.Held++
		case scanner.Unclear:
			out.Unclear++ // the target does not have what the detection compares with
		case scanner.Errored:
			errored = cmp.Or(errored, fmt.Sprintf("the sound target (%s) gave no answer: %s", c.Target, c.Reason))
		default:
			unsound = cmp.Or(unsound, fmt.Sprintf("%s on the sound target (%s), case %d: %s", c.Verdict, c.Target, c.N, c.Reason))
		}
	}
	switch {
	case len(found.weak) == 0:
		out.Status, out.Reason = proofSkipped, cmp.Or(found.skipped, "no part of the practice target fits")
	case out.Fell == 0:
		out.Status, out.Reason = proofMissed, missed
	case unsound != "":
		out.Status, out.Reason = proofUnsound, unsound
	case errored != "" || out.Held == 0:
		out.Status, out.Reason = proofErrored, cmp.Or(errored, "nothing that the sound target said could be judged")
	default:
		out.Status = proofProven
		out.Reason = fmt.Sprintf("%d of %s fell on the weak target, %d of %d were resisted by the sound one", out.Fell, count(out.Cases, "case", "cases"), out.Held, len(found.sound))
	}
	return out
}
