package lab

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
)

// ledger is what the help desk and the carrier remember while the lab runs.
type ledger struct {
	mu      sync.Mutex
	refunds map[string]string // by order: asked, approved, paid
	notes   map[string]string // of parcels, as the carrier has them
}

// mostNotes bounds what strangers can leave with the carrier.
const mostNotes = 256

// itemPrice is what the last order of every customer cost.
const itemPrice = 39

// refund is POST /v1/refunds: asked for by the customer, approved by the operator, then paid, once and no more than the
// item cost. A weak flow (API6) takes any step at any time, with any amount, and again.
func (l *Lab) refund(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Order  string  `json:"order"`
		Amount float64 `json:"amount"`
		Step   string  `json:"step"` // ask, approve, pay
	}
	body, _ := io.ReadAll(r.Body) // it has been read once already
	if err := strictJSON(body, &asked); err != nil || r.Method != http.MethodPost {
		refuse(w, http.StatusBadRequest, "Send an order, an amount and a step.")
		return
	}
	caller, known := customerOf(apiKey(r))
	operator := apiKey(r) == operatorKey
	owns := known && caller.Reference == asked.Order || operator && slices.ContainsFunc(customers, func(c customer) bool { return c.Reference == asked.Order })
	l.ledger.mu.Lock()
	defer l.ledger.mu.Unlock()
	state := l.ledger.refunds[asked.Order]
	next := map[string]string{"ask": "asked", "approve": "approved", "pay": "paid"}[asked.Step]
	right := next == "asked" && state == "" || next == "approved" && state == "asked" && operator || next == "paid" && state == "approved"
	switch {
	case !owns:
		refuse(w, http.StatusNotFound, "There is no such order.")
	case next == "":
		refuse(w, http.StatusBadRequest, "The steps are ask, approve and pay.")
	case !l.options.Weak.has(API6) && (!right || asked.Amount <= 0 || asked.Amount > itemPrice):
		refuse(w, http.StatusConflict, "This step is not due, or the amount is not right.")
	default:
		l.ledger.refunds[asked.Order] = next
		writeJSON(w, http.StatusOK, object{"order": asked.Order, "amount": asked.Amount, "state": next})
	}
}

// listCustomers is GET /v1/operators/customers, for operators only; by weakness (API5) for whoever finds it.
func (l *Lab) listCustomers(w http.ResponseWriter, r *http.Request) {
	if apiKey(r) != operatorKey && !l.options.Weak.has(API5) {
		refuse(w, http.StatusForbidden, "This is for operators.")
		return
	}
	writeJSON(w, http.StatusOK, object{"customers": customers})
}

// carrier is POST /carrier/parcels/{number}: another service, where anybody who sends a parcel leaves a note.
func (l *Lab) carrier(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Note string `json:"note"`
	}
	body, _ := io.ReadAll(r.Body) // it has been read once already
	if err := json.Unmarshal(body, &sent); err != nil || r.Method != http.MethodPost {
		refuse(w, http.StatusBadRequest, "Send a note.")
		return
	}
	l.ledger.mu.Lock()
	defer l.ledger.mu.Unlock()
	if len(l.ledger.notes) >= mostNotes {
		clear(l.ledger.notes)
	}
	l.ledger.notes[clip(r.PathValue("number"), 40)] = clip(sent.Note, longestAsk)
	writeJSON(w, http.StatusOK, object{"state": "on its way"})
}

// parcel is POST /v1/parcels: what the carrier knows of a parcel, told by the mind. A sound desk takes the state of it; one
// that trusts the carrier (API10) gives all that it says to the mind, as its own words.
func (l *Lab) parcel(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Number string `json:"number"`
	}
	body, _ := io.ReadAll(r.Body) // it has been read once already
	if err := strictJSON(body, &asked); err != nil || asked.Number == "" || r.Method != http.MethodPost {
		refuse(w, http.StatusBadRequest, "Send the number of a parcel.")
		return
	}
	said := "Your parcel is on its way."
	if l.options.Weak.has(API10) {
		l.ledger.mu.Lock()
		note := l.ledger.notes[asked.Number]
		l.ledger.mu.Unlock()
		q := question{model: deskModel, system: DeskSystem, turns: []turn{{"user", "Where is my parcel " + asked.Number + "?"}, {"tool", "on its way. " + note}}, weak: l.options.Weak | LLM01}
		said = think(q).text
	}
	writeJSON(w, http.StatusOK, object{"number": asked.Number, "reply": said})
}
