package requirement_test

import (
	"io/fs"
	"testing"

	"assay/scanner/requirement"
	"assay/templates"
)

func presets(t testing.TB) []*requirement.Requirement {
	t.Helper()
	folder, err := fs.Sub(templates.Requirements, "requirements")
	if err != nil {
		t.Fatal(err)
	}
	all, problems := requirement.Load(folder)
	for _, p := range problems {
		t.Error(p)
	}
	return all
}

// TestPresets reads every requirement that comes with the program, and with that proves its samples.
func TestPresets(t *testing.T) {
	t.Parallel()
	all := presets(t)
	if len(all) < 25 {
		t.Errorf("there are %d presets", len(all))
	}
	asked, owasp := map[requirement.Of]bool{}, map[string]bool{}
	for _, r := range all {
		asked[r.Of] = true
		for _, id := range r.OWASP {
			owasp[id] = true
		}
		if len(r.OWASP) == 0 || r.Samples < 2 || r.Own {
			t.Errorf("%s names no item of OWASP, or has too few samples", r.ID)
		}
	}
	for _, of := range requirement.Subjects {
		if !asked[of] && of != requirement.Clients && of != requirement.Exchanges {
			t.Errorf("no preset is about %s", of)
		}
	}
	for _, id := range []string{"LLM01:2025", "LLM02:2025", "LLM03:2025", "LLM04:2025", "LLM05:2025", "LLM06:2025", "LLM07:2025", "LLM08:2025", "LLM10:2025"} {
		if !owasp[id] {
			t.Errorf("no preset is about %s", id)
		}
	}
}
