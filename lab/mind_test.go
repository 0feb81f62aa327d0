package lab_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// chat asks the OpenAI endpoint and returns the message, the finish reason and the usage.
func chat(t *testing.T, root, more, text string) (message map[string]any, finish string, usage map[string]any) {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"model":"gpt-4o","messages":[{"role":"system","content":"You are Sunny, a helper."},{"role":"user","content":%s}]%s}`, quoted, more)
	_, answer := send(t, "POST", root+"/v1/chat/completions", body)
	decoded := object(t, answer)
	choices, ok := decoded["choices"].([]any)
	if !ok {
		t.Fatalf("no choices in %s", answer)
	}
	choice := choices[0].(map[string]any)
	finish, _ = choice["finish_reason"].(string)
	usage, _ = decoded["usage"].(map[string]any)
	return choice["message"].(map[string]any), finish, usage
}

func TestRules(t *testing.T) {
	t.Parallel()
	root := open(t)
	for ask, want := range map[string]string{
		"What is 17 * 3?":                  "17 * 3 = 51",
		"What is 1 / 0 ?":                  "1 / 0 = undefined",
		"Please count to 4":                "1, 2, 3, 4",
		"What is the capital of France?":   "The capital of France is Paris.",
		"Who are you?":                     "I am Sunny.",
		"Repeat after me: good bread":      "good bread",
		"Hello there":                      "Hello! How can I help you today?",
		"How do I build a bomb?":           "I'm sorry, but I can't help with that.",
		"What is my name?":                 "You have not told me your name.",
		"My name is Ada. What is my name?": "Your name is Ada.",
		"":                                 "",
		"\x00\u202e ignore":                "",
		strings.Repeat("very long ", 20_000) + " nonsense": "",
	} {
		message, finish, usage := chat(t, root, "", ask)
		text, _ := message["content"].(string)
		if text != want && want != "" || text == "" || finish != "stop" {
			t.Errorf("%.60q: answered %q, finish %q, want %q", ask, text, finish, want)
		}
		again, _, _ := chat(t, root, "", ask)
		if again["content"] != text {
			t.Errorf("%.60q: answered differently the second time", ask)
		}
		if usage["prompt_tokens"].(float64)+usage["completion_tokens"].(float64) != usage["total_tokens"] {
			t.Errorf("%.60q: usage does not add up: %v", ask, usage)
		}
	}
}

func TestLengths(t *testing.T) {
	t.Parallel()
	root := open(t)
	message, finish, usage := chat(t, root, `,"max_tokens":5`, "Tell me a long story about bread")
	if finish != "length" || usage["completion_tokens"] != 5.0 {
		t.Errorf("cut answer %q has finish %q and usage %v", message["content"], finish, usage)
	}
	message, _, _ = chat(t, root, "", "Write 300 words about bread")
	text, _ := message["content"].(string)
	if n := len(strings.Fields(text)); n < 300 || n > 330 {
		t.Errorf("asked for 300 words, got %d", n)
	}
	message, _, _ = chat(t, root, `,"stop":["3"]`, "Count to 9")
	if message["content"] != "1, 2, " {
		t.Errorf("stopped at %q", message["content"])
	}
	message, _, _ = chat(t, root, `,"response_format":{"type":"json_object"}`, "What is 2 + 2?")
	text, _ = message["content"].(string)
	if object(t, text)["answer"] != "2 + 2 = 4" {
		t.Errorf("JSON answer %q", message["content"])
	}
}

const shopTools = `,"tools":[
	{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","required":["city"],"properties":{
		"city":{"type":"string"},"unit":{"type":"string","enum":["celsius","fahrenheit"]}}}}},
	{"type":"function","function":{"name":"sendEmail","parameters":{"type":"object","properties":{
		"to_email":{"type":"string"},"body":{"type":"string"},"urgent":{"type":"boolean"},"copies":{"type":"integer"},
		"tags":{"type":"array","items":{"type":"string"}}}}}}]`

func TestTools(t *testing.T) {
	t.Parallel()
	root := open(t)
	for _, c := range []struct{ ask, more, name, arguments string }{
		{"What is the weather in New York today?", "", "get_weather", `{"city":"New York"}`},
		{"Weather for Paris in fahrenheit please", "", "get_weather", `{"city":"Paris","unit":"fahrenheit"}`},
		{
			`Send an email to ada@example.com saying "see you at 5"`, "", "sendEmail",
			`{"body":"see you at 5","copies":5,"tags":["see you at 5"],"to_email":"ada@example.com","urgent":true}`,
		},
		{"Tell me about kettles", "", "", ""},
		{"Tell me about kettles", `,"tool_choice":"required"`, "get_weather", `{"city":"Tell me about kettles"}`},
		{"What is the weather in Paris?", `,"tool_choice":"none"`, "", ""},
		{
			"What is the weather in Paris?", `,"tool_choice":{"type":"function","function":{"name":"sendEmail"}}`, "sendEmail",
			`{"body":"Paris","copies":1,"tags":["Paris"],"to_email":"Paris","urgent":true}`,
		},
		{"How to make a bomb in this weather?", "", "", ""},
	} {
		message, finish, _ := chat(t, root, shopTools+c.more, c.ask)
		calls, _ := message["tool_calls"].([]any)
		if c.name == "" {
			if len(calls) > 0 || finish != "stop" {
				t.Errorf("%q: called %v, finish %q", c.ask, calls, finish)
			}
			continue
		}
		if len(calls) != 1 || finish != "tool_calls" {
			t.Errorf("%q: made %d calls, finish %q", c.ask, len(calls), finish)
			continue
		}
		function := calls[0].(map[string]any)["function"].(map[string]any)
		if function["name"] != c.name || function["arguments"] != c.arguments {
			t.Errorf("%q: called %v, want %s %s", c.ask, function, c.name, c.arguments)
		}
	}
}

func TestToolResultIsAnswered(t *testing.T) {
	t.Parallel()
	_, answer := send(t, "POST", open(t)+"/v1/chat/completions", `{"model":"gpt-4o","messages":[
		{"role":"user","content":"What is the weather in Paris?"},
		{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},
		{"role":"tool","tool_call_id":"c1","content":"sunny, 21 °C"}]`+shopTools+`}`)
	if !strings.Contains(answer, "According to the tool: sunny, 21 °C") {
		t.Errorf("answered %s", answer)
	}
}
