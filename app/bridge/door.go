package bridge

import (
	"crypto/subtle"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// policy is the Content-Security-Policy of every answer; %s is the origin of the WebSocket. Styles may be inline because
// the components set them; nothing else may.
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self' ws://%s; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"

// guarded is everything the bridge answers, behind the checks of every request.
func (b *Bridge) guarded() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(b.hosts, r.Host) {
			http.Error(w, "this address is not served here", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", strings.Replace(policy, "%s", r.Host, 1))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if origin := r.Header.Values("Origin"); len(origin) > 1 || len(origin) == 1 && origin[0] != "http://"+r.Host {
			http.Error(w, "another page may not ask this", http.StatusForbidden)
			return
		}
		b.route(w, r)
	})
}

func (b *Bridge) route(w http.ResponseWriter, r *http.Request) {
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case r.URL.Path == "/bridge":
		b.answerSocket(w, r)
	case r.URL.Path == "/bridge/token":
		b.admit(w, r)
	case reads && b.pages.serve(w, r):
	case !b.knows(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")):
		http.Error(w, "this needs the token of the address that Assay printed", http.StatusUnauthorized)
	case !reads && r.Method != http.MethodPost:
		http.Error(w, "only GET, HEAD and POST", http.StatusMethodNotAllowed)
	case r.Method == http.MethodPost && r.Header.Get("Origin") == "":
		http.Error(w, "only this window may send", http.StatusForbidden) // browsers always name the origin of a POST
	default:
		b.options.Handler.ServeHTTP(w, r)
	}
}

// knows reports whether a token is the right one, in a time that does not tell how much of it is.
func (b *Bridge) knows(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(b.token)) == 1
}

// admit gives the token for an invitation that was not used yet.
func (b *Bridge) admit(w http.ResponseWriter, r *http.Request) {
	shown, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<10))
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Origin") == "" || b.invite == "" || time.Now().After(b.until) ||
		subtle.ConstantTimeCompare(shown, []byte(b.invite)) != 1 {
		b.options.Log.Warn("somebody asked for the window with an invitation that is used, old or wrong")
		http.Error(w, "this invitation was used already, or is too old", http.StatusUnauthorized)
		return
	}
	b.invite = ""
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, b.token) // whoever hung up asks in vain again
}
