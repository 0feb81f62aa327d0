package llm

// anthropicDialect is how Anthropic's messages are written.
type anthropicDialect struct{ noPlace }

func (anthropicDialect) insert(r *rewrite, before int, turns []Turn) error {
	return insertTurns(r, "/messages", before, turns, ofUser, anthropicMessage)
}

// anthropicMessage writes turns as one message: the results of all calls, and what the user says behind them.
func anthropicMessage(turns []Turn) written {
	t := turns[0]
	if len(turns) == 1 && t.Role != "tool" && len(t.Calls) == 0 {
		return object("role", t.Role, "content", t.Text)
	}
	role, blocks := "user", []written(nil)
	for _, t := range turns {
		switch {
		case t.Role == "tool":
			blocks = append(blocks, object("type", "tool_result", "tool_use_id", t.CallID, "content", t.Text))
			continue
		case t.Text != "": // an empty text block is refused
			blocks = append(blocks, object("type", "text", "text", t.Text))
		}
		role = t.Role
		for _, c := range t.Calls {
			blocks = append(blocks, object("type", "tool_use", "id", c.ID, "name", c.Name, "input", argumentsOf(c)))
		}
	}
	return object("role", role, "content", list(blocks...))
}

func (anthropicDialect) system(r *rewrite, text string) error {
	if s := r.root().get("system"); s.isArray() {
		r.push(s, object("type", "text", "text", text))
		return nil
	}
	r.set(r.root(), "system", quote(text, r.ascii))
	return nil
}

func (anthropicDialect) tools(r *rewrite, tools []Tool) error {
	offered, err := arrayAt(r, "/tools")
	if err != nil {
		return err
	}
	var items []written
	for _, t := range tools {
		items = append(items, object("name", t.Name, "description", t.Description, "input_schema", schemaOf(t)))
	}
	r.push(offered, items...)
	return nil
}

func (anthropicDialect) document(r *rewrite, at place, name, text string) error {
	return addBlock(r, at, textDocument(name, text))
}

func textDocument(name, text string) written {
	source := object("type", "text", "media_type", "text/plain", "data", text)
	return object("type", "document", "source", source, "title", name)
}

// addBlock puts a block before the text of a message.
func addBlock(r *rewrite, at place, block written) error {
	return addPart(r, at.message(r.root(), "messages").get("content"), `{"type":"text","text":`, "}", block)
}

func (anthropicDialect) file(r *rewrite, at place, f File) error {
	source := object("type", "base64", "media_type", f.MIME, "data", f.base64())
	switch {
	case f.isText():
		return addBlock(r, at, textDocument(f.Name, string(f.Data)))
	case f.isImage():
		return addBlock(r, at, object("type", "image", "source", source))
	}
	return addBlock(r, at, object("type", "document", "source", source, "title", f.Name))
}

func (anthropicDialect) prefill(r *rewrite, text string) error {
	return anthropicDialect{}.insert(r, -1, []Turn{{Role: "assistant", Text: text}})
}

var anthropicParameters = parameterNames{"stop": "/stop_sequences", "max_completion_tokens": "/max_tokens"}

func (anthropicDialect) parameter(_ *rewrite, name string) string {
	return anthropicParameters.pointer(name)
}

// descriptions leaves out the provider's own tools, which say nothing of themselves.
func (anthropicDialect) descriptions(root value) []value {
	var found []value
	for t := range root.get("tools").items() {
		if d := t.get("description"); t.get("input_schema").isObject() && d.isString() {
			found = append(found, d)
		} else if t.get("input_schema").isObject() {
			found = append(found, t)
		}
	}
	return found
}
