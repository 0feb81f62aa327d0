package window

import (
	"cmp"
	"slices"
	"strings"

	"assay/scanner"
	"assay/storage"
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
	types, err := s.store.TypeTotals(s.ctx)
	if err != nil {
		return out, err
	}
	for _, t := range types {
		classes[t.Class] += int64(t.Places)
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
		out.AI += one(isAI(e))
		out.New += one(s.isNew(e.Found))
		out.Risky += one(e.Risk >= risky)
		out.Shadow += one(e.Documented == scanner.DocumentedNo)
		out.Unseen += one(e.Documented == scanner.DocumentedNever)
	}
	out.Hosts = len(hosts)
	out.Kinds, out.Accesses = kinds.counts(), accesses.counts()
}

func one(counts bool) int {
	if counts {
		return 1
	}
	return 0
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
