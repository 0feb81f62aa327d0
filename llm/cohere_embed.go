package llm

import "strings"

// Cohere's embeddings, rerankings and tokens (https://docs.cohere.com/reference/embed).
var (
	cohereEmbedV2  = cohereInputs("cohere.v2.embed", KindEmbedding, "/v2/embed", "texts", "inputs", "images")
	cohereEmbedV1  = cohereInputs("cohere.v1.embed", KindEmbedding, "/v1/embed", "texts", "images")
	cohereRerankV2 = cohereInputs("cohere.v2.rerank", KindEmbedding, "/v2/rerank", "documents")
	cohereRerankV1 = cohereInputs("cohere.v1.rerank", KindEmbedding, "/v1/rerank", "documents")
	cohereTokenize = cohereOwn("cohere.v1.tokenize", "/v1/tokenize")
	cohereUntoken  = cohereOwn("cohere.v1.detokenize", "/v1/detokenize")
	cohereClassify = cohereOwn("cohere.v1.classify", "/v1/classify")
)

func cohereInputs(family string, kind Kind, end string, keys ...string) *format {
	return &format{
		family: family,
		kind:   kind,
		path: func(c *call) strength {
			switch s := suffix(likely, end)(c); {
			case s == likely && c.provider == "cohere":
				return certain
			case s == likely && strings.HasSuffix(end, "rerank"): // everybody's word
				return maybe
			default:
				return s
			}
		},
		request: func(c *call) strength {
			for _, key := range keys {
				if c.request.get(key).isArray() {
					return maybe
				}
			}
			return silent
		},
		answer: cohereInputsAnswer,
		read:   readInputsOnly,
		reply:  func(*call) reply { return &cohereInputsReply{} },
	}
}

// cohereOwn are paths that mean something only at Cohere's.
func cohereOwn(family, end string) *format {
	return &format{
		family: family,
		kind:   KindAPI,
		path: func(c *call) strength {
			if c.provider == "cohere" {
				return suffix(certain, end)(c)
			}
			return suffix(maybe, end)(c)
		},
		answer: func(_ string, doc value) strength {
			if doc.get("meta").has("api_version") {
				return likely
			}
			return silent
		},
		read: readManaged,
	}
}

func cohereInputsAnswer(_ string, doc value) strength {
	if !doc.get("meta").has("api_version") && !doc.get("meta").has("billed_units") {
		return silent
	}
	if doc.has("embeddings") || doc.has("results") {
		return certain
	}
	return likely
}

// cohereInputsReply counts vectors, which come as one list or as one list for each number format.
type cohereInputsReply struct{ draft }

func (r *cohereInputsReply) whole(doc value, _ []byte) {
	switch e := doc.get("embeddings"); {
	case e.isArray():
		r.embedding = e.len()
	case e.isObject():
		for _, list := range e.fields() {
			r.embedding = max(r.embedding, list.len())
		}
	}
	r.usage.cohere(doc.get("meta"))
}

func (r *cohereInputsReply) event(Event, value) {}
