package window

import (
	"maps"
	"slices"

	"assay/traffic"
)

// groups fold a view's exchanges by conversation. A conversation has its place where its newest turn has; expanded, its
// turns follow it. An exchange that belongs to none is a line of its own.
type groups struct {
	turns map[traffic.ID][]traffic.ID // by conversation, in order, never empty
	heads []traffic.ID                // newest turns and exchanges without a conversation, in order
	all   bool                        // conversations are expanded but for
	apart map[traffic.ID]struct{}     // those that are not as all says
	// starts are the lines of heads where something is expanded, nil otherwise.
	starts []int
	lines  int
}

func newGroups(shown []entry) *groups {
	g := &groups{turns: map[traffic.ID][]traffic.ID{}, apart: map[traffic.ID]struct{}{}}
	room := make([]traffic.ID, len(shown)) // most conversations of a large project are one turn: no allocation for each
	for i, e := range shown {
		if e.thread == 0 {
			continue
		}
		turns, ok := g.turns[e.thread]
		if !ok {
			turns = room[i : i : i+1]
		}
		g.turns[e.thread] = append(turns, e.id)
	}
	for _, e := range shown {
		if e.thread == 0 || g.newest(e.thread) == e.id {
			g.heads = append(g.heads, e.id)
		}
	}
	g.place(0, shown)
	return g
}

// newest returns the newest turn of a conversation, 0 for none.
func (g *groups) newest(thread traffic.ID) traffic.ID {
	if turns := g.turns[thread]; len(turns) > 0 {
		return turns[len(turns)-1]
	}
	return 0
}

func (g *groups) expanded(thread traffic.ID) bool {
	_, apart := g.apart[thread]
	return thread != 0 && g.all != apart
}

func (g *groups) len() int { return g.lines }

// start returns the line of a head.
func (g *groups) start(head int) int {
	switch {
	case head >= len(g.heads):
		return g.lines
	case g.starts == nil:
		return head
	}
	return g.starts[head]
}

// place works out the lines of heads from one on.
func (g *groups) place(from int, shown []entry) {
	if !g.all && len(g.apart) == 0 {
		g.starts, g.lines = nil, len(g.heads)
		return
	}
	if g.starts == nil {
		from = 0
	}
	line := 0
	if from > 0 && from <= len(g.starts) {
		from--
		line = g.starts[from]
	}
	g.starts = g.starts[:from]
	for i := 0; from < len(g.heads); from++ {
		if i == 0 {
			i, _ = search(shown, g.heads[from])
		}
		for shown[i].id != g.heads[from] { // heads are some of shown
			i++
		}
		g.starts = append(g.starts, line)
		line++
		if thread := shown[i].thread; g.expanded(thread) {
			line += len(g.turns[thread])
		}
	}
	g.lines = line
}

// line returns a line of the view.
func (g *groups) line(i int, shown []entry) line {
	head := i
	if g.starts != nil {
		at, exact := slices.BinarySearch(g.starts, i)
		if head = at; !exact {
			head--
		}
	}
	id := g.heads[head]
	at, _ := search(shown, id)
	thread := shown[at].thread
	if turn := i - g.start(head); turn > 0 {
		return line{id: g.turns[thread][turn-1], turn: turn}
	}
	return line{id: id, turns: len(g.turns[thread]), expanded: g.expanded(thread)}
}

// find returns the line of an exchange that is shown.
func (g *groups) find(e entry) int {
	if e.thread == 0 {
		head, _ := slices.BinarySearch(g.heads, e.id)
		return g.start(head)
	}
	head, _ := slices.BinarySearch(g.heads, g.newest(e.thread))
	if !g.expanded(e.thread) {
		return g.start(head)
	}
	turn, _ := slices.BinarySearch(g.turns[e.thread], e.id)
	return g.start(head) + 1 + turn
}

// toggle expands or folds a conversation, 0 for all, and returns the first line that may have changed.
func (g *groups) toggle(thread traffic.ID, expand bool, shown []entry) int {
	if thread == 0 {
		g.all = expand
		clear(g.apart)
		g.starts = nil
		g.place(0, shown)
		return 0
	}
	if len(g.turns[thread]) == 0 || g.expanded(thread) == expand {
		return g.lines
	}
	if g.all == expand {
		delete(g.apart, thread)
	} else {
		g.apart[thread] = struct{}{}
	}
	head, _ := slices.BinarySearch(g.heads, g.newest(thread))
	from := g.start(head)
	g.place(head, shown)
	return from
}

// change takes exchanges out and puts others in; shown is what there is now. It returns the first line that may have
// changed.
func (g *groups) change(out, in, shown []entry) int {
	before := map[traffic.ID]traffic.ID{} // newest turns of the conversations it is about
	var headsOut, headsIn []traffic.ID
	for _, e := range out {
		if e.thread == 0 {
			headsOut = append(headsOut, e.id)
			continue
		}
		if _, ok := before[e.thread]; !ok {
			before[e.thread] = g.newest(e.thread)
		}
		g.turns[e.thread], _ = splice(g.turns[e.thread], sameID, []traffic.ID{e.id}, nil)
	}
	for _, e := range in {
		if e.thread == 0 {
			headsIn = append(headsIn, e.id)
			continue
		}
		if _, ok := before[e.thread]; !ok {
			before[e.thread] = g.newest(e.thread)
		}
		g.turns[e.thread], _ = splice(g.turns[e.thread], sameID, nil, []traffic.ID{e.id})
	}
	first := len(g.heads)
	for thread, was := range before {
		is := g.newest(thread)
		if was != 0 {
			head, _ := slices.BinarySearch(g.heads, was)
			first = min(first, head)
			headsOut = append(headsOut, was)
		}
		if is != 0 {
			headsIn = append(headsIn, is)
		} else {
			delete(g.turns, thread)
		}
	}
	slices.Sort(headsOut)
	slices.Sort(headsIn)
	start := g.start
	if len(headsIn) > 0 {
		head, _ := slices.BinarySearch(g.heads, headsIn[0])
		first = min(first, head)
	}
	if len(headsOut) > 0 {
		head, _ := slices.BinarySearch(g.heads, headsOut[0])
		first = min(first, head)
	}
	from := start(first)
	g.heads, _ = splice(g.heads, sameID, headsOut, headsIn)
	g.place(first, shown)
	return from
}

func sameID(id traffic.ID) traffic.ID { return id }

// keepExpanded takes over what was expanded in the groups that these take the place of.
func (g *groups) keepExpanded(of *groups, shown []entry) {
	g.all, g.apart = of.all, maps.Clone(of.apart)
	g.starts = nil
	g.place(0, shown)
}
