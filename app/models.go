package app

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/target"
	"assay/storage"
	"assay/traffic"
)

// ModelKey says where the key of a model comes from for one call. Its value is used for the call and never kept, but in
// the keychain of the operating system where Keep asks for that.
type ModelKey struct {
	Env   string // the variable that holds it
	Value string // or the key itself, from standard input or a field of the window
	Keep  bool   // keep the value in the keychain
}

// ModelOptions say what model is imported.
type ModelOptions struct {
	Provider string // a preset's name
	URL      string
	Name     string
	Model    string
	Method   string
	Header   []string // "Name: value"; {{env:VARIABLE}} stands for a variable's value
	Body     []byte
	Slot     string // where the prompt goes: JSON pointer, or query:NAME, form:NAME, header:NAME, body:
	Answer   string // where the answer is: JSON pointer
	Role     string
	Auth     string // bearer, header:NAME, query:NAME, basic, sigv4:REGION, none; empty is the provider's
	Key      ModelKey
	From     string // exchange:ID, or a file: curl:FILE, har:FILE, burp:FILE, postman:FILE, openapi:FILE, raw:FILE, jsonl:FILE
	Data     []byte // what stands in the file that From names, where it was read already; nil reads it
	Recorded bool   // send the credentials that were recorded with the exchange
	NoTry    bool   // keep it without asking it anything
	Reach    ModelReach
}

// ModelReach says how a model is reached.
type ModelReach struct {
	Patience time.Duration // for one answer; 0 is a minute
	CA       string        // a file of certificates in PEM that are trusted beside the machine's; empty for none

	transport http.RoundTripper // carries requests in place of the network; nil for the network
}

// ModelResult is what `assay models add --json` prints: a contract (docs/cli.md).
type ModelResult struct {
	ID         string             `json:"id,omitempty"` // empty when it was not kept
	Name       string             `json:"name"`
	Provider   string             `json:"provider"`
	Model      string             `json:"model"`
	Status     string             `json:"status"` // ok, failed, untried
	Error      string             `json:"error,omitempty"`
	Code       string             `json:"error_code,omitempty"` // of target.Code
	Cause      string             `json:"cause,omitempty"`      // what the network said
	Fix        string             `json:"fix,omitempty"`        // one thing to do
	HTTPStatus int                `json:"http_status,omitempty"`
	RetryAfter float64            `json:"retry_after_s,omitempty"`
	LatencyMS  float64            `json:"latency_ms"`
	Prompt     string             `json:"prompt,omitempty"`
	Answer     string             `json:"answer"`
	Slot       string             `json:"prompt_slot"`
	AnswerPath string             `json:"answer_path"`
	Input      *int64             `json:"input_tokens,omitempty"`
	Output     *int64             `json:"output_tokens,omitempty"`
	URL        string             `json:"url"`
	Auth       string             `json:"auth,omitempty"`     // form
	Secret     string             `json:"key_from,omitempty"` // where the key comes from, never its value
	Family     string             `json:"family,omitempty"`
	AnsweredBy string             `json:"answered_by,omitempty"` // the model as the answer names it
	Candidates []target.Candidate `json:"candidates,omitempty"`  // where it is not sure which text is the answer
	Requests   int                `json:"requests"`              // that were sent
}

// AddModel imports a model: it sends one harmless prompt, finds the answer in what comes back, and keeps the model when
// there is one. A model that does not answer is not kept; the result says why.
func (a *App) AddModel(ctx context.Context, path string, o ModelOptions) (result *ModelResult, err error) {
	p, err := a.project(ctx, path, toWrite)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return a.addModel(ctx, p, nil, o)
}

// AddModel imports a model into the open project.
func (p *Project) AddModel(ctx context.Context, o ModelOptions) (*ModelResult, error) {
	return p.app.addModel(ctx, p.store, &p.keys, o)
}

func (a *App) addModel(ctx context.Context, p *storage.Project, session *modelKeys, o ModelOptions) (*ModelResult, error) {
	if ro, why := p.ReadOnly(); ro {
		return nil, &Error{Code: CodeBusy, Message: "cannot keep a model in " + p.Path() + ": " + why, Hint: "stop the recorder first, or name another project with --project"}
	}
	s := &modelSecrets{keys: lazyKeys{a}, project: p, given: map[string]string{}, session: session, recorded: o.Recorded}
	draft, err := a.draft(ctx, s, &o)
	if err != nil {
		return nil, err
	}
	m, err := target.Build(draft)
	if err != nil {
		return nil, problem(err)
	}
	m.Imported = time.Now()
	m.Source, m.Recorded = s.source, o.Recorded
	result := &ModelResult{Status: "untried"}
	if !o.NoTry {
		if err := s.try(ctx, m, o.Reach, result); err != nil {
			return nil, err
		}
	}
	if result.Status != "failed" {
		if err := s.keep(ctx, m, o.Key.Keep); err != nil {
			return nil, err
		}
		if m.Name, err = freeName(ctx, p, m.Name); err != nil {
			return nil, err
		}
		id, err := p.AddModel(ctx, m)
		if err != nil {
			return nil, err
		}
		m.ID = id
		session.hold(m, s.given)
	}
	result.describe(m)
	return result, nil
}

func (r *ModelResult) describe(m *scanner.Model) {
	r.ID, r.Name, r.Provider, r.Model, r.URL = idText(int64(m.ID)), m.Name, m.Provider, m.Model, m.URL
	r.Slot, r.AnswerPath = target.PlaceText(m.Slot), m.Answer
	r.Auth, r.Secret = m.Auth.Form, strings.Join(references(m), " ")
}

// references are where the secrets of a model's requests come from.
func references(m *scanner.Model) []string {
	refs := target.References(m.URL)
	for _, f := range m.Header {
		refs = append(refs, target.References(f.Value)...)
	}
	if m.Auth.Secret != "" {
		refs = append(refs, m.Auth.Secret)
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// freeName is a name that no other model of the project has.
func freeName(ctx context.Context, p *storage.Project, name string) (string, error) {
	models, err := p.Models(ctx)
	if err != nil {
		return "", err
	}
	taken := func(name string) bool {
		return slices.ContainsFunc(models, func(m *scanner.Model) bool { return m.Name == name })
	}
	free := name
	for n := 2; taken(free); n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	return free, nil
}

// problem makes an error of the command line of what a draft has wrong.
func problem(err error) error {
	if p, ok := errors.AsType[*target.Problem](err); ok {
		return &Error{Code: CodeUsage, Message: p.What, Hint: p.Fix}
	}
	return err
}

// modelSecrets resolves the references of models for one call, and remembers the values that were handed over.
type modelSecrets struct {
	keys     lazyKeys
	project  *storage.Project
	given    map[string]string // by reference
	session  *modelKeys        // those of the open project; nil where none is open
	any      string            // stands for every ask: reference
	recorded bool              // placeholders of the project may be sent
	source   traffic.ID
}

// get implements target.Options.Secret.
func (s *modelSecrets) get(ctx context.Context, ref string) (string, error) {
	if v, ok := s.given[ref]; ok {
		return v, nil
	}
	form, name, _ := strings.Cut(ref, ":")
	switch {
	case strings.HasPrefix(ref, "⟨cred:"):
		if !s.recorded {
			return "", errors.New("the request carries a key that was recorded, which is sent only when you allow it with --use-recorded-key")
		}
		return s.project.Credential(ctx, ref)
	case form == "env":
		return fromEnv(name)
	case form == "keyring":
		v, err := s.keys.Get(ctx, name)
		return string(v), err
	case form == "ask" && s.any != "":
		return s.any, nil
	case form == "ask":
		return "", errors.New("the key was not kept when the model was imported")
	}
	return "", fmt.Errorf("there is no secret %s", ref)
}

// fromEnv reads a variable, or several joined by colons: NAME, or USER+PASSWORD. Those that are not set are left out
// behind the first two.
func fromEnv(names string) (string, error) {
	var parts []string
	for i, name := range strings.Split(names, "+") {
		v, set := os.LookupEnv(name)
		if v == "" && i < 2 {
			what := "is empty"
			if !set {
				what = "is not set"
			}
			return "", fmt.Errorf("the variable %s, which should hold the key, %s", name, what)
		}
		if v != "" {
			parts = append(parts, strings.TrimSpace(v))
		}
	}
	return strings.Join(parts, ":"), nil
}

// keep moves the values that were handed over into the keychain; otherwise their references say that they must be given
// again.
func (s *modelSecrets) keep(ctx context.Context, m *scanner.Model, keep bool) error {
	if !keep {
		return nil
	}
	for ref, value := range s.given {
		name := "model/" + rand.Text()
		if err := s.keys.Set(ctx, name, []byte(value)); err != nil {
			return &Error{Code: CodeFailed, Message: "the key cannot be kept in the keychain", Err: err, Hint: "leave --keep-key away, and name a variable with --key-env"}
		}
		kept := "keyring:" + name
		if m.Auth.Secret == ref {
			m.Auth.Secret = kept
		}
		m.URL = strings.ReplaceAll(m.URL, target.Reference(ref), target.Reference(kept))
		for i := range m.Header {
			m.Header[i].Value = strings.ReplaceAll(m.Header[i].Value, target.Reference(ref), target.Reference(kept))
		}
	}
	return nil
}

// reach makes a target of a model whose secrets are found here.
func (s *modelSecrets) reach(m *scanner.Model, reach ModelReach) (*target.Target, error) {
	if s.any == "" {
		s.session.give(m, s.given)
	}
	roots, err := rootsOf(reach.CA)
	if err != nil {
		return nil, err
	}
	t, err := target.New(m, target.Options{Secret: s.get, Patience: reach.Patience, Roots: roots, Transport: reach.transport})
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: err.Error(), Hint: "import the model again"}
	}
	return t, nil
}

// try sends the harmless prompt and writes what came of it into the model and the result.
func (s *modelSecrets) try(ctx context.Context, m *scanner.Model, reach ModelReach, result *ModelResult) error {
	t, err := s.reach(m, reach)
	if err != nil {
		return err
	}
	defer t.Close()
	tried, err := t.Try(ctx)
	f, failed := target.FailureOf(err)
	if err != nil && !failed {
		return err
	}
	if ro, _ := s.project.ReadOnly(); !ro && tried.Answer != nil { // what answered belongs to the inventory
		if _, err := s.project.SaveExchange(ctx, tried.Answer.Record(traffic.SourceRepeater, err), tried.Answer.Secrets()); err != nil {
			return err
		}
	}
	m.Tried = tried.Record(err)
	if m.Tried.At.IsZero() {
		m.Tried.At = time.Now()
	}
	result.Status, result.Requests, result.Prompt = "ok", tried.Requests, m.Tried.Prompt
	result.Answer, result.HTTPStatus, result.AnsweredBy = m.Tried.Answer, m.Tried.Status, m.Tried.Model
	result.LatencyMS = float64(m.Tried.Latency.Microseconds()) / 1000
	result.Input, result.Output = m.Tried.Input, m.Tried.Output
	if answer := tried.Answer; answer != nil {
		result.Family = answer.Said.Family
	}
	if len(tried.Candidates) > 1 || failed {
		result.Candidates = tried.Candidates
		for i := range result.Candidates {
			result.Candidates[i].Text = Harmless(tried.Answer.Hide(result.Candidates[i].Text), 200)
		}
	}
	if failed {
		result.Status, result.Error, result.Code, result.Fix = "failed", f.Error(), string(f.Code), f.Fix
		result.RetryAfter = f.RetryAfter.Seconds()
		if f.Err != nil && f.Err.Error() != f.What {
			result.Cause = Harmless(tried.Answer.Hide(f.Err.Error()), 400)
		}
	}
	return nil
}

// rootsOf are the machine's certificates and those of a file; nil for the machine's alone.
func rootsOf(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // nil stands for the machine's
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: "cannot read the certificates in " + file, Err: err}
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, &Error{Code: CodeInput, Message: "there is no certificate in " + file, Hint: "it begins with -----BEGIN CERTIFICATE-----"}
	}
	return roots, nil
}

// TryModel sends the harmless prompt to an imported model again and keeps what came of it.
func (a *App) TryModel(ctx context.Context, path, which string, key ModelKey, recorded bool, reach ModelReach) (result *ModelResult, err error) {
	err = a.change(ctx, path, func(p *storage.Project) error {
		result, err = a.tryModel(ctx, p, nil, which, key, recorded, reach)
		return err
	})
	return result, err
}

// TryModel sends the harmless prompt to an imported model of the open project again.
func (p *Project) TryModel(ctx context.Context, which string, key ModelKey, recorded bool, reach ModelReach) (*ModelResult, error) {
	return p.app.tryModel(ctx, p.store, &p.keys, which, key, recorded, reach)
}

func (a *App) tryModel(
	ctx context.Context, p *storage.Project, session *modelKeys, which string, key ModelKey, recorded bool, reach ModelReach,
) (*ModelResult, error) {
	m, err := findModel(ctx, p, which)
	if err != nil {
		return nil, err
	}
	s := &modelSecrets{keys: lazyKeys{a}, project: p, given: map[string]string{}, session: session, recorded: recorded || m.Recorded}
	if key.Env != "" {
		m.Auth.Secret = "env:" + key.Env
	}
	if key.Value != "" {
		s.any = key.Value
		if strings.HasPrefix(m.Auth.Secret, "env:") || strings.HasPrefix(m.Auth.Secret, "keyring:") {
			s.given[m.Auth.Secret] = key.Value
		}
	}
	result := &ModelResult{}
	if err := s.try(ctx, m, reach, result); err != nil {
		return nil, err
	}
	if key.Value != "" && result.Status == "ok" {
		if err := s.keepTried(ctx, m, key); err != nil {
			return nil, err
		}
	}
	result.describe(m)
	if ro, _ := p.ReadOnly(); ro {
		return result, nil // another process has the project
	}
	return result, p.SetModel(ctx, m)
}

// findModel finds an imported model by id or name.
func findModel(ctx context.Context, p *storage.Project, which string) (*scanner.Model, error) {
	models, err := p.Models(ctx)
	if err != nil {
		return nil, err
	}
	which = strings.TrimPrefix(which, "model:")
	var names []string
	for _, m := range models {
		if idText(int64(m.ID)) == which || m.Name == which {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return nil, &Error{Code: CodeNotFound, Message: fmt.Sprintf("there is no imported model %q", which), Hint: nearOr(which, names, "`assay models ls` lists them")}
}

// RemoveModel forgets an imported model, and the keys of it that are in the keychain.
func (a *App) RemoveModel(ctx context.Context, path, which string) (name string, err error) {
	err = a.change(ctx, path, func(p *storage.Project) error {
		name, err = a.removeModel(ctx, p, which)
		return err
	})
	return name, err
}

// RemoveModel forgets an imported model of the open project.
func (p *Project) RemoveModel(ctx context.Context, which string) (name string, err error) {
	m, err := findModel(ctx, p.store, which)
	if err != nil {
		return "", err
	}
	p.keys.forget(m.ID)
	return p.app.removeModel(ctx, p.store, which)
}

func (a *App) removeModel(ctx context.Context, p *storage.Project, which string) (string, error) {
	m, err := findModel(ctx, p, which)
	if err != nil {
		return "", err
	}
	if err := p.RemoveModel(ctx, m.ID); err != nil {
		return "", err
	}
	return m.Name, a.forgetKeys(ctx, m)
}

func (a *App) forgetKeys(ctx context.Context, m *scanner.Model) error {
	refs := slices.DeleteFunc(references(m), func(ref string) bool { return !strings.HasPrefix(ref, "keyring:") })
	if len(refs) == 0 {
		return nil
	}
	ring, err := lazyKeys{a}.open(ctx)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		err = errors.Join(err, ring.Delete(ctx, strings.TrimPrefix(ref, "keyring:")))
	}
	return err
}

// LocalModels finds the services on this machine that list models: Ollama, LM Studio, vLLM and others at their usual
// ports.
func LocalModels(ctx context.Context) []target.Local { return target.FindLocal(ctx, target.LocalPorts) }

// ModelNames lists the names of the models that a service offers: those of an imported model's, or of a preset's.
func (a *App) ModelNames(ctx context.Context, path string, o ModelOptions, which string) (names []string, err error) {
	s := &modelSecrets{keys: lazyKeys{a}, given: map[string]string{}, any: o.Key.Value, recorded: o.Recorded}
	var m *scanner.Model
	if which != "" {
		p, err := a.project(ctx, path, toRead)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, p.Close()) }()
		s.project = p
		if m, err = findModel(ctx, p, which); err != nil {
			return nil, err
		}
		s.recorded = s.recorded || m.Recorded
	} else {
		if o.Model == "" {
			o.Model = "any"
		}
		draft, err := a.draft(ctx, s, &o)
		if err != nil {
			return nil, err
		}
		if m, err = target.Build(draft); err != nil {
			return nil, problem(err)
		}
	}
	t, err := s.reach(m, o.Reach)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	names, err = t.Models(ctx)
	if f, ok := target.FailureOf(err); ok {
		return nil, &Error{Code: CodeFailed, Message: f.Error(), Hint: f.Fix, Err: f.Err}
	}
	if errors.Is(err, target.ErrNoList) {
		return nil, &Error{Code: CodeNotFound, Message: err.Error(), Hint: "its documentation names them"}
	}
	return names, err
}
