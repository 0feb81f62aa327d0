package window

// Setup is ways to connect a client, with live status.
type Setup struct{ desk *Desk }

// SetupOut is what can be connected on this machine, with live status.
type SetupOut struct{}

// Clients lists what can be connected.
func (s *Setup) Clients(Nothing) (out SetupOut, err error) {
	defer s.desk.guard(&err)
	return out, errSoon
}
