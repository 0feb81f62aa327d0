package main

import (
	"encoding/csv"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) inventoryCommand() *cobra.Command {
	var opts app.InventoryOptions
	var asCSV, asOpenAPI bool
	cmd := &cobra.Command{
		Use:   "inventory [QUERY]",
		Short: "List what was discovered: endpoints, models, tools, clients, and what changed",
		Long: `Inventory lists the endpoints of a project, the riskiest first. A query selects them, in the language of assay ls:

  assay inventory kind:llm
  assay inventory 'host:internal and method=POST'
  assay inventory --changes              the timeline
  assay inventory --json                 everything, for programs

docs/inventory.md says what the words mean.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				opts.Query = strings.TrimSpace(opts.Query + " " + strings.Join(args, " "))
			}
			if asCSV && (p.json || opts.Changes) {
				return usage("assay inventory: --csv goes with neither --json nor --changes")
			}
			if asOpenAPI {
				if p.json || asCSV || opts.Changes {
					return usage("assay inventory: --openapi goes with --query only")
				}
				return p.exportDocument(cmd, opts.Query, "-")
			}
			inv, err := p.app.Inventory(cmd.Context(), p.project, opts)
			if err != nil {
				return err
			}
			return p.printInventory(inv, opts, asCSV)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.Query, "query", "", "only endpoints that the filter `Q` selects")
	f.BoolVar(&opts.Changes, "changes", false, "the timeline instead of the endpoints; with --json the whole of it")
	f.BoolVar(&asCSV, "csv", false, "print the endpoints as CSV")
	f.BoolVar(&asOpenAPI, "openapi", false, "print the endpoints as OpenAPI 3.1")
	return cmd
}

func (p *program) printInventory(inv *app.Inventory, opts app.InventoryOptions, asCSV bool) error {
	p.sayBehind(inv)
	switch {
	case p.json:
		return p.print(inv)
	case asCSV:
		return p.inventoryCSV(inv)
	case opts.Changes:
		return p.printChanges(inv)
	}
	return p.printEndpoints(inv, opts)
}

// sayBehind tells what an inventory is not: whole.
func (p *program) sayBehind(inv *app.Inventory) {
	if inv.Behind > 0 {
		fmt.Fprintf(p.errs, "not in the inventory yet: %s; who records works on it\n", number(inv.Behind, "exchange"))
	}
	for _, what := range inv.Full {
		fmt.Fprintln(p.errs, app.Harmless(what, 200))
	}
}

func (p *program) printEndpoints(inv *app.Inventory, opts app.InventoryOptions) error {
	if len(inv.Endpoints) == 0 {
		if opts.Query != "" {
			fmt.Fprintln(p.errs, "no endpoint is selected by this query")
		} else {
			fmt.Fprintln(p.errs, "the inventory is empty: `assay record` or `assay import` fills it")
		}
		return nil
	}
	app.SortInventory(inv.Endpoints)
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "RISK\tKIND\tMETHOD\tENDPOINT\tAUTH\tACCESS\tSENSITIVE\tCOUNT\tNEW")
	for i := range inv.Endpoints {
		e := &inv.Endpoints[i]
		fresh := ""
		if e.New {
			fresh = "new"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", e.Risk, dash(e.Kind), app.Harmless(e.Method, 10), shorten(app.Harmless(endpointName(e), 0), 80),
			dash(strings.Join(e.Auth, ",")), dash(e.Access), dash(app.Harmless(strings.Join(e.SensitiveTypes(), ","), 40)), e.Count, fresh)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	hosts := map[string]bool{}
	for i := range inv.Endpoints {
		hosts[inv.Endpoints[i].Host] = true
	}
	fmt.Fprintf(p.errs, "%s of %s", number(len(inv.Endpoints), "endpoint"), number(len(hosts), "host"))
	if opts.Query == "" { // which says nothing about the others
		fmt.Fprintf(p.errs, ", %s, %s, %s", number(len(inv.Models), "model"), number(len(inv.Tools), "tool"), number(len(inv.Clients), "client"))
	}
	fmt.Fprintln(p.errs)
	return nil
}

// number is how many there are of something, in words.
func number[N int | int64](n N, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// endpointName is host, path and operation as people write them.
func endpointName(e *app.InventoryEndpoint) string {
	name := e.Host + e.Path
	if e.Operation != "" {
		name += " (" + e.Operation + ")"
	}
	return name
}

// shorten leaves out the middle of what is longer than most runes: of a path both ends matter.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most/2-1]) + "…" + string(runes[len(runes)-most/2:])
}

func (p *program) printChanges(inv *app.Inventory) error {
	if len(inv.Changes) == 0 {
		fmt.Fprintln(p.errs, "nothing changed yet: the inventory is empty")
		return nil
	}
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "WHEN\tSEVERITY\tKIND\tWHAT")
	for _, c := range inv.Changes {
		when := dash(c.At)
		if at, err := time.Parse(time.RFC3339Nano, c.At); err == nil {
			when = at.Local().Format("2006-01-02 15:04:05")
		} else if at, err := time.Parse(time.RFC3339Nano, c.Found); err == nil {
			when = "found " + at.Local().Format("2006-01-02 15:04:05") // an import without times
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", when, dash(c.Severity), c.Kind, app.Harmless(c.What, 120))
	}
	return w.Flush()
}

// inventoryCSV prints endpoints for spreadsheets (RFC 4180).
func (p *program) inventoryCSV(inv *app.Inventory) error {
	w := csv.NewWriter(p.out)
	for _, row := range inv.Rows() {
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
