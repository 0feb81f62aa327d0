package llm

import (
	"encoding/base64"
	"strings"
)

// bedrockAgent covers agents, flows and knowledge bases of Bedrock
// (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Agents_for_Amazon_Bedrock_Runtime.html).
var bedrockAgent = &format{
	family:   "bedrock.agent",
	kind:     KindAgent,
	provider: "aws-bedrock",
	path: func(c *call) strength {
		known := strings.HasPrefix(c.host, "bedrock-agent-runtime")
		switch {
		case strings.Contains(c.path, "/agentAliases/") && strings.Contains(c.path, "/sessions/"):
			return certain
		case strings.HasSuffix(c.path, "/retrieveAndGenerate"), strings.HasSuffix(c.path, "/retrieveAndGenerateStream"):
			return certain
		case strings.Contains(c.path, "/knowledgebases/") && strings.HasSuffix(c.path, "/retrieve"):
			return certain
		case strings.HasPrefix(c.path, "/flows/") && strings.Contains(c.path, "/aliases/"):
			return likely
		case known && (strings.HasPrefix(c.path, "/agents/") || c.path == "/rerank" || c.path == "/optimize-prompt" || strings.HasPrefix(c.path, "/sessions")):
			return certain
		default:
			return silent
		}
	},
	answer: func(name string, doc value) strength {
		switch {
		case name == "trace" && doc.has("agentId"), name == "flowOutputEvent", name == "flowCompletionEvent":
			return certain
		case name == "chunk" && doc.get("bytes").isString() && !strings.HasPrefix(doc.get("bytes").text(), "eyJ"):
			return likely
		default:
			return silent
		}
	},
	read:  readBedrockAgent,
	reply: func(*call) reply { return &bedrockAgentReply{} },
}

func readBedrockAgent(c *call, conv *Conversation) {
	if t := c.request.get("instruction"); t.isString() {
		conv.System = append(conv.System, c.text("system", t))
	}
	for _, path := range [][]string{
		{"inputText"},
		{"input", "text"},
		{"retrievalQuery", "text"},
		{"inputs", "0", "content", "document"},
		{"input", "textPrompt", "text"},
		{"queries", "0", "textQuery", "text"},
	} {
		if t := c.request.at(path...); t.isString() {
			conv.Prompts = append(conv.Prompts, c.text("user", t))
		}
	}
	conv.Model = c.request.get("foundationModel").text()
	for _, kind := range []string{"knowledgeBaseConfiguration", "externalSourcesConfiguration"} {
		if m := c.request.at("retrieveAndGenerateConfiguration", kind, "modelArn"); m.isString() {
			conv.Model = m.text()
		}
	}
}

// bedrockAgentReply reads answers of agents: text in pieces, and the tools their traces tell of.
type bedrockAgentReply struct{ draft }

func (r *bedrockAgentReply) whole(doc value, _ []byte) {
	r.say(doc.at("output", "text").text())
	for result := range doc.get("retrievalResults").items() {
		r.add(Part{Kind: PartFile, Type: "retrieval", Text: result.at("content", "text").text(), URL: result.at("location", "s3Location", "uri").text()})
	}
	r.finish = doc.get("guardrailAction").text()
}

func (r *bedrockAgentReply) event(ev Event, doc value) {
	switch ev.Name {
	case "chunk":
		if b, err := base64.StdEncoding.DecodeString(doc.get("bytes").text()); err == nil {
			r.say(string(b))
			r.complete = true
		}
	case "output":
		r.say(doc.get("text").text())
	case "flowOutputEvent":
		if d := doc.at("content", "document"); d.exists() {
			r.say(arguments(d))
		}
	case "flowCompletionEvent":
		r.finish = doc.get("completionReason").text()
		r.complete = true
	case "trace":
		r.trace(doc.at("trace", "orchestrationTrace"))
	case "returnControl":
		for in := range doc.get("invocationInputs").items() {
			r.invocation(firstOf(in, "functionInvocationInput", "apiInvocationInput"))
		}
	}
}

func (r *bedrockAgentReply) trace(v value) {
	if t := v.at("rationale", "text"); t.isString() {
		r.think(t.text())
	}
	r.invocation(v.at("invocationInput", "actionGroupInvocationInput"))
	if q := v.at("invocationInput", "knowledgeBaseLookupInput"); q.isObject() {
		r.newCall("", "knowledge_base_lookup", q.json()).builtin = true
	}
}

func (r *bedrockAgentReply) invocation(v value) {
	if !v.isObject() {
		return
	}
	name := firstOf(v, "function", "apiPath").text()
	if name == "" {
		name = firstOf(v, "actionGroupName", "actionGroup").text()
	}
	r.newCall(v.get("invocationId").text(), name, v.json())
}
