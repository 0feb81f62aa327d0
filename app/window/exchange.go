package window

// Exchange is one exchange in detail: as chat, text, bytes, events, headers, timing.
type Exchange struct{ desk *Desk }

// ExchangeIn names one exchange.
type ExchangeIn struct {
	ID string `json:"id"`
}

// Row returns what a list shows of an exchange.
func (e *Exchange) Row(in ExchangeIn) (out Row, err error) {
	defer e.desk.guard(&err)
	return Row{Tools: []string{}, Calls: []string{}, Tags: []string{}}, errSoon
}
