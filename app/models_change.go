package app

import (
	"context"
	"maps"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/target"
)

// Model returns an imported model, and whether every key it needs can be had without asking a person again.
func (p *Project) Model(ctx context.Context, which string) (m *scanner.Model, ready bool, err error) {
	if m, err = findModel(ctx, p.store, which); err != nil {
		return nil, false, err
	}
	return m, p.keys.holds(m), nil
}

// RenameModel gives an imported model another name, and returns the one it got: no two have the same.
func (p *Project) RenameModel(ctx context.Context, which, name string) (string, error) {
	if name = strings.TrimSpace(name); name == "" {
		return "", &Error{Code: CodeUsage, Message: "a model needs a name"}
	}
	m, err := findModel(ctx, p.store, which)
	if err != nil || m.Name == name {
		return name, err
	}
	if m.Name, err = freeName(ctx, p.store, name); err != nil {
		return "", err
	}
	return m.Name, p.store.SetModel(ctx, m)
}

// SetModelAnswer says where the answers of a model stand, and what stood there when it was tried.
func (p *Project) SetModelAnswer(ctx context.Context, which, pointer, text string) error {
	if pointer == "" {
		return &Error{Code: CodeUsage, Message: "choose a text of the answer"}
	}
	m, err := findModel(ctx, p.store, which)
	if err != nil {
		return err
	}
	m.Answer, m.ByPath = pointer, true
	if m.Tried != nil && m.Tried.Code == "" {
		m.Tried.Answer = text
	}
	return p.store.SetModel(ctx, m)
}

// SetModelRole says as whom requests to a model are sent; empty for nobody.
func (p *Project) SetModelRole(ctx context.Context, which, role string) error {
	m, err := findModel(ctx, p.store, which)
	if err != nil {
		return err
	}
	m.Role = role
	return p.store.SetModel(ctx, m)
}

// RemovedModel is an imported model that was removed and can be brought back as it was.
type RemovedModel struct {
	Model *scanner.Model
	kept  map[string][]byte // of the keychain
	given map[string]string // that were handed over
}

// TakeModel removes an imported model, and the keys of it that are in the keychain. PutModel brings both back.
func (p *Project) TakeModel(ctx context.Context, which string) (*RemovedModel, error) {
	m, err := findModel(ctx, p.store, which)
	if err != nil {
		return nil, err
	}
	removed := &RemovedModel{Model: m, kept: map[string][]byte{}, given: map[string]string{}}
	p.keys.give(m, removed.given)
	keys := lazyKeys{p.app}
	for _, ref := range references(m) {
		if name, is := strings.CutPrefix(ref, "keyring:"); is {
			if value, err := keys.Get(ctx, name); err == nil { // otherwise it was lost before
				removed.kept[name] = value
			}
		}
	}
	_, err = p.RemoveModel(ctx, idText(int64(m.ID)))
	return removed, err
}

// PutModel brings back what TakeModel removed, under its id.
func (p *Project) PutModel(ctx context.Context, r *RemovedModel) error {
	keys := lazyKeys{p.app}
	for _, name := range slices.Sorted(maps.Keys(r.kept)) {
		if err := keys.Set(ctx, name, r.kept[name]); err != nil {
			return &Error{Code: CodeFailed, Message: "the key of " + r.Model.Name + " cannot be put back into the keychain", Err: err}
		}
	}
	if err := p.store.RestoreModel(ctx, r.Model); err != nil {
		return err
	}
	p.keys.hold(r.Model, r.given)
	return nil
}

// ModelReferences are where the secrets of a model's requests come from.
func ModelReferences(m *scanner.Model) []string { return references(m) }

// ModelReference says in words for the window what a reference of a model's request stands for.
func ModelReference(ref string) string {
	form, name, _ := strings.Cut(ref, ":")
	switch {
	case strings.HasPrefix(ref, "⟨"):
		return "the recorded key " + ref
	case form == "env":
		return "the variable " + strings.ReplaceAll(name, "+", ":")
	case form == "keyring":
		return "the key in the keychain"
	}
	return "a key that is not kept"
}

// HiddenReferences writes a text of a model's request for people: each reference as what it stands for.
func HiddenReferences(text string) string {
	for _, ref := range target.References(text) {
		text = strings.ReplaceAll(text, target.Reference(ref), "‹"+ModelReference(ref)+"›")
	}
	return text
}
