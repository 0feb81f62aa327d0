package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"assay/storage"
)

// A recorder has its project alone. So that the command line can change policies and answer approvals meanwhile, it answers
// on a loopback port of its own, whose address and key stand in the file of its session: who reads that file is the person
// who records.

// How a recorder at work is talked to.
const (
	controlPatience = 10 * time.Second
	mostControl     = 4 << 20 // bytes of a question or an answer
)

// control is what a recorder answers other programs of the same person with.
type control struct {
	project *Project
	key     string
	server  *http.Server
	addr    string
}

// startControl begins to answer. It ends with close.
func startControl(ctx context.Context, p *Project) (*control, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &control{project: p, key: rand.Text(), addr: listener.Addr().String()}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /policies", answerWith(func(ctx context.Context, in PolicyChange) ([]PolicyID, error) { return p.ChangePolicies(ctx, in) }))
	mux.HandleFunc("POST /waiting", answerWith(func(context.Context, struct{}) ([]WaitingLine, error) { return waitingLines(p.Waiting()), nil }))
	mux.HandleFunc("POST /answer", answerWith(func(_ context.Context, in approvalAnswer) (bool, error) { return p.Answer(in.ID, in.Yes), nil }))
	c.server = &http.Server{Handler: c.known(mux), ReadHeaderTimeout: controlPatience, ReadTimeout: controlPatience, IdleTimeout: controlPatience}
	go func() { _ = c.server.Serve(listener) }() // it ends with close
	return c, nil
}

func (c *control) close() {
	if c != nil {
		_ = c.server.Close()
	}
}

// known lets through who has the key. A page of the web has none, wherever it leads its requests.
func (c *control) known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+c.key)) != 1 {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostControl)
		next.ServeHTTP(w, r)
	})
}

// told is an answer: a value, or an error as a person is told it.
type told[T any] struct {
	Value T      `json:"value"`
	Code  Code   `json:"code,omitempty"`
	Error string `json:"error,omitempty"`
}

func answerWith[In, Out any](do func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var out told[Out]
		var err error
		if out.Value, err = do(r.Context(), in); err != nil {
			out.Code, out.Error = CodeOf(err), err.Error()
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out) // who asked is gone
	}
}

// askSession asks a recorder at work.
func askSession[Out any](ctx context.Context, s Session, path string, in any) (out Out, err error) {
	data, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	ctx, cancel := context.WithTimeout(ctx, controlPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.Control+path, bytes.NewReader(data))
	if err != nil {
		return out, err
	}
	req.Header.Set("Authorization", "Bearer "+s.Key)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // never through a proxy: this may be the proxy's own machine
	resp, err := client.Do(req)
	if err != nil {
		return out, &Error{Code: CodeBusy, Message: "the recorder that has the project open does not answer", Err: err}
	}
	defer resp.Body.Close()
	var answer told[Out]
	if resp.StatusCode != http.StatusOK {
		return out, &Error{Code: CodeBusy, Message: fmt.Sprintf("the recorder that has the project open answered with status %d", resp.StatusCode)}
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, mostControl)).Decode(&answer); err != nil {
		return out, &Error{Code: CodeFailed, Message: "the answer of the recorder cannot be read", Err: err}
	}
	if answer.Error != "" {
		return out, &Error{Code: answer.Code, Message: answer.Error}
	}
	return answer.Value, nil
}

// sessionOf returns the recorder of this installation that has a project open and can be asked.
func (a *App) sessionOf(path string) (Session, bool) {
	for _, s := range a.Home.Sessions() {
		if s.Project == path && s.Control != "" {
			return s, true
		}
	}
	return Session{}, false
}

// changeAtWork has the recorder that has a project open change its policies.
func (a *App) changeAtWork(ctx context.Context, locked *storage.LockedError, c PolicyChange) ([]PolicyID, error) {
	s, ok := a.sessionOf(locked.Path)
	if !ok {
		return nil, locked
	}
	return askSession[[]PolicyID](ctx, s, "/policies", c)
}

// WaitingLine is something that waits for a person, as `assay policy waiting --json` prints it.
type WaitingLine struct {
	ID     int64     `json:"id"`
	Until  time.Time `json:"until"`
	Policy PolicyID  `json:"policy"`
	Name   string    `json:"name"`
	Side   string    `json:"side"`
	Actor  string    `json:"actor,omitempty"`
	Host   string    `json:"host,omitempty"`
	Model  string    `json:"model,omitempty"`
	Reason string    `json:"reason"`
	Shown  string    `json:"shown"` // what it is about, with secrets and personal data taken out
}

type approvalAnswer struct {
	ID  int64 `json:"id"`
	Yes bool  `json:"yes"`
}

func waitingLines(list []Approval) []WaitingLine {
	lines := make([]WaitingLine, 0, len(list))
	for i := range list {
		r := &list[i].Ruling
		lines = append(lines, WaitingLine{
			ID: list[i].ID, Until: list[i].Until, Policy: r.Policy, Name: r.Name, Side: string(r.Side), Actor: string(r.Actor), Host: r.Host, Model: r.Model,
			Reason: r.Reason, Shown: list[i].Shown,
		})
	}
	return lines
}

// Waiting lists what waits for a person in the recorder that records into a project.
func (a *App) Waiting(ctx context.Context, path string) ([]WaitingLine, error) {
	s, err := a.recorderOf(path)
	if err != nil {
		return nil, err
	}
	return askSession[[]WaitingLine](ctx, s, "/waiting", struct{}{})
}

// AnswerWaiting says yes or no to what waits in the recorder that records into a project.
func (a *App) AnswerWaiting(ctx context.Context, path string, id int64, yes bool) error {
	s, err := a.recorderOf(path)
	if err != nil {
		return err
	}
	answered, err := askSession[bool](ctx, s, "/answer", approvalAnswer{id, yes})
	if err == nil && !answered {
		err = &Error{Code: CodeNotFound, Message: fmt.Sprintf("%d does not wait any more", id), Hint: "`assay policy waiting` lists what does"}
	}
	return err
}

func (a *App) recorderOf(path string) (Session, error) {
	path, err := a.projectPath(path)
	if err != nil {
		return Session{}, err
	}
	s, ok := a.sessionOf(path)
	if !ok {
		return s, &Error{Code: CodeNotFound, Message: "nobody records into " + path, Err: errors.New("nothing can wait"), Hint: "`assay record --guard enforce` does"}
	}
	return s, nil
}
