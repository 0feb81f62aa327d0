package discover

import (
	"strings"

	"assay/llm"
	"assay/scanner"
)

// The kinds of scanner.Auth.
const (
	authBearer = "bearer"
	authKey    = "api-key"
	authBasic  = "basic"
	authDigest = "digest"
	authCookie = "cookie"
	authSigV4  = "sigv4"
	authMTLS   = "mtls"
	authNone   = "none"
	authOther  = "other"
)

// maxCredentials bounds how many credentials of one request are looked at.
const maxCredentials = 12

// credential is one way in which a request said who sends it.
type credential struct{ kind, name string }

// credentials finds what a request proves its sender with. Values are placeholders by then: what counts is where they
// stand and what their scheme is. It appends to into, whose capacity bounds it.
func credentials(s *Seen, into []credential) []credential {
	r := &s.Exchange.Request
	found := into
	put := func(kind, name string) {
		if len(found) == cap(found) {
			return
		}
		for _, c := range found {
			if c.kind == kind && c.name == name {
				return
			}
		}
		found = append(found, credential{kind, name})
	}
	for i := range r.Header {
		name, value := r.Header[i].Name, strings.TrimSpace(r.Header[i].Value)
		if value == "" {
			continue
		}
		switch {
		case strings.EqualFold(name, "Authorization"):
			if kind := schemeOf(value); kind != "" {
				put(kind, "authorization")
			}
		case strings.EqualFold(name, "Cookie"):
			sessionCookies(value, func(name string) { put(authCookie, name) })
		case strings.EqualFold(name, "Sec-WebSocket-Protocol"):
			if strings.Contains(value, "openai-insecure-api-key.") {
				put(authKey, "sec-websocket-protocol")
			}
		default:
			if kind, known := keyHeader(name); known && !blank(value) {
				put(kind, strings.ToLower(name))
			}
		}
	}
	urlCredentials(r.URL, put)
	return found
}

// schemeOf tells what kind of proof an Authorization header is (RFC 9110 section 11.4); "" for none.
func schemeOf(value string) string {
	scheme, rest, _ := strings.Cut(value, " ")
	if blank(strings.TrimSpace(rest)) {
		if strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Basic") || blank(scheme) {
			return "" // the word alone
		}
		return authKey // the key alone
	}
	switch strings.ToLower(scheme) {
	case "bearer":
		return authBearer
	case "basic":
		return authBasic
	case "digest":
		return authDigest
	case "token", "key", "apikey", "api-key", "api_key", "x-api-key", "deepl-auth-key", "geniekey", "bot":
		return authKey
	}
	if strings.HasPrefix(scheme, "AWS4-") {
		return authSigV4
	}
	return authOther
}

// blank reports whether a value holds no credential: programs write so what they do not have.
func blank(value string) bool {
	switch value {
	case "", "null", "undefined", "None", "nil", "false":
		return true
	}
	return false
}

// keyHeaders are headers that hold a key though the end of their name does not say so, and what kind of proof they are.
var keyHeaders = map[string]string{
	"x-key": authKey, "private-token": authKey, "job-token": authKey, "circle-token": authKey, "x-shopify-storefront-access-token": authKey,
	"x-client-cert": authMTLS, "x-forwarded-client-cert": authMTLS, "x-ssl-client-cert": authMTLS, "ssl-client-cert": authMTLS,
	"client-cert": authMTLS, "x-amzn-mtls-clientcert": authMTLS, "x-arr-clientcert": authMTLS,
	"x-goog-iap-jwt-assertion": authOther, "x-ms-token-aad-access-token": authOther, "x-amzn-oidc-data": authOther, "cf-access-jwt-assertion": authOther,
	"cf-access-client-secret": authKey, "dpop": authOther,
}

// keyEnds are how the names of headers with a key end, whatever stands before.
var keyEnds = []string{
	"api-key", "apikey", "api_key", "api-token", "auth-token", "access-token", "subscription-key", "subscription-token", "functions-key",
	"auth-key", "access-key", "vault-token", "rapidapi-key", "account-token", "user-token", "app-token", "service-token", "secret-key", "api-secret",
	"application-key", "id-token", "session-token",
}

// keyHeader tells what kind of proof a header is.
func keyHeader(name string) (kind string, known bool) {
	if len(name) < 4 || len(name) > 64 {
		return "", false
	}
	var lower [64]byte
	n := lowerInto(lower[:], name)
	if kind, known = keyHeaders[string(lower[:n])]; known {
		return kind, true
	}
	switch lower[n-1] {
	case 'y', 'n', 't': // as all of keyEnds
	default:
		return "", false
	}
	for _, end := range keyEnds {
		at := n - len(end)
		if at < 0 || string(lower[at:n]) != end {
			continue
		}
		return authKey, at == 0 || lower[at-1] == '-' || lower[at-1] == '_' || lower[at-1] == 'i' // xi-api-key
	}
	return "", false
}

// lowerInto writes a name in lower case and returns its length. Names are ASCII.
func lowerInto(buf []byte, name string) int {
	n := copy(buf, name)
	for i := range n {
		if 'A' <= buf[i] && buf[i] <= 'Z' {
			buf[i] |= 0x20
		}
	}
	return n
}

// queryKeys are parameters that hold a credential, or the signature of a URL that was signed beforehand.
var queryKeys = map[string]string{
	"key": authKey, "api_key": authKey, "apikey": authKey, "api-key": authKey, "x-api-key": authKey, "appid": authKey, "subscription-key": authKey,
	"ocp-apim-subscription-key": authKey, "auth_key": authKey, "app_key": authKey, "code_key": authKey, "access_key": authKey, "authkey": authKey,
	"access_token": authBearer, "token": authBearer, "auth_token": authBearer, "jwt": authBearer, "id_token": authBearer, "bearer_token": authBearer,
	"x-amz-signature": authSigV4, "x-goog-signature": authOther, "sig": authOther, "signature": authOther,
}

// urlCredentials finds credentials in the user part and in the query of a URL.
func urlCredentials(raw string, put func(kind, name string)) {
	if i := strings.Index(raw, "://"); i >= 0 {
		authority := raw[i+3:]
		if end := strings.IndexAny(authority, "/?#"); end >= 0 {
			authority = authority[:end]
		}
		if at := strings.LastIndexByte(authority, '@'); at > 0 {
			put(authBasic, "url")
		}
	}
	i := strings.IndexByte(raw, '?')
	if i < 0 {
		return
	}
	query, _, _ := strings.Cut(raw[i+1:], "#")
	for n := 0; query != "" && n < 64; n++ {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(pair, "=")
		if len(name) > 32 || blank(value) {
			continue
		}
		var lower [32]byte
		kind, known := queryKeys[string(lower[:lowerInto(lower[:], name)])]
		if !known || len(value) < 12 { // ?key=name, ?token=1
			continue
		}
		put(kind, "?"+name)
	}
}

// sessionCookies tells which cookies of a Cookie header look like they say who somebody is.
func sessionCookies(header string, put func(name string)) {
	for n := 0; header != "" && n < 64; n++ {
		var pair string
		pair, header, _ = strings.Cut(header, ";")
		name, value, found := strings.Cut(strings.TrimSpace(pair), "=")
		if found && len(value) >= 6 && sessionCookie(name) {
			put(short(name))
		}
	}
}

// sessionWords are words of the names of cookies that hold a session, otherCookieWords of those that do not though
// they have such a word.
var (
	sessionWords = map[string]bool{
		"session": true, "sess": true, "sessionid": true, "sid": true, "auth": true, "token": true, "jwt": true, "login": true, "phpsessid": true,
		"jsessionid": true, "aspxauth": true, "sessid": true, "remember": true, "identity": true, "credential": true, "sso": true, "logged": true,
		"authorization": true, "access": true, "ssid": true, "hsid": true, "apisid": true, "sapisid": true, "psid": true, "1psid": true, "3psid": true, "authtoken": true,
		"accesstoken": true, "idtoken": true, "usersession": true, "sessiontoken": true, "sessionkey": true, "aspsessionid": true, "cfid": true, "cftoken": true,
	}
	otherCookieWords = map[string]bool{
		"csrf": true, "xsrf": true, "csrftoken": true, "consent": true, "ga": true, "gid": true, "hj": true, "analytics": true, "tracking": true,
		"ajs": true, "mp": true, "ph": true, "intercom": true, "optimizely": true, "amplitude": true, "amp": true, "utm": true, "hubspot": true,
		"datadog": true, "dd": true, "cf": true, "clarity": true, "locale": true, "lang": true, "antiforgery": true, "requestverificationtoken": true,
	}
)

func sessionCookie(name string) bool {
	if len(name) > 128 {
		return false
	}
	var lower [128]byte
	word := lower[:0]
	is, not := false, false
	end := func() {
		is = is || sessionWords[string(word)]
		not = not || otherCookieWords[string(word)]
		word = lower[:0]
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				end()
			}
			word = append(word, c|0x20)
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			word = append(word, c)
		default:
			end()
		}
	}
	end()
	return (is || strings.HasPrefix(name, "ASPSESSIONID") || strings.EqualFold(name, "asp.net_sessionid")) && !not
}

// learnAuth adds how the sender of a request proved who they are, and tells the timeline of a way that is new.
func (l *lesson) learnAuth() {
	var room [maxCredentials]credential
	found := credentials(l.s, room[:0])
	if len(found) == 0 {
		found = append(found, credential{kind: authNone})
	}
	status := l.status()
	ok := status > 0 && status < 400
	for _, c := range found {
		l.newAuth(c, ok)
		l.tallyAuth(c, ok)
	}
}

func (l *lesson) tallyAuth(c credential, ok bool) {
	f := &l.e.Facts
	for i := range f.Auth {
		a := &f.Auth[i]
		if a.Kind == c.kind && a.Name == c.name {
			a.N++
			a.Last = l.s.Exchange.ID
			if ok {
				a.OK++
			}
			return
		}
	}
	if len(f.Auth) >= maxAuth {
		f.Cut = true
		return
	}
	a := scanner.Auth{Kind: c.kind, Name: keep(c.name), N: 1, Last: l.s.Exchange.ID}
	if ok {
		a.OK = 1
	}
	f.Auth = append(f.Auth, a)
}

// newAuth tells the timeline of a kind of proof that an endpoint known before never had. That it answers somebody who
// proves nothing, where everybody did, is the worst.
func (l *lesson) newAuth(c credential, ok bool) {
	if !l.known {
		return
	}
	first := true
	for i := range l.e.Facts.Auth {
		a := &l.e.Facts.Auth[i]
		// A call without credentials that was refused says nothing against the first one that is answered.
		if a.Kind == c.kind && (c.kind != authNone || !ok || a.OK > 0) {
			return
		}
		first = false
	}
	if first {
		return
	}
	switch {
	case c.kind == authNone && ok:
		l.tell(scanner.ChangeAuth, "high", l.name()+" answered a call without credentials for the first time")
	case c.kind == authNone:
		l.tell(scanner.ChangeAuth, "info", l.name()+" was called without credentials for the first time, and refused it")
	default:
		l.tell(scanner.ChangeAuth, "low", l.name()+" was called with another kind of credential for the first time: "+c.kind+" ("+keep(c.name)+")")
	}
}

// needsProof reports whether an endpoint of a kind is worth protecting: it costs money, or gives data away.
func needsProof(kind llm.Kind) bool {
	return isAI(kind) && kind != llm.KindSaaS
}
