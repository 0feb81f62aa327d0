package report

// Attack is what coverage needs to know of a template of the library: the ids that it carries.
type Attack struct {
	ID    string
	OWASP []string
	ASI   []string
	ATLAS []string
	CWE   []int
}

// Coverage says how every framework stands, in a fixed order. It is deterministic and does not depend on the order of what
// it is given; a weakness never makes an item or a cell better.
func (s *Scene) Coverage() []Coverage {
	return []Coverage{{ID: "owasp-llm", Name: "OWASP Top 10 for LLM Applications", Version: "2025", Items: s.covered()}}
}
