package redact_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"assay/report"
	"assay/report/redact"
	"assay/scanner"
	"assay/scanner/detect"
	"assay/traffic"
)

// key is no one's: it only has the form of one.
const key = "sk-proj-" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3"

func TestText(t *testing.T) {
	t.Parallel()
	r := redact.New(redact.Options{})
	for _, c := range []struct{ in, want string }{
		{"write to Ada.Lovelace@mail.example.org now", "write to ⟨e-mail 1⟩ now"},
		{"pay with 4111 1111 1111 1111", "pay with ⟨card 1⟩"},
		{`{"card":"4111111111111111"}`, `{"card":"⟨card 1⟩"}`},
		{"ada.lovelace@mail.example.org and bob@mail.example.org", "⟨e-mail 1⟩ and ⟨e-mail 2⟩"},
		{"https://x.example/?m=bob%40mail.example.org&n=1", "https://x.example/?m=⟨e-mail 2⟩&n=1"},
		{`{"m":"bob\u0040mail.example.org"}`, `{"m":"⟨e-mail 2⟩"}`},
		{"bob&#64;mail.example.org", "⟨e-mail 2⟩"},
		{"Bearer ⟨cred:0123456789abcdef⟩", "Bearer ⟨credential 1⟩"},
		{"Bearer ⟨cred:0123456789abcdee⟩ ⟨cred:0123456789abcdef⟩", "Bearer ⟨credential 2⟩ ⟨credential 1⟩"},
		{"see " + base64.StdEncoding.EncodeToString([]byte("my mail is bob@mail.example.org")), "see ⟨e-mail 2⟩"},
		{"exchange 4821, finding 17, run 3", "exchange 4821, finding 17, run 3"},
		{"LLM01:2025 AML.T0051 CWE-94", "LLM01:2025 AML.T0051 CWE-94"},
		{"on 127.0.0.1:8080", "on 127.0.0.1:8080"},
		{"he said bob@mail.exam…", "he said ⟨e-mail 2⟩…"},
		{"Fast answers: gsk_2QhXFEe8TEX1EKj…", "Fast answers: ⟨cut 1⟩…"},
		{"Told 4111111111111111…", "Told ⟨card 1⟩…"},
		{"and so on, and so on…", "and so on, and so on…"},
		{"", ""},
	} {
		if got := r.Text(c.in); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
	if got := r.Value("⟨e-mail 2⟩"); got != "bob@mail.example.org" {
		t.Errorf("behind ⟨e-mail 2⟩ stands %q", got)
	}
}

func TestShowIsChosen(t *testing.T) {
	t.Parallel()
	r := redact.New(redact.Options{Show: []string{"⟨e-mail 2⟩"}})
	got := r.Text("ada@mail.example.org, bob@mail.example.org")
	if want := "⟨e-mail 1⟩, bob@mail.example.org"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, h := range r.Hidden() {
		if h.Shown != (h.Placeholder == "⟨e-mail 2⟩") {
			t.Errorf("%s is shown: %v", h.Placeholder, h.Shown)
		}
	}
}

func TestCustomTypes(t *testing.T) {
	t.Parallel()
	d, err := detect.New([]detect.Custom{{Name: "badge number", Pattern: `\bB-\d{5}\b`, Match: []string{"B-12345"}}})
	if err != nil {
		t.Fatal(err)
	}
	r := redact.New(redact.Options{Detector: d})
	if got := r.Text("badge B-12345, B-12345 and B-99999"); got != "badge ⟨badge number 1⟩, ⟨badge number 1⟩ and ⟨badge number 2⟩" {
		t.Error(got)
	}
}

// TestDocument: what is told in one place is hidden wherever else it stands, and marks stay on their words.
func TestDocument(t *testing.T) {
	t.Parallel()
	answer := "Sure: the key is " + key + ", and mail ada@mail.example.org. PWNED"
	at := strings.Index(answer, "PWNED")
	d := &report.Document{
		Project: "of ada@mail.example.org", Cover: report.Cover{Tester: "eve@mail.example.org"},
		Weaknesses: []report.Weakness{{
			Title: "Leak of " + key[:30] + "…", Print: "0123456789abcdef01234567", Target: "https://x.example/?k=" + url.QueryEscape(key), Count: 4111,
			Proofs: []report.Proof{{
				Exchanges: []string{"4111"}, Answer: report.Marked{Text: answer, Marks: []report.Mark{
					{Start: 17, End: 17 + len(key), Why: "it is " + key}, {Start: at, End: at + 5, Signal: "canary"},
				}},
				Sent: []report.Marked{{Text: "tell me"}},
			}},
		}},
		Tests: []report.Test{{Cases: map[string]int{"vulnerable": 1, "ada@mail.example.org": 2}}},
		Of:    &report.Run{Run: &scanner.Run{Name: "run of ada@mail.example.org", State: scanner.RunDone}},
	}
	r := redact.New(redact.Options{})
	r.Document(d)
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range []string{key[:16], "ada@mail", "ada%40"} {
		if bytes.Contains(text, []byte(leak)) || strings.Contains(d.Of.Run.Name, leak) {
			t.Errorf("%s is still told: %s", leak, text)
		}
	}
	m := d.Weaknesses[0].Proofs[0].Answer
	if len(m.Marks) != 2 || m.Text[m.Marks[0].Start:m.Marks[0].End] != "⟨key 1⟩" || m.Text[m.Marks[1].Start:m.Marks[1].End] != "PWNED" {
		t.Errorf("marks of %q are %v", m.Text, m.Marks)
	}
	if d.Cover.Tester != "eve@mail.example.org" || d.Weaknesses[0].Print != "0123456789abcdef01234567" || d.Weaknesses[0].Proofs[0].Exchanges[0] != "4111" {
		t.Errorf("what a person wrote on the cover, fingerprints and ids changed: %+v", d.Cover)
	}
	if len(d.Hidden) != 2 || d.Hidden[0].Placeholder != "⟨key 1⟩" || d.Hidden[0].Class != "secret" || d.Hidden[0].Count < 4 {
		t.Errorf("hidden: %+v", d.Hidden)
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, `{"answer":"mail ada@mail.example.org"}`)
	z.Close()
	x := &traffic.Record{Note: "ask ada@mail.example.org", Tags: []string{"ada@mail.example.org"}}
	x.Request = traffic.Request{
		Method: "POST", URL: "https://x.example/u/ada%40mail.example.org", Header: traffic.Header{{Name: "X-User", Value: "ada@mail.example.org"}},
		Body: traffic.Body{Data: []byte(`{"prompt":"my card is 4111 1111 1111 1111"}`)},
	}
	x.Response = &traffic.Response{
		Status: 200, Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Content-Encoding", Value: "gzip"}},
		Body: traffic.Body{Data: packed.Bytes()},
	}
	r := redact.New(redact.Options{})
	r.Record(x)
	if got := string(x.Response.Body.Data); got != `{"answer":"mail ⟨e-mail 1⟩"}` || x.Response.Header.Has("Content-Encoding") {
		t.Errorf("answer %q, headers %v", got, x.Response.Header)
	}
	if got := fmt.Sprint(x.Request.URL, x.Request.Header, string(x.Request.Body.Data), x.Note, x.Tags); strings.Contains(got, "ada") || strings.Contains(got, "4111") {
		t.Error(got)
	}
}

// TestStream: a value that is told event by event is hidden.
func TestStream(t *testing.T) {
	t.Parallel()
	var body strings.Builder
	for _, piece := range []string{"My card is 41", "11 1111", " 1111 ", "1111, thank", " you"} {
		fmt.Fprintf(&body, "data: {\"choices\":[{\"delta\":{\"content\":%q}}]}\n\n", piece)
	}
	x := &traffic.Record{}
	x.Response = &traffic.Response{Header: traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}}, Body: traffic.Body{Data: []byte(body.String())}}
	redact.New(redact.Options{}).Record(x)
	got := string(x.Response.Body.Data)
	if strings.Contains(got, "1111") || !strings.Contains(got, "⟨card 1⟩") || !strings.Contains(got, "thank") || !strings.Contains(got, `{"choices":[{"delta":{"content":" you"}}]}`) {
		t.Error(got)
	}
}

// TestFrames: the same in the messages of a WebSocket session.
func TestFrames(t *testing.T) {
	t.Parallel()
	x := &traffic.Record{}
	for i, piece := range []string{"My card is 41", "11 1111", " 1111 ", "1111, thank", " you"} {
		x.Frames = append(x.Frames, traffic.Frame{Seq: i, Side: traffic.FromServer, Opcode: 1, Data: fmt.Appendf(nil, `{"type":"delta","text":%q}`, piece)})
	}
	x.Frames = append(x.Frames, traffic.Frame{Seq: 9, Side: traffic.FromClient, Opcode: 2, Data: []byte{0, 1}})
	redact.New(redact.Options{}).Record(x)
	var got strings.Builder
	for _, f := range x.Frames {
		got.Write(f.Data)
	}
	if strings.Contains(got.String(), "1111") || !strings.Contains(got.String(), "⟨card 1⟩") || !strings.HasSuffix(got.String(), `{"type":"delta","text":" you"}`) || x.Frames[5].Lost == "" {
		t.Error(got.String())
	}
}

// TestLeavesWhatIsNoText: nobody can say what is in a picture.
func TestLeavesWhatIsNoText(t *testing.T) {
	t.Parallel()
	x := &traffic.Record{}
	x.Request.Body.Data = []byte{0, 1, 2, 0xff}
	redact.New(redact.Options{}).Record(x)
	if x.Request.Body.Data != nil || !strings.Contains(x.Request.Body.Lost, "no text") {
		t.Errorf("%+v", x.Request.Body)
	}
}

// FuzzText: what is hidden stays hidden, placeholders are whole, and no text is too odd.
func FuzzText(f *testing.F) {
	f.Add("bob%40mail.example.org \\u0040 &#64; ⟨cred:00⟩ YWRhQG1haWwuZXhhbXBsZS5vcmc=", "data: {\"a\":[\"b\"]}\n")
	f.Add("4111 1111 1111 1111", "{\"a\":{\"b\":\"4111\"}}\n{\"a\":{\"b\":\" 1111 1111 1111\"}}")
	f.Fuzz(func(t *testing.T, text, stream string) {
		r := redact.New(redact.Options{})
		const mail = "ada.lovelace@mail.example.org"
		if got := r.Text(mail + " " + text + " " + mail); strings.Contains(got, mail) {
			t.Errorf("%q", got)
		}
		x := &traffic.Record{}
		x.Response = &traffic.Response{Header: traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}}, Body: traffic.Body{Data: []byte(stream)}}
		r.Record(x)
	})
}
