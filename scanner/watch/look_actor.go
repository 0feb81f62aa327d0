package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/netip"
	"slices"
	"strings"

	"assay/internal/excerpt"
	"assay/scanner"
	"assay/traffic"
)

// Identity says by what actors are told apart: the first of these that an exchange has names its actor.
type Identity []string

// UsualIdentity is what tells actors apart unless a person says otherwise: the key, the user a request names, the
// cookie, the program, the address.
var UsualIdentity = Identity{"key", "user", "cookie", "client", "address"}

// mostActor bounds the name of an actor, in bytes.
const mostActor = 160

// actorOf tells whose exchange it is; nobody's where nothing tells.
func actorOf(s *Seen, by Identity) scanner.ActorKey {
	if by == nil {
		by = UsualIdentity
	}
	for _, how := range by {
		name := ""
		switch how {
		case "key":
			name = keyPrint(s.Exchange)
		case "user":
			name = userOf(s)
		case "cookie":
			name = cookiePrint(s.Exchange.Request.Header)
		case "client":
			name = clientOf(s.Exchange)
		case "address":
			name = addressOf(s.Exchange)
		}
		if name = tidy(name); name != "" {
			return scanner.ActorKey(how + ":" + name)
		}
	}
	return ""
}

// tidy makes a name of what traffic says: bounded, without control characters.
func tidy(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	return strings.TrimSpace(excerpt.Bytes(name, mostActor))
}

// keyHeaders carry keys of APIs, in lower case.
var keyHeaders = []string{
	"authorization", "x-api-key", "api-key", "x-goog-api-key", "apikey", "x-auth-token", "ocp-apim-subscription-key", "x-subscription-token",
	"xi-api-key", "x-functions-key", "proxy-authorization",
}

// passing are schemes whose credential is another one in every request: it says nothing about who sends it.
var passing = []string{"aws", "digest", "hawk", "oauth ", "negotiate", "ntlm", "signature", "sharedkey", "hmac", "googlogin"}

// keyPrint is the fingerprint of the key that a request carries.
func keyPrint(x *traffic.Exchange) string {
	for _, name := range keyHeaders {
		value := x.Request.Header.Get(name)
		if value == "" {
			continue
		}
		lower := strings.ToLower(excerpt.Bytes(value, 24))
		if slices.ContainsFunc(passing, func(scheme string) bool { return strings.HasPrefix(lower, scheme) }) {
			continue
		}
		if print := printOf(value); print != "" {
			return print
		}
	}
	query := traffic.SplitURL(x.Request.URL).Query
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		switch strings.ToLower(name) {
		case "key", "api_key", "apikey", "api-key", "access_token", "subscription-key", "token":
			if print := printOf(value); print != "" {
				return print
			}
		}
	}
	return ""
}

// printOf is the fingerprint of a credential: that of its placeholder where it is sealed (package storage), else its own.
func printOf(value string) string {
	if sealed := traffic.Placeholders(value); len(sealed) > 0 {
		return strings.TrimSuffix(strings.TrimPrefix(sealed[0], "⟨cred:"), "⟩")
	}
	if at := strings.LastIndexByte(value, ' '); at >= 0 {
		value = value[at+1:] // after the scheme
	}
	if len(value) < 6 {
		return "" // none, or a place-holder such as "x"
	}
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:8])
}

// sessionCookies are words in the names of cookies that tell people apart; others count visits and keep choices.
var sessionCookies = []string{"sess", "sid", "auth", "token", "jwt", "login", "user", "remember", "identity"}

// cookiePrint is the fingerprint of the cookie that holds a session.
func cookiePrint(h traffic.Header) string {
	for _, line := range h.Values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			name = strings.ToLower(name)
			if slices.ContainsFunc(sessionCookies, func(w string) bool { return strings.Contains(name, w) }) && !strings.Contains(name, "csrf") && !strings.Contains(name, "xsrf") {
				if print := printOf(value); print != "" {
					return print
				}
			}
		}
	}
	return ""
}

// userOf is the user that a request names: user and safety_identifier of OpenAI's APIs, metadata.user_id of Anthropic's.
func userOf(s *Seen) string {
	user := ""
	members(s.Request, func(name string, value []byte) bool {
		switch name {
		case "user", "safety_identifier", "user_id", "userId", "end_user_id":
			user = jsonText(value)
		case "metadata":
			members(value, func(name string, value []byte) bool {
				if name == "user_id" {
					user = jsonText(value)
				}
				return user == ""
			})
		}
		return user == ""
	})
	if user == "" {
		return ""
	}
	// Some clients put the session behind the account: user_…_account_…_session_….
	user, _, _ = strings.Cut(user, "_session_")
	if strings.Contains(user, "⟨cred:") {
		return printOf(user)
	}
	return user
}

// clientOf is the program that sent a request: its process, or what it says of itself, without a version.
func clientOf(x *traffic.Exchange) string {
	if x.Client.Process != "" {
		return x.Client.Process
	}
	agent := x.Request.Header.Get("User-Agent")
	if end := strings.IndexAny(agent, "/ ("); end >= 0 {
		agent = agent[:end]
	}
	return strings.ToLower(agent)
}

// addressOf is where a request came from. This machine's own address tells nothing.
func addressOf(x *traffic.Exchange) string {
	address, _, _ := strings.Cut(x.Request.Header.Get("X-Forwarded-For"), ",")
	address = strings.TrimSpace(address)
	if address == "" {
		address = x.Request.Header.Get("X-Real-IP")
	}
	if address == "" {
		address = x.Client.Addr
	}
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	ip, err := netip.ParseAddr(strings.Trim(address, "[]"))
	if err != nil || ip.IsLoopback() || ip.IsUnspecified() {
		return ""
	}
	return ip.Unmap().WithZone("").String()
}
