package window

import "assay/app"

var errNotBuilt = &app.Error{Code: app.CodeNotFound, Message: "not built yet"}

// Overview sums up the inventory.
func (i *Inventory) Overview(in OverviewIn) (out OverviewOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Endpoints lists endpoints that a query selects.
func (i *Inventory) Endpoints(in EndpointsIn) (out EndpointsOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Page gives a part of a list.
func (i *Inventory) Page(in EndpointsPageIn) (out EndpointsPageOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Endpoint tells all about one endpoint.
func (i *Inventory) Endpoint(in EndpointIn) (out EndpointOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Assets lists AI assets.
func (i *Inventory) Assets(in AssetsIn) (out AssetsOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Asset tells all about one asset.
func (i *Inventory) Asset(in AssetIn) (out AssetOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Sensitive lists where sensitive data travels.
func (i *Inventory) Sensitive(in SensitiveIn) (out SensitiveOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Changes lists the timeline.
func (i *Inventory) Changes(in ChangesIn) (out ChangesOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Visit remembers that a person looked at the timeline.
func (i *Inventory) Visit(in OverviewIn) (out OverviewOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Map tells who calls what.
func (i *Inventory) Map(in OverviewIn) (out MapOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Merge makes one endpoint of several.
func (i *Inventory) Merge(in MergeIn) (out DecisionOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Split takes a parameter apart.
func (i *Inventory) Split(in SplitIn) (out DecisionOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Undecide takes a decision about paths back.
func (i *Inventory) Undecide(in UndecideIn) (out DecisionOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

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

// Documents lists the imported documents.
func (i *Inventory) Documents(in OverviewIn) (out DocumentsOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// AddDocument imports a document of an API.
func (i *Inventory) AddDocument(in AddDocumentIn) (out AddDocumentOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// RemoveDocument forgets a document.
func (i *Inventory) RemoveDocument(in RemoveDocumentIn) (out DocumentsOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}

// Export saves the inventory as a file.
func (i *Inventory) Export(in ExportInventoryIn) (out SaveOut, err error) {
	defer i.desk.guard(&err)
	return out, errNotBuilt
}
