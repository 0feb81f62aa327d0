package discover

import (
	"encoding/json"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/scanner"
)

// Limits of what is read of tools.
const (
	maxToolsGiven = 1000 // of one request
	maxToolMemo   = 1 << 14
	maxDepthTool  = 64        // of a schema that is compared member by member
	maxLooked     = 512 << 10 // bytes of new definitions that are looked at for instructions, of one exchange
)

// definition is what is known of a tool's definition without looking at it again.
type definition struct {
	name, title, description string
	fingerprint              string
	looked                   bool // warnings are known
	warnings                 []string
}

// toolMemo remembers definitions: agents send the same fifty with every turn.
type toolMemo struct {
	seed  maphash.Seed
	known map[uint64]*definition
}

func newToolMemo() toolMemo {
	return toolMemo{seed: maphash.MakeSeed(), known: map[uint64]*definition{}}
}

func (m *toolMemo) put(key uint64, d *definition) {
	if len(m.known) >= maxToolMemo {
		clear(m.known)
	}
	m.known[key] = d
}

// given reads the definition of a tool that was given to a model.
func (m *toolMemo) given(t *llm.Tool) *definition {
	var h maphash.Hash
	h.SetSeed(m.seed)
	for _, s := range []string{t.Name, t.Description, t.Schema, strconv.FormatBool(t.Builtin)} {
		h.WriteString(s)
		h.WriteByte(0)
	}
	key := h.Sum64()
	if known := m.known[key]; known != nil {
		return known
	}
	d := &definition{name: t.Name, description: t.Description}
	members := givenMembers(t)
	d.fingerprint = digest(canonical(members, true))
	d.looked = t.Builtin // the provider's own words
	m.put(key, d)
	return d
}

// givenMembers is a tool's definition as it is compared and kept.
func givenMembers(t *llm.Tool) map[string]any {
	members := map[string]any{"name": t.Name}
	if t.Description != "" {
		members["description"] = t.Description
	}
	if t.Schema != "" {
		members["schema"] = decodeJSON([]byte(t.Schema))
	}
	return members
}

// meetTools counts the tools a request gives to a model, and the calls the model made of them.
func (a *assets) meetTools(v *sight) error {
	c := v.Conversation
	from := v.model
	if from == nil {
		from = v.service
	}
	given := c.Tools
	if len(given) > maxToolsGiven {
		given, v.service.Facts.Cut = given[:maxToolsGiven], true
	}
	for i := range given {
		if err := a.meetTool(v, from, &given[i]); err != nil {
			return err
		}
	}
	for i := range min(len(c.ToolCalls), maxToolsGiven) {
		call := &c.ToolCalls[i]
		if call.Name == "" {
			continue
		}
		h, fresh := a.meet(v, scanner.AssetTool, v.e.Host, v.caller.key, toolKey(call.Name, call.Builtin))
		if h == nil {
			continue
		}
		if fresh {
			a.newTool(v, h, call.Name, call.Builtin)
		}
		a.link(v, from, h)
		h.Facts.Calls++
	}
	return nil
}

// toolKey is the name of a tool in its key. A program may give a tool the name of the provider's own.
func toolKey(name string, builtin bool) string {
	if builtin {
		return "built in: " + builtinName(name)
	}
	return name
}

// builtinName is what a provider's own tool is called, whichever way it is written: its type has a date when it is
// given (web_search_20250305, web_search_preview), and calls have types of their own (web_search_call).
func builtinName(name string) string {
	if i := len(name) - 9; i > 0 && name[i] == '_' && strings.Trim(name[i+1:], "0123456789") == "" {
		name = name[:i]
	}
	for _, end := range []string{"_call", "_preview"} {
		name = strings.TrimSuffix(name, end)
	}
	switch name {
	case "executableCode", "codeExecution", "bash_code_execution", "text_editor_code_execution":
		return "code_execution"
	case "mcp_list_tools":
		return "mcp"
	case "googleSearch", "googleSearchRetrieval", "google_search_retrieval":
		return "google_search"
	default:
		return name
	}
}

func (a *assets) newTool(v *sight, h *held, name string, builtin bool) {
	if builtin {
		name = builtinName(name)
	}
	h.Name, h.Provider, h.Facts.Builtin = shortName(name), v.Conversation.Provider, builtin
	a.line(v, h, scanner.ChangeTool, "info", at("The tool "+h.Name+" is given to models", v.e.Host), "")
}

func (a *assets) meetTool(v *sight, from *held, tool *llm.Tool) error {
	if tool.Name == "" {
		return nil
	}
	d := a.tools.given(tool)
	h, fresh := a.meet(v, scanner.AssetTool, v.e.Host, v.caller.key, toolKey(tool.Name, tool.Builtin))
	if h == nil {
		v.service.Facts.Cut = true
		return nil
	}
	if fresh {
		a.newTool(v, h, tool.Name, tool.Builtin)
	}
	a.link(v, from, h)
	if h.Versions > 0 && h.had(d.fingerprint) {
		return nil // two parts of one program may give two tools of one name
	}
	before, err := a.text(h.ID)
	if err != nil {
		return err
	}
	known := h.Versions > 0
	members := givenMembers(tool)
	after := canonical(members, false)
	a.describe(h, d)
	if a.version(v, h, d.fingerprint, after) && known && !restless(h) {
		a.line(v, h, scanner.ChangeToolDefinition, "medium", at("The definition of the tool "+h.Name+" changed", v.e.Host), memberChanges(before, after))
	}
	a.warn(v, h, v.lookAt(h, d, members), at("The description of the tool "+h.Name+" holds instructions for the model", v.e.Host))
	return nil
}

// describe takes over what people read of a definition.
func (a *assets) describe(h *held, d *definition) {
	h.Facts.Description = excerpt.Bytes(d.description, 2000)
}

// lookAt looks for instructions in a definition. What one exchange may cost is bounded: what is left out is marked.
func (v *sight) lookAt(h *held, d *definition, members map[string]any) []string {
	text := textsOf(members)
	if v.looked += len(text); v.looked > maxLooked {
		h.Facts.Cut, v.service.Facts.Cut = true, true
		return nil
	}
	if !d.looked {
		d.looked, d.warnings = true, poisoned(text)
	}
	return d.warnings
}

// warn keeps what is suspicious of a definition and says so when it is news.
func (a *assets) warn(v *sight, h *held, warnings []string, what string) {
	if slices.Equal(h.Facts.Warnings, warnings) {
		return
	}
	h.Facts.Warnings = warnings
	if len(warnings) > 0 {
		a.line(v, h, scanner.ChangePoisoned, "high", what, strings.Join(warnings, "\n"))
	}
}

// decodeJSON is JSON as a value; text that is none stays a text.
func decodeJSON(raw []byte) any {
	if len(raw) > maxDefinition {
		return string(raw)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return string(raw)
	}
	return v
}

// canonical writes a definition in one way: members sorted, lists of names that are sets sorted too. For comparing, dates
// and long ids in descriptions are taken out.
func canonical(members map[string]any, compare bool) string {
	b, err := json.Marshal(canonicalValue(members, "", compare, 0))
	if err != nil {
		return ""
	}
	return string(b)
}

func canonicalValue(v any, name string, compare bool, depth int) any {
	if depth == maxDepthTool {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, each := range v {
			m[key] = canonicalValue(each, key, compare, depth+1)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, each := range v {
			l[i] = canonicalValue(each, "", compare, depth+1)
		}
		if name == "required" {
			slices.SortStableFunc(l, func(x, y any) int {
				xs, _ := x.(string)
				ys, _ := y.(string)
				return strings.Compare(xs, ys)
			})
		}
		return l
	case string:
		if compare && (name == "description" || name == "title") {
			return maskText(v, maskDates)
		}
		return v
	default:
		return v
	}
}

// textsOf lists every text and every name in a definition, one a line: a model reads all of it.
func textsOf(members map[string]any) string {
	var b strings.Builder
	writeTexts(&b, members, 0)
	return b.String()
}

func writeTexts(b *strings.Builder, v any, depth int) {
	if depth == maxDepthTool || b.Len() > maxDefinition {
		return
	}
	switch v := v.(type) {
	case string:
		b.WriteString(v)
		b.WriteString("\n\n")
	case []any:
		for _, each := range v {
			writeTexts(b, each, depth+1)
		}
	case map[string]any:
		for _, name := range sortedNames(v) {
			if len(name) > 24 { // short names say nothing
				b.WriteString(name)
				b.WriteString("\n\n")
			}
			writeTexts(b, v[name], depth+1)
		}
	}
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// memberChanges says in a few lines which members of a definition changed, and how.
func memberChanges(before, after string) string {
	old, readable := decodeJSON([]byte(before)).(map[string]any)
	now, both := decodeJSON([]byte(after)).(map[string]any)
	if !readable || !both {
		return "The definitions are too long to compare"
	}
	names := map[string]any{}
	for name := range old {
		names[name] = nil
	}
	for name := range now {
		names[name] = nil
	}
	var lines []string
	for _, name := range sortedNames(names) {
		was, is := textOrJSON(old[name]), textOrJSON(now[name])
		_, had := old[name]
		_, has := now[name]
		switch {
		case was == is && had == has:
		case !had:
			lines = append(lines, name+" is new: "+brief(is, 400))
		case !has:
			lines = append(lines, name+" is gone: "+brief(was, 400))
		default:
			was, is = around(was, is)
			lines = append(lines, name+" was: "+brief(was, 300), name+" is: "+brief(is, 300))
		}
		if len(lines) >= 12 {
			break
		}
	}
	return strings.Join(lines, "\n")
}

// textOrJSON is a value for people: texts as they are, everything else as JSON.
func textOrJSON(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// around leaves out what two long texts have in common at their beginning.
func around(was, is string) (string, string) {
	same := 0
	for same < len(was) && same < len(is) && was[same] == is[same] {
		same++
	}
	if same < 60 {
		return was, is
	}
	from := same - 30
	for from > 0 && was[from]&0xC0 == 0x80 {
		from--
	}
	return "…" + was[from:], "…" + is[from:]
}
