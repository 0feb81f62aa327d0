package report

import "assay/scanner"

// The score starts at 100. This table is all there is to what takes points away; docs/posture.md prints it with the
// reasons. Every area has a limit, so that none hides the others.
var limits = map[Area]float64{
	AreaFindings:     40,
	AreaCoverage:     20,
	AreaInventory:    12,
	AreaThreats:      10,
	AreaRequirements: 10,
	AreaSight:        8,
}

// AreaLimit is the most an area takes away, and why it is so much.
type AreaLimit struct {
	Area  Area
	Limit float64
	Why   string
}

// Areas are the parts of the score, the heaviest first.
func Areas() []AreaLimit {
	return []AreaLimit{
		{AreaFindings, limits[AreaFindings], "what is proven weighs most"},
		{AreaCoverage, limits[AreaCoverage], "a category that is open, or that nobody tested: it may be as bad"},
		{AreaInventory, limits[AreaInventory], "what is exposed is a risk, whatever tests said"},
		{AreaThreats, limits[AreaThreats], "they are attempts; what they came to is a finding"},
		{AreaRequirements, limits[AreaRequirements], "what has to hold and does not, or is not known to"},
		{AreaSight, limits[AreaSight], "what nobody looked at can hold anything"},
	}
}

// findingWeights are the points of an open weakness.
var findingWeights = map[scanner.Severity]float64{
	scanner.SeverityCritical: 25, scanner.SeverityHigh: 12, scanner.SeverityMedium: 5, scanner.SeverityLow: 2,
}

// threatWeights are the points of a threat that nobody closed.
var threatWeights = map[scanner.Severity]float64{
	scanner.SeverityCritical: 5, scanner.SeverityHigh: 2.5, scanner.SeverityMedium: 1, scanner.SeverityLow: 0.3,
}

// requirementWeights are the points of a requirement that fails, or of which nothing is known.
var requirementWeights = map[scanner.Severity]float64{
	scanner.SeverityCritical: 4, scanner.SeverityHigh: 2.5, scanner.SeverityMedium: 1, scanner.SeverityLow: 0.5,
}

const (
	itemWeight      = 2.0  // an item of the list that is vulnerable or not tested
	leastRisk       = 20   // an endpoint of less risk takes nothing away
	riskShare       = 0.05 // points for each point of an endpoint's risk
	unreadWeight    = 4.0  // if all traffic passed through unread
	untestedWeight  = 4.0  // if no AI endpoint was tested
	criticalCeiling = 49.9 // with a critical weakness open nothing is better than this
	enoughItems     = 4    // categories with a verdict that make a score
)

// grades are the least scores of the grades.
var grades = []struct {
	least float64
	grade string
}{{90, "A"}, {80, "B"}, {65, "C"}, {50, "D"}, {30, "E"}, {0, "F"}}

func grade(score float64) string {
	for _, g := range grades {
		if score >= g.least {
			return g.grade
		}
	}
	return "F"
}

func severityWord(s scanner.Severity) string {
	switch s {
	case scanner.SeverityCritical:
		return "Critical"
	case scanner.SeverityHigh:
		return "High"
	case scanner.SeverityMedium:
		return "Medium"
	case scanner.SeverityLow:
		return "Low"
	case scanner.SeverityInfo:
		return "Info"
	}
	return string(s)
}
