package llm

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Setting is one value of a JSON request that is no text a person or a model said: the model's name, a temperature.
type Setting struct {
	Ref  Ref
	Name string // the last step of the pointer
	JSON string // the value as sent
	Text string // the content of a string
	Kind string // number, boolean, text, null
}

const (
	maxSettings    = 60
	maxSettingText = 200 // bytes of a string that may be a setting
)

// settingObjects are members whose own members are settings.
var settingObjects = map[string]bool{
	"generationConfig": true, "generation_config": true, "inferenceConfig": true, "textGenerationConfig": true, "options": true,
	"parameters": true, "reasoning": true, "thinking": true, "thinkingConfig": true, "text": true, "response_format": true,
	"stream_options": true, "modelParameters": true,
}

// Settings lists the short values at the top of a JSON body, and in the objects that formats keep settings in, in the
// order in which they were sent; none where the body is not one whole JSON object.
func Settings(body []byte) []Setting {
	if !looksJSON(body) {
		return nil
	}
	doc := parseJSON(body)
	if !doc.whole() {
		return nil
	}
	return settingsOf(nil, doc.root(), "", true)
}

func settingsOf(list []Setting, object value, at string, deeper bool) []Setting {
	for key, v := range object.fields() {
		if len(list) == maxSettings {
			break
		}
		s := Setting{Ref: Ref{In: PlaceJSON, Name: at + "/" + escapePointer(string(key))}, Name: string(key), JSON: v.json()}
		switch v.kind() {
		case kindNumber:
			s.Kind = "number"
		case kindTrue, kindFalse:
			s.Kind = "boolean"
		case kindNull:
			s.Kind = "null"
		case kindString:
			s.Kind, s.Text = "text", v.text()
			if len(s.Text) > maxSettingText || strings.Contains(s.Text, "\n") {
				continue
			}
		case kindObject:
			if deeper && settingObjects[s.Name] {
				list = settingsOf(list, v, s.Ref.Name, false)
			}
			continue
		default:
			continue
		}
		list = append(list, s)
	}
	return list
}

// SetJSON puts a value written as JSON in one place of a JSON body and keeps every other byte of it.
func SetJSON(body []byte, ref Ref, written string) ([]byte, error) {
	if ref.In != PlaceJSON {
		return body, fmt.Errorf("%s: only a place in JSON takes a value", ref)
	}
	if !json.Valid([]byte(written)) {
		return body, fmt.Errorf("%q is no JSON", written)
	}
	at := parseJSON(body).root().resolve(ref.Name)
	if !at.exists() || at.node().cut {
		return body, fmt.Errorf("%s: the body has no such place", ref)
	}
	start, end := at.span()
	return splice(body, start, end, []byte(strings.TrimSpace(written))), nil
}
