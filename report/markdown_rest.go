package report

import (
	"fmt"
	"strconv"
	"strings"
)

// Bounds of the tables of Markdown.
const (
	mostColumns = 6
	mostItems   = 20 // of a framework that are all listed, tested or not
	mostListed  = 15 // names of one sort
)

func (m *markdownWriter) coverage() {
	if len(m.d.Coverage) == 0 {
		m.line("Nothing is known of any framework.")
	}
	for i := range m.d.Coverage {
		c := &m.d.Coverage[i]
		m.heading(3, escapeWithin(c.Name)+" "+escapeWithin(c.Version))
		var counts []string
		for _, s := range []State{StateVulnerable, StateResisted, StateTested, StateNotTested, StateNotTestable} {
			if n := c.Count(s); n > 0 {
				counts = append(counts, fmt.Sprintf("%d %s", n, strings.ToLower(Word(s))))
			}
		}
		m.line(Plural(len(c.Items), "item", "items") + ": " + And(counts) + ".")
		if c.Note != "" {
			m.paragraphs(c.Note)
		}
		if !m.brief {
			m.board(c)
		} else if i == 0 {
			var rows [][]string
			for j := range c.Items {
				rows = append(rows, []string{escapeCell(c.Items[j].ID), escapeCell(c.Items[j].Title), Word(c.Items[j].State)})
			}
			m.table([]string{"Item", "What", "Stands"}, rows[:min(len(rows), mostItems)])
		}
	}
}

// board is a framework item by item. Of long ones only what was tested has a row.
func (m *markdownWriter) board(c *Coverage) {
	head := []string{"Item", "What", "All", "Cases"}
	assets := c.Assets[:min(len(c.Assets), mostColumns)]
	for _, a := range assets {
		head = append(head, escapeCell(a))
	}
	var rows [][]string
	left := 0
	for i := range c.Items {
		item := &c.Items[i]
		if len(c.Items) > mostItems && (item.State == StateNotTested || item.State == StateNotTestable) {
			left++
			continue
		}
		row := []string{escapeCell(item.ID), escapeCell(item.Title), Word(item.State), strconv.Itoa(item.Cases)}
		for j := range assets {
			state := "–"
			if i < len(c.Cells) && j < len(c.Cells[i]) && c.Cells[i][j].State != "" {
				state = Word(c.Cells[i][j].State)
			}
			row = append(row, state)
		}
		rows = append(rows, row)
	}
	m.table(head, rows)
	if left > 0 {
		m.line("_" + Plural(left, "item was", "items were") + " not tested, or cannot be._")
	}
	if more := len(c.Assets) - len(assets); more > 0 {
		m.line("_" + Plural(more, "more target has", "more targets have") + " no column here._")
	}
}

func (m *markdownWriter) requirements() {
	if len(m.d.Requirements) == 0 {
		m.line("No requirement is set.")
	}
	var rows [][]string
	for i := range m.d.Requirements {
		r := &m.d.Requirements[i]
		failing := "–"
		if r.State != "unknown" {
			failing = fmt.Sprintf("%d of %d", r.Failing, r.Of)
		}
		rows = append(rows, []string{escapeCell(Word(r.State)), escapeCell(Word(r.Severity)), escapeCell(r.Name), escapeCell(r.What), failing, escapeCell(r.Fix), escapeCell(r.Enforced)})
	}
	m.table([]string{"Stands", "Severity", "Requirement", "What was seen", "Failing", "Fix", "Held by"}, rows)
}

func (m *markdownWriter) inventory() {
	s := &m.d.Stock
	m.line(fmt.Sprintf("%s exchanges, %s conversations, %s, %d of them in no document.", Grouped(s.Exchanges), Grouped(s.Conversations), Plural(s.Endpoints, "endpoint", "endpoints"), s.Shadow))
	var rows [][]string
	for i := range s.Riskiest {
		r := &s.Riskiest[i]
		rows = append(rows, []string{escapeCell(r.Name), strconv.Itoa(r.Risk), escapeCell(strings.Join(r.Why, ", "))})
	}
	m.table([]string{"Riskiest endpoints", "Risk", "Why"}, rows)
	rows = nil
	for i := range s.Listed {
		e := &s.Listed[i]
		tested := "no"
		if e.Tested {
			tested = "yes"
		}
		rows = append(rows, []string{escapeCell(e.Name), escapeCell(Word(e.Kind)), escapeCell(Word(e.Access)), escapeCell(strings.Join(e.Models, ", ")), strconv.Itoa(e.Risk), tested, strconv.Itoa(e.Findings)})
	}
	m.table([]string{"AI endpoint", "Kind", "Access", "Models", "Risk", "Tested", "Open findings"}, rows)
	for _, one := range []struct {
		heading string
		list    []Named
	}{{"Models", s.Models}, {"Tools", s.Tools}, {"Clients", s.Clients}, {"AI hosts", s.Hosts}, {"Sensitive data", s.Sensitive}, {"Kinds of endpoints", s.Kinds}, {"Access", s.Access}} {
		rows = nil
		for i, n := range one.list {
			if i == mostListed {
				rows = append(rows, []string{Plural(len(one.list)-i, "more", "more"), ""})
				break
			}
			rows = append(rows, []string{escapeCell(n.Name), Grouped(n.N)})
		}
		m.table([]string{one.heading, "Number"}, rows)
	}
}

func (m *markdownWriter) method() {
	if j := m.d.Judge; j != nil {
		m.named("Accuracy of verdicts", fmt.Sprintf("right on %s of %s answers whose verdict is known, judged by %s; %s false alarms, %s missed. %s",
			share(j.Correct), Grouped(int64(j.Answers)), j.Of, share(j.FalseFind), share(j.Missed), j.Source))
	} else {
		m.named("Accuracy of verdicts", "it was not measured for this project.")
	}
	if m.brief {
		if len(m.d.Tests) > 0 {
			t := &m.d.Tests[0]
			m.named("Newest test", fmt.Sprintf("run %d, %s, %s: %s", t.ID, t.Name, dayOf(t.Started), verdictCounts(t)))
		}
		m.list(m.d.Limits, 3)
		return
	}
	for _, p := range m.d.Method {
		m.paragraphs(p)
	}
	var rows [][]string
	for i := range m.d.Tests {
		t := &m.d.Tests[i]
		judge := "rules only"
		if t.Judge != "" {
			judge = t.Judge
		}
		rows = append(rows, []string{
			strconv.FormatInt(int64(t.ID), 10), escapeCell(t.Name), momentOf(t.Started), escapeCell(Word(t.State)), escapeCell(strings.Join(t.Targets, ", ")), strconv.Itoa(t.Templates),
			verdictCounts(t), Grouped(t.Requests), Grouped(t.Tokens), escapeCell(judge), escapeCell(t.Allowed),
		})
	}
	m.table([]string{"Run", "What", "Started", "State", "Targets", "Templates", "Cases", "Requests", "Tokens", "Judge", "Allowed by"}, rows)
	if len(m.d.Limits) > 0 {
		m.heading(3, "Limits of what was seen")
		m.list(m.d.Limits, len(m.d.Limits))
	}
	m.heading(3, "Limits of this report")
	m.list(append(m.d.Shortened[:len(m.d.Shortened):len(m.d.Shortened)], "Long texts are shortened here and say how much is missing. The project and the JSON of this report hold more of them."), len(m.d.Shortened)+1)
	m.heading(3, "Versions")
	versions := []string{fmt.Sprintf("Assay %s, schema %d", m.d.Version, m.d.Schema)}
	for i := range m.d.Coverage {
		versions = append(versions, m.d.Coverage[i].Name+" "+m.d.Coverage[i].Version)
	}
	m.list(versions, len(versions))
}
