package llm

// geminiDialect is how Google's generateContent is written.
type geminiDialect struct{ noPlace }

func (d geminiDialect) insert(r *rewrite, before int, turns []Turn) error {
	if err := d.listed(r); err != nil {
		return err
	}
	return insertTurns(r, "/contents", before, turns, ofTools, geminiContent)
}

// listed makes a list of contents that are one content, or one string.
func (geminiDialect) listed(r *rewrite) error {
	switch contents := r.root().get("contents"); {
	case contents.isString():
		r.wrap(contents, `[{"role":"user","parts":[{"text":`, "}]}]")
	case contents.isObject():
		r.wrap(contents, "[", "]")
	case contents.isArray():
	default:
		return errNoPlace
	}
	return nil
}

// geminiContent writes turns as one content: the results of all calls stand together.
func geminiContent(turns []Turn) written {
	role, parts := "user", []written(nil)
	for _, t := range turns {
		if t.Role == "tool" {
			parts = append(parts, object("functionResponse", object("name", t.Name, "response", resultOf(t.Text))))
			continue
		}
		if role = t.Role; t.Role == "assistant" {
			role = "model"
		}
		if t.Text != "" || len(t.Calls) == 0 {
			parts = append(parts, object("text", t.Text))
		}
		for _, c := range t.Calls {
			parts = append(parts, object("functionCall", object("name", c.Name, "args", argumentsOf(c))))
		}
	}
	return object("role", role, "parts", list(parts...))
}

// snake reports whether a request is written with snake_case names, which Google takes too.
func (geminiDialect) snake(root value) bool {
	return root.has("generation_config") || root.has("system_instruction") || root.has("safety_settings") ||
		root.get("tools").item(0).has("function_declarations")
}

func (d geminiDialect) system(r *rewrite, text string) error {
	part := object("text", text)
	for _, name := range []string{"systemInstruction", "system_instruction"} {
		if parts := r.root().at(name, "parts"); parts.isArray() {
			r.push(parts, part)
			return nil
		}
	}
	name := "systemInstruction"
	if d.snake(r.root()) {
		name = "system_instruction"
	}
	r.set(r.root(), name, object("parts", list(part)))
	return nil
}

func (d geminiDialect) tools(r *rewrite, tools []Tool) error {
	var items []written
	for _, t := range tools {
		items = append(items, object("name", t.Name, "description", t.Description, "parameters", schemaOf(t)))
	}
	for t := range r.root().get("tools").items() {
		if declared := firstOf(t, "functionDeclarations", "function_declarations"); declared.isArray() {
			r.push(declared, items...)
			return nil
		}
	}
	name := "functionDeclarations"
	if d.snake(r.root()) {
		name = "function_declarations"
	}
	offered, err := arrayAt(r, "/tools")
	if err == nil {
		r.push(offered, object(name, list(items...)))
	}
	return err
}

// file names the file in a part of its own: the data has no name.
func (d geminiDialect) file(r *rewrite, at place, f File) error {
	if at.index < 0 {
		if err := d.listed(r); err != nil {
			return err
		}
		at = place{pointer: "/contents/0/parts/0/text"}
	}
	parts := at.message(r.root(), "contents").get("parts")
	if !parts.isArray() {
		return errNoPlace
	}
	data, name := object("mimeType", f.MIME, "data", f.base64()), "inlineData"
	if d.snake(r.root()) {
		data, name = object("mime_type", f.MIME, "data", f.base64()), "inline_data"
	}
	r.insert(parts, 0, object("text", "File: "+f.Name), object(name, data))
	return nil
}

func (d geminiDialect) prefill(r *rewrite, text string) error {
	return d.insert(r, -1, []Turn{{Role: "assistant", Text: text}})
}

// geminiParameters are members of generationConfig.
var geminiParameters = map[string][2]string{
	"max_tokens": {"maxOutputTokens", "max_output_tokens"}, "max_completion_tokens": {"maxOutputTokens", "max_output_tokens"},
	"temperature": {"temperature", "temperature"}, "top_p": {"topP", "top_p"}, "top_k": {"topK", "top_k"},
	"n": {"candidateCount", "candidate_count"}, "candidateCount": {"candidateCount", "candidate_count"},
	"stop": {"stopSequences", "stop_sequences"}, "seed": {"seed", "seed"},
	"logprobs": {"responseLogprobs", "response_logprobs"}, "top_logprobs": {"logprobs", "logprobs"},
	"presence_penalty": {"presencePenalty", "presence_penalty"}, "frequency_penalty": {"frequencyPenalty", "frequency_penalty"},
}

func (d geminiDialect) parameter(r *rewrite, name string) string {
	own, known := geminiParameters[name]
	switch {
	case !known:
		return "/" + escapePointer(name)
	case r.root().has("generation_config"), !r.root().has("generationConfig") && d.snake(r.root()):
		return "/generation_config/" + own[1]
	}
	return "/generationConfig/" + own[0]
}

func (geminiDialect) descriptions(root value) []value {
	var found []value
	for t := range root.get("tools").items() {
		found = append(found, describing(firstOf(t, "functionDeclarations", "function_declarations"), "")...)
	}
	return found
}
