package paper

import (
	"fmt"

	"assay/report"
)

// Pair is a colour on what it stands on.
type Pair struct {
	Name        string
	Front, Back [3]uint8
}

// Pairs are the colours of texts with what they stand on.
func Pairs() []Pair {
	var all []Pair
	add := func(name string, front, back ink) {
		all = append(all, Pair{name, [3]uint8{front.r, front.g, front.b}, [3]uint8{back.r, back.g, back.b}})
	}
	for _, c := range []struct {
		name        string
		front, back ink
	}{
		{"text", dark, white},
		{"text in a box", dark, codeBy},
		{"text on a tint", dark, tint},
		{"a mark", dark, marked},
		{"new text", dark, greenTint},
		{"old text", dark, redTint},
		{"quiet", quiet, white},
		{"quiet in a box", quiet, codeBy},
		{"quiet on a tint", quiet, tint},
		{"accent", accent, white},
		{"head of a table", accent, pale},
		{"tag", accent, pale},
		{"a number of a character", amberInk, amberTint},
		{"new", red, redTint},
		{"fixed", green, greenTint},
		{"still", amberInk, amberTint},
		{"red", red, white},
		{"green", green, white},
		{"none", quiet, ink{0xe9, 0xec, 0xf0}},
	} {
		add(c.name, c.front, c.back)
	}
	for _, sev := range report.Severities {
		word, c := severityOf(sev)
		add(word, white, c)
		add(word+" on paper", c, white)
	}
	for _, s := range []report.State{report.StateVulnerable, report.StateResisted, report.StateTested, report.StateNotTested, report.StateNotTestable} {
		word, _, front, back := stateOf(s)
		add(word, front, back)
	}
	for _, p := range []report.Priority{report.P0, report.P1, report.P2} {
		add(fmt.Sprint(p), white, priorityStyle(p).ink)
	}
	for _, grade := range []string{"A", "B", "C", "D", "E", "F"} {
		add("grade "+grade, gradeInk(&report.Posture{Enough: true, Grade: grade}), tint)
	}
	return all
}
