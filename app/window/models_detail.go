package window

import (
	"slices"
	"strings"
	"unicode/utf8"

	"assay/app"
	"assay/internal/excerpt"
	"assay/scanner"
	models "assay/scanner/target"
)

// mostModelBody is how many bytes of a request's body the window shows.
const mostModelBody = 64 << 10

// Get tells all about one imported model.
func (m *Models) Get(in ModelIn) (out ModelOut, err error) {
	defer m.desk.guard(&err)
	s, err := m.stock()
	if err != nil {
		return out, err
	}
	model, ready, err := s.project.Model(s.ctx, in.ID)
	if err != nil {
		return out, err
	}
	rows, err := s.modelRows()
	if err != nil {
		return out, err
	}
	at := slices.IndexFunc(rows, func(r ModelRow) bool { return r.ID == idText(model.ID) })
	if at < 0 {
		return out, errNoModel
	}
	out = modelOut(model)
	out.Row, out.Ready = rows[at], ready
	if out.Scope, err = s.scopeOf(hostOf(model.URL)); err != nil {
		return out, err
	}
	out.Runs, err = s.runsOf("model:" + idText(model.ID))
	return out, err
}

// modelOut is a model's request and its latest try.
func modelOut(m *scanner.Model) ModelOut {
	body, cut := bodyText(m.Body, mostModelBody)
	out := ModelOut{
		Method: m.Method, Headers: []NameValue{}, Body: body, BodyCut: cut, Slot: models.PlaceText(m.Slot), Answer: m.Answer, ByFormat: !m.ByPath,
		Auth: m.Auth.Form, AuthName: m.Auth.Name, Role: m.Role, Imported: stamp(m.Imported), Runs: []ModelRun{},
	}
	out.Key = keyWords(strings.Join(app.ModelReferences(m), " "))
	for _, f := range m.Header {
		out.Headers = append(out.Headers, NameValue{clip(f.Name, longName), clip(app.HiddenReferences(f.Value), longName)})
	}
	if t := m.Tried; t != nil {
		out.Try = ModelTry{
			At: stamp(t.At), Code: t.Code, Error: sentence(inWindow(clip(t.Error, longName))), Status: t.Status,
			Latency: float64(t.Latency.Microseconds()) / 1000, Input: known(t.Input), Output: known(t.Output), Prompt: t.Prompt,
			Answer: clip(t.Answer, longText), Model: clip(t.Model, longName),
		}
	}
	return out
}

// bodyText is bytes as text, at most so many.
func bodyText(data []byte, most int) (text string, cut bool) {
	shown := excerpt.Bytes(string(data[:min(len(data), most+utf8.UTFMax)]), most)
	return strings.ToValidUTF8(shown, "\ufffd"), len(data) > most
}

// mostModelRuns is how many runs a model lists.
const mostModelRuns = 50

func (s *stock) runsOf(ref string) ([]ModelRun, error) {
	out := []ModelRun{}
	runs, err := s.store.Runs(s.ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		if len(out) < mostModelRuns && slices.ContainsFunc(r.Targets, func(t scanner.RunTarget) bool { return t.Ref == ref }) {
			out = append(out, ModelRun{
				ID: idText(r.ID), Name: clip(r.Name, longName), State: string(r.State), Created: stamp(r.Created), Cases: r.Tally.Cases, Vulnerable: r.Tally.Vulnerable,
			})
		}
	}
	return out, nil
}

func (s *stock) scopeOf(host string) (ModelScope, error) {
	out := ModelScope{Host: host, Local: models.Loopback(host)}
	line, in, err := s.project.ScopeOf(s.ctx, host)
	if err != nil {
		return out, err
	}
	out.In, out.Line, out.Authorisation, out.Added = in || out.Local, line.Host, clip(line.Authorisation, longText), stamp(line.Added)
	return out, nil
}

// Rename gives a model another name.
func (m *Models) Rename(in RenameModelIn) (out RenameModelOut, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	out.Name, err = project.RenameModel(m.desk.life(), in.ID, clip(in.Name, 200))
	return out, err
}

// SetAnswer says which text of the answer is what was said.
func (m *Models) SetAnswer(in ModelAnswerIn) (out Nothing, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	return out, project.SetModelAnswer(m.desk.life(), in.ID, in.Pointer, clip(in.Text, longName))
}

// SetRoleOf says as whom requests to a model are sent.
func (m *Models) SetRoleOf(in ModelRoleIn) (out Nothing, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	return out, project.SetModelRole(m.desk.life(), in.ID, in.Role)
}

// Remove forgets an imported model. Restore brings it back while the window is open.
func (m *Models) Remove(in ModelIn) (out RemoveModelOut, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	removed, err := project.TakeModel(m.desk.life(), in.ID)
	if err != nil {
		return out, err
	}
	m.desk.pulse.tested()
	return RemoveModelOut{Token: m.desk.removed.keep(project, removed), Name: removed.Model.Name}, nil
}

// Restore brings back a model that Remove forgot.
func (m *Models) Restore(in RestoreModelIn) (out Nothing, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	removed := m.desk.removed.take(project, in.Token)
	if removed == nil {
		return out, &app.Error{Code: app.CodeNotFound, Message: "this model can no longer be brought back", Hint: "import it again"}
	}
	if err := project.PutModel(m.desk.life(), removed); err != nil {
		return out, err
	}
	m.desk.pulse.tested()
	return out, nil
}

// SetScope puts the host of a model in scope of tests, with who allowed it.
func (m *Models) SetScope(in ScopeIn) (out Nothing, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	err = project.SetScope(m.desk.life(), in.Host, clip(strings.TrimSpace(in.Authorisation), longName))
	m.desk.pulse.tested()
	return out, err
}

// LeaveScope takes a line out of the scope.
func (m *Models) LeaveScope(in ScopeIn) (out Nothing, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	err = project.LeaveScope(m.desk.life(), in.Host)
	m.desk.pulse.tested()
	return out, err
}
