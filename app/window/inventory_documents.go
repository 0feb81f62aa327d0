package window

import (
	"errors"
	"slices"
	"strings"

	"assay/app"
	"assay/scanner"
	"assay/scanner/apidoc"
	"assay/storage"
)

// Documents lists the imported documents.
func (i *Inventory) Documents(in OverviewIn) (out DocumentsOut, err error) {
	defer i.desk.guard(&err)
	out.Items = []DocumentRow{}
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	found, err := project.Documents(i.desk.life())
	for _, d := range found {
		out.Items = append(out.Items, documentRow(d))
	}
	return out, err
}

func documentRow(d app.DocumentInfo) DocumentRow {
	return DocumentRow{
		ID: d.ID, Name: clip(d.Name, longName), Form: clip(d.Form, longName), Imported: d.Imported, Operations: d.Operations, Seen: d.Seen,
		Unseen: d.Unseen, Shadow: d.Shadow, Hosts: namesOf(d.Hosts), Problems: namesOf(d.Problems),
	}
}

// documentedAs tells how documents describe an endpoint, and how it differs.
func (s *stock) documentedAs(e *scanner.Endpoint) ([]DocumentedAs, error) {
	out := []DocumentedAs{}
	if len(e.Facts.Documents) == 0 {
		return out, nil
	}
	found, err := s.store.Documents(s.ctx)
	if err != nil {
		return nil, err
	}
	for _, use := range e.Facts.Documents {
		at := slices.IndexFunc(found, func(d scanner.Document) bool { return d.ID == use.Document })
		if at < 0 {
			continue // it was removed, and the endpoint was not looked at since
		}
		read, err := apidoc.Decode(found[at].Data)
		if err != nil {
			return nil, err
		}
		as := DocumentedAs{Document: clip(found[at].Name, longName), Operation: clip(use.Operation, longName), Differences: []string{}}
		for _, d := range apidoc.NewMatcher([]apidoc.Kept{{ID: use.Document, Document: read}}).Differences(e) {
			as.Differences = append(as.Differences, namesOf(d.Differences)...)
		}
		out = append(out, as)
	}
	return out, nil
}

// AddDocument imports a document of an API.
func (i *Inventory) AddDocument(in AddDocumentIn) (out AddDocumentOut, err error) {
	defer i.desk.guard(&err)
	out.Document = documentRow(app.DocumentInfo{})
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	hosts := strings.FieldsFunc(in.Hosts, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' })
	info, err := project.AddDocument(i.desk.life(), strings.NewReader(in.Text), clip(in.Name, longName), hosts)
	if err != nil {
		return out, err
	}
	out.Document = documentRow(info)
	return out, nil
}

// RemoveDocument forgets a document.
func (i *Inventory) RemoveDocument(in RemoveDocumentIn) (out DocumentsOut, err error) {
	defer i.desk.guard(&err)
	out.Items = []DocumentRow{}
	id, err := numberOf(in.ID, "a document")
	if err != nil {
		return out, err
	}
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	if err := project.RemoveDocument(i.desk.life(), id); errors.Is(err, storage.ErrNoDocument) {
		return out, &app.Error{Code: app.CodeNotFound, Message: "this document was removed already"}
	} else if err != nil {
		return out, err
	}
	return i.Documents(OverviewIn{})
}
