package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assay/app"
)

func (p *program) recordCommand() *cobra.Command {
	var opts app.RecordOptions
	var ready int
	cmd := &cobra.Command{
		Use:   "record",
		Short: "Record traffic into the project until Ctrl-C",
		Long: `Record listens on a local port and records what passes into the project file.

A program can use it in two ways:
  * as its base URL, with no certificate at all:  http://127.0.0.1:8080/r/openai/v1, /r/anthropic, /r/gemini, …
  * as its proxy: assay launch starts programs, terminals and browsers that already use and trust it`,
		Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.Project = p.project
			return p.record(cmd.Context(), opts, ready)
		},
	}
	recordFlags(cmd.Flags(), &opts, "listen", app.DefaultListen)
	cmd.Flags().IntVar(&ready, "ready-fd", 0, "write the ready line as JSON to this file descriptor `N` and close it")
	return cmd
}

// recordFlags are the options of everything that records; name is what the option of the address is called.
func recordFlags(f *pflag.FlagSet, opts *app.RecordOptions, name, listen string) {
	f.StringVar(&opts.Listen, name, listen, "`ADDR` to listen on; port 0 picks a free one")
	f.BoolVar(&opts.AllowRemote, "allow-remote", false, "listen on an address other machines can reach (anybody there can then use the proxy)")
	f.StringSliceVar(&opts.Scope, "scope", nil, "decrypt only these `HOST`s (api.example.com, *.example.com, 10.0.0.0/8, host:port); others pass through unread")
	f.StringSliceVar(&opts.PassThrough, "pass-through", nil, "never decrypt these `HOST`s")
	f.BoolVar(&opts.PassRefused, "pass-refused", false, "stop decrypting a host after a client refused our certificate for it")
	f.StringVar(&opts.UpstreamProxy, "upstream-proxy", "", "reach servers through this proxy: `URL` http://user:pass@host:port, https:// or socks5://")
	f.StringVar(&opts.UpstreamCA, "upstream-ca", "", "also trust the certificates in this `PEM` file")
	f.BoolVar(&opts.InsecureUpstream, "insecure-upstream", false, "do not verify the certificates of servers; each exchange says so")
	f.StringSliceVar(&opts.AcceptCertificate, "accept-certificate", nil, "accept whatever certificate these `HOST`s show")
	f.StringSliceVar(&opts.ClientCerts, "client-cert", nil, "present this certificate: `HOST=CERT.pem,KEY.pem` (repeatable; HOST may be *)")
	f.StringSliceVar(&opts.Resolve, "resolve", nil, "connect to `HOST=ADDR` instead of what DNS says")
	f.StringVar(&opts.Reverse, "reverse", "", "send requests without a host to this `URL`")
	f.StringSliceVar(&opts.Providers, "provider", nil, "add `NAME=URL` to reverse mode: http://PORT/r/NAME/… goes to URL/…")
	f.StringVar(&opts.Guard, "guard", "off", "obey the project's policies: `MODE` off, monitor (decides and records, changes nothing) or enforce")
}

// readyLine is the first line of `assay record --json`, a contract.
type readyLine struct {
	Listen  string `json:"listen"`
	CA      string `json:"ca"`
	Project string `json:"project"`
}

func (p *program) record(ctx context.Context, opts app.RecordOptions, ready int) error {
	rec, err := p.app.Record(ctx, opts)
	if err != nil {
		return err
	}
	if err := p.sayReady(rec, ready); err != nil {
		return errors.Join(err, rec.Close())
	}
	if !p.json {
		p.sayHow(rec)
	} else {
		fmt.Fprint(p.errs, guardWords(rec.Status().Guard)) // what changes traffic says so
	}
	if p.json || p.quiet || !terminal(p.errs) {
		<-rec.Done(ctx)
	} else {
		if terminal(p.in) {
			go p.answerWaiting(rec)
		}
		p.showStatus(ctx, rec)
	}
	err = rec.Close()
	if !p.json {
		s := rec.Status()
		fmt.Fprintf(p.errs, "recorded %d exchanges into %s%s\n", s.Recorded, rec.Project(), lostWords(s))
	}
	return err
}

func (p *program) sayReady(rec *app.Recording, fd int) error {
	line := readyLine{rec.Listen(), rec.CAPath(), rec.Project()}
	if p.json {
		if err := p.print(line); err != nil {
			return err
		}
	}
	if fd > 0 {
		f := os.NewFile(uintptr(fd), "ready")
		if f == nil {
			return usage("--ready-fd %d is not an open file descriptor", fd)
		}
		q := *p
		q.out = f
		if err := q.print(line); err != nil {
			return fmt.Errorf("write to --ready-fd %d: %w", fd, err)
		}
		return f.Close()
	}
	return nil
}

func (p *program) sayHow(rec *app.Recording) {
	self := os.Args[0]
	fmt.Fprintf(p.errs, `recording on %s into %s

  an SDK, no certificate needed   OPENAI_BASE_URL=http://%s/r/openai/v1   (also /r/anthropic, /r/gemini, …)
  any program                     %s launch -- node app.js
  a browser                       %s launch browser
  what was recorded               %s ls

%sCtrl-C stops and keeps everything.
`, rec.Listen(), rec.Project(), rec.Listen(), self, self, self, guardWords(rec.Status().Guard))
}

// guardWords says how the guard goes, in a paragraph of its own; nothing while it is off.
func guardWords(g app.GuardState) string {
	if g.Mode == "off" {
		return ""
	}
	does := "what they say is recorded, and nothing is changed"
	if g.Mode == "enforce" {
		does = "what cannot be looked at in time passes (they fail open)"
		switch {
		case g.Closed > 0 && g.Closed == g.Policies:
			does = "what cannot be looked at in time is stopped (they fail closed)"
		case g.Closed > 0:
			does = fmt.Sprintf("what cannot be looked at in time is stopped by %d of them (they fail closed) and passes the others (they fail open)", g.Closed)
		}
	}
	if g.Policies == 0 {
		does = "nothing is looked at; `assay policy presets` shows policies to begin with"
	}
	return fmt.Sprintf("guard: %s, %s on: %s\n", g.Mode, policies(g.Policies), does)
}

// showStatus keeps one line up to date until the recording ends.
func (p *program) showStatus(ctx context.Context, rec *app.Recording) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	var ask asking
	for {
		select {
		case <-rec.Done(ctx):
			fmt.Fprint(p.errs, "\r\x1b[K")
			return
		case <-tick.C:
			ask.show(p, rec)
			s := rec.Status()
			fmt.Fprintf(p.errs, "\r\x1b[K● %d exchanges · %d open · %d clients%s", s.Recorded, s.Open, s.Clients, lostWords(s))
		}
	}
}

// lostWords says what was not kept, and nothing when all was.
func lostWords(s app.Status) string {
	var words []string
	if s.Tunnels > 0 {
		words = append(words, fmt.Sprintf("%d tunnels passed through unread", s.Tunnels))
	}
	if s.Refused > 0 {
		words = append(words, fmt.Sprintf("%d times a client refused our certificate", s.Refused))
	}
	if s.Lost > 0 {
		words = append(words, fmt.Sprintf("%d bytes NOT KEPT: %s", s.Lost, s.LostWhy))
	}
	if s.Guard.Rulings > 0 {
		words = append(words, number(s.Guard.Rulings, "ruling")+" of the guard")
	}
	if s.Guard.Waiting > 0 {
		words = append(words, fmt.Sprintf("%d WAITING for a person", s.Guard.Waiting))
	}
	if s.Guard.Lost > 0 {
		words = append(words, number(s.Guard.Lost, "ruling")+" NOT KEPT")
	}
	if s.Undelivered > 0 {
		words = append(words, number(s.Undelivered, "alert")+" NOT DELIVERED")
	}
	if s.Overflow > 0 {
		words = append(words, fmt.Sprintf("%d bytes waiting in the journal", s.Overflow))
	}
	if len(words) == 0 {
		return ""
	}
	return " · " + strings.Join(words, " · ")
}
