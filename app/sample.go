package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"assay/lab"
	"assay/proxy/ca"
	"assay/storage"
	"assay/traffic"
)

// SamplePath is where the sample project lives.
func (a *App) SamplePath() string { return filepath.Join(a.Home.projectDir(), "Sample.assay") }

// MakeSample makes the sample project where there is none yet: some seventy exchanges in every provider's format, as the
// programs of a bank would have them, before them an imported log of three days with a slow attack in it, and after them two
// tests of the bank's assistant. They are real requests, answered by the practice target in this process and recorded on their
// way; nothing leaves this machine. It takes a few seconds. progress may be nil.
func (a *App) MakeSample(ctx context.Context, progress func(done, all int64)) (path string, err error) {
	path = a.SamplePath()
	if _, err := os.Stat(path); err == nil {
		return path, nil // a person may have made notes in it
	}
	if progress == nil {
		progress = func(_, _ int64) {}
	}
	before, _ := a.Home.LastProject() // making one is not using one
	making := filepath.Join(filepath.Dir(path), ".sample-in-the-making.assay")
	if err = removeAttempt(making); err == nil { // of an earlier attempt that was killed
		err = a.makeSample(ctx, making, progress)
	}
	if err == nil {
		err = moveProject(making, path)
	} else {
		err = errors.Join(err, removeAttempt(making))
	}
	if before != "" {
		err = errors.Join(err, a.Home.SetLastProject(before))
	}
	if err != nil {
		return "", &Error{Code: CodeFailed, Message: "the sample project could not be made", Err: err}
	}
	return path, nil
}

func removeAttempt(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return storage.Remove(path)
}

// moveProject gives a closed project another name. The file itself comes last: with it the project is there.
func moveProject(from, to string) error {
	if err := os.Rename(from+".blobs", to+".blobs"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Remove(from + ".lock"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(from, to)
}

// makeSample records the script into a new project.
func (a *App) makeSample(ctx context.Context, path string, progress func(done, all int64)) (err error) {
	authority, err := a.authority()
	if err != nil {
		return err
	}
	target, err := startSampleHosts(ctx, authority)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.close()) }()
	r, err := a.Record(ctx, RecordOptions{
		Project: path, Listen: "127.0.0.1:0", UpstreamCA: authority.Path(), Resolve: target.resolve(),
	})
	if err != nil {
		return err
	}
	if err := importPast(ctx, r.project.store, time.Now()); err != nil {
		return errors.Join(err, r.Close())
	}
	s := newSampleScript(ctx, newCaller(r.Listen(), authority.Pool()), r.Listen(), progress)
	s.run()
	s.close()
	store := r.project.store
	if err = errors.Join(s.err, store.Recorder().Flush(ctx)); err == nil {
		err = s.annotate(ctx, store)
	}
	if err == nil {
		err = target.test(ctx, r.project, authority)
	}
	return errors.Join(err, r.Close())
}

// sampleHosts answer for the hosts of the sample project: the practice target, over TLS with certificates of our own
// authority and in plain text.
type sampleHosts struct {
	web        *http.Server
	assistant  *assistant
	tls, plain net.Listener
}

// secureHosts are those of the sample project that speak TLS; the practice target knows the providers by their names.
var secureHosts = []string{
	"api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com", "api.cohere.com", "api.mistral.ai",
	sampleAssistant, "bedrock-runtime.us-east-1.amazonaws.com", "mcp.bank.example", "agents.bank.example", "shop.example", sampleRefused,
}

const (
	samplePlain   = "ollama.bank.example:11434"
	sampleClosed  = "retired-model.bank.example"
	sampleRefused = "push.bank.example"
)

// sampleWeak is what the bank's chatbot of the sample gets wrong: it uses its tools for whoever asks.
const sampleWeak = lab.LLM06

func startSampleHosts(ctx context.Context, authority *ca.Authority) (*sampleHosts, error) {
	var config net.ListenConfig
	plain, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	inner, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, plain.Close())
	}
	nora := &assistant{}
	nora.become(sampleBefore)
	others := lab.New(lab.Options{Pace: time.Millisecond, Weak: sampleWeak}).Handler()
	h := &sampleHosts{plain: plain, assistant: nora, web: &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Host == sampleAssistant {
				nora.ServeHTTP(w, r)
			} else {
				others.ServeHTTP(w, r)
			}
		}),
	}}
	h.tls = tls.NewListener(inner, &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return authority.Leaf(hello.ServerName) },
	})
	for _, l := range []net.Listener{h.tls, h.plain} {
		go func() { _ = h.web.Serve(l) }() // ends with close
	}
	return h, nil
}

// resolve leads the names to this process.
func (h *sampleHosts) resolve() []string {
	pairs := []string{samplePlain + "=" + h.plain.Addr().String(), sampleClosed + "=127.0.0.1:1"}
	for _, host := range secureHosts {
		pairs = append(pairs, host+"="+h.tls.Addr().String())
	}
	return pairs
}

func (h *sampleHosts) close() error { return h.web.Close() }

// remark is what a person might have written about an exchange.
type remark struct {
	colour, note string
	tags         []string
}

// annotate writes the remarks; exchanges have the order in which the script sent them.
func (s *sampleScript) annotate(ctx context.Context, store *storage.Project) error {
	rows, err := store.List(ctx, storage.Filter{Limit: -1, OldestFirst: true})
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r storage.Row) bool { return r.Source == traffic.SourceImport || r.Source == traffic.SourceTest }) // the earlier log, and tests
	if len(rows) != s.sent {
		return fmt.Errorf("%d exchanges were sent and %d recorded", s.sent, len(rows))
	}
	for at, r := range s.remarks {
		if err := r.write(ctx, store, rows[at-1].ID); err != nil {
			return err
		}
	}
	return nil
}

func (r remark) write(ctx context.Context, store *storage.Project, id traffic.ID) error {
	return errors.Join(store.SetColour(ctx, id, r.colour), store.SetNote(ctx, id, r.note), store.SetTags(ctx, id, r.tags))
}
