package discover

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"strings"

	"assay/llm"
	"assay/scanner/detect"
)

// Kinds of payload: what makes a model do what it does. They are found by where they stand, not by their form.
const (
	payloadPrompt = "SYSTEM_PROMPT"
	payloadTools  = "TOOL_SCHEMA"
	payloadVector = "EMBEDDING_VECTOR"
	payloadRAG    = "RAG_CONTEXT"
	payloadModel  = "MODEL_FILE"
)

// PayloadKinds lists the kinds of payload, and what else discovery tells that package detect does not.
func PayloadKinds() []detect.Kind {
	return []detect.Kind{
		{Name: payloadVector, Class: classPayload, What: "A vector that stands for a text or an image; what it stands for can be guessed from it."},
		{Name: payloadModel, Class: classPayload, What: "The weights of a model (GGUF, safetensors, ONNX, PyTorch)."},
		{Name: payloadRAG, Class: classPayload, What: "Texts that were retrieved for a model to read."},
		{Name: payloadPrompt, Class: classPayload, What: "What a model is told before anybody speaks."},
		{Name: payloadTools, Class: classPayload, What: "Definitions of tools that a model may call."},
		{Name: kindKeyInURL, Class: detect.Secret, What: "A credential in an address, where logs and histories keep it."},
	}
}

// payload notes a payload. The sample says how much there is, not what.
func (l *look) payload(kind, role, path string, n int, sample string) {
	if n > 0 {
		l.add(role, path, []finding{{kind: kind, class: classPayload, n: n, confidence: 1, sample: sample}})
	}
}

// payloads notes what the conversation says about the exchange.
func (l *look) payloads() {
	c := l.seen.Conversation
	if c == nil {
		return
	}
	l.samples()
	l.direction = inRequest
	characters := 0
	for _, text := range c.System {
		characters += len([]rune(text))
	}
	if characters > 0 {
		l.payload(payloadPrompt, roleSystem, cmp.Or(l.prompt, "body"), len(c.System), plural(characters, "character"))
	}
	l.payload(payloadTools, "", cmp.Or(l.tools, "body"), len(c.Tools), plural(len(c.Tools), "tool"))
	l.direction = inResponse
	if c.RPC != nil {
		l.payload(payloadTools, "", "/result/tools", len(c.RPC.ToolsListed), plural(len(c.RPC.ToolsListed), "tool"))
	}
	if c.Kind == llm.KindEmbedding && c.Embeddings > 0 && !l.has(payloadVector) {
		l.payload(payloadVector, "", "body", c.Embeddings, plural(c.Embeddings, "vector"))
	}
}

// samples says how much context there is.
func (l *look) samples() {
	for _, s := range l.order {
		if s.key.kind == payloadRAG {
			s.sample = plural(s.n, "text")
		}
	}
}

func (l *look) has(kind string) bool {
	for _, s := range l.order {
		if s.key.kind == kind && s.key.direction == l.direction {
			return true
		}
	}
	return false
}

// leastContext is how long a text is at least that was retrieved to be read by a model, in bytes.
const leastContext = 40

// toolNames are members that give tools to a model, contextNames those that hold texts which were retrieved for it.
var (
	toolNames = map[string]bool{
		"tools": true, "functions": true, "functionDeclarations": true, "function_declarations": true,
	}
	contextNames = map[string]bool{
		"documents": true, "context": true, "contexts": true, "passages": true, "chunks": true, "search_results": true, "citations": true,
		"retrieved": true, "retrieved_documents": true, "retrievedReferences": true, "retrievalResults": true, "source_documents": true,
		"sources": true, "matches": true, "snippets": true, "knowledge": true, "grounding_chunks": true, "groundingChunks": true,
		"data_sources": true, "source_nodes": true, "hits": true, "points": true,
	}
)

// opened notes where tools are given.
func (l *look) opened(node int32, _ bool) {
	n := &l.nodes.nodes[node]
	if l.tools == "" && l.direction == inRequest && n.toolbox && n.parent >= 0 && l.nodes.nodes[n.parent].key != "tool_choice" {
		l.tools = l.nodes.path(node)
	}
}

// retrieved notes a text that stands where an AI service keeps what was retrieved.
func (l *look) retrieved(node int32) {
	c := l.seen.Conversation
	if c == nil || c.Kind == "" || c.Kind == llm.KindPlain || c.Kind == llm.KindMCP {
		return
	}
	for n := node; n > 0; n = l.nodes.nodes[n].parent {
		if l.nodes.nodes[n].context {
			l.payload(payloadRAG, "", l.nodes.path(n), 1, "")
			return
		}
	}
}

// vector notes an array of numbers that is an embedding.
func (l *look) vector(node int32, numbers int) {
	l.payload(payloadVector, "", l.nodes.path(node), 1, fmt.Sprintf("%d numbers", numbers))
}

// model notes a file that holds a model, by its first bytes.
func (l *look) model(body []byte, path string) bool {
	form := modelForm(body)
	if form == "" {
		return false
	}
	l.payload(payloadModel, "", path, 1, fmt.Sprintf("%s, %d bytes", form, len(body)))
	return true
}

// modelForm tells the form of a model's file: GGUF and GGML (llama.cpp), safetensors (a length and a JSON head), ONNX
// (a protocol buffer that names its producer), PyTorch (a zip with data.pkl).
func modelForm(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("GGUF")) && len(b) >= 8:
		return "GGUF"
	case len(b) > 16 && b[8] == '{' && b[9] == '"' && binary.LittleEndian.Uint64(b) >= 2 && binary.LittleEndian.Uint64(b) < 100<<20 &&
		bytes.Contains(b[:min(len(b), 64<<10)], []byte(`"data_offsets"`)):
		return "safetensors"
	case len(b) > 16 && b[0] == 0x08 && b[1] > 0 && b[1] < 32 && b[2] == 0x12 && onnxProducer(b):
		return "ONNX"
	case bytes.HasPrefix(b, []byte("PK\x03\x04")) && bytes.Contains(b[:min(len(b), 512)], []byte("/data.pkl")):
		return "PyTorch"
	}
	return ""
}

// onnxProducer reads ModelProto's producer_name (field 2), which follows ir_version (field 1).
func onnxProducer(b []byte) bool {
	n := int(b[3])
	if n == 0 || n > 64 || 4+n > len(b) {
		return false
	}
	name := strings.ToLower(string(b[4 : 4+n]))
	for _, r := range name {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return true
}
