package window

import (
	"time"

	"assay/traffic"
)

// TimingOut says how long what took.
type TimingOut struct {
	Started  string  `json:"started"`
	Live     bool    `json:"live"`
	Duration float64 `json:"duration_ms"` // 0 while it is not known
	Reused   bool    `json:"reused"`      // the connection was there already
	Steps    []Step  `json:"steps"`

	RequestBytes  int64 `json:"request_bytes"`
	ResponseBytes int64 `json:"response_bytes"`
}

// Step is one stretch of time, in milliseconds since the exchange began.
type Step struct {
	Name string  `json:"name"` // dns, connect, tls, send, wait, first_byte, receive
	From float64 `json:"from_ms"`
	To   float64 `json:"to_ms"`
}

// Timing returns when what happened. Steps that did not happen, or were not seen, are left out.
func (e *Exchange) Timing(in ExchangeIn) (out TimingOut, err error) {
	defer e.desk.guard(&err)
	out.Steps = []Step{}
	_, x, err := e.desk.exchange(e.desk.life(), in.ID)
	if err != nil {
		return out, err
	}
	out = TimingOut{
		Live: !x.State.Ended(), Duration: milliseconds(x.Duration()), Reused: x.Server.Reused,
		Steps: stepsOf(x.Timing), RequestBytes: x.Request.Body.Size,
	}
	if !x.Started.IsZero() {
		out.Started = x.Started.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	if x.Response != nil {
		out.ResponseBytes = x.Response.Body.Size
	}
	return out, nil
}

func stepsOf(t traffic.Timing) []Step {
	steps := []Step{}
	var last time.Duration
	for _, s := range []struct {
		name string
		at   time.Duration
	}{
		{"dns", t.DNS}, {"connect", t.Connect}, {"tls", t.TLS}, {"send", t.Sent}, {"wait", t.Head}, {"first_byte", t.FirstByte}, {"receive", t.Done},
	} {
		if s.at <= 0 {
			continue
		}
		// An answer may begin before the request has ended: steps are then side by side.
		steps = append(steps, Step{s.name, milliseconds(min(last, s.at)), milliseconds(s.at)})
		last = max(last, s.at)
	}
	return steps
}
