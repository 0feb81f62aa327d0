package discover_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"assay/scanner"
	"assay/scanner/discover"
)

// TestRecordedTraffic folds recordings of public projects. Models that are named in a path are one endpoint each, and the
// documents fit the shapes that were learned from them, by somebody else's validator.
func TestRecordedTraffic(t *testing.T) {
	t.Parallel()
	seen := recordings(t)
	keep := newCabinet()
	book := openEndpoints(t, nil, keep)
	for from := 0; from < len(seen); from += 256 {
		keep.save(foldSeen(t, book, seen[from:min(from+256, len(seen))]...))
	}
	named, fit, shapes := 0, 0, newValidators(keep)
	for i, s := range seen {
		e := keep.endpoints[keep.of[s.Exchange.ID]]
		if model := s.Conversation.Model; len(model) > 3 && strings.ContainsAny(model, "-.0123456789") && e.Protocol == scanner.ProtocolREST {
			path, err := url.PathUnescape(e.Path)
			if named++; err == nil && strings.Contains(path, "/"+model) {
				t.Errorf("%s is no template of its model %s", e.Path, model)
			}
		}
		if i%7 == 0 && len(s.Response) < 100_000 {
			fit += shapes.check(t, e, s)
		}
	}
	t.Logf("%d exchanges, %d endpoints; %d of requests name a model; %d answers fit their shapes", len(seen), len(keep.names()), named, fit)
	if fit == 0 || named == 0 {
		t.Error("nothing was looked at")
	}
}

// validators are the learned shapes of answers, compiled.
type validators struct {
	keep     *cabinet
	compiled map[string]*jsonschema.Schema
}

func newValidators(keep *cabinet) *validators {
	return &validators{keep: keep, compiled: map[string]*jsonschema.Schema{}}
}

// check validates the answer of an exchange and returns how many documents it looked at.
func (v *validators) check(t *testing.T, e *scanner.Endpoint, s discover.Seen) int {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(s.Response))
	if err != nil || e.Protocol == scanner.ProtocolRPC {
		return 0
	}
	status := strconv.Itoa(s.Exchange.Response.Status/100) + "xx"
	shape := v.shape(t, e, status)
	if shape == nil {
		return 0
	}
	if err := shape.Validate(document); err != nil {
		t.Errorf("%s %s%s: an answer does not fit: %.300v", e.Method, e.Host, e.Path, err)
	}
	return 1
}

func (v *validators) shape(t *testing.T, e *scanner.Endpoint, status string) *jsonschema.Schema {
	t.Helper()
	name := fmt.Sprintf("%d-%s.json", e.ID, status)
	if shape, have := v.compiled[name]; have {
		return shape
	}
	v.compiled[name] = nil
	list, err := discover.Shapes(v.keep.shapes[e.ID])
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		if s.Side != discover.SideResponse || s.Status != status {
			continue
		}
		written, err := json.Marshal(s.Schema.JSON())
		if err != nil {
			t.Fatal(err)
		}
		resource, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
		if err != nil {
			t.Fatal(err)
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource(name, resource); err != nil {
			t.Fatal(err)
		}
		if v.compiled[name], err = compiler.Compile(name); err != nil {
			t.Fatalf("%s %s: %v", e.Path, status, err)
		}
	}
	return v.compiled[name]
}
