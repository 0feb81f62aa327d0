package window

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// mostTabs is how many tabs one call makes.
const mostTabs = 50

// Tabs lists the open tabs.
func (r *Repeater) Tabs(Nothing) (out TabsOut, err error) {
	defer r.desk.guard(&err)
	out = TabsOut{Tabs: []Tab{}, Groups: []string{}}
	p, err := r.desk.store()
	if err != nil {
		return out, err
	}
	tabs, closed, err := p.Tabs(r.desk.life())
	out.Closed = closed
	for _, t := range tabs {
		out.Tabs = append(out.Tabs, r.tab(t))
		if t.Group != "" && !slices.Contains(out.Groups, t.Group) {
			out.Groups = append(out.Groups, t.Group)
		}
	}
	return out, err
}

// NewTab makes tabs: of each exchange, of a curl command, or an empty one.
func (r *Repeater) NewTab(in NewTabIn) (out NewTabOut, err error) {
	defer r.desk.guard(&err)
	out = NewTabOut{Tabs: []Tab{}, Notes: []string{}}
	p, err := r.desk.writable()
	if err != nil {
		return out, err
	}
	ctx := r.desk.life()
	var tabs []storage.Tab
	switch {
	case len(in.IDs) > mostTabs:
		return out, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("%d requests are too many at once", len(in.IDs)), Hint: fmt.Sprintf("choose at most %d", mostTabs)}
	case len(in.IDs) > 0:
		tabs, out.Notes, err = tabsOfExchanges(ctx, p, in.IDs)
	case strings.TrimSpace(in.Curl) != "":
		tabs, out.Notes, err = tabsOfCurl(in.Curl)
	default:
		tabs = []storage.Tab{{Head: "POST https:// HTTP/1.1\nContent-Type: application/json\n", Body: []byte("{}\n")}}
	}
	if err != nil {
		return out, err
	}
	for _, t := range tabs {
		t.Group = in.Group
		if t, err = p.NewTab(ctx, t); err != nil {
			return out, err
		}
		out.Tabs = append(out.Tabs, r.tab(t))
	}
	if len(tabs) == 0 {
		return out, &app.Error{Code: app.CodeInput, Message: strings.Join(out.Notes, "; ")}
	}
	return out, nil
}

func tabsOfExchanges(ctx context.Context, p *storage.Project, ids []string) (tabs []storage.Tab, notes []string, err error) {
	notes = []string{}
	for _, s := range ids {
		id, err := exchangeID(s)
		if err != nil {
			return nil, notes, err
		}
		x, err := p.Exchange(ctx, id)
		if err != nil {
			return nil, notes, err
		}
		if x.Kind != traffic.KindHTTP {
			notes = append(notes, fmt.Sprintf("exchange %s is no single request (%s), so there is nothing to send again", s, x.Kind))
			continue
		}
		var lost []string
		body, err := p.Content(ctx, x, traffic.FromClient, &lost)
		if err != nil {
			return nil, notes, err
		}
		if x.Request.Body.Kept < x.Request.Body.Size {
			lost = append(lost, fmt.Sprintf("only %d of %d bytes of the body were kept", x.Request.Body.Kept, x.Request.Body.Size))
		}
		for _, why := range lost {
			notes = append(notes, fmt.Sprintf("exchange %s: %s", s, why))
		}
		if len(body) > 0 && x.Request.Header.Has("Content-Encoding") { // the body is edited, and sent, as what it holds
			x.Request.Header = slices.DeleteFunc(slices.Clone(x.Request.Header), func(f traffic.Field) bool { return strings.EqualFold(f.Name, "Content-Encoding") })
		}
		tabs = append(tabs, storage.Tab{Source: id, Baseline: id, Head: headText(x.Request), Body: body})
	}
	return tabs, notes, nil
}

func tabsOfCurl(text string) (tabs []storage.Tab, notes []string, err error) {
	notes = []string{}
	for record, err := range traffic.ReadCurl(strings.NewReader(text)) {
		switch {
		case err != nil:
			notes = append(notes, err.Error())
			continue
		case len(tabs) == mostTabs:
			return tabs, notes, nil
		case record.Request.Body.Lost != "":
			notes = append(notes, record.Request.Body.Lost)
		}
		tabs = append(tabs, storage.Tab{Head: headText(record.Request), Body: record.Request.Body.Data})
	}
	return tabs, notes, nil
}

// Rename gives a tab a name.
func (r *Repeater) Rename(in RenameIn) (out Tab, err error) {
	defer r.desk.guard(&err)
	return r.change(in.Tab, func(t *storage.Tab) { t.Name = tabLabel(in.Name) })
}

// Group puts tabs into a group.
func (r *Repeater) Group(in GroupIn) (out Nothing, err error) {
	defer r.desk.guard(&err)
	for _, id := range in.Tabs {
		if _, err := r.change(id, func(t *storage.Tab) { t.Group = tabLabel(in.Group) }); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Baseline sets the exchange that answers of a tab are compared with.
func (r *Repeater) Baseline(in BaselineIn) (out Tab, err error) {
	defer r.desk.guard(&err)
	id, err := exchangeID(in.ID)
	if err != nil {
		return out, err
	}
	return r.change(in.Tab, func(t *storage.Tab) { t.Baseline = id })
}

// Reorder gives tabs the order in which they are named.
func (r *Repeater) Reorder(in ReorderIn) (out Nothing, err error) {
	defer r.desk.guard(&err)
	p, err := r.desk.writable()
	if err != nil {
		return out, err
	}
	ids := make([]int64, 0, len(in.Tabs))
	for _, s := range in.Tabs {
		id, err := tabID(s)
		if err != nil {
			return out, err
		}
		ids = append(ids, id)
	}
	return out, p.OrderTabs(r.desk.life(), ids)
}

// CloseTab takes a tab off the list and stops what it is sending.
func (r *Repeater) CloseTab(in TabIn) (out Nothing, err error) {
	defer r.desk.guard(&err)
	id, err := tabID(in.Tab)
	if err != nil {
		return out, err
	}
	p, err := r.desk.writable()
	if err != nil {
		return out, err
	}
	r.desk.repeats.cancel(id)
	return out, told(p.CloseTab(r.desk.life(), id))
}

// ReopenTab brings back a closed tab; without a name the one closed last.
func (r *Repeater) ReopenTab(in TabIn) (out Tab, err error) {
	defer r.desk.guard(&err)
	var id int64
	if in.Tab != "" {
		if id, err = tabID(in.Tab); err != nil {
			return out, err
		}
	}
	p, err := r.desk.writable()
	if err != nil {
		return out, err
	}
	if id, err = p.ReopenTab(r.desk.life(), id); err != nil {
		return out, told(err)
	}
	t, err := p.Tab(r.desk.life(), id)
	return r.tab(t), told(err)
}

// change loads a tab, changes it and keeps it.
func (r *Repeater) change(name string, do func(*storage.Tab)) (Tab, error) {
	id, err := tabID(name)
	if err != nil {
		return Tab{}, err
	}
	p, err := r.desk.writable()
	if err != nil {
		return Tab{}, err
	}
	r.desk.repeats.editing.Lock()
	defer r.desk.repeats.editing.Unlock()
	t, err := p.Tab(r.desk.life(), id)
	if err != nil {
		return Tab{}, told(err)
	}
	do(&t)
	return r.tab(t), told(p.SetTab(r.desk.life(), t))
}

// tab turns what the store knows into what the window shows.
func (r *Repeater) tab(t storage.Tab) Tab {
	q, _ := parseHead(t.Head)
	return Tab{
		ID: strconv.FormatInt(t.ID, 10), Group: t.Group, Name: t.Name, Method: q.Method, URL: q.URL, Source: idOrNone(t.Source),
		Baseline: idOrNone(t.Baseline), Last: idOrNone(t.Last), Sent: t.Sent, Sending: r.desk.repeats.sending(t.ID),
	}
}

func idOrNone(id traffic.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

func tabID(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("%q is not the id of a tab", s)}
	}
	return id, nil
}

// told gives the errors of tabs the form a person reads.
func told(err error) error {
	if errors.Is(err, storage.ErrNoTab) {
		return &app.Error{Code: app.CodeNotFound, Message: err.Error(), Hint: "it was closed, perhaps in another window"}
	}
	return err
}

// tabLabel is a name for a tab or a group as one short line.
func tabLabel(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return firstRunes(s, 100)
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
