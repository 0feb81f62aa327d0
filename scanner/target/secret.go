package target

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// The forms of scanner.ModelAuth.
const (
	AuthNone   = "none"
	AuthBearer = "bearer" // Authorization: Bearer KEY
	AuthHeader = "header" // NAME: KEY
	AuthQuery  = "query"  // ?NAME=KEY
	AuthBasic  = "basic"  // Authorization: Basic of USER:PASSWORD
	AuthSigV4  = "sigv4"  // AWS; the secret is ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN]
)

// AuthForms lists them.
func AuthForms() []string {
	return []string{AuthNone, AuthBearer, AuthHeader, AuthQuery, AuthBasic, AuthSigV4}
}

// A reference stands in a URL or header where a secret goes: {{env:VARIABLE}}, {{keyring:NAME}}, {{ask:NAME}}, or a
// placeholder of the project.
var reference = regexp.MustCompile(`\{\{((?:env|keyring|ask):[^{}\s]{1,200})\}\}|⟨cred:[^⟨⟩\s]{1,64}⟩`)

// Reference writes a reference as it stands in a header or URL.
func Reference(ref string) string { return "{{" + ref + "}}" }

// References lists the references of a text.
func References(text string) []string {
	var found []string
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			found = append(found, m[1])
		} else {
			found = append(found, m[0])
		}
	}
	return found
}

// secrets gathers the values that go into one request.
type secrets struct {
	ctx    context.Context //nolint:containedctx // lives as long as one call
	get    func(context.Context, string) (string, error)
	values []string
	err    error // the first one
}

func (s *secrets) value(ref string) string {
	if s.err != nil {
		return ""
	}
	if s.get == nil {
		s.err = fmt.Errorf("nobody knows the secret %s", ref)
		return ""
	}
	v, err := s.get(s.ctx, ref)
	if err == nil && strings.ContainsAny(v, "\r\n\x00") {
		err = fmt.Errorf("the secret %s has a line end in it, which no header can hold", ref)
	}
	if err == nil && v == "" {
		err = fmt.Errorf("the secret %s is empty", ref)
	}
	if err != nil {
		s.err = err
		return ""
	}
	s.values = append(s.values, v)
	return v
}

// fill puts values in the place of references.
func (s *secrets) fill(text string, escape func(string) string) string {
	if !strings.Contains(text, "{{") && !strings.Contains(text, "⟨") {
		return text
	}
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		v := s.value(References(found)[0])
		if escape != nil {
			v = escape(v)
			s.values = append(s.values, v) // errors repeat addresses
		}
		return v
	})
}

// prove adds what tells the service who asks.
func (s *secrets) prove(out *outgoing, auth scanner.ModelAuth, now time.Time) {
	if auth.Form == AuthNone || auth.Form == "" || s.err != nil {
		return
	}
	v := s.value(auth.Secret)
	if s.err != nil {
		return
	}
	switch auth.Form {
	case AuthBearer:
		out.set("Authorization", "Bearer "+v)
	case AuthHeader:
		out.set(auth.Name, v)
	case AuthBasic:
		encoded := base64.StdEncoding.EncodeToString([]byte(v))
		_, password, _ := strings.Cut(v, ":")
		s.values = append(s.values, encoded, password)
		out.set("Authorization", "Basic "+encoded)
	case AuthQuery:
		separator := "?"
		if strings.Contains(out.request.URL, "?") {
			separator = "&"
		}
		escaped := url.QueryEscape(v)
		s.values = append(s.values, escaped)
		out.request.URL += separator + url.QueryEscape(auth.Name) + "=" + escaped
	case AuthSigV4:
		s.err = s.sign(out, auth.Name, v, now)
	default:
		s.err = fmt.Errorf("there is no form of authentication %q", auth.Form)
	}
}

func (s *secrets) sign(out *outgoing, region, v string, now time.Time) error {
	id, rest, ok := strings.Cut(v, ":")
	if !ok || id == "" || rest == "" {
		return errors.New("a key of AWS is written ACCESS_KEY_ID:SECRET_ACCESS_KEY, with :SESSION_TOKEN behind it where there is one")
	}
	secret, token, _ := strings.Cut(rest, ":")
	s.values = append(s.values, secret)
	if token != "" {
		s.values = append(s.values, token)
	}
	region, service, named := strings.Cut(region, "/")
	if !named {
		service = "bedrock"
	}
	signed := signature{id: id, secret: secret, token: token, region: region, service: service, at: now}
	return signed.sign(&out.request)
}

// set replaces a header, or adds it.
func (o *outgoing) set(name, value string) {
	for i, f := range o.request.Header {
		if strings.EqualFold(f.Name, name) {
			o.request.Header[i].Value = value
			return
		}
	}
	o.request.Header = append(o.request.Header, traffic.Field{Name: name, Value: value})
}
