package window

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"assay/app"
	"assay/scanner"
	"assay/scanner/paths"
	"assay/storage"
	"assay/traffic"
)

// Merge makes one endpoint of several.
func (i *Inventory) Merge(in MergeIn) (out DecisionOut, err error) {
	defer i.desk.guard(&err)
	var endpoints []*scanner.Endpoint
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	for _, text := range in.IDs {
		id, err := endpointID(text)
		if err != nil {
			return out, err
		}
		e, ok := s.catalogue.Endpoint(id)
		if !ok {
			return out, errNoEndpoint
		}
		endpoints = append(endpoints, e)
	}
	decision, err := mergeOf(endpoints)
	if err != nil {
		return out, err
	}
	return s.decide(decision)
}

// decide keeps a decision.
func (s *stock) decide(d scanner.Decision) (out DecisionOut, err error) {
	id, err := s.project.Decide(s.ctx, d)
	out.Decision = idText(id)
	return out, err
}

// mergeOf says that the segments in which paths differ are values of one parameter.
func mergeOf(endpoints []*scanner.Endpoint) (d scanner.Decision, err error) {
	no := func(why string) error {
		return &app.Error{Code: app.CodeUsage, Message: "these endpoints cannot become one: " + why, Hint: "choose endpoints of one host whose paths differ in one segment"}
	}
	if len(endpoints) < 2 {
		return d, no("it takes two")
	}
	first := paths.Split(endpoints[0].Path)
	place := -1
	for _, e := range endpoints[1:] {
		segments := paths.Split(e.Path)
		if e.Host != endpoints[0].Host {
			return d, no("they are of different hosts")
		}
		if len(segments) != len(first) {
			return d, no("their paths have different numbers of segments")
		}
		for n := range segments {
			switch {
			case segments[n] == first[n], n == place:
			case place < 0:
				place = n
			default:
				return d, no("their paths differ in more than one segment")
			}
		}
	}
	if place < 0 {
		return d, no("they have the same path")
	}
	d = scanner.Decision{Host: endpoints[0].Host, Merge: true, At: "/" + strings.Join(first[:place], "/")}
	for _, e := range endpoints {
		if segment := paths.Split(e.Path)[place]; !isParameter(segment) {
			d.Names = appendNew(d.Names, segment)
		}
	}
	return d, nil
}

// isParameter reports whether a segment of a template stands for values.
func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

// Split takes a parameter apart.
func (i *Inventory) Split(in SplitIn) (out DecisionOut, err error) {
	defer i.desk.guard(&err)
	id, err := endpointID(in.ID)
	if err != nil {
		return out, err
	}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	e, ok := s.catalogue.Endpoint(id)
	if !ok {
		return out, errNoEndpoint
	}
	segments := paths.Split(e.Path)
	if in.Segment < 0 || in.Segment >= len(segments) || !isParameter(segments[in.Segment]) {
		return out, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("segment %d of %s is no parameter", in.Segment, clip(e.Path, 200))}
	}
	names, err := s.valuesAt(e, len(segments), in.Segment)
	if err != nil {
		return out, err
	}
	return s.decide(scanner.Decision{Host: e.Host, At: "/" + strings.Join(segments[:in.Segment], "/"), Names: names})
}

const (
	mostApart    = 200    // endpoints that splitting may make
	mostLookedAt = 20_000 // exchanges that are looked at for values of a parameter
)

// valuesAt are the values that stand in a segment of an endpoint's path, sorted.
func (s *stock) valuesAt(e *scanner.Endpoint, segments, at int) ([]string, error) {
	where, err := traffic.Parse(endpointQuery(e.ID))
	if err != nil {
		return nil, err
	}
	rows, err := s.store.List(s.ctx, storage.Filter{Where: where, Limit: mostLookedAt})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i := range rows {
		if sent := paths.Split(rows[i].Path); len(sent) == segments {
			seen[sent[at]] = true
		}
		if len(seen) > mostApart {
			return nil, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("this parameter has more than %d values", mostApart), Hint: "endpoints that are so many cannot be told apart in a list"}
		}
	}
	if len(seen) == 0 {
		return nil, &app.Error{Code: app.CodeNotFound, Message: "no exchange of this endpoint shows what stood there"}
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// Undecide takes a decision about paths back.
func (i *Inventory) Undecide(in UndecideIn) (out DecisionOut, err error) {
	defer i.desk.guard(&err)
	id, err := numberOf(in.Decision, "a decision")
	if err != nil {
		return out, err
	}
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	if err := project.Undecide(i.desk.life(), id); errors.Is(err, storage.ErrNoDecision) {
		return out, &app.Error{Code: app.CodeNotFound, Message: "this decision was taken back already"}
	} else if err != nil {
		return out, err
	}
	return DecisionOut(in), nil
}

// decisions are those that a person took about the path of an endpoint, or the paths beside it.
func (s *stock) decisions(e *scanner.Endpoint) ([]PathDecision, error) {
	out := []PathDecision{}
	all, err := s.store.Decisions(s.ctx)
	if err != nil {
		return nil, err
	}
	path := paths.Split(e.Path)
	for _, d := range all {
		if at := paths.Split(d.At); d.Host == e.Host && len(at) < len(path) && slices.EqualFunc(at, path[:len(at)], samePlace) {
			out = append(out, PathDecision{ID: idText(d.ID), Host: clip(d.Host, longName), Merge: d.Merge, At: clip(d.At, longName), Names: namesOf(d.Names)})
		}
	}
	return out, nil
}

// samePlace reports whether segments of templates stand for the same: what a parameter is called may have changed.
func samePlace(a, b string) bool { return a == b || isParameter(a) && isParameter(b) }
