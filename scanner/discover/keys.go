package discover

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// placeholderMark begins what stands for a credential in what is kept of an exchange (package storage).
const placeholderMark = "⟨cred:"

// meetKeys counts the API keys and other lasting credentials of a request. They are known by the placeholders that
// stand for them: equal values have equal placeholders.
func (a *assets) meetKeys(v *sight) {
	for _, f := range v.Exchange.Request.Header {
		if !strings.Contains(f.Value, placeholderMark) {
			continue
		}
		lasting, scheme := lastingCredential(f)
		if !lasting {
			continue
		}
		for _, placeholder := range traffic.Placeholders(f.Value) {
			a.meetKey(v, placeholder, f.Name, scheme)
		}
	}
	if url := v.Exchange.Request.URL; strings.Contains(url, placeholderMark) {
		for _, placeholder := range traffic.Placeholders(url) {
			if where := whereInURL(url, placeholder); where != "" {
				a.meetKey(v, placeholder, where, "")
			}
		}
	}
}

func (a *assets) meetKey(v *sight, placeholder, header, scheme string) {
	h, fresh := a.meet(v, scanner.AssetKey, placeholder)
	if h == nil {
		return
	}
	if fresh {
		h.Provider, h.Facts.Header = v.Conversation.Provider, brief(header, 80)
		h.Facts.Form = keyForm(v.Conversation.Provider, header, scheme)
		h.Name = keyName(placeholder, h.Facts.Form)
		a.line(v, h, scanner.ChangeKey, "info", at("The credential "+h.Name+" is in use", v.e.Host), "It travels in "+h.Facts.Header)
	} else if h.Facts.Form != "" && h.Facts.Form != keyForm(v.Conversation.Provider, header, scheme) {
		h.Facts.Form, h.Provider = "", "" // it is sent to others too: whose it is cannot be told
		h.Name = keyName(placeholder, "")
	}
	a.link(v, v.client, h)
	a.link(v, h, v.service)
	hosts, clients := len(h.Facts.Hosts), len(h.Facts.Clients)
	h.Facts.Hosts, _ = addName(h.Facts.Hosts, shortName(v.e.Host), &h.Facts.Cut)
	h.Facts.Clients, _ = addName(h.Facts.Clients, v.caller.name, &h.Facts.Cut)
	if hosts != len(h.Facts.Hosts) || clients != len(h.Facts.Clients) {
		h.Facts.Warnings = keyWarnings(&h.Facts)
	}
}

// keyWarnings says what is unusual about where a key is used.
func keyWarnings(f *scanner.AssetFacts) []string {
	var warnings []string
	sites := map[string]bool{}
	for _, host := range f.Hosts {
		sites[siteOf(host)] = true
	}
	if len(sites) > 1 {
		warnings = append(warnings, "Sent to "+atLeast(len(f.Hosts))+plural(len(sites), "site")+": "+brief(strings.Join(f.Hosts, ", "), 300))
	}
	if len(f.Clients) > 1 {
		warnings = append(warnings, "Used by "+atLeast(len(f.Clients))+plural(len(f.Clients), "program")+": "+brief(strings.Join(f.Clients, ", "), 300))
	}
	return warnings
}

// atLeast says that a number is of a list that holds no more.
func atLeast(listed int) string {
	if listed < maxNamesMet {
		return ""
	}
	return "at least "
}

// siteOf is who a host belongs to: the name somebody registered, or the host itself where nobody did.
func siteOf(host string) string {
	name := traffic.SplitURL("//" + host).Host
	if site, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
		return site
	}
	return name
}

// lastingCredential reports whether what a header holds is the same in many requests. Cookies, signatures of one
// request and tokens against forgery say nothing about who uses a service.
func lastingCredential(f traffic.Field) (lasting bool, scheme string) {
	name := strings.ToLower(f.Name)
	for _, word := range []string{"cookie", "csrf", "xsrf", "signature", "nonce", "session", "digest", "dpop"} {
		if strings.Contains(name, word) {
			return false, ""
		}
	}
	before, _, _ := strings.Cut(f.Value, placeholderMark)
	scheme = strings.ToLower(strings.TrimSpace(before))
	for _, once := range []string{"aws", "digest", "hawk", "oauth", "negotiate", "ntlm", "signature", "sharedkey", "hmac", "googlogin"} {
		if strings.HasPrefix(scheme, once) {
			return false, scheme
		}
	}
	return true, scheme
}

// whereInURL tells where in a URL a credential stands: "?name", or "password" before the host. It is empty for
// signatures, which are others in every URL.
func whereInURL(url, placeholder string) string {
	i := strings.Index(url, placeholder)
	if i < 0 {
		return ""
	}
	before := url[:i]
	start := strings.LastIndexAny(before, "?&;#")
	if start < 0 {
		return "the URL's password"
	}
	name, ok := strings.CutSuffix(before[start+1:], "=")
	lower := strings.ToLower(name)
	if !ok || strings.Contains(lower, "sig") || strings.Contains(lower, "state") || strings.Contains(lower, "x-amz-") || strings.Contains(lower, "x-goog-") {
		return ""
	}
	return "?" + name
}

// keyForm is what sort of credential it is, as far as where it travels tells: its value is not known here.
func keyForm(provider, header, scheme string) string {
	for _, form := range llm.AuthForms(provider) {
		switch {
		case form.Header != "" && strings.EqualFold(form.Header, header) && strings.EqualFold(strings.TrimSpace(form.Prefix), scheme),
			form.Query != "" && header == "?"+form.Query:
			return provider
		}
	}
	if strings.EqualFold(header, "Sec-WebSocket-Protocol") {
		return provider
	}
	return scheme // bearer, basic, token, or nothing
}

// keyName is what people call a key: where it belongs and the first digits of its fingerprint.
func keyName(placeholder, form string) string {
	print := strings.TrimSuffix(strings.TrimPrefix(placeholder, placeholderMark), "⟩")
	return strings.TrimSpace(brief(form, 40) + " " + excerpt.Bytes(print, 8))
}
