package llm_test

import (
	"testing"

	"assay/llm"
	"assay/traffic"
)

// ordinary are calls of APIs that are no chat with a machine, many with texts on both sides.
var ordinary = []struct{ name, method, url, request, contentType, response string }{
	{"login", "POST", "https://app.example/api/login", `{"username":"eve","password":"s3cret words here"}`, "application/json", `{"message":"You are now logged in, welcome back Eve","token":"abc"}`},
	{"contact form", "POST", "https://app.example/api/contact", `{"name":"Eve","email":"e@x.example","message":"Can you call me back tomorrow please?"}`, "application/json", `{"message":"Thank you, we will get back to you soon."}`},
	{"feedback", "POST", "https://app.example/api/feedback", `{"message":"I really love this product","rating":5}`, "application/json", `{"status":"ok","message":"Thanks for your feedback, it helps us improve"}`},
	{"comment", "POST", "https://app.example/posts/7/comments", `{"text":"What a great article, thank you!"}`, "application/json", `{"id":9,"text":"What a great article, thank you!","created_at":"2025-01-01"}`},
	{"chat between people", "POST", "https://chat.example/api/v9/channels/12/messages", `{"content":"Are you coming to lunch today?","nonce":"1","tts":false}`, "application/json", `{"id":"55","content":"Are you coming to lunch today?","author":{"id":"1"},"channel_id":"12"}`},
	{"posting to a channel", "POST", "https://hooks.example/api/chat.postMessage", `{"channel":"C1","text":"Deploy of the new version has finished"}`, "application/json", `{"ok":true,"channel":"C1","message":{"text":"Deploy of the new version has finished","bot_id":"B1"}}`},
	{"translation", "POST", "https://tr.example/translate", `{"q":"Where is the train station?","source":"en","target":"de"}`, "application/json", `{"translatedText":"Wo ist der Bahnhof?"}`},
	{"GraphQL", "POST", "https://app.example/graphql", `{"query":"query Me { me { name } }","variables":{}}`, "application/json", `{"data":{"me":{"name":"Eve"}}}`},
	{"GraphQL without a name", "POST", "https://app.example/graphql", `{"query":"{ chat(id: 1) { answer } }"}`, "application/json", `{"data":{"chat":{"answer":"It is in the second drawer on the left."}}}`},
	{"SQL", "POST", "https://db.example/query", `{"query":"SELECT name FROM users WHERE id = 1","stream":false}`, "application/json", `{"result":"one row was found in the table","rows":[["Eve"]]}`},
	{"search", "POST", "https://shop.example/api/search", `{"query":"red running shoes","page":1}`, "application/json", `{"total":2,"results":[{"title":"Red shoe"}]}`},
	{"search as one types", "GET", "https://shop.example/search/suggest?q=red+running+shoes", "", "application/json", `["red running shoes","red running shorts"]`},
	{"Elasticsearch", "POST", "https://es.example/idx/_search", `{"query":{"match":{"text":"what is it"}}}`, "application/json", `{"took":3,"hits":{"total":{"value":0},"hits":[]}}`},
	{"chat between people, kept", "POST", "https://app.example/api/messages", `{"conversation_id":5,"text":"Could you have a look at the report before Friday?"}`, "application/json", `{"id":77,"conversation_id":5,"text":"Could you have a look at the report before Friday?","sender":"ann","delivered":true}`},
	{"prediction of numbers", "POST", "https://ml.example/predict", `{"instances":[[1,2,3]],"parameters":{}}`, "application/json", `{"predictions":[0.3]}`},
	{"prediction from a table", "POST", "https://ml.example/v1/models/churn:predict", `{"instances":[{"age":30,"plan":"basic"}]}`, "application/json", `{"predictions":[{"scores":[0.1,0.9],"classes":["no","yes"]}]}`},
	{"issue", "POST", "https://git.example/repos/a/b/issues", `{"title":"It crashes","body":"It crashes when I press the button"}`, "application/json", `{"number":3,"body":"It crashes when I press the button","state":"open"}`},
	{"commit", "PUT", "https://git.example/repos/a/b/contents/f", `{"message":"Fix the thing that broke last week","content":"aGVsbG8=","branch":"main"}`, "application/json", `{"content":{"name":"f"},"commit":{"message":"Fix the thing that broke last week"}}`},
	{"log line", "POST", "https://logs.example/v1/input", `{"message":"User logged in from a new device","level":"info","service":"chat"}`, "application/json", `{"status":"accepted"}`},
	{"payment", "POST", "https://pay.example/v1/charges", `{"amount":100,"currency":"eur","description":"Two tickets for the concert"}`, "application/json", `{"id":"ch_1","status":"succeeded","description":"Two tickets for the concert"}`},
	{"mail", "POST", "https://mail.example/v3/send", `{"to":"a@x.example","subject":"Hello","content":"How are you doing these days?"}`, "application/json", `{"message":"Queued. Thank you for using our service."}`},
	{"text message", "POST", "https://sms.example/Messages", `{"to":"+1","from":"+2","text":"Your code is one two three four"}`, "application/json", `{"sid":"SM1","status":"queued","text":"Your code is one two three four"}`},
	{"spell check", "POST", "https://sp.example/v2/check", `{"text":"This are a sentence with error","language":"en"}`, "application/json", `{"matches":[{"message":"Did you mean \"is\"?","offset":5}]}`},
	{"sentiment", "POST", "https://nlp.example/sentiment", `{"text":"I am very happy with this phone"}`, "application/json", `{"label":"positive","score":0.98}`},
	{"error of an API", "POST", "https://app.example/api/orders", `{"item":"shoe","text":"Please wrap it as a gift"}`, "application/json", `{"message":"The item is not available in your country","statusCode":422}`},
	{"note", "POST", "https://notes.example/api/notes", `{"content":"Remember to buy milk and some bread"}`, "application/json", `{"id":1,"content":"Remember to buy milk and some bread","updated":"now"}`},
	{"to-do", "PUT", "https://todo.example/api/todos/3", `{"text":"Call the bank about the new card","done":false}`, "application/json", `{"text":"Call the bank about the new card","done":false,"id":3}`},
	{"analytics", "POST", "https://t.example/collect", `{"event":"chat_opened","session_id":"x","message":"user opened the chat window"}`, "application/json", `{"response":"the event has been recorded for you"}`},
	{"server-sent prices", "GET", "https://x.example/prices?session_id=3", "", "text/event-stream", "data: {\"price\":1.5}\n\ndata: {\"price\":1.6}\n\n"},
	{"notifications", "GET", "https://app.example/api/notifications/stream", "", "text/event-stream", "event: message\ndata: {\"text\":\"Eve has liked the picture you posted\",\"id\":4}\n\n"},
	{"FAQ entry", "POST", "https://help.example/api/faq", `{"question":"Do you ship to Chile?","answer":"Yes, we do."}`, "application/json", `{"id":3,"question":"Do you ship to Chile?","answer":"Yes, we ship to Chile."}`},
	{"notice", "POST", "https://ops.example/notify", `{"message":"The deploy of the app has finished"}`, "application/json", `{"message":"The notification has been sent to everyone"}`},
	{"picture", "POST", "https://img.example/v1/pictures", `{"prompt":"A red cat on a roof"}`, "application/json", `{"url":"https://img.example/1.png"}`},
	{"token", "POST", "https://auth.example/oauth/token", `{"grant_type":"password","username":"a","password":"b c d e"}`, "application/json", `{"token":"abc","expires_in":3600}`},
	{"poll", "POST", "https://poll.example/api/polls", `{"question":"Which colour do you like best?","options":["red","blue"]}`, "application/json", `{"id":"p1","question":"Which colour do you like best?","votes":0}`},
	{"health", "GET", "https://app.example/health", "", "text/plain", "OK"},
	{"weather", "GET", "https://w.example/v1/forecast?q=Berlin+Mitte", "", "application/json", `{"summary":"Light rain in the afternoon","temp":12}`},
	{"geocoding", "GET", "https://geo.example/search?query=Unter+den+Linden", "", "application/json", `[{"display_name":"Unter den Linden, Berlin"}]`},
	{"upload", "POST", "https://app.example/upload", `{"name":"cat.png","data":"iVBORw0KGgo="}`, "application/json", `{"message":"The file has been uploaded successfully"}`},
	{"JSON-RPC", "POST", "https://node.example/", `{"jsonrpc":"2.0","method":"eth_call","params":[{"to":"0x1"}],"id":1}`, "application/json", `{"jsonrpc":"2.0","id":1,"result":"0x0"}`},
	{"language server", "POST", "https://ls.example/", `{"jsonrpc":"2.0","method":"textDocument/hover","params":{},"id":1}`, "application/json", `{"jsonrpc":"2.0","id":1,"result":{"contents":"a function of two numbers"}}`},
	{"settings", "POST", "https://app.example/api/settings/chat", `{"theme":"dark","stream":true}`, "application/json", `{"message":"Your settings have been saved for later"}`},
	{"ticket", "POST", "https://help.example/api/tickets", `{"subject":"Broken","message":"My order has not arrived yet, what now?"}`, "application/json", `{"ticket":7,"message":"We have received your request and will answer soon"}`},
	{"tasks", "GET", "https://app.example/api/tasks/7", "", "application/json", `{"id":"7","status":{"state":"open"},"text":"paint the fence in the garden"}`},
	{"invoke of a function", "POST", "https://fn.example/functions/f/invoke", `{"input":{"a":1}}`, "application/json", `{"output":{"b":2}}`},
	{"generate a report", "POST", "https://rep.example/generate", `{"inputs":["sales"],"format":"pdf"}`, "application/json", `{"url":"https://rep.example/1.pdf"}`},
	{"collections of a shop", "GET", "https://shop.example/collections", "", "application/json", `{"collections":[{"title":"Shoes"}]}`},
	{"schema", "GET", "https://app.example/v1/schema", "", "application/json", `{"tables":["users"]}`},
	{"indexes of Meilisearch", "POST", "https://ms.example/indexes/movies/search", `{"q":"alien"}`, "application/json", `{"hits":[{"id":1,"title":"Alien"}],"query":"alien","processingTimeMs":1,"estimatedTotalHits":1}`},
	{"threads of a forum", "GET", "https://forum.example/threads/17/messages", "", "application/json", `{"items":[{"text":"I agree with what was said before"}]}`},
	{"assistants of a dean", "GET", "https://uni.example/assistants", "", "application/json", `{"data":[{"name":"Eve"}]}`},
}

func TestOrdinaryTrafficIsNoChat(t *testing.T) {
	t.Parallel()
	for _, tt := range ordinary {
		in := llm.Input{
			Method: tt.method, URL: tt.url, Status: 200, Ended: true, ResponseBody: []byte(tt.response),
			ResponseHeader: traffic.Header{{Name: "Content-Type", Value: tt.contentType}},
		}
		if tt.request != "" {
			in.RequestBody = []byte(tt.request)
			in.RequestHeader = traffic.Header{{Name: "Content-Type", Value: "application/json"}}
		}
		if conv := llm.Parse(in); conv.Kind != llm.KindPlain || conv.Family != "" {
			t.Errorf("%s was taken for %s (%s)", tt.name, conv.Family, conv.Kind)
		}
	}
}

func TestCustomChat(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, method, url, requestType, request, contentType, response string
		user, answer                                                   string
	}{
		{
			"answer", "POST", "https://shop.example/v1/assistant/message", "application/json", `{"query":"Do you ship to Chile?","conversation_id":"c"}`,
			"application/json", `{"answer":"Yes, we ship to Chile.","sources":[]}`, "Do you ship to Chile?", "Yes, we ship to Chile.",
		},
		{
			"reply in a wrapper", "POST", "https://shop.example/api/chat", "application/json", `{"message":"Hello there"}`,
			"application/json", `{"data":{"reply":"Hello! How can I help you today?"}}`, "Hello there", "Hello! How can I help you today?",
		},
		{
			"messages", "POST", "https://app.example/api/chat", "application/json", `{"messages":[{"role":"user","content":"What is it?"}]}`,
			"application/json", `{"reply":"It is a lamp."}`, "What is it?", "It is a lamp.",
		},
		{
			"plain text", "POST", "https://app.example/api/ask", "application/json", `{"question":"What is it?"}`,
			"text/plain; charset=utf-8", "It is a lamp.", "What is it?", "It is a lamp.",
		},
		{
			"events of JSON", "POST", "https://app.example/chat/stream", "application/json", `{"message":"What is it?","session_id":"s"}`,
			"text/event-stream", "data: {\"token\":\"It is\"}\n\ndata: {\"token\":\" a lamp.\"}\n\ndata: [DONE]\n\n", "What is it?", "It is a lamp.",
		},
		{
			"events of text", "GET", "https://app.example/chat/stream?message=What+is+it%3F", "", "",
			"text/event-stream", "data: It is\n\ndata:  a lamp.\n\nevent: done\ndata: bye\n\n", "What is it?", "It is a lamp.",
		},
		{
			"events that repeat all", "POST", "https://app.example/chat", "application/json", `{"message":"What is it?","stream":true}`,
			"text/event-stream", "data: {\"text\":\"It is a very old lamp\"}\n\ndata: {\"text\":\"It is a very old lamp, from Rome.\"}\n\n", "What is it?", "It is a very old lamp, from Rome.",
		},
		{
			"lines", "POST", "https://app.example/api/chatbot", "application/json", `{"prompt":"What is it?"}`,
			"application/x-ndjson", "{\"delta\":\"It is\"}\n{\"delta\":\" a lamp.\"}\n{\"type\":\"done\"}\n", "What is it?", "It is a lamp.",
		},
		{
			"Rasa", "POST", "https://bot.example/webhooks/rest/webhook", "application/json", `{"sender":"u","message":"What is it?"}`,
			"application/json", `[{"recipient_id":"u","text":"It is a very old lamp."},{"recipient_id":"u","text":" It burns."}]`, "What is it?", "It is a very old lamp. It burns.",
		},
		{
			"Flowise", "POST", "https://flow.example/api/v1/prediction/5f0e", "application/json", `{"question":"What is it?","overrideConfig":{}}`,
			"application/json", `{"text":"It is a very old lamp.","question":"What is it?","chatId":"c","chatMessageId":"m"}`, "What is it?", "It is a very old lamp.",
		},
		{
			"n8n", "POST", "https://n8n.example/webhook/1f", "application/json", `{"sessionId":"s","action":"sendMessage","chatInput":"What is it?"}`,
			"application/json", `[{"output":"It is a lamp."}]`, "What is it?", "It is a lamp.",
		},
		{
			"a path that says nothing", "POST", "https://help.example/api/v1/support", "application/json", `{"text":"What is it?"}`,
			"application/json", `{"message":"It is a very old lamp."}`, "What is it?", "It is a very old lamp.",
		},
		{
			"form", "POST", "https://app.example/chat", "application/x-www-form-urlencoded", "message=What+is+it%3F&session_id=4",
			"application/json", `{"response":"It is a lamp."}`, "What is it?", "It is a lamp.",
		},
		{
			"Dify", "POST", "https://ai.example/v1/chat-messages", "application/json", `{"inputs":{},"query":"What is it?","response_mode":"streaming","user":"u"}`,
			"text/event-stream", "data: {\"event\":\"message\",\"answer\":\"It is\",\"conversation_id\":\"c\"}\n\ndata: {\"event\":\"message\",\"answer\":\" a lamp.\",\"conversation_id\":\"c\"}\n\ndata: {\"event\":\"message_end\"}\n\n",
			"What is it?", "It is a lamp.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conv := llm.Parse(llm.Input{
				Method: tt.method, URL: tt.url, RequestBody: []byte(tt.request), Status: 200, ResponseBody: []byte(tt.response), Ended: true,
				RequestHeader:  traffic.Header{{Name: "Content-Type", Value: tt.requestType}},
				ResponseHeader: traffic.Header{{Name: "Content-Type", Value: tt.contentType}},
			})
			if conv.Family != "custom.chat" || conv.Kind != llm.KindChatBackend || conv.Confidence != llm.Low || conv.Provider != "custom-chat" {
				t.Fatalf("%s %s %s %d", conv.Provider, conv.Family, conv.Kind, conv.Confidence)
			}
			if user := conv.LastUser(); len(user) != 1 || user[0] != tt.user || conv.Answer != tt.answer {
				t.Errorf("%q -> %q, want %q -> %q", user, conv.Answer, tt.user, tt.answer)
			}
		})
	}
}
