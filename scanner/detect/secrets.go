package detect

import (
	"embed"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed rules/gitleaks.toml rules/assay.toml
var ruleFiles embed.FS

// rule recognises one kind of secret, in gitleaks' words.
type rule struct {
	ID          string
	Description string
	Regex       string
	Path        string
	Entropy     float64
	SecretGroup int
	Keywords    []string
	Allowlists  []allowlist

	// Of our own rules.
	Match, Ignore []string

	compiled   func() *regexp.Regexp
	assignment bool // the keyword is in a name, and a value has to follow
	prefix     bool // the keyword begins the secret
	least      int  // how many characters the value has, or follow the keyword, at least
}

// allowlist says what is no secret although it looks like one.
type allowlist struct {
	Condition   string
	RegexTarget string
	Regexes     []string
	StopWords   []string
	Paths       []string

	compiled func() []*regexp.Regexp
}

type ruleFile struct {
	Allowlist allowlist
	Rules     []*rule
}

// secretRules are all rules with what finds the texts that may hold one: keywords, all at once.
type secretRules struct {
	rules    []*rule
	global   []allowlist
	keywords *matcher
	asked    [][]*rule // by keyword
}

// secrets are read at first use; each expression is compiled when its keyword is first seen.
var secrets = sync.OnceValue(func() *secretRules {
	s, err := readRules("rules/gitleaks.toml", "rules/assay.toml")
	if err != nil {
		panic(err) // embedded, and proven by the tests
	}
	return s
})

func readRules(names ...string) (*secretRules, error) {
	s := &secretRules{}
	words := map[string][]*rule{}
	for _, name := range names {
		data, err := ruleFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var file ruleFile
		if err := toml.Unmarshal(data, &file); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		file.Allowlist.prepare()
		s.global = append(s.global, file.Allowlist)
		for _, r := range file.Rules {
			if r.Regex == "" || r.Path != "" { // about files, of which there are none
				continue
			}
			r.compiled = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(r.Regex) })
			r.shape()
			for i := range r.Allowlists {
				r.Allowlists[i].prepare()
			}
			s.rules = append(s.rules, r)
			for _, w := range r.Keywords {
				w = strings.ToLower(w)
				words[w] = append(words[w], r)
			}
		}
	}
	sorted := make([]string, 0, len(words))
	for w := range words {
		sorted = append(sorted, w)
	}
	slices.Sort(sorted)
	for _, w := range sorted {
		s.asked = append(s.asked, words[w])
	}
	s.keywords = newMatcher(sorted)
	return s, nil
}

var (
	named  = regexp.MustCompile(`^\(\?i\)\[\\w\.-\]\{0,50\}\?\(\?:(.*?)\)\(\?:\[ \\t\\w\.-\]\{0,20\}\)`)
	counts = regexp.MustCompile(`\]\{(\d+)`)
	begins = regexp.MustCompile(`^(?:\(\?i\))?\\b\(([a-z0-9_-]+)\[[^\]]+\]\{(\d+)`)
)

// shape reads from the expression what near uses to tell early that there is nothing.
func (r *rule) shape() {
	if m := named.FindStringSubmatch(r.Regex); m != nil {
		name := strings.ToLower(m[1])
		r.assignment = r.ID == "generic-api-key" || !slices.ContainsFunc(r.Keywords, func(w string) bool { return !strings.Contains(name, strings.ToLower(w)) })
		if c := counts.FindStringSubmatch(r.Regex[len(m[0]):]); c != nil && !strings.Contains(r.Regex[len(m[0]):], "|(") {
			r.least = atoi(c[1])
		}
		r.least = min(max(r.least, 8), 40)
		if strings.Count(r.Regex[len(m[0]):], "(?:") > 4 {
			r.least = 8 // a value of several parts
		}
	}
	if m := begins.FindStringSubmatch(r.Regex); m != nil && len(r.Keywords) == 1 && strings.EqualFold(m[1], r.Keywords[0]) {
		r.prefix, r.least = true, min(atoi(m[2]), 40)
	}
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (a *allowlist) prepare() {
	list := a.Regexes
	for i, w := range a.StopWords {
		a.StopWords[i] = strings.ToLower(w)
	}
	a.compiled = sync.OnceValue(func() []*regexp.Regexp {
		all := make([]*regexp.Regexp, 0, len(list))
		for _, expr := range list {
			all = append(all, regexp.MustCompile(expr))
		}
		return all
	})
}

// allows reports whether a match is no secret. line is where it stands.
func (a *allowlist) allows(secret, match, line string) bool {
	target := secret
	switch a.RegexTarget {
	case "match":
		target = match
	case "line":
		target = line
	}
	expr := len(a.Regexes) > 0 && slices.ContainsFunc(a.compiled(), func(r *regexp.Regexp) bool { return r.MatchString(target) })
	word := false
	if lower := strings.ToLower(secret); len(a.StopWords) > 0 {
		word = slices.ContainsFunc(a.StopWords, func(w string) bool { return strings.Contains(lower, w) })
	}
	if strings.EqualFold(a.Condition, "AND") {
		return len(a.Paths) == 0 && (expr || len(a.Regexes) == 0) && (word || len(a.StopWords) == 0)
	}
	return expr || word
}

// entropy is Shannon's, in bits a character.
func entropy(s string) float64 {
	var counts [256]int
	for i := range len(s) {
		counts[s[i]]++
	}
	var bits float64
	for _, c := range counts {
		if c > 0 {
			p := float64(c) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
