package target

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Limits of one request, unless Options say otherwise.
const (
	DefaultPatience = 60 * time.Second
	DefaultMost     = 8 << 20
	DefaultSilence  = 3 * time.Second
)

// Options say how a target is reached. The zero value trusts whom the machine trusts and knows no secrets.
type Options struct {
	// Secret gives the value behind a reference: env:VARIABLE, keyring:NAME, ask:…, or a placeholder ⟨cred:…⟩ of the
	// project. Values are used for one request and not kept. Nil knows none.
	Secret func(ctx context.Context, reference string) (string, error)
	// Patience is how long one answer may take from the first byte sent to the last one read; 0 is DefaultPatience.
	Patience time.Duration
	// Most is how many bytes of an answer are read, before and after its content coding is undone; 0 is DefaultMost.
	Most int64
	// Silence is how long a WebSocket session says nothing more until its answer is over, where its protocol has no word
	// for that; 0 is DefaultSilence.
	Silence time.Duration
	// Roots are the certificates that are trusted; nil are those of the machine.
	Roots *x509.CertPool
	// Transport carries requests in place of one of the target's own, which goes straight to the host whatever proxy
	// the environment names.
	Transport http.RoundTripper
	// Now tells the time; nil is the clock.
	Now func() time.Time
}

// Target is something that answers prompts. It is safe for concurrent use. Close it when nothing is sent any more.
type Target struct {
	model   *scanner.Model
	slot    llm.Ref
	options Options
	client  *http.Client
	own     *http.Transport // nil where Options brought one
}

// Request is one prompt.
type Request struct {
	Prompt string
	// At is where the prompt goes; the zero Ref is the model's own slot, with the text that stands around it there.
	At llm.Ref
	// Base is the request it goes into, with references in place of secrets; nil is the model's.
	Base *llm.Input
}

// Answer is what came of one request.
type Answer struct {
	Sent      traffic.Request // as it went out, secrets included: whoever keeps it seals them
	Status    int
	Header    traffic.Header
	Body      []byte          // without content coding; at most Options.Most; of a WebSocket session a line for each message of the answer
	Frames    []traffic.Frame // of a WebSocket session: what both sides said; nil for HTTP
	Said      llm.Conversation
	Text      string // what was answered
	Path      string // JSON pointer of Text in Body, or in the events of a stream; empty where it is not known
	Started   time.Time
	FirstByte time.Duration // until the first byte of the body; 0 when none came
	Total     time.Duration
	Before    []*Answer // what had to be sent first to open a session, in order; nil for nothing

	secrets []string
}

// Hide returns a text without the secrets of the request: services repeat keys in their errors.
func (a *Answer) Hide(text string) string {
	if a == nil {
		return text
	}
	return hide(text, a.secrets)
}

func hide(text string, secrets []string) string {
	for _, s := range secrets {
		if len(s) >= 4 {
			text = strings.ReplaceAll(text, s, "•••")
		}
	}
	return text
}

// New makes a target of an imported model.
func New(m *scanner.Model, o Options) (*Target, error) {
	var slot llm.Ref
	if m.Slot != "" {
		var err error
		if slot, err = llm.ParseRef(m.Slot); err != nil {
			return nil, fmt.Errorf("the prompt's slot of %s: %w", m.Name, err)
		}
	}
	if _, err := parseAddress(m.URL); err != nil {
		return nil, err
	}
	if o.Patience <= 0 {
		o.Patience = DefaultPatience
	}
	if o.Most <= 0 {
		o.Most = DefaultMost
	}
	if o.Silence <= 0 {
		o.Silence = DefaultSilence
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &Target{model: m, slot: slot, options: o}
	carrier := o.Transport
	if carrier == nil {
		t.own = newTransport(o.Roots, o.Patience)
		carrier = t.own
	}
	t.client = &http.Client{
		Transport:     carrier,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return t, nil
}

// Close ends the connections that are kept for later requests.
func (t *Target) Close() {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
}

// Model is what the target was made of.
func (t *Target) Model() *scanner.Model { return t.model }

// Input is the model's request with references in place of secrets and some prompt in its slot.
func (t *Target) Input() llm.Input { return InputOf(t.model) }

// InputOf is the request of a model, with references in place of secrets; of a WebSocket session with what the client says.
func InputOf(m *scanner.Model) llm.Input {
	return llm.Input{Method: m.Method, URL: m.URL, RequestHeader: m.Header, RequestBody: m.Body, Frames: framesOf(m)}
}

// Send puts the prompt in its place, sends the request and reads the answer. The error is a *Failure but for a ctx that
// ended. The Answer tells what was sent and came back also when there is an error; it is nil when nothing was sent.
func (t *Target) Send(ctx context.Context, q Request) (*Answer, error) {
	in, prompt, slot := t.Input(), q.Prompt, q.At
	if q.Base != nil {
		in = *q.Base
	}
	if slot == (llm.Ref{}) {
		slot, prompt = t.slot, t.model.Before+q.Prompt+t.model.After
	}
	in, err := llm.SetPrompt(in, slot, prompt)
	if err != nil {
		return nil, &Failure{Code: CodeNotSent, What: "the prompt cannot be put into the request", Fix: "name its place with --prompt-slot", Err: err, Said: err.Error()}
	}
	return t.Do(ctx, Call{Input: in})
}

// outgoing is a request that is ready, with the secrets that are in it.
type outgoing struct {
	request traffic.Request
	secrets []string
}

// understand reads an answer.
func (t *Target) understand(a *Answer, in llm.Input) error {
	in.Status, in.ResponseHeader, in.ResponseBody, in.Ended = a.Status, a.Header, a.Body, true
	a.Said = llm.Parse(in)
	if f := statusFailure(a, t.model, t.host()); f != nil {
		return f
	}
	if t.model.ByPath {
		text, ok := textAt(a.Body, a.Header.Get("Content-Type"), t.model.Answer)
		if !ok {
			return failure(CodeNoAnswer, "choose another place with --answer-path", "the answer has no text at %s", t.model.Answer)
		}
		a.Text, a.Path = text, t.model.Answer
		return nil
	}
	a.Text = a.Said.Answer
	if a.Text == "" {
		a.Text = a.Said.Refusal
	}
	if a.Said.Streamed && !a.Said.Complete {
		return failure(CodeCut, "try again; if it stays, see the server's log", "the stream of the answer broke off before its end")
	}
	return nil
}

func (t *Target) host() string {
	u, err := url.Parse(t.model.URL)
	if err != nil {
		return t.model.URL
	}
	return u.Host
}

// Tokens of an answer as the provider counted; nil where it did not.
func (a *Answer) Tokens() (input, output *int64) { return a.Said.Usage.Input, a.Said.Usage.Output }

// FailureOf returns the failure in an error of this package.
func FailureOf(err error) (*Failure, bool) { return errors.AsType[*Failure](err) }
