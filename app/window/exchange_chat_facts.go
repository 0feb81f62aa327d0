package window

import (
	"math"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/traffic"
)

// ChatFacts are the facts above a conversation. A zero field is not known.
type ChatFacts struct {
	Known      bool   `json:"known"` // in a format Assay reads; otherwise it is plain traffic
	Kind       string `json:"kind"`
	Provider   string `json:"provider"`
	Family     string `json:"family"`
	Confidence string `json:"confidence"` // low, likely, sure
	Model      string `json:"model"`
	Answered   string `json:"answered"` // the model, as the answer names it
	Deployment string `json:"deployment"`
	Streamed   bool   `json:"streamed"`
	Complete   bool   `json:"complete"` // the answer ended as its format says it must
	Finish     string `json:"finish"`
	Detail     string `json:"detail"` // more on Finish
	Choices    int    `json:"choices"`
	Events     int    `json:"events"`

	Input     int64 `json:"input"` // tokens; -1 when not known, as the next six
	Output    int64 `json:"output"`
	Total     int64 `json:"total"`
	Cached    int64 `json:"cached"`
	Written   int64 `json:"written"` // to the provider's cache
	Reasoning int64 `json:"reasoning"`
	Cost      int64 `json:"cost"` // millionths of a US dollar, by the catalog's prices

	Error ChatError `json:"error"`

	Inputs     int     `json:"inputs"` // of embedding, rerank, moderation
	Embeddings int     `json:"embeddings"`
	Flagged    bool    `json:"flagged"`
	RPC        ChatRPC `json:"rpc"`
}

// ChatError is an error in the provider's words; Message and Type are empty when there is none.
type ChatError struct {
	Status  int    `json:"status"`
	Type    string `json:"type"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ChatRPC is what an exchange with a tool server or an agent said; Method is empty when it is none.
type ChatRPC struct {
	Method  string `json:"method"`
	Tool    string `json:"tool"`
	Server  string `json:"server"`
	Version string `json:"version"`
	State   string `json:"state"`
	Failed  bool   `json:"failed"`
}

func factsOf(x *traffic.Exchange, c *llm.Conversation) ChatFacts {
	f := ChatFacts{
		Known: c.Family != "", Kind: string(c.Kind), Provider: c.Provider, Family: c.Family,
		Model: short(c.Model), Answered: short(c.AnswerModel), Deployment: short(c.Deployment),
		Streamed: c.Streamed, Complete: c.Complete && x.State.Ended(), Finish: short(c.Finish), Detail: short(c.FinishDetail),
		Choices: c.Choices, Events: c.Events,
		Input: known(c.Usage.Input), Output: known(c.Usage.Output), Total: known(c.Usage.Total), Cached: known(c.Usage.CachedInput),
		Written: known(c.Usage.CacheCreation), Reasoning: known(c.Usage.Reasoning), Cost: costOf(c),
		Inputs: c.Inputs, Embeddings: c.Embeddings, Flagged: c.Flagged,
	}
	if c.Family != "" {
		f.Confidence = c.Confidence.String()
	}
	if e := c.Error; e != nil {
		f.Error = ChatError{Status: e.Status, Type: short(e.Type), Code: short(e.Code), Message: excerpt.Bytes(e.Message, mostText)}
		if f.Error.Message == "" && f.Error.Type == "" {
			f.Error.Type = "error"
		}
	}
	if r := c.RPC; r != nil {
		f.RPC = ChatRPC{Method: short(r.Method), Tool: short(r.Tool), Server: short(r.ServerName), Version: short(r.ServerVersion), State: short(r.TaskState), Failed: r.IsError}
	}
	return f
}

// short keeps a name to what a line can hold.
func short(s string) string { return excerpt.Bytes(s, leastText) }

func costOf(c *llm.Conversation) int64 {
	price, ok := llm.PriceOf(c.Provider, c.Model)
	if !ok {
		return -1
	}
	dollars, ok := price.Cost(c)
	if !ok || math.IsNaN(dollars) || dollars < 0 || dollars > 1e9 {
		return -1
	}
	return int64(math.Round(dollars * 1e6))
}
