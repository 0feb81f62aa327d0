package app

import (
	"fmt"
	"time"

	"assay/report"
	"assay/scanner"
)

// verdictAccuracy is how right the rules are where that can be known, as docs/judging.md measures it.
const verdictAccuracy = "How right verdicts of the rules are was measured on servers whose behaviour is known, not on these targets: of one that obeys, dressed in 20 ways, " +
	"they called 95.7 % of 5,520 answers vulnerable; of one that refuses in 67 ways, none of 7,940."

// limitsPatience bounds how long counting for the limits of a report may take.
const limitsPatience = 200 * time.Millisecond

// method says how it was tested.
func (g *reportGatherer) method() []string {
	var text []string
	if n := g.doc.Stock.Exchanges; n > 0 {
		text = append(text, fmt.Sprintf("Traffic was recorded or imported (%d exchanges); endpoints, models, tools and the data that flows were worked out from it. "+
			"Only what was seen is told: what nobody used is not there.", n))
	}
	if len(g.doc.Tests) == 0 {
		return append(text, "Nothing was tested. That no finding stands in this report says nothing about weaknesses.")
	}
	text = append(text,
		"Weaknesses were looked for with attack templates. A case is one attack on one target; it is tried once or several times, because what models answer varies.",
		"A case is vulnerable only where the answer proves it: a mark that the attack planted comes back, a tool is called that must not be, or a text that was to stay secret stands in "+
			"the answer. Cases that came to no verdict count on neither side, and are not taken for resisted.",
		verdictAccuracy,
		"Rates stand with the interval that holds the true rate in 95 of 100 cases (Wilson).")
	if g.o.Audience == report.Retest {
		text = append(text, "Fixed is what was sent again, the same attack to the same target, and resisted in every case. What was not sent again is unknown, not fixed.")
	}
	if looked, wrong := g.judgedByPeople(); looked > 0 {
		text = append(text, fmt.Sprintf("People looked at %s: %d of them turned out to be no weakness.", count(looked, "finding", "findings"), wrong))
	}
	return append(text, "The score takes points away for weaknesses, risky endpoints, threats, requirements that do not hold, and for what nobody tested or could read. "+
		"What is not known never counts as good.")
}

// judgedByPeople counts the findings that a person took a view of, and those of them that are none.
func (g *reportGatherer) judgedByPeople() (looked, wrong int) {
	for i := range g.scene.Findings {
		switch g.scene.Findings[i].State {
		case scanner.FindingFalsePositive:
			looked++
			wrong++
		case scanner.FindingVerified, scanner.FindingAccepted:
			looked++
		case scanner.FindingNew, scanner.FindingFixed:
		}
	}
	return looked, wrong
}
