package window

import "assay/app"

var errNotBuilt = &app.Error{Code: app.CodeNotFound, Message: "not built yet"}

// Types lists the types of sensitive data that are looked for.
func (i *Inventory) Types(in OverviewIn) (out TypesOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// SetType keeps a custom type whose samples are all right.
func (i *Inventory) SetType(in CustomType) (out TypesOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// ProveType tries a custom type on its samples.
func (i *Inventory) ProveType(in CustomType) (out ProveOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// RemoveType forgets a custom type.
func (i *Inventory) RemoveType(in RemoveTypeIn) (out TypesOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}
