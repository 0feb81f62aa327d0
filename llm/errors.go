package llm

import (
	"strings"
	"unicode/utf8"
)

// maxErrorText bounds the message of an error that is no JSON.
const maxErrorText = 2000

// failed reports whether a document is an error although its status says otherwise.
func failed(doc value) bool {
	if e := doc.get("error"); e.isString() && e.text() != "" || e.isObject() && e.has("message") {
		return true
	}
	return doc.get("object").is("error") || doc.get("type").is("error")
}

// eventError reads an error in mid-stream, nil when the event is none.
func eventError(name string, doc value) *ProviderError {
	switch {
	case strings.HasSuffix(name, "Exception"):
		e := documentError(0, doc, nil)
		e.Type = name
		return e
	case failed(doc):
		return documentError(0, doc, nil)
	default:
		return nil
	}
}

// documentError reads the shapes in which services say that something went wrong.
func documentError(status int, doc value, body []byte) *ProviderError {
	e := &ProviderError{Status: status}
	if doc.isArray() { // Gemini sends [{"error": ...}] to clients that stream
		doc = doc.item(0)
	}
	inner := doc.get("error")
	switch {
	case inner.isObject():
		e.fill(inner)
		if e.Type == "" && !inner.has("type") && doc.get("type").isString() && !doc.get("type").is("error") {
			e.Type = doc.get("type").text()
		}
	case inner.isString():
		e.Message = inner.text()
		if m := doc.get("message"); m.isString() {
			e.Type, e.Message = e.Message, m.text()
		}
		e.Code = doc.get("code").scalar()
	case doc.isObject():
		e.fill(doc)
	default:
		text := body[:min(len(body), maxErrorText)]
		if utf8.Valid(text) {
			e.Message = strings.TrimSpace(string(text))
		}
	}
	return e
}

// fill reads an error object.
func (e *ProviderError) fill(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "message", "Message", "detail", "error_description":
			if s := val.text(); s != "" {
				e.Message = s
			}
		case "type", "status", "__type":
			if e.Type == "" || string(key) == "type" {
				e.Type = val.text()
			}
			if t := val.get("error"); t.isString() { // Qdrant
				e.Message = t.text()
			}
		case "code":
			e.Code = val.scalar()
		}
	}
}
