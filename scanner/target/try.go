package target

import (
	"bytes"
	"context"
	"net/url"
	"strings"

	"assay/llm"
	"assay/scanner"
)

// question is a harmless prompt, and a word that a right answer has.
type question struct{ prompt, word string }

// The harmless prompts. The second is sent only where an answer in no known format has several texts that could be it:
// what changes with the question is the answer.
var questions = [2]question{
	{"What is the capital of France? Answer in one short sentence.", "paris"},
	{"What is the capital of Japan? Answer in one short sentence.", "tokyo"},
}

// HarmlessPrompt is what a try sends.
const HarmlessPrompt = "What is the capital of France? Answer in one short sentence."

// Tried is what came of trying a model.
type Tried struct {
	Answer     *Answer     // of the first request; nil when nothing was sent
	Candidates []Candidate // where the format is not known: the texts that could be the answer, the likeliest first
	Requests   int
}

// Try sends a harmless prompt. When an answer comes, it sets where answers stand in the target's model, so that Send
// reads the next one. The error is a *Failure but for a ctx that ended; Tried is never nil.
func (t *Target) Try(ctx context.Context) (*Tried, error) {
	tried := &Tried{Requests: 1}
	a, err := t.Send(ctx, Request{Prompt: questions[0].prompt})
	tried.Answer = a
	if err != nil || t.model.ByPath {
		return tried, err
	}
	contentType := a.Header.Get("Content-Type")
	if a.Text != "" && a.Said.Confidence > llm.Low {
		t.model.Answer = pointerOf(a.Body, contentType, a.Text)
		t.model.Kind = string(a.Said.Kind)
		a.Path = t.model.Answer
		return tried, nil
	}
	tried.Candidates = Candidates(a.Body, contentType, questions[0].prompt, questions[0].word)
	if doubtful(tried.Candidates) {
		tried.Requests++
		second, err := t.Send(ctx, Request{Prompt: questions[1].prompt})
		if err == nil {
			tried.prefer(second)
		}
	}
	if len(tried.Candidates) == 0 || tried.Candidates[0].Score < enough {
		if a.Text != "" { // read by a form that many services share
			return tried, nil
		}
		return tried, noAnswer(a, t)
	}
	best := tried.Candidates[0]
	t.model.Answer, t.model.ByPath = best.Pointer, true
	t.model.Kind = string(llm.KindChatBackend)
	a.Text, a.Path = best.Text, best.Pointer
	return tried, nil
}

func noAnswer(a *Answer, t *Target) *Failure {
	f := failure(CodeNoAnswer, "look at the answer and name the place with --answer-path POINTER", "%s answered %d, and nothing in it looks like an answer to the prompt", t.host(), a.Status)
	if a.Said.Family != "" {
		f = failure(CodeNoAnswer, "ask for more tokens, or try another model", "%s answered %d in the format %s, without any text", t.host(), a.Status, a.Said.Family)
	} else if _, ok := textsOf(a.Body, a.Header.Get("Content-Type")); !ok {
		f = failure(CodeNotJSON, "check the address: "+pathHint(t.model), "%s answered %d with something that is no JSON", t.host(), a.Status)
	}
	f.Status = a.Status
	return f
}

// doubtful reports whether another text could as well be the answer.
func doubtful(found []Candidate) bool {
	return len(found) > 1 && found[0].Score-found[1].Score < 4
}

// prefer puts first what changed with the question.
func (r *Tried) prefer(second *Answer) {
	contentType := second.Header.Get("Content-Type")
	best := -1
	for i, c := range r.Candidates {
		text, ok := textAt(second.Body, contentType, c.Pointer)
		if ok && text != c.Text {
			r.Candidates[i].Score += 4
			if strings.Contains(strings.ToLower(text), questions[1].word) {
				r.Candidates[i].Score += 4
			}
		} else {
			r.Candidates[i].Score -= 2
		}
		if best < 0 || r.Candidates[i].Score > r.Candidates[best].Score {
			best = i
		}
	}
	if best > 0 {
		first := r.Candidates[best]
		copy(r.Candidates[1:best+1], r.Candidates[:best])
		r.Candidates[0] = first
	}
}

// FindSlot says where the prompt stands in a request: at the blank {{prompt}}, or else the likeliest place.
// before and after are what stands around the blank in its text.
func FindSlot(in llm.Input) (ref llm.Ref, before, after string, ok bool) {
	slots := llm.Slots(in)
	for _, s := range append(blanks(in), slots...) {
		if b, a, found := strings.Cut(s.Text, Blank); found {
			return s.Ref, b, a, true
		}
	}
	if len(slots) == 0 {
		return llm.Ref{}, "", "", false
	}
	return slots[0].Ref, "", "", true
}

// Blank stands in a body where the prompt goes.
const Blank = "{{prompt}}"

// blanks lists the places that hold the blank: formats do not list every text as a slot.
func blanks(in llm.Input) []llm.Slot {
	_, query, _ := strings.Cut(in.URL, "?")
	query, _, _ = strings.Cut(query, "#")
	found := blankPairs(llm.PlaceQuery, query)
	if !bytes.Contains(in.RequestBody, []byte(Blank)) && !bytes.Contains(in.RequestBody, []byte(url.QueryEscape(Blank))) {
		return found
	}
	if strings.Contains(in.RequestHeader.Get("Content-Type"), "urlencoded") {
		return append(found, blankPairs(llm.PlaceForm, string(in.RequestBody))...)
	}
	t, ok := textsOf(in.RequestBody, "application/json")
	if !ok {
		if strings.Contains(in.RequestHeader.Get("Content-Type"), "multipart") {
			return found
		}
		return append(found, llm.Slot{Ref: llm.Ref{In: llm.PlaceBody}, Text: string(in.RequestBody)})
	}
	for pointer, text := range t.all() {
		if strings.Contains(text, Blank) && pointer != WholeBody {
			found = append(found, llm.Slot{Ref: llm.Ref{In: llm.PlaceJSON, Name: pointer}, Text: text})
		}
	}
	return found
}

// blankPairs lists the parameters of a query or form that hold the blank.
func blankPairs(in llm.Place, pairs string) []llm.Slot {
	var found []llm.Slot
	nth := map[string]int{}
	for pair := range strings.SplitSeq(pairs, "&") {
		name, text, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(name)
		text, errText := url.QueryUnescape(text)
		if errName != nil || errText != nil {
			continue
		}
		if strings.Contains(text, Blank) {
			found = append(found, llm.Slot{Ref: llm.Ref{In: in, Name: name, Nth: nth[name]}, Text: text})
		}
		nth[name]++
	}
	return found
}

// Record is what is kept of a try.
func (r *Tried) Record(err error) *scanner.ModelTry {
	out := &scanner.ModelTry{Prompt: HarmlessPrompt}
	if a := r.Answer; a != nil {
		out.At, out.Status, out.Latency = a.Started, a.Status, a.Total
		out.Input, out.Output = a.Tokens()
		out.Answer, out.Model = shorten(a.Hide(a.Text), 4000), a.Said.AnswerModel
	}
	if f, ok := FailureOf(err); ok {
		out.Code, out.Error, out.Status = string(f.Code), f.Error(), f.Status
	}
	return out
}
