package llm

import (
	"bytes"
	_ "embed" // the catalog is part of the program
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed catalog.yaml
var catalogYAML []byte

// Price is what a provider charges, in US dollars for a million tokens of text at its standard tier. Zero means that
// no such price is known.
type Price struct {
	Input, Output float64
	CachedInput   float64 // input read from the provider's prompt cache
	CacheCreation float64 // input written to it
	AsOf          string  // the date of the figures, YYYY-MM-DD
}

// Auth is one way in which a provider takes a key: a header, whose value has the prefix before the key, or a query
// parameter.
type Auth struct {
	Header string `yaml:"header"`
	Prefix string `yaml:"prefix"`
	Query  string `yaml:"query"`
}

// catalogFile is catalog.yaml.
type catalogFile struct {
	AsOf      string                             `yaml:"as_of"`
	Providers map[string]catalogProvider         `yaml:"providers"`
	Services  map[Kind][]string                  `yaml:"services"`
	Models    map[string]map[string]catalogModel `yaml:"models"`
}

type catalogProvider struct {
	Base    string   `yaml:"base"`
	Reverse string   `yaml:"reverse"`
	Auth    []Auth   `yaml:"auth"`
	Kind    Kind     `yaml:"kind"`
	Hosts   []string `yaml:"hosts"`
	Ports   []int    `yaml:"ports"`
	Of      []string `yaml:"of"`
}

type catalogModel struct {
	Input   float64 `yaml:"input"`
	Output  float64 `yaml:"output"`
	Cached  float64 `yaml:"cached"`
	Write   float64 `yaml:"write"`
	Context int     `yaml:"context"`
	AsOf    string  `yaml:"as_of"`
}

// catalogIndex is the catalog in the form in which it is asked.
type catalogIndex struct {
	catalogFile
	hosts    map[string][]hostRule // by host name, or by the literal end of a pattern
	ports    map[string]hostRule
	contexts map[string]int
}

// hostRule says who answers at a host.
type hostRule struct {
	pattern  string // of the whole host; "" when the key of the index says all
	under    bool   // every host under the key, not the key itself
	part     string // what the path must contain
	provider string
	kind     Kind
}

var catalog = sync.OnceValue(func() *catalogIndex {
	index, err := readCatalog(catalogYAML)
	if err != nil { // a test reads the same bytes: this cannot be in a released program
		return &catalogIndex{}
	}
	return index
})

func readCatalog(text []byte) (*catalogIndex, error) {
	index := &catalogIndex{hosts: map[string][]hostRule{}, ports: map[string]hostRule{}, contexts: map[string]int{}}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&index.catalogFile); err != nil {
		return nil, fmt.Errorf("read the catalog of providers: %w", err)
	}
	for name, p := range index.Providers {
		for _, host := range p.Hosts {
			index.addHost(host, hostRule{provider: name, kind: p.Kind})
		}
		for _, port := range p.Ports {
			index.ports[strconv.Itoa(port)] = hostRule{provider: name, kind: p.Kind}
		}
	}
	for kind, hosts := range index.Services {
		for _, host := range hosts {
			index.addHost(host, hostRule{kind: kind})
		}
	}
	for _, rules := range index.hosts { // the more a rule says, the earlier it is asked
		slices.SortStableFunc(rules, func(a, b hostRule) int {
			return len(b.part) + len(b.pattern) - len(a.part) - len(a.pattern)
		})
	}
	for _, models := range index.Models {
		for name, m := range models {
			index.contexts[name] = max(m.Context, index.contexts[name])
		}
	}
	return index, nil
}

// addHost files a rule under its host or the literal end of its pattern.
func (c *catalogIndex) addHost(entry string, rule hostRule) {
	host, part, found := strings.Cut(entry, "/")
	if found {
		rule.part = "/" + part
	}
	key := host
	if i := strings.LastIndexByte(host, '*'); i >= 0 {
		_, key, _ = strings.Cut(host[i:], ".")
		rule.under = true
		if host != "*."+key {
			rule.pattern = host
		}
	}
	c.hosts[key] = append(c.hosts[key], rule)
}

// find looks a host up: as it is, then under each of the domains it belongs to.
func (c *catalogIndex) find(host, path string) (hostRule, bool) {
	for name, under := host, false; name != ""; under = true {
		for _, rule := range c.hosts[name] {
			if rule.under == under && rule.holds(host, path) {
				return rule, true
			}
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return hostRule{}, false
}

func (r hostRule) holds(host, urlPath string) bool {
	if r.part != "" && !strings.Contains(urlPath+"/", r.part) {
		return false
	}
	if r.pattern == "" {
		return true
	}
	ok, err := path.Match(r.pattern, host)
	return ok && err == nil
}

// lookupHost tells who answers at a URL, and what kind of service that is where the host alone decides it.
func lookupHost(host, port, path string) (provider string, kind Kind) {
	c := catalog()
	if rule, ok := c.find(strings.TrimSuffix(host, "."), path); ok {
		return rule.provider, rule.kind
	}
	if rule, ok := c.ports[port]; ok && port != "" {
		return rule.provider, rule.kind
	}
	return "", ""
}

// ProviderFor tells who answers at a host (name, or name:port) whatever the path, and what kind of service it is where
// the host alone decides that. Both are empty for hosts the catalog does not know, and for hosts where only some paths
// lead to a model.
func ProviderFor(host string) (provider string, kind Kind) {
	name, port := strings.ToLower(host), ""
	if i := strings.LastIndexByte(name, ':'); i >= 0 && !strings.HasSuffix(name, "]") {
		name, port = name[:i], name[i+1:]
	}
	return lookupHost(name, port, "")
}

// BaseURLs maps the names of reverse mode (openai, anthropic, gemini, ...) to the URL a client of that provider would
// use by itself.
func BaseURLs() map[string]string {
	urls := map[string]string{}
	for name, p := range catalog().Providers {
		if p.Base == "" {
			continue
		}
		if p.Reverse != "" {
			name = p.Reverse
		}
		urls[name] = p.Base
	}
	return urls
}

// AuthForms gives the ways in which a provider takes a key, the usual one first; none for providers that take none.
func AuthForms(provider string) []Auth { return slices.Clone(catalog().Providers[provider].Auth) }

// PriceOf tells what a provider charges for a model. ok is false when the catalog does not know: an unknown price is
// not a price of zero.
func PriceOf(provider, model string) (price Price, ok bool) {
	c := catalog()
	for _, seller := range append([]string{provider}, c.Providers[provider].Of...) {
		for name := range modelNames(model) {
			if m, found := c.Models[seller][name]; found {
				asOf := m.AsOf
				if asOf == "" {
					asOf = c.AsOf
				}
				return Price{m.Input, m.Output, m.Cached, m.Write, asOf}, true
			}
		}
	}
	return Price{}, false
}

// ContextSize tells how many tokens a model takes, question and answer together where the maker counts so.
func ContextSize(model string) (tokens int, ok bool) {
	c := catalog()
	for name := range modelNames(model) {
		if n := c.contexts[name]; n > 0 {
			return n, true
		}
	}
	return 0, false
}

// Cost is what an exchange cost in US dollars at the catalog's prices. ok is false when the price or the number of
// tokens is not known.
func (p Price) Cost(c *Conversation) (dollars float64, ok bool) {
	u := c.Usage
	if u.Input == nil && u.Output == nil || p == (Price{}) {
		return 0, false
	}
	input, cached, written := deref(u.Input), deref(u.CachedInput), deref(u.CacheCreation)
	if !strings.Contains(c.Family, "anthropic") && !strings.HasPrefix(c.Family, "bedrock.") {
		input = max(0, input-cached) // those two count cached tokens apart, the others among the input
	}
	if p.CachedInput == 0 {
		input, cached = input+cached, 0
	}
	if p.CacheCreation == 0 {
		input, written = input+written, 0
	}
	output := deref(u.Output)
	if strings.HasPrefix(c.Family, "gemini.") {
		output += deref(u.Reasoning) // not among its output
	}
	sum := input*p.Input + cached*p.CachedInput + written*p.CacheCreation + output*p.Output
	return sum / 1e6, true
}

func deref(n *int64) float64 {
	if n == nil {
		return 0
	}
	return float64(*n)
}

var (
	modelRegion  = regexp.MustCompile(`^(us|us-gov|eu|apac|global|jp|au|ca)\.`)
	modelVersion = regexp.MustCompile(`(-v\d+)?(:\d+)+(:\w+)?$|-v\d+$`)
	modelDate    = regexp.MustCompile(`[-@](\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2,4}|\d{4}|latest)$`)
)

// modelNames gives the names under which the catalog may list a model: as it is called, then without what
// marketplaces and clouds put around it (vendor, region, version), then without its date.
func modelNames(model string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		name := strings.ToLower(strings.TrimPrefix(model, "models/"))
		if i := strings.LastIndex(name, "/"); strings.HasPrefix(name, "arn:") && i >= 0 {
			name = name[i+1:]
		}
		if !yield(name) {
			return
		}
		name = modelRegion.ReplaceAllString(name, "")
		name = modelVersion.ReplaceAllString(name, "")
		dateless := modelDate.ReplaceAllString(name, "")
		for _, n := range []string{name, dateless} {
			_, bare, found := strings.Cut(n, "/")
			if !found {
				bare = n
			}
			_, vendorless, _ := strings.Cut(bare, ".")
			claude := strings.ReplaceAll(bare, ".", "-")
			if !yield(n) || !yield(bare) || !yield(vendorless) || !yield(claude) {
				return
			}
		}
	}
}
