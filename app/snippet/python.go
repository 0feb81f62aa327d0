package snippet

import (
	"fmt"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// Python writes a request as a Python program. A nil reveal reads credentials from the environment.
func Python(r *traffic.Record, c *llm.Conversation, reveal traffic.Reveal) string {
	w := newWriter(python, reveal)
	p := planOf(r, c)
	if p.sdk == nil {
		return w.finish("requests", []string{"import requests"}, w.pyRequests(r))
	}
	key := w.apiKey(&p, c)
	switch p.sdk.product {
	case "anthropic":
		return w.finish("anthropic", []string{"from anthropic import Anthropic"}, w.pyStainless(&p, "Anthropic", key))
	case "google":
		return w.finish("google-genai", []string{"from google import genai"}, w.pyGoogle(&p, key))
	}
	return w.finish("openai", []string{"from openai import OpenAI"}, w.pyStainless(&p, "OpenAI", key))
}

// apiKey writes the key as an expression: from the environment under the name the SDK knows, unless it is revealed.
func (w *writer) apiKey(p *plan, c *llm.Conversation) string {
	if p.key == "" {
		return `"not-needed"`
	}
	if w.reveal != nil {
		return w.str(p.key)
	}
	return w.environment(w.name(p.key, p.keyName(c)))
}

// finish puts the comments and imports before a program.
func (w *writer) finish(install string, imports []string, program string) string {
	head := "# pip install " + install + "\n" + w.secrets()
	if strings.Contains(program, "os.environ[") && len(w.order) > 0 {
		head += "import os\n\n"
	}
	return head + strings.Join(imports, "\n") + "\n\n" + program
}

// pyStainless is a call with the SDK of OpenAI or Anthropic, which share their shape.
func (w *writer) pyStainless(p *plan, class, key string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "client = %s(\n    api_key=%s,\n", class, key)
	if p.base != "" {
		fmt.Fprintf(&b, "    base_url=%s,\n", w.str(p.base))
	}
	b.WriteString(")\n\n")
	known, extra := p.split()
	var args []string
	for i, name := range known.keys {
		args = append(args, name+"="+w.json(known.items[i], 1))
	}
	for _, rest := range []struct {
		name string
		v    value
	}{{"extra_body", extra}, {"extra_headers", fields(p.headers)}, {"extra_query", fields(p.query)}} {
		if len(rest.v.items) > 0 {
			args = append(args, rest.name+"="+w.json(rest.v, 1))
		}
	}
	call := fmt.Sprintf("client.%s(\n    %s,\n)", p.sdk.pyMethod, strings.Join(args, ",\n    "))
	if p.stream {
		fmt.Fprintf(&b, "stream = %s\nfor event in stream:\n    print(event)\n", call)
	} else {
		fmt.Fprintf(&b, "answer = %s\nprint(answer)\n", call)
	}
	return b.String()
}

func (w *writer) pyGoogle(p *plan, key string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "client = genai.Client(\n    api_key=%s,\n", key)
	if p.base != "" {
		fmt.Fprintf(&b, "    http_options={\"base_url\": %s},\n", w.str(p.base))
	}
	b.WriteString(")\n\n")
	contents, _ := p.params.member("contents")
	args := []string{"model=" + w.str(p.model), "contents=" + w.json(contents, 1)}
	if config := p.googleConfig(snakeCase); len(config.items) > 0 {
		args = append(args, "config="+w.json(config, 1))
	}
	method := "generate_content"
	if p.stream {
		method = "generate_content_stream"
	}
	call := fmt.Sprintf("client.models.%s(\n    %s,\n)", method, strings.Join(args, ",\n    "))
	if p.stream {
		fmt.Fprintf(&b, "for chunk in %s:\n    print(chunk)\n", call)
	} else {
		fmt.Fprintf(&b, "answer = %s\nprint(answer)\n", call)
	}
	return b.String()
}

func snakeCase(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// pyRequests is a call with the package requests.
func (w *writer) pyRequests(r *traffic.Record) string {
	p := plainOf(r)
	var b strings.Builder
	if p.lost != "" {
		b.WriteString("# The body is not whole: " + strings.Trim(w.quoted(p.lost), `"`) + "\n")
	}
	fmt.Fprintf(&b, "response = requests.request(\n    %s,\n    %s,\n", w.quoted(r.Request.Method), w.str(r.Request.URL))
	if len(p.headers) > 0 {
		fmt.Fprintf(&b, "    headers=%s,\n", w.json(fields(p.headers), 1))
	}
	switch {
	case p.json != nil:
		fmt.Fprintf(&b, "    json=%s,\n", w.json(*p.json, 1))
	case len(p.body) > 0 && isText(p.body):
		fmt.Fprintf(&b, "    data=(%s).encode(),\n", w.str(string(p.body)))
	case len(p.body) > 0:
		fmt.Fprintf(&b, "    data=%s,\n", pyBytes(p.body))
	}
	b.WriteString("    timeout=60,\n    stream=True,\n)\nprint(response.status_code)\nfor line in response.iter_lines():\n    print(line.decode(errors=\"replace\"))\n")
	return b.String()
}

func pyBytes(data []byte) string {
	var b strings.Builder
	b.WriteString(`b"`)
	for _, c := range data {
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return b.String() + `"`
}
