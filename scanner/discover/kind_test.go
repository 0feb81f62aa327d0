package discover_test

import (
	"fmt"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

// questions and answers as people and machines write them; the i-th answer belongs to the i-th question.
var (
	questions = []string{
		"What are your opening hours on Sunday?", "Can I return shoes that I have worn once?", "please tell me about the warranty of the blue lamp",
		"How long does delivery to Chile take?", "Do you have this jacket in a larger size?",
	}
	answers = []string{
		"We are closed on Sundays, but our web shop takes orders at any time.", "Shoes that were worn outside cannot be returned, I am afraid.",
		"The blue lamp comes with a warranty of two years that covers all its parts.", "Parcels to Chile usually take between ten and fourteen days.",
		"Yes, the jacket is available in large and extra large.",
	}
)

// chatting is a conversation with an endpoint: request and answer are formats for the texts.
func chatting(method, path, request, contentType, answer string) (shots []shot) {
	for i := range questions {
		s := shot{method: method, url: "https://shop.example.com" + path, answerHeader: "Content-Type: " + contentType}
		s.body = fmt.Sprintf(request, questions[i])
		s.answer = fmt.Sprintf(answer, answers[i])
		shots = append(shots, s)
	}
	return shots
}

func spoken(format, text string) (all string) {
	for i := 0; i < len(text); i += 7 {
		all += fmt.Sprintf(format, text[i:min(i+7, len(text))])
	}
	return all
}

func TestOwnChatBackends(t *testing.T) {
	t.Parallel()
	streamed := func(path, request, contentType, piece string) (shots []shot) {
		shots = chatting("POST", path, request, contentType, "%s")
		for i := range shots {
			shots[i].answer = spoken(piece, answers[i])
		}
		return shots
	}
	var socket []shot
	for i := range questions {
		s := shot{url: "wss://shop.example.com/ws", isWeb: true, frames: []traffic.Frame{{Opcode: 1, Side: traffic.FromClient, Data: fmt.Appendf(nil, `{"say":%q}`, questions[i])}}}
		for at := 0; at < len(answers[i]); at += 7 {
			s.frames = append(s.frames, traffic.Frame{Opcode: 1, Side: traffic.FromServer, Data: fmt.Appendf(nil, `{"bit":%q}`, answers[i][at:min(at+7, len(answers[i]))])})
		}
		socket = append(socket, s)
	}
	tests := []struct {
		name  string
		shots []shot
		want  llm.Kind
	}{
		{"names nobody knows", chatting("POST", "/svc/a1", `{"payload":{"utter":%q},"lang_ui":"en"}`, "application/json", `{"out":{"say":%q},"took":12}`), llm.KindChatBackend},
		{"plain text", chatting("POST", "/svc/a1", `{"payload":{"utter":%q}}`, "text/plain", `%s`), llm.KindChatBackend},
		{"events", streamed("/svc/a1", `{"payload":{"utter":%q}}`, "text/event-stream", "data: {\"bit\":\"%s\"}\n\n"), llm.KindChatBackend},
		{"lines", streamed("/svc/a1", `{"payload":{"utter":%q}}`, "application/x-ndjson", "{\"bit\":\"%s\"}\n"), llm.KindChatBackend},
		{"WebSocket", socket, llm.KindChatBackend},
		{"words that say it", chatting("POST", "/api/chat", `{"message":%q}`, "application/json", `{"reply":%q}`), llm.KindChatBackend},
		{"with sources", chatting("POST", "/api/chat", `{"message":%q}`, "application/json", `{"answer":%q,"sources":[{"title":"FAQ","url":"https://shop.example.com/faq"}]}`), llm.KindRAG},
		{"with no sources", chatting("POST", "/api/chat", `{"message":%q}`, "application/json", `{"answer":%q,"sources":[]}`), llm.KindChatBackend},
		{"names nobody knows, with sources", chatting("POST", "/svc/a1", `{"utter":%q}`, "application/json", `{"say":%q,"citations":["FAQ, page 3","Terms"]}`), llm.KindRAG},
		{"retrieval", chatting("POST", "/retrieve", `{"text":%q,"top_k":2}`, "application/json", `{"results":[{"text":%q,"score":0.8},{"text":"Our shop has been open since the year 1987.","score":0.5}]}`), llm.KindRAG},
		{"retrieval by its path", chatting("POST", "/v1/knowledge/search", `{"q":%q}`, "application/json", `{"chunks":[{"content":%q,"distance":0.2,"id":"d1#3"}]}`), llm.KindRAG},
		{"chat of another language", []shot{
			{method: "POST", url: "https://shop.example.com/x", body: `{"u":"营业时间是几点到几点？"}`, answer: `{"v":"我们每天上午九点到晚上八点营业。"}`},
			{method: "POST", url: "https://shop.example.com/x", body: `{"u":"可以退货吗，需要什么手续？"}`, answer: `{"v":"可以，请在三十天内联系客服办理退货。"}`},
			{method: "POST", url: "https://shop.example.com/x", body: `{"u":"送货到智利需要多久？"}`, answer: `{"v":"送货到智利通常需要十到十四天。"}`},
		}, llm.KindChatBackend},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			l.fold(tt.shots...)
			if e := l.last(); e.Kind != tt.want {
				t.Errorf("taken for %s (%+v), want %s", e.Kind, e.Facts.Readings, tt.want)
			}
			var n int64
			for _, r := range l.last().Facts.Readings {
				n += r.N
			}
			if n != int64(len(tt.shots)) {
				t.Errorf("%d exchanges were read as something, want %d", n, len(tt.shots))
			}
		})
	}
}

// TestNoChat: texts on both sides, again and again, and yet nobody talks.
func TestNoChat(t *testing.T) {
	t.Parallel()
	var people, mirrored []shot
	for i := range questions {
		people = append(people, shot{url: "wss://shop.example.com/ws", isWeb: true, frames: []traffic.Frame{
			{Opcode: 1, Side: traffic.FromClient, Data: fmt.Appendf(nil, `{"say":%q}`, questions[i])}, {Opcode: 1, Side: traffic.FromServer, Data: fmt.Appendf(nil, `{"say":%q}`, answers[i])},
		}})
		mirrored = append(mirrored, shot{
			method: "POST", url: "https://shop.example.com/api/items", body: fmt.Sprintf(`{"words":%q}`, questions[i]), answer: fmt.Sprintf(`{"id":%d,"words":%q,"hint":%q}`, i, questions[i], answers[i]),
		})
	}
	tests := []struct {
		name  string
		shots []shot
	}{
		{"search box", chatting("POST", "/api/find", `{"words":%q}`, "application/json", `{"total":2,"hits":[{"title":"Lamp","text":%q},{"title":"Shoe","text":"A very good shoe for the winter."}]}`)},
		{"ranked search of a shop", chatting("POST", "/api/find", `{"words":%q,"limit":5}`, "application/json", `{"hits":[{"title":"Lamp","description":%q,"score":3.1}]}`)},
		{"Elasticsearch", chatting("POST", "/idx/_search", `{"query":{"match":{"text":%q}}}`, "application/json", `{"took":1,"hits":{"hits":[{"_score":1.2,"_source":{"text":%q}}]}}`)},
		{"suggestions", chatting("POST", "/api/suggest", `{"words":%q}`, "application/json", `{"suggestions":[%q]}`)},
		{"feedback form", chatting("POST", "/api/say", `{"words":%q}`, "application/json", `{"note":"Thank you for your words, they help us to improve.","x":"%.0s"}`)},
		{"feedback form that repeats", chatting("POST", "/api/say", `{"words":%q}`, "application/json", `{"note":"Thank you, we have got your words and will answer in 3 days.","n":"%.0s"}`)},
		{"a form with a few answers", func() []shot {
			shots := chatting("POST", "/api/say", `{"words":%q}`, "application/json", `{"note":%q}`)
			for i := range shots {
				shots[i].answer = shots[i%2].answer
			}
			return shots
		}()},
		{"comments", mirrored},
		{"translation", chatting("POST", "/v2/tr", `{"q":%q,"target":"de"}`, "application/json", `{"data":%q}`)},
		{"translation by its path", chatting("POST", "/translate", `{"words":%q}`, "application/json", `{"data":%q}`)},
		{"mail", chatting("POST", "/v1/send", `{"to":"a@b.example","words":%q}`, "application/json", `{"note":%q}`)},
		{"CMS", chatting("PUT", "/v1/page", `{"title":"About","words":%q}`, "application/json", `{"note":%q}`)},
		{"CMS that is read", chatting("GET", "/v1/page", `%.0s`, "application/json", `{"words":%q}`)},
		{"telemetry", chatting("POST", "/v1/batch", `{"batch":[{"event":"asked","properties":{"words":%q}}]}`, "application/json", `{"status":1,"x":"%.0s"}`)},
		{"logs", chatting("POST", "/v1/logs", `{"words":%q}`, "application/json", `{"note":%q}`)},
		{"errors that repeat the words", func() (shots []shot) {
			for _, q := range questions {
				shots = append(shots, shot{method: "POST", url: "https://shop.example.com/api/find", body: fmt.Sprintf(`{"words":%q}`, q), answer: fmt.Sprintf(`{"note":%q}`, "We could not find anything for "+q+" in the catalogue.")})
			}
			return shots
		}()},
		{"refusals", func() []shot {
			shots := chatting("POST", "/svc/a1", `{"utter":%q}`, "application/json", `{"say":%q}`)
			for i := range shots {
				shots[i].status = 422
			}
			return shots
		}()},
		{"GraphQL", chatting("POST", "/api/q", `{"query":"query A { a }","variables":{"words":%q}}`, "application/json", `{"data":{"words":%q}}`)},
		{"people who chat", people},
		{"only twice", chatting("POST", "/svc/a1", `{"utter":%q}`, "application/json", `{"say":%q}`)[:2]},
		{"always the same question", func() []shot {
			shots := chatting("POST", "/svc/a1", `{"utter":"What is the thought of the day?%.0s"}`, "application/json", `{"say":%q}`)
			return shots
		}()},
		{"codes", chatting("POST", "/svc/a1", `{"sku":"AB-12-%.0s"}`, "application/json", `{"say":%q}`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			l.fold(tt.shots...)
			if e := l.last(); e.Kind != llm.KindPlain {
				t.Errorf("taken for %s (%+v)", e.Kind, e.Facts.Readings)
			}
		})
	}
}

// TestKindDoesNotFlap: one odd exchange changes nothing, and nothing goes back and forth.
func TestKindDoesNotFlap(t *testing.T) {
	t.Parallel()
	model := shot{
		method: "POST", url: "https://llm.internal/v1/chat/completions", body: `{"model":"m","messages":[{"role":"user","content":"x"}]}`,
		answer: `{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"y"},"finish_reason":"stop"}]}`,
	}
	odd := shot{method: "POST", url: model.url, body: `[]`, answerHeader: "Content-Type: text/html", answer: "<html>", status: 502}
	chat := shot{method: "POST", url: "https://app.internal/api/chat", body: `{"message":"What is it?"}`, answer: `{"reply":"It is a lamp."}`}
	plain := shot{method: "POST", url: chat.url, body: `{"id":1}`, answer: `{"ok":true}`}
	alternating := func(a, b shot, n int) (all []shot) {
		for range n {
			all = append(all, a, b)
		}
		return all
	}
	for name, shots := range map[string][]shot{
		"errors before and after": append(append(repeat(odd, 3), repeat(model, 2)...), repeat(odd, 30)...),
		"turn by turn":            alternating(chat, plain, 20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			var was llm.Kind
			turns := 0
			for _, s := range shots {
				l.fold(s)
				if k := l.last().Kind; k != was {
					was = k
					turns++
				}
			}
			if turns > 2 || was == llm.KindPlain {
				t.Errorf("%d times another kind, %s in the end: %+v", turns, was, l.last().Facts.Readings)
			}
		})
	}
	// Two formats at one address: the more frequent one, but not by every turn.
	other := shot{method: "POST", url: model.url, body: `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}]}`, header: "anthropic-version: 2023-06-01"}
	other.url, model.url = "https://llm.internal/ask-model", "https://llm.internal/ask-model"
	other.answer = `{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"y"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}`
	both := newLedger(t)
	families := map[string]int{}
	was := ""
	for _, s := range append([]shot{model, other, other, model, model, other, other, model}, repeat(other, 16)...) {
		both.fold(s)
		if f := both.last().Family; f != was {
			was = f
			families[f]++
		}
	}
	if len(families) != 2 || families["openai.chat"] != 1 || families["anthropic.messages"] != 1 || was != "anthropic.messages" {
		t.Errorf("families turned %v, %s in the end: %+v", families, was, both.last().Facts.Readings)
	}

	rare := newLedger(t)
	rare.fold(append([]shot{chat}, repeat(plain, 8)...)...)
	if k := rare.last().Kind; k != llm.KindChatBackend {
		t.Errorf("8 plain exchanges after the first made it %s", k)
	}
	rare.fold(repeat(plain, 30)...)
	if k := rare.last().Kind; k != llm.KindPlain {
		t.Errorf("one of 39 that looks like a chat makes it %s", k)
	}

	l := newLedger(t)
	l.fold(repeat(plain, 100)...)
	l.fold(chat)
	if k := l.last().Kind; k != llm.KindPlain {
		t.Errorf("one of 101 that looks like a chat makes it %s", k)
	}
}

// TestRecordedKinds folds the recordings into endpoints: what is known of their exchanges is known of them.
func TestRecordedKinds(t *testing.T) {
	t.Parallel()
	rows, wants := recordedKinds(t)
	l := newLedger(t)
	for from := 0; from < len(rows); from += 200 {
		l.take(rows[from:min(from+200, len(rows))])
	}
	type truth struct {
		families map[string]int
		other    int // exchanges that are no calls of models
		n        int
	}
	truths := map[scanner.EndpointID]*truth{}
	for i := range rows {
		want, known := wants[i]
		id := l.of[rows[i].Exchange.ID]
		if truths[id] == nil {
			truths[id] = &truth{families: map[string]int{}}
		}
		truths[id].n++
		switch {
		case !known:
		case want.class == "ai-saas" || want.class == "non-llm":
			truths[id].other++
		default:
			truths[id].families[want.family]++
		}
	}
	models, right, others, wrong := 0, 0, 0, 0
	for id, is := range truths {
		e := l.endpoints[id]
		if e == nil {
			continue
		}
		switch {
		case is.other == is.n:
			others++
			if isModel(e.Kind) {
				wrong++
				t.Errorf("%s %s%s is no model, and was taken for %s: %+v", e.Method, e.Host, e.Path, e.Kind, e.Facts.Readings)
			}
		case len(is.families) == 1 && is.other == 0:
			models++
			if is.families[e.Family] > 0 {
				right++
			} else {
				t.Logf("%s %s%s is %v, and was taken for %s (%s)", e.Method, e.Host, e.Path, is.families, e.Family, e.Kind)
			}
		}
	}
	t.Logf("family right for %d of %d endpoints of AI services; %d of %d others taken for models", right, models, wrong, others)
	if models < 100 || right*1000 < models*990 {
		t.Errorf("family right for %d of %d endpoints, want 99 %%", right, models)
	}
}

func isModel(kind llm.Kind) bool {
	return kind == llm.KindLLM || kind == llm.KindChatBackend || kind == llm.KindRAG || kind == llm.KindAgent
}

// BenchmarkFold folds exchanges of the usual sizes.
func BenchmarkFold(b *testing.B) {
	rows, _ := recordedKinds(b)
	for b.Loop() {
		l := newLedger(b)
		for from := 0; from < len(rows); from += 200 {
			l.take(rows[from:min(from+200, len(rows))])
		}
	}
	b.ReportMetric(float64(len(rows))*float64(b.N)/b.Elapsed().Seconds(), "exchanges/s")
}

// TestKindOutlivesTheBook: what was heard is known after the project was opened again.
func TestKindOutlivesTheBook(t *testing.T) {
	t.Parallel()
	for _, want := range []llm.Kind{llm.KindChatBackend, llm.KindRAG} {
		sources := ""
		if want == llm.KindRAG {
			sources = `,"sources":["FAQ"]`
		}
		l := newLedger(t)
		shots := chatting("POST", "/svc/a1", `{"utter":%q}`, "application/json", `{"say":%q`+sources+`}`)
		l.fold(shots[:4]...)
		kept := l.only()
		book, err := discover.Open(&scanner.Inventory{Endpoints: []*scanner.Endpoint{kept}, LastChange: int64(len(l.changes))}, nil, discover.Options{})
		if err != nil {
			t.Fatal(err)
		}
		l.book = book
		l.fold(shots[4])
		if e := l.only(); e.Kind != want || len(e.Facts.Readings) > 2 || e.Facts.Readings[len(e.Facts.Readings)-1].N != 5 {
			t.Errorf("after the project was opened again: %s %+v, want %s", e.Kind, e.Facts.Readings, want)
		}
	}
}
