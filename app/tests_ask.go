package app

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/sashabaranov/go-openai"
	"github.com/tidwall/gjson"

	"assay/llm"
	"assay/scanner/judge"
	"assay/scanner/target"
)

// askedModel is an imported model that helps a run: it judges, or thinks up attacks.
type askedModel struct {
	ref    string
	target *target.Target
}

// asked opens the way to an imported model; nil where none is named.
func (p *Project) asked(ctx context.Context, which string, o *TestOptions) (*askedModel, error) {
	if which == "" {
		return nil, nil //nolint:nilnil // nobody is asked
	}
	m, err := findModel(ctx, p.store, which)
	if err != nil {
		return nil, err
	}
	s := p.secrets(m.Recorded)
	t, err := s.reach(m, o.Reach)
	if err != nil {
		return nil, err
	}
	for _, ref := range references(m) {
		if _, err := s.get(ctx, ref); err != nil {
			t.Close()
			return nil, &Error{Code: CodeFailed, Message: "the model " + Harmless(m.Name, 80) + " cannot be asked", Err: err, Hint: "export its key, or keep it with --keep-key when you import it"}
		}
	}
	return &askedModel{"model:" + idText(int64(m.ID)), t}, nil
}

func (q *askedModel) close() {
	if q != nil {
		q.target.Close()
	}
}

// ask puts a system prompt and a prompt to the model. A model that takes OpenAI's chat completions gets them as two
// messages; any other gets one prompt with the system prompt before it.
func (q *askedModel) ask(ctx context.Context, system, prompt string) (judge.Said, error) {
	in := q.target.Input()
	var a *target.Answer
	var err error
	if body, ok := asChat(q.target, system, prompt); ok {
		in.RequestBody = body
		a, err = q.target.Do(ctx, target.Call{Input: in})
	} else {
		a, err = q.target.Send(ctx, target.Request{Prompt: system + "\n\n" + prompt})
	}
	if err != nil {
		return judge.Said{}, err
	}
	said := judge.Said{Text: a.Text}
	if input, output := a.Tokens(); input != nil && output != nil {
		said.Input, said.Output = *input, *output
	}
	if a.Said.Model == "" {
		a.Said.Model = q.target.Model().Model
	}
	if micro, ok := cost(&a.Said); ok {
		dollars := float64(micro) / 1e6
		said.Dollars = &dollars
	}
	if said.Text == "" {
		return said, errors.New(q.ref + " answered without any text")
	}
	return said, nil
}

// asChat makes a chat completion of a model's own request: what it says beside the messages (limits, formats) stays.
func asChat(t *target.Target, system, prompt string) ([]byte, bool) {
	in := t.Input()
	if llm.Parse(in).Family != "openai.chat" || !gjson.GetBytes(in.RequestBody, "messages").IsArray() {
		return nil, false
	}
	messages, err := json.Marshal([]openai.ChatCompletionMessage{
		{Role: openai.ChatMessageRoleSystem, Content: system}, {Role: openai.ChatMessageRoleUser, Content: prompt},
	})
	if err != nil {
		return nil, false
	}
	body, err := llm.SetJSON(in.RequestBody, llm.Ref{In: llm.PlaceJSON, Name: "/messages"}, string(messages))
	return body, err == nil
}

// judgeModel asks a model for verdicts.
type judgeModel struct{ *askedModel }

// Ask implements judge.Asker.
func (m judgeModel) Ask(ctx context.Context, system, prompt string) (judge.Said, error) {
	return m.ask(ctx, system, prompt)
}

// attackerModel asks a model for attacks.
type attackerModel struct{ *askedModel }

// Ask implements strategy.Asker.
func (m attackerModel) Ask(ctx context.Context, system, prompt string) (string, error) {
	said, err := m.ask(ctx, system, prompt)
	return said.Text, err
}
