package window

import (
	"strconv"
	"strings"

	"assay/app"
)

// Outlets lists where threats and rulings are sent to. They belong to this installation and not to the project.
func (p *Policies) Outlets(_ Nothing) (out OutletsOut, err error) {
	defer p.desk.guard(&err)
	out.Items = []OutletRow{}
	list, err := p.desk.app.Home.Outlets()
	if err != nil {
		return out, err
	}
	states := map[int]app.OutletState{}
	if project, err := p.desk.opened(); err == nil {
		for _, s := range project.Outlets() {
			states[s.ID] = s
		}
	}
	for i := range list {
		o, s := &list[i], states[list[i].ID]
		row := OutletRow{
			ID: strconv.Itoa(o.ID), Kind: o.Kind, To: clip(valid(o.To), longName), Name: clip(valid(o.Name), longName), Least: o.Least, About: "both",
			Signed: o.Signed, Sent: s.Sent, Lost: s.Lost, Why: clip(valid(s.Why), longName), Plain: strings.HasPrefix(o.To, "http://") && !app.OnThisMachine(o.To),
		}
		if len(o.About) == 1 {
			row.About = o.About[0]
		}
		if o.Project != "" {
			row.Project = projectName(o.Project)
		}
		out.Items = append(out.Items, row)
	}
	return out, nil
}

// AddOutlet names an outlet. Nothing is sent to it until there is something to tell.
func (p *Policies) AddOutlet(in OutletForm) (out OutletID, err error) {
	defer p.desk.guard(&err)
	one := app.Outlet{Kind: in.Kind, To: strings.TrimSpace(in.To), Name: strings.TrimSpace(in.Name), Least: in.Least}
	switch {
	case in.Threats && !in.Rulings:
		one.About = []string{"threats"}
	case in.Rulings && !in.Threats:
		one.About = []string{"rulings"}
	case !in.Threats:
		return out, &app.Error{Code: app.CodeUsage, Message: "it is told of nothing", Hint: "choose threats, rulings or both"}
	}
	if in.JSON && in.Kind == "syslog" {
		one.As = "json"
	}
	if in.Only {
		project, err := p.desk.opened()
		if err != nil {
			return out, err
		}
		one.Project = project.Store().Path()
	}
	added, err := p.desk.app.AddOutlet(p.desk.life(), one, strings.TrimSpace(in.Key))
	if err != nil {
		return out, policyError(err)
	}
	out.ID = strconv.Itoa(added.ID)
	return out, nil
}

// RemoveOutlet has nothing sent there any more.
func (p *Policies) RemoveOutlet(in OutletID) (out Nothing, err error) {
	defer p.desk.guard(&err)
	id, err := numberOf(in.ID, "an outlet")
	if err != nil {
		return out, err
	}
	return out, policyError(p.desk.app.RemoveOutlet(p.desk.life(), int(id)))
}

// TryOutlet sends a trial that says that it is one.
func (p *Policies) TryOutlet(in OutletID) (out OutletTried, err error) {
	defer p.desk.guard(&err)
	id, err := numberOf(in.ID, "an outlet")
	if err != nil {
		return out, err
	}
	states, err := p.desk.app.TryOutlets(p.desk.life(), []int{int(id)})
	if err != nil {
		return out, policyError(err)
	}
	for i := range states {
		out.Sent, out.Why = states[i].Lost == 0, clip(valid(states[i].Why), longName)
	}
	return out, nil
}
