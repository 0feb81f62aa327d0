package judge

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed packages.txt
var packageList string

// knownPackages are the packages of the shipped list, by ecosystem.
var knownPackages = sync.OnceValue(func() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for line := range strings.Lines(packageList) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		ecosystem, names, _ := strings.Cut(line, ":")
		all[ecosystem] = map[string]bool{}
		for _, n := range strings.Fields(names) {
			all[ecosystem][n] = true
		}
	}
	return all
})

// installs finds commands that install packages, by ecosystem: group 1 is what is installed.
var installs = []struct {
	ecosystem string
	re        *regexp.Regexp
}{
	{"pypi", regexp.MustCompile(`(?i)\b(?:pip3?|uv pip|uv|poetry|pipx|conda|python3? -m pip) (?:install|add) ((?:[^\s` + "`" + `;&|<>"']+ ?)+)`)},
	{"npm", regexp.MustCompile(`(?i)\b(?:npm (?:install|i|add)|yarn add|pnpm (?:add|install|i)|bun add|npx) ((?:[^\s` + "`" + `;&|<>"']+ ?)+)`)},
	{"crates", regexp.MustCompile(`(?i)\bcargo (?:add|install) ((?:[^\s` + "`" + `;&|<>"']+ ?)+)`)},
	{"gems", regexp.MustCompile(`(?i)\b(?:gem install|bundle add) ((?:[^\s` + "`" + `;&|<>"']+ ?)+)`)},
	{"go", regexp.MustCompile(`(?i)\bgo (?:get|install) ((?:[^\s` + "`" + `;&|<>"']+ ?)+)`)},
}

// packageName is what a package may be called.
var packageName = regexp.MustCompile(`^@?[A-Za-z0-9][A-Za-z0-9._/-]*$`)

// packageSignal finds packages that do not exist.
func packageSignal() *Signal {
	return &Signal{
		Name: "package", Hard: false,
		What: "The answer tells to install a package that is invented, or that no list knows.",
		Params: []Param{
			{Name: "names", Type: Texts, What: "Invented names: only these are looked for."},
			{Name: "known", Type: Texts, What: "Names that exist, beside those of the shipped list."},
			{Name: "ecosystem", Type: Texts, OneOf: []string{"pypi", "npm", "crates", "gems", "go"}, What: "Where packages come from; all if not said."},
		},
		look: func(t *trial, p params) finding {
			ecosystems, names, known := p.texts("ecosystem"), p.texts("names"), p.texts("known")
			m := matching{signal: "package"}
			l := located{inAnswer, t.text}
			for _, e := range installs {
				if len(ecosystems) > 0 && !slices.Contains(ecosystems, e.ecosystem) {
					continue
				}
				for _, s := range e.re.FindAllStringSubmatchIndex(t.text, 64) {
					for _, x := range installed(t.text, s[2], s[3]) {
						if name := packageOf(e.ecosystem, t.text[x[0]:x[1]]); invented(name, e.ecosystem, names, known) {
							m.add(t, l, x[0], x[1], true, "no list of "+e.ecosystem+" knows "+quote(name))
						}
					}
				}
			}
			f := m.finding()
			f.proof = false
			return f
		},
	}
}

func invented(name, ecosystem string, names, known []string) bool {
	same := func(n string) bool { return strings.EqualFold(n, name) }
	if name == "" {
		return false
	}
	if len(names) > 0 {
		return slices.ContainsFunc(names, same)
	}
	return !knownPackages()[ecosystem][name] && !slices.ContainsFunc(known, same)
}

// installed are the spans of the names in an install command. The first word that is no name ends it.
func installed(text string, start, end int) [][2]int {
	var all [][2]int
	for start < end {
		word, _, _ := strings.Cut(text[start:end], " ")
		bare := strings.TrimRight(word, ".,:)*_!?")
		if word != "" && !strings.HasPrefix(word, "-") {
			if packageOf("", bare) == "" || slices.Contains([]string{"and", "or", "to", "then", "in", "the", "a", "with", "for", "from", "if", "package", "packages", "using", "via"}, strings.ToLower(bare)) {
				break
			}
			all = append(all, [2]int{start, start + len(bare)})
			if bare != word {
				break // a sentence ended
			}
		}
		start += len(word) + 1
	}
	return all
}

// packageOf is the package that a word of an install command names, without its version; empty where it names none.
func packageOf(ecosystem, word string) string {
	for _, mark := range []string{"==", ">=", "<=", "~=", "!=", "[", ">"} {
		word, _, _ = strings.Cut(word, mark)
	}
	if i := strings.LastIndexByte(word, '@'); i > 0 {
		word = word[:i]
	}
	if !packageName.MatchString(word) || strings.HasSuffix(word, ".txt") || strings.HasPrefix(word, "./") {
		return ""
	}
	switch ecosystem {
	case "pypi":
		return strings.ReplaceAll(strings.ToLower(word), "_", "-")
	case "npm", "gems", "crates":
		return strings.ToLower(word)
	}
	return word
}
