package window

import (
	"assay/app"
	"assay/scanner"
	"assay/storage"
)

var errNoEndpoint = &app.Error{Code: app.CodeNotFound, Message: "this endpoint is no longer in the inventory", Hint: "its exchanges may have been deleted, or it became part of another one"}

// mostChanges is how many lines of the timeline a detail shows.
const mostChanges = 100

// Endpoint tells all about one endpoint.
func (i *Inventory) Endpoint(in EndpointIn) (out EndpointOut, err error) {
	defer i.desk.guard(&err)
	id, err := endpointID(in.ID)
	if err != nil {
		return out, err
	}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	e, ok := s.catalogue.Endpoint(id)
	if !ok {
		return out, errNoEndpoint
	}
	out = s.facts(e)
	if e.ID != id { // a link may be older than the inventory
		out.MovedFrom = idText(id)
	}
	return out, s.around(e, &out)
}

// facts are what the catalogue holds of an endpoint.
func (s *stock) facts(e *scanner.Endpoint) EndpointOut {
	f := &e.Facts
	out := EndpointOut{
		Row: s.row(e), Sample: clip(e.Sample, longText), Risks: []RiskReason{}, Auths: []AuthUse{}, Statuses: countsOf(f.Statuses),
		Requests: countsOf(f.Requests), Responses: countsOf(f.Responses), Clients: namesOf(f.Clients), Tools: namesOf(f.Tools),
		Addresses: namesOf(f.Addresses), Parameters: []EndpointParam{}, Security: []TLSUse{}, CORS: CORSUse{Origins: []string{}},
		Limits: []LimitUse{}, Shapes: []EndpointShape{}, Places: []SensitivePlace{}, Changes: []InventoryLine{}, Documents: []DocumentedAs{},
		Samples: []Row{}, Decisions: []PathDecision{}, Failed: f.Failed, Unparsed: f.Unparsed, Cut: f.Cut,
	}
	out.Row.Path, out.Row.Host = clip(e.Path, longText), clip(e.Host, longText)
	for _, r := range f.Risks {
		out.Risks = append(out.Risks, RiskReason{r.Code, r.Points, clip(r.What, longName)})
	}
	for _, a := range f.Auth {
		out.Auths = append(out.Auths, AuthUse{Kind: a.Kind, Name: clip(a.Name, longName), N: a.N, OK: a.OK, Last: idText(a.Last), Query: authQuery(e, a)})
	}
	for _, p := range f.Parameters {
		out.Parameters = append(out.Parameters, EndpointParam{
			In: p.In, Name: clip(p.Name, longName), Types: namesOf(p.Types), N: p.N, Optional: p.Optional, Values: namesOf(p.Values), Declared: p.Declared,
		})
	}
	for _, t := range f.TLS {
		out.Security = append(out.Security, TLSUse{t.Version, clip(t.Issuer, longName), clip(t.Expiry, longName), t.Unverified, t.N})
	}
	if f.CORS != nil {
		out.CORS = CORSUse{namesOf(f.CORS.Origins), f.CORS.Credentials, idText(f.CORS.Last)}
	}
	for _, l := range f.RateLimit {
		out.Limits = append(out.Limits, LimitUse{clip(l.Header, longName), clip(l.Value, longName), idText(l.Last)})
	}
	if f.Dynamic != nil {
		out.Dynamic = DynamicUse{f.Dynamic.Why, idText(f.Dynamic.By), clip(f.Dynamic.Path, longName)}
	}
	return out
}

// around adds what is kept elsewhere.
func (s *stock) around(e *scanner.Endpoint, out *EndpointOut) (err error) {
	if out.Shapes, err = s.shapes(e.ID); err != nil {
		return err
	}
	if out.Places, err = s.places(e.ID); err != nil {
		return err
	}
	changes, err := s.store.Changes(s.ctx, storage.ChangeFilter{Endpoint: e.ID, Limit: mostChanges})
	if err != nil {
		return err
	}
	if out.Changes, err = s.timeline(changes); err != nil {
		return err
	}
	if out.Documents, err = s.documentedAs(e); err != nil {
		return err
	}
	if out.Decisions, err = s.decisions(e); err != nil {
		return err
	}
	out.Samples, err = s.samples(out.Row.Query)
	return err
}
