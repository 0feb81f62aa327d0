package report

import (
	"fmt"

	"assay/scanner"
)

// Requirement.State.
const (
	RequirementPass    = "pass"
	RequirementFail    = "fail"
	RequirementUnknown = "unknown"
)

// requirementReasons are of what has to hold and does not, or of which nothing is known: unknown never counts as good. A
// requirement that applies to nothing takes nothing away, and neither does one that says again what other areas count.
func (s *Scene) requirementReasons() (reasons []Deduction) {
	for i := range s.Required {
		r := &s.Required[i]
		full := requirementWeights[scanner.Severity(r.Severity)]
		if r.State == RequirementPass || r.Of == 0 || full == 0 || r.Apart {
			continue
		}
		what := "fails"
		if r.State == RequirementUnknown {
			what = "is not known to hold"
		}
		reasons = append(reasons, Deduction{
			Area: AreaRequirements, Code: "requirement-" + r.State, Full: full, Ref: "requirement:" + r.ID, What: fmt.Sprintf("%q %s: %s", r.Name, what, r.What),
		})
	}
	return reasons
}
