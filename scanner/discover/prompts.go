package discover

import (
	"hash/maphash"
	"strings"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/scanner"
)

// Limits of the search for the prompt that a text is a version of.
const (
	maxCompared   = 512  // prompts of one program at one host, the newest
	maxPromptMemo = 4096 // texts
	settledAfter  = 8    // versions, after which one for nearly every use is how the prompt is, not news
)

// prompts finds system prompts. A program sends its own again and again, with the day's date in it, and changes it
// now and then: then it is another version of the same. Programs at one host are told apart by their names.
type prompts struct {
	seed     maphash.Seed
	memo     map[uint64]*promptText
	scopes   map[string][]*held // by "host|client", the oldest first
	byPrint  map[string]*held   // by "host|client|fingerprint" of every version
	sketches map[scanner.AssetID]*sketch
}

// promptText is what is known of a text without looking at it again.
type promptText struct {
	fingerprint string
	like        *sketch
}

func newPrompts() prompts {
	return prompts{
		seed: maphash.MakeSeed(), memo: map[uint64]*promptText{}, scopes: map[string][]*held{}, byPrint: map[string]*held{},
		sketches: map[scanner.AssetID]*sketch{},
	}
}

// add takes in a prompt that was kept or is new.
func (p *prompts) add(h *held) {
	scope := scopeOf(h.Key)
	p.scopes[scope] = append(p.scopes[scope], h)
	for _, print := range h.Facts.Known {
		p.byPrint[scope+"|"+print] = h
	}
}

// scopeOf is where a prompt belongs: its key without the fingerprint at the end.
func scopeOf(key string) string {
	if i := strings.LastIndexByte(key, '|'); i >= 0 {
		return key[:i]
	}
	return key
}

// read tells what is known of a text.
func (p *prompts) read(text string) *promptText {
	key := maphash.String(p.seed, text)
	if known := p.memo[key]; known != nil {
		return known
	}
	masked := maskText(text, maskAll)
	r := &promptText{fingerprint: digest(masked)}
	if kept := excerpt.Bytes(text, maxDefinition); len(kept) < len(text) {
		masked = maskText(kept, maskAll) // as it will be read from an archive
	}
	r.like = sketchOf(masked)
	if len(p.memo) >= maxPromptMemo {
		clear(p.memo)
	}
	p.memo[key] = r
	return r
}

// meetPrompt counts the system prompt of a request.
func (a *assets) meetPrompt(v *sight) error {
	text := systemPrompt(v.Conversation)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	r := a.prompts.read(text)
	print := r.fingerprint[:knownLength]
	scope := string(assetKey(nil, []string{v.e.Host, v.caller.key, ""}))
	scope = scope[:len(scope)-1]
	h := a.prompts.byPrint[scope+"|"+print]
	if h == nil {
		like, err := a.likePrompt(scope, r.like)
		if err != nil {
			return err
		}
		if h = like; h != nil {
			if err := a.promptChanged(v, h, r, text); err != nil {
				return err
			}
		}
	}
	if h == nil {
		h, _ = a.meet(v, scanner.AssetPrompt, v.e.Host, v.caller.key, print)
		if h == nil { // there are too many
			v.service.Facts.Cut = true
			return nil
		}
		h.Name, h.Provider = promptName(text), v.Conversation.Provider
		a.version(v, h, r.fingerprint, text)
		a.prompts.add(h)
		a.prompts.sketches[h.ID] = r.like
	} else {
		a.count(v, h)
	}
	a.link(v, v.client, h)
	if v.model != nil {
		a.link(v, h, v.model)
	} else {
		a.link(v, h, v.service)
	}
	return nil
}

// likePrompt finds the prompt that a text is most likely a version of; nil when there is none.
func (a *assets) likePrompt(scope string, like *sketch) (*held, error) {
	known := a.prompts.scopes[scope]
	if len(known) > maxCompared {
		known = known[len(known)-maxCompared:]
	}
	var best *held
	most := 0.0
	for _, h := range known {
		s, err := a.sketchOf(h)
		if err != nil {
			return nil, err
		}
		if l := s.likeness(like); l >= alike && l > most {
			best, most = h, l
		}
	}
	return best, nil
}

func (a *assets) sketchOf(h *held) (*sketch, error) {
	if s := a.prompts.sketches[h.ID]; s != nil {
		return s, nil
	}
	text, err := a.text(h.ID)
	if err != nil {
		return nil, err
	}
	s := sketchOf(maskText(text, maskAll))
	a.prompts.sketches[h.ID] = s
	return s, nil
}

// promptChanged adds a version to a prompt and says what changed, unless the prompt is another one with nearly every
// use, as those are that documents are put into.
func (a *assets) promptChanged(v *sight, h *held, r *promptText, text string) error {
	before, err := a.text(h.ID)
	if err != nil {
		return err
	}
	newest := h.Fingerprint
	if !a.version(v, h, r.fingerprint, text) {
		h.Fingerprint = newest
		return nil
	}
	a.prompts.byPrint[scopeOf(h.Key)+"|"+r.fingerprint[:knownLength]] = h
	a.prompts.sketches[h.ID] = r.like
	if restless(h) {
		return nil
	}
	detail := lineChanges(before, text)
	if h.Versions == settledAfter {
		detail += "\nIf it goes on being another with nearly every use, versions are kept without a line."
	}
	a.line(v, h, scanner.ChangePrompt, "low", at("The system prompt “"+h.Name+"” changed", v.e.Host), detail)
	return nil
}

// restless reports whether something is another one with nearly every use: that it changed again is no news.
func restless(h *held) bool { return h.Versions > settledAfter && int64(h.Versions)*2 > h.Count }

// systemPrompt is what an application tells a model before anybody speaks: the system and developer texts, without
// those that were put between the turns of a conversation.
func systemPrompt(c *llm.Conversation) string {
	late, spoken := 0, false
	for i := range c.Messages {
		m := &c.Messages[i]
		if m.Role != "system" && m.Role != "developer" {
			spoken = true
			continue
		}
		for j := range m.Parts {
			if spoken && m.Parts[j].Kind == llm.PartText {
				late++
			}
		}
	}
	first := c.System
	if late > 0 && late < len(first) {
		first = first[:len(first)-late]
	}
	if len(first) == 1 {
		return first[0]
	}
	return strings.Join(first, "\n\n")
}

// promptName is what people call a prompt: how it begins.
func promptName(text string) string {
	for line := range strings.Lines(excerpt.Bytes(text, 4096)) {
		line = strings.Trim(line, " \t\r\n#*-=_<>`")
		if line == "" || strings.HasPrefix(line, "x-") && strings.Contains(line, ": ") { // a header that travels in the text
			continue
		}
		if end := strings.Index(line, ". "); end > 20 {
			line = line[:end+1]
		}
		return brief(line, 80)
	}
	return "Without words"
}
