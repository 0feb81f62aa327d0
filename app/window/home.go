package window

// Home is the screen that says how things stand: the score, what was tested, what has to hold, what to do first.
type Home struct{ desk *Desk }

// Stood says whether anything can be said of how things stand: something was recorded, or a model was imported.
func (h *Home) Stood(_ Nothing) (out StoodOut, err error) {
	defer h.desk.guard(&err)
	return out, nil
}

// StoodOut is what there is to say something of.
type StoodOut struct {
	Exchanges int64 `json:"exchanges"`
	Models    int   `json:"models"`
}
