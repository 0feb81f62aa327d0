package window

import (
	"errors"
	"slices"

	"assay/app"
	"assay/scanner"
	"assay/scanner/detect"
	"assay/scanner/discover"
	"assay/storage"
)

// Types lists the types of sensitive data that are looked for.
func (i *Inventory) Types(in OverviewIn) (out TypesOut, err error) {
	defer i.desk.guard(&err)
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	out = TypesOut{BuiltIn: builtIn(), Custom: []CustomType{}}
	custom, err := project.Store().CustomTypes(i.desk.life())
	for _, t := range custom {
		out.Custom = append(out.Custom, customOf(t))
	}
	return out, err
}

// builtIn are the types that Assay knows.
func builtIn() []BuiltInType {
	out := []BuiltInType{}
	for _, k := range slices.Concat(detect.Kinds(), discover.PayloadKinds()) {
		out = append(out, BuiltInType{k.Name, string(k.Class), k.What})
	}
	return out
}

// customOf is a custom type as the window shows it: whole, for it comes back when a person changes it.
func customOf(t scanner.CustomType) CustomType {
	return CustomType{
		Name: t.Name, Class: t.Class, Keys: t.Keys, Pattern: t.Pattern, List: list(t.List), Validator: t.Validator, Match: list(t.Match), Ignore: list(t.Ignore),
	}
}

// definition is the type that the window sent.
func (in CustomType) definition() scanner.CustomType {
	return scanner.CustomType{
		Name: in.Name, Class: in.Class, Keys: in.Keys, Pattern: in.Pattern, List: in.List, Validator: in.Validator, Match: list(in.Match), Ignore: list(in.Ignore),
	}
}

// SetType keeps a custom type whose samples are all right.
func (i *Inventory) SetType(in CustomType) (out TypesOut, err error) {
	defer i.desk.guard(&err)
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	if err := project.SetCustomType(i.desk.life(), in.definition()); err != nil {
		return out, err
	}
	return i.Types(OverviewIn{})
}

// ProveType tries a custom type on its samples.
func (i *Inventory) ProveType(in CustomType) (out ProveOut, err error) {
	defer i.desk.guard(&err)
	proof := app.ProveCustomType(in.definition())
	out = ProveOut{Problem: proof.Problem, Samples: []ProveSample{}}
	for _, s := range proof.Samples {
		out.Samples = append(out.Samples, ProveSample(s))
	}
	return out, nil
}

// RemoveType forgets a custom type.
func (i *Inventory) RemoveType(in RemoveTypeIn) (out TypesOut, err error) {
	defer i.desk.guard(&err)
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	if err := project.RemoveCustomType(i.desk.life(), in.Name); errors.Is(err, storage.ErrNoType) {
		return out, &app.Error{Code: app.CodeNotFound, Message: "there is no type of this name"}
	} else if err != nil {
		return out, err
	}
	return i.Types(OverviewIn{})
}
