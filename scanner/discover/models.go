package discover

import (
	"strconv"

	"assay/llm"
	"assay/scanner"
)

// meetModel counts the model that answered. A model that was asked for and never answered is none in use: names are
// mistyped, and tests ask for what does not exist.
func (a *assets) meetModel(v *sight) {
	c := v.Conversation
	switch v.kind {
	case llm.KindSaaS, llm.KindVectorDB, llm.KindAPI, llm.KindMCP, llm.KindPlain:
		return
	default:
	}
	name := modelName(c)
	if name == "" {
		return
	}
	if !v.answered() { // neither before it is known nor after: a count does not hang on the order
		return
	}
	h, fresh := a.meet(v, scanner.AssetModel, c.Provider, v.e.Host, name)
	if h == nil {
		return
	}
	v.model = h
	if fresh {
		h.Name, h.Provider = shortName(name), c.Provider
		a.line(v, h, scanner.ChangeModel, "info", at("The model "+h.Name+" is in use", v.e.Host), "")
	}
	a.addAnswer(v, h)
	if h.Facts.Context == 0 {
		for _, each := range []string{c.AnswerModel, name} {
			if tokens, ok := llm.ContextSize(each); ok {
				h.Facts.Context = tokens
				break
			}
		}
	}
	h.Facts.Tokens += tokensOf(&c.Usage)
	if v.o.Cost != nil {
		if micros, ok := v.o.Cost(c); ok {
			h.Facts.Cost += micros
		}
	}
	a.link(v, v.service, h)
}

// addAnswer remembers under which name a model answered, and says when that is another one than before.
func (a *assets) addAnswer(v *sight, h *held) {
	answered := shortName(v.Conversation.AnswerModel)
	before := len(h.Facts.Versions)
	var fresh bool
	h.Facts.Versions, fresh = addName(h.Facts.Versions, answered, &h.Facts.Cut)
	if fresh && before > 0 {
		a.line(v, h, scanner.ChangeModel, "info", h.Name+" is answered by "+answered, "Before: "+h.Facts.Versions[before-1])
	}
}

// modelName is what a model is called: as the request says it, or else the answer.
func modelName(c *llm.Conversation) string {
	switch {
	case c.Model != "":
		return c.Model
	case c.Deployment != "":
		return c.Deployment
	default:
		return c.AnswerModel
	}
}

// tokensOf is the number of tokens of an exchange as the provider counted them.
func tokensOf(u *llm.Usage) int64 {
	n := int64(0)
	if u.Total != nil {
		n = *u.Total
	} else {
		for _, each := range []*int64{u.Input, u.Output} {
			if each != nil {
				n += *each
			}
		}
	}
	return min(max(n, 0), 1<<40) // a server may say anything
}

// plural writes a number and what is counted.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
