package llm

import "strconv"

// chatDialect is how OpenAI's chat is written, and what everybody made after it.
type chatDialect struct {
	noPlace
	prefix bool // a message that begins the answer is marked so (Mistral)
}

func (chatDialect) insert(r *rewrite, before int, turns []Turn) error {
	return insertTurns(r, "/messages", before, turns, alone, chatMessage)
}

// Which turns stand in one message: none, all results of tools, or these with what the user says behind them.
func alone(_, _ Turn) bool   { return false }
func ofTools(a, b Turn) bool { return a.Role == "tool" && b.Role == "tool" }
func ofUser(a, b Turn) bool  { return a.Role == "tool" && b.Role != "assistant" }

// insertTurns adds messages to a list, before the one of the index where that is not negative.
func insertTurns(r *rewrite, pointer string, before int, turns []Turn, together func(a, b Turn) bool, message func([]Turn) written) error {
	messages, err := arrayAt(r, pointer)
	if err != nil {
		return err
	}
	var items []written
	for start := 0; start < len(turns); {
		end := start + 1
		for end < len(turns) && together(turns[end-1], turns[end]) {
			end++
		}
		items = append(items, message(turns[start:end]))
		start = end
	}
	if len(items) > 0 {
		r.insert(messages, before, items...)
	}
	return nil
}

func chatMessage(turns []Turn) written {
	t := turns[0]
	switch {
	case t.Role == "tool":
		return object("role", "tool", "tool_call_id", t.CallID, "content", t.Text)
	case len(t.Calls) == 0:
		return object("role", t.Role, "content", t.Text)
	}
	var content any = written("null")
	if t.Text != "" {
		content = t.Text
	}
	return object("role", t.Role, "content", content, "tool_calls", chatCalls(t.Calls))
}

func chatCalls(made []ToolCall) written {
	var calls []written
	for _, c := range made {
		function := object("name", c.Name, "arguments", string(argumentsOf(c)))
		calls = append(calls, object("id", c.ID, "type", "function", "function", function))
	}
	return list(calls...)
}

func (chatDialect) system(r *rewrite, text string) error { return firstMessage(r, text) }

// firstMessage puts the system prompt before all messages.
func firstMessage(r *rewrite, text string) error {
	messages, err := arrayAt(r, "/messages")
	if err == nil {
		r.insert(messages, 0, object("role", "system", "content", text))
	}
	return err
}

func (chatDialect) tools(r *rewrite, tools []Tool) error { return addFunctions(r, "/tools", tools) }

// addFunctions offers tools in OpenAI's nested form.
func addFunctions(r *rewrite, pointer string, tools []Tool) error {
	offered, err := arrayAt(r, pointer)
	if err != nil {
		return err
	}
	var items []written
	for _, t := range tools {
		items = append(items, object("type", "function", "function", object("name", t.Name, "description", t.Description, "parameters", schemaOf(t))))
	}
	r.push(offered, items...)
	return nil
}

func (chatDialect) file(r *rewrite, at place, f File) error {
	part := object("type", "file", "file", object("filename", f.Name, "file_data", f.dataURL()))
	if f.isImage() {
		part = object("type", "image_url", "image_url", object("url", f.dataURL()))
	}
	return addPart(r, at.message(r.root(), "messages").get("content"), `{"type":"text","text":`, "}", part)
}

func (d chatDialect) prefill(r *rewrite, text string) error {
	messages, err := arrayAt(r, "/messages")
	if err != nil {
		return err
	}
	if d.prefix {
		r.push(messages, object("role", "assistant", "content", text, "prefix", true))
	} else {
		r.push(messages, object("role", "assistant", "content", text))
	}
	return nil
}

func (chatDialect) userName(r *rewrite, at place, name string) error {
	message := at.message(r.root(), "messages")
	if !message.isObject() {
		return errNoPlace
	}
	r.set(message, "name", quote(name, r.ascii))
	return nil
}

func (d chatDialect) parameter(r *rewrite, name string) string {
	switch {
	case name == "max_tokens" && r.root().has("max_completion_tokens"):
		return "/max_completion_tokens"
	case name == "seed" && d.prefix:
		return "/random_seed"
	}
	return "/" + escapePointer(name)
}

func (chatDialect) descriptions(root value) []value {
	return append(describing(root.get("tools"), "function"), describing(root.get("functions"), "")...)
}

// describing lists what the functions of a list say of themselves; of one that says nothing the function itself.
func describing(tools value, inside string) []value {
	var found []value
	for t := range tools.items() {
		if inside != "" {
			t = t.get(inside)
		}
		switch d := t.get("description"); {
		case d.isString():
			found = append(found, d)
		case t.get("name").isString():
			found = append(found, t)
		}
	}
	return found
}

// ollamaDialect is Ollama's own chat: arguments are objects, settings have an object of their own.
type ollamaDialect struct{ chatDialect }

func (ollamaDialect) insert(r *rewrite, before int, turns []Turn) error {
	return insertTurns(r, "/messages", before, turns, alone, func(turns []Turn) written {
		t := turns[0]
		switch {
		case t.Role == "tool":
			return object("role", "tool", "tool_name", t.Name, "content", t.Text)
		case len(t.Calls) == 0:
			return object("role", t.Role, "content", t.Text)
		}
		var calls []written
		for _, c := range t.Calls {
			calls = append(calls, object("function", object("name", c.Name, "arguments", argumentsOf(c))))
		}
		return object("role", t.Role, "content", t.Text, "tool_calls", list(calls...))
	})
}

// file takes pictures only: Ollama has no place for others.
func (ollamaDialect) file(r *rewrite, at place, f File) error {
	message := at.message(r.root(), "messages")
	if !f.isImage() || !message.isObject() {
		return errNoPlace
	}
	if images := message.get("images"); images.isArray() {
		r.push(images, quote(f.base64(), false))
	} else {
		r.set(message, "images", list(quote(f.base64(), false)))
	}
	return nil
}

func (ollamaDialect) userName(*rewrite, place, string) error { return errNoPlace }

func (ollamaDialect) parameter(_ *rewrite, name string) string { return ollamaParameter(name) }

func ollamaParameter(name string) string {
	switch name {
	case "max_tokens":
		return "/options/num_predict"
	case "temperature", "top_p", "top_k", "min_p", "seed", "stop", "presence_penalty", "frequency_penalty", "repeat_penalty", "num_predict", "num_ctx":
		return "/options/" + name
	case "response_format":
		return "/format"
	}
	return "/" + escapePointer(name)
}

// generateDialect is Ollama's completion of one prompt: it has a system prompt, and no history.
type generateDialect struct{ noPlace }

func (generateDialect) system(r *rewrite, text string) error {
	r.set(r.root(), "system", quote(text, r.ascii))
	return nil
}

func (generateDialect) file(r *rewrite, _ place, f File) error {
	if !f.isImage() {
		return errNoPlace
	}
	images, err := arrayAt(r, "/images")
	if err == nil {
		r.push(images, quote(f.base64(), false))
	}
	return err
}

func (generateDialect) parameter(_ *rewrite, name string) string { return ollamaParameter(name) }

// cohereDialect is version 2 of Cohere's chat: OpenAI's messages, with documents of its own.
type cohereDialect struct{ chatDialect }

// insert leaves the content of a message with calls and no words out: Cohere takes no null there.
func (cohereDialect) insert(r *rewrite, before int, turns []Turn) error {
	return insertTurns(r, "/messages", before, turns, alone, func(turns []Turn) written {
		t := turns[0]
		if len(t.Calls) == 0 || t.Text != "" {
			return chatMessage(turns)
		}
		return object("role", t.Role, "tool_calls", chatCalls(t.Calls))
	})
}

func (cohereDialect) document(r *rewrite, _ place, name, text string) error {
	documents, err := arrayAt(r, "/documents")
	if err != nil {
		return err
	}
	id := "assay"
	if n := documents.len(); n > 0 {
		id += "-" + strconv.Itoa(n)
	}
	r.push(documents, object("id", id, "data", object("title", name, "snippet", text)))
	return nil
}

// file has no place but among the documents; pictures stand in the message.
func (d cohereDialect) file(r *rewrite, at place, f File) error {
	if f.isImage() {
		return d.chatDialect.file(r, at, f)
	}
	if !f.isText() {
		return errNoPlace
	}
	return d.document(r, at, f.Name, string(f.Data))
}

func (cohereDialect) userName(*rewrite, place, string) error { return errNoPlace }

var cohereParameters = parameterNames{"top_p": "/p", "top_k": "/k", "stop": "/stop_sequences", "max_completion_tokens": "/max_tokens"}

func (cohereDialect) parameter(_ *rewrite, name string) string { return cohereParameters.pointer(name) }

// cohereV1Dialect is version 1 of Cohere's chat: the history is a list beside the prompt.
type cohereV1Dialect struct{ historyOf }

func (d cohereV1Dialect) insert(r *rewrite, before int, turns []Turn) error {
	if _, err := arrayAt(r, d.list); err != nil {
		return err
	}
	return d.historyOf.insert(r, before, turns)
}

func (cohereV1Dialect) system(r *rewrite, text string) error {
	r.set(r.root(), "preamble", quote(text, r.ascii))
	return nil
}

func (cohereV1Dialect) document(r *rewrite, _ place, name, text string) error {
	documents, err := arrayAt(r, "/documents")
	if err == nil {
		r.push(documents, object("title", name, "snippet", text))
	}
	return err
}

func (cohereV1Dialect) userName(*rewrite, place, string) error { return errNoPlace }

func (cohereV1Dialect) parameter(_ *rewrite, name string) string {
	return cohereParameters.pointer(name)
}
