package llm

import "strings"

// converseDialect is how Bedrock's Converse is written.
type converseDialect struct{ noPlace }

func (converseDialect) insert(r *rewrite, before int, turns []Turn) error {
	return insertTurns(r, "/messages", before, turns, ofUser, converseMessage)
}

// converseMessage writes turns as one message: Bedrock wants user and assistant to take turns.
func converseMessage(turns []Turn) written {
	role, parts := "user", []written(nil)
	for _, t := range turns {
		if t.Role == "tool" {
			parts = append(parts, object("toolResult", object("toolUseId", t.CallID, "content", list(object("text", t.Text)))))
			continue
		}
		role = t.Role
		if t.Text != "" || len(t.Calls) == 0 {
			parts = append(parts, object("text", t.Text))
		}
		for _, c := range t.Calls {
			parts = append(parts, object("toolUse", object("toolUseId", c.ID, "name", c.Name, "input", argumentsOf(c))))
		}
	}
	return object("role", role, "content", list(parts...))
}

func (converseDialect) system(r *rewrite, text string) error {
	system, err := arrayAt(r, "/system")
	if err == nil {
		r.push(system, object("text", text))
	}
	return err
}

func (converseDialect) tools(r *rewrite, tools []Tool) error {
	offered, err := arrayAt(r, "/toolConfig/tools")
	if err != nil {
		return err
	}
	var items []written
	for _, t := range tools {
		spec := object("name", t.Name, "description", t.Description, "inputSchema", object("json", schemaOf(t)))
		items = append(items, object("toolSpec", spec))
	}
	r.push(offered, items...)
	return nil
}

// document gives documents a name of the letters that Bedrock allows.
func (d converseDialect) document(r *rewrite, at place, name, text string) error {
	allowed := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune(" -()[]", c) {
			return c
		}
		return '-'
	}, name)
	return d.file(r, at, File{Name: allowed, MIME: "text/plain", Data: []byte(text)})
}

// documentFormats are Bedrock's words for types of documents.
var documentFormats = map[string]string{
	"application/pdf": "pdf", "text/csv": "csv", "text/html": "html", "text/markdown": "md", "application/msword": "doc",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}

func (converseDialect) file(r *rewrite, at place, f File) error {
	source := object("bytes", f.base64())
	part := object("image", object("format", strings.TrimPrefix(f.MIME, "image/"), "source", source))
	if !f.isImage() {
		format := documentFormats[f.MIME]
		if format == "" {
			format = "txt"
		}
		part = object("document", object("format", format, "name", f.Name, "source", source))
	}
	return addPart(r, at.message(r.root(), "messages").get("content"), `{"text":`, "}", part)
}

func (d converseDialect) prefill(r *rewrite, text string) error {
	return d.insert(r, -1, []Turn{{Role: "assistant", Text: text}})
}

var converseParameters = parameterNames{
	"max_tokens": "/inferenceConfig/maxTokens", "max_completion_tokens": "/inferenceConfig/maxTokens",
	"temperature": "/inferenceConfig/temperature", "top_p": "/inferenceConfig/topP", "stop": "/inferenceConfig/stopSequences",
	"top_k": "/additionalModelRequestFields/top_k",
}

func (converseDialect) parameter(_ *rewrite, name string) string {
	return converseParameters.pointer(name)
}

func (converseDialect) descriptions(root value) []value {
	return describing(root.at("toolConfig", "tools"), "toolSpec")
}
