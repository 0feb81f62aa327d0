package discover

import (
	"fmt"
	"net/netip"
	"strings"

	"assay/llm"
	"assay/scanner"
)

// maxHosts bounds the hosts that are remembered to tell the timeline of new ones.
const maxHosts = 100_000

// learnHost tells the timeline of a host that was never seen.
func (l *lesson) learnHost() {
	f := l.t.facts
	if f.hosts[l.e.Host] || f.full {
		return
	}
	if len(f.hosts) >= maxHosts {
		f.full = true
		l.tell(scanner.ChangeFull, "info", fmt.Sprintf("There are more than %d hosts; no further ones are told as new", maxHosts))
		return
	}
	f.hosts[strings.Clone(l.e.Host)] = true
	what := short(l.e.Host) + " was called for the first time"
	if l.e.Access != "" {
		what += " (" + string(l.e.Access)
		if plainText(l.e.Scheme) && l.e.Access != scanner.AccessLoopback {
			what += ", without TLS"
		}
		what += ")"
	}
	severity := "info"
	if l.e.Access == scanner.AccessThirdParty && isAI(l.e.Kind) {
		severity = "low" // data goes to somebody who did not get any before
	}
	l.tell(scanner.ChangeHost, severity, what)
}

// hostName takes the port and the brackets off a host.
func hostName(authority string) string {
	if rest, found := strings.CutPrefix(authority, "["); found {
		name, _, _ := strings.Cut(rest, "]")
		return name
	}
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && strings.IndexByte(authority, ':') == i {
		return authority[:i]
	}
	return authority
}

// thirdParties are the domains of services that are somebody else's whoever calls them, beside those that package llm
// knows. Clouds in which customers run their own programs are not among them.
var thirdParties = func() map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(`github.com githubusercontent.com githubcopilot.com gitlab.com bitbucket.org
		stripe.com paypal.com braintreegateway.com adyen.com squareup.com plaid.com
		slack.com discord.com telegram.org whatsapp.com twilio.com sendgrid.com mailgun.net postmarkapp.com mailchimp.com mandrillapp.com
		googleapis.com google.com gstatic.com google-analytics.com googletagmanager.com doubleclick.net youtube.com
		microsoft.com management.azure.com cloud.ibm.com microsoftonline.com office.com office365.com live.com bing.com
		apple.com icloud.com facebook.com instagram.com twitter.com x.com linkedin.com reddit.com tiktok.com
		atlassian.com atlassian.net notion.com notion.so hubapi.com hubspot.com salesforce.com force.com zendesk.com intercom.io shopify.com
		airtable.com asana.com trello.com monday.com linear.app figma.com dropbox.com dropboxapi.com box.com
		auth0.com okta.com oktapreview.com algolia.net algolianet.com mapbox.com openstreetmap.org wikipedia.org wikimedia.org
		npmjs.org pypi.org crates.io docker.io docker.com huggingface.co kaggle.com
		sentry.io newrelic.com nr-data.net segment.com rollbar.com bugsnag.com cloudflareinsights.com fullstory.com hotjar.com
		openweathermap.org weatherapi.com alphavantage.co coingecko.com coinbase.com binance.com`) {
		set[name] = true
	}
	return set
}()

// ownServers are providers of the catalog that people run themselves, or that only say which program answers.
var ownServers = map[string]bool{
	"": true, "ollama": true, "llamacpp": true, "lmstudio": true, "litellm-proxy": true, "gpustack": true, "vllm": true,
	"openai-compatible": true, "private-gateway": true, "custom-chat": true, "localai": true, "langserve": true,
	"chroma": true, "qdrant": true, "weaviate": true, "milvus": true, "marqo": true, "pinecone-local": true,
}

// thirdParty reports whether a name belongs to somebody else's service.
func thirdParty(name, provider string) bool {
	if known, kind := llm.ProviderFor(name); known != "" || kind != "" {
		return true
	}
	for domain := name; ; {
		if thirdParties[domain] {
			return true
		}
		_, parent, found := strings.Cut(domain, ".")
		if !found {
			break
		}
		domain = parent
	}
	// The catalog knows some hosts by their path only.
	return !ownServers[provider] && len(llm.AuthForms(provider)) > 0 && publicName(name)
}

// publicName reports whether a name can be found by everybody: it is in none of the domains that are for local use
// (RFC 6761, 6762, 8375, 9476, and what clusters and companies use).
func publicName(name string) bool {
	name = strings.TrimSuffix(name, ".")
	if _, err := netip.ParseAddr(name); err == nil || !strings.Contains(name, ".") {
		return false
	}
	for _, end := range localDomains {
		if strings.HasSuffix(name, end) {
			return false
		}
	}
	return true
}

var localDomains = []string{
	".internal", ".local", ".lan", ".corp", ".home", ".home.arpa", ".intranet", ".private", ".localdomain", ".svc", ".cluster.local",
	".test", ".localhost", ".invalid", ".alt", ".onion", ".consul", ".docker", ".domain",
}
