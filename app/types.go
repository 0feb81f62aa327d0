package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/detect"
	"assay/storage"
)

// CustomType is a type of sensitive data that a person defined.
type CustomType = scanner.CustomType

// TypeProof says which of its samples a custom type gets right.
type TypeProof struct {
	Name    string        `json:"name"`
	Problem string        `json:"problem,omitempty"` // what is wrong with the definition
	Samples []SampleProof `json:"samples"`
}

// SampleProof is one sample.
type SampleProof struct {
	Text  string `json:"text"`
	Wants bool   `json:"wants"` // it must match
	Found string `json:"found"` // what was found in it; empty for nothing
	OK    bool   `json:"ok"`
}

// OK reports whether the definition holds and every sample is right.
func (p *TypeProof) OK() bool {
	return p.Problem == "" && !slices.ContainsFunc(p.Samples, func(s SampleProof) bool { return !s.OK })
}

// ProveCustomType tries a custom type on its samples.
func ProveCustomType(t CustomType) TypeProof {
	proof := TypeProof{Name: t.Name, Samples: []SampleProof{}}
	results, err := detect.Prove(customType(t))
	switch {
	case err != nil:
		proof.Problem = err.Error()
	case len(t.Match) == 0:
		proof.Problem = "it has no sample that must match"
	}
	for _, r := range results {
		proof.Samples = append(proof.Samples, SampleProof{Text: r.Text, Wants: r.Match, Found: strings.Join(r.Found, ", "), OK: r.OK})
	}
	return proof
}

func customType(t CustomType) detect.Custom {
	return detect.Custom{
		Name: t.Name, Class: detect.Class(t.Class), Keys: t.Keys, Pattern: t.Pattern, List: t.List, Validator: t.Validator,
		Match: t.Match, Ignore: t.Ignore,
	}
}

// CheckCustomType says what is wrong with a custom type: its definition, or a sample it gets wrong.
func CheckCustomType(t CustomType) error {
	proof := ProveCustomType(t)
	if proof.Problem != "" {
		return &Error{Code: CodeInput, Message: fmt.Sprintf("the type %q cannot be used", t.Name), Err: errors.New(proof.Problem)}
	}
	for _, s := range proof.Samples {
		if s.OK {
			continue
		}
		wrong := "does not match its sample " + quoted(s.Text)
		if !s.Wants {
			wrong = "finds " + quoted(s.Found) + " in " + quoted(s.Text) + ", which it must not match"
		}
		return &Error{
			Code: CodeInput, Message: fmt.Sprintf("the type %q %s", t.Name, wrong), Hint: "`assay types prove FILE` shows every sample",
			InWindow: "change the definition or the sample",
		}
	}
	return nil
}

func quoted(text string) string { return "“" + Harmless(text, 60) + "”" }

// mostTypes bounds a file of custom types.
const mostTypes = 16 << 20

// ReadCustomTypes reads custom types: one JSON object, a list of them, or one after the other.
func ReadCustomTypes(r io.Reader, name string) ([]scanner.CustomType, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostTypes+1))
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: "cannot read " + name, Err: err}
	}
	if len(data) > mostTypes {
		return nil, &Error{Code: CodeInput, Message: fmt.Sprintf("%s is larger than %s", name, Bytes(mostTypes))}
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	var types []scanner.CustomType
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if bytes.HasPrefix(data, []byte("[")) {
		if err = d.Decode(&types); err == nil {
			_, err = d.Token()
		}
	} else {
		for err == nil {
			var t scanner.CustomType
			if err = d.Decode(&t); err == nil {
				types = append(types, t)
			}
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &Error{
			Code: CodeInput, Message: "cannot read the types in " + name + ", " + lineOf(data, err, d), Err: err,
			Hint: `a type is {"name", "class": "personal" or "secret", "keys", "pattern", "list", "validator", "match": [], "ignore": []}`,
		}
	}
	if len(types) == 0 {
		return nil, &Error{Code: CodeInput, Message: "there is no type in " + name}
	}
	return types, nil
}

// lineOf says where a decoder stopped.
func lineOf(data []byte, err error, d *json.Decoder) string {
	at := d.InputOffset()
	if syntax, is := errors.AsType[*json.SyntaxError](err); is {
		at = syntax.Offset
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		at = int64(len(data))
	}
	at = min(max(at, 0), int64(len(data)))
	return fmt.Sprintf("line %d", 1+bytes.Count(data[:at], []byte("\n")))
}

// CustomTypes returns the types a person defined for a project.
func (a *App) CustomTypes(ctx context.Context, path string) (types []scanner.CustomType, err error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	inv, err := p.Inventory(ctx)
	if err != nil {
		return nil, err
	}
	return inv.Custom, nil
}

// AddCustomTypes keeps types whose samples are all right, each in place of the one of its name; none when one of them is
// wrong.
func (a *App) AddCustomTypes(ctx context.Context, path string, types []scanner.CustomType) error {
	for _, t := range types {
		if err := CheckCustomType(t); err != nil {
			return err
		}
	}
	return a.change(ctx, path, func(p *storage.Project) error {
		for _, t := range types {
			if err := p.SetCustomType(ctx, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveCustomType forgets a type.
func (a *App) RemoveCustomType(ctx context.Context, path, name string) error {
	types, err := a.CustomTypes(ctx, path)
	if err != nil {
		return err
	}
	names := make([]string, len(types))
	for i := range types {
		names[i] = types[i].Name
	}
	if !slices.Contains(names, name) {
		return &Error{Code: CodeNotFound, Message: fmt.Sprintf("there is no custom type %q", strings.TrimSpace(name)), Hint: nearOr(name, names, "`assay types ls` lists them")}
	}
	return a.change(ctx, path, func(p *storage.Project) error { return p.RemoveCustomType(ctx, name) })
}
