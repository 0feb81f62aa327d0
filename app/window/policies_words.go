package window

import (
	"context"
	"errors"
	"strings"
	"time"

	"assay/app"
	"assay/scanner"
)

// policyWords are the words of the window for those of the command line.
var policyWords = strings.NewReplacer(
	"; `assay threats rules` lists them", "",
	"`assay policy ls` lists them, `assay policy off ID` switches one off", "switch it off, or mend it",
	"`assay policy ls` lists them", "see the list of policies",
	"`assay outlets ls` lists them", "see the list of outlets",
	"leave --key-env out", "leave the key empty",
	"sign it with --key-env in place of a password", "sign it with a key in place of a password",
	"cef or json, of a syslog outlet", "JSON is for syslog",
)

// policyError writes an error about policies for the window.
func policyError(err error) error {
	known, ok := errors.AsType[*app.Error](err)
	if !ok {
		return err
	}
	said := *known
	said.Message, said.Hint = policyWords.Replace(said.Message), policyWords.Replace(said.Hint)
	return &said
}

// policy reads a form. What is wrong with it is told by field; an error is of something else.
func (in *PolicyForm) policy(ctx context.Context, project *app.Project) (one app.Policy, faults []PolicyFault, err error) {
	faults = []PolicyFault{}
	one, problems, err := in.read()
	if err != nil {
		return one, faults, err
	}
	for _, p := range project.PolicyProblems(ctx, one) {
		if p.Field == "budget" && len(problems) > 0 {
			continue // what was written there cannot be read: that is what is wrong
		}
		problems = append(problems, PolicyFault{p.Field, policyWords.Replace(sentence(p.Message))})
	}
	if len(problems) == 0 {
		if err := project.CheckPolicy(ctx, one); err != nil {
			known, ok := errors.AsType[*app.Error](err)
			if !ok || known.Code != app.CodeInput {
				return one, faults, err
			}
			cause := error(known)
			if known.Err != nil {
				cause = known.Err
			}
			problems = append(problems, PolicyFault{Message: policyWords.Replace(sentence(cause.Error()))})
		}
	}
	return one, append(faults, problems...), nil
}

// read makes a policy of a form.
func (in *PolicyForm) read() (one app.Policy, faults []PolicyFault, err error) {
	one = app.Policy{
		Name: strings.TrimSpace(in.Name), On: in.On, Action: app.Action(in.Action), Side: app.Side(in.Side), Where: strings.TrimSpace(in.Where),
		Rules: trimmed(in.Rules), Types: trimmed(in.Types), Tools: trimmed(in.Tools), Models: trimmed(in.Models), Least: in.Least,
		Finish: in.Finish, FailClosed: in.FailClosed, Patience: app.Duration(time.Duration(in.Patience) * time.Second), Say: strings.TrimSpace(in.Say),
	}
	for _, s := range trimmed(in.Signs) {
		one.Signs = append(one.Signs, app.SignKind(s))
	}
	if in.ID != "" {
		ids, err := policyIDs([]string{in.ID})
		if err != nil {
			return one, nil, err
		}
		one.ID = ids[0]
	}
	if text := strings.TrimSpace(in.Budget); text != "" {
		budget, err := app.ParseAllowance(text)
		if known, ok := errors.AsType[*app.Error](err); ok {
			faults = append(faults, PolicyFault{"budget", sentence(known.Message) + ". Write for example " + known.Hint + "."})
		} else if err != nil {
			return one, nil, err
		}
		one.Budget = budget
	}
	return one, faults, nil
}

func trimmed(list []string) (out []string) {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// policyRow is a policy as the window shows it.
func policyRow(one *app.Policy) PolicyRow {
	signs := make([]string, 0, len(one.Signs))
	for _, s := range one.Signs {
		signs = append(signs, string(s))
	}
	return PolicyRow{
		ID: idText(one.ID), Added: stamp(one.Added),
		Form: PolicyForm{
			ID: idText(one.ID), Name: valid(one.Name), On: one.On, Action: string(one.Action), Side: string(one.Side), Where: valid(one.Where), Signs: signs,
			Rules: namesOf(one.Rules), Types: namesOf(one.Types), Tools: namesOf(one.Tools), Models: namesOf(one.Models), Least: one.Least,
			Budget: app.AllowanceWords(one.Budget), Finish: one.Finish, FailClosed: one.FailClosed,
			Patience: int(time.Duration(one.Patience) / time.Second), Say: valid(one.Say),
		},
	}
}

// rulingRow is a ruling as the window shows it. text is what was checked, which its signs mark; nil where it is not shown.
func rulingRow(r *app.Ruling, text *string) RulingRow {
	row := RulingRow{
		ID: idText(r.ID), At: stamp(r.At), Policy: idText(r.Policy), Name: clip(valid(r.Name), longName), Action: string(r.Action), Done: r.Done,
		Side: string(r.Side), Actor: clip(valid(string(r.Actor)), longName), Host: clip(valid(r.Host), longName), Model: clip(valid(r.Model), longName),
		Reason: clip(valid(r.Reason), longName), Took: float64(time.Duration(r.Took)) / float64(time.Millisecond), Answer: r.Answer, Signs: []RulingSign{},
	}
	if r.Exchange != 0 {
		row.Exchange = r.Exchange.String()
	}
	for i := range r.Signs {
		row.Signs = append(row.Signs, rulingSign(&r.Signs[i], text))
	}
	return row
}

func rulingSign(s *scanner.Sign, text *string) RulingSign {
	sign := RulingSign{
		Kind: string(s.Kind), Name: clip(valid(s.Name), longName), Where: clip(valid(s.Where), longName), Score: s.Score, Why: clip(valid(s.Why), longName),
	}
	if text == nil || s.Start < 0 || s.Start >= s.End || s.End > len(*text) {
		return sign
	}
	sign.Start, sign.End = units(*text, s.Start), units(*text, s.End)
	return sign
}
