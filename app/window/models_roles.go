package window

import (
	"strings"

	"assay/app"
)

// RoleRow is a test role: somebody a test can act as.
type RoleRow struct {
	Name    string   `json:"name"`
	Headers []string `json:"headers"` // "Name: value"; {{env:VARIABLE}} stands for a secret
	Body    []string `json:"body"`    // PLACE=VALUE
	Command string   `json:"command"` // its first line of output is {{token}}
	Login   []string `json:"login"`   // ids of the exchanges that are sent again
	Token   string   `json:"token"`   // where it stands in the last answer of Login
	Latest  string   `json:"latest"`  // a filter: credentials are those of the newest exchange it matches
	Knows   []string `json:"knows"`
	Holds   []string `json:"holds"`
	Added   string   `json:"added"`
	Models  []string `json:"models"` // names of the models that are sent as it
}

// RolesOut are the test roles of the project by name.
type RolesOut struct {
	Items []RoleRow `json:"items"`
}

// SetRoleIn keeps a test role. Was is its name before; empty for a new one.
type SetRoleIn struct {
	Was  string  `json:"was"`
	Role RoleRow `json:"role"`
}

// RoleIn names a test role.
type RoleIn struct {
	Name string `json:"name"`
}

// Roles lists the test roles.
func (m *Models) Roles(_ Nothing) (out RolesOut, err error) {
	defer m.desk.guard(&err)
	out.Items = []RoleRow{}
	project, err := m.desk.opened()
	if err != nil {
		return out, err
	}
	roles, err := project.Roles(m.desk.life())
	if err != nil {
		return out, err
	}
	models, err := project.Store().Models(m.desk.life())
	if err != nil {
		return out, err
	}
	used := map[string][]string{}
	for _, each := range models {
		used[each.Role] = append(used[each.Role], clip(each.Name, longName))
	}
	for i := range roles {
		out.Items = append(out.Items, roleOut(&roles[i], used[roles[i].Name]))
	}
	return out, nil
}

func roleOut(r *app.RoleRow, models []string) RoleRow {
	row := RoleRow{
		Name: r.Name, Headers: namesOf(r.Header), Body: namesOf(r.Body), Command: commandLine(r.Command), Login: []string{}, Token: r.Token,
		Latest: r.Latest, Knows: namesOf(r.Knows), Holds: namesOf(r.Holds), Added: r.Added, Models: namesOf(models),
	}
	for _, ref := range r.Login {
		row.Login = append(row.Login, strings.TrimPrefix(ref, "exchange:"))
	}
	return row
}

// commandLine writes a command so that it is read as the same words again.
func commandLine(words []string) string {
	quoted := make([]string, 0, len(words))
	for _, w := range words {
		if w == "" || strings.ContainsAny(w, " \t\n\"'\\") {
			w = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(w) + `"`
		}
		quoted = append(quoted, w)
	}
	return strings.Join(quoted, " ")
}

// SetRole keeps a test role.
func (m *Models) SetRole(in SetRoleIn) (out Nothing, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	r := in.Role
	err = project.SetRole(m.desk.life(), in.Was, app.RoleOptions{
		Name: r.Name, Header: filled(r.Headers), Body: filled(r.Body), Command: r.Command, Login: filled(r.Login), Token: strings.TrimSpace(r.Token),
		Latest: strings.TrimSpace(r.Latest), Knows: filled(r.Knows), Holds: filled(r.Holds),
	})
	if err != nil {
		return out, forWindow(err)
	}
	m.desk.pulse.tested()
	return out, nil
}

// filled are the lines that hold something.
func filled(lines []string) []string {
	var out []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// RemoveRole forgets a test role.
func (m *Models) RemoveRole(in RoleIn) (out Nothing, err error) {
	defer m.desk.guard(&err)
	project, err := m.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	if err := project.RemoveRole(m.desk.life(), in.Name); err != nil {
		return out, forWindow(err)
	}
	m.desk.pulse.tested()
	return out, nil
}
