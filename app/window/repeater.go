package window

// Repeater is requests that a person changes and sends again.
type Repeater struct{ desk *Desk }

// RepeaterTabs are the tabs in their groups.
type RepeaterTabs struct{}

// Tabs lists the tabs.
func (r *Repeater) Tabs(Nothing) (out RepeaterTabs, err error) {
	defer r.desk.guard(&err)
	return out, errSoon
}
