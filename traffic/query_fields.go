package traffic

import (
	"slices"
	"strings"
)

// FieldType tells how the values of a query field are written and compared.
type FieldType uint8

// The types of query fields.
const (
	FieldText     FieldType = iota + 1 // `:` part of it, `=` all of it, `~` regular expression, * wildcard
	FieldChoice                        // one of Values, compared whole and without case
	FieldWords                         // words of a text, found through the search index; `~` looks at the text itself
	FieldNumber                        // whole numbers, also 5xx for 500..599
	FieldBytes                         // bytes, with B, kB, MB, GB (powers of 1000), KiB, MiB, GiB (powers of 1024)
	FieldDuration                      // microseconds; written 250ms, 1.5s, 2m, 1h, 3d; a bare number is milliseconds
	FieldMoney                         // millionths of a US dollar; written 0.25 or $0.25
	FieldTime                          // moments; written -15m (ago), today, yesterday, 2026-01-31, 2026-01-31T18:00
	FieldBool                          // yes or no
)

var fieldTypeNames = [...]string{
	FieldText: "text", FieldChoice: "choice", FieldWords: "words", FieldNumber: "number", FieldBytes: "size",
	FieldDuration: "duration", FieldMoney: "money", FieldTime: "time", FieldBool: "yes or no",
}

// String returns the type's name in the documentation.
func (t FieldType) String() string { return fieldTypeNames[t] }

// numeric reports whether values are compared through Value.Bounds.
func (t FieldType) numeric() bool { return t >= FieldNumber }

// QueryField is one field of the filter language.
type QueryField struct {
	Name     string
	Aliases  []string
	Type     FieldType
	Sentence string   // what the field holds
	Values   []string // of FieldChoice: all values; otherwise values worth suggesting
	Examples []string

	// phrase and negated are how Explain says it: %s is the verb phrase of text ("contains gpt") or the
	// value phrase of everything else ("more than 1,000").
	phrase, negated string
}

// QueryFields returns the fields of the filter language in the order of the documentation.
func QueryFields() []QueryField { return slices.Clone(queryFields) }

// LookupField returns the field with this name or alias, compared without case.
func LookupField(name string) (QueryField, bool) {
	f := lookupField(name)
	if f == nil {
		return QueryField{}, false
	}
	return *f, true
}

func lookupField(name string) *QueryField {
	if f, ok := fieldIndex[name]; ok {
		return f
	}
	return fieldIndex[strings.ReplaceAll(strings.ToLower(name), "-", "_")]
}

var fieldIndex = indexOf(queryFields)

func indexOf(fields []QueryField) map[string]*QueryField {
	index := map[string]*QueryField{}
	for i := range fields {
		f := &fields[i]
		index[f.Name] = f
		for _, alias := range f.Aliases {
			index[alias] = f
		}
	}
	return index
}

// HasValues are the things `has:` can ask for.
var HasValues = []string{
	"answer", "colour", "conversation", "error", "fault", "frames", "lost", "note", "reasoning", "refusal",
	"stream", "tag", "tool_calls", "tool_results", "tools",
}

var queryFields = []QueryField{
	{Name: "text", Aliases: []string{"said", "words"}, Type: FieldWords, Sentence: "Everything that was said, by any role, and the URL; words alone search here.", Examples: []string{`refund policy`, `"refund policy"`, `refun*`, `text ~ /sk-[a-z0-9]+/`}, phrase: "that mention %s", negated: "that do not mention %s"},
	{Name: "system", Aliases: []string{"developer", "instructions"}, Type: FieldWords, Sentence: "System and developer messages.", Examples: []string{`system:"you are"`}, phrase: "whose system text mentions %s", negated: "whose system text does not mention %s"},
	{Name: "user", Aliases: []string{"prompt"}, Type: FieldWords, Sentence: "What the user said, in all messages of the request.", Examples: []string{`user:password`}, phrase: "in which the user said %s", negated: "in which the user did not say %s"},
	{Name: "assistant", Aliases: []string{"answer", "output"}, Type: FieldWords, Sentence: "What the model said, in the answer and in earlier turns.", Examples: []string{`assistant:"I cannot"`}, phrase: "in which the model said %s", negated: "in which the model did not say %s"},
	{Name: "reasoning", Aliases: []string{"thinking"}, Type: FieldWords, Sentence: "The model's reasoning, where it was sent.", Examples: []string{`reasoning:policy`}, phrase: "whose reasoning mentions %s", negated: "whose reasoning does not mention %s"},
	{Name: "tool_text", Aliases: []string{"tool_result", "tool_output", "arguments"}, Type: FieldWords, Sentence: "Arguments of tool calls and results of tools.", Examples: []string{`tool_text:"rm -rf"`}, phrase: "whose tool calls and results mention %s", negated: "whose tool calls and results do not mention %s"},

	{Name: "host", Aliases: []string{"domain", "server"}, Type: FieldText, Sentence: "The host the request went to, without the port.", Examples: []string{`host:openai.com`, `host=api.openai.com`, `host:(openai.com, anthropic.com)`, `host:*.internal`}, phrase: "to %s", negated: "not to %s"},
	{Name: "path", Type: FieldText, Sentence: "The path of the URL, without the query.", Examples: []string{`path:/v1/chat`, `path=/v1/messages`, `path:/v1/*/files`}, phrase: "whose path %s", negated: "whose path %s"},
	{Name: "url", Type: FieldText, Sentence: "The whole URL.", Examples: []string{`url:"?key="`}, phrase: "whose URL %s", negated: "whose URL %s"},
	{Name: "method", Aliases: []string{"verb"}, Type: FieldText, Sentence: "The request's method.", Values: []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT"}, Examples: []string{`method=POST`, `method!=GET`}, phrase: "whose method %s", negated: "whose method %s"},
	{Name: "status", Aliases: []string{"code"}, Type: FieldNumber, Sentence: "The answer's status code.", Values: []string{"200", "2xx", "4xx", "401", "429", "5xx"}, Examples: []string{`status:5xx`, `status>=400`, `status:400..499`, `status!=200`}, phrase: "answered with status %s", negated: "not answered with status %s"},
	{Name: "state", Type: FieldChoice, Sentence: "How far the exchange has come.", Values: []string{"open", "streaming", "complete", "closed", "failed", "unsent"}, Examples: []string{`state:streaming`, `state:(closed, failed)`}, phrase: "whose state is %s", negated: "whose state is not %s"},
	{Name: "source", Type: FieldChoice, Sentence: "How the exchange came into the project.", Values: []string{"proxy", "reverse", "import", "repeater", "test"}, Examples: []string{`source:import`}, phrase: "that came from %s", negated: "that did not come from %s"},
	{Name: "wire", Aliases: []string{"transport"}, Type: FieldChoice, Sentence: "What travelled: HTTP messages, WebSocket frames, or a tunnel nobody read.", Values: []string{"http", "websocket", "tunnel"}, Examples: []string{`wire:websocket`}, phrase: "over %s", negated: "not over %s"},
	{Name: "scheme", Type: FieldChoice, Sentence: "The URL's scheme.", Values: []string{"http", "https", "ws", "wss"}, Examples: []string{`scheme:http`}, phrase: "whose scheme is %s", negated: "whose scheme is not %s"},
	{Name: "proto", Aliases: []string{"protocol"}, Type: FieldText, Sentence: "The protocol the client spoke.", Values: []string{"HTTP/1.0", "HTTP/1.1", "HTTP/2.0"}, Examples: []string{`proto:HTTP/2`}, phrase: "whose protocol %s", negated: "whose protocol %s"},
	{Name: "mime", Aliases: []string{"type", "content_type"}, Type: FieldText, Sentence: "The media type of the answer, or of the request where there is no answer.", Values: []string{"application/json", "text/event-stream"}, Examples: []string{`mime:json`, `mime=text/event-stream`}, phrase: "whose media type %s", negated: "whose media type %s"},
	{Name: "header", Aliases: []string{"headers"}, Type: FieldText, Sentence: "Header lines of request and answer as \"Name: value\"; header.NAME looks at the values of one header.", Examples: []string{`header:x-api-key`, `header.user-agent:python`, `header.server=cloudflare`}, phrase: "with a header that %s", negated: "without a header that %s"},
	{Name: "client", Aliases: []string{"process", "app"}, Type: FieldText, Sentence: "The program that sent the request, where the system tells.", Examples: []string{`client:cursor`, `client=python3`}, phrase: "whose client %s", negated: "whose client %s"},
	{Name: "error", Type: FieldText, Sentence: "What went wrong: the provider's error, or why the exchange failed.", Examples: []string{`error:rate_limit`, `error ~ /quota|limit/i`}, phrase: "whose error %s", negated: "whose error %s"},

	{Name: "kind", Type: FieldChoice, Sentence: "What sort of service answered.", Values: []string{"llm", "embedding", "image", "audio", "moderation", "agent", "mcp-server", "vector-db", "ai-saas", "ai-api", "chat-backend", "rag", "plain"}, Examples: []string{`kind:llm`, `kind!=plain`}, phrase: "of kind %s", negated: "not of kind %s"},
	{Name: "provider", Type: FieldText, Sentence: "Who answered.", Values: []string{"openai", "anthropic", "gemini", "bedrock", "azure-openai", "ollama", "cohere", "mistral"}, Examples: []string{`provider=openai`, `provider:(anthropic, bedrock)`}, phrase: "whose provider %s", negated: "whose provider %s"},
	{Name: "family", Aliases: []string{"format"}, Type: FieldText, Sentence: "The wire format.", Values: []string{"openai.chat", "openai.responses", "anthropic.messages", "gemini.generateContent", "bedrock.converse", "ollama.chat", "mcp", "a2a"}, Examples: []string{`family=anthropic.messages`, `family:openai`}, phrase: "whose format %s", negated: "whose format %s"},
	{Name: "model", Type: FieldText, Sentence: "The model, as the request names it.", Examples: []string{`model:gpt`, `model:claude-*-sonnet*`}, phrase: "whose model %s", negated: "whose model %s"},
	{Name: "finish", Aliases: []string{"finish_reason", "stop_reason"}, Type: FieldText, Sentence: "Why the model stopped, in the provider's word.", Values: []string{"stop", "length", "tool_calls", "content_filter", "end_turn", "tool_use", "max_tokens", "STOP"}, Examples: []string{`finish=length`}, phrase: "whose finish reason %s", negated: "whose finish reason %s"},
	{Name: "role", Aliases: []string{"roles"}, Type: FieldText, Sentence: "The roles that speak in the request.", Values: []string{"system", "developer", "user", "assistant", "tool"}, Examples: []string{`role:tool`}, phrase: "with a role that %s", negated: "without a role that %s"},
	{Name: "tool", Aliases: []string{"tools"}, Type: FieldText, Sentence: "Names of the tools the model may call.", Examples: []string{`tool:bash`, `tool:*_file`}, phrase: "with a tool whose name %s", negated: "without a tool whose name %s"},
	{Name: "tool_call", Aliases: []string{"tool_calls", "call"}, Type: FieldText, Sentence: "Names of the tools the model called.", Examples: []string{`tool_call:delete`}, phrase: "with a call of a tool whose name %s", negated: "without a call of a tool whose name %s"},
	{Name: "stream", Aliases: []string{"streamed"}, Type: FieldBool, Sentence: "Whether the answer was a stream.", Values: []string{"yes", "no"}, Examples: []string{`stream:yes`}, phrase: "that were streamed: %s", negated: "that were not streamed: %s"},
	{Name: "messages", Aliases: []string{"turns"}, Type: FieldNumber, Sentence: "How many messages the request carries.", Examples: []string{`messages>20`}, phrase: "with %s messages", negated: "without %s messages"},
	{Name: "tokens", Aliases: []string{"total_tokens"}, Type: FieldNumber, Sentence: "Tokens of request and answer together, as the provider counted.", Examples: []string{`tokens>1000`, `tokens:1000..5000`}, phrase: "that used %s tokens", negated: "that did not use %s tokens"},
	{Name: "input_tokens", Aliases: []string{"prompt_tokens"}, Type: FieldNumber, Sentence: "Tokens of the request.", Examples: []string{`input_tokens>=100k`}, phrase: "that sent %s tokens", negated: "that did not send %s tokens"},
	{Name: "output_tokens", Aliases: []string{"completion_tokens"}, Type: FieldNumber, Sentence: "Tokens of the answer.", Examples: []string{`output_tokens<10`}, phrase: "that were answered with %s tokens", negated: "that were not answered with %s tokens"},
	{Name: "cost", Aliases: []string{"usd", "price"}, Type: FieldMoney, Sentence: "What the exchange cost by the price list, in US dollars.", Examples: []string{`cost>0.10`}, phrase: "that cost %s", negated: "that did not cost %s"},
	{Name: "conversation", Aliases: []string{"thread"}, Type: FieldText, Sentence: "The conversation the exchange is a turn of.", Examples: []string{`conversation=17`}, phrase: "whose conversation %s", negated: "whose conversation %s"},

	{Name: "endpoint", Type: FieldNumber, Sentence: "The endpoint of the inventory that the exchange belongs to, by its number.", Examples: []string{`endpoint:17`, `endpoint:(17, 18)`}, phrase: "whose endpoint is number %s", negated: "whose endpoint is not number %s"},
	{Name: "place", Type: FieldNumber, Sentence: "A place at which sensitive data travels, by its number: exchanges that have data there.", Examples: []string{`place:5`}, phrase: "with sensitive data at place %s", negated: "without sensitive data at place %s"},
	{Name: "asset", Type: FieldNumber, Sentence: "A system prompt, key or client of the inventory, by its number: exchanges that have to do with it.", Examples: []string{`asset:12`}, phrase: "that have to do with asset %s", negated: "that have nothing to do with asset %s"},
	{Name: "sensitive", Type: FieldText, Sentence: "Types of sensitive data that were found, and their classes: personal, secret, payload.", Values: []string{"personal", "secret", "payload"}, Examples: []string{`sensitive=EMAIL_ADDRESS`, `sensitive:(EMAIL_ADDRESS, IBAN_CODE)`, `sensitive=secret`}, phrase: "with data whose type or class %s", negated: "without data whose type or class %s"},
	{Name: "access", Type: FieldChoice, Sentence: "From where the endpoint can be reached, and whose it is.", Values: []string{"public", "internal", "loopback", "third-party"}, Examples: []string{`access:public`, `access:(public, third-party)`}, phrase: "whose endpoint's access is %s", negated: "whose endpoint's access is not %s"},
	{Name: "auth", Aliases: []string{"authentication"}, Type: FieldText, Sentence: "How callers of the endpoint proved who they are.", Values: []string{"bearer", "api-key", "basic", "digest", "cookie", "sigv4", "mtls", "none", "other"}, Examples: []string{`auth=none`, `auth:(bearer, api-key)`}, phrase: "whose endpoint's authentication %s", negated: "whose endpoint's authentication %s"},
	{Name: "documented", Type: FieldChoice, Sentence: "How the endpoint stands to the API documents that were imported: it is in one, a document of its host does not have it, or it was never seen.", Values: []string{"documented", "shadow", "unseen"}, Examples: []string{`documented:shadow`}, phrase: "whose endpoint is %s", negated: "whose endpoint is not %s"},
	{Name: "risk", Type: FieldNumber, Sentence: "The endpoint's risk, 0 to 100.", Examples: []string{`risk>=50`}, phrase: "whose endpoint has a risk of %s", negated: "whose endpoint does not have a risk of %s"},
	{Name: "count", Aliases: []string{"exchanges"}, Type: FieldNumber, Sentence: "How many exchanges the project holds of the endpoint.", Examples: []string{`count>100`, `count:0`}, phrase: "whose endpoint has %s exchanges", negated: "whose endpoint does not have %s exchanges"},
	{Name: "first", Aliases: []string{"first_seen"}, Type: FieldTime, Sentence: "When the endpoint was first seen.", Values: []string{"today", "yesterday", "-1h", "-1d"}, Examples: []string{`first>-1d`, `first:today`}, phrase: "whose endpoint was first seen %s", negated: "whose endpoint was not first seen %s"},
	{Name: "last", Aliases: []string{"last_seen"}, Type: FieldTime, Sentence: "When the endpoint was last seen.", Values: []string{"today", "yesterday", "-1h", "-1d"}, Examples: []string{`last<-7d`}, phrase: "whose endpoint was last seen %s", negated: "whose endpoint was not last seen %s"},
	{Name: "new", Type: FieldBool, Sentence: "Whether the inventory learned of the endpoint since a person last looked at it.", Values: []string{"yes", "no"}, Examples: []string{`new:yes`}, phrase: "whose endpoint is new: %s", negated: "whose endpoint is not new: %s"},

	{Name: "threat", Aliases: []string{"threats", "rule"}, Type: FieldText, Sentence: "Rules of the watch, by id or title: exchanges that count in a threat of theirs. What a person called harmless is left out, and of a long timeline what is no longer kept.", Examples: []string{`threat:injection`, `threat=system-prompt-leaked`, `threat:*`}, phrase: "that count in a threat whose rule %s", negated: "that count in no threat whose rule %s"},
	{Name: "severity", Type: FieldChoice, Sentence: "How bad the threats are in which the exchange counts.", Values: []string{"critical", "high", "medium", "low", "info"}, Examples: []string{`severity:critical`, `severity:(critical, high)`}, phrase: "that count in a threat of severity %s", negated: "that count in no threat of severity %s"},
	{Name: "actor", Aliases: []string{"actors"}, Type: FieldText, Sentence: "Who sent the exchange, as the watch tells actors apart: by key, user, cookie, client or address.", Values: []string{"key:", "user:", "cookie:", "client:", "address:"}, Examples: []string{`actor:alice`, `actor="user:alice"`, `actor:key`}, phrase: "whose actor %s", negated: "whose actor %s"},

	{Name: "size", Aliases: []string{"bytes"}, Type: FieldBytes, Sentence: "Bytes of both bodies together, as they travelled.", Examples: []string{`size:>1MB`, `size:10kB..100kB`}, phrase: "with bodies of %s", negated: "without bodies of %s"},
	{Name: "request_bytes", Aliases: []string{"request_size", "sent"}, Type: FieldBytes, Sentence: "Bytes of the request's body.", Examples: []string{`request_bytes>64KiB`}, phrase: "with a request of %s", negated: "without a request of %s"},
	{Name: "response_bytes", Aliases: []string{"response_size", "received"}, Type: FieldBytes, Sentence: "Bytes of the answer's body.", Examples: []string{`response_bytes=0`}, phrase: "with an answer of %s", negated: "without an answer of %s"},
	{Name: "duration", Aliases: []string{"duration_ms", "ms", "took"}, Type: FieldDuration, Sentence: "From the first byte of the request to the last of the answer.", Examples: []string{`duration>10s`, `ms<250`}, phrase: "that took %s", negated: "that did not take %s"},
	{Name: "ttft", Aliases: []string{"ttft_ms", "ttfb"}, Type: FieldDuration, Sentence: "From the first byte of the request to the first of the answer's body.", Examples: []string{`ttft>2s`}, phrase: "that waited %s for the first byte", negated: "that did not wait %s for the first byte"},
	{Name: "started", Aliases: []string{"at", "time", "date"}, Type: FieldTime, Sentence: "When the exchange began. since:T is started>=T, until:T is started<T, and age:<2h is started>-2h.", Values: []string{"today", "yesterday", "-15m", "-1h", "-1d"}, Examples: []string{`started>-15m`, `since:yesterday`, `age:<2h`, `started:2026-01-31`, `started:2026-01-01..2026-01-31`}, phrase: "that began %s", negated: "that did not begin %s"},
	{Name: "id", Type: FieldNumber, Sentence: "The exchange's number.", Examples: []string{`id:411`, `id:(411, 412)`, `id>1000`}, phrase: "whose number is %s", negated: "whose number is not %s"},
	{Name: "tag", Aliases: []string{"tags"}, Type: FieldText, Sentence: "A person's tags.", Examples: []string{`tag:todo`}, phrase: "with a tag that %s", negated: "without a tag that %s"},
	{Name: "note", Aliases: []string{"notes", "comment"}, Type: FieldText, Sentence: "A person's note.", Examples: []string{`note:"ask the team"`}, phrase: "whose note %s", negated: "whose note %s"},
	{Name: "colour", Aliases: []string{"color", "mark"}, Type: FieldChoice, Sentence: "A person's mark.", Values: Colours, Examples: []string{`colour:red`}, phrase: "marked %s", negated: "not marked %s"},
	{Name: "has", Aliases: []string{"is"}, Type: FieldChoice, Sentence: "Things an exchange has or has not.", Values: HasValues, Examples: []string{`has:tools`, `-has:error`, `has:(note, tag)`}, phrase: "with %s", negated: "without %s"},
}
