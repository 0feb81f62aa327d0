package llm

import "strings"

// Vector databases, where applications keep what their models are to know. What they answer is read too: a document
// that comes back may carry instructions.
var vectorFormats = []*format{
	vectorDB("pinecone", pineconePath, pineconeRequest, func(_ string, doc value) strength {
		switch {
		case doc.get("matches").isArray() && doc.has("namespace"), doc.at("result", "hits").isArray(), doc.get("upsertedCount").isNumber():
			return likely
		default:
			return silent
		}
	}),
	vectorDB("weaviate", weaviatePath, weaviateRequest, weaviateAnswer),
	vectorDB("qdrant", qdrantPath, nil, func(_ string, doc value) strength {
		if doc.get("time").isNumber() && doc.has("result") && doc.has("status") {
			return likely
		}
		return silent
	}),
	vectorDB("chroma", chromaPath, nil, nil),
	vectorDB("milvus", milvusPath, nil, nil),
	vectorDB("marqo", marqoPath, marqoRequest, func(_ string, doc value) strength {
		hit := doc.get("hits").item(0)
		if hit.has("_id") && hit.has("_score") && doc.has("processingTimeMs") {
			return certain
		}
		return silent
	}),
}

func vectorDB(name string, path func(*call) strength, request func(*call) strength, answer func(string, value) strength) *format {
	return &format{
		family:   "vectordb." + name,
		kind:     KindVectorDB,
		provider: name,
		path: func(c *call) strength {
			if c.provider == name && c.service == KindVectorDB {
				return particular
			}
			return path(c)
		},
		request: func(c *call) strength {
			if request == nil {
				return silent
			}
			s := request(c)
			if path(c) == silent { // others have such bodies at other paths
				s = min(s, maybe)
			}
			return s
		},
		answer: answer,
		read:   readVectorQuery,
		reply:  func(*call) reply { return &vectorReply{} },
	}
}

func pineconePath(c *call) strength {
	switch {
	case c.RequestHeader.Has("X-Pinecone-API-Version"):
		return certain
	case strings.Contains(c.path, "/records/namespaces/"), strings.HasSuffix(c.path, "/describe_index_stats"):
		return likely
	case pathEnds(c.path, "/vectors/upsert"), pathEnds(c.path, "/vectors/fetch"), pathEnds(c.path, "/vectors/delete"), pathEnds(c.path, "/vectors/update"), pathEnds(c.path, "/vectors/list"):
		return likely
	case c.path == "/query":
		return maybe
	default:
		return silent
	}
}

func pineconeRequest(c *call) strength {
	switch {
	case c.request.get("topK").isNumber() && (c.request.get("vector").isArray() || c.request.has("id") || c.request.has("sparseVector")):
		return likely
	case c.request.get("vectors").item(0).get("values").isArray(), c.request.at("query", "top_k").isNumber():
		return likely
	default:
		return silent
	}
}

func weaviatePath(c *call) strength {
	switch {
	case c.RequestHeader.Has("X-Weaviate-Client"), c.RequestHeader.Has("X-Weaviate-Api-Key"), c.RequestHeader.Has("X-Weaviate-Cluster-Url"):
		return certain
	case strings.HasSuffix(c.path, "/v1/batch/objects"), strings.HasSuffix(c.path, "/v1/batch/references"):
		return likely
	case strings.HasSuffix(c.path, "/v1/graphql"), pathEnds(c.path, "/v1/schema"), pathEnds(c.path, "/v1/schema/*"),
		pathEnds(c.path, "/v1/objects"), pathEnds(c.path, "/v1/objects/**"), strings.HasSuffix(c.path, "/v1/meta"):
		return maybe
	default:
		return silent
	}
}

func weaviateRequest(c *call) strength {
	query := c.request.get("query").text()
	for _, word := range []string{"nearVector", "nearText", "hybrid", "bm25", "{Aggregate", "{ Aggregate", "{Get", "{ Get"} {
		if strings.Contains(query[:min(len(query), 4096)], word) {
			return likely
		}
	}
	switch {
	case c.request.get("class").isString() && (c.request.get("properties").exists() || c.request.has("vectorizer")):
		return likely
	case c.request.get("objects").item(0).get("class").isString():
		return likely
	default:
		return silent
	}
}

func weaviateAnswer(_ string, doc value) strength {
	class := doc.get("classes").item(0)
	switch {
	case class.has("invertedIndexConfig"), doc.has("invertedIndexConfig"), doc.item(0).get("class").isString() && doc.item(0).has("creationTimeUnix"):
		return certain
	case doc.get("classes").isArray(), doc.get("modules").isObject() && doc.has("hostname") && doc.has("version"), doc.at("data", "Get").isObject(), doc.at("data", "Aggregate").isObject():
		return likely
	default:
		return silent
	}
}

func qdrantPath(c *call) strength {
	switch {
	case strings.Contains(c.path, "/collections/") && strings.Contains(c.path, "/points"):
		return certain
	case pathEnds(c.path, "/collections"), pathEnds(c.path, "/collections/*"), pathEnds(c.path, "/collections/*/index"):
		return maybe
	default:
		return silent
	}
}

func chromaPath(c *call) strength {
	switch {
	case strings.Contains(c.path, "/api/v2/tenants"), c.RequestHeader.Has("X-Chroma-Token"), strings.HasSuffix(c.path, "/api/v2/auth/identity"):
		return certain
	case strings.Contains(c.path, "/api/v1/collections") && (c.request.has("query_embeddings") || c.request.has("get_or_create") || c.request.has("embeddings")):
		return certain
	case pathEnds(c.path, "/api/v1/collections/*/query"), pathEnds(c.path, "/api/v1/heartbeat"), pathEnds(c.path, "/api/v2/heartbeat"), pathEnds(c.path, "/api/v2/pre-flight-checks"):
		return certain
	default:
		return silent
	}
}

func milvusPath(c *call) strength {
	switch {
	case strings.Contains(c.path, "/v2/vectordb/"):
		return certain
	case strings.Contains(c.path, "/v1/vector/") && c.request.get("collectionName").isString():
		return certain
	default:
		return silent
	}
}

func marqoPath(c *call) strength {
	switch {
	case pathEnds(c.path, "/indexes/*/search"), pathEnds(c.path, "/indexes/*/documents"), pathEnds(c.path, "/indexes/*/embed"):
		return maybe
	default:
		return silent
	}
}

func marqoRequest(c *call) strength {
	for _, key := range []string{"searchMethod", "tensorFields", "useExistingTensors", "showHighlights"} {
		if c.request.has(key) {
			return likely
		}
	}
	return silent
}

// readVectorQuery reads what is asked in words, and counts what is asked or stored as vectors.
func readVectorQuery(c *call, conv *Conversation) {
	body := c.request
	for _, path := range [][]string{
		{"q"}, {"query"}, {"query", "inputs", "text"}, {"query", "text"}, {"query", "nearest", "text"}, {"data", "0"}, {"inputs", "text"},
	} {
		if t := body.at(path...); t.isString() {
			conv.Inputs++
			conv.Prompts = append(conv.Prompts, c.text("user", t))
		}
	}
	conv.Inputs += readTexts(c, body.get("query_texts"), conv)
	for _, key := range []string{"vectors", "points", "objects", "documents", "embeddings", "query_embeddings", "data"} {
		if list := body.get(key); list.isArray() {
			conv.Inputs += list.len()
		}
	}
}

// Limits on the documents shown of one answer.
const (
	maxDocuments    = 200
	minDocumentText = 16 // shorter strings are ids, names, states
)

// vectorReply keeps the texts of the documents found.
type vectorReply struct{ draft }

func (r *vectorReply) whole(doc value, _ []byte) {
	r.documents(doc, 12)
	if s := doc.get("status"); s.get("error").isString() { // Qdrant
		r.err = &ProviderError{Message: s.get("error").text()}
	}
	if code, ok := doc.get("code").int(); ok && code != 0 && doc.get("message").isString() { // Milvus
		r.err = &ProviderError{Code: doc.get("code").json(), Message: doc.get("message").text()}
	}
}

func (r *vectorReply) event(Event, value) {}

func (r *vectorReply) documents(v value, depth int) {
	if len(r.parts) >= maxDocuments || depth == 0 {
		return
	}
	switch v.kind() {
	case kindString:
		if len(v.raw()) > minDocumentText && prose(v.raw()) {
			r.add(Part{Kind: PartFile, Type: "document", Text: v.text()})
		}
	case kindArray:
		if v.item(0).isNumber() {
			return
		}
		for e := range v.items() {
			r.documents(e, depth-1)
		}
	case kindObject:
		for key, e := range v.fields() {
			switch string(key) {
			case "query", "message", "error", "status": // of the answer itself
			default:
				r.documents(e, depth-1)
			}
		}
	default:
	}
}
