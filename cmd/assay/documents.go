package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

// documentFormat is the word for documents of APIs.
const documentFormat = "openapi"

func (p *program) documentsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "documents",
		Short: "Documents of APIs that were imported: ls, rm",
		Long: `Documents lists what "assay import openapi FILE" imported, how much of each was seen, which operations nobody used, and
how many endpoints of its hosts it does not have.`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.documentsList(cmd) },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "ls", Short: "List the documents of the project", Args: takes(0, 0, "no arguments"),
			RunE: func(cmd *cobra.Command, _ []string) error { return p.documentsList(cmd) },
		},
		&cobra.Command{
			Use: "rm DOCUMENT", Short: "Forget a document, by its id or name", Args: takes(1, 1, "an id or a name"),
			RunE: func(cmd *cobra.Command, args []string) error {
				return p.app.RemoveDocument(cmd.Context(), p.project, args[0])
			},
		},
	)
	return cmd
}

func (p *program) documentsList(cmd *cobra.Command) error {
	infos, err := p.app.Documents(cmd.Context(), p.project)
	if err != nil {
		return err
	}
	if p.json {
		for _, info := range infos {
			if err := p.print(info); err != nil {
				return err
			}
		}
		return nil
	}
	if len(infos) == 0 {
		fmt.Fprintln(p.errs, "no document was imported: `assay import openapi FILE` imports one")
		return nil
	}
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tFORM\tHOSTS\tOPERATIONS\tSEEN\tUNSEEN\tSHADOW\tPROBLEMS")
	for _, d := range infos {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\n", d.ID, app.Harmless(d.Name, 40), app.Harmless(d.Form, 24),
			dash(app.Harmless(strings.Join(d.Hosts, ","), 60)), d.Operations, d.Seen, d.Unseen, d.Shadow, len(d.Problems))
	}
	return w.Flush()
}

func (p *program) importDocument(cmd *cobra.Command, name string, hosts []string) error {
	in, _, err := p.source(name)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := p.app.AddDocument(cmd.Context(), p.project, in, filepath.Base(name), hosts)
	if err != nil {
		return err
	}
	if p.json {
		return p.print(info)
	}
	for _, problem := range info.Problems {
		fmt.Fprintf(p.errs, "%s: %s\n", name, app.Harmless(problem, 300))
	}
	fmt.Fprintf(p.errs, "%s, %d operations: %d seen, %d not; %d endpoints of its hosts are not in it\n",
		app.Harmless(info.Form, 24), info.Operations, info.Seen, info.Unseen, info.Shadow)
	if len(info.Hosts) == 0 {
		fmt.Fprintln(p.errs, "the document does not say where it is served, and no traffic tells: --at HOST does")
	}
	return nil
}

// exportDocument writes the inventory as OpenAPI, whole or not at all.
func (p *program) exportDocument(cmd *cobra.Command, query, name string) error {
	var document bytes.Buffer
	notes, err := p.app.WriteOpenAPI(cmd.Context(), p.project, query, &document)
	if err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Fprintln(p.errs, app.Harmless(note, 300))
	}
	if name == "-" {
		_, err := io.Copy(p.out, &document)
		return err
	}
	if err := os.WriteFile(name, document.Bytes(), 0o600); err != nil {
		return &app.Error{Code: app.CodeFailed, Message: "cannot write " + name, Err: err}
	}
	fmt.Fprintf(p.errs, "wrote %s\n", name)
	return nil
}
