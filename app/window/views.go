package window

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"assay/app"
	"assay/traffic"
)

// mostViews is how many views stay open; the one that was not used for longest goes first.
const mostViews = 8

// views are the open views of the list.
type views struct {
	mu      sync.Mutex
	next    int
	epoch   int     // how often another project was opened
	open    []*view // used last: last
	closing sync.WaitGroup
	words   words
	part    func() // called after each part of a search; nil except in tests, which wait in it
}

func newViews() *views { return &views{} }

// reset closes every view: another project is opened, or none.
func (v *views) reset() {
	v.mu.Lock()
	open := v.open
	v.open = nil
	v.epoch++
	v.mu.Unlock()
	for _, each := range open {
		each.close()
	}
	v.closing.Wait()
}

// begin gives the name of a new view, and the epoch it belongs to.
func (v *views) begin() (id string, epoch int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.next++
	return strconv.Itoa(v.next), v.epoch
}

// add keeps a new view of an epoch. It closes the one it replaces, and the one that was not used for longest when there
// are too many.
func (v *views) add(added *view, epoch int) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if epoch != v.epoch {
		v.close(added)
		return errNoView
	}
	v.open = slices.DeleteFunc(v.open, func(each *view) bool {
		gone := each.id == added.in.Replaces
		if gone {
			v.close(each)
		}
		return gone
	})
	v.open = append(v.open, added)
	if len(v.open) > mostViews {
		v.close(v.open[0])
		v.open = v.open[1:]
	}
	return nil
}

// quiet ends the searches of a view that is about to be replaced: the new one needs the machine.
func (v *views) quiet(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, each := range v.open {
		if each.id == id {
			each.cancel()
		}
	}
}

func (v *views) close(each *view) {
	each.cancel()
	v.closing.Go(each.close)
}

// get returns an open view.
func (v *views) get(id string) (*view, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := slices.IndexFunc(v.open, func(each *view) bool { return each.id == id })
	if i < 0 {
		return nil, errNoView
	}
	used := v.open[i]
	v.open = append(slices.Delete(v.open, i, i+1), used)
	return used, nil
}

var errNoView = &app.Error{Code: app.CodeNotFound, Message: "this view of the list is no longer open", Hint: "open it again"}

// openView makes a view of the open project.
func (d *Desk) openView(in ViewIn) (*view, error) {
	query, err := parseQuery(in.Query)
	if err != nil {
		return nil, err
	}
	id, epoch := d.views.begin() // before looking which project is open
	store, err := d.store()
	if err != nil {
		return nil, err
	}
	d.views.quiet(in.Replaces)
	v := openView(d.life(), id, in, query, store, d.pulse.nudge, d.views.part)
	if v.fault != nil {
		v.close()
		return nil, v.fault
	}
	return v, d.views.add(v, epoch)
}

// parseQuery reads the filter language; nil selects everything.
func parseQuery(text string) (*traffic.Query, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	return traffic.Parse(text)
}
