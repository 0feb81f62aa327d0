package window

import (
	"cmp"
	"maps"
	"slices"

	"assay/traffic"
)

// entry is an exchange that a view shows.
type entry struct {
	id     traffic.ID
	thread traffic.ID // the first turn of its conversation; 0 for none
}

// found is what a search for the exchanges of a view came to, each list in the order of ids.
type found struct {
	shown  []entry
	folded []traffic.ID // that match the query but are no calls of a model
}

// order is the lines of a view. It knows nothing of the store and is not safe for concurrent use.
type order struct {
	found
	groups *groups // nil where every exchange is a line of its own
}

func newOrder(f found, grouped bool) *order {
	o := &order{found: f}
	if grouped {
		o.groups = newGroups(f.shown)
	}
	return o
}

// line is one line of a view.
type line struct {
	id       traffic.ID
	turns    int // of a group
	expanded bool
	turn     int // of a turn below its group, from 1
}

// len is how many lines there are.
func (o *order) len() int {
	if o.groups != nil {
		return o.groups.len()
	}
	return len(o.shown)
}

// lines returns the lines from from up to to.
func (o *order) lines(from, to int) []line {
	from, to = max(from, 0), min(to, o.len())
	list := make([]line, 0, max(to-from, 0))
	for i := from; i < to; i++ {
		if o.groups != nil {
			list = append(list, o.groups.line(i, o.shown))
		} else {
			list = append(list, line{id: o.shown[i].id})
		}
	}
	return list
}

// find returns where an exchange is, -1 when it is not among the lines. In a group that is folded it is the group's
// line.
func (o *order) find(id traffic.ID) int {
	i, ok := search(o.shown, id)
	switch {
	case !ok:
		return -1
	case o.groups == nil:
		return i
	}
	return o.groups.find(o.shown[i])
}

// toggle expands or folds a conversation, 0 for all. It returns the first line that may have changed.
func (o *order) toggle(thread traffic.ID, expand bool) int {
	if o.groups == nil {
		return o.len()
	}
	return o.groups.toggle(thread, expand, o.shown)
}

// change takes note of exchanges that changed, in the order of ids: now says where those belong that match, also in
// order. It returns the first line that may have changed.
func (o *order) change(ids []traffic.ID, now found) int {
	o.folded, _ = splice(o.folded, func(id traffic.ID) traffic.ID { return id }, ids, now.folded)
	var out, in []entry
	for _, id := range ids {
		var was, is entry
		if i, ok := search(o.shown, id); ok {
			was = o.shown[i]
		}
		if i, ok := search(now.shown, id); ok {
			is = now.shown[i]
		}
		if was == is {
			continue
		}
		if was.id != 0 {
			out = append(out, was)
		}
		if is.id != 0 {
			in = append(in, is)
		}
	}
	var from int
	o.shown, from = splice(o.shown, idOf, idsOf(out), in)
	if o.groups != nil {
		return o.groups.change(out, in, o.shown)
	}
	return from
}

func idOf(e entry) traffic.ID { return e.id }

func idsOf(list []entry) []traffic.ID {
	ids := make([]traffic.ID, len(list))
	for i, e := range list {
		ids[i] = e.id
	}
	return ids
}

func search(list []entry, id traffic.ID) (int, bool) {
	return slices.BinarySearchFunc(list, id, func(e entry, id traffic.ID) int { return cmp.Compare(e.id, id) })
}

// splice takes elements out of a list in the order of ids and puts others in. It returns the first index whose id is
// another one now; the shorter list's length where one is the beginning of the other. Only what follows is copied.
func splice[T any](list []T, key func(T) traffic.ID, out []traffic.ID, in []T) ([]T, int) {
	if len(out) == 0 && len(in) == 0 {
		return list, len(list)
	}
	lowest := func(id traffic.ID) int {
		i, _ := slices.BinarySearchFunc(list, id, func(e T, id traffic.ID) int { return cmp.Compare(key(e), id) })
		return i
	}
	start := len(list)
	if len(out) > 0 {
		start = lowest(out[0])
	}
	if len(in) > 0 {
		start = min(start, lowest(key(in[0])))
	}
	tail := slices.Clone(list[start:])
	list = list[:start]
	left := tail
	for len(left) > 0 || len(in) > 0 {
		if len(left) == 0 || len(in) > 0 && key(in[0]) <= key(left[0]) {
			if len(left) > 0 && key(in[0]) == key(left[0]) {
				left = left[1:]
			}
			list, in = append(list, in[0]), in[1:]
			continue
		}
		for len(out) > 0 && out[0] < key(left[0]) {
			out = out[1:]
		}
		if len(out) == 0 || out[0] != key(left[0]) {
			list = append(list, left[0])
		}
		left = left[1:]
	}
	from := 0
	for from < min(len(tail), len(list)-start) && key(tail[from]) == key(list[start+from]) {
		from++
	}
	return list, start + from
}

// only is the part of an order that is about some exchanges.
func (o *order) only(ids map[traffic.ID]struct{}) (f found) {
	for _, id := range sortedIDs(ids) {
		if i, ok := search(o.shown, id); ok {
			f.shown = append(f.shown, o.shown[i])
		} else if _, ok := slices.BinarySearch(o.folded, id); ok {
			f.folded = append(f.folded, id)
		}
	}
	return f
}

// differ returns the first line in which two orders differ, the length of this one where none does.
func (o *order) differ(next *order) int {
	if o.groups != nil {
		if slices.Equal(o.shown, next.shown) {
			return o.len()
		}
		return 0
	}
	n := min(len(o.shown), len(next.shown))
	for i := range n {
		if o.shown[i].id != next.shown[i].id {
			return i
		}
	}
	return n
}

func sortedIDs(ids map[traffic.ID]struct{}) []traffic.ID {
	return slices.Sorted(maps.Keys(ids))
}
