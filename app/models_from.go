package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/apidoc"
	"assay/scanner/target"
	"assay/storage"
	"assay/traffic"
)

// draft gathers what a person said of a model, with references in place of secrets.
func (a *App) draft(ctx context.Context, s *modelSecrets, o *ModelOptions) (*target.Draft, error) {
	d := &target.Draft{
		Provider: o.Provider, URL: o.URL, Name: o.Name, Model: o.Model, Method: o.Method, Body: o.Body,
		Slot: o.Slot, Answer: o.Answer, Role: o.Role, Auth: o.Auth,
	}
	if o.Provider == "" && o.From == "" {
		return nil, usagef("the providers are "+strings.Join(target.PresetNames(), ", "), "say what is imported: --provider NAME, or --from exchange:ID or curl:FILE")
	}
	if o.Provider != "" && target.PresetFor(o.Provider) == nil {
		return nil, usagef(nearOr(o.Provider, target.PresetNames(), "the providers are "+strings.Join(target.PresetNames(), ", ")), "there is no provider %q", o.Provider)
	}
	for _, line := range o.Header {
		name, value, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || name == "" || strings.ContainsAny(line, "\r\n") {
			return nil, usagef(`write --header "Name: value"`, "%q is no header", Harmless(name, 40))
		}
		d.Header = append(d.Header, traffic.Field{Name: name, Value: strings.TrimSpace(value)})
	}
	_, d.Header = storage.WithoutSecrets("", d.Header, s.seal)
	d.URL, _ = storage.WithoutSecrets(d.URL, nil, s.seal)
	if o.From != "" {
		recorded, err := a.recorded(ctx, s, o)
		if err != nil {
			return nil, err
		}
		if err := noReferences(recorded); err != nil {
			return nil, err
		}
		if o.Auth == target.AuthNone && !o.Recorded {
			recorded.RequestHeader = slices.DeleteFunc(recorded.RequestHeader, holdsRecordedKey)
		}
		recorded.URL, recorded.RequestHeader = storage.WithoutSecrets(recorded.URL, recorded.RequestHeader, s.seal)
		if d.Recorded = recorded; strings.HasPrefix(o.From, "openapi:") {
			d.URL = "" // it is in the request already
		}
	}
	return d, s.key(d, o)
}

// holdsRecordedKey reports whether a header carries a credential that was recorded: one who wants none sent leaves it out.
func holdsRecordedKey(f traffic.Field) bool {
	return slices.ContainsFunc(target.References(f.Value), func(ref string) bool { return strings.HasPrefix(ref, "⟨") })
}

// noReferences refuses a request of a file or of the traffic that names secrets of this computer: whoever wrote it would
// get them.
func noReferences(in *llm.Input) error {
	texts := []string{in.URL}
	for _, f := range in.RequestHeader {
		texts = append(texts, f.Value)
	}
	for _, text := range texts {
		for _, ref := range target.References(text) {
			if !strings.HasPrefix(ref, "⟨") {
				return &Error{
					Code: CodeInput, Message: "the request asks for a secret of this computer: " + Harmless(target.Reference(ref), 100),
					Hint: "take it out of the file; --header may name variables",
				}
			}
		}
	}
	return nil
}

// key finds out where the key of a model comes from. A variable that was not named is read only for the provider's own
// host: nobody's key goes to an address that somebody typed.
func (s *modelSecrets) key(d *target.Draft, o *ModelOptions) error {
	switch {
	case o.Key.Value != "":
		s.given["ask:key"], d.Secret = o.Key.Value, "ask:key"
		return nil
	case o.Key.Env != "" && o.Key.Keep:
		v, err := fromEnv(o.Key.Env)
		if err != nil {
			return &Error{Code: CodeUsage, Message: err.Error(), Hint: "export it, or name another one with --key-env"}
		}
		s.given["ask:key"], d.Secret = v, "ask:key"
		return nil
	case o.Key.Env != "":
		d.Secret = "env:" + o.Key.Env
		return nil
	case d.Recorded != nil || o.Auth == target.AuthNone:
		return nil
	}
	p := target.PresetFor(d.Provider)
	own := d.URL == "" || sameHost(d.URL, p.Base)
	switch {
	case p.Auth == target.AuthSigV4 && os.Getenv("AWS_ACCESS_KEY_ID") != "":
		d.Secret = "env:AWS_ACCESS_KEY_ID+AWS_SECRET_ACCESS_KEY+AWS_SESSION_TOKEN"
	case own && p.KeyEnv != "" && os.Getenv(p.KeyEnv) != "":
		d.Secret = "env:" + p.KeyEnv
	}
	return nil
}

func sameHost(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && x.Host != "" && strings.EqualFold(x.Host, y.Host) && x.Scheme == y.Scheme
}

// seal takes a secret out of a request: a reference goes in its place, and the value is remembered for this call.
func (s *modelSecrets) seal(name, value string) string {
	if len(target.References(value)) > 0 {
		return value
	}
	if name == "url" {
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
	}
	for ref, v := range s.given {
		if v == value {
			return target.Reference(ref)
		}
	}
	ref := "ask:" + strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("{}⟨⟩ \t", r) {
			return '-'
		}
		return r
	}, name))
	if _, taken := s.given[ref]; taken {
		ref += "-" + strconv.Itoa(len(s.given))
	}
	s.given[ref] = value
	return target.Reference(ref)
}

// recorded loads the request that a model is made of: an exchange of the project, or one of a file.
func (a *App) recorded(ctx context.Context, s *modelSecrets, o *ModelOptions) (*llm.Input, error) {
	form, name, ok := strings.Cut(o.From, ":")
	if !ok || name == "" {
		return nil, usagef("write exchange:ID, asset:ID or curl:FILE", "%q does not say where the request is", o.From)
	}
	switch form {
	case "exchange":
		id, err := exchangeID(name)
		if err != nil {
			return nil, err
		}
		return s.exchange(ctx, id)
	case "asset":
		return s.asset(ctx, name)
	}
	file, nth := name, 0
	if at := strings.LastIndexByte(name, '#'); at >= 0 {
		if n, err := strconv.Atoi(name[at+1:]); err == nil && n > 0 {
			file, nth = name[:at], n
		}
	}
	data := o.Data
	if data == nil {
		var err error
		if data, err = readModelFile(file); err != nil {
			return nil, err
		}
	}
	if form == "openapi" {
		return fromDocument(file, data, o.URL)
	}
	if form == "raw" || form == "burp" && !bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")) {
		in, err := fromRaw(data, o.URL)
		if err != nil {
			return nil, &Error{Code: CodeInput, Message: "the request in " + file + " cannot be read", Err: err}
		}
		return in, nil
	}
	if importers[form] == nil {
		forms := append(ImportFormats(), "exchange", "asset", "openapi", "raw")
		return nil, usagef(nearOr(form, forms, "the forms are "+list(forms)), "there is no form %q to import a model from", form)
	}
	return pick(file, nth, importers[form](bytes.NewReader(data)))
}

// mostModelFile bounds the files that requests are read from, in bytes.
const mostModelFile = 64 << 20

func readModelFile(name string) ([]byte, error) {
	in := io.Reader(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &Error{Code: CodeInput, Message: "cannot read " + name, Err: err}
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, mostModelFile+1))
	if err == nil && len(data) > mostModelFile {
		err = fmt.Errorf("it is larger than %d MiB", mostModelFile>>20)
	}
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: "cannot read " + name, Err: err}
	}
	return data, nil
}

// fromRaw reads a request as it travels. Where nothing says how it travelled, it is https but to this machine.
func fromRaw(text []byte, address string) (*llm.Input, error) {
	origin := originOf(address)
	q, err := traffic.ParseRawRequest(text, origin)
	if err != nil {
		return nil, err
	}
	if u, err := url.Parse(q.URL); err == nil && origin == "" && u.Scheme == "https" && target.Loopback(u.Host) {
		u.Scheme = "http"
		q.URL = u.String()
	}
	return inputOf(&traffic.Record{Exchange: traffic.Exchange{Request: q}})
}

func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// pick takes the n-th request of a file, or the first one with a prompt in it: a call of a known model before others.
func pick(file string, n int, records func(func(*traffic.Record, error) bool)) (*llm.Input, error) {
	var first *llm.Input
	var problem error
	count := 0
	for r, err := range records {
		if err != nil {
			if problem == nil {
				problem = err
			}
			continue
		}
		in, err := inputOf(r)
		if count++; err != nil {
			problem = err
			continue
		}
		if n > 0 {
			if count == n {
				return in, nil
			}
			continue
		}
		if _, _, _, ok := target.FindSlot(*in); !ok || in.Method == "GET" && first != nil {
			continue
		}
		if conv := llm.Parse(*in); conv.Kind == llm.KindLLM && conv.Confidence >= llm.Likely {
			return in, nil
		}
		if first == nil {
			first = in
		}
	}
	switch {
	case first != nil:
		return first, nil
	case n > 0 && count > 0:
		return nil, &Error{Code: CodeNotFound, Message: fmt.Sprintf("%s has no request number %d", file, n), Hint: fmt.Sprintf("it has %d", count)}
	case problem != nil:
		return nil, &Error{Code: CodeInput, Message: file + " cannot be read", Err: problem}
	}
	return nil, &Error{Code: CodeInput, Message: file + " holds no request with a prompt in it", Hint: "FILE#N takes the N-th request whatever it holds"}
}

// inputOf is a record as package llm reads it.
func inputOf(r *traffic.Record) (*llm.Input, error) {
	body, lost := r.Content(traffic.FromClient, mostModelFile)
	if lost != "" {
		return nil, &Error{Code: CodeInput, Message: "the body of the request is not whole: " + lost}
	}
	in := &llm.Input{Method: r.Request.Method, URL: r.Request.URL, RequestHeader: withoutCoding(r.Request.Header), RequestBody: body, Ended: true}
	if r.Response != nil {
		in.Status, in.ResponseHeader = r.Response.Status, r.Response.Header
		in.ResponseBody, _ = r.Content(traffic.FromServer, mostModelFile)
	}
	return in, nil
}

func withoutCoding(h traffic.Header) traffic.Header {
	return slices.DeleteFunc(slices.Clone(h), func(f traffic.Field) bool { return strings.EqualFold(f.Name, "Content-Encoding") })
}

// exchange takes a recorded exchange of the project.
func (s *modelSecrets) exchange(ctx context.Context, id traffic.ID) (*llm.Input, error) {
	x, err := s.project.Exchange(ctx, id)
	if err != nil {
		return nil, &Error{Code: CodeNotFound, Message: "there is no exchange " + id.String(), Err: err, Hint: "`assay ls` lists them"}
	}
	if x.Kind == traffic.KindWebSocket {
		return s.webSocket(ctx, x)
	}
	if x.Kind != traffic.KindHTTP {
		return nil, &Error{Code: CodeInput, Message: "exchange " + id.String() + " is no request that can be read", Hint: "choose another one"}
	}
	var notes []string
	in := &llm.Input{Method: x.Request.Method, URL: x.Request.URL, RequestHeader: withoutCoding(x.Request.Header), Ended: true}
	if in.RequestBody, err = s.project.Content(ctx, x, traffic.FromClient, &notes); err != nil {
		return nil, err
	}
	if len(notes) > 0 {
		return nil, &Error{Code: CodeInput, Message: "exchange " + id.String() + " cannot be sent again: " + notes[0], Hint: "choose another one"}
	}
	if x.Response != nil {
		in.Status, in.ResponseHeader = x.Response.Status, x.Response.Header
		if in.ResponseBody, err = s.project.Content(ctx, x, traffic.FromServer, &notes); err != nil {
			return nil, err
		}
	}
	s.source = id
	return in, nil
}

// webSocket takes a recorded WebSocket session.
func (s *modelSecrets) webSocket(ctx context.Context, x *traffic.Exchange) (*llm.Input, error) {
	in := &llm.Input{Method: x.Request.Method, URL: x.Request.URL, RequestHeader: x.Request.Header, Ended: true}
	if x.Response != nil {
		in.Status, in.ResponseHeader = x.Response.Status, x.Response.Header
	}
	var err error
	if in.Frames, err = s.project.Frames(ctx, x.ID, 0, 0); err != nil {
		return nil, err
	}
	if len(in.Frames) == 0 {
		return nil, &Error{Code: CodeInput, Message: "nothing was said in the session of exchange " + x.ID.String(), Hint: "choose another one"}
	}
	s.source = x.ID
	return in, nil
}

// asset takes the latest exchange of a model that was discovered.
func (s *modelSecrets) asset(ctx context.Context, id string) (*llm.Input, error) {
	inv, err := s.project.Inventory(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range inv.Assets {
		if a.Kind == scanner.AssetModel && idText(int64(a.ID)) == id {
			return s.exchange(ctx, a.Last)
		}
	}
	return nil, &Error{Code: CodeNotFound, Message: "there is no discovered model asset:" + id, Hint: "`assay models ls` lists them"}
}

// promptNames are members of bodies that take a prompt, the likeliest first.
var promptNames = []string{"messages", "prompt", "message", "question", "query", "input", "text", "user_input", "content", "inputText", "q"}

// fromDocument makes a request of the operation of an API's document that takes a prompt.
func fromDocument(file string, data []byte, address string) (*llm.Input, error) {
	doc, err := apidoc.Read(file, data)
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: file + " cannot be read", Err: err}
	}
	for _, name := range promptNames {
		for i := range doc.Operations {
			op := &doc.Operations[i]
			if op.Method != "POST" || strings.Contains(op.Path, "{") {
				continue
			}
			body := map[string]any{}
			for _, p := range op.Parameters {
				if p.In == "body" && (p.Required || p.Name == name) {
					body[p.Name] = sampleOf(p.Types, p.Name == name)
				}
			}
			if _, ok := body[name]; !ok {
				continue
			}
			if name == "messages" {
				body[name] = []any{map[string]any{"role": "user", "content": target.Blank}}
			}
			base := address
			for _, server := range slices.Concat(op.Servers, doc.Servers) {
				if base == "" && server.Host != "" && !strings.Contains(server.Host, "*") {
					base = schemeFor(server.Host) + server.Host + server.Base
				}
			}
			if base == "" {
				return nil, &Error{Code: CodeUsage, Message: file + " does not say where the API is served", Hint: "give the address with --url"}
			}
			if !strings.HasSuffix(strings.TrimRight(base, "/"), op.Path) {
				base = strings.TrimRight(base, "/") + op.Path
			}
			encoded, err := json.Marshal(body)
			if err != nil {
				return nil, err
			}
			return &llm.Input{
				Method: op.Method, URL: base, RequestBody: encoded, Ended: true,
				RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}},
			}, nil
		}
	}
	return nil, &Error{Code: CodeInput, Message: file + " describes no operation that takes a prompt", Hint: "give the request with --body FILE and --url"}
}

func schemeFor(host string) string {
	if target.Loopback(host) {
		return "http://"
	}
	return "https://"
}

// sampleOf is a value of a type that a document names.
func sampleOf(types []string, prompt bool) any {
	switch {
	case prompt && (len(types) == 0 || slices.Contains(types, "string")):
		return target.Blank
	case len(types) == 0 || types[0] == "string":
		return "example"
	case types[0] == "integer", types[0] == "number":
		return 1
	case types[0] == "boolean":
		return false
	case types[0] == "array":
		return []any{}
	}
	return map[string]any{}
}
