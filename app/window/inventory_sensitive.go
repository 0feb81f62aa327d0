package window

import (
	"cmp"
	"slices"

	"assay/scanner"
	"assay/storage"
)

// place is where sensitive data travels, as the window shows it.
func (s *stock) place(p *scanner.Place) SensitivePlace {
	out := SensitivePlace{
		ID: idText(p.ID), Endpoint: idText(p.Endpoint), Direction: p.Direction, Role: clip(p.Role, longName), Path: clip(p.Path, longName),
		Type: clip(p.Type, longName), Class: p.Class, Confidence: p.Confidence, Sample: clip(p.Sample, longName), FirstSeen: stamp(p.FirstSeen),
		LastSeen: stamp(p.LastSeen), Last: idText(p.Last), Count: p.Count, Query: placeQuery(p.ID),
	}
	if e, ok := s.catalogue.Endpoint(p.Endpoint); ok {
		out.Label, out.Access = label(e), string(e.Access)
	}
	return out
}

// places are those of an endpoint, the most used first.
func (s *stock) places(id scanner.EndpointID) ([]SensitivePlace, error) {
	found, err := s.store.Places(s.ctx, id)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b *scanner.Place) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID)) })
	out := make([]SensitivePlace, 0, len(found))
	for _, p := range found {
		out = append(out, s.place(p))
	}
	return out, nil
}

// Sensitive lists where sensitive data travels.
func (i *Inventory) Sensitive(in SensitiveIn) (out SensitiveOut, err error) {
	defer i.desk.guard(&err)
	out.Items, out.Types = []SensitivePlace{}, []TypeCount{}
	var only scanner.EndpointID
	if in.Endpoint != "" {
		if only, err = endpointID(in.Endpoint); err != nil {
			return out, err
		}
	}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	if out.Types, err = s.types(); err != nil {
		return out, err
	}
	found, count, err := s.store.ListPlaces(s.ctx, storage.PlaceFilter{
		Type: in.Type, Class: in.Class, Endpoint: only, From: max(in.From, 0), Limit: limitOf(in.Limit),
	})
	out.Count = count
	for _, p := range found {
		out.Items = append(out.Items, s.place(p))
	}
	return out, err
}

// types sums places up by what was found there. An exchange may have data of one type at several places, and counts
// once.
func (s *stock) types() ([]TypeCount, error) {
	custom, err := s.store.CustomTypes(s.ctx)
	if err != nil {
		return nil, err
	}
	totals, err := s.store.TypeTotals(s.ctx)
	out := make([]TypeCount, 0, len(totals))
	for _, t := range totals {
		own := slices.ContainsFunc(custom, func(c scanner.CustomType) bool { return c.Name == t.Type })
		out = append(out, TypeCount{
			Type: clip(t.Type, longName), Class: t.Class, Places: t.Places, Exchanges: t.Exchanges, Query: typeQuery(t.Type), Custom: own,
		})
	}
	slices.SortStableFunc(out, func(a, b TypeCount) int { return cmp.Compare(b.Exchanges, a.Exchanges) })
	return out, err
}
