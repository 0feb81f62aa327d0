package discover

import (
	"bytes"
	"net/url"
	"strings"

	"assay/scanner"
	"assay/scanner/schema"
	"assay/traffic"
)

// operation is what a request asks for where its path does not tell.
type operation struct {
	protocol scanner.Protocol // empty: nothing special
	name     string
}

// batchName is the operation of several in one request.
const batchName = "batch"

// operationOf reads the operation from the query or the body of a request.
func operationOf(s *Seen, u traffic.URLParts) operation {
	mediaType := traffic.MediaType(s.Exchange.Request.Header.Get("Content-Type"))
	graph := strings.HasSuffix(strings.TrimRight(strings.ToLower(u.Path), "/"), "graphql")
	body := s.Request[:min(len(s.Request), maxPeek)]
	switch {
	case mediaType == "application/graphql":
		if op, ok := graphQL(string(body), ""); ok {
			return operation{scanner.ProtocolGraphQL, op}
		}
	case mediaType == "application/x-www-form-urlencoded", mediaType == "multipart/form-data":
		if graph {
			if op := formOperation(s, mediaType); op.name != "" {
				return op
			}
		}
		return operation{protocol: scanner.ProtocolForm}
	case mayNameOperation(body, graph):
		var d schema.Document
		if d.Parse(body) == nil {
			if op := jsonOperation(d.Root(), graph); op.protocol != "" {
				return op
			}
		}
	case len(body) == 0 && u.Query != "" && (graph || strings.Contains(u.Query, "query=") || strings.Contains(u.Query, "persistedQuery")):
		return queryOperation(u.Query, graph)
	}
	if graph && s.Exchange.Request.Method == "POST" {
		return operation{protocol: scanner.ProtocolGraphQL}
	}
	return operation{}
}

// mayNameOperation tells most bodies from those worth taking apart.
func mayNameOperation(body []byte, graph bool) bool {
	head := bytes.TrimLeft(body[:min(len(body), 64)], "\ufeff \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	return graph || bytes.Contains(body, []byte(`"jsonrpc"`)) || bytes.Contains(body, []byte(`"persistedQuery"`)) ||
		bytes.Contains(body, []byte(`"query"`))
}

func jsonOperation(v schema.Value, graph bool) operation {
	if v.Kind() == schema.Array {
		for item := range v.Items() {
			if op := jsonOperation(item, graph); op.protocol != "" && item.Kind() == schema.Object {
				op.name = batchName
				return op
			}
			break
		}
		return operation{}
	}
	if version := v.Get("jsonrpc"); version.Kind() != 0 {
		method := v.Get("method").Text()
		if method == "" && (v.Get("result").Kind() != 0 || v.Get("error").Kind() != 0) {
			method = "response" // what a server asked of its client
		}
		return operation{scanner.ProtocolRPC, operationName(method)}
	}
	name := v.Get("operationName").Text()
	if query := v.Get("query"); query.Kind() == schema.String {
		if op, ok := graphQL(query.Text(), name); ok {
			return operation{scanner.ProtocolGraphQL, op}
		}
	}
	hash := v.Get("extensions").Get("persistedQuery").Get("sha256Hash").Text()
	if !graph && hash == "" {
		return operation{}
	}
	for _, id := range []string{"documentId", "queryId", "doc_id", "id"} {
		if hash == "" {
			hash = v.Get(id).Text()
		}
	}
	return persisted(name, hash)
}

// persisted is a GraphQL operation whose text the server knows already.
func persisted(name, hash string) operation {
	switch {
	case name != "":
		return operation{scanner.ProtocolGraphQL, operationName(name)}
	case hash != "":
		return operation{scanner.ProtocolGraphQL, operationName("persisted " + hash[:min(len(hash), 16)])}
	}
	return operation{}
}

// queryOperation reads GraphQL by GET.
func queryOperation(query string, graph bool) operation {
	values, _ := url.ParseQuery(query[:min(len(query), maxPeek)])
	if op, ok := graphQL(values.Get("query"), values.Get("operationName")); ok {
		return operation{scanner.ProtocolGraphQL, op}
	}
	var d schema.Document
	_ = d.Parse([]byte(values.Get("extensions")))
	hash := d.Root().Get("persistedQuery").Get("sha256Hash").Text()
	if hash == "" && !graph {
		return operation{}
	}
	if name := values.Get("operationName"); name != "" { // what is asked for by GET changes nothing
		return operation{scanner.ProtocolGraphQL, operationName("query " + name)}
	}
	return persisted("", hash)
}

// formOperation reads GraphQL from a form: its fields, or the JSON in the field operations of an upload.
func formOperation(s *Seen, mediaType string) operation {
	fields := formFields(s.Request, mediaType, s.Exchange.Request.Header.Get("Content-Type"))
	get := func(name string) string {
		for _, f := range fields {
			if f.name == name {
				return f.value
			}
		}
		return ""
	}
	if op, ok := graphQL(get("query"), get("operationName")); ok {
		return operation{scanner.ProtocolGraphQL, op}
	}
	var d schema.Document
	if d.Parse([]byte(get("operations"))) == nil {
		return jsonOperation(d.Root(), true)
	}
	return persisted(get("operationName"), get("doc_id"))
}

// operationName makes a name of what a request says: printable and short.
func operationName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name[:min(len(name), 4*maxOperation)], ""))
	if len(name) > maxOperation {
		name = strings.ToValidUTF8(name[:maxOperation], "")
	}
	return strings.TrimSpace(name)
}
