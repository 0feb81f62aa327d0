package discover

import (
	"cmp"
	"fmt"
	"slices"

	"assay/scanner"
)

// Bounds of what is held of shapes in memory.
const (
	maxShapesHeld  = 1_024
	maxShapesBytes = 32 << 20 // as they are written; in memory they are some ten times that
)

// shapeStore holds the shapes of endpoints that were in use lately.
type shapeStore struct {
	archive Archive
	held    map[scanner.EndpointID]*shapes
	touched map[scanner.EndpointID]*scanner.Endpoint // by this batch
	batch   int64
	work    shaping
	room    []byte // to write in
}

func newShapeStore(archive Archive) *shapeStore {
	return &shapeStore{archive: archive, held: map[scanner.EndpointID]*shapes{}, touched: map[scanner.EndpointID]*scanner.Endpoint{}}
}

// of returns the shapes of an endpoint, of whose exchanges some were not added yet. What cannot be read is learned anew.
func (st *shapeStore) of(e *scanner.Endpoint, ahead int64) (*shapes, error) {
	st.touched[e.ID] = e
	own := st.held[e.ID]
	if own == nil {
		own = &shapes{}
		if st.archive != nil {
			blob, err := st.archive.Shape(e.ID)
			if err != nil {
				return nil, fmt.Errorf("load the shapes of endpoint %d: %w", e.ID, err)
			}
			if len(blob) > 0 {
				if read, err := readShapes(blob); err == nil {
					own = read
					own.catchUp(observed(&e.Facts)-ahead, e.Facts.Parameters)
				}
			}
		}
		st.held[e.ID] = own
	}
	own.used = st.batch
	return own, nil
}

// add looks at one exchange of an endpoint.
func (st *shapeStore) add(e *scanner.Endpoint, s *Seen, t *batch) error {
	own, err := st.of(e, 1)
	if err != nil {
		return err
	}
	w := &st.work
	w.e, w.s, w.t, w.own = e, s, t, own
	w.add()
	w.s, w.t = nil, nil
	return nil
}

// merge gives the shapes of an endpoint to the one it became part of.
func (st *shapeStore) merge(into, from *scanner.Endpoint, _ *batch) error {
	theirs, err := st.of(from, 0)
	if err != nil {
		return err
	}
	mine, err := st.of(into, 0)
	if err != nil {
		return err
	}
	mine.merge(theirs)
	delete(st.held, from.ID)
	delete(st.touched, from.ID)
	return nil
}

// retemplate tells the shapes of an endpoint that its template is another one.
func (st *shapeStore) retemplate(e *scanner.Endpoint, is string) error {
	own, err := st.of(e, 0)
	if err != nil {
		return err
	}
	own.retemplate(e.Path, is)
	return nil
}

// finish lists the parameters of the endpoints of a batch, writes shapes that changed or whose counts grew by a quarter,
// and forgets those that were not used for long when there are too many.
func (st *shapeStore) finish(t *batch) error {
	for id, e := range st.touched {
		own := st.held[id]
		before := e.Facts.Parameters
		list, cut := own.parameters()
		e.Facts.Parameters = list
		e.Facts.Cut = e.Facts.Cut || cut
		for i := range list {
			for j := range before {
				if before[j].In == list[i].In && before[j].Name == list[i].Name {
					list[i].Declared = before[j].Declared
					break
				}
			}
		}
		if own.changed || own.n-own.kept >= max(1, own.kept/4) {
			if err := st.write(id, own, t); err != nil {
				return err
			}
		}
	}
	clear(st.touched)
	st.batch++
	return st.evict(t)
}

func (st *shapeStore) write(id scanner.EndpointID, own *shapes, t *batch) error {
	blob, room, err := own.write(st.room)
	st.room = room
	if err != nil {
		return err
	}
	t.fold.Shapes[id] = blob
	own.changed, own.kept, own.size = false, own.n, len(blob)
	return nil
}

func (st *shapeStore) evict(t *batch) error {
	size := 0
	for _, own := range st.held {
		size += own.size
	}
	if len(st.held) <= maxShapesHeld && size <= maxShapesBytes {
		return nil
	}
	ids := make([]scanner.EndpointID, 0, len(st.held))
	for id := range st.held {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b scanner.EndpointID) int {
		return cmp.Or(cmp.Compare(st.held[a].used, st.held[b].used), cmp.Compare(a, b))
	})
	for i, id := range ids {
		if len(ids)-i <= maxShapesHeld/2 && size <= maxShapesBytes/2 {
			break
		}
		own := st.held[id]
		if own.n != own.kept {
			if err := st.write(id, own, t); err != nil {
				return err
			}
		}
		size -= own.size
		delete(st.held, id)
	}
	return nil
}
