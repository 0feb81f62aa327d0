package window

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"assay/app"
	"assay/scanner"
	"assay/traffic"
)

// inventoryWriters are the formats in which the inventory is saved.
var inventoryWriters = map[string]struct {
	end, mime string
	write     func(s *stock, query *traffic.Query, w io.Writer) error
}{
	"csv": {"-inventory.csv", "text/csv; charset=utf-8", (*stock).writeCSV},
}

// Export saves the inventory as a file.
func (i *Inventory) Export(in ExportInventoryIn) (out SaveOut, err error) {
	defer i.desk.guard(&err)
	format, ok := inventoryWriters[in.Format]
	if !ok {
		return out, &app.Error{Code: app.CodeUsage, Message: "the inventory cannot be saved as " + strconv.Quote(clip(in.Format, 40)), Hint: "csv, json"}
	}
	query, err := parseQuery(in.Query)
	if err != nil {
		return out, err
	}
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	return i.desk.save(&file{
		title: "Save the inventory", kind: "export", mime: format.mime, name: projectName(project.Store().Path()) + format.end,
		write: func(ctx context.Context, w io.Writer, _ func(done, all int64)) (string, error) {
			s, err := i.stock() // as it is when it is written
			if err != nil {
				return "", err
			}
			s.ctx = ctx
			return "", format.write(s, query, w)
		},
	})
}

// csvColumns are the columns of the file.
var csvColumns = []string{
	"id", "method", "scheme", "host", "path", "operation", "protocol", "kind", "provider", "family", "models", "auth", "access", "documented",
	"first_seen", "last_seen", "count", "sensitive", "risk", "why", "dynamic", "streamed",
}

func (s *stock) writeCSV(query *traffic.Query, w io.Writer) error {
	all := s.catalogue.Find(query)
	if err := sortEndpoints(all, "host", false); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(csvColumns); err != nil {
		return err
	}
	for _, e := range all {
		if err := out.Write(s.csvLine(e)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (s *stock) csvLine(e *scanner.Endpoint) []string {
	r := s.row(e)
	line := []string{
		r.ID, r.Method, r.Scheme, r.Host, r.Path, r.Operation, r.Protocol, r.Kind, r.Provider, r.Family, strings.Join(r.Models, " "),
		strings.Join(r.Auth, " "), r.Access, r.Documented, r.FirstSeen, r.LastSeen, strconv.FormatInt(r.Count, 10),
		strings.Join(r.Sensitive, " "), strconv.Itoa(r.Risk), r.Why, strconv.FormatBool(r.Dynamic), strconv.FormatBool(r.Streamed),
	}
	for n := range line {
		line[n] = harmlessCell(line[n])
	}
	return line
}

// harmlessCell keeps a spreadsheet from taking what came from the traffic for a formula.
func harmlessCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(text[0])) {
		return "'" + text
	}
	return text
}
