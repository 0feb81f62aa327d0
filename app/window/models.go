package window

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"assay/app"
	models "assay/scanner/target"
)

// Models is the screen of the models that tests are sent to: discovered in traffic, or imported.
type Models struct{ desk *Desk }

// Presets lists the providers whose models can be imported by name.
func (m *Models) Presets(_ Nothing) (out PresetsOut, err error) {
	defer m.desk.guard(&err)
	out = PresetsOut{Items: []PresetRow{}, Auth: models.AuthForms()}
	for _, p := range models.Presets() {
		out.Items = append(out.Items, PresetRow{
			Name: p.Name, Title: p.Title, Base: p.Base, Model: p.Model, Auth: p.Auth, Header: p.Header, KeyEnv: p.KeyEnv,
			EnvSet: p.KeyEnv != "" && os.Getenv(p.KeyEnv) != "",
		})
	}
	return out, nil
}

// Add imports a model: it asks one harmless question, and keeps the model when an answer comes. A model that does not
// answer is no error: the result says why.
func (m *Models) Add(in ModelForm) (out ModelResult, err error) {
	defer m.desk.guard(&err)
	out.Candidates = []ModelCandidate{}
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	ctx, done := m.desk.trying.begin(m.desk.life())
	defer done()
	options, err := in.options()
	if err != nil {
		return out, err
	}
	result, err := project.AddModel(ctx, options)
	if err != nil {
		return out, whyEnded(ctx, err)
	}
	m.desk.pulse.tested()
	return modelResult(result), nil
}

// Try asks an imported model the harmless question once more.
func (m *Models) Try(in TryModelIn) (out ModelResult, err error) {
	defer m.desk.guard(&err)
	out.Candidates = []ModelCandidate{}
	project, err := m.desk.opened()
	if err != nil {
		return out, err
	}
	ctx, done := m.desk.trying.begin(m.desk.life())
	defer done()
	key := app.ModelKey{Value: strings.TrimSpace(in.Key), Keep: in.Keep}
	result, err := project.TryModel(ctx, in.ID, key, in.Recorded, reachOf(in.Patience))
	if err != nil {
		return out, whyEnded(ctx, err)
	}
	m.desk.pulse.tested()
	return modelResult(result), nil
}

// Cancel ends whatever is being asked of models.
func (m *Models) Cancel(_ Nothing) (out Nothing, err error) {
	defer m.desk.guard(&err)
	m.desk.trying.cancel()
	return out, nil
}

// Names lists the models that a service offers to the key of a form.
func (m *Models) Names(in ModelForm) (out ModelNamesOut, err error) {
	defer m.desk.guard(&err)
	out.Names = []string{}
	if _, err := m.desk.opened(); err != nil {
		return out, err
	}
	options, err := in.options()
	if err != nil {
		return out, err
	}
	options.Key.Keep = false
	ctx, done := m.desk.trying.begin(m.desk.life())
	defer done()
	names, err := m.desk.app.ModelNames(ctx, "", options, "")
	if err != nil {
		return out, whyEnded(ctx, err)
	}
	out.Names = namesOf(names)
	return out, nil
}

// Local asks the usual ports of this machine for services that list models.
func (m *Models) Local(_ Nothing) (out LocalModelsOut, err error) {
	defer m.desk.guard(&err)
	out = LocalModelsOut{Items: []LocalModel{}, Ports: []int{}}
	for _, p := range models.LocalPorts {
		out.Ports = append(out.Ports, p.Port)
	}
	for _, l := range app.LocalModels(m.desk.life()) {
		title := l.Provider
		if p := models.PresetFor(l.Provider); p != nil {
			title = p.Title
		}
		out.Items = append(out.Items, LocalModel{Provider: l.Provider, Title: title, URL: l.URL, Models: namesOf(l.Models)})
	}
	return out, nil
}

// Look tells in which form a text holds requests, and lists them. It sends nothing.
func (m *Models) Look(in ModelTextIn) (out ModelTextOut, err error) {
	defer m.desk.guard(&err)
	out.Items = []ModelTextRequest{}
	text := []byte(in.Text)
	if out.Form, err = app.DetectModelText(text); err != nil {
		return out, err
	}
	found, total, left, err := app.ModelRequests(out.Form, text, in.URL)
	if err != nil {
		return out, forWindow(err)
	}
	out.Total, out.Left = total, left
	for _, q := range found {
		out.Items = append(out.Items, ModelTextRequest{
			N: q.N, Method: clip(q.Method, 40), URL: q.URL, Prompt: q.Prompt, Kind: q.Kind, Provider: q.Provider, Model: q.Model, Fits: q.Fits,
		})
	}
	return out, nil
}

// headerLine is a header as a person types it.
var headerLine = regexp.MustCompile(`^[^\s:]+\s*:`)

// options are a form as package app takes it.
func (in *ModelForm) options() (o app.ModelOptions, err error) {
	o = app.ModelOptions{
		Provider: in.Provider, URL: strings.TrimSpace(in.URL), Name: strings.TrimSpace(in.Name), Model: strings.TrimSpace(in.Model),
		Method: in.Method, Slot: strings.TrimSpace(in.Slot), Answer: strings.TrimSpace(in.Answer), Role: in.Role, Auth: strings.TrimSpace(in.Auth),
		Key: app.ModelKey{Value: strings.TrimSpace(in.Key), Env: in.KeyEnv, Keep: in.Keep}, Recorded: in.Recorded, NoTry: in.NoTry, Reach: reachOf(in.Patience),
	}
	if o.Key.Value != "" {
		o.Key.Env = ""
	}
	for _, line := range in.Headers {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if !headerLine.MatchString(line) {
			return o, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("%q is no header", clip(line, 40)), Hint: "write Name: value"}
		}
		o.Header = append(o.Header, line)
	}
	if in.Body != "" {
		o.Body = []byte(in.Body)
	}
	switch {
	case in.From == "text":
		o.From, o.Data = in.Form+":the text", []byte(in.Text)
		if in.Nth > 0 {
			o.From += fmt.Sprintf("#%d", in.Nth)
		}
		o.Provider = ""
	case in.From != "":
		o.From, o.Provider = in.From, ""
	case o.Provider == "":
		o.Provider = models.Custom
	}
	return o, nil
}

const mostPatience = 600 // seconds

func reachOf(seconds int) app.ModelReach {
	return app.ModelReach{Patience: time.Duration(min(max(seconds, 0), mostPatience)) * time.Second}
}

// modelResult is a result as the window shows it.
func modelResult(r *app.ModelResult) ModelResult {
	out := ModelResult{
		ID: r.ID, Name: clip(r.Name, longName), Provider: r.Provider, Model: clip(r.Model, longName), URL: clip(app.HiddenReferences(r.URL), longName),
		Host: hostOf(r.URL), Status: r.Status, Error: inWindow(clip(r.Error, longName)), Code: r.Code, Cause: r.Cause, Fix: sentence(inWindow(r.Fix)),
		HTTPStatus: r.HTTPStatus, RetryAfter: r.RetryAfter, Latency: r.LatencyMS, Prompt: r.Prompt, Answer: clip(r.Answer, longText),
		Slot: r.Slot, AnswerPath: r.AnswerPath, Input: known(r.Input), Output: known(r.Output), Auth: r.Auth, Key: keyWords(r.Secret),
		AnsweredBy: clip(r.AnsweredBy, longName), Candidates: []ModelCandidate{}, Requests: r.Requests,
	}
	out.Error = sentence(out.Error)
	for _, c := range r.Candidates {
		out.Candidates = append(out.Candidates, ModelCandidate{Pointer: c.Pointer, Text: clip(c.Text, longName)})
	}
	return out
}

// keyWords say where keys come from.
func keyWords(references string) string {
	var words []string
	for ref := range strings.FieldsSeq(references) {
		words = append(words, app.ModelReference(ref))
	}
	return strings.Join(words, ", ")
}

// whyEnded is an error of a call, or that a person ended it.
func whyEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &app.Error{Code: codeCancelled, Message: "it was stopped; nothing was kept"}
	}
	return forWindow(err)
}

// codeCancelled is of an error that a person brought about.
const codeCancelled app.Code = "cancelled"
