package target

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Draft is what a person says of a model before it is made: everything else comes from the preset or from the request
// it is made of.
type Draft struct {
	Provider string // a preset's name; empty with Recorded, which tells
	URL      string // address as people write it; empty is the preset's
	Name     string
	Model    string
	Method   string
	Header   traffic.Header // with references in place of secrets
	Body     []byte         // nil is the preset's
	Slot     string         // JSON pointer, or llm.Ref
	Answer   string         // JSON pointer
	Role     string
	Auth     string // one of AuthForms, or header:NAME, query:NAME, sigv4:REGION; empty is the preset's
	Secret   string // reference of the key; empty for none
	// Recorded is the request the model is made of, with references in place of secrets; its answer helps to read it.
	Recorded *llm.Input
	// Bare takes a request without a prompt too: what stands around a prompt can be attacked alone.
	Bare bool
}

// Problem is why a draft makes no model: what a person said wrong.
type Problem struct {
	What string
	Fix  string
}

// Error is the sentence and what to do.
func (p *Problem) Error() string { return p.What + " (" + p.Fix + ")" }

// Build makes a model of a draft. Errors are of type *Problem.
func Build(d *Draft) (*scanner.Model, error) {
	m := &scanner.Model{Provider: d.Provider, Model: d.Model, Role: d.Role, Header: slices.Clone(d.Header), Body: d.Body, Method: d.Method}
	var err error
	if d.Recorded != nil {
		err = (draftModel{m}).fromRecorded(d)
	} else {
		err = (draftModel{m}).fromPreset(d)
	}
	if err == nil {
		err = (draftModel{m}).proof(d)
	}
	if err == nil {
		err = (draftModel{m}).places(d)
	}
	if err != nil {
		return nil, err
	}
	if m.Name = d.Name; m.Name == "" {
		m.Name = nameOf(m)
	}
	return m, nil
}

// draftModel is a model while it is made.
type draftModel struct{ *scanner.Model }

func (m draftModel) fromPreset(d *Draft) error {
	p := PresetFor(d.Provider)
	if p == nil {
		return &Problem{fmt.Sprintf("there is no provider %q", d.Provider), "the providers are " + strings.Join(PresetNames(), ", ")}
	}
	address := d.URL
	if address == "" {
		address = p.Base
	}
	if address == "" {
		return &Problem{p.Title + " has no address of its own", "give yours with --url"}
	}
	shape := p
	if p.Name == Custom && d.Body == nil && strings.Contains(address, Blank) {
		return m.fromAddress(address)
	}
	if p.Name == Custom && d.Body == nil && strings.HasSuffix(strings.TrimRight(pathOf(address), "/"), "/mcp") {
		return m.fromMCP(address)
	}
	if p.Name == Custom && d.Body == nil { // a known path tells what a request looks like
		if shape = presetOf("", address); shape == nil {
			return &Problem{"nothing says what a request to " + address + " looks like", "give one with --body FILE, with " + Blank + " where the prompt goes"}
		}
	}
	if m.Model.Model == "" {
		m.Model.Model = shape.Model
	}
	if m.Model.Model == "" && d.Body == nil {
		return &Problem{"no model is named", "name one with --model; `assay models names --provider " + p.Name + "` lists them"}
	}
	endpoint, err := shape.Endpoint(address, m.Model.Model)
	if err != nil {
		return &Problem{err.Error(), "give the address with --url"}
	}
	if shape != p && !shape.complete(pathOf(address)) {
		endpoint = address
	}
	m.URL = endpoint
	for name, value := range shape.Extra {
		if !m.Header.Has(name) {
			m.Header = append(m.Header, traffic.Field{Name: name, Value: value})
		}
	}
	if m.Body == nil {
		body, ref, err := shape.Request(m.Model.Model, HarmlessPrompt)
		if err != nil {
			return &Problem{err.Error(), "give one with --body FILE"}
		}
		m.Body, m.Slot = body, ref.String()
	} else if found := gjson.GetBytes(m.Body, "model"); d.Model == "" && found.Type == gjson.String {
		m.Model.Model = found.Str
	}
	m.complete()
	return nil
}

// fromAddress makes a request of an address with the prompt in its query.
func (m draftModel) fromAddress(address string) error {
	u, err := parseAddress(address)
	if err != nil {
		return &Problem{err.Error(), "give the address with --url"}
	}
	if !strings.Contains(u.RawQuery, Blank) {
		return &Problem{Blank + " stands outside of the query of the address", "write it as the value of a parameter, or give a body with --body FILE"}
	}
	if m.Method == "" {
		m.Method = "GET"
	}
	m.URL = u.Scheme + "://" + u.Host + u.EscapedPath() + "?" + u.RawQuery
	return nil
}

// fromMCP makes a request of the address of an MCP server: it lists its tools.
func (m draftModel) fromMCP(address string) error {
	u, err := parseAddress(address)
	if err != nil {
		return &Problem{err.Error(), "give the address with --url"}
	}
	m.URL, m.Kind = u.String(), string(llm.KindMCP)
	m.Body = []byte(`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}`)
	if !m.Header.Has("Accept") {
		m.Header = append(m.Header, traffic.Field{Name: "Accept", Value: "application/json, text/event-stream"})
	}
	m.complete()
	return nil
}

func pathOf(address string) string {
	u, err := parseAddress(address)
	if err != nil {
		return ""
	}
	return u.EscapedPath()
}

// formBody is what a form's body looks like.
var formBody = regexp.MustCompile(`^[^=&\s<{]+=[^=&\s]*(&[^=&\s]+=[^=&\s]*)*$`)

// complete sets what a request cannot do without.
func (m draftModel) complete() {
	if m.Method == "" {
		m.Method = "POST"
	}
	if len(m.Body) > 0 && !m.Header.Has("Content-Type") {
		kind := "text/plain; charset=utf-8"
		switch {
		case gjson.ValidBytes(m.Body):
			kind = "application/json"
		case formBody.Match(m.Body):
			kind = "application/x-www-form-urlencoded"
		}
		m.Header = append(m.Header, traffic.Field{Name: "Content-Type", Value: kind})
	}
}

// fromRecorded takes the request as it was sent, but for headers that every sender makes anew.
func (m draftModel) fromRecorded(d *Draft) error {
	in := d.Recorded
	conv := llm.Parse(*in)
	u, err := url.Parse(in.URL)
	if err == nil && len(in.Frames) > 0 && (u.Scheme == "ws" || u.Scheme == "wss") { // its handshake is HTTP
		u.Scheme = "http" + strings.TrimPrefix(u.Scheme, "ws")
		with := *in
		with.URL = u.String()
		in = &with
	}
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &Problem{"the request has no address: " + shorten(in.URL, 100), "give the whole URL in the file"}
	}
	if m.Method == "" {
		m.Method = in.Method
	}
	if conv.Kind != llm.KindPlain {
		m.Kind = string(conv.Kind)
	}
	m.URL = in.URL
	if d.URL != "" {
		address, err := parseAddress(d.URL)
		if err != nil {
			return &Problem{err.Error(), "give an address with --url"}
		}
		if m.URL = address.String(); strings.Trim(address.Path, "/") == "" { // the same request, elsewhere
			m.URL = address.Scheme + "://" + address.Host + strings.TrimPrefix(in.URL, u.Scheme+"://"+u.Host)
		}
	}
	for _, f := range in.RequestHeader {
		if !skipped[strings.ToLower(f.Name)] && !strings.HasPrefix(f.Name, ":") && !m.Header.Has(f.Name) {
			m.Header = append(m.Header, f)
		}
	}
	if m.Body == nil {
		m.Body = in.RequestBody
	}
	if len(in.Frames) > 0 {
		if m.Frames, err = modelFrames(in.Frames); err != nil {
			return err
		}
	}
	if m.Provider == "" {
		m.Provider = Custom
		if p := presetOf(conv.Provider, in.URL); p != nil {
			m.Provider = p.Name
		}
	} else if PresetFor(m.Provider) == nil {
		return &Problem{fmt.Sprintf("there is no provider %q", m.Provider), "the providers are " + strings.Join(PresetNames(), ", ")}
	}
	if err := m.rename(d.Model, conv.Model); err != nil {
		return err
	}
	m.complete()
	return nil
}

// rename asks for another model than the recorded request did.
func (m draftModel) rename(want, was string) error {
	if m.Model.Model = want; want == "" {
		m.Model.Model = was
		return nil
	}
	if want == was {
		return nil
	}
	in, err := llm.SetPrompt(llm.Input{RequestBody: m.Body}, llm.Ref{In: llm.PlaceJSON, Name: "/model"}, want)
	if err == nil {
		m.Body = in.RequestBody
		return nil
	}
	if was != "" && strings.Contains(m.URL, "/"+url.PathEscape(was)) {
		m.URL = strings.Replace(m.URL, "/"+url.PathEscape(was), "/"+url.PathEscape(want), 1)
		return nil
	}
	return &Problem{"the request does not say which model it asks", "leave --model away"}
}

var bedrockRegion = regexp.MustCompile(`\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws|api\.aws|vpce)`)

// proof sets how requests prove who sends them.
func (m draftModel) proof(d *Draft) error {
	form, name, _ := strings.Cut(d.Auth, ":")
	if form != "" && !slices.Contains(AuthForms(), form) {
		return &Problem{fmt.Sprintf("there is no form of authentication %q", form), "the forms are none, bearer, header:NAME, query:NAME, basic, sigv4:REGION"}
	}
	preset := PresetFor(m.Provider)
	if form == "" && d.Secret != "" && preset != nil {
		form, name = preset.Auth, preset.Header
		if form == AuthNone || form == "" || form == AuthSigV4 && strings.Contains(strings.ToUpper(d.Secret), "BEARER") {
			form = AuthBearer
		}
	}
	if form == "" || d.Secret == "" && form != AuthNone {
		if form == "" {
			form = AuthNone
		} else {
			return &Problem{"no key is given for " + form, "name the variable that holds it with --key-env"}
		}
	}
	if (form == AuthHeader || form == AuthQuery) && name == "" {
		return &Problem{"the name of the " + form + " is missing", "write " + form + ":NAME"}
	}
	m.Auth = scanner.ModelAuth{Form: form, Name: name, Secret: d.Secret}
	switch form {
	case AuthNone:
		m.Auth.Secret = ""
	case AuthSigV4:
		if m.Auth.Name == "" {
			m.Auth.Name = "us-east-1"
			if r := bedrockRegion.FindStringSubmatch(m.URL); r != nil {
				m.Auth.Name = r[1]
			}
		}
	}
	if form != AuthNone { // what the recorded request proved itself with gives way
		m.Header = slices.DeleteFunc(m.Header, func(f traffic.Field) bool {
			return strings.EqualFold(f.Name, proofHeader(form, name)) || len(References(f.Value)) > 0 && isProof(f.Name)
		})
	}
	return nil
}

func proofHeader(form, name string) string {
	if form == AuthHeader {
		return name
	}
	return "Authorization"
}

// isProof reports whether a header is one in which services take keys.
func isProof(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "x-api-key", "api-key", "x-goog-api-key":
		return true
	}
	return false
}

// places sets where the prompt and the answer stand.
func (m draftModel) places(d *Draft) error {
	in := InputOf(m.Model)
	if d.Recorded != nil {
		in.Status, in.ResponseHeader, in.ResponseBody, in.Ended = d.Recorded.Status, d.Recorded.ResponseHeader, d.Recorded.ResponseBody, true
	}
	switch {
	case d.Slot != "":
		ref, err := ParsePlace(d.Slot)
		if err != nil {
			return &Problem{err.Error(), "a JSON pointer begins with /, as /messages/0/content"}
		}
		m.Slot = ref.String()
	case m.Slot == "":
		ref, before, after, ok := FindSlot(in)
		if !ok && (d.Bare || m.Kind == string(llm.KindMCP)) {
			return nil // a list of tools is asked for without a word
		}
		if !ok {
			return &Problem{"the request has no text that could be a prompt", "name its place with --prompt-slot, or write " + Blank + " there"}
		}
		m.Slot, m.Before, m.After = ref.String(), before, after
	}
	ref, err := llm.ParseRef(m.Slot)
	if err == nil {
		_, err = llm.SetPrompt(in, ref, HarmlessPrompt)
	}
	if err != nil {
		return &Problem{"no prompt can stand there: " + err.Error(), "name another place with --prompt-slot"}
	}
	if n, ok := ref.FrameNumber(); ok && d.Recorded != nil {
		m.Frames = shortTo(m.Frames, n, d.Recorded.Frames)
	}
	if d.Answer != "" {
		if d.Answer != WholeBody && !strings.HasPrefix(d.Answer, "/") {
			return &Problem{fmt.Sprintf("%q is no JSON pointer", d.Answer), "write it as /data/answer, or " + WholeBody + " for all of the answer"}
		}
		m.Answer, m.ByPath = d.Answer, true
	}
	return nil
}

// ParsePlace reads a place in a request: a JSON pointer, or a llm.Ref.
func ParsePlace(s string) (llm.Ref, error) {
	if strings.HasPrefix(s, "/") {
		return llm.Ref{In: llm.PlaceJSON, Name: s}, nil
	}
	return llm.ParseRef(s)
}

// PlaceText writes a place as ParsePlace reads it, the shortest way.
func PlaceText(slot string) string {
	if rest, ok := strings.CutPrefix(slot, string(llm.PlaceJSON)+":"); ok && rest != "" {
		return rest
	}
	return slot
}

// nameOf is what a model is called when nobody named it.
func nameOf(m *scanner.Model) string {
	title, host := m.Provider, m.URL
	if u, err := url.Parse(m.URL); err == nil {
		host = u.Host
	}
	if m.Provider == Custom {
		title = host
	}
	if m.Model != "" {
		return title + " " + m.Model
	}
	if m.Provider == Custom {
		return title + " " + strings.TrimRight(pathOf(m.URL), "/")
	}
	return title
}
