package llm

import "strings"

// genericRerank orders documents by a query, in the words Cohere made usual and Jina, llama.cpp, vLLM and others speak.
var genericRerank = &format{
	family:  "rerank",
	kind:    KindEmbedding,
	path:    suffix(likely, "/rerank", "/reranking"),
	request: rerankRequest,
	answer:  rerankAnswer,
	read:    readInputsOnly,
	reply:   func(*call) reply { return &rerankReply{} },
}

// voyageFormats are Voyage AI's (https://docs.voyageai.com/reference).
var voyageFormats = []*format{
	{
		family:   "voyage.embeddings",
		kind:     KindEmbedding,
		provider: "voyage",
		path:     ofProvider("voyage", "/embeddings", "/multimodalembeddings", "/contextualizedembeddings"),
		request: func(c *call) strength {
			if strings.HasPrefix(c.request.get("model").text(), "voyage-") {
				return particular
			}
			return silent
		},
		answer: embeddingsAnswer,
		read:   readInputsOnly,
		reply:  func(*call) reply { return &embeddingsReply{} },
	},
	{
		family:   "voyage.rerank",
		kind:     KindEmbedding,
		provider: "voyage",
		path:     ofProvider("voyage", "/rerank"),
		request: func(c *call) strength {
			if strings.HasPrefix(c.request.get("model").text(), "rerank-") && c.request.has("top_k") {
				return certain
			}
			return silent
		},
		answer: func(_ string, doc value) strength {
			if doc.get("data").item(0).has("relevance_score") {
				return certain
			}
			return silent
		},
		read:  readInputsOnly,
		reply: func(*call) reply { return &rerankReply{} },
	},
}

// ofProvider judges paths that mean something of their own at one provider.
func ofProvider(provider string, ends ...string) func(*call) strength {
	return func(c *call) strength {
		for _, end := range ends {
			if c.Method == "POST" && strings.HasSuffix(c.path, end) {
				if c.provider == provider {
					return particular
				}
				return likely
			}
		}
		return silent
	}
}

func rerankRequest(c *call) strength {
	if c.request.get("query").isString() && (c.request.get("documents").isArray() || c.request.get("texts").isArray()) {
		if strings.HasSuffix(c.path, "/rerank") || strings.HasSuffix(c.path, "/reranking") {
			return likely
		}
		return maybe
	}
	return silent
}

func rerankAnswer(_ string, doc value) strength {
	if first := firstOf(doc, "results", "data").item(0); first.has("relevance_score") && first.has("index") {
		return likely
	}
	return silent
}

type rerankReply struct{ draft }

func (r *rerankReply) whole(doc value, _ []byte) {
	r.model = doc.get("model").text()
	r.usage.chat(doc.get("usage"))
}

func (r *rerankReply) event(Event, value) {}
