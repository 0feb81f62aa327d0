package window

// Actions is what can be done with exchanges wherever they appear: copy, save, export, hide a host.
type Actions struct{ desk *Desk }

// CopyIn says what is copied, and as what.
type CopyIn struct {
	ID     string `json:"id"`
	Format string `json:"format"` // curl, python, javascript, raw, prompt, answer, markdown
}

// CopyOut is the text for the clipboard.
type CopyOut struct {
	Text string `json:"text"`
}

// Copy writes an exchange as text of a format.
func (a *Actions) Copy(in CopyIn) (out CopyOut, err error) {
	defer a.desk.guard(&err)
	return out, errSoon
}
