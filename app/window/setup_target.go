package window

import (
	"context"
	"time"

	"assay/app"
	"assay/lab"
)

// TargetState says whether the practice target runs.
type TargetState struct {
	On      bool   `json:"on"`
	URL     string `json:"url"`     // its page; below it are the providers' APIs
	Example string `json:"example"` // a command for a terminal
}

// TargetIn switches the practice target on or off.
type TargetIn struct {
	On bool `json:"on"`
}

// targetPace is slow enough for a person to see a stream grow.
const targetPace = 25 * time.Millisecond

// Target starts or stops the practice target, on a free port of this machine alone.
func (s *Setup) Target(in TargetIn) (out SetupStatus, err error) {
	defer s.desk.guard(&err)
	if in.On {
		_, err = s.desk.startTarget()
	} else {
		s.desk.stopTarget()
	}
	if err != nil {
		return out, err
	}
	s.desk.pulse.changed()
	return s.desk.setupStatus()
}

func (d *Desk) startTarget() (url string, err error) {
	ctx, cancel := context.WithCancel(d.life())
	d.setup.mu.Lock()
	defer d.setup.mu.Unlock()
	if d.setup.target != nil {
		cancel()
		return d.setup.target.server.URL(), nil
	}
	server, err := lab.New(lab.Options{Pace: targetPace, Logger: d.log()}).Start(ctx, "127.0.0.1:0", false)
	if err != nil {
		cancel()
		return "", &app.Error{Code: app.CodeFailed, Message: "the practice target could not be started", Err: err}
	}
	d.setup.target = &target{server, cancel}
	return server.URL(), nil
}

func (d *Desk) stopTarget() {
	d.setup.mu.Lock()
	at := d.setup.target
	d.setup.target = nil
	d.setup.mu.Unlock()
	if at != nil {
		at.cancel()
		_ = at.server.Wait() // it was asked to stop
	}
}

func (d *Desk) targetState() TargetState {
	at := d.setup.url()
	if at == "" {
		return TargetState{}
	}
	out := TargetState{On: true, URL: at + "/"}
	if proxy := d.proxyAddress(); proxy != "" {
		out.Example = "curl -x http://" + proxy + " " + at + `/openai/v1/chat/completions -H 'Content-Type: application/json' -d '{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}'`
	}
	return out
}

// Demo holds a short conversation with the practice target, through the recorder; both are started where they are off.
// It goes on in the background.
func (s *Setup) Demo(Nothing) (out Job, err error) {
	defer s.desk.guard(&err)
	recording, err := s.desk.captured()
	if err != nil {
		return out, err
	}
	return s.desk.talk(recording)
}

// talk lets the demo client speak, as a job.
func (d *Desk) talk(recording *app.Recording) (Job, error) {
	at, err := d.startTarget()
	if err != nil {
		return Job{}, err
	}
	return d.jobs.start(d.life(), "demo", at, d.pulse.changed, func(ctx context.Context, _ func(done, all int64)) (string, error) {
		return "the demo conversation", d.app.Talk(ctx, recording, at)
	}), nil
}

// PlaySample opens the sample project, making it first where there is none, and lets a conversation go on in it live.
func (s *Setup) PlaySample(Nothing) (out State, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	path, err := d.app.MakeSample(d.life(), nil)
	if err != nil {
		return out, err
	}
	if store, missing := d.store(); missing != nil || store.Path() != path {
		if err := d.reopen(path); err != nil {
			return d.state(), err
		}
	}
	recording, err := d.captured()
	if err != nil { // the project can be looked at all the same, and the frame says why nothing is recorded
		return d.state(), nil //nolint:nilerr // see above
	}
	_, err = d.talk(recording)
	return d.state(), err
}
