package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	trace "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"golang.org/x/net/http/httpguts"

	"assay/report/otlp"
	"assay/report/redact"
	"assay/storage"
	"assay/traffic"
)

// OTLPOptions say what is sent as spans of OpenTelemetry, where to, and who wants to hear of it. Nothing of them is stored.
type OTLPOptions struct {
	Endpoint string      // of a collector: http://127.0.0.1:4318, to which /v1/traces is added, or the whole address
	Header   http.Header // what the collector wants to see: authorisation, a tenant
	Query    string
	Content  bool // with what was said
	Reveal   bool // without hiding what is secret or personal; sealed credentials stay sealed
	DryRun   bool // nothing is sent: the summary says what would be
	Progress func(exchanges int64)
}

// OTLPSummary says what was sent.
type OTLPSummary struct {
	Exchanges int64            `json:"exchanges"` // that the query selects
	Spans     int64            `json:"spans"`     // that were sent, or would be
	LeftOut   int64            `json:"left_out"`  // exchanges that are no call of a model, an agent or a tool, or did not end
	Kinds     map[string]int64 `json:"operations"`
	Batches   int64            `json:"batches"`
	Bytes     int64            `json:"bytes"`    // of protobuf, before compression
	Tries     int64            `json:"tries"`    // requests that were made, those that were tried again among them
	Rejected  int64            `json:"rejected"` // spans that the collector took the request of, and rejected
	Why       string           `json:"rejected_because,omitempty"`
	Hidden    int              `json:"hidden"` // values in what was said that were replaced by placeholders
	Endpoint  string           `json:"endpoint"`
	DryRun    bool             `json:"dry_run,omitempty"`
}

// How much goes into one request: collectors refuse large ones.
const (
	mostSpans      = 512
	mostBatchBytes = 4 << 20
)

// ExportOTLP sends the calls of models that a query selects to a collector, oldest first, as spans of OpenTelemetry. The same
// call is the same span whenever it is sent.
func (a *App) ExportOTLP(ctx context.Context, path string, o OTLPOptions) (sum OTLPSummary, err error) {
	to, err := o.address()
	if err != nil {
		return sum, err
	}
	sum = OTLPSummary{Kinds: map[string]int64{}, Endpoint: to, DryRun: o.DryRun}
	if _, err := parseQuery(o.Query); err != nil {
		return sum, err
	}
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	e := &otlpExport{app: a, store: p, o: o, sum: &sum}
	if err := e.prepare(ctx, to); err != nil {
		return sum, err
	}
	defer e.sender.close()
	err = e.run(ctx)
	if e.redactor != nil && o.Content {
		sum.Hidden = len(e.redactor.Hidden())
	}
	if err == nil && sum.Rejected > 0 {
		err = &Error{Code: CodeFailed, Message: fmt.Sprintf("the collector rejected %d of %d spans: %s", sum.Rejected, sum.Spans, Harmless(sum.Why, 300))}
	}
	return sum, err
}

// address is where spans are posted to.
func (o *OTLPOptions) address() (string, error) {
	if o.Endpoint == "" {
		return "", usagef("`--endpoint http://127.0.0.1:4318` names a collector", "it is not said where to send spans")
	}
	u, err := url.Parse(o.Endpoint)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", usagef("an address begins with http:// or https://", "%q is no address of a collector", Harmless(o.Endpoint, 100))
	case u.User != nil:
		return "", usagef("`--header-env Authorization=VARIABLE` takes it from a variable", "the address of a collector holds no name and password")
	}
	for name, values := range o.Header {
		if !httpguts.ValidHeaderFieldName(name) {
			return "", usagef("a header is `Name: value`", "%q is no name of a header", Harmless(name, 60))
		}
		for _, v := range values {
			if !httpguts.ValidHeaderFieldValue(v) {
				return "", usagef("a header is one line", "the value of the header %s holds characters that no header can have", Harmless(name, 60))
			}
		}
	}
	u.Fragment = ""
	if !strings.HasSuffix(u.Path, "/v1/traces") {
		u.Path = strings.TrimSuffix(u.Path, "/") + "/v1/traces"
	}
	return u.String(), nil
}

// otlpExport is one export at work.
type otlpExport struct {
	app       *App
	store     *storage.Project
	o         OTLPOptions
	sum       *OTLPSummary
	sender    *otlpSender
	redactor  *redact.Redactor
	converter *otlp.Converter
	project   string
	batch     []*trace.Span
	size      int
	loads     sync.WaitGroup // at work on the project
}

func (e *otlpExport) prepare(ctx context.Context, to string) error {
	info, err := e.store.Info(ctx)
	if err != nil {
		return err
	}
	e.project = filepath.Base(e.store.Path())
	options := otlp.Options{Project: info.UUID, Content: e.o.Content}
	if !e.o.Reveal {
		detector, err := detectorOf(ctx, e.store)
		if err != nil {
			return err
		}
		e.redactor = redact.New(redact.Options{Detector: detector})
		options.Text = e.redactor.Text
		e.project = e.redactor.Text(e.project)
	}
	e.converter = otlp.New(options)
	e.sender = newOTLPSender(to, e.app.Version, e.o.Header)
	return nil
}

// run converts in order, what several goroutines load ahead.
func (e *otlpExport) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer e.loads.Wait() // nobody reads from a project that is closed
	defer cancel()
	for w := range e.witnesses(ctx) {
		got := <-w.loaded
		if got.err != nil {
			return got.err
		}
		e.sum.Exchanges++
		spans := e.converter.Spans(got.call)
		if len(spans) == 0 {
			e.sum.LeftOut++
		}
		for _, s := range spans {
			if err := e.add(ctx, s); err != nil {
				return err
			}
		}
		if e.o.Progress != nil {
			e.o.Progress(e.sum.Exchanges)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return e.flush(ctx)
}

func (e *otlpExport) add(ctx context.Context, s *trace.Span) error {
	size := otlp.Size(s)
	if len(e.batch) == mostSpans || len(e.batch) > 0 && e.size+size > mostBatchBytes {
		if err := e.flush(ctx); err != nil {
			return err
		}
	}
	e.sum.Kinds[otlp.Operation(s)]++
	e.batch, e.size = append(e.batch, s), e.size+size
	return nil
}

// flush sends what is gathered.
func (e *otlpExport) flush(ctx context.Context) error {
	if len(e.batch) == 0 {
		return nil
	}
	data, err := otlp.Encode(e.app.Version, e.project, e.batch)
	if err != nil {
		return err
	}
	n := int64(len(e.batch))
	e.batch, e.size = e.batch[:0], 0
	e.sum.Batches++
	e.sum.Bytes += int64(len(data))
	if e.o.DryRun {
		e.sum.Spans += n
		return nil
	}
	tries, rejected, why, err := e.sender.send(ctx, data)
	e.sum.Tries += tries
	if err != nil {
		return &Error{
			Code: CodeFailed, Message: fmt.Sprintf("the collector at %s did not take spans; %d were sent before", Harmless(e.sum.Endpoint, 200), e.sum.Spans), Err: err,
			Hint: "the same command sends them again; what arrived is not doubled, because ids stay the same",
		}
	}
	e.sum.Spans += n
	e.sum.Rejected += rejected
	if why != "" {
		e.sum.Why = why
	}
	return nil
}

// loading is a call on its way from the project.
type loading struct {
	loaded chan loadedCall // of one
}

type loadedCall struct {
	call *otlp.Call
	err  error
}

// witnesses loads what a query selects, oldest first, several at once. It ends with an error, or when the context does.
func (e *otlpExport) witnesses(ctx context.Context) <-chan loading {
	workers := max(2, runtime.GOMAXPROCS(0))
	queue := make(chan loading, workers)
	slots := make(chan struct{}, workers)
	e.loads.Go(func() {
		defer close(queue)
		for rows, err := range selected(ctx, e.store, ExportOptions{Query: e.o.Query}) {
			if err != nil {
				rows = []storage.Row{{}}
			}
			for i := range rows {
				l := loading{make(chan loadedCall, 1)}
				if err != nil {
					l.loaded <- loadedCall{err: err}
				} else {
					slots <- struct{}{}
					id, thread := rows[i].ID, rows[i].Conversation
					e.loads.Go(func() {
						defer func() { <-slots }()
						call, err := e.load(ctx, id, thread)
						l.loaded <- loadedCall{call, err}
					})
				}
				select {
				case queue <- l:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	return queue
}

func (e *otlpExport) load(ctx context.Context, id, thread traffic.ID) (*otlp.Call, error) {
	w, err := e.store.Witness(ctx, id)
	if err != nil {
		return nil, err
	}
	return &otlp.Call{Exchange: w.Exchange, Conversation: w.Conversation, Request: w.Request, Response: w.Response, Thread: thread}, nil
}

// otlpPatience is how long a collector that asks to wait is waited for, in all.
const otlpPatience = 2 * time.Minute
