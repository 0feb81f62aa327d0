package app

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"assay/scanner"
	"assay/scanner/apidoc"
	"assay/scanner/discover"
	"assay/storage"
)

// WriteOpenAPI writes the endpoints a query selects as OpenAPI 3.1: what traffic showed and nothing else. The notes name
// what OpenAPI has no words for.
func (a *App) WriteOpenAPI(ctx context.Context, path, query string, out io.Writer) (notes []string, err error) {
	if _, err := ParseEndpointQuery(query); err != nil {
		return nil, err
	}
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return writeOpenAPI(ctx, newCatalogue(p), query, out)
}

// WriteOpenAPI writes the endpoints a query selects as OpenAPI 3.1.
func (p *Project) WriteOpenAPI(ctx context.Context, query string, out io.Writer) (notes []string, err error) {
	return writeOpenAPI(ctx, p.catalogue, query, out)
}

func writeOpenAPI(ctx context.Context, c *Catalogue, query string, out io.Writer) ([]string, error) {
	q, err := ParseEndpointQuery(query)
	if err != nil {
		return nil, err
	}
	if _, err := c.Refresh(ctx); err != nil {
		return nil, err
	}
	var list []apidoc.Exported
	for _, e := range c.Find(q) {
		if e.Documented == scanner.DocumentedNever {
			continue // nothing of it was seen
		}
		bodies, err := bodiesOf(ctx, c.store, e.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, apidoc.Exported{Endpoint: e, Bodies: bodies})
	}
	title := strings.TrimSuffix(filepath.Base(c.store.Path()), filepath.Ext(c.store.Path()))
	document, notes, err := apidoc.Export(title, list)
	if err != nil {
		return nil, err
	}
	_, err = out.Write(document)
	return notes, err
}

// bodiesOf are the schemas of the bodies of an endpoint.
func bodiesOf(ctx context.Context, p *storage.Project, id scanner.EndpointID) ([]apidoc.Body, error) {
	blob, err := p.Shape(ctx, id)
	if err != nil || blob == nil {
		return nil, err
	}
	shapes, err := discover.Shapes(blob)
	if err != nil {
		return nil, err
	}
	var bodies []apidoc.Body
	for _, s := range shapes {
		if s.Side == discover.SideRequest { // forms are among the parameters
			bodies = append(bodies, apidoc.Body{Side: "request", Schema: s.Schema})
		}
		if s.Side == discover.SideResponse {
			bodies = append(bodies, apidoc.Body{Side: "response", Status: s.Status, Schema: s.Schema})
		}
	}
	return bodies, nil
}
