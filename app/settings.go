package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
)

// Settings is what a person can change about this installation, in sections. Its keys in settings.json are those of
// the tags; keys this version does not know are kept, also inside a section.
type Settings struct {
	Capture    CaptureSettings    `json:"capture"`
	Retention  RetentionSettings  `json:"retention"`
	Appearance AppearanceSettings `json:"appearance"`
	Keyboard   KeyboardSettings   `json:"keyboard"`
	Alerts     AlertSettings      `json:"alerts"`
	Window     WindowSettings     `json:"window"`
}

// CaptureSettings say how the window records; options given at start win over them.
type CaptureSettings struct {
	Listen            string   `json:"listen"`             // host:port
	AllowRemote       bool     `json:"allow_remote"`       // listen where other machines can reach the port
	AtStart           bool     `json:"at_start"`           // begin when the window opens
	Scope             []string `json:"scope"`              // decrypt only these hosts; empty decrypts all
	PassThrough       []string `json:"pass_through"`       // never decrypt these hosts
	PassRefused       bool     `json:"pass_refused"`       // stop decrypting a host whose client refused our certificate
	AcceptCertificate []string `json:"accept_certificate"` // hosts whose certificate is accepted whatever it is
	UpstreamProxy     string   `json:"upstream_proxy"`     // URL without its password, which is in the keyring
}

// RetentionSettings say what "delete what is old" deletes. Nothing is deleted without being asked for.
type RetentionSettings struct {
	AgeDays int    `json:"age_days"` // 0 keeps exchanges of any age
	Size    string `json:"size"`     // "2GB"; empty keeps all
}

// AppearanceSettings say how the window looks.
type AppearanceSettings struct {
	Theme        string `json:"theme"`     // auto, dark, light, contrast
	Density      string `json:"density"`   // compact, comfortable
	FontSize     int    `json:"font_size"` // of ordinary text, in pixels
	ReduceMotion bool   `json:"reduce_motion"`
}

// KeyboardSettings say which keys do what.
type KeyboardSettings struct {
	Letters   bool       `json:"letters"`   // keys without Ctrl, Cmd or Alt do something
	Shortcuts []Shortcut `json:"shortcuts"` // only what differs from the default
}

// Shortcut gives a command other keys than its own; none switch its keys off.
type Shortcut struct {
	Command string   `json:"command"`
	Keys    []string `json:"keys"`
}

// AlertSettings say how a person is told who looks elsewhere.
type AlertSettings struct {
	Desktop bool `json:"desktop"` // the desktop tells of critical threats and of what waits for an answer
}

// WindowSettings are where the window was when it was closed. The zero value leaves size and place to the system.
type WindowSettings struct {
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	Maximised bool `json:"maximised"`
}

// The sections of Settings.
const (
	SectionCapture    = "capture"
	SectionRetention  = "retention"
	SectionAppearance = "appearance"
	SectionKeyboard   = "keyboard"
	SectionAlerts     = "alerts"
	SectionWindow     = "window"
)

// DefaultSettings returns what holds where nothing was changed.
func DefaultSettings() Settings {
	return Settings{
		Capture: CaptureSettings{
			Listen: DefaultListen, AtStart: true, Scope: []string{}, PassThrough: []string{}, AcceptCertificate: []string{},
		},
		Appearance: AppearanceSettings{Theme: "auto", Density: "compact", FontSize: 13},
		Keyboard:   KeyboardSettings{Letters: true, Shortcuts: []Shortcut{}},
		Alerts:     AlertSettings{Desktop: true},
	}
}

// Settings returns what a person changed, and the defaults of everything else. A value that makes no sense (the file
// was edited by hand) counts as not set.
func (h *Home) Settings() (Settings, error) {
	all, err := h.readSettings()
	if err != nil {
		return DefaultSettings(), err
	}
	s := DefaultSettings()
	for section, target := range s.sections() {
		if raw, ok := all[section]; ok && (json.Unmarshal(raw, target) != nil || len(s.problemsOf(section)) > 0) {
			s.reset(section)
		}
	}
	s.noNulls()
	return s, nil
}

// SaveSettings keeps one section of s, where nothing is wrong with it; otherwise it says what is and keeps nothing.
func (h *Home) SaveSettings(section string, s Settings) ([]SettingProblem, error) {
	target, ok := s.sections()[section]
	if !ok {
		return nil, usagef("", "there is no section %q of the settings", section)
	}
	s.noNulls()
	if problems := s.problemsOf(section); len(problems) > 0 {
		return problems, nil
	}
	return nil, h.updateSettings(func(all map[string]json.RawMessage) error {
		merged, err := mergeSection(all[section], target)
		all[section] = merged
		return err
	})
}

// ResetSettings gives a section its defaults again.
func (h *Home) ResetSettings(section string) error {
	_, err := h.SaveSettings(section, DefaultSettings())
	return err
}

// sections are the parts of s by name, as pointers.
func (s *Settings) sections() map[string]any {
	return map[string]any{
		SectionCapture: &s.Capture, SectionRetention: &s.Retention, SectionAppearance: &s.Appearance,
		SectionKeyboard: &s.Keyboard, SectionAlerts: &s.Alerts, SectionWindow: &s.Window,
	}
}

func (s *Settings) reset(section string) {
	d := DefaultSettings()
	switch section {
	case SectionCapture:
		s.Capture = d.Capture
	case SectionRetention:
		s.Retention = d.Retention
	case SectionAppearance:
		s.Appearance = d.Appearance
	case SectionKeyboard:
		s.Keyboard = d.Keyboard
	case SectionAlerts:
		s.Alerts = d.Alerts
	case SectionWindow:
		s.Window = d.Window
	}
}

// noNulls makes absent lists empty ones, as the window wants them.
func (s *Settings) noNulls() {
	c := &s.Capture
	for _, l := range []*[]string{&c.Scope, &c.PassThrough, &c.AcceptCertificate} {
		if *l == nil {
			*l = []string{}
		}
	}
	if s.Keyboard.Shortcuts == nil {
		s.Keyboard.Shortcuts = []Shortcut{}
	}
	for i := range s.Keyboard.Shortcuts {
		if s.Keyboard.Shortcuts[i].Keys == nil {
			s.Keyboard.Shortcuts[i].Keys = []string{}
		}
	}
}

// mergeSection writes a section over what the file has of it.
func mergeSection(old json.RawMessage, section any) (json.RawMessage, error) {
	next, err := json.Marshal(section)
	if err != nil {
		return next, err
	}
	merged, known := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if json.Unmarshal(old, &merged) != nil || merged == nil {
		merged = map[string]json.RawMessage{}
	}
	if err := json.Unmarshal(next, &known); err != nil {
		return nil, err
	}
	maps.Copy(merged, known)
	return json.Marshal(merged)
}

// readSettings reads the settings file as it is; an empty map where there is none.
func (h *Home) readSettings() (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	data, err := os.ReadFile(h.settingsFile())
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, &Error{
			Code: CodeInput, Message: "the settings file " + h.settingsFile() + " is not JSON", Err: err,
			Hint: "mend or delete it; projects are not touched",
		}
	}
	return all, nil
}

// updateSettings changes the settings file in one step. A file that cannot be read is left alone.
func (h *Home) updateSettings(change func(map[string]json.RawMessage) error) error {
	h.writing.Lock()
	defer h.writing.Unlock()
	all, err := h.readSettings()
	if err != nil {
		return err
	}
	before := maps.Clone(all)
	if err := change(all); err != nil {
		return err
	}
	if maps.EqualFunc(before, all, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
		return nil
	}
	all["version"] = json.RawMessage("1")
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(h.settingsFile(), append(data, '\n'))
}
