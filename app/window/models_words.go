package window

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"assay/app"
)

// namesCommand stands in an advice that names a command.
var namesCommand = regexp.MustCompile("; `assay models names[^`]*(?:` lists them)?")

// optionWords are the words of the window for the options of the command line, longest first.
var optionWords = strings.NewReplacer(
	"name the variable that holds it with --key-env, or hand it over with --key-stdin", "paste the key",
	"name the variable that holds it with --key-env", "paste it under Key",
	"leave --keep-key away, and name a variable with --key-env", "do not keep it: then it is used until the project is closed",
	"export it, or name another one with --key-env", "start Assay with it set, or paste the key",
	"give another key with --key-env or --key-stdin", "give another key",
	", name the one that signed it with --ca FILE", ", let this computer trust the one that signed it",
	"look at the answer and name the place with --answer-path POINTER", "click the text that is the answer",
	"choose another place with --answer-path", "say anew where the answer stands",
	"give it longer with --timeout", "give it longer (Longest wait)",
	"give that address with --url if", "give that address if",
	"; --body FILE gives another one", ", or write another body",
	"give the request with --body FILE and --url", "give address and body under Your own",
	"or give a body with --body FILE", "or give a body",
	"give one with --body FILE", "give one under Body",
	"name another one with --model", "name another model",
	"name a second role with --other-role", "name a second role",
	"name one with --model", "name one under Model",
	"leave --model away", "leave Model empty",
	"name its place with --prompt-slot", "name its place under Prompt stands at",
	"name another place with --prompt-slot", "name another place under Prompt stands at",
	"give yours with --url", "give yours under Address",
	"give the address with --url", "give it under Address",
	"give an address with --url", "give one under Address",
	"take it out of the file; --header may name variables", "take it out of the request",
	`write --header "Name: value"`, "write Name: value",
	"write --body /user/id=17, or --body form:user=17", "write /user/id=17, or form:user=17",
	"the filter of --latest cannot be read", "the filter cannot be read",
	"--command, --login and --latest do not go together", "a command, a login and the latest traffic do not go together",
	"give --login exchange:ID too", "name the exchanges of the login too",
	"--token says where the token of a login stands", "the place of a token belongs to a login",
	"write --token /access_token", "write /access_token",
	`give --header "Authorization: Bearer {{env:TOKEN_A}}", --command, --login or --latest`, "write a header such as Authorization: Bearer {{env:TOKEN_A}}, or choose another way below",
	"`assay roles ls` lists them", "see the list of roles",
	"FILE#N takes the N-th request whatever it holds", "choose one of its requests",
	", which is sent only when you allow it with --use-recorded-key", ", which is sent only when you allow it",
	"stop the recorder first, or name another project with --project", "close the other program and open the project again",
)

// inWindow writes for the window what is said to people at a command line.
func inWindow(text string) string {
	return optionWords.Replace(namesCommand.ReplaceAllString(text, ""))
}

// forWindow writes the advice of an error for the window.
func forWindow(err error) error {
	known, ok := errors.AsType[*app.Error](err)
	if !ok {
		return err
	}
	said := *known
	said.Message, said.Hint = inWindow(said.Message), inWindow(said.Hint)
	return &said
}

// canceller ends calls that are running. The zero value has none.
type canceller struct {
	mu      sync.Mutex
	next    int
	running map[int]context.CancelFunc
}

// begin returns a context that cancel ends; done is called when the call is over.
func (c *canceller) begin(life context.Context) (ctx context.Context, done func()) {
	ctx, end := context.WithCancel(life)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running == nil {
		c.running = map[int]context.CancelFunc{}
	}
	c.next++
	n := c.next
	c.running[n] = end
	return ctx, func() {
		end()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.running, n)
	}
}

func (c *canceller) cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, end := range c.running {
		end()
	}
}

// removals are models that were removed and can be brought back. The zero value holds none.
type removals struct {
	mu   sync.Mutex
	next int
	kept map[string]removal
}

type removal struct {
	project *app.Project
	model   *app.RemovedModel
}

func (r *removals) keep(project *app.Project, model *app.RemovedModel) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[string]removal{}
	}
	r.next++
	token := strconv.Itoa(r.next)
	r.kept[token] = removal{project, model}
	return token
}

// take gives a removed model of a project once; nil where there is none.
func (r *removals) take(project *app.Project, token string) *app.RemovedModel {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.kept[token]
	if kept.project != project {
		return nil
	}
	delete(r.kept, token)
	return kept.model
}
