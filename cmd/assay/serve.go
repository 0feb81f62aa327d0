package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"assay/app"
	"assay/app/window"
)

// serveOptions are the options of `assay serve` that are not the recorder's.
type serveOptions struct {
	listen    string
	noOpen    bool
	noCapture bool
}

// serveLine is the first line of `assay serve --json`, a contract.
type serveLine struct {
	URL     string `json:"url"`
	Listen  string `json:"listen,omitempty"` // of the recorder; absent when nothing is recorded
	Project string `json:"project,omitempty"`
}

func (p *program) serveCommand() *cobra.Command {
	var record app.RecordOptions
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the window in a browser, and record, until Ctrl-C",
		Long: `Serve shows the same window as the desktop app in a browser on this machine, and records into the project.

The printed address holds a secret: whoever has it can do what the window can. It is served on loopback only.`,
		Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("guard") {
				record.Guard = "" // the project says how far it goes
			}
			return p.serve(cmd.Context(), o, record)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "loopback `ADDR` to show the window on; port 0 picks a free one")
	f.BoolVar(&o.noOpen, "no-open", false, "only print the address")
	f.BoolVar(&o.noCapture, "no-capture", false, "record nothing until the window is told to")
	recordFlags(f, &record, "record-listen", "") // the settings name the address
	return cmd
}

func (p *program) serve(ctx context.Context, o serveOptions, record app.RecordOptions) error {
	served, err := window.Serve(ctx, p.app, window.Options{Project: p.project, Record: record, Capture: !o.noCapture}, o.listen)
	if err != nil {
		return err
	}
	if err := p.sayServed(served); err != nil {
		return err
	}
	if !o.noOpen {
		go p.openBrowser(served.Invite())
	}
	return served.Run(ctx)
}

func (p *program) sayServed(served *window.Served) error {
	state := served.State()
	if p.json {
		return p.print(serveLine{served.URL(), state.Capture.Listen, state.Project.Path})
	}
	if _, err := fmt.Fprintln(p.out, served.URL()); err != nil {
		return err
	}
	switch {
	case state.Capture.On:
		fmt.Fprintf(p.errs, "recording on %s into %s\n", state.Capture.Listen, state.Project.Path)
	case state.Project.ReadOnly:
		fmt.Fprintf(p.errs, "%s is open for reading only, and nothing is recorded: %s\n", state.Project.Path, state.Project.Why)
	case state.Project.Fault.Message != "":
		fmt.Fprintln(p.errs, "no project is open: "+state.Project.Fault.Message)
	case state.Capture.Fault.Message != "":
		fmt.Fprintln(p.errs, "nothing is recorded: "+state.Capture.Fault.Message)
	}
	fmt.Fprintln(p.errs, "Ctrl-C stops and keeps everything.")
	return nil
}

// openBrowser opens the system's browser; the address it is given is no longer of use when others have read it.
func (p *program) openBrowser(url string) {
	if err := app.Browse(url); err != nil {
		fmt.Fprintln(p.errs, "no browser could be opened; open the address above in one")
	}
}
