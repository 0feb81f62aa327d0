package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/target"
	"assay/storage"
	"assay/traffic"
)

// proofHeaders are the headers in which services take who sends a request.
var proofHeaders = []string{"authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key", "x-auth-token", "x-access-token", "x-session-token", "x-csrf-token"}

// latestProof takes the credentials of the newest exchange that a role's filter finds.
func (p *Project) latestProof(ctx context.Context, role *scanner.Role) (traffic.Header, error) {
	query, err := traffic.Parse(role.Latest)
	if err != nil {
		return nil, err
	}
	rows, err := p.store.List(ctx, storage.Filter{Where: query, Limit: 20})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		x, err := p.store.Exchange(ctx, rows[i].ID)
		if err != nil {
			return nil, err
		}
		header := slices.Clone(role.Header)
		found := false
		for _, f := range x.Request.Header {
			if (slices.Contains(proofHeaders, strings.ToLower(f.Name)) || strings.Contains(f.Value, "⟨cred:")) && !header.Has(f.Name) {
				header = append(header, f)
				found = true
			}
		}
		if found {
			return header, nil
		}
	}
	if len(rows) == 0 {
		return nil, errors.New("no exchange is selected by " + role.Latest)
	}
	return nil, errors.New("the exchanges selected by " + role.Latest + " carry no credentials")
}

// tokenOfLogin sends the recorded requests of a login again, in order, and takes the token from the last answer.
func (p *Project) tokenOfLogin(ctx context.Context, login *scanner.RoleLogin) (token string, err error) {
	var cookies []traffic.Field
	for i, id := range login.Exchanges {
		answer, err := p.sendAgain(ctx, id, cookies)
		if err != nil {
			return "", err
		}
		set := setCookies(answer)
		cookies = append(cookies, set...)
		secrets := answer.Secrets() // with what came back: a login answers with secrets
		for _, c := range set {
			secrets = append(secrets, c.Value)
		}
		var missing error
		if i == len(login.Exchanges)-1 {
			if token, missing = tokenIn(answer, login.Token); missing == nil {
				secrets = append(secrets, token)
			}
		}
		if _, err := p.store.SaveExchange(ctx, answer.Record(traffic.SourceTest, nil), secrets); err != nil {
			return "", err
		}
		if missing != nil {
			return "", missing
		}
	}
	return token, nil
}

// sendAgain sends a recorded request with its own credentials, and with cookies that were set since.
func (p *Project) sendAgain(ctx context.Context, id traffic.ID, cookies []traffic.Field) (*target.Answer, error) {
	s := p.secrets(true)
	in, err := s.exchange(ctx, id)
	if err != nil {
		return nil, err
	}
	header := sendable(withCookies(in.RequestHeader, cookies))
	t, err := s.reach(&scanner.Model{
		Name: "login", Method: in.Method, URL: in.URL, Header: header, Body: in.RequestBody, Slot: "body:", Auth: scanner.ModelAuth{Form: target.AuthNone},
	}, ModelReach{})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	answer, err := t.Do(ctx, target.Call{Input: llm.Input{Method: in.Method, URL: in.URL, RequestHeader: header, RequestBody: in.RequestBody}})
	if answer == nil || answer.Status == 0 || answer.Status >= 400 {
		return nil, errors.Join(err, errors.New("exchange "+id.String()+" of the login was not answered as when it was recorded"))
	}
	return answer, nil // an answer that is no model's is what a login gives
}

// tokenIn takes a token from an answer.
func tokenIn(a *target.Answer, place string) (string, error) {
	form, name, _ := strings.Cut(place, ":")
	var token string
	switch {
	case strings.HasPrefix(place, "/"):
		token = textOf(a.Body, place)
	case form == "header":
		token = a.Header.Get(name)
	case form == "cookie":
		for _, c := range setCookies(a) {
			if c.Name == name {
				token = c.Value
			}
		}
	}
	if token == "" {
		return "", errors.New("the answer of the login holds no token at " + place)
	}
	return token, nil
}

// textOf is the text at a pointer of a JSON body; empty where there is none.
func textOf(body []byte, pointer string) string {
	var doc any
	if json.Unmarshal(body, &doc) != nil {
		return ""
	}
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch v := doc.(type) {
		case map[string]any:
			doc = v[step]
		case []any:
			doc = nth(v, step)
		default:
			return ""
		}
	}
	text, _ := doc.(string)
	return text
}
