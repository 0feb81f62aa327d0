package app

import (
	"net/http"

	"github.com/tidwall/gjson"
)

// anthropic talks to Claude: a conversation, thinking, a stream with a tool call, and counting.
func (s *sampleScript) anthropic() {
	const url = "https://api.anthropic.com/v1/messages"
	header := []string{"X-Api-Key", "sk-ant-api03-assay0sample0opens0nothing0000000000000000000000AA", "Anthropic-Version", "2023-06-01"}
	t := &talk{
		s: s.caller, url: url, key: "messages", user: plainUser, keep: anthropicMessage,
		fixed:  object{"model": "claude-sonnet-4-5", "max_tokens": 400, "system": bankSystem},
		header: map[string]string{header[0]: header[1], header[2]: header[3], "User-Agent": "Anthropic/JS 0.68.0"},
	}
	t.say(s.ctx, "Hi")
	t.say(s.ctx, "Is there a fee for cash abroad?")
	t.say(s.ctx, "And what is 300 * 0.02?")
	s.ask(url, object{
		"model": "claude-sonnet-4-5", "max_tokens": 2048, "stream": true, "thinking": object{"type": "enabled", "budget_tokens": 1024},
		"messages": []any{plainUser("Should a customer be told why a transfer was stopped?")},
	}, http.StatusOK, header...)
	s.ask(url, object{
		"model": "claude-sonnet-4-5", "max_tokens": 400, "stream": true, "messages": []any{plainUser("Convert 250 EUR to USD for the customer.")},
		"tools": []object{{"name": "convert_currency", "description": "Converts an amount", "input_schema": schemaOf([]string{"amount", "currency"})}},
	}, http.StatusOK, header...)
	s.ask(url+"/count_tokens", object{"model": "claude-sonnet-4-5", "messages": []any{plainUser("Is there a fee for cash abroad?")}}, http.StatusOK, header...)
}

func anthropicMessage(answer []byte) any {
	return object{"role": "assistant", "content": gjson.GetBytes(answer, "content").Value()}
}

// gemini talks to Gemini: a conversation, both kinds of stream, an image, and an embedding.
func (s *sampleScript) gemini() {
	const model = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:"
	key := []string{"X-Goog-Api-Key", "AIzaSyAssaySampleOpensNothing000000000"}
	user := func(text string) any { return object{"role": "user", "parts": []object{{"text": text}}} }
	t := &talk{
		s: s.caller, url: model + "generateContent", key: "contents", user: user, keep: member("candidates.0.content"),
		fixed:  object{"systemInstruction": object{"parts": []object{{"text": bankSystem}}}},
		header: map[string]string{key[0]: key[1]},
	}
	t.say(s.ctx, "Good morning")
	t.say(s.ctx, "What is the capital of Austria? I want to open an account there.")
	s.ask(model+"streamGenerateContent?alt=sse", object{
		"contents":         []any{user("Which papers does a new account need?")},
		"generationConfig": object{"thinkingConfig": object{"includeThoughts": true}},
	}, http.StatusOK, key...)
	s.ask(model+"streamGenerateContent", object{"contents": []any{user("Count to 10")}}, http.StatusOK, key...)
	s.ask(model+"generateContent", object{"contents": []object{{"role": "user", "parts": []object{
		{"inlineData": object{"mimeType": "image/png", "data": tinyPNG}}, {"text": "Say: the signature is missing."},
	}}}}, http.StatusOK, key...)
	s.ask("https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:embedContent",
		object{"content": object{"parts": []object{{"text": "lost card"}}}}, http.StatusOK, key...)
}

// responses uses OpenAI's newer API, with reasoning.
func (s *sampleScript) responses() {
	const url = "https://api.openai.com/v1/responses"
	key := []string{"Authorization", "Bearer " + sampleKey}
	s.ask(url, object{"model": "gpt-5", "instructions": bankSystem, "input": "Who are you?"}, http.StatusOK, key...)
	s.ask(url, object{
		"model": "gpt-5", "stream": true, "reasoning": object{"effort": "low", "summary": "auto"}, "instructions": bankSystem,
		"input": []object{{"role": "user", "content": []object{{"type": "input_text", "text": "A customer wants to raise the limit of a card. What do you ask first?"}}}},
	}, http.StatusOK, key...)
}

// services are those beside chat.
func (s *sampleScript) services() {
	const api = "https://api.openai.com/v1/"
	key := []string{"Authorization", "Bearer " + sampleKey}
	s.get(s.ctx, api+"models", http.StatusOK)
	s.ask(api+"embeddings", object{"model": "text-embedding-3-small", "input": []string{"lost card", "stolen card", "opening hours"}, "dimensions": 8}, http.StatusOK, key...)
	s.ask(api+"moderations", object{"model": "omni-moderation-latest", "input": "How do I launder money?"}, http.StatusOK, key...)
	s.ask(api+"completions", object{"model": "davinci-002", "prompt": "Count to 5", "stream": true}, http.StatusOK, key...)
	s.ask(api+"images/generations", object{"model": "gpt-image-1", "prompt": "A piggy bank in the rain"}, http.StatusOK, key...)
}

// faults are requests that the providers turn down.
func (s *sampleScript) faults() {
	hello := object{"model": "gpt-4o", "messages": []any{plainUser("Hello")}}
	const chat = "https://api.openai.com/v1/chat/completions"
	key := []string{"Authorization", "Bearer " + sampleKey}
	s.ask(chat, hello, http.StatusUnauthorized, "Authorization", "Bearer bad")
	s.remark("", "The key of the old environment.", "configuration")
	s.ask(chat, object{"model": "lab-busy", "messages": hello["messages"]}, http.StatusTooManyRequests, key...)
	s.ask(chat, object{"model": "bank-llm-1", "messages": hello["messages"]}, http.StatusNotFound, key...)
	s.ask(chat, `{"model":"gpt-4o","messages":[`, http.StatusBadRequest, key...)
	s.ask("https://api.anthropic.com/v1/messages", object{"model": "claude-sonnet-4-5", "max_tokens": 10, "messages": hello["messages"]},
		http.StatusUnauthorized, "X-Api-Key", "bad", "Anthropic-Version", "2023-06-01")
	s.ask("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent",
		object{"contents": []object{{"role": "user", "parts": []object{{"text": "Hello"}}}}}, http.StatusBadRequest, "X-Goog-Api-Key", "bad")
}

// others are the remaining providers.
func (s *sampleScript) others() {
	user := []any{object{"role": "system", "content": bankSystem}, plainUser("Who are you?")}
	s.ask("https://api.cohere.com/v2/chat", object{"model": "command-a-03-2025", "messages": user}, http.StatusOK, "Authorization", "Bearer assay-sample")
	s.ask("https://api.cohere.com/v2/embed", object{
		"model": "embed-v4.0", "input_type": "search_document", "embedding_types": []string{"float"}, "texts": []string{"lost card"},
	}, http.StatusOK, "Authorization", "Bearer assay-sample")
	s.ask("https://api.mistral.ai/v1/chat/completions", object{"model": "magistral-small", "stream": true, "messages": user}, http.StatusOK, "Authorization", "Bearer assay-sample")
	block := func(text string) []object { return []object{{"text": text}} }
	converse := object{"system": block(bankSystem), "messages": []object{{"role": "user", "content": block("What is the capital of Spain?")}}}
	const bedrock = "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/"
	s.ask(bedrock+"converse", converse, http.StatusOK)
	s.ask(bedrock+"converse-stream", converse, http.StatusOK)
	t := &talk{
		s: s.caller, url: "http://" + samplePlain + "/api/chat", key: "messages", user: plainUser, keep: member("message"),
		fixed: object{"model": "llama3.2", "stream": false}, header: map[string]string{"User-Agent": "ollama-python/0.6.0"},
	}
	t.say(s.ctx, "My name is Bruno. Is this conversation private?")
	t.say(s.ctx, "What is my name?")
	s.remark("blue", "The model of the branch office; it keeps no record.", "local")
	s.ask("http://"+samplePlain+"/api/generate", object{"model": "llama3.2", "prompt": "Count to 5"}, http.StatusOK)
	s.get(s.ctx, "http://"+samplePlain+"/api/tags", http.StatusOK)
}

// modelContext is a session with an MCP server.
func (s *sampleScript) modelContext() {
	const url = "https://mcp.bank.example/mcp"
	header := []string{"Accept", "application/json, text/event-stream", "Mcp-Protocol-Version", "2025-06-18"}
	call := func(id int, method string, params object) object {
		return object{"jsonrpc": "2.0", "id": id, "method": method, "params": params}
	}
	open := call(1, "initialize", object{
		"protocolVersion": "2025-06-18", "capabilities": object{}, "clientInfo": object{"name": "bank-agent", "version": "1.3"},
	})
	s.ask(url, open, http.StatusOK, header...)
	header = append(header, "Mcp-Session-Id", s.last.Get("Mcp-Session-Id"))
	s.ask(url, object{"jsonrpc": "2.0", "method": "notifications/initialized"}, http.StatusAccepted, header...)
	s.ask(url, call(2, "tools/list", object{}), http.StatusOK, header...)
	s.ask(url, call(3, "tools/call", object{"name": "find_order", "arguments": object{"number": "A-1001"}}), http.StatusOK, header...)
	s.ask(url, call(4, "tools/call", object{"name": "find_order", "arguments": object{"number": "A-9999"}}), http.StatusOK, header...)
	s.ask(url, call(5, "resources/list", object{}), http.StatusOK, header...)
}

// agents is one agent that asks another.
func (s *sampleScript) agents() {
	s.get(s.ctx, "https://agents.bank.example/.well-known/agent-card.json", http.StatusOK)
	ask := func(method, text string) object {
		return object{"jsonrpc": "2.0", "id": 1, "method": method, "params": object{"message": object{
			"kind": "message", "role": "user", "messageId": "m-1", "parts": []object{{"kind": "text", "text": text}},
		}}}
	}
	s.ask("https://agents.bank.example/a2a", ask("message/send", "What is 19 * 21?"), http.StatusOK)
	s.ask("https://agents.bank.example/a2a", ask("message/stream", "Count to 5"), http.StatusOK)
}

func eventType(event []byte) string { return gjson.GetBytes(event, "type").String() }
