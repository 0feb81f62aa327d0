package window

import (
	"runtime"
	"time"

	"assay/app"
)

// Setup is ways to connect a client, with live status.
type Setup struct{ desk *Desk }

// SetupStatus is what goes on: who has sent what since the project was opened, and what Setup started.
type SetupStatus struct {
	Seen     int64         `json:"seen"`   // exchanges that clients sent
	Listen   string        `json:"listen"` // where clients of this machine reach the recorder; empty while it is off
	Clients  []ClientCount `json:"clients"`
	Started  []Started     `json:"started"`
	Refusals []Refusal     `json:"refusals"`
	Passed   []string      `json:"passed"` // hosts that are passed through unread
	Target   TargetState   `json:"target"`
	Remote   RemoteState   `json:"remote"`
	Upstream UpstreamState `json:"upstream"`
	Port     PortConflict  `json:"port"`
}

// ClientCount is what was seen of one client.
type ClientCount struct {
	Client   string `json:"client"` // the program's name; empty where the system does not tell
	Requests int64  `json:"requests"`
	Read     int64  `json:"read"`    // of them: over TLS, decrypted; so the client trusts us
	Refused  int64  `json:"refused"` // handshakes in which it refused our certificate
	Last     string `json:"last"`    // RFC 3339
}

// Started is a browser or terminal that was started here.
type Started struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"` // browser, terminal
	Name     string `json:"name"`
	At       string `json:"at"` // RFC 3339
	Ended    bool   `json:"ended"`
	Problem  string `json:"problem"`  // why it ended, where something went wrong
	Counted  bool   `json:"counted"`  // the numbers below are known; they include other windows of the same browser
	Requests int64  `json:"requests"` // since it was started
	Read     int64  `json:"read"`
	Refused  int64  `json:"refused"`
}

// Refusal is a host for which a client refused our certificate.
type Refusal struct {
	Host   string `json:"host"`
	Client string `json:"client"` // empty where the system does not tell
	Count  int64  `json:"count"`
	Reason string `json:"reason"`
	Last   string `json:"last"` // RFC 3339
}

// Status says what goes on.
func (s *Setup) Status(Nothing) (out SetupStatus, err error) {
	defer s.desk.guard(&err)
	return s.desk.setupStatus()
}

func (d *Desk) setupStatus() (SetupStatus, error) {
	out := SetupStatus{Listen: d.proxyAddress(), Passed: []string{}, Started: []Started{}}
	store, err := d.store()
	if err != nil {
		out.Clients, out.Refusals = []ClientCount{}, []Refusal{}
		return d.surroundings(out), nil //nolint:nilerr // Session.State says why no project is open
	}
	if err := d.setup.tally.catchUp(d.life(), store); err != nil {
		return out, err
	}
	out.Seen, out.Clients, out.Refusals = d.setup.tally.report()
	for _, one := range d.setup.clients() {
		out.Started = append(out.Started, d.startedOf(one))
	}
	return d.surroundings(out), nil
}

// surroundings adds what does not depend on a project.
func (d *Desk) surroundings(out SetupStatus) SetupStatus {
	d.mu.Lock()
	if d.recording != nil {
		out.Passed = append(out.Passed, d.recording.Scope().Passed()...)
	}
	d.mu.Unlock()
	out.Target, out.Remote, out.Upstream, out.Port = d.targetState(), d.remoteState(), d.upstreamState(), d.portConflict()
	return out
}

// namesClients tells whether this system says which program a connection belongs to.
const namesClients = runtime.GOOS == "linux"

func (d *Desk) startedOf(one client) Started {
	s := Started{ID: one.id, Kind: "terminal", Name: one.name, At: one.at.UTC().Format(time.RFC3339), Ended: one.ended, Problem: one.problem}
	if one.browser.Name != "" {
		s.Kind, s.Counted = "browser", namesClients
		now := d.setup.tally.of(one.browser.Runs)
		s.Requests, s.Read, s.Refused = max(0, now.requests-one.before.requests), max(0, now.read-one.before.read), max(0, now.refused-one.before.refused)
	}
	return s
}

// proxyAddress is where clients of this machine reach the recorder, empty while it is off.
func (d *Desk) proxyAddress() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.recording == nil {
		return ""
	}
	return d.recording.Proxy()
}

// captured returns the recorder at work, starting one where there is none.
func (d *Desk) captured() (*app.Recording, error) {
	if err := d.startCapture(d.life(), ""); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.recording == nil {
		return nil, &app.Error{Code: app.CodeFailed, Message: "recording was stopped meanwhile", Hint: "try again"}
	}
	return d.recording, nil
}
