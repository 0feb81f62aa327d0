package storage

import (
	"fmt"
	"slices"
	"strings"
)

// conditions are the parts of a WHERE with their arguments.
type conditions struct {
	parts []string
	args  []any
}

func (w *conditions) add(part string, args ...any) {
	w.parts = append(w.parts, part)
	w.args = append(w.args, args...)
}

// in asks for one of several values; none asks for nothing.
func (w *conditions) in(column string, values []string) {
	if len(values) == 0 {
		return
	}
	w.add("("+column+" IN (?"+strings.Repeat(", ?", len(values)-1)+"))", anys(values)...)
}

// within asks for a text in one of several columns, whatever the case of its ASCII letters.
func (w *conditions) within(text string, columns ...string) {
	if text == "" {
		return
	}
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
	w.add("("+strings.Join(columns, ` LIKE ? ESCAPE '\' OR `)+` LIKE ? ESCAPE '\')`, slices.Repeat([]any{like}, len(columns))...)
}

// line asks for a column of lines with one of several.
func (w *conditions) line(column string, values []string) {
	if len(values) == 0 {
		return
	}
	one := "instr(char(10) || " + column + " || char(10), char(10) || ? || char(10)) > 0"
	w.add("("+one+strings.Repeat(" OR "+one, len(values)-1)+")", anys(values)...)
}

func anys(values []string) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	return list
}

func (w *conditions) text() (string, []any) {
	if len(w.parts) == 0 {
		return "1", nil
	}
	return strings.Join(w.parts, " AND "), w.args
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// orderOf is the ORDER BY of a sort: a word of orders, whose columns go down where they have a "-" before them. A "-"
// before the word turns all of it round.
func orderOf(orders map[string][]string, sort string) (string, error) {
	word, round := strings.CutPrefix(sort, "-")
	columns, ok := orders[word]
	if !ok {
		return "", fmt.Errorf("there is no order %q", sort)
	}
	parts := make([]string, len(columns))
	for i, column := range columns {
		name, down := strings.CutPrefix(column, "-")
		if parts[i] = name; down != round {
			parts[i] += " DESC"
		}
	}
	return strings.Join(parts, ", "), nil
}

func limitOf(limit int) int {
	if limit <= 0 {
		return -1
	}
	return limit
}
