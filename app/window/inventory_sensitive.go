package window

import (
	"cmp"
	"slices"
	"strings"

	"assay/scanner"
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
	slices.SortFunc(found, byUse)
	out := make([]SensitivePlace, 0, len(found))
	for _, p := range found {
		out = append(out, s.place(p))
	}
	return out, nil
}

func byUse(a, b *scanner.Place) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
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
	all, err := s.store.Places(s.ctx, 0)
	if err != nil {
		return out, err
	}
	if out.Types, err = s.types(all); err != nil {
		return out, err
	}
	found := slices.DeleteFunc(all, func(p *scanner.Place) bool {
		return in.Type != "" && p.Type != in.Type || in.Class != "" && p.Class != in.Class || only != 0 && p.Endpoint != only
	})
	slices.SortFunc(found, byUse)
	out.Count = len(found)
	from := min(max(in.From, 0), len(found))
	for _, p := range found[from:min(from+limitOf(in.Limit), len(found))] {
		out.Items = append(out.Items, s.place(p))
	}
	return out, nil
}

// types sums places up by what was found there. An exchange may have data of one type at several places, and counts
// once.
func (s *stock) types(places []*scanner.Place) ([]TypeCount, error) {
	custom, err := s.store.CustomTypes(s.ctx)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	out := []TypeCount{}
	for _, p := range places {
		n, ok := at[p.Type]
		if !ok {
			n = len(out)
			at[p.Type] = n
			own := slices.ContainsFunc(custom, func(t scanner.CustomType) bool { return t.Name == p.Type })
			out = append(out, TypeCount{Type: clip(p.Type, longName), Class: p.Class, Query: typeQuery(p.Type), Custom: own})
		}
		out[n].Places++
	}
	for n := range out {
		if out[n].Exchanges, err = s.count(out[n].Query); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b TypeCount) int {
		return cmp.Or(cmp.Compare(b.Exchanges, a.Exchanges), strings.Compare(a.Type, b.Type))
	})
	return out, nil
}
