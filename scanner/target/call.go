package target

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Call is a request that is ready to be sent but for its credentials.
type Call struct {
	Input   llm.Input // with references in place of secrets
	Auth    string    // what is done to the credentials: a word of template.AuthEdits; empty leaves them
	As      *Identity // whose credentials are used; nil for the target's own
	Session *Session  // the conversation it belongs to; nil for none
	// Put are headers and parameters that a template set, as header:NAME and query:NAME: none of the target's credentials,
	// whatever their names.
	Put []string
}

// put reports whether a template set a header or a parameter.
func (c *Call) put(place, name string) bool {
	return slices.ContainsFunc(c.Put, func(p string) bool { return strings.EqualFold(p, place+":"+name) })
}

// Identity is somebody a request is sent as: a test role, with the value behind {{token}}.
type Identity struct {
	Role  *scanner.Role
	Token string
}

// Do sends a call as it is, but for its credentials, and reads the answer, as Send does. A call of a session that is not
// open yet opens it first: Answer.Before holds what came of that. When opening fails, that answer is given back.
func (t *Target) Do(ctx context.Context, c Call) (*Answer, error) {
	in := c.Input
	var before []*Answer
	if c.Session != nil {
		opened, err := c.Session.open(ctx, t, c)
		if err != nil {
			if n := len(opened); n > 0 {
				opened[n-1].Before = opened[:n-1]
				return opened[n-1], err
			}
			return nil, err
		}
		before, in = opened, c.Session.into(in)
	}
	out, err := t.prepare(ctx, in, c)
	if err != nil {
		return nil, err
	}
	if len(in.Frames) > 0 {
		a, err := t.talk(ctx, out, in)
		a.Before = before
		return a, err
	}
	a, err := t.carry(ctx, out)
	if a != nil {
		a.Before = before
	}
	if err != nil {
		return a, err
	}
	return a, t.understand(a, in)
}

// Secrets are the values that stand in what was sent, and must not be kept.
func (a *Answer) Secrets() []string { return a.secrets }

// Arrived reports whether a failure is what a whole answer of the target says, by its status or its content, and not
// that no answer came.
func (f *Failure) Arrived() bool {
	return f.Status != 0 && !slices.Contains([]Code{CodeEndless, CodeTooLarge, CodeCut}, f.Code)
}

// prepare puts secrets in the place of their references and proves who sends the request.
func (t *Target) prepare(ctx context.Context, in llm.Input, c Call) (*outgoing, error) {
	s := &secrets{ctx: ctx, get: t.options.Secret}
	auth := t.model.Auth
	if c.As != nil {
		in, auth = s.become(in, &c), scanner.ModelAuth{Form: AuthNone}
	}
	if c.Auth == "remove" {
		auth.Form = AuthNone
	}
	out := &outgoing{request: traffic.Request{Method: in.Method, URL: s.fill(in.URL, url.QueryEscape), Proto: "HTTP/1.1"}}
	for _, f := range in.RequestHeader {
		out.request.Header = append(out.request.Header, traffic.Field{Name: f.Name, Value: s.fill(f.Value, nil)})
	}
	size := int64(len(in.RequestBody))
	out.request.Body = traffic.Body{Size: size, Kept: size, Data: in.RequestBody}
	s.prove(out, auth, t.options.Now())
	if s.err != nil {
		return nil, &Failure{Code: CodeNoSecret, What: s.err.Error(), Fix: "name the variable that holds it with --key-env, or hand it over with --key-stdin", Err: s.err}
	}
	out.secrets = s.values
	if f := out.editAuth(&c, t.model.Auth); f != nil {
		return nil, f
	}
	return out, nil
}

// become puts what proves a role in the place of what proves the target's own caller.
func (s *secrets) become(in llm.Input, c *Call) llm.Input {
	as := c.As
	in.URL = withoutCredentials(in.URL, c)
	in.RequestHeader = headersWithout(in.RequestHeader, scanner.ModelAuth{}, c)
	for _, f := range as.Role.Header {
		in.RequestHeader = in.RequestHeader.With(f.Name, s.fill(s.token(f.Value, as.Token), nil))
	}
	for _, field := range as.Role.Body {
		ref, err := llm.ParseRef(field.Ref)
		if err != nil {
			s.fail(err)
			return in
		}
		changed, err := llm.PutText(in, ref, s.fill(s.token(field.Value, as.Token), nil))
		if err != nil {
			s.fail(err)
			return in
		}
		in = changed
	}
	return in
}

func (s *secrets) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// token puts the value behind {{token}} in its place.
func (s *secrets) token(text, token string) string {
	const blank = "{{token}}"
	if !strings.Contains(text, blank) {
		return text
	}
	if token == "" {
		s.fail(errNoToken)
	}
	s.values = append(s.values, token)
	return strings.ReplaceAll(text, blank, token)
}
