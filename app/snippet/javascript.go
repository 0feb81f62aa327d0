package snippet

import (
	"encoding/base64"
	"fmt"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// JavaScript writes a request as a JavaScript module for Node. A nil reveal reads credentials from the environment.
func JavaScript(r *traffic.Record, c *llm.Conversation, reveal traffic.Reveal) string {
	w := newWriter(javaScript, reveal)
	p := planOf(r, c)
	if p.sdk == nil {
		program := w.jsFetch(r)
		return w.secrets() + program
	}
	key := w.apiKey(&p, c)
	var head, program string
	switch p.sdk.product {
	case "anthropic":
		head, program = "// npm install @anthropic-ai/sdk\nimport Anthropic from \"@anthropic-ai/sdk\";\n\n", w.jsStainless(&p, "Anthropic", key)
	case "google":
		head, program = "// npm install @google/genai\nimport { GoogleGenAI } from \"@google/genai\";\n\n", w.jsGoogle(&p, key)
	default:
		head, program = "// npm install openai\nimport OpenAI from \"openai\";\n\n", w.jsStainless(&p, "OpenAI", key)
	}
	return w.secrets() + head + program
}

func (w *writer) jsStainless(p *plan, class, key string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "const client = new %s({\n    apiKey: %s,\n", class, key)
	if p.base != "" {
		fmt.Fprintf(&b, "    baseURL: %s,\n", w.str(p.base))
	}
	b.WriteString("});\n\n")
	call := fmt.Sprintf("await client.%s(%s", p.sdk.jsMethod, w.json(p.params, 0))
	var options []string
	if len(p.headers) > 0 {
		options = append(options, "headers: "+w.json(fields(p.headers), 1))
	}
	if len(p.query) > 0 {
		options = append(options, "query: "+w.json(fields(p.query), 1))
	}
	if len(options) > 0 {
		call += ", {\n    " + strings.Join(options, ",\n    ") + ",\n}"
	}
	b.WriteString(jsPrint(call+")", p.stream))
	return b.String()
}

func (w *writer) jsGoogle(p *plan, key string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "const client = new GoogleGenAI({\n    apiKey: %s,\n", key)
	if p.base != "" {
		fmt.Fprintf(&b, "    httpOptions: { baseUrl: %s },\n", w.str(p.base))
	}
	b.WriteString("});\n\n")
	contents, _ := p.params.member("contents")
	params := object([]string{"model", "contents"}, []value{text(p.model), contents})
	if config := p.googleConfig(camelCase); len(config.items) > 0 {
		params.keys, params.items = append(params.keys, "config"), append(params.items, config)
	}
	method := "generateContent"
	if p.stream {
		method = "generateContentStream"
	}
	b.WriteString(jsPrint(fmt.Sprintf("await client.models.%s(%s)", method, w.json(params, 0)), p.stream))
	return b.String()
}

func camelCase(s string) string {
	var b strings.Builder
	up := false
	for _, r := range s {
		if r == '_' {
			up = true
			continue
		}
		if up && r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

func jsPrint(call string, stream bool) string {
	if stream {
		return "const stream = " + call + ";\nfor await (const event of stream) {\n    console.log(JSON.stringify(event));\n}\n"
	}
	return "const answer = " + call + ";\nconsole.log(JSON.stringify(answer, null, 2));\n"
}

// jsFetch is a call with fetch, which browsers and Node have.
func (w *writer) jsFetch(r *traffic.Record) string {
	p := plainOf(r)
	var b strings.Builder
	if p.lost != "" {
		b.WriteString("// The body is not whole: " + strings.Trim(w.quoted(p.lost), `"`) + "\n")
	}
	fmt.Fprintf(&b, "const response = await fetch(%s, {\n    method: %s,\n", w.str(r.Request.URL), w.quoted(r.Request.Method))
	if len(p.headers) > 0 {
		fmt.Fprintf(&b, "    headers: %s,\n", w.json(fields(p.headers), 1))
	}
	switch {
	case p.json != nil:
		fmt.Fprintf(&b, "    body: JSON.stringify(%s),\n", w.json(*p.json, 1))
	case len(p.body) > 0 && isText(p.body):
		fmt.Fprintf(&b, "    body: %s,\n", w.str(string(p.body)))
	case len(p.body) > 0:
		fmt.Fprintf(&b, "    body: Buffer.from(%s, \"base64\"),\n", w.quoted(base64.StdEncoding.EncodeToString(p.body)))
	}
	b.WriteString("});\nconsole.log(response.status);\nfor await (const chunk of response.body) {\n    process.stdout.write(chunk);\n}\n")
	return b.String()
}
