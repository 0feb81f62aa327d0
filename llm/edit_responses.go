package llm

// responsesDialect is how OpenAI's responses are written.
type responsesDialect struct{ noPlace }

func (d responsesDialect) insert(r *rewrite, before int, turns []Turn) error {
	if err := d.listed(r); err != nil {
		return err
	}
	var items []written
	for _, t := range turns {
		items = append(items, responsesItems(t)...)
	}
	if len(items) > 0 {
		r.insert(r.root().get("input"), before, items...)
	}
	return nil
}

// listed makes a list of an input that is one string.
func (responsesDialect) listed(r *rewrite) error {
	switch input := r.root().get("input"); {
	case input.isString():
		r.wrap(input, `[{"role":"user","content":`, "}]")
	case input.isArray():
	default:
		return errNoPlace
	}
	return nil
}

func responsesItems(t Turn) []written {
	if t.Role == "tool" {
		return []written{object("type", "function_call_output", "call_id", t.CallID, "output", t.Text)}
	}
	var items []written
	if t.Text != "" || len(t.Calls) == 0 {
		items = append(items, object("role", t.Role, "content", t.Text))
	}
	for _, c := range t.Calls {
		items = append(items, object("type", "function_call", "call_id", c.ID, "name", c.Name, "arguments", string(argumentsOf(c))))
	}
	return items
}

func (responsesDialect) system(r *rewrite, text string) error {
	r.set(r.root(), "instructions", quote(text, r.ascii))
	return nil
}

func (responsesDialect) tools(r *rewrite, tools []Tool) error {
	offered, err := arrayAt(r, "/tools")
	if err != nil {
		return err
	}
	var items []written
	for _, t := range tools {
		items = append(items, object("type", "function", "name", t.Name, "description", t.Description, "parameters", schemaOf(t)))
	}
	r.push(offered, items...)
	return nil
}

func (d responsesDialect) file(r *rewrite, at place, f File) error {
	if at.index < 0 {
		if err := d.listed(r); err != nil {
			return err
		}
		at = place{pointer: "/input/0/content"}
	}
	part := object("type", "input_file", "filename", f.Name, "file_data", f.dataURL())
	if f.isImage() {
		part = object("type", "input_image", "image_url", f.dataURL())
	}
	return addPart(r, at.message(r.root(), "input").get("content"), `{"type":"input_text","text":`, "}", part)
}

func (d responsesDialect) prefill(r *rewrite, text string) error {
	return d.insert(r, -1, []Turn{{Role: "assistant", Text: text}})
}

func (responsesDialect) parameter(_ *rewrite, name string) string {
	switch name {
	case "max_tokens", "max_completion_tokens":
		return "/max_output_tokens"
	}
	return "/" + escapePointer(name)
}

// descriptions leaves out the provider's own tools.
func (responsesDialect) descriptions(root value) []value {
	var found []value
	for t := range root.get("tools").items() {
		switch d := t.get("description"); {
		case !t.get("type").is("function") && !t.get("type").is("custom"):
		case d.isString():
			found = append(found, d)
		default:
			found = append(found, t)
		}
	}
	return found
}
