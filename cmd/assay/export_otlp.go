package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) exportOTLP() *cobra.Command {
	var o app.OTLPOptions
	var headers, fromEnv []string
	cmd := &cobra.Command{
		Use:   "otlp --endpoint URL",
		Short: "Send recorded calls of models to a collector, as spans of OpenTelemetry",
		Long: `Otlp sends what a query selects, oldest first, to a collector of OpenTelemetry over HTTP: a span for each call of a
model, an agent or a tool, as the semantic conventions for generative AI have them. Nothing is sent unless you say so
here, and nothing of this command is stored. The same call has the same id whenever it is sent.

  assay export otlp --endpoint http://127.0.0.1:4318 --dry-run
  assay export otlp --endpoint https://otlp.example --header-env Authorization=OTLP_AUTH --query 'provider:openai'

Without --content nothing of what was said is sent. Secrets and personal data stand as placeholders unless --reveal is
given. docs/otlp.md lists every attribute.`,
		Args: takes(0, 0, "no arguments; --endpoint says where to send to"),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.Header, err = otlpHeaders(headers, fromEnv); err != nil {
				return err
			}
			return p.sendOTLP(cmd, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Endpoint, "endpoint", "", "the collector's `URL`; /v1/traces is added")
	f.StringArrayVar(&headers, "header", nil, "a `\"K: V\"` to send along; again for more")
	f.StringArrayVar(&fromEnv, "header-env", nil, "a header `K=VARIABLE` whose value stands in a variable of the environment")
	f.StringVar(&o.Query, "query", "", "the filter `Q`; all exchanges without it")
	f.BoolVar(&o.Content, "content", false, "with what was said: messages, system prompts, arguments and results of tools")
	f.BoolVar(&o.Reveal, "reveal", false, "do not hide secrets and personal data; sealed credentials stay sealed")
	f.BoolVar(&o.DryRun, "dry-run", false, "send nothing, and say what would be sent")
	return cmd
}

// otlpHeaders reads headers as they are given. What is wrong is said without the value: it may be a key.
func otlpHeaders(given, fromEnv []string) (http.Header, error) {
	h := http.Header{}
	for _, line := range given {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, usage("--header takes \"Name: value\", and there is no colon in it")
		}
		h.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	for _, line := range fromEnv {
		name, variable, ok := strings.Cut(line, "=")
		if !ok {
			return nil, usage("--header-env takes Name=VARIABLE, and there is no = in it")
		}
		value := os.Getenv(variable)
		if value == "" {
			return nil, usage("the variable %s is empty or not set; it should hold the header %s", app.Harmless(variable, 60), app.Harmless(name, 60))
		}
		h.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	return h, nil
}

func (p *program) sendOTLP(cmd *cobra.Command, o app.OTLPOptions) error {
	if strings.HasPrefix(o.Endpoint, "http://") && !app.OnThisMachine(o.Endpoint) && !o.DryRun {
		fmt.Fprintln(p.errs, "what is sent there can be read on the way: the address begins with http://")
	}
	bar := p.progress(-1, "sending to "+app.Harmless(o.Endpoint, 60))
	o.Progress = bar.set
	sum, err := p.app.ExportOTLP(cmd.Context(), p.project, o)
	bar.finish()
	if p.json && sum.Endpoint != "" {
		if printed := p.print(sum); printed != nil {
			return printed
		}
	}
	if err != nil {
		return err
	}
	verb := "sent"
	if o.DryRun {
		verb = "would send"
	}
	fmt.Fprintf(p.errs, "%s %s of %s to %s", verb, number(sum.Spans, "span"), number(sum.Exchanges, "exchange"), app.Harmless(sum.Endpoint, 200))
	for i, kind := range slices.Sorted(maps.Keys(sum.Kinds)) {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		fmt.Fprintf(p.errs, "%s%d %s", separator, sum.Kinds[kind], kind)
	}
	fmt.Fprintln(p.errs)
	if sum.LeftOut > 0 {
		fmt.Fprintf(p.errs, "%s left out: no calls of a model, an agent or a tool, or not ended\n", number(sum.LeftOut, "exchange"))
	}
	if o.Content && !o.Reveal {
		fmt.Fprintf(p.errs, "%s hidden\n", number(int64(sum.Hidden), "value"))
	}
	return nil
}
