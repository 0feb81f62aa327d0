package discover

import (
	"encoding/json"
	"hash/maphash"
	"regexp"
	"slices"
	"strings"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/scanner"
)

// meetMCP counts what an MCP server says of itself, what it lists, and which of its tools are called.
func (a *assets) meetMCP(v *sight) error {
	rpc := v.Conversation.RPC
	if rpc == nil {
		return nil
	}
	a.introduce(v, rpc)
	switch {
	case rpc.Method == "tools/call" && rpc.Tool != "":
		failed := rpc.IsError || !v.answered()
		if failed && a.find(scanner.AssetMCPTool, v.service.Key, rpc.Tool) == nil {
			break // there may be no such tool
		}
		h, fresh := a.meet(v, scanner.AssetMCPTool, v.service.Key, rpc.Tool)
		if h == nil {
			break
		}
		if fresh {
			h.Name = shortName(rpc.Tool)
			a.list(h)
			a.line(v, h, scanner.ChangeTool, "info", at("The MCP tool "+h.Name+" is called", v.service.Name), "")
		}
		h.Facts.Calls++
		a.link(v, v.service, h)
	case strings.HasSuffix(rpc.Method, "/list"), rpc.Method == "":
		return a.meetListings(v, rpc.Method, listings(v.Exchange.Response, v.Response))
	}
	return nil
}

// introduce keeps what a server says of itself when a session begins.
func (a *assets) introduce(v *sight, rpc *llm.RPC) {
	if rpc.ServerName == "" {
		return
	}
	s := v.service
	said := strings.TrimSpace(brief(rpc.ServerName, 80) + " " + brief(rpc.ServerVersion, 40))
	s.Facts.Versions, _ = addName(s.Facts.Versions, said, &s.Facts.Cut)
	if rpc.ProtocolVersion != "" {
		said += " (MCP " + brief(rpc.ProtocolVersion, 20) + ")"
	}
	s.Facts.Server = said
	for i := range v.Conversation.Parts {
		p := &v.Conversation.Parts[i]
		if p.Type != "instructions" {
			continue
		}
		print := digest(p.Text)
		if s.Fingerprint == print {
			break
		}
		s.Fingerprint, s.Facts.Description = print, excerpt.Bytes(p.Text, 2000)
		a.warn(v, s, poisoned(p.Text), at("The instructions of the MCP server "+brief(rpc.ServerName, 80)+" are suspicious", v.e.Host))
	}
}

// list puts an MCP tool among those of its server.
func (a *assets) list(h *held) {
	server := serverOf(h.Key)
	a.listed[server] = append(a.listed[server], h)
	a.named[h.Name] = append(a.named[h.Name], h)
}

// serverOf is the key of the server in the key of what it lists: the server's own key has three parts, and its
// separators were replaced.
func serverOf(key string) string {
	server, _, _ := strings.Cut(key, "|")
	return server
}

// meetListings counts what a server lists, and says what changed since it listed it before.
func (a *assets) meetListings(v *sight, method string, all []listing) error {
	paired := method != "" && v.answered() // the answer of a request that is known; a stream of its own may bring any page
	if paired && method == "tools/list" && len(all) > 0 && firstPage(v.Request) {
		v.service.Facts.Listed = v.Exchange.ID
	}
	whole := false
	for i := range all {
		l := &all[i]
		if l.cut {
			v.service.Facts.Cut = true
		}
		own := map[string]bool{}
		if l.what == "tools" {
			whole = paired && !l.more && !l.cut
			for _, raw := range l.items {
				own[a.tools.listed(l.what, raw).name] = true
			}
		}
		for _, raw := range l.items {
			if err := a.meetListed(v, l.what, raw, own); err != nil {
				return err
			}
		}
	}
	if whole {
		a.missing(v)
	}
	return nil
}

// missing says which tools a whole listing, which may have had several pages, no longer has.
func (a *assets) missing(v *sight) {
	since := v.service.Facts.Listed
	if since == 0 {
		return // nobody saw the first page
	}
	name := string(assetKey(nil, []string{v.service.Key, ""}))
	for _, h := range a.listed[strings.TrimSuffix(name, "|")] {
		if h.Facts.Gone || h.Facts.Listed == 0 || h.Facts.Listed >= since {
			continue
		}
		h.Facts.Gone = true
		v.t.asset(h.Asset)
		a.line(v, h, scanner.ChangeToolGone, "medium", at("The MCP tool "+h.Name+" is no longer listed", v.service.Name), "")
	}
}

// meetListed counts one thing a server lists. own are the names of all it lists.
func (a *assets) meetListed(v *sight, what string, raw json.RawMessage, own map[string]bool) error {
	d := a.tools.listed(what, raw)
	if d.name == "" {
		return nil
	}
	kind := listedKinds[what]
	h, fresh := a.meet(v, kind, v.service.Key, d.name)
	if h == nil {
		v.service.Facts.Cut = true
		return nil
	}
	noun := listedNouns[what]
	if fresh {
		h.Name = shortName(d.name)
		if kind == scanner.AssetMCPResource && d.title != "" {
			h.Name = brief(d.title, 80)
		}
		if kind == scanner.AssetMCPTool {
			a.list(h)
			a.line(v, h, scanner.ChangeTool, "info", at("The MCP tool "+h.Name+" is listed", v.service.Name), brief(d.description, 400))
		}
	}
	a.link(v, v.service, h)
	if kind == scanner.AssetMCPTool {
		h.Facts.Listed = v.Exchange.ID
		if h.Facts.Gone {
			h.Facts.Gone = false
			a.line(v, h, scanner.ChangeTool, "medium", at("The MCP tool "+h.Name+" is listed again", v.service.Name), "")
		}
	}
	if h.Fingerprint == d.fingerprint {
		return nil
	}
	return a.relisted(v, h, noun, d, raw, own)
}

// foreignTool finds the name of another server's tool in a description that gives orders; empty when there is none.
func (a *assets) foreignTool(v *sight, description string, own map[string]bool) string {
	if !shadowOrders.MatchString(description) {
		return ""
	}
	self := strings.TrimSuffix(string(assetKey(nil, []string{v.service.Key, ""})), "|")
	for word := range strings.FieldsFuncSeq(excerpt.Bytes(description, maxDefinition), notInName) {
		if len(word) < 5 || own[word] || !strings.ContainsAny(word, "_-") {
			continue // an ordinary word says nothing
		}
		for _, h := range a.named[word] {
			if serverOf(h.Key) != self {
				return h.Name
			}
		}
	}
	return ""
}

// notInName reports whether a character does not stand in the names of tools.
func notInName(r rune) bool {
	return r != '_' && r != '-' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
}

var shadowOrders = regexp.MustCompile(`(?i)\b(?:must|always|never|instead|do not|don't|whenever|before)\b`)

// relisted takes in a definition that is another one than before, or the first.
func (a *assets) relisted(v *sight, h *held, noun string, d *definition, raw json.RawMessage, own map[string]bool) error {
	before, err := a.text(h.ID)
	if err != nil {
		return err
	}
	known, back := h.Versions > 0, h.Versions > 0 && h.had(d.fingerprint)
	members := listedMembers(raw)
	after := canonical(members, false)
	warnings := v.lookAt(h, d, members)
	if h.Kind == scanner.AssetMCPTool {
		if foreign := a.foreignTool(v, d.description, own); foreign != "" {
			warnings = append(slices.Clone(warnings), "It tells the model what to do about "+foreign+", a tool of another server")
		}
	}
	a.describe(h, d)
	a.version(v, h, d.fingerprint, after)
	if known {
		detail := memberChanges(before, after)
		if back {
			detail = "It is again what it was before.\n" + detail
		}
		severity := "low"
		if h.Kind == scanner.AssetMCPTool {
			severity = "high"
		}
		a.line(v, h, scanner.ChangeToolDefinition, severity, at("The definition of the MCP "+noun+" "+h.Name+" changed", v.service.Name), detail)
	}
	a.warn(v, h, warnings, at("The description of the MCP "+noun+" "+h.Name+" holds instructions for the model", v.service.Name))
	return nil
}

var listedKinds = map[string]scanner.AssetKind{
	"tools": scanner.AssetMCPTool, "resources": scanner.AssetMCPResource, "resourceTemplates": scanner.AssetMCPResource,
	"prompts": scanner.AssetMCPPrompt,
}

var listedNouns = map[string]string{"tools": "tool", "resources": "resource", "resourceTemplates": "resource template", "prompts": "prompt"}

// listed reads the definition of something that a server lists.
func (m *toolMemo) listed(what string, raw json.RawMessage) *definition {
	var h maphash.Hash
	h.SetSeed(m.seed)
	h.WriteString(what)
	h.WriteByte(1)
	h.Write(raw)
	key := h.Sum64()
	if known := m.known[key]; known != nil {
		return known
	}
	members := listedMembers(raw)
	d := &definition{}
	text := func(name string) string {
		s, _ := members[name].(string)
		return s
	}
	d.name, d.title, d.description = text("name"), text("title"), text("description")
	switch what {
	case "resources":
		d.title, d.name = firstText(d.title, d.name), text("uri")
	case "resourceTemplates":
		d.title, d.name = firstText(d.title, d.name), text("uriTemplate")
	}
	d.fingerprint = digest(canonical(members, true))
	m.put(key, d)
	return d
}

// listedMembers is a definition as it is compared and kept: without what no model reads and no client acts on.
func listedMembers(raw json.RawMessage) map[string]any {
	members, ok := decodeJSON(raw).(map[string]any)
	if !ok {
		if len(raw) <= maxDefinition {
			return nil
		}
		return hugeMembers(raw)
	}
	for _, name := range []string{"_meta", "icons", "size"} {
		delete(members, name)
	}
	return members
}

// hugeMembers keeps what names a definition that is too long to compare member by member, and its hash.
func hugeMembers(raw json.RawMessage) map[string]any {
	var d struct {
		Name        string `json:"name"`
		Title       string `json:"title"`
		Description string `json:"description"`
		URI         string `json:"uri"`
		Template    string `json:"uriTemplate"`
	}
	if json.Unmarshal(raw, &d) != nil {
		return nil
	}
	members := map[string]any{"sha256": digest(string(raw))}
	for name, text := range map[string]string{
		"name": d.Name, "title": d.Title, "description": d.Description, "uri": d.URI, "uriTemplate": d.Template,
	} {
		if text != "" {
			members[name] = text
		}
	}
	return members
}

func firstText(texts ...string) string {
	i := slices.IndexFunc(texts, func(s string) bool { return s != "" })
	if i < 0 {
		return ""
	}
	return texts[i]
}
