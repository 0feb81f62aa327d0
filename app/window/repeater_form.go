package window

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/app"
	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// mostEdited is how many bytes of a body are shown in an editor.
const mostEdited = 2 << 20

// Form returns the request of a tab as it is edited.
func (r *Repeater) Form(in TabIn) (out Form, err error) {
	defer r.desk.guard(&err)
	id, err := tabID(in.Tab)
	if err != nil {
		return noForm(), err
	}
	p, err := r.desk.store()
	if err != nil {
		return noForm(), err
	}
	t, err := p.Tab(r.desk.life(), id)
	if err != nil {
		return noForm(), told(err)
	}
	return r.form(p, t)
}

// SetSlot replaces one text of the request; every other byte of it stays.
func (r *Repeater) SetSlot(in SetSlotIn) (out Form, err error) {
	defer r.desk.guard(&err)
	return r.edit(in.Tab, func(t *storage.Tab) error { return setText(t, in.Ref, in.Text) })
}

// SetParam replaces one setting of the request; every other byte of it stays.
func (r *Repeater) SetParam(in SetParamIn) (out Form, err error) {
	defer r.desk.guard(&err)
	return r.edit(in.Tab, func(t *storage.Tab) error {
		for _, s := range llm.Settings(t.Body) {
			if s.Ref.String() != in.Ref {
				continue
			}
			if s.Kind == "text" {
				return setText(t, in.Ref, in.Value)
			}
			if !fitsKind(s.Kind, in.Value) {
				return &app.Error{Code: app.CodeInput, Message: "the value of " + s.Name + " must be a " + s.Kind, Hint: "Raw takes anything"}
			}
			t.Body, err = llm.SetJSON(t.Body, s.Ref, in.Value)
			return err
		}
		return &app.Error{Code: app.CodeNotFound, Message: "the request no longer has this setting"}
	})
}

func fitsKind(kind, written string) bool {
	var v any
	if json.Unmarshal([]byte(written), &v) != nil {
		return false
	}
	switch v.(type) {
	case float64:
		return kind == "number" || kind == "null"
	case bool:
		return kind == "boolean" || kind == "null"
	case nil:
		return true
	}
	return kind == "null"
}

func setText(t *storage.Tab, name, text string) error {
	ref, err := llm.ParseRef(name)
	if err != nil {
		return &app.Error{Code: app.CodeUsage, Message: err.Error()}
	}
	q, _ := parseHead(t.Head)
	in := inputOf(q, t.Body)
	changed, err := llm.SetPrompt(in, ref, text)
	if err != nil {
		return &app.Error{Code: app.CodeInput, Message: err.Error(), Hint: "edit it in Raw"}
	}
	t.Body = changed.RequestBody
	if changed.URL != in.URL {
		t.Head = strings.Replace(t.Head, in.URL, changed.URL, 1)
	}
	if ref.In == llm.PlaceHeader {
		q.Header = changed.RequestHeader
		t.Head = headText(q)
	}
	return nil
}

// SetRaw replaces the request as text. A head that cannot be sent is kept as it is: the form says what is wrong.
func (r *Repeater) SetRaw(in SetRawIn) (out Form, err error) {
	defer r.desk.guard(&err)
	return r.edit(in.Tab, func(t *storage.Tab) error {
		t.Head = strings.ReplaceAll(in.Head, "\r\n", "\n")
		if hidden(t.Body) == "" {
			t.Body = []byte(in.Body)
		}
		return nil
	})
}

// edit loads a tab, changes its request, keeps it and returns its form.
func (r *Repeater) edit(name string, do func(*storage.Tab) error) (Form, error) {
	id, err := tabID(name)
	if err != nil {
		return noForm(), err
	}
	p, err := r.desk.writable()
	if err != nil {
		return noForm(), err
	}
	r.desk.repeats.editing.Lock()
	defer r.desk.repeats.editing.Unlock()
	ctx := r.desk.life()
	t, err := p.Tab(ctx, id)
	if err != nil {
		return noForm(), told(err)
	}
	if err := do(&t); err != nil {
		return noForm(), err
	}
	if err := p.SetTab(ctx, t); err != nil {
		return noForm(), told(err)
	}
	if t, err = p.Tab(ctx, id); err != nil { // credentials are sealed now
		return noForm(), told(err)
	}
	return r.form(p, t)
}

func noForm() Form {
	return Form{Cards: []Card{}, Params: []Param{}, Tools: []string{}, Sealed: []string{}, Changed: []string{}}
}

func (r *Repeater) form(p *storage.Project, t storage.Tab) (Form, error) {
	q, problem := parseHead(t.Head)
	f := noForm()
	f.Tab, f.Head, f.Problem, f.To = r.tab(t), t.Head, problem, hostOf(q.URL)
	f.BodyBytes, f.BodyWhy = len(t.Body), hidden(t.Body)
	if f.BodyWhy == "" {
		f.Body = string(t.Body)
	}
	in := inputOf(q, t.Body)
	c := llm.Parse(in)
	f.Provider, f.Family = c.Provider, c.Family
	f.JSON = json.Valid(t.Body)
	if f.Problem.Message == "" && !f.JSON && strings.Contains(strings.ToLower(q.Header.Get("Content-Type")), "json") && f.BodyWhy == "" && len(t.Body) > 0 {
		f.Problem = jsonProblem(t.Body)
	}
	for _, s := range inReadingOrder(llm.Slots(in)) {
		f.Cards = append(f.Cards, Card{Ref: s.Ref.String(), Role: s.Role, Text: strings.ToValidUTF8(s.Text, "\uFFFD")})
	}
	f.Params = paramsOf(t.Body, f.Cards)
	for _, tool := range c.Tools {
		f.Tools = append(f.Tools, tool.Name)
	}
	for _, m := range c.Messages {
		for _, part := range m.Parts {
			if part.Kind != llm.PartText && part.Kind != llm.PartToolResult {
				f.Other++
			}
		}
	}
	f.Sealed = list(traffic.Placeholders(t.Head + "\n" + string(t.Body)))
	var err error
	f.Changed, err = changedSince(r.desk.life(), p, cmp.Or(t.Last, t.Source), q, t.Body)
	return f, err
}

func inputOf(q traffic.Request, body []byte) llm.Input {
	return llm.Input{Method: q.Method, URL: q.URL, RequestHeader: q.Header, RequestBody: body}
}

// hidden says why a body is not shown as text; empty where it is.
func hidden(body []byte) string {
	switch {
	case !utf8.Valid(body) || strings.ContainsRune(string(body), 0):
		return "binary"
	case len(body) > mostEdited:
		return "large"
	}
	return ""
}

// jsonProblem says in which line a body stops being JSON. It may be meant: it can be sent all the same.
func jsonProblem(body []byte) RawProblem {
	var v any
	err := json.Unmarshal(body, &v)
	problem := RawProblem{Side: "body", Line: 1, Message: "The body is no JSON"}
	if err != nil {
		problem.Message += ": " + err.Error()
	}
	if syntax, ok := err.(*json.SyntaxError); ok { //nolint:errorlint // json.Unmarshal returns it as it is
		problem.Line += strings.Count(string(body[:min(int(syntax.Offset), len(body))]), "\n")
	}
	return problem
}

// inReadingOrder puts system texts first and then everything as it stands in the request.
func inReadingOrder(slots []llm.Slot) []llm.Slot {
	slices.SortStableFunc(slots, func(a, b llm.Slot) int {
		return cmp.Or(cmp.Compare(late(a), late(b)), comparePointers(a.Ref, b.Ref))
	})
	return slots
}

func late(s llm.Slot) int {
	if s.Role == "system" || s.Role == "developer" {
		return 0
	}
	return 1
}

// comparePointers compares step by step, numbers as numbers.
func comparePointers(a, b llm.Ref) int {
	if a.In != llm.PlaceJSON || b.In != llm.PlaceJSON {
		return 0
	}
	stepsA, stepsB := strings.Split(a.Name, "/"), strings.Split(b.Name, "/")
	for i := range min(len(stepsA), len(stepsB)) {
		n, errN := strconv.Atoi(stepsA[i])
		m, errM := strconv.Atoi(stepsB[i])
		if errN == nil && errM == nil {
			if n != m {
				return cmp.Compare(n, m)
			}
			continue
		}
		if stepsA[i] != stepsB[i] {
			return 0 // members of an object: as the format lists them
		}
	}
	return cmp.Compare(len(stepsA), len(stepsB))
}

// firstParams stand before the others, in this order.
var firstParams = []string{"model", "modelId", "temperature", "seed", "top_p", "topP", "top_k", "topK", "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "stream"}

func paramsOf(body []byte, cards []Card) []Param {
	params := []Param{}
	for _, s := range llm.Settings(body) {
		ref := s.Ref.String()
		if slices.ContainsFunc(cards, func(c Card) bool { return c.Ref == ref }) {
			continue
		}
		value := s.JSON
		if s.Kind == "text" {
			value = strings.ToValidUTF8(s.Text, "\uFFFD")
		}
		params = append(params, Param{Ref: ref, Name: s.Name, Kind: s.Kind, Value: value})
	}
	rank := func(p Param) int {
		if i := slices.Index(firstParams, p.Name); i >= 0 {
			return i
		}
		return len(firstParams)
	}
	slices.SortStableFunc(params, func(a, b Param) int { return cmp.Compare(rank(a), rank(b)) })
	return params
}

// changedSince tells what of a request differs from that of an exchange; nothing where there is none.
func changedSince(ctx context.Context, p *storage.Project, id traffic.ID, q traffic.Request, body []byte) ([]string, error) {
	if id == 0 {
		return []string{}, nil
	}
	x, err := p.Exchange(ctx, id)
	if err != nil {
		return []string{}, nil //nolint:nilerr // it was deleted: there is nothing to compare with
	}
	var notes []string
	before, err := p.Content(ctx, x, traffic.FromClient, &notes)
	if err != nil {
		return []string{}, err
	}
	return changes(x.Request, before, q, body), nil
}
