package lab

import (
	"bytes"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// DefaultPace is the time between two tokens of a stream that looks alive to a person.
const DefaultPace = 5 * time.Millisecond

// Options of a Lab. The zero value is a lab without delays, for tests.
type Options struct {
	// Pace is the time between two tokens of a streamed answer; 0 sends them at once. A request may set its own with
	// the header X-Lab-Pace, a Go duration such as "20ms".
	Pace time.Duration
	// Certificate is what Start uses for TLS; nil makes a self-signed one for localhost, 127.0.0.1 and ::1.
	Certificate *tls.Certificate
	// Weak are the weaknesses the lab has; none makes it a target that resists.
	Weak Weak
	// Guard are the guards in front of it.
	Guard Guard
	// Logger receives one line for each request, without bodies and keys; nil discards.
	Logger *slog.Logger
}

// Lab is a practice target. Make one with New.
type Lab struct {
	options  Options
	log      *slog.Logger
	handler  http.Handler
	desk     http.Handler
	sessions *sessions
	ledger   ledger
}

// New makes a practice target that does not listen yet: mount Handler in a server, or call Start.
func New(options Options) *Lab {
	l := &Lab{options: options, log: options.Logger, sessions: newSessions(1024), ledger: ledger{refunds: map[string]string{}, notes: map[string]string{}}}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	l.desk = l.deskRoutes()
	l.handler = l.logged(compressed(l.guarded(l.routes())))
	return l
}

// Handler answers every path of the lab.
func (l *Lab) Handler() http.Handler { return l.handler }

// provider is one API of the lab. Its paths are those of the real service, so that http://LAB/PREFIX is a base URL its
// SDK accepts; a client that was led here by DNS or a proxy is answered by the host it asked for.
type provider struct {
	prefix string // of its base URL
	host   string // of the real service; "" for none
	routes func(*http.ServeMux)
}

func (l *Lab) providers() []provider {
	return []provider{
		{"/openai", "api.openai.com", l.openAIRoutes},
		{"/anthropic", "api.anthropic.com", l.anthropicRoutes},
		{"/gemini", "generativelanguage.googleapis.com", l.geminiRoutes},
		{"/ollama", "ollama.com", l.ollamaRoutes},
		{"/cohere", "api.cohere.com", l.cohereRoutes},
		{"/mistral", "api.mistral.ai", l.mistralRoutes},
		{"/bedrock", "bedrock-runtime.us-east-1.amazonaws.com", l.bedrockRoutes},
		{"/app", "", l.chatBackendRoutes},
	}
}

// routes serves every provider by its host and below its prefix, and all of them together at the root as far as their
// paths differ.
func (l *Lab) routes() http.Handler {
	root, hosts := http.NewServeMux(), map[string]http.Handler{}
	for _, p := range l.providers() {
		mux := http.NewServeMux()
		p.routes(mux)
		root.Handle(p.prefix+"/", http.StripPrefix(p.prefix, mux))
		hosts[p.host] = mux
	}
	for _, routes := range []func(*http.ServeMux){
		l.openAIRoutes, l.anthropicMessagesRoutes, l.geminiRoutes, l.ollamaOwnRoutes, l.cohereRoutes, l.bedrockRoutes,
		l.mcpRoutes, l.a2aRoutes, l.webRoutes,
	} {
		routes(root)
	}
	root.Handle("/desk/", http.StripPrefix("/desk", l.desk))
	root.HandleFunc("POST /api/chat", l.sharedChat)
	root.HandleFunc("POST /api/chat/stream", l.backendChatStream)
	root.HandleFunc("POST /api/ui", l.uiChat)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			name = r.Host
		}
		if service := hosts[name]; service != nil && name != "" {
			service.ServeHTTP(w, r)
			return
		}
		root.ServeHTTP(w, r)
	})
}

func (l *Lab) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
		l.log.DebugContext(r.Context(), "lab answered", "method", r.Method, "path", r.URL.Path, "took", time.Since(start))
	})
}

// maxBody is the largest request the lab reads, in bytes.
const maxBody = 32 << 20

// readBody reads a whole request body.
func readBody(r *http.Request) ([]byte, error) { return io.ReadAll(r.Body) }

// reread makes a body of bytes that have been read.
func reread(body []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(body)) }

// apiKey returns the key of a request wherever the providers put it: "" when there is none.
func apiKey(r *http.Request) string {
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(key)
	}
	for _, name := range []string{"X-Api-Key", "Api-Key", "X-Goog-Api-Key"} {
		if key := r.Header.Get(name); key != "" {
			return key
		}
	}
	return r.URL.Query().Get("key")
}
