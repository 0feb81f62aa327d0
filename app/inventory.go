package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"assay/scanner"
	"assay/storage"
)

// InventoryOptions select what Inventory returns.
type InventoryOptions struct {
	Query   string // the filter language over endpoints; empty selects all
	Changes bool   // the whole timeline, not only its newest lines
}

// mostChanges is how many lines of the timeline Inventory returns unless all are asked for.
const mostChanges = 500

// Inventory is what `assay inventory --json` prints: a contract (docs/cli.md). Lists of assets are those of the whole
// project, whatever query selects endpoints; the most used come first.
type Inventory struct {
	Endpoints    []InventoryEndpoint `json:"endpoints"`
	Models       []InventoryAsset    `json:"models"`
	Tools        []InventoryAsset    `json:"tools"` // given to models, and listed by MCP servers
	Clients      []InventoryAsset    `json:"clients"`
	Prompts      []InventoryAsset    `json:"prompts"`   // system prompts
	Keys         []InventoryAsset    `json:"keys"`      // credentials by fingerprint, never their values
	Services     []InventoryAsset    `json:"services"`  // hosts that answer as one AI kind
	Resources    []InventoryAsset    `json:"resources"` // of MCP servers: resources and prompts
	Hosts        []InventoryHost     `json:"hosts"`
	Changes      []InventoryChange   `json:"changes"` // newest first
	ChangesTotal int64               `json:"changes_total"`
	Full         []string            `json:"full"`    // what reached a bound: what came later is folded together
	Outside      int64               `json:"outside"` // exchanges that belong to no endpoint: tunnels nobody read
	Behind       int64               `json:"behind"`  // exchanges that are not in the inventory yet; counted to 10,000
}

// InventoryEndpoint is one endpoint.
type InventoryEndpoint struct {
	ID            string               `json:"id"`
	Scheme        string               `json:"scheme"`
	Method        string               `json:"method"`
	Host          string               `json:"host"`
	Path          string               `json:"path"`
	Operation     string               `json:"operation,omitempty"`
	Protocol      string               `json:"protocol,omitempty"`
	Kind          string               `json:"kind"`
	Provider      string               `json:"provider,omitempty"`
	Family        string               `json:"family,omitempty"`
	Models        []string             `json:"models"`
	Auth          []string             `json:"auth"` // kinds
	AuthDetail    []scanner.Auth       `json:"auth_detail,omitempty"`
	Access        string               `json:"access,omitempty"`
	FirstSeen     string               `json:"first_seen,omitempty"`
	LastSeen      string               `json:"last_seen,omitempty"`
	Found         string               `json:"found,omitempty"` // when the inventory learned of it
	New           bool                 `json:"new"`             // found since a person last looked at the inventory
	Count         int64                `json:"count"`
	Sensitive     []InventorySensitive `json:"sensitive"`
	Parameters    []InventoryParameter `json:"parameters"`
	Documented    *bool                `json:"documented"` // null where no document covers the host
	DocumentState string               `json:"document_state,omitempty"`
	Risk          int                  `json:"risk"`
	Risks         []scanner.Risk       `json:"risks,omitempty"`
	Statuses      []scanner.Tally      `json:"statuses,omitempty"`
	Requests      []scanner.Tally      `json:"request_types,omitempty"`
	Responses     []scanner.Tally      `json:"response_types,omitempty"`
	Clients       []string             `json:"clients,omitempty"`
	Tools         []string             `json:"tools,omitempty"`
	Addresses     []string             `json:"addresses,omitempty"`
	TLS           []scanner.TLS        `json:"tls,omitempty"`
	CORS          *scanner.CORS        `json:"cors,omitempty"`
	RateLimit     []scanner.RateLimit  `json:"rate_limit,omitempty"`
	Streamed      int64                `json:"streamed,omitempty"` // exchanges whose answer was a stream
	Failed        int64                `json:"failed,omitempty"`   // exchanges without an answer
	Dynamic       *scanner.Dynamic     `json:"dynamic,omitempty"`  // made at run time, and by which exchange
	Unparsed      int64                `json:"unparsed,omitempty"` // bodies that said JSON and were not
	Sample        string               `json:"sample,omitempty"`   // a path as it was sent
	First         string               `json:"first_id,omitempty"` // exchanges
	Last          string               `json:"last_id,omitempty"`
	Cut           bool                 `json:"cut,omitempty"` // some list is not whole
}

// InventorySensitive is one type of sensitive data at an endpoint.
type InventorySensitive struct {
	Type  string `json:"type"`
	Where string `json:"where"` // request, response
	Count int64  `json:"count"` // exchanges
	Class string `json:"class"`
}

// InventoryParameter is one input of an endpoint.
type InventoryParameter struct {
	In       string   `json:"in"`
	Name     string   `json:"name"`
	Types    []string `json:"types"`
	Optional bool     `json:"optional"`
	Count    int64    `json:"count"`
	Values   []string `json:"values,omitempty"`
	Declared string   `json:"declared,omitempty"` // how it differs from a document
}

// InventoryAsset is a model, tool, prompt, key, service or client. What does not apply to its kind, or is not known, is
// absent.
type InventoryAsset struct {
	ID          string            `json:"id"`
	Kind        scanner.AssetKind `json:"kind"`
	Name        string            `json:"name"`
	Host        string            `json:"host,omitempty"`
	Provider    string            `json:"provider,omitempty"`
	FirstSeen   string            `json:"first_seen,omitempty"`
	LastSeen    string            `json:"last_seen,omitempty"`
	Found       string            `json:"found,omitempty"`
	New         bool              `json:"new"`
	Count       int64             `json:"count"`
	Versions    int               `json:"versions,omitempty"` // definitions or texts it had
	Fingerprint string            `json:"fingerprint,omitempty"`
	Endpoints   []string          `json:"endpoint_ids"` // where it was met
	Service     string            `json:"service,omitempty"`
	Context     int               `json:"context,omitempty"`  // tokens a model takes
	Answered    []string          `json:"answered,omitempty"` // a model's names in answers
	Tokens      int64             `json:"tokens,omitempty"`
	Cost        float64           `json:"cost_usd,omitempty"`
	Description string            `json:"description,omitempty"`
	Calls       int64             `json:"calls,omitempty"` // of a tool
	Builtin     bool              `json:"builtin,omitempty"`
	Header      string            `json:"header,omitempty"` // where a key travels
	Form        string            `json:"form,omitempty"`   // what a key looks like
	SDK         string            `json:"sdk,omitempty"`
	UserAgents  []string          `json:"user_agents,omitempty"`
	Process     string            `json:"process,omitempty"`
	Server      string            `json:"server,omitempty"`  // of MCP
	Hosts       []string          `json:"hosts,omitempty"`   // where a key or a client went
	Clients     []string          `json:"clients,omitempty"` // who used a key
	Gone        bool              `json:"gone,omitempty"`    // of an MCP tool: its server no longer lists it
	Warnings    []string          `json:"warnings,omitempty"`
	First       string            `json:"first_id,omitempty"` // exchanges
	Last        string            `json:"last_id,omitempty"`
	Cut         bool              `json:"cut,omitempty"`
}

// InventoryHost sums up the endpoints of one host.
type InventoryHost struct {
	Host      string   `json:"host"`
	Access    string   `json:"access,omitempty"`
	Endpoints int      `json:"endpoints"`
	Count     int64    `json:"count"`
	Kinds     []string `json:"kinds"`
	Risk      int      `json:"risk"` // the worst of its endpoints
}

// InventoryChange is one line of the timeline.
type InventoryChange struct {
	ID       string             `json:"id"`
	At       string             `json:"at,omitempty"` // in the traffic
	Kind     scanner.ChangeKind `json:"kind"`
	Endpoint string             `json:"endpoint_id,omitempty"`
	Asset    string             `json:"asset_id,omitempty"`
	Exchange string             `json:"exchange_id,omitempty"`
	What     string             `json:"what"`
	Detail   string             `json:"detail,omitempty"`
	Severity string             `json:"severity,omitempty"`
	Found    string             `json:"found,omitempty"` // when the inventory learned of it
}

// Inventory returns what was discovered in a project. Where another process records into it, Behind says how many
// exchanges that has not folded yet.
func (a *App) Inventory(ctx context.Context, path string, o InventoryOptions) (_ *Inventory, err error) {
	if _, err := ParseEndpointQuery(o.Query); err != nil {
		return nil, err
	}
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return inventoryOf(ctx, newCatalogue(p), o)
}

// Inventory returns what was discovered in the open project, as far as its reader has come.
func (p *Project) Inventory(ctx context.Context, o InventoryOptions) (*Inventory, error) {
	return inventoryOf(ctx, p.catalogue, o)
}

func inventoryOf(ctx context.Context, c *Catalogue, o InventoryOptions) (*Inventory, error) {
	q, err := ParseEndpointQuery(o.Query)
	if err != nil {
		return nil, err
	}
	if _, err := c.Refresh(ctx); err != nil {
		return nil, err
	}
	out := &Inventory{Endpoints: []InventoryEndpoint{}, Hosts: hostsOf(c.Find(nil))}
	for _, e := range c.Find(q) {
		out.Endpoints = append(out.Endpoints, inventoryEndpoint(c, e))
	}
	assets, err := c.store.Assets(ctx, "")
	if err != nil {
		return nil, err
	}
	out.addAssets(c, assets)
	if err := out.addChanges(ctx, c, o.Changes); err != nil {
		return nil, err
	}
	if out.Outside, err = c.store.Outside(ctx); err != nil {
		return nil, err
	}
	unread, _, err := c.store.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	unfolded, err := c.store.WaitingForFold(ctx)
	out.Behind = unread + unfolded
	return out, err
}

func inventoryEndpoint(c *Catalogue, e *scanner.Endpoint) InventoryEndpoint {
	f := &e.Facts
	out := InventoryEndpoint{
		ID: idText(int64(e.ID)), Scheme: e.Scheme, Method: e.Method, Host: e.Host, Path: e.Path, Operation: e.Operation,
		Protocol: string(e.Protocol), Kind: string(e.Kind), Provider: e.Provider, Family: e.Family, Models: orEmpty(f.Models),
		Auth: authKinds(e), AuthDetail: f.Auth, Access: string(e.Access), FirstSeen: instant(e.FirstSeen), LastSeen: instant(e.LastSeen),
		Found: instant(e.Found), New: c.New(e.Found), Count: e.Count, DocumentState: string(e.Documented), Risk: e.Risk, Risks: f.Risks,
		Statuses: f.Statuses, Requests: f.Requests, Responses: f.Responses, Clients: f.Clients, Tools: f.Tools, Addresses: f.Addresses,
		TLS: f.TLS, CORS: f.CORS, RateLimit: f.RateLimit, Streamed: f.Streamed, Failed: f.Failed, Dynamic: f.Dynamic, Unparsed: f.Unparsed,
		Sample: e.Sample, First: idText(int64(e.First)), Last: idText(int64(e.Last)), Cut: f.Cut,
		Sensitive: make([]InventorySensitive, 0, len(f.Sensitive)), Parameters: make([]InventoryParameter, 0, len(f.Parameters)),
	}
	if e.Documented != "" {
		out.Documented = new(e.Documented != scanner.DocumentedNo)
	}
	for _, s := range f.Sensitive {
		out.Sensitive = append(out.Sensitive, InventorySensitive{Type: s.Type, Where: s.Where, Count: s.Count, Class: s.Class})
	}
	for _, p := range f.Parameters {
		out.Parameters = append(out.Parameters, InventoryParameter{
			In: p.In, Name: p.Name, Types: orEmpty(p.Types), Optional: p.Optional, Count: p.N, Values: p.Values, Declared: p.Declared,
		})
	}
	return out
}

// addAssets sorts assets into their lists, none of which is nil: scripts count them.
func (i *Inventory) addAssets(c *Catalogue, assets []*scanner.Asset) {
	lists := map[scanner.AssetKind]*[]InventoryAsset{
		scanner.AssetModel: &i.Models, scanner.AssetTool: &i.Tools, scanner.AssetMCPTool: &i.Tools, scanner.AssetClient: &i.Clients,
		scanner.AssetPrompt: &i.Prompts, scanner.AssetKey: &i.Keys, scanner.AssetService: &i.Services,
		scanner.AssetMCPResource: &i.Resources, scanner.AssetMCPPrompt: &i.Resources,
	}
	for _, list := range lists {
		*list = []InventoryAsset{}
	}
	for _, a := range assets {
		list := lists[a.Kind]
		if list == nil {
			continue
		}
		*list = append(*list, inventoryAsset(c, a))
	}
}

func inventoryAsset(c *Catalogue, a *scanner.Asset) InventoryAsset {
	f := &a.Facts
	out := InventoryAsset{
		ID: idText(int64(a.ID)), Kind: a.Kind, Name: a.Name, Host: a.Host, Provider: a.Provider, FirstSeen: instant(a.FirstSeen),
		LastSeen: instant(a.LastSeen), Found: instant(a.Found), New: c.New(a.Found), Count: a.Count, Versions: a.Versions,
		Fingerprint: a.Fingerprint, Endpoints: []string{}, Service: f.Kind, Context: f.Context, Answered: f.Versions,
		Tokens: f.Tokens, Cost: float64(f.Cost) / 1e6, Description: f.Description, Calls: f.Calls, Builtin: f.Builtin, Header: f.Header,
		Form: f.Form, SDK: f.SDK, UserAgents: f.UserAgents, Process: f.Process, Server: f.Server, Hosts: f.Hosts, Clients: f.Clients, Gone: f.Gone, Warnings: f.Warnings,
		First: idText(int64(a.First)), Last: idText(int64(a.Last)), Cut: f.Cut,
	}
	for _, id := range f.Endpoints {
		if now := c.idText(id); now != "" && !slices.Contains(out.Endpoints, now) {
			out.Endpoints = append(out.Endpoints, now)
		}
	}
	return out
}

func (i *Inventory) addChanges(ctx context.Context, catalogue *Catalogue, all bool) error {
	p := catalogue.store
	i.Changes, i.Full = []InventoryChange{}, []string{}
	most := mostChanges
	if all {
		most = -1
	}
	changes, err := p.Changes(ctx, storage.ChangeFilter{Limit: most})
	if err != nil {
		return err
	}
	for _, c := range changes {
		i.Changes = append(i.Changes, InventoryChange{
			ID: idText(c.ID), At: instant(c.At), Kind: c.Kind, Endpoint: catalogue.idText(c.Endpoint), Asset: idText(int64(c.Asset)),
			Exchange: idText(int64(c.Exchange)), What: c.What, Detail: c.Detail, Severity: c.Severity, Found: instant(c.Found),
		})
	}
	full, err := p.Changes(ctx, storage.ChangeFilter{Kinds: []scanner.ChangeKind{scanner.ChangeFull}, Limit: mostChanges})
	if err != nil {
		return err
	}
	for _, c := range full {
		i.Full = append(i.Full, c.What)
	}
	i.ChangesTotal, err = p.CountChanges(ctx, time.Time{})
	return err
}

// hostsOf sums up endpoints by host, in the order in which hosts were met.
func hostsOf(endpoints []*scanner.Endpoint) []InventoryHost {
	at := map[string]int{}
	out := []InventoryHost{}
	for _, e := range endpoints {
		i, has := at[e.Host]
		if !has {
			i = len(out)
			at[e.Host] = i
			out = append(out, InventoryHost{Host: e.Host, Access: string(e.Access), Kinds: []string{}})
		}
		h := &out[i]
		h.Endpoints++
		h.Count += e.Count
		h.Risk = max(h.Risk, e.Risk)
		if kind := string(e.Kind); kind != "" && !slices.Contains(h.Kinds, kind) {
			h.Kinds = append(h.Kinds, kind)
		}
	}
	return out
}

// idText writes the id of an endpoint that is there: of what became part of another, that one's; empty where nothing is left.
func (c *Catalogue) idText(id scanner.EndpointID) string {
	e, ok := c.Endpoint(id)
	if !ok {
		return ""
	}
	return idText(int64(e.ID))
}

// idText writes an id; empty for none.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
