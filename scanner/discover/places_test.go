package discover_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

// placeCall is an exchange as tests write it.
type placeCall struct {
	url                    string
	request, response      string
	requestType, replyType string
	header                 traffic.Header
	frames                 []traffic.Frame
}

func (c placeCall) seen(id traffic.ID) discover.Seen {
	kind := func(body, given string) traffic.Header {
		switch {
		case given != "":
			return traffic.Header{{Name: "Content-Type", Value: given}}
		case strings.HasPrefix(body, "{"), strings.HasPrefix(body, "["):
			return traffic.Header{{Name: "Content-Type", Value: "application/json"}}
		}
		return nil
	}
	x := &traffic.Exchange{
		ID: id, Kind: traffic.KindHTTP, Started: time.Unix(int64(id), 0), State: traffic.StateComplete,
		Request:  traffic.Request{Method: "POST", URL: c.url, Header: append(kind(c.request, c.requestType), c.header...)},
		Response: &traffic.Response{Status: 200, Header: kind(c.response, c.replyType)},
	}
	if c.frames != nil {
		x.Kind = traffic.KindWebSocket
	}
	v := llm.Parse(llm.Input{
		Method: "POST", URL: c.url, RequestHeader: x.Request.Header, RequestBody: []byte(c.request), Status: 200,
		ResponseHeader: x.Response.Header, ResponseBody: []byte(c.response), Ended: true, Frames: c.frames,
	})
	return discover.Seen{Exchange: x, Conversation: &v, Request: []byte(c.request), Response: []byte(c.response), Frames: c.frames}
}

func openPlaces(t testing.TB, inv *scanner.Inventory) *discover.Book {
	t.Helper()
	book, err := discover.Open(inv, nil, discover.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func foldPlaces(t testing.TB, book *discover.Book, seen ...discover.Seen) *scanner.Fold {
	t.Helper()
	f, err := book.Fold(seen)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// shortPlaces writes places as "direction role path type", sorted.
func shortPlaces(places []*scanner.Place) (list []string) {
	for _, p := range places {
		list = append(list, strings.Join([]string{p.Direction, p.Role, p.Path, p.Type}, "|"))
	}
	slices.Sort(list)
	return list
}

const (
	placeChat     = "https://api.openai.com/v1/chat/completions"
	placeMessages = "https://api.anthropic.com/v1/messages"
	placeGemini   = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent"
	placeAPI      = "https://shop.example.org/orders"
	placeKey      = "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"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		call placeCall
		want []string
	}{
		{"roles of a chat", placeCall{
			url: placeChat,
			request: `{"model":"gpt-4.1","messages":[{"role":"system","content":"Ask ops@corp.example.org"},{"content":[{"type":"text","text":"I am jo@mail.example.org"}],"role":"user"},
				{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"pay","arguments":"{\"card\":\"4111 1111 1111 1111\"}"}}]},
				{"role":"tool","tool_call_id":"c1","content":"paid by al@mail.example.org"}]}`,
			response: `{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Done, ed@mail.example.org"},"finish_reason":"stop"}]}`,
		}, []string{
			"request|system|/messages/*/content|EMAIL_ADDRESS", "request|system|/messages/*/content|SYSTEM_PROMPT",
			"request|tool arguments|/messages/*/tool_calls/*/function/arguments|CREDIT_CARD", "request|tool|/messages/*/content|EMAIL_ADDRESS",
			"request|user|/messages/*/content/*/text|EMAIL_ADDRESS", "response|assistant|/choices/*/message/content|EMAIL_ADDRESS",
		}},
		{"instruction, thinking and tool results", placeCall{
			url: placeMessages,
			request: `{"model":"claude-sonnet-4-5","max_tokens":9,"system":[{"type":"text","text":"You are root@corp.example.org"}],"tools":[{"name":"f","input_schema":{"type":"object"}}],
				"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"al@mail.example.org"}]}]}]}`,
			response: `{"type":"message","role":"assistant","content":[{"type":"thinking","thinking":"is it ed@mail.example.org?","signature":"` + strings.Repeat("Eo", 400) + `"},{"type":"text","text":"no"}],"stop_reason":"end_turn"}`,
		}, []string{
			"request|system|/system/*/text|EMAIL_ADDRESS", "request|system|/system/*/text|SYSTEM_PROMPT", "request|tool|/messages/*/content/*/content/*/text|EMAIL_ADDRESS",
			"request||/tools|TOOL_SCHEMA", "response|reasoning|/content/*/thinking|EMAIL_ADDRESS",
		}},
		{"contents and a system instruction that a user says", placeCall{
			url: placeGemini,
			request: `{"systemInstruction":{"role":"user","parts":[{"text":"root@corp.example.org"}]},"contents":[{"parts":[{"text":"jo@mail.example.org"}],"role":"user"},
				{"role":"model","parts":[{"text":"al@mail.example.org"}]}]}`,
			response: `{"candidates":[{"content":{"role":"model","parts":[{"text":"ed@mail.example.org"}]},"finishReason":"STOP"}]}`,
		}, []string{
			"request|assistant|/contents/*/parts/*/text|EMAIL_ADDRESS", "request|system|/systemInstruction/parts/*/text|EMAIL_ADDRESS",
			"request|system|/systemInstruction/parts/*/text|SYSTEM_PROMPT", "request|user|/contents/*/parts/*/text|EMAIL_ADDRESS",
			"response|assistant|/candidates/*/content/parts/*/text|EMAIL_ADDRESS",
		}},
		{"an answer in pieces", placeCall{
			url: placeChat, request: `{"model":"gpt-4.1","stream":true,"messages":[{"role":"user","content":"hi"}]}`, replyType: "text/event-stream",
			response: "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"write to jo@ma\"}}]}\n\n" +
				"data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"il.example.org\"}}]}\n\ndata: [DONE]\n\n",
		}, []string{"response|assistant|body|EMAIL_ADDRESS"}},
		{"names say what values are", placeCall{
			url: placeAPI, request: `{"customer":{"socialSecurityNumber":"536-90-4399","customer_id":4111111111111111,"note":"order 536904398"}}`,
			response: `{"client":{"api_key":"a8f5f167f44f4964e6c998dee827110c"},"items":{"7f3c2a9e-1b2c-4d3e-8f4a-5b6c7d8e9f00":{"mail":"jo@mail.example.org"}},"iban":"DE89 3704 0044 0532 0130 00"}`,
		}, []string{
			"request||/customer/socialSecurityNumber|US_SSN", "response||/client/api_key|generic-api-key", "response||/iban|IBAN_CODE",
			"response||/items/*/mail|EMAIL_ADDRESS",
		}},
		{"query, header, form", placeCall{
			url: placeAPI + "?mail=jo%40mail.example.org&key=⟨cred:0123456789abcdef⟩", requestType: "application/x-www-form-urlencoded",
			request: "card=4111+1111+1111+1111&who=x", header: traffic.Header{{Name: "X-Forwarded-For", Value: "203.0.113.9"}, {Name: "Authorization", Value: "Bearer " + placeKey}},
		}, []string{
			"request||form:card|CREDIT_CARD", "request||header:x-forwarded-for|IP_ADDRESS", "request||query:key|key-in-url", "request||query:mail|EMAIL_ADDRESS",
		}},
		{"keys that open nothing", placeCall{url: placeAPI, header: traffic.Header{
			{Name: "Sec-WebSocket-Key", Value: "dGhlIHNhbXBsZSBub25jZQ=="}, {Name: "Idempotency-Key", Value: "a8f5f167f44f4964e6c998dee827110c"},
		}}, nil},
		{"parts of a form", placeCall{
			url: placeAPI, requestType: "multipart/form-data; boundary=b",
			request: "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\njo@mail.example.org\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"m.gguf\"\r\n\r\nGGUF\x03\x00\x00\x00\x00\r\n--b--\r\n",
		}, []string{"request||form:file|MODEL_FILE", "request||form:note|EMAIL_ADDRESS"}},
		{"JSON that breaks, and another after it", placeCall{
			url: placeAPI, request: `{"a":"jo@mail.example.org"}{"b":"al@mail.example.org"}`, response: `{"a":1,]} then ed@mail.example.org`,
		}, []string{"request||/a|EMAIL_ADDRESS", "request||/b|EMAIL_ADDRESS", "response||body|EMAIL_ADDRESS"}},
		{"pages", placeCall{
			url: placeAPI, replyType: "text/html", response: "<html><body>" + strings.Repeat("<p>nothing here at all</p>\n", 9000) + "jo&#64;mail.example.org</body></html>",
		}, []string{"response||body|EMAIL_ADDRESS"}},
		{"vectors, and lists of numbers that are none", placeCall{
			url: "https://api.openai.com/v1/embeddings", request: `{"model":"text-embedding-3-small","input":"hi"}`,
			response: `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[` + strings.TrimSuffix(strings.Repeat("0.0123,", 128), ",") + `]}],"counts":[` +
				strings.TrimSuffix(strings.Repeat("7,", 128), ",") + `]}`,
		}, []string{"response||/data/*/embedding|EMBEDDING_VECTOR"}},
		{"data in disguise", placeCall{
			url:      placeAPI,
			request:  `{"image":"data:image/png;base64,` + strings.Repeat("iVBORw0KGgo4111111111111111", 40) + `","id":"f47ac10b-58cc-4372-a567-0e02b2c3d479","blob":"` + strings.Repeat("EAAC2z2Rlc2MAAAAAAAAAFklFQyBodHRw4111111111111111", 20) + `"}`,
			response: `{"created":1748503543012,"seed":4111111111111111}`,
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := foldPlaces(t, openPlaces(t, nil), c.call.seen(1))
			if got := shortPlaces(f.Places); !slices.Equal(got, c.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
			if len(f.Hits) != len(f.Places) {
				t.Errorf("%d hits at %d places", len(f.Hits), len(f.Places))
			}
		})
	}
}

// TestPlacesOfPaths: data in a segment of the path stands under the name of the parameter there.
func TestPlacesOfPaths(t *testing.T) {
	t.Parallel()
	f := foldPlaces(t, openPlaces(t, nil), placeCall{url: "https://shop.example.org/mails/jo%40mail.example.org/latest"}.seen(1))
	want := "*"
	for segment := range strings.SplitSeq(f.Endpoints[0].Path, "/") {
		if strings.HasPrefix(segment, "{") {
			want = strings.Trim(segment, "{}")
		}
	}
	if got := shortPlaces(f.Places); !slices.Equal(got, []string{"request||path:" + want + "|EMAIL_ADDRESS"}) {
		t.Errorf("%q at %s", got, f.Endpoints[0].Path)
	}
}

// TestPlacesOfFrames: what both sides of a WebSocket session say.
func TestPlacesOfFrames(t *testing.T) {
	t.Parallel()
	f := foldPlaces(t, openPlaces(t, nil), placeCall{url: "wss://chat.example.org/live", frames: []traffic.Frame{
		{Side: traffic.FromClient, Opcode: 1, Data: []byte(`{"text":"I am jo@mail.example.org"}`)},
		{Seq: 1, Side: traffic.FromServer, Opcode: 1, Data: []byte(`plain al@mail.example.org`)},
		{Seq: 2, Side: traffic.FromServer, Opcode: 8, Data: []byte(`xxed@mail.example.org`)},
	}}.seen(1))
	want := []string{"request||/text|EMAIL_ADDRESS", "response||body|EMAIL_ADDRESS"}
	if got := shortPlaces(f.Places); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPlacesCount: an exchange counts once a place, and goes on counting after the inventory was loaded again.
func TestPlacesCount(t *testing.T) {
	t.Parallel()
	two := placeCall{url: placeAPI, request: `{"to":["jo@mail.example.org","al@mail.example.org"],"cc":"ed@mail.example.org"}`}
	f := foldPlaces(t, openPlaces(t, nil), two.seen(1), two.seen(2))
	if got := shortPlaces(f.Places); !slices.Equal(got, []string{"request||/cc|EMAIL_ADDRESS", "request||/to/*|EMAIL_ADDRESS"}) {
		t.Fatalf("%q", got)
	}
	values := 0
	for _, h := range f.Hits {
		values += h.N
	}
	if len(f.Hits) != 4 || values != 6 {
		t.Errorf("%d hits of %d values", len(f.Hits), values)
	}
	tally := []scanner.SensitiveTally{{Type: "EMAIL_ADDRESS", Class: "personal", Where: "request", Count: 2}}
	if got := f.Endpoints[0].Facts.Sensitive; !slices.Equal(got, tally) {
		t.Errorf("%+v", got)
	}
	g := foldPlaces(t, openPlaces(t, &scanner.Inventory{Endpoints: f.Endpoints, Places: f.Places}), two.seen(3))
	tally[0].Count = 3
	if got := g.Endpoints[0].Facts.Sensitive; !slices.Equal(got, tally) {
		t.Errorf("after loading: %+v", got)
	}
	for _, p := range g.Places {
		if p.Count != 3 || p.First != 1 || p.Last != 3 {
			t.Errorf("%+v", p)
		}
	}
}

// TestPlacesMove: when endpoints turn out to be one, their places are of that one, and every exchange still counts once.
func TestPlacesMove(t *testing.T) {
	t.Parallel()
	book := openPlaces(t, nil)
	endpoints, places := map[scanner.EndpointID]*scanner.Endpoint{}, map[scanner.PlaceID]*scanner.Place{}
	const exchanges = 60
	for i := range exchanges {
		f := foldPlaces(t, book, placeCall{
			url: "https://shop.example.org/teams/" + wordOf(26*26+i*97) + "/members", request: `{"mail":"jo@mail.example.org"}`, response: `{"ok":true,"name":"x"}`,
		}.seen(traffic.ID(i+1)))
		for _, e := range f.Endpoints {
			endpoints[e.ID] = e
		}
		for _, p := range f.Places {
			places[p.ID] = p
		}
	}
	var live []*scanner.Endpoint
	for _, e := range endpoints {
		if e.Merged == 0 {
			live = append(live, e)
		}
	}
	if len(live) != 1 || len(endpoints) < 2 {
		t.Fatalf("%d endpoints of %d live", len(live), len(endpoints))
	}
	here := 0
	for _, p := range places {
		switch {
		case p.Endpoint != live[0].ID:
			if endpoints[p.Endpoint].Merged == 0 { // storage joins places of merged endpoints
				t.Errorf("%+v is at an endpoint that is not known", p)
			}
		case p.Count != exchanges || p.First != 1 || p.Last != exchanges:
			t.Errorf("%+v", p)
		default:
			here++
		}
	}
	if here != 1 {
		t.Errorf("%d places at the endpoint", here)
	}
	want := []scanner.SensitiveTally{{Type: "EMAIL_ADDRESS", Class: "personal", Where: "request", Count: exchanges}}
	if got := live[0].Facts.Sensitive; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// TestImportsAreHardlyNews: most of what is imported is new, so it takes an endpoint that is well known. What a model is
// given is no news earlier either.
func TestImportsAreHardlyNews(t *testing.T) {
	t.Parallel()
	for plain, want := range map[int]int{1: 0, 4: 0, 5: 1, 9: 1} {
		for _, source := range []traffic.Source{traffic.SourceImport, traffic.SourceProxy} {
			url, special := placeAPI, `{"a":"jo@mail.example.org"}`
			if source != traffic.SourceImport {
				url, special = "https://api.openai.com/v1/chat/completions", `{"model":"m","messages":[{"role":"system","content":"Answer as a pirate would, and only about ships."},{"role":"user","content":"hi"}]}`
			}
			news(t, url, special, source, plain, want)
		}
	}
}

func news(t *testing.T, url, special string, source traffic.Source, plain, want int) {
	t.Helper()
	book := openPlaces(t, nil)
	seen := make([]discover.Seen, 0, plain+1)
	for i := range plain + 1 {
		call := placeCall{url: url, request: `{"model":"m","messages":[{"role":"user","content":"hi"}]}`}
		if i == plain {
			call.request = special
		}
		s := call.seen(traffic.ID(i + 1))
		s.Exchange.Source = source
		seen = append(seen, s)
	}
	got := 0
	for _, c := range foldPlaces(t, book, seen...).Changes {
		if c.Kind == scanner.ChangeSensitive {
			got++
		}
	}
	if got != want {
		t.Errorf("%s: %d lines after %d exchanges without, want %d", url, got, plain, want)
	}
}

// TestSensitiveIsNews: a type that an endpoint had not before is told once; of a new endpoint nothing is news.
func TestSensitiveIsNews(t *testing.T) {
	t.Parallel()
	book := openPlaces(t, nil)
	news := func(f *scanner.Fold) (list []string) {
		for _, c := range f.Changes {
			if c.Kind == scanner.ChangeSensitive {
				list = append(list, c.Severity+" "+c.What)
			}
		}
		return list
	}
	if got := news(foldPlaces(t, book, placeCall{url: placeAPI, request: `{"a":"jo@mail.example.org"}`}.seen(1))); got != nil {
		t.Errorf("first exchange: %q", got)
	}
	f := foldPlaces(t, book, placeCall{url: placeAPI, request: `{"a":"jo@mail.example.org","card":"4111 1111 1111 1111"}`, response: `{"k":"` + placeKey + `"}`}.seen(2))
	got := news(f)
	if len(got) != 2 || !strings.HasPrefix(got[0], "medium CREDIT_CARD appeared in the request of POST shop.example.org") || !strings.HasPrefix(got[1], "high groq-api-key appeared in the response") {
		t.Errorf("%q", got)
	}
	for _, c := range f.Changes {
		if strings.Contains(c.Detail+c.What, placeKey) || strings.Contains(c.Detail, "4111 1111") {
			t.Errorf("the value is told: %+v", c)
		}
	}
	if got := news(foldPlaces(t, book, placeCall{url: placeAPI, response: `{"other":"` + placeKey + `"}`}.seen(3))); got != nil {
		t.Errorf("again: %q", got)
	}
}

// TestPlacesAreBounded: an endpoint of many fields has so many places, and says that there are more.
func TestPlacesAreBounded(t *testing.T) {
	t.Parallel()
	book := openPlaces(t, nil)
	told, kept := 0, map[scanner.PlaceID]bool{}
	var last *scanner.Endpoint
	for i := range 4 {
		var b strings.Builder
		for k := range 300 {
			fmt.Fprintf(&b, `,"%s":"jo@mail.example.org"`, wordOf(i*300+k))
		}
		f := foldPlaces(t, book, placeCall{url: placeAPI, request: "{" + b.String()[1:] + "}"}.seen(traffic.ID(i+1)))
		for _, c := range f.Changes {
			if c.Kind == scanner.ChangeFull {
				told++
			}
		}
		for _, p := range f.Places {
			kept[p.ID] = true
		}
		last = f.Endpoints[0]
	}
	if told != 1 || len(kept) != discover.MaxEndpointPlaces || !last.Facts.Cut {
		t.Errorf("told %d times, %d places, cut %v", told, len(kept), last.Facts.Cut)
	}
}

// wordOf is a name without digits.
func wordOf(n int) string {
	name := "f"
	for ; n > 0; n /= 26 {
		name += string(rune('a' + n%26))
	}
	return name
}

// TestCustomTypesHavePlaces: types of a person are found by the name a value stands under.
func TestCustomTypesHavePlaces(t *testing.T) {
	t.Parallel()
	inv := &scanner.Inventory{Custom: []scanner.CustomType{
		{Name: "staff number", Class: "personal", Keys: `^staff`, Pattern: `^[A-Z]{2}\d{4}$`, Match: []string{"staff_no=AB1234"}},
		{Name: "codename", Class: "secret", List: []string{"Nightjar"}},
	}}
	f := foldPlaces(t, openPlaces(t, inv), placeCall{url: placeAPI + "?staff=CD5678", request: `{"staff_no":"AB1234","other":"AB1234","note":"nightjar"}`}.seen(1))
	want := []string{"request||/note|codename", "request||/staff_no|staff number", "request||query:staff|staff number"}
	if got := shortPlaces(f.Places); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	inv.Custom[0].Match = []string{"staff_no=1234"}
	if _, err := discover.Open(inv, nil, discover.Options{}); err == nil || !strings.Contains(err.Error(), "staff_no=1234") {
		t.Errorf("a type that is wrong about its sample: %v", err)
	}
}

// TestLargeBodies: nothing is skipped because it is large or deep, and time stays linear.
func TestLargeBodies(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("The quick brown fox jumps over the lazy dog, 12345 times. ", 80_000) // 4.6 MB
	deep := strings.Repeat(`{"a":`, 5000) + `"jo@mail.example.org"` + strings.Repeat("}", 5000)
	for name, body := range map[string]string{
		"long text":  `{"t":"` + filler + `jo@mail.example.org"}`,
		"many texts": `{"t":[` + strings.Repeat(`"just some words of 12345",`, 100_000) + `"jo@mail.example.org"]}`,
		"deep":       deep,
		"very deep":  strings.Repeat("[", 200_000) + `"jo@mail.example.org"`,
		"cut off":    `{"t":"` + filler + `jo@mail.example.org`,
		"text":       filler + "jo@mail.example.org",
		"windows":    strings.Repeat("x ", 32<<10-5) + "jo@mail.example.org" + strings.Repeat(" y", 64<<10),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			f := foldPlaces(t, openPlaces(t, nil), placeCall{url: placeAPI, response: body, replyType: "application/json"}.seen(1))
			if len(f.Hits) != 1 || f.Hits[0].N != 1 {
				t.Errorf("%+v", f.Hits)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, value, want string }{
		{"EMAIL_ADDRESS", "joan@example.org", "j•••@e••••••.org"},
		{"CREDIT_CARD", "4111 1111 1111 1111", "4••• •••• •••• 1111"},
		{"openai-project-key", "sk-proj-Zk3vQ8sLw1XyT7uRbN5mPc2hJf9dGa6eKi4oVtMzYxWqSnBl0Uabcd", "sk-proj-••••••••abcd"},
		{"US_SSN", "536-90-4399", "5••-••-•••9"},
		{"DE_PLZ", "10115", "•••••"},
		{"own", "秘密", "••"},
	} {
		if got := discover.Mask(c.kind, c.value); got != c.want {
			t.Errorf("%s: %q, want %q", c.kind, got, c.want)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, kind := range []string{"EMAIL_ADDRESS", "CREDIT_CARD", "private-key", "own"} {
		f.Add(kind, "joan.x+y@mail.example.org")
		f.Add(kind, "4111 1111 1111 1111")
		f.Add(kind, "-----BEGIN KEY-----\nabc")
		f.Add(kind, "@.a\xffé")
	}
	f.Fuzz(func(t *testing.T, kind, value string) {
		masked := discover.Mask(kind, value)
		if len([]rune(masked)) > 100 {
			t.Fatalf("%q is long", masked)
		}
		total, shown := 0, 0
		tells := func(r rune) bool {
			return r != '•' && r != '…' && (unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark) || r > unicode.MaxLatin1)
		}
		for _, r := range strings.ToValidUTF8(value, "\uFFFD") {
			if r == '•' || r == '…' || tells(r) {
				total++
			}
		}
		if i := strings.LastIndexByte(masked, '.'); kind == "EMAIL_ADDRESS" && i > 0 {
			masked = masked[:i]
		}
		for _, r := range strings.TrimPrefix(masked, "-----BEGIN ") {
			if tells(r) {
				shown++
			}
		}
		if shown*3 > total {
			t.Fatalf("%q shows %d of %d of %q", masked, shown, total, value)
		}
	})
}

func FuzzPlaces(f *testing.F) {
	f.Add("application/json", `{"messages":[{"role":"user","content":"jo@mail.example.org \u00e9\ud83d\ude00 \"x\""}],"a":[1.5,2]}`)
	f.Add("application/json", `{"a":{"b":[}{"c":"\`)
	f.Add("text/event-stream", "data: {\"delta\":\"jo@\"}\n\ndata: {\"delta\":\"mail.example.org\"}\n\n")
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nx\r\n--b--")
	f.Add("application/x-www-form-urlencoded", "a=%zz&b=jo%40mail.example.org")
	f.Fuzz(func(t *testing.T, kind, body string) {
		c := placeCall{url: "https://h.example.org/v1/chat/completions?q=" + kind, request: body, response: body, requestType: kind, replyType: kind}
		got := foldPlaces(t, openPlaces(t, nil), c.seen(1))
		for _, h := range got.Hits {
			if h.N < 1 {
				t.Fatalf("%+v", h)
			}
		}
		for _, p := range got.Places {
			if p.Path == "" || p.Type == "" || p.Class == "" || p.Confidence < 0.6 || p.Count != 1 {
				t.Fatalf("%+v", p)
			}
		}
	})
}
