package target

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// errNoToken says that a role needs a token and has none yet.
var errNoToken = errors.New("the role's token is not there yet: its command or its login gave none")

// credentialHeaders prove who asks, in lower case. Headers that end in -token, -secret or -api-key do too, but for those
// against forgery, which prove nothing.
var credentialHeaders = map[string]bool{
	"authorization": true, "proxy-authorization": true, "cookie": true, "x-api-key": true, "api-key": true, "apikey": true,
	"x-goog-api-key": true, "ocp-apim-subscription-key": true, "x-functions-key": true, "x-auth": true, "x-session-id": true,
	"x-user-id": true, "x-tenant-id": true,
}

// credentialParameters prove who asks, as parameters of a URL.
var credentialParameters = map[string]bool{
	"key": true, "api_key": true, "apikey": true, "api-key": true, "access_token": true, "token": true, "auth": true, "auth_token": true,
	"sig": true, "signature": true, "x-amz-signature": true, "x-amz-credential": true, "x-amz-security-token": true, "subscription-key": true,
}

// isCredential reports whether a header proves who asks: by its name, or because its value was recorded as a secret.
func isCredential(f traffic.Field) bool {
	name := strings.ToLower(f.Name)
	if strings.Contains(name, "csrf") || strings.Contains(name, "xsrf") || strings.Contains(name, "idempotency") {
		return false
	}
	for _, end := range []string{"-token", "-secret", "-api-key", "-access-key"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return credentialHeaders[name] || len(References(f.Value)) > 0
}

// HasCredentials reports whether requests to a model prove who sends them.
func HasCredentials(m *scanner.Model) bool {
	if m.Auth.Form != AuthNone && m.Auth.Form != "" {
		return true
	}
	return slices.ContainsFunc(m.Header, isCredential) || withoutCredentials(m.URL, &Call{}) != m.URL
}

// withoutCredentials is a URL without the parameters that prove who asks.
func withoutCredentials(raw string, c *Call) string {
	out := raw
	for _, name := range parameterNames(raw) {
		if credentialParameters[strings.ToLower(name)] && !c.put("query", name) {
			out, _ = llm.RemoveQuery(out, name)
		}
	}
	return out
}

// parameterNames lists the parameters of a URL.
func parameterNames(raw string) []string {
	raw, _, _ = strings.Cut(raw, "#")
	_, query, _ := strings.Cut(raw, "?")
	var names []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil && plain != "" {
			names = append(names, plain)
		}
	}
	return names
}

// headersWithout is a header without what proves who asks.
func headersWithout(header traffic.Header, auth scanner.ModelAuth, c *Call) traffic.Header {
	return slices.DeleteFunc(slices.Clone(header), func(f traffic.Field) bool {
		return c.proves(f, auth)
	})
}

// proves reports whether a header of a call proves who asks: by its name, by the target's form of authentication, or
// because it is the role's; never one that the template set.
func (c *Call) proves(f traffic.Field, auth scanner.ModelAuth) bool {
	if c.put("header", f.Name) {
		return false
	}
	return isCredential(f) || provesBy(f, auth) || c.As != nil && c.As.Role.Header.Has(f.Name)
}

// provesBy reports whether a header is the one that a form of authentication makes.
func provesBy(f traffic.Field, auth scanner.ModelAuth) bool {
	return auth.Form == AuthHeader && strings.EqualFold(f.Name, auth.Name)
}

// editAuth changes the credentials of a request that is ready.
func (o *outgoing) editAuth(c *Call, auth scanner.ModelAuth) *Failure {
	var change func(string) string
	switch c.Auth {
	case "":
		return nil
	case "swap":
		if c.As == nil {
			return failure(CodeNotSent, "name a second role with --other-role", "there is no second role whose credentials could be used")
		}
		return nil
	case "remove": // what the form of authentication makes was not put in
		header, address := headersWithout(o.request.Header, auth, c), withoutCredentials(o.request.URL, c)
		changed := len(header) < len(o.request.Header) || address != o.request.URL || auth.Form != AuthNone && auth.Form != ""
		o.request.Header, o.request.URL = header, address
		return noCredentials(changed)
	case "empty":
		change = func(string) string { return "" }
	case "garble":
		change = garble
	case "scheme":
		change = otherScheme
	default:
		return failure(CodeNotSent, "write remove, empty, garble, scheme or swap", "nothing called %q can be done to credentials", c.Auth)
	}
	return noCredentials(o.changeCredentials(auth, change, c))
}

func noCredentials(changed bool) *Failure {
	if changed {
		return nil
	}
	return failure(CodeNotSent, "give the target a key or a role", "the request carries no credentials that could be changed")
}

// changeCredentials changes every credential of a request and tells whether there was one.
func (o *outgoing) changeCredentials(auth scanner.ModelAuth, change func(string) string, c *Call) bool {
	before := o.request.URL
	done := false
	for i, f := range o.request.Header {
		if !c.proves(f, auth) {
			continue
		}
		now := change(f.Value)
		if strings.EqualFold(f.Name, "Cookie") && now != "" {
			now = eachCookie(f.Value, change)
		}
		done = done || now != f.Value
		o.request.Header[i].Value = now
		o.hide(now)
	}
	if c.Auth == "scheme" {
		return done
	}
	for _, name := range parameterNames(o.request.URL) {
		if !credentialParameters[strings.ToLower(name)] && (auth.Form != AuthQuery || name != auth.Name) || c.put("query", name) {
			continue
		}
		value := ""
		if u, err := url.Parse(o.request.URL); err == nil {
			value = u.Query().Get(name)
		}
		o.request.URL = llm.PutQuery(o.request.URL, name, change(value))
		o.hide(change(value))
	}
	return done || o.request.URL != before
}

// hide keeps a changed credential out of what is shown: most of it is the real one still.
func (o *outgoing) hide(value string) {
	if _, bare, ok := strings.Cut(value, " "); ok {
		value = bare
	}
	if len(value) >= 8 {
		o.secrets = append(o.secrets, value, url.QueryEscape(value))
	}
}

// eachCookie changes the values of a Cookie header.
func eachCookie(header string, change func(string) string) string {
	pairs := strings.Split(header, ";")
	for i, pair := range pairs {
		if name, value, ok := strings.Cut(pair, "="); ok {
			pairs[i] = name + "=" + change(value)
		}
	}
	return strings.Join(pairs, ";")
}

// garbled is how many of the last letters and digits are changed: the very last ones of a signature may count for
// nothing.
const garbled = 6

// garble changes the last letters and digits of a credential.
func garble(value string) string {
	out := []byte(value)
	n := 0
	for i := len(out) - 1; i >= 0 && n < garbled && out[i] != ' '; i-- {
		c := out[i]
		switch {
		case c >= '0' && c <= '9':
			out[i] = '0' + (c-'0'+5)%10
		case c >= 'a' && c <= 'z':
			out[i] = 'a' + (c-'a'+13)%26
		case c >= 'A' && c <= 'Z':
			out[i] = 'A' + (c-'A'+13)%26
		default:
			continue
		}
		n++
	}
	return string(out)
}

// otherScheme changes the scheme word of a credential; one without stays.
func otherScheme(value string) string {
	scheme, rest, ok := strings.Cut(value, " ")
	switch {
	case !ok:
		return value
	case strings.EqualFold(scheme, "Basic"):
		return "Bearer " + rest
	}
	return "Basic " + rest
}
