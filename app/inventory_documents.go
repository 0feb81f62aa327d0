package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/apidoc"
	"assay/storage"
)

// documents are the imported documents of a project, read.
type documents struct {
	kept    []scanner.Document
	read    []*apidoc.Document // of kept, in the same order
	matcher *apidoc.Matcher
}

func loadDocuments(ctx context.Context, p *storage.Project) (*documents, error) {
	kept, err := p.Documents(ctx)
	if err != nil {
		return nil, err
	}
	d := &documents{kept: kept}
	var list []apidoc.Kept
	for i := range kept {
		read, err := apidoc.Decode(kept[i].Data)
		if err != nil {
			return nil, fmt.Errorf("the document %s: %w", kept[i].Name, err)
		}
		d.read = append(d.read, read)
		list = append(list, apidoc.Kept{ID: kept[i].ID, Document: read})
	}
	d.matcher = apidoc.NewMatcher(list)
	return d, nil
}

// DocumentInfo is an imported document of an API and how it stands to the inventory.
type DocumentInfo struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"` // of the file
	Form       string   `json:"form"` // OpenAPI 3.0.3, Swagger 2.0, Postman 2.1
	Imported   string   `json:"imported"`
	Hosts      []string `json:"hosts"` // where it is served; none when nobody knows
	Operations int      `json:"operations"`
	Seen       int      `json:"seen"`
	Unseen     int      `json:"unseen"`   // operations that no traffic used
	Shadow     int      `json:"shadow"`   // endpoints of its hosts that it does not have
	Problems   []string `json:"problems"` // what of it could not be read
}

// mostDocument is how many bytes of a document are read.
const mostDocument = 64 << 20

// readDocument reads a document, and works out where it is served when it does not say: at the hosts that are named, or
// else where most of it was seen.
func readDocument(in io.Reader, name string, hosts []string, seen []*scanner.Endpoint) (*apidoc.Document, error) {
	data, err := io.ReadAll(io.LimitReader(in, mostDocument+1))
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: "cannot read " + name, Err: err}
	}
	doc, err := apidoc.Read(name, data)
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: name + " is no document of an API that can be used", Err: err}
	}
	if len(hosts) == 0 {
		hosts = apidoc.GuessHosts(doc, seen)
	}
	doc.ServedAt(hosts...)
	return doc, nil
}

// addDocument keeps a document and looks at all endpoints with it.
func addDocument(ctx context.Context, a *analyst, c *Catalogue, in io.Reader, name string, hosts []string) (DocumentInfo, error) {
	if _, err := c.Refresh(ctx); err != nil {
		return DocumentInfo{}, err
	}
	doc, err := readDocument(in, name, hosts, c.seenOnly())
	if err != nil {
		return DocumentInfo{}, err
	}
	data, err := doc.Encode()
	if err != nil {
		return DocumentInfo{}, err
	}
	var id int64
	err = a.document(ctx, func() error {
		if err := removeNamed(ctx, a.store, name); err != nil {
			return err
		}
		id, err = a.store.AddDocument(ctx, scanner.Document{Name: name, Form: doc.Form, Imported: time.Now(), Data: data})
		return err
	})
	c.forgetDocuments()
	if err != nil {
		return DocumentInfo{}, err
	}
	all, err := documentInfos(ctx, c)
	if err != nil {
		return DocumentInfo{}, err
	}
	for _, info := range all {
		if info.ID == idText(id) {
			return info, nil
		}
	}
	return DocumentInfo{}, &Error{Code: CodeFailed, Message: name + " was removed while it was being added"}
}

// removeNamed forgets the documents of a name: who imports a file again means its new state.
func removeNamed(ctx context.Context, p *storage.Project, name string) error {
	kept, err := p.Documents(ctx)
	if err != nil {
		return err
	}
	for i := range kept {
		if kept[i].Name != name {
			continue
		}
		if err := p.RemoveDocument(ctx, kept[i].ID); err != nil {
			return err
		}
	}
	return nil
}

func documentInfos(ctx context.Context, c *Catalogue) ([]DocumentInfo, error) {
	if _, err := c.Refresh(ctx); err != nil {
		return nil, err
	}
	docs, err := loadDocuments(ctx, c.store)
	if err != nil {
		return nil, err
	}
	infos := make([]DocumentInfo, len(docs.kept))
	for i, sum := range docs.matcher.Summaries(c.seenOnly()) {
		kept, read := docs.kept[i], docs.read[i]
		infos[i] = DocumentInfo{
			ID: idText(kept.ID), Name: kept.Name, Form: kept.Form, Imported: instant(kept.Imported), Hosts: orEmpty(read.Hosts()),
			Operations: len(read.Operations), Seen: sum.Seen, Unseen: sum.Unseen, Shadow: sum.Shadow, Problems: []string{},
		}
		for _, problem := range read.Problems {
			infos[i].Problems = append(infos[i].Problems, problem.String())
		}
		if read.More > 0 {
			infos[i].Problems = append(infos[i].Problems, fmt.Sprintf("and %d more", read.More))
		}
	}
	return infos, nil
}

// Documents returns the imported documents and how they stand to the inventory.
func (p *Project) Documents(ctx context.Context) ([]DocumentInfo, error) {
	return documentInfos(ctx, p.catalogue)
}

// AddDocument imports a document of an API: OpenAPI, Swagger or Postman. hosts say where it is served when it does not;
// none lets the traffic tell. What of it cannot be read is in Problems, the rest is used.
func (p *Project) AddDocument(ctx context.Context, in io.Reader, name string, hosts []string) (DocumentInfo, error) {
	if p.reader == nil {
		return DocumentInfo{}, p.readOnly()
	}
	defer p.reader.rouse()
	return addDocument(ctx, p.reader.analyst, p.catalogue, in, name, hosts)
}

// RemoveDocument forgets a document.
func (p *Project) RemoveDocument(ctx context.Context, id int64) error {
	if p.reader == nil {
		return p.readOnly()
	}
	defer p.reader.rouse()
	defer p.catalogue.forgetDocuments()
	return p.reader.document(ctx, func() error { return p.store.RemoveDocument(ctx, id) })
}

// AddDocument imports a document of an API into a project, which is made where there is none.
func (a *App) AddDocument(ctx context.Context, path string, in io.Reader, name string, hosts []string) (info DocumentInfo, err error) {
	p, err := a.project(ctx, path, toWrite)
	if err != nil {
		return info, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return addDocument(ctx, a.newAnalyst(p), newCatalogue(p), in, name, hosts)
}

// Documents returns the imported documents of a project and how they stand to its inventory.
func (a *App) Documents(ctx context.Context, path string) (infos []DocumentInfo, err error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return documentInfos(ctx, newCatalogue(p))
}

// RemoveDocument forgets a document of a project, by its id or its name.
func (a *App) RemoveDocument(ctx context.Context, path, which string) error {
	return a.change(ctx, path, func(p *storage.Project) error {
		kept, err := p.Documents(ctx)
		if err != nil {
			return err
		}
		for _, d := range kept {
			if idText(d.ID) == which || strings.EqualFold(d.Name, which) {
				return a.newAnalyst(p).document(ctx, func() error { return p.RemoveDocument(ctx, d.ID) })
			}
		}
		return &Error{Code: CodeNotFound, Message: fmt.Sprintf("there is no document %q", which), Hint: "`assay documents ls` lists them"}
	})
}
