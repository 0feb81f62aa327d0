package window

import (
	"cmp"
	"slices"
	"strings"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// risky is the risk from which on an endpoint is counted as such.
const risky = 50

// Overview sums up the inventory.
func (i *Inventory) Overview(in OverviewIn) (out OverviewOut, err error) {
	defer i.desk.guard(&err)
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	return s.overview()
}

func (s *stock) overview() (out OverviewOut, err error) {
	out = OverviewOut{Revision: s.revision, Visited: stamp(s.visited), Full: []Count{}, Assets: []Count{}, Classes: []Count{}}
	s.sumUp(&out)
	if err := s.countOutside(&out); err != nil {
		return out, err
	}
	assets, err := s.store.Assets(s.ctx, "")
	if err != nil {
		return out, err
	}
	kinds, classes := numbers{}, numbers{}
	for _, a := range assets {
		kinds[string(a.Kind)]++
	}
	places, err := s.store.Places(s.ctx, 0)
	if err != nil {
		return out, err
	}
	for _, p := range places {
		classes[p.Class]++
	}
	out.Assets, out.Classes = kinds.counts(), classes.counts()
	if out.Full, err = s.full(); err != nil {
		return out, err
	}
	if out.Changes, err = s.store.CountChanges(s.ctx, s.visited); err != nil {
		return out, err
	}
	documents, err := s.store.Documents(s.ctx)
	out.Documents = len(documents)
	return out, err
}

// sumUp counts endpoints.
func (s *stock) sumUp(out *OverviewOut) {
	hosts, kinds, accesses := map[string]bool{}, numbers{}, numbers{}
	for _, e := range s.catalogue.Find(nil) {
		out.Endpoints++
		hosts[e.Host] = true
		kinds[string(e.Kind)]++
		accesses[string(e.Access)]++
		for n, counts := range map[*int]bool{
			&out.AI: isAI(e), &out.New: s.isNew(e.Found), &out.Risky: e.Risk >= risky,
			&out.Shadow: e.Documented == scanner.DocumentedNo, &out.Unseen: e.Documented == scanner.DocumentedNever,
		} {
			if counts {
				*n++
			}
		}
	}
	out.Hosts = len(hosts)
	out.Kinds, out.Accesses = kinds.counts(), accesses.counts()
}

// countOutside counts the exchanges that are in no endpoint: because they belong to none, or not yet.
func (s *stock) countOutside(out *OverviewOut) (err error) {
	if out.Outside, err = s.store.Outside(s.ctx); err != nil {
		return err
	}
	unread, _, err := s.store.Waiting(s.ctx)
	if err != nil {
		return err
	}
	unfolded, err := s.store.WaitingForFold(s.ctx)
	out.Behind = unread + unfolded
	return err
}

// count tells how many exchanges a query selects.
func (s *stock) count(query string) (int64, error) {
	where, err := traffic.Parse(query)
	if err != nil {
		return 0, err
	}
	total, err := s.store.Count(s.ctx, where)
	return total.N, err
}

// full are the hosts that sent so many different paths that new ones are folded together.
func (s *stock) full() ([]Count, error) {
	lines, err := s.store.Changes(s.ctx, storage.ChangeFilter{Kinds: []scanner.ChangeKind{scanner.ChangeFull}, Limit: mostPaged})
	if err != nil || len(lines) == 0 {
		return []Count{}, err
	}
	hosts := numbers{}
	for _, c := range lines {
		if e, ok := s.catalogue.Endpoint(c.Endpoint); ok {
			hosts[e.Host] = 0
		}
	}
	for _, e := range s.catalogue.Find(nil) {
		if _, ok := hosts[e.Host]; ok {
			hosts[e.Host]++
		}
	}
	return hosts.counts(), nil
}

// numbers counts values.
type numbers map[string]int64

// counts are the values, those that are there most often first.
func (t numbers) counts() []Count {
	out := make([]Count, 0, len(t))
	for value, n := range t {
		out = append(out, Count{clip(value, longName), n})
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Value, b.Value))
	})
	return out
}
