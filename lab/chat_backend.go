package lab

import (
	"encoding/json"
	"net/http"
)

// chatBackendRoutes are those of an application of its own making: no provider's API, but a chat box that keeps the
// conversation on the server, by a cookie.
func (l *Lab) chatBackendRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/chat", l.backendChat)
	mux.HandleFunc("POST /api/chat/stream", l.backendChatStream)
	mux.HandleFunc("POST /api/ui", l.uiChat)
}

// sharedChat serves /api/chat at the root, a path Ollama, chat backends and the Vercel AI SDK all use: the body tells.
func (l *Lab) sharedChat(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		writeJSON(w, http.StatusRequestEntityTooLarge, object{"error": err.Error()})
		return
	}
	r.Body = reread(body)
	var shape struct {
		Message  json.RawMessage `json:"message"`
		Messages []struct {
			Parts json.RawMessage `json:"parts"`
		} `json:"messages"`
	}
	_ = json.Unmarshal(body, &shape) // the handler chosen says what is wrong with the body
	switch {
	case len(shape.Message) > 0:
		l.backendChat(w, r)
	case len(shape.Messages) > 0 && len(shape.Messages[0].Parts) > 0:
		l.uiChat(w, r)
	default:
		l.ollamaChat(w, r)
	}
}

// backendSystem is the system prompt of the application, which its users never see.
const backendSystem = "You are Sunny, the support assistant of the Lab Store."

// backendCookie names the session of a visitor.
const backendCookie = "lab_session"

// backendQuestion reads {"message": "..."} and the visitor's session, opening one if there is none.
func (l *Lab) backendQuestion(w http.ResponseWriter, r *http.Request) (question, bool) {
	var request struct {
		Message string `json:"message"`
	}
	if _, trouble := decode(r, &request); trouble != nil || request.Message == "" {
		writeJSON(w, http.StatusBadRequest, object{"error": "Send a JSON object with a message."})
		return question{}, false
	}
	cookie, err := r.Cookie(backendCookie)
	if err != nil || !l.sessions.has(cookie.Value) {
		http.SetCookie(w, &http.Cookie{
			Name: backendCookie, Value: l.sessions.open(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
		})
	}
	return question{model: "lab-small", system: backendSystem, turns: []turn{{"user", request.Message}}}, true
}

func (l *Lab) backendChat(w http.ResponseWriter, r *http.Request) {
	if q, ok := l.backendQuestion(w, r); ok {
		writeJSON(w, http.StatusOK, object{"reply": l.think(q).text})
	}
}

func (l *Lab) backendChatStream(w http.ResponseWriter, r *http.Request) {
	q, ok := l.backendQuestion(w, r)
	if !ok {
		return
	}
	s := l.newEvents(w, r)
	s.tokens(l.think(q).text, func(token string) { s.event("", object{"token": token}) })
	s.event("done", object{"done": true})
}
