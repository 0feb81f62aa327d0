package app

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"assay/proxy"
)

// SettingProblem says what is wrong with one field.
type SettingProblem struct {
	Field   string `json:"field"`   // section.key, for example capture.listen
	Message string `json:"message"` // one sentence, with an example of what would be right
}

const (
	maxRetentionDays = 36_500
	minFontSize      = 10
	maxFontSize      = 26
)

// problemsOf looks at one section.
func (s *Settings) problemsOf(section string) []SettingProblem {
	switch section {
	case SectionCapture:
		return s.Capture.problems()
	case SectionRetention:
		return s.Retention.problems()
	case SectionAppearance:
		return s.Appearance.problems()
	case SectionKeyboard:
		return s.Keyboard.problems()
	}
	return nil
}

// complaints collects problems of one section.
type complaints struct {
	section string
	list    []SettingProblem
}

func (c *complaints) add(key, format string, args ...any) {
	c.list = append(c.list, SettingProblem{c.section + "." + key, fmt.Sprintf(format, args...)})
}

func (c CaptureSettings) problems() []SettingProblem {
	found := complaints{section: SectionCapture}
	if why := listenProblem(c.Listen, c.AllowRemote); why != "" {
		found.add("listen", "%s", why)
	}
	for _, list := range []struct {
		key   string
		hosts []string
		plain bool // patterns are not understood
	}{{"scope", c.Scope, false}, {"pass_through", c.PassThrough, true}, {"accept_certificate", c.AcceptCertificate, true}} {
		for _, host := range list.hosts {
			if why := hostProblem(host, list.plain); why != "" {
				found.add(list.key, "%s", why)
				break
			}
		}
	}
	if c.UpstreamProxy != "" {
		u, err := url.Parse(c.UpstreamProxy)
		if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
			found.add("upstream_proxy", "This is not the address of a proxy; write for example http://proxy.example:3128 or socks5://127.0.0.1:1080.")
		}
	}
	return found.list
}

func listenProblem(listen string, remote bool) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "An address and a port are needed, for example " + DefaultListen + "."
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > 65535 {
		return "The port is a number from 0 to 65535; 0 takes any free one."
	}
	if ip := net.ParseIP(host); host != "" && host != "localhost" && ip == nil {
		return "The address to listen on is one of this machine's, for example 127.0.0.1."
	} else if !remote && ip != nil && !ip.IsLoopback() {
		return "Other machines could reach this address: allow that below, or use 127.0.0.1."
	}
	return ""
}

func hostProblem(host string, plain bool) string {
	if _, err := proxy.NewScope(host); err != nil || strings.TrimSpace(host) == "" {
		if plain {
			return fmt.Sprintf("%q is not a host; write for example api.example.com.", host)
		}
		return fmt.Sprintf("%q is not a host, *.host, host:port or address range; write for example *.example.com or 10.0.0.0/8.", host)
	}
	if plain && strings.ContainsAny(host, "*/") {
		return fmt.Sprintf("%q is a pattern; here each host has a line of its own, for example api.example.com.", host)
	}
	return ""
}

func (r RetentionSettings) problems() []SettingProblem {
	found := complaints{section: SectionRetention}
	if r.AgeDays < 0 || r.AgeDays > maxRetentionDays {
		found.add("age_days", "The age is a number of days from 0 to 36,500; 0 keeps exchanges of any age.")
	}
	if r.Size != "" {
		if _, err := ParseBytes(r.Size); err != nil {
			found.add("size", "%q is not a size; write for example 500MB or 2GB, or nothing to keep all.", r.Size)
		}
	}
	return found.list
}

func (a AppearanceSettings) problems() []SettingProblem {
	found := complaints{section: SectionAppearance}
	if !slices.Contains([]string{"auto", "dark", "light", "contrast"}, a.Theme) {
		found.add("theme", "The themes are auto, dark, light and contrast.")
	}
	if !slices.Contains([]string{"compact", "comfortable"}, a.Density) {
		found.add("density", "The density is compact or comfortable.")
	}
	if a.FontSize < minFontSize || a.FontSize > maxFontSize {
		found.add("font_size", "The size of text is from %d to %d pixels.", minFontSize, maxFontSize)
	}
	return found.list
}

func (k KeyboardSettings) problems() []SettingProblem {
	found := complaints{section: SectionKeyboard}
	seen := map[string]bool{}
	for _, s := range k.Shortcuts {
		if s.Command == "" || seen[s.Command] {
			found.add(s.Command, "Every command has its keys once.")
		}
		seen[s.Command] = true
		for _, keys := range s.Keys {
			if keys == "" || len(keys) > 40 || strings.ContainsFunc(keys, func(r rune) bool { return r <= ' ' }) {
				found.add(s.Command, "%q are not keys; write for example Mod+K.", keys)
			}
		}
	}
	return found.list
}
