package window

import (
	"context"
	"slices"

	"assay/app"
)

// Settings is what a person can change, and facts about this installation.
type Settings struct{ desk *Desk }

// SettingsOut is what a person can change, with the defaults beside it.
type SettingsOut struct {
	Settings app.Settings         `json:"settings"`
	Defaults app.Settings         `json:"defaults"`
	Fixed    []string             `json:"fixed"`    // fields that an option given at start decides, for example capture.listen
	Restart  bool                 `json:"restart"`  // the recorder at work was started with other settings: start capture again
	Problems []app.SettingProblem `json:"problems"` // what is wrong with what was to be saved; nothing was saved then
}

// Load returns the settings.
func (s *Settings) Load(Nothing) (out SettingsOut, err error) {
	defer s.desk.guard(&err)
	return s.desk.settings()
}

// SaveSettingsIn is one section to be kept.
type SaveSettingsIn struct {
	Section  string       `json:"section"` // capture, retention, appearance, keyboard, window
	Settings app.Settings `json:"settings"`
}

// Save keeps one section. What concerns hosts takes effect at once, the rest of capture when it is started again.
func (s *Settings) Save(in SaveSettingsIn) (out SettingsOut, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	problems, err := d.saveSettings(in.Section, in.Settings)
	if err != nil {
		return out, err
	}
	if out, err = d.settings(); err == nil && len(problems) > 0 {
		out.Problems = problems
	}
	return out, err
}

// SectionIn names a section of the settings.
type SectionIn struct {
	Section string `json:"section"`
}

// Reset gives a section its defaults again.
func (s *Settings) Reset(in SectionIn) (out SettingsOut, err error) {
	defer s.desk.guard(&err)
	if _, err = s.desk.saveSettings(in.Section, app.DefaultSettings()); err != nil {
		return out, err
	}
	return s.desk.settings()
}

func (d *Desk) settings() (SettingsOut, error) {
	now, err := d.app.Home.Settings()
	out := SettingsOut{
		Settings: now, Defaults: app.DefaultSettings(), Fixed: d.fixed(), Restart: d.needsRestart(),
		Problems: []app.SettingProblem{},
	}
	return out, err
}

func (d *Desk) saveSettings(section string, next app.Settings) ([]app.SettingProblem, error) {
	if section != app.SectionCapture {
		return d.app.Home.SaveSettings(section, next)
	}
	before, err := d.app.Home.Settings()
	if err != nil {
		return nil, err
	}
	problems, err := d.app.SaveCapture(d.life(), next)
	if err == nil && len(problems) == 0 {
		err = d.applyHosts(before.Capture, next.Capture)
		d.pulse.changed()
	}
	return problems, err
}

// recordOptions is how capture would be started now: as the options given at start say, else as the settings do.
func (d *Desk) recordOptions(ctx context.Context) (app.RecordOptions, error) {
	return d.app.RecordOptions(ctx, d.options.Record)
}

// wanted is the address capture would listen on.
func (d *Desk) wanted() string {
	if d.options.Record.Listen != "" {
		return d.options.Record.Listen
	}
	s, err := d.app.Home.Settings()
	if err != nil {
		return app.DefaultListen
	}
	return s.Capture.Listen
}

// capturesAtStart reports whether the person wants capture to begin when the window opens.
func (d *Desk) capturesAtStart() bool {
	s, err := d.app.Home.Settings()
	return err == nil && s.Capture.AtStart
}

// fixed lists the fields that options given at start decide.
func (d *Desk) fixed() []string {
	o, fields := d.options.Record, []string{}
	for _, f := range []struct {
		field string
		given bool
	}{
		{"capture.listen", o.Listen != ""},
		{"capture.allow_remote", o.Listen != "" || o.AllowRemote},
		{"capture.scope", len(o.Scope) > 0},
		{"capture.pass_through", len(o.PassThrough) > 0},
		{"capture.pass_refused", o.PassRefused},
		{"capture.accept_certificate", len(o.AcceptCertificate) > 0},
		{"capture.upstream_proxy", o.UpstreamProxy != ""},
	} {
		if f.given {
			fields = append(fields, f.field)
		}
	}
	return fields
}

// applyHosts changes what the recorder at work decrypts; nothing where none is at work.
func (d *Desk) applyHosts(before, next app.CaptureSettings) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.recording == nil {
		return nil
	}
	scope, fixed := d.recording.Scope(), d.fixed()
	if !slices.Contains(fixed, "capture.scope") {
		if err := scope.Set(next.Scope...); err != nil {
			return err
		}
		d.recordsWith.Scope = next.Scope
	}
	if !slices.Contains(fixed, "capture.pass_through") {
		for _, host := range before.PassThrough {
			if !slices.Contains(next.PassThrough, host) {
				scope.Decrypt(host)
			}
		}
		for _, host := range next.PassThrough {
			scope.PassThrough(host)
		}
		d.recordsWith.PassThrough = next.PassThrough
	}
	return nil
}

// needsRestart reports whether the settings have changed since the recorder at work was started.
func (d *Desk) needsRestart() bool {
	now, err := d.recordOptions(d.life())
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil || d.recording == nil {
		return false
	}
	was := d.recordsFor
	return was.Listen != now.Listen || was.AllowRemote != now.AllowRemote || was.PassRefused != now.PassRefused ||
		was.UpstreamProxy != now.UpstreamProxy || !slices.Equal(was.AcceptCertificate, now.AcceptCertificate)
}

// setHost makes the recorder at work treat one host as the settings now say, also where an option given at start has
// the list.
func (d *Desk) setHost(host string, now app.CaptureSettings) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.recording == nil:
	case slices.Contains(now.PassThrough, host):
		d.recording.Scope().PassThrough(host)
	default:
		d.recording.Scope().Decrypt(host)
	}
}
