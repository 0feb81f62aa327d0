package window

import (
	"assay/app"
	"assay/scanner"
)

// Documents lists the imported documents.
func (i *Inventory) Documents(in OverviewIn) (out DocumentsOut, err error) {
	defer i.desk.guard(&err)
	out.Items = []DocumentRow{}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	found, err := s.store.Documents(s.ctx)
	for _, d := range found {
		out.Items = append(out.Items, DocumentRow{
			ID: idText(d.ID), Name: clip(d.Name, longName), Form: d.Form, Imported: stamp(d.Imported), Hosts: []string{}, Problems: []string{},
		})
	}
	return out, err
}

// documentedAs tells how documents describe an endpoint.
func (s *stock) documentedAs(e *scanner.Endpoint) ([]DocumentedAs, error) {
	out := []DocumentedAs{}
	if len(e.Facts.Documents) == 0 {
		return out, nil
	}
	found, err := s.store.Documents(s.ctx)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, d := range found {
		names[d.ID] = d.Name
	}
	for _, use := range e.Facts.Documents {
		out = append(out, DocumentedAs{Document: clip(names[use.Document], longName), Operation: clip(use.Operation, longName), Differences: []string{}})
	}
	return out, nil
}

var errNoDocuments = &app.Error{Code: app.CodeUsage, Message: "documents of APIs cannot be imported yet"}

// AddDocument imports a document of an API.
func (i *Inventory) AddDocument(in AddDocumentIn) (out AddDocumentOut, err error) {
	defer i.desk.guard(&err)
	return out, errNoDocuments
}

// RemoveDocument forgets a document.
func (i *Inventory) RemoveDocument(in RemoveDocumentIn) (out DocumentsOut, err error) {
	defer i.desk.guard(&err)
	return out, errNoDocuments
}
