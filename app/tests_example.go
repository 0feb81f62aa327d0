package app

import (
	"maps"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/traffic"
)

// exampleCall makes the request of a case with words in the place of what only a run makes.
func exampleCall(s *craft.Subject, t *template.Template, c *scanner.Case) (*llm.Input, error) {
	values := template.SampleValues()
	maps.Copy(values, s.Values())
	rendered, err := (&template.Case{
		ID: c.Key, Template: t, Request: c.Request, Prompt: c.Prompt, Values: c.Values, Mutation: c.Mutation,
	}).Render(values, 1)
	if err != nil {
		return nil, err
	}
	script, err := craft.Begin(s, rendered)
	if err != nil {
		return nil, err
	}
	call, err := script.Call(0)
	if err != nil {
		return nil, err
	}
	if m := s.Model; m.Auth.Secret != "" && !call.Input.RequestHeader.Has("Authorization") {
		call.Input.RequestHeader = append(call.Input.RequestHeader[:len(call.Input.RequestHeader):len(call.Input.RequestHeader)], proofField(m))
	}
	return &call.Input, nil
}

// proofField shows where the key of a model goes.
func proofField(m *scanner.Model) traffic.Field {
	switch value := target.Reference(m.Auth.Secret); m.Auth.Form {
	case target.AuthHeader:
		return traffic.Field{Name: m.Auth.Name, Value: value}
	case target.AuthBearer:
		return traffic.Field{Name: "Authorization", Value: "Bearer " + value}
	default:
		return traffic.Field{Name: "Authorization", Value: m.Auth.Form + " " + value}
	}
}
