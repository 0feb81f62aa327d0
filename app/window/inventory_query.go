package window

import (
	"strings"

	"assay/scanner"
	"assay/traffic"
)

// mostAsked is how many bytes of a name a query asks for; what is longer is looked for by how it begins.
const mostAsked = 4_000

// queryOf writes a filter whose conditions all hold.
func queryOf(conditions ...traffic.Node) string {
	q := traffic.Query{Root: traffic.And{Nodes: conditions}}
	return q.String()
}

// is says that a field has a value, whatever is in it.
func is(field, value string) traffic.Node {
	op := traffic.OpEqual
	if len(value) > mostAsked {
		op, value = traffic.OpContains, strings.ToValidUTF8(value[:mostAsked], "")
	}
	return traffic.Compare{Field: field, Op: op, Values: []traffic.Value{{Text: value}}}
}

// endpointQuery selects the exchanges of an endpoint.
func endpointQuery(id scanner.EndpointID) string { return queryOf(is("endpoint", idText(id))) }

// placeQuery selects the exchanges that have data at a place.
func placeQuery(id scanner.PlaceID) string { return queryOf(is("place", idText(id))) }

// typeQuery selects the exchanges that have sensitive data of a type.
func typeQuery(kind string) string { return queryOf(is("sensitive", kind)) }

// assetQuery selects the exchanges that counted for an asset.
func assetQuery(a *scanner.Asset) string { return queryOf(is("asset", idText(a.ID))) }
