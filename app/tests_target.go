package app

import (
	"context"
	"crypto/x509"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/engine"
	"assay/scanner/judge"
	"assay/scanner/target"
	"assay/storage"
	"assay/traffic"
)

// aim is one target of a test while the test is made ready and carried out.
type aim struct {
	target  scanner.RunTarget
	secrets *modelSecrets
	victim  *engine.Victim
}

// aims finds the targets that a person named. Nothing is sent.
func (p *Project) aims(ctx context.Context, o *TestOptions) ([]*aim, error) {
	if len(o.Spec.Targets) == 0 {
		return nil, usagef("--target model:ID, exchange:ID or a URL; `assay models ls` and `assay ls` list them", "nothing says what is tested")
	}
	var all []*aim
	for _, ref := range o.Spec.Targets {
		found, err := p.aim(ctx, strings.TrimSpace(ref), o)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(other *aim) bool { return other.target.Ref == found.target.Ref }) {
			continue
		}
		all = append(all, found)
	}
	return all, nil
}

func (p *Project) aim(ctx context.Context, ref string, o *TestOptions) (*aim, error) {
	s := p.secrets(o.Spec.Recorded)
	form, name, _ := strings.Cut(ref, ":")
	switch {
	case form == "exchange":
		return p.app.aimAtExchange(ctx, s, name, o)
	case strings.Contains(ref, "://"):
		return p.app.aimAtURL(ctx, s, ref, o)
	}
	m, err := findModel(ctx, p.store, ref)
	if err != nil {
		return nil, aimless(err, ref)
	}
	return aimAtModel(s, m, o)
}

// secrets resolves references for one call, with the keys that the open project holds.
func (p *Project) secrets(recorded bool) *modelSecrets {
	return &modelSecrets{keys: lazyKeys{p.app}, project: p.store, given: map[string]string{}, session: &p.keys, recorded: recorded}
}

// aimless says what a target can be where one is not found.
func aimless(err error, ref string) error {
	e, ok := errors.AsType[*Error](err)
	form, _, cut := strings.Cut(ref, ":")
	if ok && e.Code == CodeNotFound && strings.ContainsAny(ref, "/.") {
		return usagef("a URL begins with http:// or https://; `assay models ls` lists the models", "there is no target %q", Harmless(ref, 80))
	}
	if !ok || e.Code != CodeNotFound || !cut || form == "model" {
		return err
	}
	if near := Nearest(form, []string{"model", "exchange"}); near != "" {
		return usagef("did you mean "+near+":…?", "there is no form of target %q", Harmless(form, 40))
	}
	return err
}

func aimAtModel(s *modelSecrets, m *scanner.Model, o *TestOptions) (*aim, error) {
	s.recorded = s.recorded || m.Recorded
	s.useKey(m, o)
	at := &aim{secrets: s, target: scanner.RunTarget{Ref: "model:" + idText(int64(m.ID)), Request: m}}
	return at, at.describe(o.Spec.System)
}

// useKey takes the key that was given for this call in place of the one a model names.
func (s *modelSecrets) useKey(m *scanner.Model, o *TestOptions) {
	lost := strings.HasPrefix(m.Auth.Secret, "ask:")
	if !lost && len(o.Spec.Targets) > 1 {
		return // which of them it is for cannot be told; those that have theirs keep it
	}
	if o.Key.Env != "" && m.Auth.Form != target.AuthNone {
		m.Auth.Secret = "env:" + o.Key.Env
	}
	if o.Key.Value == "" {
		return
	}
	s.any = o.Key.Value
	if strings.HasPrefix(m.Auth.Secret, "env:") || strings.HasPrefix(m.Auth.Secret, "keyring:") {
		s.given[m.Auth.Secret] = o.Key.Value
	}
}

// aimAtExchange makes a target of a recorded request. Its credentials may be sent: the person chose this exchange.
func (a *App) aimAtExchange(ctx context.Context, s *modelSecrets, name string, o *TestOptions) (*aim, error) {
	id, err := exchangeID(name)
	if err != nil {
		return nil, err
	}
	s.recorded = true
	draft, err := a.draft(ctx, s, &ModelOptions{From: "exchange:" + id.String(), Key: o.Key, Recorded: true})
	if err != nil {
		return nil, err
	}
	draft.Bare = true
	m, err := target.Build(draft)
	if wrong, is := errors.AsType[*target.Problem](err); is {
		return nil, &Error{
			Code: CodeUsage, Message: "exchange " + id.String() + " cannot be attacked as it is: " + wrong.What,
			Hint: "import it first, and say where its prompt is: `assay models add --from exchange:" + id.String() + " --prompt-slot /pointer`, then test it as model:ID",
		}
	}
	if err != nil {
		return nil, err
	}
	m.Source, m.Recorded = id, true
	if m.Session == nil && len(m.Frames) == 0 {
		if m.Session, err = s.recipe(ctx, id, draft.Recorded); err != nil {
			return nil, err
		}
	}
	at := &aim{secrets: s, target: scanner.RunTarget{Ref: "exchange:" + id.String(), Request: m}}
	if draft.Recorded.Status >= 200 && draft.Recorded.Status < 300 {
		at.target.Baseline = id // its own answer is what attacks are compared with
	}
	return at, at.describe(o.Spec.System)
}

// What is looked through for the opening of a session.
const (
	mostBefore      = 40      // exchanges with the same host, the latest before the request
	mostBeforeBytes = 1 << 20 // of an answer; one that opens a session is short
)

// recipe finds in the recorded flow how the session of a request was opened; nil where it belongs to none.
func (s *modelSecrets) recipe(ctx context.Context, id traffic.ID, request *llm.Input) (*scanner.ModelSession, error) {
	u, err := url.Parse(request.URL)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // a target whose address cannot be read is refused elsewhere
	}
	query, err := traffic.Parse("host:" + strconv.Quote(u.Hostname()) + " not source:test")
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // a host that the filter language cannot say has no recordings that it could find
	}
	rows, err := s.project.List(ctx, storage.Filter{Where: query, Before: id, Limit: mostBefore})
	if err != nil {
		return nil, err
	}
	var before []llm.Input
	for i := range slices.Backward(rows) {
		at, err := url.Parse(rows[i].URL)
		if err != nil || at.Host != u.Host || rows[i].Status == 0 || rows[i].ResponseBytes > mostBeforeBytes {
			continue
		}
		in, err := s.exchange(ctx, rows[i].ID)
		if err == nil && len(in.Frames) == 0 && noReferences(in) == nil {
			before = append(before, *in)
		}
	}
	s.source = id
	return craft.Recipe(*request, before), nil
}

// aimAtURL takes the imported model that is reached at an address, or makes one as `assay models add` does.
func (a *App) aimAtURL(ctx context.Context, s *modelSecrets, address string, o *TestOptions) (*aim, error) {
	models, err := s.project.Models(ctx)
	if err != nil {
		return nil, err
	}
	base := strings.TrimRight(address, "/")
	if i := slices.IndexFunc(models, func(m *scanner.Model) bool { return strings.TrimRight(m.URL, "/") == base }); i >= 0 {
		return aimAtModel(s, models[i], o)
	}
	// The base URL, as SDKs take it, where one model alone is behind it.
	behind := slices.DeleteFunc(slices.Clone(models), func(m *scanner.Model) bool { return !strings.HasPrefix(m.URL, base+"/") })
	if len(behind) == 1 {
		return aimAtModel(s, behind[0], o)
	}
	draft, err := a.draft(ctx, s, &ModelOptions{Provider: target.Custom, URL: address, Key: o.Key})
	if err != nil {
		return nil, err
	}
	m, err := target.Build(draft)
	if wrong, is := errors.AsType[*target.Problem](err); is {
		return nil, &Error{
			Code: CodeUsage, Message: wrong.What, Hint: "import it first: `assay models add --url " + address + " --body FILE`, then test it as model:ID",
		}
	}
	if err != nil {
		return nil, err
	}
	at := &aim{secrets: s, target: scanner.RunTarget{Ref: m.URL, Request: m}}
	return at, at.describe(o.Spec.System)
}

// aimAgain makes a target ready that a run began with.
func (p *Project) aimAgain(t scanner.RunTarget, o *TestOptions) (*aim, error) {
	if t.Request == nil {
		return nil, &Error{Code: CodeFailed, Message: "the run does not say how " + Harmless(t.Ref, 80) + " is reached", Hint: "begin a new one"}
	}
	m := *t.Request
	t.Request = &m
	at := &aim{target: t, secrets: p.secrets(o.Spec.Recorded || m.Recorded)}
	at.secrets.useKey(&m, o)
	return at, at.describe(o.Spec.System)
}

// describe says of a target what a run keeps of it.
func (t *aim) describe(system string) error {
	m, rt := t.target.Request, &t.target
	rt.Name, rt.Provider, rt.Model = m.Name, m.Provider, m.Model
	if u, err := url.Parse(m.URL); err == nil {
		rt.Host = strings.ToLower(u.Host)
	}
	subject, err := craft.New(rt.Ref, m, system)
	if err != nil {
		return &Error{Code: CodeInput, Message: "the request of " + Harmless(rt.Ref, 120) + " cannot be attacked", Err: err, Hint: "import it again, and name the place of its prompt with --prompt-slot"}
	}
	rt.Kind, rt.Family, rt.System = subject.Kind, subject.Said.Family, strings.Join(subject.System, "\n\n")
	t.victim = &engine.Victim{Subject: subject}
	return nil
}

// ready refuses a target whose key is not there, or that is reached over TLS from where nobody is trusted, as in an empty
// container: every request to it would fail.
func (t *aim) ready(ctx context.Context, ca string) error {
	if strings.HasPrefix(t.target.Request.URL, "https://") && ca == "" {
		if roots, err := x509.SystemCertPool(); err != nil || roots.Equal(x509.NewCertPool()) {
			return &Error{
				Code: CodeFailed, Message: "nothing can be sent to " + Harmless(t.target.Host, 100) + ": this machine has no certificates of authorities, so it trusts no server",
				Hint: "give those of the target with --ca FILE, or put them where the system looks for them (SSL_CERT_FILE names another place)",
			}
		}
	}
	if t.victim.Identity != nil {
		return nil // it goes out with the credentials of a role
	}
	for _, ref := range references(t.target.Request) {
		if _, err := t.secrets.get(ctx, ref); err != nil {
			return &Error{
				Code: CodeFailed, Message: "nothing can be sent to " + Harmless(t.target.Name, 80), Err: err,
				Hint: "name the variable that holds it with --key-env, or hand it over with --key-stdin",
			}
		}
	}
	return nil
}

// reach opens the way to a target.
func (t *aim) reach(o *TestOptions) error {
	reach := o.Reach
	if reach.Patience == 0 {
		reach.Patience = o.Spec.Patience
	}
	roots, err := rootsOf(reach.CA)
	if err != nil {
		return err
	}
	if t.secrets.any == "" {
		t.secrets.session.give(t.target.Request, t.secrets.given)
	}
	t.victim.Target, err = target.New(t.target.Request, target.Options{Secret: t.secrets.get, Patience: reach.Patience, Most: o.Spec.Most, Roots: roots, Transport: reach.transport})
	if err != nil {
		return &Error{Code: CodeInput, Message: err.Error(), Hint: "import the model again"}
	}
	return nil
}

// mostGuardAnswers is how many recorded answers of a target's endpoint its guard is learned from.
const mostGuardAnswers = 500

// learn finds what the target's own guard always says, in the recorded answers of the same address.
func (t *aim) learn(ctx context.Context, p *storage.Project) error {
	u, err := url.Parse(t.target.Request.URL)
	if err != nil {
		return nil //nolint:nilerr // a target whose address cannot be read is refused elsewhere
	}
	query, err := traffic.Parse("host:" + strconv.Quote(u.Hostname()) + " not source:test has:answer")
	if err != nil {
		return nil //nolint:nilerr // a host that the filter language cannot say has no recordings that it could find
	}
	rows, err := p.List(ctx, storage.Filter{Where: query, Limit: mostGuardAnswers, Texts: true})
	if err != nil {
		return err
	}
	var answers []string
	for i := range rows {
		if at, err := url.Parse(rows[i].URL); err == nil && at.Path == u.Path && rows[i].Answer != "" {
			answers = append(answers, rows[i].Answer)
		}
	}
	t.victim.Guard = judge.Learn(answers)
	return nil
}
