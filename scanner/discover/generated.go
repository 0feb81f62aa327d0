package discover

import (
	"net/netip"
	"strings"
)

// passingDomains are those under which every name is handed out for a while: tunnels and sandboxes.
var passingDomains = []string{
	".ngrok-free.app", ".ngrok-free.dev", ".ngrok.app", ".ngrok.io", ".ngrok.dev", ".trycloudflare.com", ".loca.lt", ".lhr.life", ".localhost.run", ".serveo.net",
	".bore.pub", ".tunnelmole.net", ".pinggy.link", ".pinggy.online", ".zrok.io", ".devtunnels.ms", ".app.github.dev", ".githubpreview.dev",
	".gitpod.io", ".webcontainer.io", ".e2b.dev", ".e2b.app", ".csb.app", ".stackblitz.io", ".preview.app.github.dev",
}

// generatedHost reports whether a host's name looks made by a machine: under a domain of tunnels and previews, or with a
// label that holds a UUID, a hash or random characters.
func generatedHost(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return false
	}
	for _, domain := range passingDomains {
		if strings.HasSuffix(name, domain) {
			return true
		}
	}
	labels := strings.Split(name, ".")
	if len(labels) > 1 {
		labels = labels[:max(1, len(labels)-2)]
	}
	for _, label := range labels[:min(len(labels), 8)] {
		if previewLabel(label, name) || uuid(label) {
			return true
		}
		for part := range strings.FieldsFuncSeq(label, func(r rune) bool { return r == '-' || r == '_' }) {
			if random(part) {
				return true
			}
		}
	}
	return false
}

// previewLabel knows how platforms name deployments of a branch or of a request for changes.
func previewLabel(label, name string) bool {
	switch {
	case strings.HasSuffix(name, ".vercel.app"):
		return strings.Contains(label, "-git-")
	case strings.HasSuffix(name, ".netlify.app"):
		return strings.Contains(label, "--")
	case strings.HasSuffix(name, ".amplifyapp.com"):
		return strings.HasPrefix(label, "pr-")
	case strings.HasSuffix(name, ".onrender.com"):
		return strings.Contains(label, "-pr-")
	case strings.HasSuffix(name, ".pages.dev"):
		return len(label) == 8 && hexadecimal(label)
	}
	return false
}

func uuid(s string) bool {
	if len(s) < 36 {
		return false
	}
	s = s[len(s)-36:] // behind a port: 8080-0f8fad5b-…
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !isHex(s[i]) {
				return false
			}
		}
	}
	return true
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

func hexadecimal(s string) bool {
	for i := range len(s) {
		if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// random reports whether letters and digits are mixed as no person mixes them: a long hexadecimal number, or many
// changes between the two.
func random(part string) bool {
	letters, digits, changes := 0, 0, 0
	last := byte(0)
	for i := range len(part) {
		class := byte('a')
		switch c := part[i]; {
		case c >= '0' && c <= '9':
			class = '0'
			digits++
		case c >= 'a' && c <= 'z':
			letters++
		default:
			return false
		}
		if last != 0 && class != last {
			changes++
		}
		last = class
	}
	if letters == 0 || digits < 2 {
		return false
	}
	return len(part) >= 12 && hexadecimal(part) && changes >= 2 || len(part) >= 9 && changes >= 4 && digits >= 3
}
