package window

import (
	"errors"
	"regexp"
	"strings"

	"assay/app"
	"assay/scanner/template"
)

// commandAdvice is advice that names a command of ours.
var commandAdvice = regexp.MustCompile("`assay [^`]*`")

// testWords are the words of the window for what tests say to people at a command line, longest first.
var testWords = strings.NewReplacer(
	"`assay templates ls` lists what there is", "choose other suites or templates",
	"`assay roles ls` lists them", "see the list of roles under Models",
	"the value of --trials makes no sense", "the number of trials makes no sense",
	"the value of --concurrency makes no sense", "the number of requests at once makes no sense",
	"the value of --rate makes no sense", "the number of requests a second makes no sense",
	"the value of --timeout makes no sense", "the seconds for one answer make no sense",
	"the value of --budget-requests makes no sense", "the budget of requests makes no sense",
	"the value of --budget-tokens makes no sense", "the budget of tokens makes no sense",
	"the value of --budget-usd makes no sense", "the budget of dollars makes no sense",
	"the value of --budget-time makes no sense", "the budget of minutes makes no sense",
	"leave it away for the usual", "leave the field empty for the usual",
	"--mutation does not take", "there is no mutation",
	"name an imported model with --attacker model:ID", "choose an imported model as attacker",
	"export its key, or keep it with --keep-key when you import it", "give its key under Models, or keep it there",
	"--target model:ID, exchange:ID or a URL; `assay models ls` and `assay ls` list them", "choose a model, or send an exchange here from Traffic",
	"import it again, and name the place of its prompt with --prompt-slot", "import it again under Models, and say there where its prompt stands",
	"name another one with --other", "choose another second role",
)

// aboutTests writes the error of a test for the window.
func aboutTests(err error) error {
	if unknown, is := errors.AsType[*template.Unknown](err); is {
		return &app.Error{Code: app.CodeNotFound, Message: unknown.Error(), Hint: "the library shows what there is"}
	}
	known, is := errors.AsType[*app.Error](err)
	if !is {
		return err
	}
	said := *known
	said.Message, said.Hint = testWords.Replace(said.Message), testWords.Replace(said.Hint)
	if commandAdvice.MatchString(said.Hint) { // what can be done about it is on the screen
		said.Hint = ""
	}
	return forWindow(&said)
}
