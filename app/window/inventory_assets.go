package window

import (
	"cmp"
	"slices"

	"assay/app"
	"assay/scanner"
	"assay/storage"
)

var errNoAsset = &app.Error{Code: app.CodeNotFound, Message: "this asset is no longer in the inventory"}

// assetRow is what a list shows of an asset.
func (s *stock) assetRow(a *scanner.Asset) AssetRow {
	f := &a.Facts
	return AssetRow{
		ID: idText(a.ID), Kind: string(a.Kind), Name: clip(a.Name, longName), Host: clip(a.Host, longName), Provider: a.Provider,
		FirstSeen: stamp(a.FirstSeen), LastSeen: stamp(a.LastSeen), Count: a.Count, Query: assetQuery(a), Versions: a.Versions,
		Fingerprint: a.Fingerprint, New: s.isNew(a.Found), Warnings: namesOf(f.Warnings), Description: clip(f.Description, longName),
		Service: f.Kind, Context: f.Context, Tokens: f.Tokens, Cost: f.Cost, Calls: f.Calls, Builtin: f.Builtin, Header: clip(f.Header, longName),
		Form: f.Form, SDK: clip(f.SDK, longName), Process: clip(f.Process, longName), Server: clip(f.Server, longName),
	}
}

// assetsOf are the assets of a kind, or all when it is empty, most used first.
func (s *stock) assetsOf(kind scanner.AssetKind) (all []*scanner.Asset, err error) {
	return s.store.Assets(s.ctx, kind)
}

// assets are all assets by id.
func (s *stock) assets() (map[scanner.AssetID]*scanner.Asset, error) {
	all, err := s.assetsOf("")
	byID := make(map[scanner.AssetID]*scanner.Asset, len(all))
	for _, a := range all {
		byID[a.ID] = a
	}
	return byID, err
}

// Assets lists AI assets.
func (i *Inventory) Assets(in AssetsIn) (out AssetsOut, err error) {
	defer i.desk.guard(&err)
	out.Items = []AssetRow{}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	found, err := s.assetsOf(scanner.AssetKind(in.Kind))
	for _, a := range found {
		out.Items = append(out.Items, s.assetRow(a))
	}
	return out, err
}

// Asset tells all about one asset.
func (i *Inventory) Asset(in AssetIn) (out AssetOut, err error) {
	defer i.desk.guard(&err)
	id, err := assetID(in.ID)
	if err != nil {
		return out, err
	}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	all, err := s.assets()
	if err != nil {
		return out, err
	}
	a := all[id]
	if a == nil {
		return out, errNoAsset
	}
	out = AssetOut{
		Row: s.assetRow(a), Versions: []AssetVersion{}, Answered: namesOf(a.Facts.Versions), UserAgents: namesOf(a.Facts.UserAgents),
		Endpoints: []EndpointRow{}, From: []AssetLink{}, To: []AssetLink{}, Changes: []InventoryLine{}, Samples: []Row{},
	}
	out.Row.Description = clip(a.Facts.Description, longText)
	for _, id := range a.Facts.Endpoints {
		e, ok := s.catalogue.Endpoint(id)
		if ok && !slices.ContainsFunc(out.Endpoints, func(r EndpointRow) bool { return r.ID == idText(e.ID) }) {
			out.Endpoints = append(out.Endpoints, s.row(e))
		}
	}
	if err := s.links(id, all, &out); err != nil {
		return out, err
	}
	return out, s.history(id, &out)
}

// links adds who uses an asset, and what it uses.
func (s *stock) links(id scanner.AssetID, all map[scanner.AssetID]*scanner.Asset, out *AssetOut) error {
	edges, err := s.store.Edges(s.ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(edges, func(a, b *scanner.Edge) int { return cmp.Compare(b.Count, a.Count) })
	for _, e := range edges {
		switch id {
		case e.From:
			out.To = appendLink(out.To, all[e.To], e)
		case e.To:
			out.From = appendLink(out.From, all[e.From], e)
		}
	}
	return nil
}

func appendLink(list []AssetLink, other *scanner.Asset, e *scanner.Edge) []AssetLink {
	if other == nil || len(list) == mostPaged {
		return list
	}
	return append(list, AssetLink{ID: idText(other.ID), Kind: string(other.Kind), Name: clip(other.Name, longName), Count: e.Count})
}

// history adds what an asset was, what changed, and the exchanges that show it.
func (s *stock) history(id scanner.AssetID, out *AssetOut) error {
	versions, err := s.store.Versions(s.ctx, id)
	if err != nil {
		return err
	}
	for _, v := range slices.Backward(versions) {
		out.Versions = append(out.Versions, AssetVersion{
			N: v.N, Fingerprint: v.Fingerprint, Seen: stamp(v.Seen), Exchange: idText(v.Exchange), Text: clip(v.Text, longText),
		})
	}
	changes, err := s.store.Changes(s.ctx, storage.ChangeFilter{Asset: id, Limit: mostChanges})
	if err != nil {
		return err
	}
	if out.Changes, err = s.timeline(changes); err != nil {
		return err
	}
	out.Samples, err = s.samples(out.Row.Query)
	return err
}
