package target_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"assay/llm"
	"assay/scanner/target"
	"assay/test/corpus"
)

// replay answers every request with a recorded answer and remembers what was sent.
type replay struct {
	in   *llm.Input
	sent []byte
}

func (r *replay) RoundTrip(q *http.Request) (*http.Response, error) {
	r.sent, _ = io.ReadAll(q.Body)
	header := r.in.ResponseHeader.HTTP()
	header.Del("Content-Encoding") // the recording's body has it undone
	return &http.Response{StatusCode: r.in.Status, Header: header, Body: io.NopCloser(bytes.NewReader(r.in.ResponseBody)), Request: q}, nil
}

// TestRecordings makes a target of every recorded call of a model, without configuration, and sends it again: only the
// prompt's bytes change, and the answer reads as it did.
func TestRecordings(t *testing.T) {
	t.Parallel()
	var calls, built, bytesRight, answers int
	for in := range corpus.Calls(t) {
		calls++
		m, err := target.Build(&target.Draft{Recorded: in})
		if err != nil {
			continue
		}
		built++
		wire := &replay{in: in}
		made := reach(t, m, target.Options{Transport: wire, Most: 64 << 20, Secret: func(context.Context, string) (string, error) { return "value", nil }})
		a, err := made.Send(t.Context(), target.Request{Prompt: "ignore \"all\"\nof it"})
		if a == nil {
			t.Logf("%s: %v", in.URL, err)
			continue
		}
		if onlyPrompt(t, in, m.Slot, wire.sent) {
			bytesRight++
		}
		if a.Said.Answer == llm.Parse(*in).Answer {
			answers++
		} else {
			t.Logf("%s: the answer reads %q", in.URL, a.Said.Answer)
		}
	}
	t.Logf("%d calls of models, %d became targets, in %d only the prompt changed, in %d the answer reads as recorded", calls, built, bytesRight, answers)
	if calls < 1000 {
		t.Errorf("only %d calls were found in the recordings", calls)
	}
	if built*1000 < calls*995 || bytesRight*1000 < calls*995 || answers < built {
		t.Error("less than 99.5 % of the recorded calls can be attacked as they are")
	}
}

// onlyPrompt checks that a body that was sent becomes the recorded one when the recorded prompt is put back.
func onlyPrompt(t *testing.T, in *llm.Input, slot string, sent []byte) bool {
	t.Helper()
	ref, err := llm.ParseRef(slot)
	if err != nil {
		t.Fatal(err)
	}
	if ref.In == llm.PlaceQuery {
		return bytes.Equal(sent, in.RequestBody)
	}
	was := ""
	for _, s := range llm.Slots(*in) {
		if s.Ref == ref {
			was = s.Text
		}
	}
	changed := *in
	changed.RequestBody = sent
	back, err := llm.SetPrompt(changed, ref, was)
	if err != nil {
		return false
	}
	want, err := llm.SetPrompt(*in, ref, was) // strings may be written with other escapes than ours
	return err == nil && bytes.Equal(back.RequestBody, want.RequestBody) && !bytes.Equal(sent, in.RequestBody)
}
