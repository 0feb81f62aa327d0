package window

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"assay/app"
	"assay/report"
	"assay/scanner"
)

// Bounds of reports, in bytes.
const (
	mostReport = 50 << 20 // of one file: what is larger can hardly be sent
	mostLook   = 16 << 10 // of a hidden value that is looked at
)

// worstFirst are the severities, the worst first.
var worstFirst = []scanner.Severity{
	scanner.SeverityCritical, scanner.SeverityHigh, scanner.SeverityMedium, scanner.SeverityLow, scanner.SeverityInfo,
}

// reporting is the latest report that was gathered, for the preview and for what is exported of it.
type reporting struct {
	keeping sync.Mutex // held while what the project remembers is changed

	mu     sync.Mutex
	next   int
	cancel context.CancelFunc // of the preview that is being gathered; nil for none
	now    *gathering
	// shown are the values that a person chose to show, by what they are and not by their placeholder: the number in a
	// placeholder is another one as soon as the report tells something else. It ends with the project.
	shown   map[[sha256.Size]byte]bool
	of      *app.Project
	written map[string]string // files that were written in this session, by their hash
}

// gathering is one report that was gathered.
type gathering struct {
	n       int // previews are numbered as they are asked for
	of      *app.Project
	form    string
	mu      sync.Mutex // the redactor is for one at a time
	report  *app.Report
	page    []byte
	took    time.Duration
	changed bool // what is shown was changed since
}

// Preview gathers a report and writes its page. A preview that is still being gathered ends.
func (r *Reports) Preview(in ReportForm) (out ReportPreview, err error) {
	defer r.desk.guard(&err)
	out = ReportPreview{Shortened: []string{}, Hidden: []HiddenKind{}, Counts: []FindingCount{}}
	g, err := r.gather(in, true)
	if err != nil {
		return out, err
	}
	if err := r.desk.reporting.keep(g); err != nil {
		return out, err
	}
	return g.tell(), nil
}

// gather is the report of a form. For a preview it is gathered anew, in place of the one that is being gathered; else it
// is that of the preview, where that is of the same form and still holds.
func (r *Reports) gather(in ReportForm, preview bool) (*gathering, error) {
	project, err := r.desk.opened()
	if err != nil {
		return nil, err
	}
	o, err := optionsOf(&in)
	if err != nil {
		return nil, err
	}
	in.Format = "" // a report is the same, whatever it is written as
	form, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	s := &r.desk.reporting
	ctx, n, done := s.begin(r.desk.life(), project, preview)
	defer done()
	if now := s.holding(project, string(form)); now != nil && !preview {
		return now, nil
	}
	kept, err := project.ReportCover(ctx)
	if err != nil {
		return nil, err
	}
	o.Cover.Logo = kept.Cover.Logo
	began := time.Now()
	g := &gathering{n: n, of: project, form: string(form)}
	if g.report, err = s.gather(ctx, project, o); err != nil {
		return nil, aboutTests(err)
	}
	if g.page, err = g.report.Bytes(ctx, "html"); err != nil {
		return nil, err
	}
	g.took = time.Since(began)
	return g, nil
}

// begin forgets what is of another project. For a preview it ends the one that is being gathered.
func (s *reporting) begin(life context.Context, project *app.Project, preview bool) (ctx context.Context, n int, done func()) {
	ctx, cancel := context.WithCancel(life)
	s.mu.Lock()
	defer s.mu.Unlock()
	if preview && s.cancel != nil {
		s.cancel()
	}
	if s.of != project {
		s.of, s.now, s.shown, s.written = project, nil, map[[sha256.Size]byte]bool{}, map[string]string{}
	}
	if preview {
		s.next++
		s.cancel = cancel
	}
	return ctx, s.next, cancel
}

func (s *reporting) latest() *gathering {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// holding is the latest report where it is of this form, and what it shows was not changed since; nil otherwise.
func (s *reporting) holding(project *app.Project, form string) *gathering {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil || s.now.of != project || s.now.form != form || s.now.changed {
		return nil
	}
	return s.now
}

// keep makes a report the one that is previewed.
func (s *reporting) keep(g *gathering) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil && s.now.n > g.n {
		return errOldPreview
	}
	s.now = g
	return nil
}

var errOldPreview = &app.Error{Code: app.CodeNotFound, Message: "this preview is no longer there", Hint: "another one took its place"}

// previewed is the report of a preview, as long as it is the latest and its project is open.
func (d *Desk) previewed(id string) (*gathering, error) {
	project, err := d.opened()
	if err != nil {
		return nil, err
	}
	if g := d.reporting.latest(); g != nil && g.of == project && strconv.Itoa(g.n) == id {
		return g, nil
	}
	return nil, errOldPreview
}

// gather gathers a report with the values shown that a person chose. Only the report itself says which placeholders those
// have, so where there are some it is gathered twice; where they changed in between, nothing is shown that was not chosen.
func (s *reporting) gather(ctx context.Context, project *app.Project, o app.ReportOptions) (*app.Report, error) {
	hidden, err := project.Report(ctx, o)
	if err != nil {
		return nil, err
	}
	show := map[string]string{}
	s.mu.Lock()
	for _, h := range hidden.Document.Hidden {
		if value := hidden.HiddenValue(h.Placeholder); s.shown[sha256.Sum256([]byte(value))] {
			show[h.Placeholder] = value
			o.Show = append(o.Show, h.Placeholder)
		}
	}
	s.mu.Unlock()
	if len(show) == 0 {
		return hidden, nil
	}
	open, err := project.Report(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, h := range open.Document.Hidden {
		if value, chosen := show[h.Placeholder]; h.Shown && (!chosen || open.HiddenValue(h.Placeholder) != value) {
			return nil, &app.Error{Code: app.CodeBusy, Message: "the project changed while the report was gathered", Hint: "refresh the preview"}
		}
	}
	return open, nil
}

// tell is what the window is told of a report. No hidden value is in it.
func (g *gathering) tell() ReportPreview {
	d := g.report.Document
	out := ReportPreview{
		ID: strconv.Itoa(g.n), Page: reportPath + strconv.Itoa(g.n), Bytes: len(g.page), Title: clip(valid(cmp.Or(d.Cover.Title, d.Project)), longName), Findings: len(d.Weaknesses),
		Large: len(g.page) > mostReport, Shortened: namesOf(d.Shortened), Hidden: hiddenKinds(d.Hidden), Took: float64(g.took.Microseconds()) / 1000,
		Counts: []FindingCount{},
	}
	n := map[string]int{}
	for i := range d.Weaknesses {
		out.Evidence += len(d.Weaknesses[i].Proofs)
		n[string(d.Weaknesses[i].Severity)]++
	}
	for _, s := range worstFirst {
		if n[string(s)] > 0 {
			out.Counts = append(out.Counts, FindingCount{Value: string(s), N: n[string(s)]})
		}
	}
	return out
}

// hiddenKinds are hidden values by their word: secrets first, then those of which there are most.
func hiddenKinds(hidden []report.Hidden) []HiddenKind {
	kinds := []HiddenKind{}
	for _, h := range hidden {
		at := slices.IndexFunc(kinds, func(k HiddenKind) bool { return k.Word == h.Word && k.Class == h.Class })
		if at < 0 {
			at = len(kinds)
			kinds = append(kinds, HiddenKind{Type: h.Type, Class: h.Class, Word: h.Word, Many: many(h.Word), Items: []HiddenValue{}})
		}
		k := &kinds[at]
		k.N++
		if h.Shown {
			k.Shown++
		}
		k.Items = append(k.Items, HiddenValue{Placeholder: h.Placeholder, Count: h.Count, Shown: h.Shown})
	}
	slices.SortStableFunc(kinds, func(a, b HiddenKind) int {
		return cmp.Or(-cmp.Compare(a.Class, b.Class), cmp.Compare(b.N, a.N), cmp.Compare(a.Word, b.Word))
	})
	return kinds
}

// many is the plural of a word for a type: e-mail addresses, identity numbers, addresses of a machine.
func many(word string) string {
	first, rest, of := strings.Cut(word, " of ")
	switch {
	case strings.HasSuffix(first, "s"), strings.HasSuffix(first, "x"), strings.HasSuffix(first, "ch"):
		first += "es"
	case strings.HasSuffix(first, "y") && !strings.HasSuffix(first, "ey") && !strings.HasSuffix(first, "ay"):
		first = strings.TrimSuffix(first, "y") + "ies"
	default:
		first += "s"
	}
	if of {
		return first + " of " + rest
	}
	return first
}

// Look returns a hidden value: a person asked to see this one. It is written down that somebody did.
func (r *Reports) Look(in HiddenIn) (out HiddenOut, err error) {
	defer r.desk.guard(&err)
	_, h, value, err := r.hidden(in.Preview, in.Placeholder)
	if err != nil {
		return out, err
	}
	r.desk.log().Info("a hidden value of a report was looked at", "placeholder", in.Placeholder, "type", h.Type)
	if strings.HasPrefix(value, "⟨cred:") {
		out.Sealed = true
		return out, nil
	}
	out.Value = valid(value)
	if len(out.Value) > mostLook {
		out.More = len(out.Value) - mostLook
		out.Value = valid(out.Value[:mostLook])
	}
	return out, nil
}

// Show says whether a hidden value stands in the reports of this session. It is written down; the preview does not change
// by itself.
func (r *Reports) Show(in ShowHiddenIn) (out Nothing, err error) {
	defer r.desk.guard(&err)
	g, h, value, err := r.hidden(in.Preview, in.Placeholder)
	if err != nil {
		return out, err
	}
	if strings.HasPrefix(value, "⟨cred:") {
		return out, &app.Error{Code: app.CodeNotFound, Message: "the project keeps no value of this credential", Hint: "nobody can look at it, and no report can show it"}
	}
	s := &r.desk.reporting
	s.mu.Lock()
	if in.On {
		s.shown[sha256.Sum256([]byte(value))] = true
	} else {
		delete(s.shown, sha256.Sum256([]byte(value)))
	}
	g.changed = true
	s.mu.Unlock()
	r.desk.log().Warn("what reports of this session show was changed", "placeholder", in.Placeholder, "type", h.Type, "shown", in.On)
	return out, nil
}

// hidden finds a hidden value of a preview.
func (r *Reports) hidden(preview, placeholder string) (g *gathering, h report.Hidden, value string, err error) {
	if g, err = r.desk.previewed(preview); err != nil {
		return g, h, "", err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	at := slices.IndexFunc(g.report.Document.Hidden, func(h report.Hidden) bool { return h.Placeholder == placeholder })
	if at >= 0 {
		value = g.report.HiddenValue(placeholder)
	}
	if value == "" {
		return g, h, "", &app.Error{Code: app.CodeNotFound, Message: "nothing is hidden under this name", Hint: "refresh the preview"}
	}
	return g, g.report.Document.Hidden[at], value, nil
}

// reportPath begins the paths of the pages of previews.
const reportPath = "/report/"

// serveReport answers with the page of the latest preview. It is bytes, as everything is that the handler answers: the
// window puts them into a frame that runs nothing.
func (d *Desk) serveReport(w http.ResponseWriter, r *http.Request) error {
	g, err := d.previewed(r.PathValue("id"))
	if err != nil {
		return err
	}
	if len(g.page) > mostReport {
		return errors.New("the page is too large for the window")
	}
	return writeBytes(w, g.page, int64(len(g.page)), "")
}
