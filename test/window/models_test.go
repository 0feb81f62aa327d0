package window

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// modelKey is a key that a person pastes: it is sent to the service, and stands nowhere else.
const modelKey = "sk-window-paste-4711"

// TestImportModels imports models in seven ways, each with the answer shown as chat, and looks that no key is kept.
func TestImportModels(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		target := startLab(t, 0)
		w.importing()
		w.way("A provider")
		w.JS(`document.querySelector('input[name=provider][value=openai]').click()`)
		w.pasted("Address", target+"/openai/v1")
		w.pasted("Model", "gpt-4o")
		w.pasted("Key", modelKey)
		w.imports("openai gpt-4o")
		w.noKey()

		w.way("Your own")
		w.pasted("Address", target+"/app/api/chat")
		w.pasted("Body", `{"message": "{{prompt}}", "lang": "en"}`)
		w.pasted("Headers", "X-Team: red\nX-Token: "+modelKey)
		w.pasted("Name", "shop by hand")
		w.imports("shop by hand")

		for name, text := range requestTexts(target) {
			w.way("A request")
			w.pasted("Request", text)
			w.pasted("Name", "from "+name)
			w.imports("from " + name)
		}
		w.Screenshot("models-import")
		w.ClickText("[data-scope=models] button", "Back to models")
		w.Eventually("seven models are listed", func() bool { return w.Count("[role=grid] [role=row][id]") == 7 })
		w.noKey()
		w.kept()
		w.removed()
	})
}

// requestTexts are requests as people have them, by what the form is called.
func requestTexts(target string) map[string]string {
	body := `{"model":"gpt-4o","messages":[{"role":"user","content":"hello there"}]}`
	type header struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	har, err := json.Marshal(map[string]any{"log": map[string]any{"version": "1.2", "creator": header{"x", "1"}, "entries": []any{map[string]any{
		"startedDateTime": "2026-01-01T00:00:00Z", "time": 1,
		"request": map[string]any{
			"method": "POST", "url": target + "/anthropic/v1/messages", "httpVersion": "HTTP/1.1",
			"headers":  []header{{"x-api-key", modelKey}, {"content-type", "application/json"}, {"anthropic-version", "2023-06-01"}},
			"postData": header{"mimeType", "application/json"},
		},
		"response": map[string]any{"status": 0, "headers": []header{}, "content": map[string]any{}},
	}}}})
	if err != nil {
		panic(err)
	}
	claude, err := json.Marshal(map[string]any{"mimeType": "application/json", "text": `{"model":"claude-haiku-4-5","max_tokens":90,"messages":[{"role":"user","content":"hello"}]}`})
	if err != nil {
		panic(err)
	}
	har = []byte(strings.Replace(string(har), `"postData":{"name":"mimeType","value":"application/json"}`, `"postData":`+string(claude), 1))
	return map[string]string{
		"curl": fmt.Sprintf("curl %s/openai/v1/chat/completions -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '%s'", target, modelKey, body),
		"HTTP": fmt.Sprintf("POST /app/api/chat HTTP/1.1\nHost: %s\nContent-Type: application/json\n\n{\"message\":\"what can you do?\"}", strings.TrimPrefix(target, "http://")),
		"HAR":  string(har),
		"Postman": fmt.Sprintf(`{"info":{"name":"c","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[{"name":"ask","request":
			{"method":"POST","url":"%s/app/api/chat","header":[{"key":"Content-Type","value":"application/json"}],"body":{"mode":"raw","raw":"{\"message\":\"who are you?\"}"}}}]}`, target),
		"OpenAPI": fmt.Sprintf("openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\nservers: [{url: '%s'}]\npaths:\n  /app/api/chat:\n    post:\n      operationId: chat\n"+
			"      requestBody: {content: {application/json: {schema: {type: object, required: [message], properties: {message: {type: string}}}}}}\n      responses: {'200': {description: ok}}\n", target),
	}
}

// importing opens the import of models.
func (w *page) importing() {
	w.t.Helper()
	w.visit("Models")
	w.Eventually("it says how to begin", func() bool { return w.Says("No models yet") })
	w.ClickText("[data-scope=models] button", "Add model")
	w.Wait("[data-pane=models-form]")
}

// way chooses how a model is imported.
func (w *page) way(name string) {
	w.t.Helper()
	w.Eventually("there is a way "+name, func() bool {
		return w.JS(`const one = [...document.querySelectorAll('[data-pane=models-ways] button')].find((e) => e.textContent.startsWith(arguments[0]));
			one?.click(); return !!one`, name) == true
	})
	w.Eventually(name+" is chosen", func() bool { return strings.HasPrefix(w.said("[data-pane=models-form] h2"), name) })
}

// called is a field of the models screen by its label.
func (w *page) called(label string) (css string) {
	w.t.Helper()
	w.Eventually("there is a field "+label, func() bool {
		w.into(&css, `const one = [...document.querySelectorAll('[data-scope=models] label')].find((e) => e.checkVisibility() && e.textContent.replace('*', '').trim() === arguments[0]);
			return one?.htmlFor ? '#' + CSS.escape(one.htmlFor) : ''`, label)
		return css != ""
	})
	return css
}

// pasted puts a text into a field as a paste does: at once.
func (w *page) pasted(label, text string) {
	w.t.Helper()
	w.JS(`const e = document.querySelector(arguments[0]); e.focus(); e.select();
		Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value').set.call(e, arguments[1]);
		e.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }))`, w.called(label), text)
}

// asks presses the button, once it can be pressed.
func (w *page) asks() {
	w.t.Helper()
	w.Eventually("the button can be pressed", func() bool { return w.Has("[data-pane=models-form] button[type=submit]:not([disabled])") })
	w.Click("[data-pane=models-form] button[type=submit]")
}

// imports presses the button and waits for the answer.
func (w *page) imports(name string) {
	w.t.Helper()
	w.asks()
	w.Eventually(name+" was imported, with its answer", func() bool {
		text := w.said("[data-pane=models-result]")
		return strings.Contains(text, name+" answered and was imported") && strings.Contains(text, "HTTP 200") && strings.Contains(text, "The capital of France is Paris.")
	})
}

// noKey looks that the key stands nowhere in the window.
func (w *page) noKey() {
	w.t.Helper()
	w.Eventually("the key is not in the window", func() bool {
		return w.JS(`return !document.documentElement.outerHTML.includes(arguments[0]) && ![...document.querySelectorAll('input, textarea')].some((e) => e.value === arguments[0])`, modelKey) == true
	})
}

// kept looks into the project's files: the key must be in none of them.
func (w *page) kept() {
	w.t.Helper()
	for _, name := range []string{w.Project, w.Project + "-wal"} {
		if data, err := os.ReadFile(name); err == nil && strings.Contains(string(data), modelKey) {
			w.t.Errorf("%s holds a key", name)
		}
	}
}

// removed removes a model, takes that back, and asks it again: its key is still there, for the session.
func (w *page) removed() {
	w.t.Helper()
	w.Click(w.inList("inventory-models", "openai gpt-4o"))
	w.Eventually("the detail is open", func() bool {
		return strings.Contains(w.said("[data-pane=models-detail]"), "/choices/0/message/content")
	})
	w.Screenshot("models-detail")
	w.ClickText("[data-pane=models-detail] button", "Remove")
	w.Eventually("it is gone", func() bool { return w.Count("[role=grid] [role=row][id]") == 6 })
	w.ClickText("button", "Undo")
	w.Click(w.inList("inventory-models", "openai gpt-4o"))
	w.Eventually("it can be asked again", func() bool {
		return w.JS(`const one = [...document.querySelectorAll('[data-pane=models-detail] button')].find((e) => e.textContent.startsWith('Ask ') && !e.disabled); one?.click(); return !!one`) == true
	})
	w.Eventually("it answered", func() bool { return strings.Contains(w.said("[data-pane=models-detail]"), "openai gpt-4o answered") })
}

// TestImportFails says why there is no answer, and one thing to do; nothing is kept.
func TestImportFails(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		target := startLab(t, 0)
		w.importing()
		fails := func(shot string, says ...string) {
			t.Helper()
			w.asks()
			w.Eventually("it says "+strings.Join(says, ", "), func() bool {
				text := w.said("[data-pane=models-result] [role=alert]")
				for _, each := range append(says, "To do", "Nothing was kept.") {
					if !strings.Contains(text, each) {
						return false
					}
				}
				return !strings.Contains(text, "--")
			})
			w.Screenshot("models-" + shot)
		}
		w.JS(`document.querySelector('input[name=provider][value=openai]').click()`)
		w.pasted("Address", target+"/openai/v1")
		w.pasted("Model", "gpt-4o")
		w.pasted("Key", "bad")
		fails("wrong-key", "answered 401", "Incorrect API key provided", "The key is wrong or missing (HTTP 401)", "Give another key")
		w.pasted("Key", modelKey)
		w.pasted("Model", "nosuch")
		fails("no-model", "The service has no such model", "nosuch")
		w.way("Your own")
		w.pasted("Address", target+"/no/such/path")
		w.pasted("Body", `{"message": "{{prompt}}"}`)
		fails("wrong-path", "Nothing is at this path (HTTP 404)", "Check the address")
		w.pasted("Address", "http://127.0.0.1:9/chat")
		fails("refused", "Nobody listens there", "connection refused", "Start the service, or check the port")
		w.ClickText("[data-scope=models] button", "Back to models")
		w.Eventually("no model was kept", func() bool { return w.Says("No models yet") })
	})
}

// TestImportDiscovered imports what traffic showed with three clicks: the row, whose key, and go.
func TestImportDiscovered(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		target := startLab(t, 0)
		w.capturing()
		w.run(w.sdk("openai.mjs", target+"/openai/v1"))
		w.visit("Models")
		w.Click(w.inList("inventory-models", "gpt-4o-mini"))
		w.ClickText("[data-pane=models-detail] label", "Send the recorded key to "+strings.TrimPrefix(target, "http://"))
		w.Click("[data-pane=models-detail] button[data-import]")
		w.Eventually("it is imported, and its answer shown", func() bool {
			text := w.said("[data-pane=models-detail]")
			return strings.Contains(text, "Imported") && strings.Contains(text, "Paris") && strings.Contains(text, "the recorded key ⟨cred:")
		})
		w.Screenshot("models-discovered")
		if n := w.Count("[role=grid] [role=row][aria-label^='Discovered, gpt-4o-mini']"); n != 0 {
			t.Errorf("the discovered model is still listed beside the imported one")
		}
	})
}
