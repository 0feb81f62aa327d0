package requirement

import (
	"slices"

	"assay/llm"
	"assay/traffic"
)

// language is the filter language over one sort of subject.
type language struct {
	*traffic.Language
	number map[string]bool // fields that are numbers, times, yes or no
}

// knows reports whether a subject says anything of a field.
func (l language) knows(s traffic.Facts, field string) bool {
	if l.number[field] {
		_, known := s.Number(field)
		return known
	}
	return len(s.Strings(field, "")) > 0
}

func text(name, what string, examples ...string) traffic.QueryField {
	return traffic.QueryField{Name: name, Type: traffic.FieldText, Sentence: what, Examples: examples}
}

func choice(name, what string, values ...string) traffic.QueryField {
	return traffic.QueryField{Name: name, Type: traffic.FieldChoice, Sentence: what, Values: values, Examples: []string{name + ":" + values[0]}}
}

func number(name, what, example string) traffic.QueryField {
	return traffic.QueryField{Name: name, Type: traffic.FieldNumber, Sentence: what, Examples: []string{example}}
}

func truth(name, what string) traffic.QueryField {
	return traffic.QueryField{Name: name, Type: traffic.FieldBool, Sentence: what, Examples: []string{name + ":yes"}}
}

func moment(name, what string) traffic.QueryField {
	return traffic.QueryField{Name: name, Type: traffic.FieldTime, Sentence: what, Examples: []string{name + ">-30d"}}
}

// kinds are the words for what an endpoint answers as.
var kinds = []string{
	string(llm.KindLLM), string(llm.KindAgent), string(llm.KindChatBackend), string(llm.KindRAG), string(llm.KindMCP), string(llm.KindEmbedding), string(llm.KindImage),
	string(llm.KindAudio), string(llm.KindModeration), string(llm.KindVectorDB), string(llm.KindSaaS), string(llm.KindAPI), string(llm.KindPlain),
}

var severities = []string{"info", "low", "medium", "high", "critical"}

// languages are the fields of every sort of subject but exchanges, which have those of the filter language itself.
var languages = func() map[Of]language {
	tested := truth("tested", "Whether a case that was sent to it came to a verdict.")
	open := number("findings", "How many weaknesses of it are open.", "findings:0")
	sent := text("sent", "Types of sensitive data in what was sent to it, and their classes: personal, secret; nothing where none was found.", "sent!=secret")
	host := text("host", "The host.", "host:*.example.com")
	first := moment("first", "When it was first seen.")
	last := moment("last", "When it was last seen.")
	count := number("count", "In how many exchanges it was met.", "count>=5")
	name := text("name", "Its name.", "name:gpt-*")
	access := choice("access", "From where it can be reached, and whose it is.", "public", "internal", "loopback", "third-party")
	owasp := text("owasp", "Items of the OWASP list for LLM applications.", "owasp=LLM01:2025")
	return map[Of]language{
		Endpoints: languageOf(
			host, text("path", "The path, with parameters as {name}.", "path:/v1/*"), text("method", "The method.", "method=POST"),
			choice("scheme", "The scheme of its address.", "https", "http", "wss", "ws"), text("protocol", "What is spoken there.", "protocol=graphql"),
			choice("kind", "What it answers as.", kinds...), truth("ai", "Whether it is any AI service."), text("provider", "Who answers.", "provider=openai"),
			text("family", "The wire format.", "family:openai"), text("model", "Models that were asked for there.", "model:gpt-*"),
			text("tool", "Tools that were given to models there.", "tool:*shell*"), text("client", "Programs that used it.", "client:curl"), access,
			choice("documented", "How it stands to the documents that were imported; not known where none covers its host.", "documented", "shadow", "unseen"),
			number("risk", "Its risk, 0 to 100.", "risk<70"), count, text("auth", "How callers proved who they are; none is one way.", "auth:(bearer, api-key)"),
			truth("open", "Whether it answered somebody without credentials."),
			text("tls", "How its connections are secured: TLS 1.3, TLS 1.2, …; none for plain text.", `tls=("TLS 1.2", "TLS 1.3")`),
			truth("unverified", "Whether a certificate could not be verified."), number("certificate_days", "Days until its newest certificate ends.", "certificate_days>=14"),
			text("cors", "Origins that may read its answers in a browser: *, reflected, an origin; none where it names none.", "cors!=reflected"),
			truth("cors_credentials", "Whether they may do so with the user's cookies."),
			truth("rate_limit", "Whether its answers name a limit; known after five of them."), number("traces", "Answers that hold a stack trace of the server's program.", "traces:0"),
			truth("dynamic", "Whether it came into being at run time: an answer named it, or its host looks generated."), sent,
			text("received", "Types of sensitive data in its answers, and their classes; nothing where none was found.", "received!=secret"),
			text("system", "Types of sensitive data in system prompts that were sent to it, and their classes; nothing where none was found.", "system!=secret"),
			tested, open, first, last,
		),
		Models: languageOf(
			name, host, text("provider", "Who answers.", "provider=openai"), access, count, number("tokens", "Tokens, as providers counted them.", "tokens>1M"),
			number("versions", "Names that answers gave it.", "versions<=1"), truth("imported", "Whether a person imported it: it is on the list."),
			truth("seen", "Whether it was met in the traffic."), sent, tested, open, first, last,
		),
		Tools: languageOf(
			name, host, choice("kind", "Who defines it: the caller of a model, or an MCP server.", "function", "mcp"), truth("builtin", "Whether it is the provider's own."),
			count, number("calls", "How often it was called.", "calls>0"), number("orders", "What in its description reads like an order to the model.", "orders:0"),
			number("versions", "Definitions that it had.", "versions:1"), truth("gone", "Whether its server lists it no longer."),
			text("power", "What its name says it can do: money, program, delete, write, send; nothing where it says none of these.", "power:(money, program)"),
			truth("approved", "Whether a policy that is on asks a person before it is called, or stops it."), first, last,
		),
		Keys: languageOf(
			name, host, text("form", "What it looks like: openai, anthropic, jwt, …", "form=jwt"), text("header", "Where it travels; ?NAME is in the address.", "header=authorization"),
			truth("in_address", "Whether it travels in the address."), number("hosts", "To how many hosts it went.", "hosts<=1"),
			number("clients", "From how many programs it was sent.", "clients<=1"), count, first, last,
		),
		Clients: languageOf(
			name, text("process", "Its program, where the system tells.", "process:python3"), text("sdk", "The library it uses.", "sdk:openai-python*"), host,
			number("hosts", "With how many hosts it speaks.", "hosts<=3"), count, first, last,
		),
		Findings: languageOf(
			choice("severity", "How bad it is.", severities...), choice("state", "What a person holds of it.", "new", "verified", "accepted", "false_positive", "fixed"),
			truth("open", "Whether it is there, as far as anybody knows."), text("template", "The template that shows it.", "template:jailbreak*"), owasp,
			text("target", "What it was found on, by name.", "target:shop*"), count, first, last,
		),
		Threats: languageOf(
			choice("severity", "How bad it is.", severities...), choice("state", "What a person holds of it.", "new", "confirmed", "harmless", "closed"), truth("open", "Whether nobody closed it."),
			text("rule", "The rule that raised it.", "rule:money*"), owasp, host, text("model", "The model.", "model:gpt-*"), text("actor", "Who it is of.", "actor:alice"), count, first, last,
		),
		Policies: languageOf(
			name, truth("on", "Whether it is obeyed."), choice("action", "What it does.", "monitor", "throttle", "redact", "approve", "block"),
			choice("side", "Which half it looks at.", "request", "answer", "both"), text("sign", "Kinds of sign that it asks for.", "sign=injection"),
			text("rule", "Rules that it asks for.", "rule:money*"), text("type", "Types and classes of sensitive data that it asks for.", "type=secret"),
			text("tool", "Tools that it asks for.", "tool:*pay*"), text("model", "Models that it asks for.", "model:gpt-*"), truth("budget", "Whether it has a budget."),
			choice("guard", "How far the guard of the project goes.", "off", "monitor", "enforce"),
		),
	}
}()

func languageOf(fields ...traffic.QueryField) language {
	l := language{traffic.NewLanguage(fields), map[string]bool{}}
	for i := range fields {
		l.number[fields[i].Name] = !slices.Contains([]traffic.FieldType{traffic.FieldText, traffic.FieldChoice, traffic.FieldWords}, fields[i].Type)
	}
	return l
}

// parse reads a filter over subjects of one sort.
func parse(of Of, text string) (condition, error) {
	if of == Exchanges {
		return traffic.Parse(text)
	}
	return languages[of].Parse(text)
}

// Fields are the fields of one sort of subject; nil for exchanges, which have those of the filter language.
func Fields(of Of) []traffic.QueryField {
	if of == Exchanges {
		return nil
	}
	return languages[of].Language.Fields()
}
