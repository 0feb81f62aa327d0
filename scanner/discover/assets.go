package discover

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Limits of what traffic can make of the assets: clients and servers choose the names.
const (
	maxAssets     = 5000  // of one kind
	maxEdges      = 50000 //
	maxLines      = 100   // of the timeline about one asset
	maxVersions   = 50    // texts or definitions of one asset
	maxPlacesMet  = 50    // endpoints an asset names
	maxNamesMet   = 20    // hosts, clients, answering versions an asset names
	maxAssetName  = 200   // bytes
	maxDefinition = 256 << 10
)

// assets holds models, services, prompts, tools, keys and clients, and the arrows between them.
type assets struct {
	archive Archive
	last    scanner.AssetID
	byKey   map[scanner.AssetKind]map[string]*held
	edges   map[[2]scanner.AssetID]*scanner.Edge
	texts   latestTexts
	prompts prompts
	tools   toolMemo
	listed  map[string][]*held // MCP tools by server
	named   map[string][]*held // and by name
	names   callerMemo
	scratch []byte
}

// held is an asset while its Book is open.
type held struct {
	*scanner.Asset
	met traffic.ID // the exchange that counted it last
}

// sight is one exchange while its assets are gathered.
type sight struct {
	*Seen
	e       *scanner.Endpoint
	t       *batch
	o       Options
	kind    llm.Kind
	caller  caller
	client  *held // nil where nothing tells who sent it
	service *held // nil for plain traffic
	model   *held // nil where no model is known to be in use
	looked  int   // bytes of definitions that were looked at for instructions
}

func newAssets(inv *scanner.Inventory, archive Archive) *assets {
	a := &assets{
		archive: archive,
		byKey:   map[scanner.AssetKind]map[string]*held{},
		edges:   make(map[[2]scanner.AssetID]*scanner.Edge, len(inv.Edges)),
		texts:   latestTexts{byID: map[scanner.AssetID]latestText{}},
		prompts: newPrompts(),
		tools:   newToolMemo(),
		listed:  map[string][]*held{},
		named:   map[string][]*held{},
		names:   callerMemo{},
	}
	kept := slices.SortedFunc(slices.Values(inv.Assets), func(x, y *scanner.Asset) int { return int(x.ID - y.ID) })
	for _, each := range kept {
		a.last = max(a.last, each.ID)
		h := &held{Asset: each}
		a.keep(h)
		switch each.Kind {
		case scanner.AssetPrompt:
			a.prompts.add(h)
		case scanner.AssetMCPTool:
			a.list(h)
		default: // found by their keys
		}
	}
	for _, each := range inv.Edges {
		a.edges[[2]scanner.AssetID{each.From, each.To}] = each
	}
	return a
}

func (a *assets) keep(h *held) {
	if a.byKey[h.Kind] == nil {
		a.byKey[h.Kind] = map[string]*held{}
	}
	a.byKey[h.Kind][h.Key] = h
}

// fold adds what an exchange says about assets. It fails only when the archive does.
func (a *assets) fold(s *Seen, e *scanner.Endpoint, t *batch, o Options) error {
	if s.Conversation == nil {
		s.Conversation = &llm.Conversation{}
	}
	v := &sight{Seen: s, e: e, t: t, o: o, kind: s.Conversation.Kind}
	if v.kind == "" || v.kind == llm.KindPlain {
		v.kind = e.Kind
	}
	// What a person sends tells nothing about who uses what: only what answered it is met.
	theirs := s.Exchange.Source != traffic.SourceRepeater
	if theirs {
		a.meetClient(v)
	}
	a.meetService(v)
	if theirs {
		a.meetKeys(v)
	}
	if v.service == nil {
		return nil
	}
	if v.kind == llm.KindMCP {
		return a.meetMCP(v)
	}
	a.meetModel(v)
	if !theirs {
		return nil
	}
	if err := a.meetPrompt(v); err != nil {
		return err
	}
	return a.meetTools(v)
}

// find returns a known asset; nil when there is none. The parts of its key are joined by "|".
func (a *assets) find(kind scanner.AssetKind, parts ...string) *held {
	a.scratch = assetKey(a.scratch[:0], parts)
	return a.byKey[kind][string(a.scratch)]
}

// meet finds or makes an asset and counts the exchange. It returns nil when there are as many of the kind as a project
// may have.
func (a *assets) meet(v *sight, kind scanner.AssetKind, parts ...string) (h *held, fresh bool) {
	h = a.find(kind, parts...)
	x := v.Exchange
	if h == nil {
		if len(a.byKey[kind]) >= maxAssets {
			return nil, false
		}
		a.last++
		h = &held{Asset: &scanner.Asset{
			ID: a.last, Kind: kind, Key: string(a.scratch), Host: shortName(v.e.Host), FirstSeen: x.Started, First: x.ID, Found: v.t.now,
		}}
		a.keep(h)
		fresh = true
		if len(a.byKey[kind]) == maxAssets {
			v.t.change(scanner.Change{
				At: x.Started, Kind: scanner.ChangeFull, Asset: h.ID, Exchange: x.ID, Severity: "medium",
				What: "The inventory holds " + strconv.Itoa(maxAssets) + " assets of the kind " + string(kind) + ": later ones are left out",
			})
		}
	}
	a.count(v, h)
	return h, fresh
}

// count adds the exchange to an asset, once.
func (a *assets) count(v *sight, h *held) {
	v.t.asset(h.Asset)
	x := v.Exchange
	if h.met == x.ID {
		return
	}
	h.met = x.ID
	h.Count++
	v.use(h)
	if x.Started.Before(h.FirstSeen) {
		h.FirstSeen, h.First = x.Started, x.ID
	}
	if !x.Started.Before(h.LastSeen) {
		h.LastSeen, h.Last = x.Started, x.ID
	}
	if !slices.Contains(h.Facts.Endpoints, v.e.ID) {
		if len(h.Facts.Endpoints) < maxPlacesMet {
			h.Facts.Endpoints = append(h.Facts.Endpoints, v.e.ID)
		} else {
			h.Facts.Cut = true
		}
	}
}

// link counts an arrow from one asset to another. Either may be nil.
func (a *assets) link(v *sight, from, to *held) {
	if from == nil || to == nil {
		return
	}
	key := [2]scanner.AssetID{from.ID, to.ID}
	e := a.edges[key]
	if e == nil {
		if len(a.edges) >= maxEdges {
			from.Facts.Cut = true
			return
		}
		e = &scanner.Edge{From: from.ID, To: to.ID, First: v.Exchange.ID}
		a.edges[key] = e
	}
	if e.Last == v.Exchange.ID && e.Count > 0 {
		return
	}
	e.Count++
	if !v.Exchange.Started.Before(e.LastSeen) {
		e.LastSeen = v.Exchange.Started
	}
	e.First, e.Last = min(e.First, v.Exchange.ID), v.Exchange.ID
	v.t.edge(e)
}

// line adds a line about an asset to the timeline, unless it fills the timeline by itself.
func (a *assets) line(v *sight, h *held, kind scanner.ChangeKind, severity, what, detail string) {
	if h.Facts.Lines >= maxLines {
		h.Facts.Cut = true
		return
	}
	h.Facts.Lines++
	v.t.change(scanner.Change{
		At: v.Exchange.Started, Kind: kind, Asset: h.ID, Exchange: v.Exchange.ID, What: what, Detail: detail, Severity: severity,
	})
}

// use remembers the exchange as one of an asset: what is counted can be looked at.
func (v *sight) use(h *held) {
	v.t.fold.Uses = append(v.t.fold.Uses, scanner.Use{Asset: h.ID, Exchange: v.Exchange.ID})
}

// answered reports whether the exchange did what it was to do.
func (v *sight) answered() bool {
	r := v.Exchange.Response
	return r != nil && r.Status < 400 && v.Conversation.Error == nil
}

// at puts the host behind a name, where there is one.
func at(name, host string) string {
	if host == "" {
		return name
	}
	return name + " at " + host
}

// assetKey writes a key: what names hold of the separator is replaced.
func assetKey(to []byte, parts []string) []byte {
	for i, p := range parts {
		if i > 0 {
			to = append(to, '|')
		}
		start := len(to)
		to = append(to, shortName(p)...)
		if i == len(parts)-1 {
			break // the last part may hold anything
		}
		for j := start; j < len(to); j++ {
			if to[j] == '|' {
				to[j] = '/'
			}
		}
	}
	return to
}

// shortName is a name as it is kept: one that is too long is cut and told apart by a hash.
func shortName(name string) string {
	if len(name) <= maxAssetName {
		return name
	}
	return excerpt.Bytes(name, maxAssetName-20) + "… " + digest(name)[:16]
}

// brief is a text on one line for people, at most n bytes and an ellipsis.
func brief(text string, n int) string {
	text = excerpt.Bytes(text, 8*n+64)
	line := strings.Join(strings.Fields(text), " ")
	if len(line) <= n {
		return line
	}
	return strings.TrimSpace(excerpt.Bytes(line, n)) + "…"
}

// addName adds a name to a short list. It reports whether the name is new, and the list may be cut.
func addName(list []string, name string, cut *bool) (now []string, fresh bool) {
	if name == "" || slices.Contains(list, name) {
		return list, false
	}
	if len(list) >= maxNamesMet {
		*cut = true
		return list, false
	}
	return append(list, name), true
}

// moment is the time of an exchange.
func (v *sight) moment() time.Time { return v.Exchange.Started }
