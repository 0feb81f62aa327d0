package app

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// SensitiveTypes are the types of sensitive data at the endpoint, each once.
func (e *InventoryEndpoint) SensitiveTypes() []string {
	var types []string
	for _, s := range e.Sensitive {
		if !slices.Contains(types, s.Type) {
			types = append(types, s.Type)
		}
	}
	return types
}

// SortInventory puts the riskiest endpoints first, then by host, path and method.
func SortInventory(endpoints []InventoryEndpoint) {
	slices.SortStableFunc(endpoints, func(a, b InventoryEndpoint) int {
		return cmp.Or(cmp.Compare(b.Risk, a.Risk), strings.Compare(a.Host, b.Host), strings.Compare(a.Path, b.Path),
			strings.Compare(a.Operation, b.Operation), strings.Compare(a.Method, b.Method))
	})
}

// Rows are the endpoints as lines of a table, the first one the names of the columns. No cell is taken for a formula by
// a spreadsheet.
func (i *Inventory) Rows() [][]string {
	rows := [][]string{{
		"id", "method", "scheme", "host", "path", "operation", "protocol", "kind", "provider", "family", "models", "auth", "access",
		"first_seen", "last_seen", "count", "sensitive", "parameters", "documented", "risk", "why", "new",
	}}
	for n := range i.Endpoints {
		e := &i.Endpoints[n]
		parameters := make([]string, len(e.Parameters))
		for j, p := range e.Parameters {
			parameters[j] = p.In + ":" + p.Name
		}
		why := make([]string, len(e.Risks))
		for j, r := range e.Risks {
			why[j] = r.What
		}
		row := []string{
			e.ID, e.Method, e.Scheme, e.Host, e.Path, e.Operation, e.Protocol, e.Kind, e.Provider, e.Family, strings.Join(e.Models, "; "),
			strings.Join(e.Auth, "; "), e.Access, e.FirstSeen, e.LastSeen, strconv.FormatInt(e.Count, 10), strings.Join(e.SensitiveTypes(), "; "),
			strings.Join(parameters, "; "), e.DocumentState, strconv.Itoa(e.Risk), strings.Join(why, "; "), strconv.FormatBool(e.New),
		}
		for j := range row {
			row[j] = CellText(row[j])
		}
		rows = append(rows, row)
	}
	return rows
}

// CellText makes a text of the traffic fit for a cell: spreadsheets run what begins like a formula, unless an apostrophe
// stands before it (OWASP, CSV injection).
func CellText(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
