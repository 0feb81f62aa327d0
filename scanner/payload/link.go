package payload

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var (
	// webAddress finds addresses as people and Markdown write them.
	webAddress = regexp.MustCompile("(?i)\\b(?:https?|ftp|wss?)://[^\\s<>\"'`\\])}]+|(?:^|[^:\\w/])(//[a-z0-9][a-z0-9.-]*\\.[a-z]{2,24}/[^\\s<>\"'`\\])}]*)")
	// markdownLink finds links and images of Markdown: 1 is "!" of an image, 2 the address.
	markdownLink = regexp.MustCompile(`(!?)\[[^\[\]\n]{0,512}\]\(\s*<?([^\s)>]+)`)
	// markdownReference finds the definitions of Markdown's references.
	markdownReference = regexp.MustCompile(`(?m)^ {0,3}\[[^\[\]\n]{1,256}\]:\s*<?([^\s>]+)`)
	// htmlLink finds links and things that HTML loads: 1 is the element, 2 the address.
	htmlLink = regexp.MustCompile(`(?i)<(img|a|iframe|script|link|source|video|audio|object|embed|form)\b[^<>]{0,512}?\b(?:src|href|data|action)\s*=\s*["']?([^\s"'>]+)`)
)

// Link is a web address in a text. Form is link, where a plain address stands, markdown-link, markdown-image, html for what
// is clicked, and html-image for what is loaded.
type Link struct {
	Start, End int
	Form       string
}

// Loaded reports whether an address is fetched without a click where the text is shown.
func (l Link) Loaded() bool { return l.Form == "markdown-image" || l.Form == "html-image" }

// mostLinks bounds how many addresses of one text are looked at.
const mostLinks = 512

// Links finds web addresses; what Markdown or HTML makes of one says its form.
func Links(text string) []Link {
	var all []Link
	slashes := strings.Contains(text, "//")
	if !slashes && !strings.Contains(text, "](") && !strings.Contains(text, "<") && !strings.Contains(text, "]:") {
		return nil
	}
	if strings.Contains(text, "](") {
		for _, s := range markdownLink.FindAllStringSubmatchIndex(text, mostLinks) {
			kind := "markdown-link"
			if s[3] > s[2] {
				kind = "markdown-image"
			}
			all = append(all, Link{s[4], s[5], kind})
		}
	}
	if strings.Contains(text, "]:") {
		for _, s := range markdownReference.FindAllStringSubmatchIndex(text, mostLinks) {
			all = append(all, Link{s[2], s[3], "markdown-link"})
		}
	}
	if strings.Contains(text, "<") {
		for _, s := range htmlLink.FindAllStringSubmatchIndex(text, mostLinks) {
			kind := "html-image"
			if e := strings.ToLower(text[s[2]:s[3]]); e == "a" || e == "form" {
				kind = "html"
			}
			all = append(all, Link{s[4], s[5], kind})
		}
	}
	if !slashes {
		return all
	}
	written := len(all)
	for _, s := range webAddress.FindAllStringSubmatchIndex(text, mostLinks) {
		start, end := s[0], s[1]
		if s[2] >= 0 {
			start, end = s[2], s[3]
		}
		if !slices.ContainsFunc(all[:written], func(a Link) bool { return start >= a.Start && start < a.End }) {
			all = append(all, Link{start, start + len(strings.TrimRight(text[start:end], ".,;:!?")), "link"})
		}
	}
	return all
}

// Host is the host of an address, with its port, in small letters; empty where it has none.
func Host(address string) string {
	_, rest, ok := strings.Cut(address, "//")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#\\"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	return strings.ToLower(rest)
}

// LeadsTo reports whether an address is of one of the hosts or of their subdomains.
func LeadsTo(address string, hosts []string) bool {
	if !strings.Contains(address, "//") {
		return false
	}
	host := Host(address)
	return slices.ContainsFunc(hosts, func(h string) bool {
		h = strings.ToLower(h)
		if !strings.Contains(h, ":") {
			host, _, _ = strings.Cut(host, ":")
		}
		return host == h || strings.HasSuffix(host, "."+h)
	})
}

// Context is what is known of a conversation when links of an answer are judged.
type Context struct {
	// Named reports whether a host was named before the answer: by the request or by who answers.
	Named func(host string) bool
	// Told reports whether a text was told to the model: what a link carries then is data of the conversation.
	Told func(text string) bool
}

// Exfiltration finds links of an answer that carry data to a host which nobody named before, the surest of each form. It
// returns how many bytes were not looked at.
func Exfiltration(text string, c Context) (found []Find, cut int) {
	of, at, cut := parts(text)
	for n, part := range of {
		if !strings.Contains(part, "//") {
			continue
		}
		for _, l := range Links(part) {
			address := part[l.Start:l.End]
			host, _, _ := strings.Cut(Host(address), ":")
			if host == "" || c.Named != nil && c.Named(host) {
				continue
			}
			load := loadOf(address, c.Told)
			if load < carriesSome {
				continue
			}
			f := Find{Name: l.Form, Start: at[n] + l.Start, End: at[n] + l.End, Why: "A link carries data to a host that the request did not name"}
			switch {
			case l.Loaded():
				f.Score, f.Why = 0.5+0.15*float64(load), "A picture carries data, without a click, to a host that the request did not name"
			case l.Form == "link":
				f.Score = 0.1 + 0.2*float64(load)
			default:
				f.Score = 0.2 + 0.2*float64(load)
			}
			if !l.Loaded() && InCode(part, l.Start) {
				f.Score *= 0.5
			}
			if found = append(found, f); len(found) == mostFinds {
				return best(found), cut
			}
		}
	}
	return best(found), cut
}

// How much an address carries.
const (
	carriesNothing = iota
	carriesSome    // a value, or a name of letters chance would not write
	carriesMuch    // a long value, or an encoded one
	carriesTold    // what the model was told, or a text in base64
)

// dullParameters are those of links that count visits or say how a page is shown.
var dullParameters = []string{
	"utm_", "ref", "source", "lang", "hl", "page", "v", "t", "id", "q", "query", "search", "s", "tab", "sort", "view", "version", "w", "h", "width", "height",
	"size", "format", "fit", "auto", "ixlib", "crop", "dpr", "alt", "fm", "usp", "si", "list", "index", "feature", "pid", "gclid", "fbclid",
}

// loadOf weighs what an address carries in its query, and in names that stand before its host.
func loadOf(address string, told func(string) bool) int {
	u, err := url.Parse(address)
	if err != nil {
		return carriesNothing
	}
	most := carriesNothing
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, named := strings.Cut(pair, "=")
		if !named {
			name, value = "", name
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		load := valueLoad(value, told)
		if dull := slices.ContainsFunc(dullParameters, func(d string) bool { return name == d || strings.HasSuffix(d, "_") && strings.HasPrefix(name, d) }); dull && load < carriesTold {
			continue
		}
		most = max(most, load)
	}
	if labels := strings.Split(u.Hostname(), "."); len(labels) > 2 && len(labels[0]) >= 24 && encodedRun(labels[0]) {
		most = max(most, carriesMuch)
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if len(segment) >= 24 && told != nil && (plainOf(segment) != "" || told(segment)) {
			most = max(most, carriesTold)
		}
	}
	return most
}

func valueLoad(value string, told func(string) bool) int {
	switch {
	case len(value) < 3:
		return carriesNothing
	case len(value) >= 8 && told != nil && told(value):
		return carriesTold
	case plainOf(value) != "":
		return carriesTold
	case len(value) >= 60, len(value) >= 24 && encodedRun(value), strings.Count(value, " ") >= 3:
		return carriesMuch
	case len(value) >= 6:
		return carriesSome
	}
	return carriesNothing
}

// encodedRun reports whether a value looks like bytes written in letters: no words, and digits among them.
func encodedRun(value string) bool {
	digits, letters := 0, 0
	for i := range len(value) {
		switch c := value[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '+' || c == '/' || c == '=' || c == '-' || c == '_':
			letters++
		default:
			return false
		}
	}
	return digits >= 2 && letters >= 4
}
