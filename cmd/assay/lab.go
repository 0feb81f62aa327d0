package main

import (
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assay/lab"
)

// labLine is the first line of `assay lab --json`, a contract.
type labLine struct {
	URL   string   `json:"url"`
	Weak  []string `json:"weak"`
	Guard []string `json:"guard"`
	Desk  string   `json:"desk"`
}

func (p *program) labCommand() *cobra.Command {
	var addr, cert, key string
	var weak, guards []string
	var withTLS bool
	var pace time.Duration
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "Run the practice target: an AI application on loopback that speaks every provider's format",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			set, err := lab.ParseWeak(weak...)
			if err != nil {
				return usage("assay lab: %v", err)
			}
			guard, err := lab.ParseGuard(guards...)
			if err != nil {
				return usage("assay lab: %v", err)
			}
			opts := lab.Options{Pace: pace, Weak: set, Guard: guard, Logger: p.app.Log}
			if cert != "" || key != "" {
				pair, err := tls.LoadX509KeyPair(cert, key)
				if err != nil {
					return fmt.Errorf("cannot read --cert and --key: %w", err)
				}
				opts.Certificate, withTLS = &pair, true
			}
			server, err := lab.New(opts).Start(cmd.Context(), addr, withTLS)
			if err != nil {
				return err
			}
			if p.json {
				err = p.print(labLine{server.URL(), set.Names(), guard.Names(), server.Desk()})
			} else {
				_, err = fmt.Fprintf(p.out, "practice target at %s\n\n  OpenAI     %[1]s/v1\n  Anthropic  %[1]s/anthropic\n  Gemini     %[1]s/gemini\n  Ollama     %[1]s/ollama\n  MCP        %[1]s/mcp\n  help desk  %s (POST /v1/tickets/4101 with the key key-ada-4101)\n\nweaknesses  %s\nguards      %s\n\nAny key works but \"bad\". Ctrl-C stops.\n", server.URL(), server.Desk(), listed(set.Names()), listed(guard.Names()))
			}
			if err != nil {
				return err
			}
			return server.Wait()
		},
	}
	f := cmd.Flags()
	f.StringVar(&addr, "addr", "127.0.0.1:0", "`ADDR` to listen on; port 0 picks a free one")
	f.BoolVar(&withTLS, "tls", false, "serve TLS (h2 and http/1.1) with a self-signed certificate")
	f.StringVar(&cert, "cert", "", "the certificate for --tls, a `PEM` file")
	f.StringVar(&key, "key", "", "its key, a `PEM` file")
	f.StringSliceVar(&weak, "weak", []string{"none"}, "`LIST` of weaknesses it has: all, none, LLM01 to LLM10, API1 to API10")
	f.StringSliceVar(&guards, "guard", []string{"none"}, "`LIST` of guards in front of it: input, output, classifier, all, none")
	f.DurationVar(&pace, "pace", 5*time.Millisecond, "time between the pieces of a streamed answer")
	cmd.AddCommand(p.labPopulation())
	return cmd
}

// listed is a list for people.
func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
