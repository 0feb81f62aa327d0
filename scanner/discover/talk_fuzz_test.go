package discover_test

import (
	"testing"

	"assay/scanner/discover"
)

// FuzzFacts folds any three exchanges: whatever travels, an endpoint has facts, each exchange is counted once, and
// nothing that is no sentence makes it an AI service.
func FuzzFacts(f *testing.F) {
	f.Add("/svc/a1", "application/json", `{"utter":"What is it, please?"}`, `{"say":"It is a lamp that burns oil."}`, "Location: /x", 200)
	f.Add("/retrieve", "application/json", `{"top_k":3,"q":""}`, `{"r":[{"text":"It is a lamp that burns oil, from Rome.","score":1}]}`, "Link: <", 201)
	f.Add("/x", "text/event-stream", `{"a":"b c d e f"}`, "event: endpoint\ndata: /m\n\ndata: {\"b\":\"x\"}\ndata: [DONE]", "X-RateLimit: ", 503)
	f.Add("/x", "application/x-ndjson", "\xff{", "{\"a\":\"\\u00", "Access-Control-Allow-Origin: null", 0)
	f.Add("//h/%zz?key=0123456789abc", "text/plain", `{"question":"是什么？"}`, "\tat .java:", "", -7)
	f.Fuzz(func(t *testing.T, path, contentType, request, answer, header string, status int) {
		l := newLedger(t)
		s := shot{method: "POST", url: "https://a.example" + path, body: request, answer: answer, answerHeader: "Content-Type: " + contentType + "\n" + header, status: status}
		l.fold(s, s)
		l.fold(s)
		var readings, statuses int64
		for _, e := range l.endpoints {
			if e.Merged != 0 {
				continue
			}
			for _, r := range e.Facts.Readings {
				readings += r.N
			}
			for _, c := range e.Facts.Statuses {
				statuses += c.N
			}
			statuses += e.Facts.Failed
			if e.Risk < 0 || e.Risk > 100 {
				t.Errorf("risk %d", e.Risk)
			}
		}
		if readings != statuses || readings > 3 {
			t.Errorf("%d exchanges read as something, %d with a status, of 3", readings, statuses)
		}
	})
}

// FuzzProse wants that cutting a text never panics, and that what is prose is also something a person may say.
func FuzzProse(f *testing.F) {
	for _, seed := range append(append([]string{"", " ", "?", "....", "日本語の文章です。", "a b c d e", "\xff\xfe\xfd", "SELECT a FROM b WHERE c = 1;"}, questions...), answers...) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		discover.Question(text)
		if discover.Sentence(text) && len(text) < 8 {
			t.Errorf("%q is no sentence", text)
		}
	})
}
