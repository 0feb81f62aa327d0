package window

import (
	"cmp"
	"slices"

	"assay/scanner"
)

// mostNodes is how many nodes the map shows: more cannot be read.
const mostNodes = 300

// mapped are the kinds of asset that stand on the map.
var mapped = []scanner.AssetKind{
	scanner.AssetClient, scanner.AssetService, scanner.AssetModel, scanner.AssetTool, scanner.AssetMCPTool,
}

// Map tells who calls what.
func (i *Inventory) Map(in OverviewIn) (out MapOut, err error) {
	defer i.desk.guard(&err)
	out.Nodes, out.Edges = []MapNode{}, []MapEdge{}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	all, err := s.assetsOf("")
	if err != nil {
		return out, err
	}
	edges, err := s.store.Edges(s.ctx)
	if err != nil {
		return out, err
	}
	all = slices.DeleteFunc(all, func(a *scanner.Asset) bool { return !slices.Contains(mapped, a.Kind) })
	slices.SortFunc(all, func(a, b *scanner.Asset) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID)) })
	out.Left = max(len(all)-mostNodes, 0)
	shown := map[scanner.AssetID]bool{}
	for _, a := range all[:len(all)-out.Left] {
		shown[a.ID] = true
		out.Nodes = append(out.Nodes, MapNode{
			ID: idText(a.ID), Kind: string(a.Kind), Name: clip(a.Name, longName), Service: a.Facts.Kind, Access: s.accessOf(a),
			Count: a.Count, Query: assetQuery(a), Warnings: len(a.Facts.Warnings),
		})
	}
	slices.SortFunc(edges, func(a, b *scanner.Edge) int { return cmp.Compare(b.Count, a.Count) })
	for _, e := range edges {
		if shown[e.From] && shown[e.To] {
			out.Edges = append(out.Edges, MapEdge{From: idText(e.From), To: idText(e.To), Count: e.Count})
		}
	}
	return out, nil
}

// accessOf is from where a service can be reached; empty for other assets.
func (s *stock) accessOf(a *scanner.Asset) string {
	if a.Kind != scanner.AssetService {
		return ""
	}
	for _, id := range a.Facts.Endpoints {
		if e, ok := s.catalogue.Endpoint(id); ok {
			return string(e.Access)
		}
	}
	return ""
}
