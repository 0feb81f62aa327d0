package rule

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// Looker looks at an exchange as detectors do. Bodies are those that travelled.
type Looker func(x *traffic.Exchange, request, response []byte) *scanner.Sight

func exchangeID(n int) traffic.ID { return traffic.ID(n) }

// sight is what is seen in a step of a sample: what look sees, with what the step says itself.
func (s *step) sight(id int, at time.Time, look Looker) *scanner.Sight {
	x, request, response := s.exchange(id, at)
	var sight *scanner.Sight
	if look != nil {
		sight = look(x, request, response)
	}
	if sight == nil {
		sight = &scanner.Sight{Host: traffic.SplitURL(x.Request.URL).Host, Facts: stepFacts{s, x.Facts()}}
		sight.Kind = "plain"
		if s.talks() {
			sight.Kind, sight.Model = "llm", s.asked()
		}
		for _, c := range s.calls {
			sight.Tools = append(sight.Tools, c.name)
		}
	}
	if s.kind != "" {
		sight.Kind = s.kind
	}
	sight.Facts = toldFacts{sight.Facts, s}
	if s.model != "" {
		sight.Model = s.model
	}
	sight.Source, sight.Failed = x.Source, s.fault != ""
	if x.Response != nil {
		sight.Status = x.Response.Status
	}
	sight.Actor, sight.Conversation, sight.Endpoint = scanner.ActorKey(s.actor), traffic.ID(s.conversation), scanner.EndpointID(s.endpoint)
	if s.input > 0 || s.output > 0 {
		sight.Input, sight.Output = s.input, s.output
	}
	if s.cost > 0 {
		sight.Cost, sight.Priced = int64(s.cost*1e6), true
	}
	sight.Signs = append(sight.Signs, s.signs...)
	return sight
}

// talks tells whether the step is a call of a model.
func (s *step) talks() bool {
	return s.system != "" || s.user != "" || s.tool != "" || s.document != "" || s.answer != "" || s.reasoning != "" || len(s.tools) > 0 || len(s.calls) > 0 ||
		s.model != ""
}

func (s *step) asked() string {
	if s.model == "" {
		return "gpt-4o-mini"
	}
	return s.model
}

// exchange makes of the step what a recorder would have: a call of a model in the format of OpenAI's chat, unless the
// step brings bodies of its own.
func (s *step) exchange(id int, at time.Time) (x *traffic.Exchange, request, response []byte) {
	x = &traffic.Exchange{ID: traffic.ID(id), Started: at, Source: traffic.SourceProxy, Kind: traffic.KindHTTP, State: traffic.StateComplete}
	x.Request.Method, x.Request.URL, x.Request.Proto = s.method, s.url, "HTTP/1.1"
	request, response = []byte(s.body), []byte(s.reply)
	bodies := s.body != "" || s.reply != ""
	if s.talks() && !bodies {
		request, response = s.chat()
	}
	if x.Request.URL == "" {
		x.Request.URL = "https://shop.example/"
		if s.talks() {
			x.Request.URL = "https://api.openai.com/v1/chat/completions"
		}
	}
	if x.Request.Method == "" {
		x.Request.Method = "GET"
		if len(request) > 0 {
			x.Request.Method = "POST"
		}
	}
	if len(request) > 0 {
		x.Request.Header = append(x.Request.Header, traffic.Field{Name: "Content-Type", Value: mediaType(request)})
	}
	for _, h := range s.headers {
		x.Request.Header = append(x.Request.Header, traffic.Field{Name: h[0], Value: h[1]})
	}
	x.Request.Body.Size = int64(len(request))
	if s.fault != "" {
		x.State, x.Fault = traffic.StateFailed, &traffic.Fault{Reason: s.fault}
		return x, request, nil
	}
	status := s.status
	if status == 0 {
		status = 200
	}
	x.Response = &traffic.Response{Status: status}
	if len(response) > 0 {
		x.Response.Header = traffic.Header{{Name: "Content-Type", Value: mediaType(response)}}
	}
	x.Response.Body.Size = max(int64(len(response)), s.replyBytes)
	return x, request, response
}

// mediaType is how a body of a sample is announced.
func mediaType(body []byte) string {
	text := strings.TrimSpace(string(body))
	switch {
	case json.Valid(body):
		return "application/json"
	case strings.HasPrefix(text, "<?xml"):
		return "application/xml"
	case strings.HasPrefix(text, "<"):
		return "text/html"
	case strings.HasPrefix(text, "data:"):
		return "text/event-stream"
	case !strings.ContainsAny(text, " \n") && strings.Contains(text, "="):
		return "application/x-www-form-urlencoded"
	default:
		return "text/plain"
	}
}

type object = map[string]any

// chat is the step as a call of OpenAI's chat, and its answer.
func (s *step) chat() (request, response []byte) {
	var messages []object
	if s.system != "" {
		messages = append(messages, object{"role": "system", "content": s.system})
	}
	switch {
	case s.document != "":
		messages = append(messages, object{"role": "user", "content": []object{
			{"type": "text", "text": s.user},
			{"type": "text", "text": "<document>\n" + s.document + "\n</document>"},
		}})
	case s.user != "":
		messages = append(messages, object{"role": "user", "content": s.user})
	}
	if s.tool != "" {
		messages = append(messages,
			object{"role": "assistant", "content": nil, "tool_calls": []object{{
				"id": "call_1", "type": "function", "function": object{"name": "fetch", "arguments": "{}"},
			}}},
			object{"role": "tool", "tool_call_id": "call_1", "content": s.tool})
	}
	asked := object{"model": s.asked(), "messages": messages}
	if len(s.tools) > 0 {
		var tools []object
		for _, t := range s.tools {
			tools = append(tools, object{"type": "function", "function": object{
				"name": t.name, "description": t.description, "parameters": object{"type": "object", "properties": object{}},
			}})
		}
		asked["tools"] = tools
	}
	request, _ = json.Marshal(asked) // texts and maps of them
	if s.fault != "" {
		return request, nil
	}
	if s.status >= 400 {
		response, _ = json.Marshal(object{"error": object{"message": "The request was declined.", "type": "error", "code": s.status}})
		return request, response
	}
	said := object{"role": "assistant", "content": s.answer}
	finish := "stop"
	if s.reasoning != "" {
		said["reasoning_content"] = s.reasoning
	}
	if len(s.calls) > 0 {
		var calls []object
		for i, c := range s.calls {
			calls = append(calls, object{"id": fmt.Sprintf("call_%d", i+1), "type": "function", "function": object{"name": c.name, "arguments": c.arguments}})
		}
		said["tool_calls"], finish = calls, "tool_calls"
	}
	reply := object{
		"id": "chatcmpl-1", "object": "chat.completion", "model": s.asked(),
		"choices": []object{{"index": 0, "message": said, "finish_reason": finish}},
	}
	if s.input+s.output > 0 {
		reply["usage"] = object{"prompt_tokens": s.input, "completion_tokens": s.output, "total_tokens": s.input + s.output}
	}
	response, _ = json.Marshal(reply)
	return request, response
}

// toldFacts are facts of an exchange but for what the step says itself.
type toldFacts struct {
	traffic.Facts
	s *step
}

// Strings implements traffic.Facts.
func (f toldFacts) Strings(field, key string) []string {
	if field == "kind" && f.s.kind != "" {
		return []string{f.s.kind}
	}
	return f.Facts.Strings(field, key)
}

// Defined implements Definer: tools of a step stand for those that a server lists.
func (f toldFacts) Defined() []Definition {
	if listed, ok := f.Facts.(Definer); ok && len(f.s.tools) == 0 {
		return listed.Defined()
	}
	var all []Definition
	for _, t := range f.s.tools {
		all = append(all, Definition{t.name, hashOf(t.description)})
	}
	return all
}

// Number implements traffic.Facts.
func (f toldFacts) Number(field string) (int64, bool) {
	if field == "cost" && f.s.cost > 0 {
		return int64(f.s.cost * 1e6), true
	}
	return f.Facts.Number(field)
}

// stepFacts are the facts of a step where no detectors looked: those of the exchange, and what the step says.
type stepFacts struct {
	s *step
	traffic.Facts
}

// Strings implements traffic.Facts.
func (f stepFacts) Strings(field, key string) []string {
	s := f.s
	some := func(texts ...string) (all []string) {
		for _, t := range texts {
			if t != "" {
				all = append(all, t)
			}
		}
		return all
	}
	var calls, arguments, tools []string
	for _, c := range s.calls {
		calls, arguments = append(calls, c.name), append(arguments, c.arguments)
	}
	for _, t := range s.tools {
		tools = append(tools, t.name)
	}
	switch field {
	case "text":
		address, _ := url.PathUnescape(s.url)
		return append(some(address, s.system, s.user, s.document, s.tool, s.answer, s.reasoning), arguments...)
	case "user":
		return some(s.user, s.document)
	case "system":
		return some(s.system)
	case "assistant":
		return some(s.answer)
	case "reasoning":
		return some(s.reasoning)
	case "tool_text":
		return append(some(s.tool), arguments...)
	case "tool_call":
		return calls
	case "tool":
		return tools
	case "model":
		if s.talks() {
			return some(s.asked())
		}
		return nil
	case "kind":
		if s.talks() {
			return []string{"llm"}
		}
		return []string{"plain"}
	case "has":
		return append(f.Facts.Strings(field, key), f.has()...)
	}
	return f.Facts.Strings(field, key)
}

func (f stepFacts) has() (all []string) {
	s := f.s
	for _, h := range []struct {
		is   bool
		what string
	}{
		{s.answer != "", "answer"},
		{s.reasoning != "", "reasoning"},
		{len(s.tools) > 0, "tools"},
		{len(s.calls) > 0, "tool_calls"},
		{s.tool != "", "tool_results"},
	} {
		if h.is {
			all = append(all, h.what)
		}
	}
	return all
}

// Number implements traffic.Facts.
func (f stepFacts) Number(field string) (int64, bool) {
	s := f.s
	counted := s.input+s.output > 0
	switch field {
	case "messages":
		n := int64(0)
		for _, text := range []string{s.system, s.user + s.document, s.tool} {
			if text != "" {
				n++
			}
		}
		return n, s.talks()
	case "tokens":
		return s.input + s.output, counted
	case "input_tokens":
		return s.input, counted
	case "output_tokens":
		return s.output, counted
	}
	return f.Facts.Number(field)
}
