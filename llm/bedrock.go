package llm

import "strings"

// Amazon Bedrock (https://docs.aws.amazon.com/bedrock/latest/APIReference/): one format of its own (converse), and
// every vendor's own format in an envelope (invoke). The model stands in the URL.
var bedrockFormats = []*format{
	bedrockAgent,
	{
		family:   "bedrock.converse",
		kind:     KindLLM,
		provider: "aws-bedrock",
		path:     bedrockVerb("/converse"),
		request:  converseRequest,
		answer:   converseAnswer,
		read:     readConverse,
		reply:    func(*call) reply { return &converseReply{} },
	},
	{
		family:   "bedrock.converse_stream",
		kind:     KindLLM,
		provider: "aws-bedrock",
		path:     bedrockVerb("/converse-stream"),
		request:  converseRequest,
		answer:   converseEvent,
		read: func(c *call, conv *Conversation) {
			readConverse(c, conv)
			conv.StreamAsked = true
		},
		reply: func(*call) reply { return &converseReply{} },
	},
	{
		family:   "bedrock.invoke",
		kind:     KindLLM,
		provider: "aws-bedrock",
		path:     bedrockVerb("/invoke", "/async-invoke"),
		request:  invokeRequest("/invoke"),
		answer:   invokeAnswer,
		read:     readInvoke,
		reply:    func(c *call) reply { return &invokeReply{headers: c.ResponseHeader} },
	},
	{
		family:   "bedrock.invoke_stream",
		kind:     KindLLM,
		provider: "aws-bedrock",
		path:     bedrockVerb("/invoke-with-response-stream"),
		request:  invokeRequest("/invoke-with-response-stream"),
		answer: func(name string, doc value) strength {
			if b := doc.get("bytes"); name == "chunk" && strings.HasPrefix(b.text(), "eyJ") { // {"
				return certain
			}
			return silent
		},
		read: func(c *call, conv *Conversation) {
			readInvoke(c, conv)
			conv.StreamAsked = true
		},
		reply: func(c *call) reply { return &invokeReply{headers: c.ResponseHeader} },
	},
	{
		family:   "bedrock.count_tokens",
		kind:     KindAPI,
		provider: "aws-bedrock",
		path:     bedrockVerb("/count-tokens"),
		read:     readBedrockCount,
		reply:    func(*call) reply { return &bedrockCountReply{} },
	},
	{
		family:   "bedrock.guardrail",
		kind:     KindModeration,
		provider: "aws-bedrock",
		path: func(c *call) strength {
			if c.Method == "POST" && strings.HasSuffix(c.path, "/apply") && strings.Contains(c.path, "/guardrail/") {
				return certain
			}
			return silent
		},
		read: func(c *call, conv *Conversation) {
			for part := range c.request.get("content").items() {
				if t := part.at("text", "text"); t.isString() {
					conv.Inputs++
					conv.Prompts = append(conv.Prompts, c.text("user", t))
				}
			}
		},
		reply: func(*call) reply { return &guardrailReply{} },
	},
}

// bedrockVerb judges …/model/{model}/verb.
func bedrockVerb(verbs ...string) func(*call) strength {
	return func(c *call) strength {
		if c.Method != "POST" || !strings.Contains(c.path, "/model/") && !strings.Contains(c.path, "/async-invoke") {
			return silent
		}
		for _, verb := range verbs {
			if strings.HasSuffix(c.path, verb) {
				return certain
			}
		}
		return silent
	}
}

// bedrockModel reads the model of …/model/{model}/verb: an id, or an ARN with slashes of its own, encoded once or
// twice or not at all.
func bedrockModel(path string) string {
	_, rest, found := strings.Cut(path, "/model/")
	if !found {
		return ""
	}
	return unescapePath(rest[:max(strings.LastIndexByte(rest, '/'), 0)])
}

// bedrockCountReply reads how many tokens a request would take.
type bedrockCountReply struct{ draft }

func (r *bedrockCountReply) whole(doc value, _ []byte) { set(&r.usage.Input, doc.get("inputTokens")) }

func (r *bedrockCountReply) event(Event, value) {}

func readBedrockCount(c *call, conv *Conversation) {
	conv.Model = bedrockModel(c.path)
	if body := c.request.at("input", "converse"); body.isObject() {
		readConverseBody(c, body, conv)
	}
}

// guardrailReply reads what a guardrail did with a text.
type guardrailReply struct{ draft }

func (r *guardrailReply) whole(doc value, _ []byte) {
	r.finish = doc.get("action").text()
	for out := range doc.get("outputs").items() {
		r.say(out.get("text").text())
	}
}

func (r *guardrailReply) event(Event, value) {}
