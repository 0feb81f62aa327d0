package window

// Findings is the screen of what tests and watched traffic proved.
type Findings struct{ desk *Desk }

// FindingsOut is a page of findings.
type FindingsOut struct {
	Total int `json:"total"`
}

// List lists findings.
func (f *Findings) List(_ Nothing) (out FindingsOut, err error) {
	defer f.desk.guard(&err)
	return out, nil
}
