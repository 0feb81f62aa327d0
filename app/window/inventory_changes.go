package window

import (
	"slices"
	"strconv"
	"time"

	"assay/scanner"
	"assay/scanner/discover"
	"assay/storage"
)

// Changes lists the timeline.
func (i *Inventory) Changes(in ChangesIn) (out ChangesOut, err error) {
	defer i.desk.guard(&err)
	out.Items = []InventoryLine{}
	limit := limitOf(in.Limit)
	filter := storage.ChangeFilter{Limit: limit + 1}
	for _, kind := range in.Kinds {
		filter.Kinds = append(filter.Kinds, scanner.ChangeKind(kind))
	}
	if in.Before != "" {
		if filter.Before, err = numberOf(in.Before, "a line of the timeline"); err != nil {
			return out, err
		}
	}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	found, err := s.store.Changes(s.ctx, filter)
	if err != nil {
		return out, err
	}
	if out.More = len(found) > limit; out.More {
		found = found[:limit]
	}
	if out.Items, err = s.timeline(found); err != nil || in.Before != "" {
		return out, err
	}
	if len(in.Kinds) == 0 || slices.Contains(in.Kinds, string(scanner.ChangeSilent)) {
		most := mostSilent
		if len(in.Kinds) == 1 {
			most = limit
		}
		out.Items = s.withSilent(out.Items, out.More, most)
	}
	return out, nil
}

const (
	silentDays = 7  // without an exchange, after which an endpoint counts as silent
	mostSilent = 20 // lines about silent endpoints among all others
)

// withSilent puts lines about endpoints that nobody calls any more among the newest lines, where their time is; at most so
// many. They are worked out now and not kept. Where more lines are to come, none of them is the last one.
func (s *stock) withSilent(items []InventoryLine, more bool, most int) []InventoryLine {
	silent := discover.Silent(s.catalogue.Find(nil), time.Now(), silentDays) // the latest first
	for _, c := range silent[:min(len(silent), most)] {
		at := stamp(c.At)
		place := slices.IndexFunc(items, func(l InventoryLine) bool { return l.At <= at })
		if place < 0 && more {
			break
		}
		if place < 0 {
			place = len(items)
		}
		items = slices.Insert(items, place, InventoryLine{
			ID: "silent-" + idText(c.Endpoint), At: at, Found: at, Kind: string(c.Kind), Endpoint: idText(c.Endpoint), Exchange: idText(c.Exchange),
			Subject: s.labelOf(c.Endpoint), What: clip(c.What, longName), Detail: c.Detail, Severity: c.Severity, New: c.At.After(s.visited),
		})
	}
	return items
}

// timeline writes lines for the window.
func (s *stock) timeline(changes []scanner.Change) ([]InventoryLine, error) {
	var assets map[scanner.AssetID]*scanner.Asset
	if slices.ContainsFunc(changes, func(c scanner.Change) bool { return c.Asset != 0 }) {
		var err error
		if assets, err = s.assets(); err != nil {
			return nil, err
		}
	}
	out := make([]InventoryLine, 0, len(changes))
	for _, c := range changes {
		line := InventoryLine{
			ID: strconv.FormatInt(c.ID, 10), At: stamp(c.At), Found: stamp(c.Found), Kind: string(c.Kind), Endpoint: idText(c.Endpoint),
			Asset: idText(c.Asset), Exchange: idText(c.Exchange), What: clip(c.What, longName), Detail: clip(c.Detail, longText),
			Severity: c.Severity, New: s.isNew(c.Found),
		}
		if a := assets[c.Asset]; a != nil {
			line.Subject = clip(a.Name, longName)
		} else {
			line.Subject = s.labelOf(c.Endpoint)
		}
		out = append(out, line)
	}
	return out, nil
}

// Visit remembers that a person looked at the timeline.
func (i *Inventory) Visit(in OverviewIn) (out OverviewOut, err error) {
	defer i.desk.guard(&err)
	store, err := i.desk.writable()
	if err != nil {
		return out, err
	}
	if err := store.Visit(i.desk.life(), time.Now()); err != nil {
		return out, err
	}
	return i.Overview(in)
}
