package window

// Tests is the screen of tests: the library of templates, the plan of a run, the runs and what they came to.
type Tests struct{ desk *Desk }

// RunsOut are the runs of the project, newest first.
type RunsOut struct {
	Runs []RunRow `json:"runs"`
}

// RunRow is one run in the list.
type RunRow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Runs lists the runs of the project.
func (t *Tests) Runs(_ Nothing) (out RunsOut, err error) {
	defer t.desk.guard(&err)
	return RunsOut{Runs: []RunRow{}}, nil
}
