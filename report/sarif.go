package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/internal/excerpt"
	"assay/internal/visible"
	"assay/scanner"
)

// mostSarifText bounds a prompt or an answer in a report, in bytes: code scanners refuse large files.
const mostSarifText = 4096

// SARIF writes a run as SARIF 2.1.0 (OASIS, with errata 01): a rule for each template, a result for each weakness, and a
// notification for each case that could not be judged.
func SARIF(w io.Writer, r *Run) error { return writeSARIF(w, r.sarif()) }

func writeSARIF(w io.Writer, run sarifRun) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{run},
	})
}

func (r *Run) sarif() sarifRun {
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "Assay", Version: clean(r.Version), Organization: "Assay", Rules: []sarifRule{},
			Short: sarifText("Tests APIs that have a language model behind them"),
		}},
		Automation: &sarifAutomation{ID: "assay/" + automation(r) + "/" + strconv.FormatInt(int64(r.Run.ID), 10)},
		ColumnKind: "utf16CodeUnits", Origins: r.origins(), Results: []sarifResult{}, Invocations: []sarifInvocation{r.invocation()},
		Properties: map[string]any{
			"name": clean(r.Run.Name), "cases": r.Run.Tally.Cases, "vulnerable": r.Run.Tally.Vulnerable, "resisted": r.Run.Tally.Resisted,
			"unclear": r.Run.Tally.Unclear, "errored": r.Run.Tally.Errored, "requests": r.Run.Tally.Requests, "notTested": r.skipped(),
		},
	}
	if r.Against != "" {
		run.Properties["comparedWith"] = clean(r.Against)
	}
	tax := taxonomiesOf(r)
	run.Taxonomies, run.Tool.Driver.Supported = tax.components, tax.references()
	index := map[string]int{}
	for i := range r.Rules {
		index[r.Rules[i].ID] = i
		rule := r.Rules[i].sarif()
		rule.Relationships = tax.relationships(&r.Rules[i])
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
	}
	for i := range r.Found {
		f := &r.Found[i]
		result := r.result(f)
		if at, ok := index[f.Template]; ok {
			result.RuleIndex = &at
			result.Taxa = tax.taxa(&r.Rules[at])
		}
		run.Results = append(run.Results, result)
	}
	return run
}

// automation names what was tested, the same in every run of it: code scanners tell by it which results went away.
func automation(r *Run) string {
	var refs []string
	for i := range r.Run.Targets {
		refs = append(refs, r.Run.Targets[i].Ref)
	}
	return url.PathEscape(strings.Join(refs, "+"))
}

// skipped lists what was chosen and not sent.
func (r *Run) skipped() []map[string]any {
	list := make([]map[string]any, 0, len(r.Run.Skipped))
	for _, s := range r.Run.Skipped {
		list = append(list, map[string]any{"template": clean(s.Template), "cases": s.Cases, "why": clean(s.Why)})
	}
	return list
}

// mostFaults bounds how many cases without an answer are listed one by one.
const mostFaults = 200

func (r *Run) invocation() sarifInvocation {
	inv := sarifInvocation{OK: r.Run.State == scanner.RunDone, Notes: []sarifNote{}}
	if !r.Run.Created.IsZero() {
		inv.Start = r.Run.Created.UTC().Format(time.RFC3339)
	}
	if !r.Run.Ended.IsZero() {
		inv.End = r.Run.Ended.UTC().Format(time.RFC3339)
	}
	note := func(level, id, text, rule string) {
		n := sarifNote{Level: level, Descriptor: &sarifReference{ID: id}, Message: *sarifText(text)}
		if rule != "" {
			n.Rule = &sarifReference{ID: clean(rule)}
		}
		inv.Notes = append(inv.Notes, n)
	}
	if r.Run.State != scanner.RunDone {
		note("warning", "not-finished", fmt.Sprintf("the run is %s, %d cases were not sent: %s", r.Run.State, r.Run.Tally.Pending(), r.Run.Why), "")
	}
	for i, f := range r.Faults {
		if i == mostFaults {
			note("error", "no-answer", fmt.Sprintf("and %d more cases", len(r.Faults)-i), "")
			break
		}
		note("error", "no-answer", fmt.Sprintf("case %d: %s", f.Case, f.Reason), f.Template)
	}
	for _, s := range r.Run.Skipped {
		note("note", "not-tested", s.Template+" was not sent: "+s.Why, "")
	}
	for _, g := range r.gone {
		if !g.Fixed {
			note("note", "not-tested-again", g.Title+" on "+g.Target+" was found before, and nothing is known of it now: "+g.Why, "")
		}
	}
	return inv
}

// securitySeverity are the middles of the bands in which code scanners sort security-severity: over 9.0 is critical, 7.0 to
// 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
var securitySeverity = map[scanner.Severity]string{
	scanner.SeverityCritical: "9.5", scanner.SeverityHigh: "8.0", scanner.SeverityMedium: "5.5", scanner.SeverityLow: "2.0", scanner.SeverityInfo: "0.0",
}

func level(s scanner.Severity) string {
	switch s {
	case scanner.SeverityCritical, scanner.SeverityHigh:
		return "error"
	case scanner.SeverityMedium:
		return "warning"
	default:
		return "note"
	}
}

func (t *Rule) sarif() sarifRule {
	rule := sarifRule{
		ID: clean(t.ID), Name: pascal(t.ID), Short: sarifText(t.Name), Full: sarifText(t.Description), Configuration: &sarifConfiguration{level(t.Severity)},
		Help:       &sarifMessage{Text: clean(t.Description + "\n\nHow to fix: " + t.Remediation), Markdown: clean(markdown(t))},
		Properties: map[string]any{"security-severity": securitySeverity[t.Severity], "precision": "high", "tags": t.tags()},
	}
	for _, ref := range t.References {
		if u, err := url.Parse(ref); err == nil && u.Scheme == "https" && u.Host != "" {
			rule.HelpURI = u.String()
			break
		}
	}
	return rule
}

func (t *Rule) tags() []string {
	tags := []string{"security"}
	for _, list := range [][]string{t.OWASP, t.ASI, t.ATLAS, t.Tags} {
		for _, tag := range list {
			tags = append(tags, clean(tag))
		}
	}
	for _, cwe := range t.CWE {
		tags = append(tags, fmt.Sprintf("external/cwe/cwe-%03d", cwe))
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func markdown(t *Rule) string {
	var b strings.Builder
	b.WriteString(t.Description + "\n\n**How to fix.** " + t.Remediation + "\n")
	for _, ref := range t.References {
		b.WriteString("\n- " + ref)
	}
	return b.String()
}

// pascal is an id as SARIF likes names of rules: MailForwarding.
func pascal(id string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return clean(b.String())
}

func (r *Run) result(f *Found) sarifResult {
	t := r.target(f.Target)
	at, address := r.place(f.Target)
	result := sarifResult{
		Rule: clean(f.Template), Level: level(f.Severity), Kind: "fail",
		Message:   sarifMessage{Text: clean(fmt.Sprintf("%s (on %s, shown by %d of its trials)", f.Reason, t.Name, f.Trials))},
		Locations: []sarifLocation{{Physical: &sarifPhysical{at, &sarifRegion{1}}, Message: sarifText(t.Name + ", " + address)}},
		Prints:    map[string]string{"assay/v1": clean(f.Print)},
		Count:     max(f.Trials, 1),
		Properties: map[string]any{
			"security-severity": securitySeverity[f.Severity], "owasp": cleanAll(f.OWASP), "target": clean(f.Target), "case": f.Case, "trial": f.Trial,
			"exchange": clean(f.Exchange), "rate": f.Rate, "interval": f.Interval, "state": clean(string(f.State)),
		},
	}
	for i, s := range f.Sent {
		into := ""
		if s.Slot != "" {
			into = " into " + s.Slot
		}
		result.Related = append(result.Related, related(i+1, "Sent"+into+": "+cmp.Or(s.Text, s.Plain)))
	}
	if f.Answer != "" {
		result.Related = append(result.Related, related(len(f.Sent)+1, "Answered: "+f.Answer))
	}
	for _, e := range f.Evidence {
		result.Related = append(result.Related, related(len(result.Related)+1, "Proof in "+e.Where+" ("+e.Signal+"): "+e.Why+" "+e.Text))
	}
	result.Baseline = r.baseline(f)
	result.Suppressions = []sarifSuppression{}
	if setAside(f.State) {
		why := "a person accepted the risk"
		if f.State == scanner.FindingFalsePositive {
			why = "a person calls it a false positive"
		}
		if f.Note != "" {
			why += ": " + f.Note
		}
		result.Suppressions = append(result.Suppressions, sarifSuppression{"external", "accepted", clean(why)})
	}
	return result
}

// baseline is how a finding stands to what the run is compared with; empty where nothing is compared, or nothing is known.
func (r *Run) baseline(f *Found) string {
	switch {
	case r.Against == "":
		return ""
	case f.New:
		return "new"
	case f.change == "fixed":
		return "absent"
	case f.change == "still" || !r.document:
		return "unchanged"
	}
	return ""
}

// place is where a target is, and its whole address without what may hold a key. As the standard has it for what is found by
// asking a server (3.14.14), the origin stands apart: code scanners that look for files refuse an address of the web.
func (r *Run) place(ref string) (sarifArtifact, string) {
	for i := range r.Run.Targets {
		t := &r.Run.Targets[i]
		if t.Ref != ref || t.Request == nil {
			continue
		}
		u, err := url.Parse(t.Request.URL)
		if err != nil || u.Host == "" {
			break
		}
		u.RawQuery, u.User, u.Fragment = "", nil, ""
		path := strings.TrimLeft(u.EscapedPath(), "/")
		if first, _, _ := strings.Cut(path, "/"); path == "" || strings.Contains(first, ":") {
			path = "./" + path
		}
		return sarifArtifact{clean(path), baseID(i)}, u.String()
	}
	return sarifArtifact{"urn:assay:" + url.PathEscape(ref), ""}, ref
}

func baseID(target int) string { return "TARGET" + strconv.Itoa(target+1) }

// origins are the servers of the targets.
func (r *Run) origins() map[string]sarifArtifact {
	all := map[string]sarifArtifact{}
	for i := range r.Run.Targets {
		if t := &r.Run.Targets[i]; t.Request != nil {
			if u, err := url.Parse(t.Request.URL); err == nil && u.Host != "" {
				all[baseID(i)] = sarifArtifact{clean((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String()), ""}
			}
		}
	}
	return all
}

func related(id int, text string) sarifLocation {
	return sarifLocation{ID: &id, Message: sarifText(text)}
}

// sarifText is a text shortened for a report, whatever the wire put in it.
func sarifText(text string) *sarifMessage {
	return &sarifMessage{Text: clean(shorten(text, mostSarifText))}
}

// shorten cuts a text between runes and says how much is missing.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	head := excerpt.Bytes(text, most)
	return fmt.Sprintf("%s… (%d more bytes)", head, len(text)-len(head))
}

// clean is a text that every reader of XML 1.0 and JSON takes, and in which a person sees everything. An empty text becomes a
// dash, since SARIF wants none empty.
func clean(text string) string {
	if text == "" {
		return "-"
	}
	return visible.Text(text)
}

func cleanAll(list []string) []string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = clean(text)
	}
	return out
}
