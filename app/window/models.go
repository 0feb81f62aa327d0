package window

import models "assay/scanner/target"

// Models is the screen of the models that tests are sent to: discovered in traffic, or imported.
type Models struct{ desk *Desk }

// PresetsOut are the providers whose models can be imported by name.
type PresetsOut struct {
	Presets []string `json:"presets"`
}

// Presets lists the providers whose models can be imported by name.
func (m *Models) Presets(_ Nothing) (out PresetsOut, err error) {
	defer m.desk.guard(&err)
	return PresetsOut{Presets: models.PresetNames()}, nil
}
