package window

// Diff is two exchanges beside each other: meaning, text, bytes.
type Diff struct{ desk *Desk }

// DiffIn names two exchanges and what to ignore.
type DiffIn struct {
	A      string   `json:"a"`
	B      string   `json:"b"`
	Ignore []string `json:"ignore"`
}

// DiffOut is how they differ.
type DiffOut struct{}

// Compare compares two exchanges.
func (d *Diff) Compare(in DiffIn) (out DiffOut, err error) {
	defer d.desk.guard(&err)
	return out, errSoon
}
