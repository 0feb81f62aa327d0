package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/sashabaranov/go-openai"
	"github.com/tidwall/gjson"

	"assay/llm"
)

// ErrNoList says that the service has no list of models, or none where it is looked for.
var ErrNoList = errors.New("this service has no list of models")

// mostModels bounds how many names are taken from a list.
const mostModels = 2000

// Models lists the names of the models that the service offers to this key. It fails with ErrNoList where the API has
// no such list, and like Send otherwise.
func (t *Target) Models(ctx context.Context) ([]string, error) {
	preset := PresetFor(t.model.Provider)
	if preset == nil || preset.list == "" {
		return nil, ErrNoList
	}
	base, ok := preset.base(t.model.URL)
	if !ok {
		return nil, ErrNoList
	}
	if preset.OpenAI {
		return t.openAIModels(ctx, base)
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	u.Path = path.Join(u.Path, preset.list)
	a, err := t.get(ctx, u.String())
	if err != nil {
		return nil, err
	}
	var names []string
	for _, at := range []string{"data.#.id", "models.#.name"} {
		for _, v := range gjson.GetBytes(a.Body, at).Array() {
			names = append(names, strings.TrimPrefix(v.String(), "models/"))
		}
	}
	return bounded(names), nil
}

func bounded(names []string) []string {
	names = slices.DeleteFunc(names, func(n string) bool { return n == "" || len(n) > 200 })
	return names[:min(len(names), mostModels)]
}

// get asks for a page of the service with the model's headers and key.
func (t *Target) get(ctx context.Context, address string) (*Answer, error) {
	in := llm.Input{Method: http.MethodGet, URL: address}
	for _, f := range t.model.Header {
		if !strings.EqualFold(f.Name, "Content-Type") {
			in.RequestHeader = append(in.RequestHeader, f)
		}
	}
	out, err := t.prepare(ctx, in, Call{})
	if err != nil {
		return nil, err
	}
	a, err := t.carry(ctx, out)
	if err != nil {
		return a, err
	}
	a.Said = llm.Parse(llm.Input{Method: in.Method, URL: in.URL, Status: a.Status, ResponseHeader: a.Header, ResponseBody: a.Body, Ended: true})
	if a.Status != http.StatusOK {
		if f := statusFailure(a, t.model, t.host()); f != nil {
			return a, f
		}
	}
	return a, nil
}

// openAIModels asks with the client that OpenAI's users have.
func (t *Target) openAIModels(ctx context.Context, base string) ([]string, error) {
	config := openai.DefaultConfig("")
	config.BaseURL = base
	doer := &doer{t: t}
	config.HTTPClient = doer
	list, err := openai.NewClientWithConfig(config).ListModels(ctx)
	if doer.err != nil {
		return nil, doer.err
	}
	if err != nil {
		return nil, fmt.Errorf("the list of models cannot be read: %w", err)
	}
	names := make([]string, 0, len(list.Models))
	for i := range list.Models {
		names = append(names, list.Models[i].ID)
	}
	return bounded(names), nil
}

// doer carries requests of go-openai as all others: with the model's key and within its limits.
type doer struct {
	t   *Target
	err error // why there was no answer
}

// Do implements openai.HTTPDoer.
func (d *doer) Do(q *http.Request) (*http.Response, error) {
	a, err := d.t.get(q.Context(), q.URL.String())
	if err != nil {
		d.err = err
		return nil, err
	}
	return &http.Response{
		StatusCode: a.Status, Header: a.Header.HTTP(), Body: io.NopCloser(bytes.NewReader(a.Body)), ContentLength: int64(len(a.Body)), Request: q,
	}, nil
}
