package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"assay/app"
)

func (p *program) modelsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "models",
		Short: "Models to test: add, ls, try, rm, names, find",
		Long: `Models are what is tested. Import one from its provider, from a recorded exchange, or from a request you have:

  assay models add --provider openai --model gpt-4.1-mini --key-env OPENAI_API_KEY
  assay models add --provider custom --url https://staging.example/chat --body request.json --key-env TOKEN
  assay models add --from exchange:17 --use-recorded-key
  assay models add --from curl:request.sh

An import sends one harmless prompt and keeps the model when an answer comes. Keys are used and not kept, unless
--keep-key puts them into the keychain. docs/models.md says more.`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.modelsAdd(), p.modelsList(), p.modelsTry(), p.modelsRemove(), p.modelsNames(), p.modelsFind())
	return cmd
}

// modelFlags are the options by which a model is reached.
type modelFlags struct {
	app.ModelOptions
	body     string
	keyStdin bool
}

func (f *modelFlags) key(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.Key.Env, "key-env", "", "the environment `VAR`iable that holds the key (A+B joins two with a colon)")
	flags.BoolVar(&f.keyStdin, "key-stdin", false, "read the key from standard input")
	flags.BoolVar(&f.Recorded, "use-recorded-key", false, "send the credentials that were recorded with the exchange")
	flags.DurationVar(&f.Reach.Patience, "timeout", 0, "how long one answer may take (default 1m)")
	flags.StringVar(&f.Reach.CA, "ca", "", "trust the certificates in `FILE` (PEM) too")
}

func (f *modelFlags) address(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.Provider, "provider", "", "openai, anthropic, gemini, deepseek, llama, grok, mistral, groq, openrouter, cohere, azure, bedrock, ollama, vllm, lmstudio or custom")
	flags.StringVar(&f.URL, "url", "", "the service's address: its base URL, or that of the request")
	flags.StringVar(&f.Auth, "auth", "", "how the key is sent: bearer, header:NAME, query:NAME, basic, sigv4:REGION or none (default: the provider's way)")
	flags.StringArrayVar(&f.Header, "header", nil, `a header, "Name: value"; {{env:VAR}} stands for a variable; may be repeated`)
}

func (p *program) modelsAdd() *cobra.Command {
	var f modelFlags
	cmd := &cobra.Command{
		Use: "add", Short: "Import a model: ask it one harmless question, and keep it", Args: takes(0, 0, "options only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.readModelFlags(&f); err != nil {
				return err
			}
			result, err := p.app.AddModel(cmd.Context(), p.project, f.ModelOptions)
			if err != nil {
				return err
			}
			return p.printModel(result)
		},
	}
	f.address(cmd)
	f.key(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.Name, "name", "", "what the model is called here")
	flags.StringVar(&f.Model, "model", "", "the model's name at its provider")
	flags.StringVar(&f.Method, "method", "", "the method of the request (default POST)")
	flags.StringVar(&f.body, "body", "", "the request's body from `FILE`, with {{prompt}} where the prompt goes")
	flags.StringVar(&f.Slot, "prompt-slot", "", "where the prompt goes: a JSON `POINTER` such as /messages/0/content, or query:NAME, form:NAME, header:NAME, body:")
	flags.StringVar(&f.Answer, "answer-path", "", "where the answer is: a JSON `POINTER` such as /choices/0/message/content, or body")
	flags.StringVar(&f.Role, "role", "", "the test role whose credentials it uses")
	flags.StringVar(&f.From, "from", "", "make it of a request: exchange:ID, asset:ID, or curl:, har:, burp:, raw:, postman:, openapi:, jsonl: and a `FILE` (FILE#N for its N-th request)")
	flags.BoolVar(&f.Key.Keep, "keep-key", false, "keep the key in the keychain of this computer")
	flags.BoolVar(&f.NoTry, "no-try", false, "keep the model without asking it anything")
	return cmd
}

// mostKey bounds a key from standard input.
const mostKey = 64 << 10

// mostBody bounds the body of a request from a file.
const mostBody = 16 << 20

// readModelFlags completes the options with what stands in files and on standard input.
func (p *program) readModelFlags(f *modelFlags) error {
	if f.keyStdin && (f.body == "-" || strings.HasSuffix(f.From, ":-")) {
		return usage("assay models: standard input cannot hold both the key and the request")
	}
	if f.Reach.Patience < 0 {
		return usage("assay models: --timeout takes a time such as 30s")
	}
	if f.keyStdin {
		if err := p.takeKey("assay models", &f.Key); err != nil {
			return err
		}
	}
	if f.body == "" {
		return nil
	}
	var err error
	f.Body, err = p.readFile(f.body, mostBody)
	return err
}

// takeKey reads the key of a command from standard input, in place of a variable.
func (p *program) takeKey(command string, key *app.ModelKey) (err error) {
	if key.Env != "" {
		return usage("%s: give --key-env or --key-stdin, not both", command)
	}
	key.Value, err = p.readKey()
	return err
}

// readKey reads a key without showing it.
func (p *program) readKey() (string, error) {
	var line string
	var err error
	if terminal(p.in) {
		fmt.Fprint(p.errs, "key: ")
		var typed []byte
		typed, err = term.ReadPassword(int(p.in.Fd()))
		line = string(typed)
		fmt.Fprintln(p.errs)
	} else {
		line, err = bufio.NewReader(io.LimitReader(p.in, mostKey)).ReadString('\n')
		if line != "" {
			err = nil
		}
	}
	if line = strings.TrimSpace(line); err != nil || line == "" {
		return "", &app.Error{Code: app.CodeInput, Message: "there is no key on standard input", Err: err, Hint: "pipe it in, or name a variable with --key-env"}
	}
	return line, nil
}

// printModel tells what came of a model; a failed one ends with exit status 3.
func (p *program) printModel(r *app.ModelResult) error {
	failed := r.Status == "failed"
	if p.json {
		if err := p.print(r); err != nil {
			return err
		}
	} else if !failed {
		p.describeModel(r)
	}
	if !failed {
		return nil
	}
	text := app.Harmless(r.Error, 800)
	if r.Cause != "" && !p.json {
		text += "\n  cause: " + r.Cause
	}
	if r.Fix != "" {
		text += "\n  to do: " + app.Harmless(r.Fix, 300)
	}
	fmt.Fprintln(p.errs, "assay: "+text)
	return exitCode(exitFailed)
}

func (p *program) describeModel(r *app.ModelResult) {
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, app.Harmless(value, 400))
		}
	}
	line("model", r.ID)
	line("name", r.Name)
	line("address", r.URL)
	line("key", r.Secret)
	line("prompt in", r.Slot)
	line("answer in", r.AnswerPath)
	if r.Status == "ok" {
		tokens := ""
		if r.Input != nil && r.Output != nil {
			tokens = fmt.Sprintf(", %d tokens in, %d out", *r.Input, *r.Output)
		}
		line("status", fmt.Sprintf("answered in %.0f ms%s", r.LatencyMS, tokens))
		line("asked", r.Prompt)
		line("answered", r.Answer)
	} else {
		line("status", r.Status)
	}
	_ = w.Flush() // what is printed to a terminal that is gone needs no error
}

func (p *program) modelsList() *cobra.Command {
	return &cobra.Command{
		Use: "ls", Short: "List the models that were imported, and those that traffic showed", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.Models(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			return list(p, rows, "no models yet: they appear as traffic is seen, and `assay models add` imports one", "ID\tSTATE\tPROVIDER\tMODEL\tHOST\tSTATUS\tSEEN\tNAME", func(w io.Writer, r *app.ModelRow) {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", r.ID, r.State, dash(r.Provider), dash(app.Harmless(r.Model, 40)),
					app.Harmless(r.Host, 40), dash(r.Status), r.Count, app.Harmless(r.Name, 50))
			})
		},
	}
}

func (p *program) modelsTry() *cobra.Command {
	var f modelFlags
	cmd := &cobra.Command{
		Use: "try MODEL", Short: "Ask an imported model the harmless question again", Args: takes(1, 1, "the id or name of a model"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.readModelFlags(&f); err != nil {
				return err
			}
			result, err := p.app.TryModel(cmd.Context(), p.project, args[0], f.Key, f.Recorded, f.Reach)
			if err != nil {
				return err
			}
			return p.printModel(result)
		},
	}
	f.key(cmd)
	return cmd
}

func (p *program) modelsRemove() *cobra.Command {
	return &cobra.Command{
		Use: "rm MODEL", Short: "Forget an imported model, and its key in the keychain", Args: takes(1, 1, "the id or name of a model"),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := p.app.RemoveModel(cmd.Context(), p.project, args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "removed %s\n", app.Harmless(name, 80))
			return nil
		},
	}
}

func (p *program) modelsNames() *cobra.Command {
	var f modelFlags
	cmd := &cobra.Command{
		Use: "names [MODEL]", Short: "List the names of the models that a service offers", Args: takes(0, 1, "an imported model, or --provider"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.readModelFlags(&f); err != nil {
				return err
			}
			which := ""
			if len(args) == 1 {
				which = args[0]
			}
			names, err := p.app.ModelNames(cmd.Context(), p.project, f.ModelOptions, which)
			if err != nil {
				return err
			}
			if p.json {
				return p.print(names)
			}
			for _, n := range names {
				fmt.Fprintln(p.out, app.Harmless(n, 200))
			}
			return nil
		},
	}
	f.address(cmd)
	f.key(cmd)
	return cmd
}

func (p *program) modelsFind() *cobra.Command {
	return &cobra.Command{
		Use: "find", Short: "Find services with models on this machine: Ollama, LM Studio, vLLM and others", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := app.LocalModels(cmd.Context())
			if p.json {
				return p.print(found)
			}
			if len(found) == 0 {
				fmt.Fprintln(p.errs, "no service with models answers at the usual ports of this machine")
				return nil
			}
			w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
			fmt.Fprintln(w, "PROVIDER\tURL\tMODELS")
			for _, l := range found {
				fmt.Fprintf(w, "%s\t%s\t%s\n", l.Provider, l.URL, app.Harmless(strings.Join(l.Models, ", "), 200))
			}
			return w.Flush()
		},
	}
}
