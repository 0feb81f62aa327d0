package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/yamlfile"
)

// NotImported says why one of Akto's tests has no equal among templates.
type NotImported struct{ Why string }

func (n *NotImported) Error() string { return n.Why }

// Imported is a template that was made of one of Akto's tests.
type Imported struct {
	ID    string
	Data  []byte   // the file
	Notes []string // what the test says that the template does not
}

// ImportAkto reads a test in the language of Akto's test library and writes the template that does the same. Nothing is
// guessed: a test that cannot be said whole in templates, but for which requests it chooses, is not imported, and the
// error, a *NotImported, says why.
func ImportAkto(file string, data []byte) (*Imported, error) {
	root, problem := yamlfile.Parse(file, data, limits)
	if problem != nil {
		return nil, &NotImported{"it cannot be read: " + problem.What}
	}
	if root.Null() || root.Kind != yamlfile.Map {
		return nil, &NotImported{"it is no test: a mapping was expected"}
	}
	a := &akto{lists: map[string]bool{}}
	a.test(root)
	if a.why != "" {
		return nil, &NotImported{a.why}
	}
	made, err := a.proven()
	if err != nil {
		return nil, err
	}
	return &Imported{ID: a.id, Data: made, Notes: a.notes}, nil
}

// akto is one test while it is read.
type akto struct {
	why   string // the first thing that cannot be said
	notes []string

	id    string
	head  entries // the keys of the template before attack
	lists map[string]bool
	words entries  // payload lists
	used  []string // of them
	needs []string

	request aktoRequest
	detect  any
	sample  aktoSample
}

// fail keeps the first reason.
func (a *akto) fail(format string, args ...any) {
	if a.why == "" {
		a.why = fmt.Sprintf(format, args...)
	}
}

func (a *akto) note(text string) {
	if !slices.Contains(a.notes, text) {
		a.notes = append(a.notes, text)
	}
}

// at is the value of a key, without regard to case; the last where a key stands twice.
func member(n *yamlfile.Node, key string) *yamlfile.Node {
	if n == nil {
		return nil
	}
	for _, p := range slices.Backward(n.Pairs) {
		if strings.EqualFold(p.Key.Text, key) {
			return p.Value
		}
	}
	return nil
}

// scalar is a value as text; empty where there is none.
func scalar(n *yamlfile.Node) string {
	if n.Null() || n.Kind != yamlfile.Scalar {
		return ""
	}
	if s, ok := n.Value.(string); ok {
		return s
	}
	return n.Text
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slugOf(text string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(text), "-"), "-")
}

func (a *akto) test(root *yamlfile.Node) {
	info := member(root, "info")
	slug := slugOf(scalar(member(root, "id")))
	if slug == "" || info == nil || info.Kind != yamlfile.Map {
		a.fail("it has no id or no info: Akto leaves such a file out, too")
		return
	}
	if strings.EqualFold(scalar(member(root, "inactive")), "true") {
		a.fail("it is switched off (inactive)")
		return
	}
	a.id = "akto-" + strings.TrimSuffix(clipBytes(slug, 80), "-")
	agentic := strings.EqualFold(scalar(member(member(member(root, "api_selection_filters"), "test_type"), "eq")), "AGENTIC")
	a.info(info, agentic)
	a.wordLists(member(root, "wordLists"))
	if strings.EqualFold(scalar(member(member(root, "auth"), "authenticated")), "true") {
		a.needs = append(a.needs, "auth")
	}
	if filters := member(root, "api_selection_filters"); filters != nil && len(filters.Pairs)+len(filters.Items) > 0 {
		a.note("which requests it is for (api_selection_filters) is for you to choose")
	}
	if member(root, "dynamic_severity") != nil {
		a.note("its severity does not change with the answer (dynamic_severity)")
	}
	a.execute(member(root, "execute"))
	validate := member(root, "validate")
	if validate == nil {
		a.fail("it has no validate: every answer would count")
		return
	}
	a.detect = a.filter(validate)
}

// clipBytes keeps the first n bytes of a text, without half a character.
func clipBytes(s string, n int) string { return strings.ToValidUTF8(s[:min(len(s), n)], "") }

// info reads what people are told.
func (a *akto) info(info *yamlfile.Node, agentic bool) {
	severity := scanner.Severity(strings.ToLower(scalar(member(info, "severity"))))
	if !slices.Contains(severities, severity) {
		a.fail("its severity is %q", yamlfile.Clip(string(severity)))
	}
	first := func(keys ...string) string {
		for _, key := range keys {
			if text := strings.TrimSpace(scalar(member(info, key))); text != "" {
				return clipBytes(escaped(text), maxProse-200)
			}
		}
		return ""
	}
	name := clipBytes(first("name", "description"), maxName)
	description := first("description", "details", "name")
	if name == "" || description == "" {
		a.fail("it has no name")
	}
	remediation := first("remediation")
	if remediation == "" {
		remediation = "The imported test names no fix."
	}
	tags := []string{"akto"}
	category := member(info, "category")
	if tag := slugOf(scalar(member(category, "shortName"))); tag != "" && tag != "akto" {
		tags = append(tags, clipBytes(tag, 40))
	}
	kinds := []string{"any"}
	if agentic {
		kinds = []string{"llm", "agent", "chat-backend"}
	}
	a.head = entries{
		{Key: "id", Value: a.id},
		{Key: "name", Value: strings.TrimSpace(name)},
		{Key: "description", Value: description},
		{Key: "severity", Value: string(severity)},
		{Key: "owasp", Value: a.owasp(info)},
		{Key: "cwe", Value: a.weaknesses(member(info, "cwe"))},
		{Key: "technique", Value: a.id},
		{Key: "tags", Value: tags},
		{Key: "kinds", Value: kinds},
		{Key: "remediation", Value: remediation},
		{Key: "references", Value: addresses(member(info, "references"))},
	}
}

// aktoCategories are the categories of tests of ordinary APIs, with the items that the templates of this program name for
// the same fault.
var aktoCategories = map[string][]string{
	"BOLA": {"LLM02:2025", "LLM06:2025"}, "BFLA": {"LLM06:2025"}, "NO_AUTH": {"LLM10:2025", "LLM06:2025"}, "BUA": {"LLM10:2025", "LLM06:2025"},
	"MA": {"LLM06:2025", "LLM02:2025"}, "EDE": {"LLM02:2025"}, "RL": {"LLM10:2025"}, "SSRF": {"LLM05:2025", "LLM06:2025"}, "INJ": {"LLM05:2025"},
	"INJECT": {"LLM05:2025"}, "XSS": {"LLM05:2025"}, "SSTI": {"LLM05:2025"}, "LFI": {"LLM05:2025", "LLM02:2025"}, "CRLF": {"LLM05:2025"},
	"COMMAND_INJECTION": {"LLM05:2025"}, "CORS": {"LLM02:2025", "LLM06:2025"}, "VEM": {"LLM02:2025"}, "SVD": {"LLM02:2025"}, "MHH": {"LLM02:2025"},
	"UHM": {"LLM06:2025"}, "IAM": {"LLM02:2025", "LLM03:2025"}, "IIM": {"LLM02:2025", "LLM03:2025"}, "SM": {"LLM02:2025"},
}

// owasp are the items of the list for LLMs that category and tags name.
func (a *akto) owasp(info *yamlfile.Node) []string {
	items := []string{}
	var words []string
	category := member(info, "category")
	for _, key := range []string{"name", "shortName", "displayName"} {
		words = append(words, scalar(member(category, key)))
	}
	if tags := member(info, "tags"); tags != nil {
		for _, tag := range tags.Items {
			words = append(words, scalar(tag))
		}
	}
	for _, word := range words {
		if m := llmItem.FindStringSubmatch(word); m != nil {
			if item := framework.OWASPID("LLM" + m[1]); item != "" && !slices.Contains(items, item) {
				items = append(items, item)
			}
		}
	}
	if len(items) == 0 {
		items = aktoCategories[strings.ToUpper(scalar(member(category, "shortName")))]
	}
	if len(items) == 0 {
		a.fail("its category %q has no item in the OWASP list for LLMs", yamlfile.Clip(scalar(member(category, "shortName"))))
	}
	return items
}

var llmItem = regexp.MustCompile(`(?i)\bLLM[ _-]?(0[1-9]|10)(?:[:_ -]2025|\b)`)

// weaknesses are the CWE numbers that this program knows.
func (a *akto) weaknesses(list *yamlfile.Node) []int {
	numbers := []int{}
	if list == nil {
		return numbers
	}
	for _, item := range list.Items {
		n, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(scalar(item)), "CWE-"))
		switch {
		case err != nil || slices.Contains(numbers, n):
		case framework.Title(fmt.Sprintf("CWE-%d", n)) == "":
			a.note(fmt.Sprintf("CWE-%d is not known here", n))
		case len(numbers) < 10:
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func addresses(list *yamlfile.Node) []string {
	found := []string{}
	if list == nil {
		return found
	}
	for _, item := range list.Items {
		u, err := url.Parse(scalar(item))
		if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(found) < 20 {
			found = append(found, scalar(item))
		}
	}
	return found
}

// escaped keeps what stands in double braces from being a variable of ours.
func escaped(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		m := placeholder.FindStringSubmatch(found)
		return "{{!" + m[2] + "}}"
	})
}

var aktoVariable = regexp.MustCompile(`\$\{([^}]*)\}`)

// text is a value with Akto's variables as ours. A variable that is no list of words has a value in Akto only.
func (a *akto) text(s string) string {
	if strings.HasPrefix(s, "$magic") {
		a.fail("a model writes one of its values ($magic)")
	}
	return aktoVariable.ReplaceAllStringFunc(escaped(s), func(found string) string {
		name := strings.TrimSpace(found[2 : len(found)-1])
		if !a.lists[name] {
			a.fail("its variable ${%s} is filled in from what Akto has recorded", yamlfile.Clip(name))
			return ""
		}
		if !slices.Contains(a.used, name) {
			a.used = append(a.used, name)
		}
		return "{{" + name + "}}"
	})
}

var aktoName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// wordLists reads payload lists. Those that are no list of words are dead in Akto, or filled by it; they count where they
// are used only.
func (a *akto) wordLists(lists *yamlfile.Node) {
	if lists == nil {
		return
	}
	for _, p := range lists.Pairs {
		if p.Value.Kind != yamlfile.List || !aktoName.MatchString(p.Key.Text) || len(p.Value.Items) == 0 || len(p.Value.Items) > maxValues {
			continue
		}
		var words []string
		for _, item := range p.Value.Items {
			word := scalar(item)
			if item.Kind != yamlfile.Scalar || strings.HasPrefix(word, "$magic") {
				words = nil
				break
			}
			words = append(words, escaped(word))
		}
		if words != nil {
			a.lists[p.Key.Text] = true
			a.words = append(a.words, entry{Key: p.Key.Text, Value: words})
		}
	}
}

// document is the template with these samples.
func (a *akto) document(samples entries) ([]byte, error) {
	attack := entries{}
	var lists entries
	for _, list := range a.words {
		if slices.Contains(a.used, list.Key) {
			lists = append(lists, list)
		}
	}
	if len(lists) > 0 {
		attack = append(attack, entry{Key: "payloads", Value: lists})
	}
	attack = append(attack, entry{Key: "requests", Value: []any{a.request.fields()}})
	whole := slices.DeleteFunc(slices.Clone(a.head), func(item entry) bool {
		switch list := item.Value.(type) {
		case []int:
			return len(list) == 0
		case []string:
			return len(list) == 0
		}
		return false
	})
	if len(a.needs) > 0 {
		whole = append(whole, entry{Key: "needs", Value: a.needs})
	}
	whole = append(
		whole,
		entry{Key: "attack", Value: attack}, entry{Key: "trials", Value: 1}, entry{Key: "detect", Value: a.detect},
		entry{Key: "otherwise", Value: "resisted"}, entry{Key: "samples", Value: samples},
	)
	var b bytes.Buffer
	b.WriteString("# Made of a test of Akto's library by `assay templates import-akto`.\n")
	err := whole.write(&b)
	return b.Bytes(), err
}

// jsonText is a value of YAML as JSON.
func jsonText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
