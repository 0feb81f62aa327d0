package window

import (
	"strconv"
	"strings"

	"assay/llm"
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

// endpointQuery selects the exchanges of endpoints; of none when there are none.
func endpointQuery(ids ...scanner.EndpointID) string {
	values := make([]traffic.Value, 0, len(ids))
	for _, id := range ids {
		values = append(values, traffic.Value{Text: strconv.FormatInt(int64(id), 10)})
	}
	if len(ids) == 0 {
		values = append(values, traffic.Value{Text: "-1"})
	}
	return queryOf(traffic.Compare{Field: "endpoint", Op: traffic.OpEqual, Values: values})
}

// placeQuery selects the exchanges that have data at a place.
func placeQuery(id scanner.PlaceID) string { return queryOf(is("place", idText(id))) }

// typeQuery selects the exchanges that have sensitive data of a type.
func typeQuery(kind string) string { return queryOf(is("sensitive", kind)) }

// assetQuery selects the exchanges of an asset. used says that the project knows them one by one; where it does not, they
// are found by what the asset is called.
func assetQuery(a *scanner.Asset, used bool) string {
	host := is("host", nameOfHost(a.Host))
	switch {
	case used, a.Kind == scanner.AssetPrompt, a.Kind == scanner.AssetKey, a.Kind == scanner.AssetClient:
		return queryOf(is("asset", idText(a.ID)))
	case a.Kind == scanner.AssetModel:
		return queryOf(is("model", a.Name), host)
	case a.Kind == scanner.AssetTool:
		return queryOf(is("tool", a.Name), host)
	case a.Kind == scanner.AssetService && (a.Facts.Cut || !byEndpoint[a.Facts.Kind]):
		return queryOf(is("kind", a.Facts.Kind), host)
	}
	return endpointQuery(a.Facts.Endpoints...)
}

// byEndpoint are kinds of services that exchanges do not tell by themselves: an endpoint is recognised by several, and a
// host may have several servers of MCP.
var byEndpoint = map[string]bool{string(llm.KindChatBackend): true, string(llm.KindRAG): true, string(llm.KindMCP): true}

// nameOfHost is a host without its port: the filter language knows none.
func nameOfHost(authority string) string { return traffic.SplitURL("http://" + authority).Host }
