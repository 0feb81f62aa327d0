package window

// Settings is what a person can change, and facts about this installation.
type Settings struct{ desk *Desk }

// SettingsOut is what a person can change.
type SettingsOut struct{}

// Load returns the settings.
func (s *Settings) Load(Nothing) (out SettingsOut, err error) {
	defer s.desk.guard(&err)
	return out, errSoon
}
