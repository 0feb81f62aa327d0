package lab

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// mcpTool is one tool of the MCP server; run gets checked arguments.
type mcpTool struct {
	name, title, description string
	argument, about          string // its one argument, a string
	run                      func(argument string) (text string, structured any, failed bool)
}

var mcpTools = []mcpTool{
	{
		"get_weather", "Weather", "The weather of a city", "city", "Name of the city",
		func(city string) (string, any, bool) {
			arguments, _ := json.Marshal(object{"city": city}) // a string always has a JSON form
			return weather(string(arguments)), nil, false
		},
	},
	{
		"find_order", "Order", "An order of the Lab Store by its number", "number", "Order number, such as A-1001",
		func(number string) (string, any, bool) {
			for _, o := range orders {
				if o.Number == number {
					return fmt.Sprintf("Order %s: %s, %s", o.Number, o.Item, o.State), o, false
				}
			}
			return "There is no order " + clip(number, 40) + ".", nil, true
		},
	},
	{
		"calculate", "Calculator", "The value of a simple calculation", "expression", "Two numbers and one of + - * /",
		func(expression string) (string, any, bool) {
			m := wholeSum.FindStringSubmatch(expression)
			if m == nil {
				return "I can calculate two numbers with one of + - * /.", nil, true
			}
			return calculate(m[1], m[2], m[3]), nil, false
		},
	},
}

var wholeSum = regexp.MustCompile(`^\s*(-?\d+(?:\.\d+)?)\s*([-+*/])\s*(-?\d+(?:\.\d+)?)\s*$`)

func mcpToolCards() []object {
	var cards []object
	for _, t := range mcpTools {
		cards = append(cards, object{
			"name": t.name, "title": t.title, "description": t.description,
			"inputSchema": object{
				"type": "object", "required": []string{t.argument},
				"properties": object{t.argument: object{"type": "string", "description": t.about}},
			},
			"annotations": object{"readOnlyHint": true},
		})
	}
	return cards
}

func mcpCall(params json.RawMessage) (any, *rpcFailure) {
	var asked struct {
		Name      string         `json:"name"`
		Arguments map[string]any `json:"arguments"`
	}
	if err := json.Unmarshal(params, &asked); err != nil {
		return nil, &rpcFailure{rpcBadParams, "Invalid params: " + err.Error()}
	}
	for _, t := range mcpTools {
		if t.name != asked.Name {
			continue
		}
		argument, ok := asked.Arguments[t.argument].(string)
		if !ok {
			return nil, &rpcFailure{rpcBadParams, "Invalid arguments for tool " + t.name + ": " + t.argument + " must be a string"}
		}
		text, structured, failed := t.run(argument)
		result := object{"content": []object{{"type": "text", "text": text}}, "isError": failed}
		if structured != nil {
			result["structuredContent"] = structured
		}
		return result, nil
	}
	return nil, &rpcFailure{rpcBadParams, "Unknown tool: " + clip(asked.Name, 60)}
}

// mcpTexts are the resources, by URI.
var mcpTexts = []struct{ uri, name, text string }{
	{"lab://returns", "Return policy", "Everything can be returned within 30 days, except bread."},
	{"lab://hours", "Opening hours", "The Lab Store is open from 9 to 17, Monday to Friday."},
}

func mcpResourceCards() []object {
	var cards []object
	for _, r := range mcpTexts {
		cards = append(cards, object{"uri": r.uri, "name": r.name, "mimeType": "text/plain"})
	}
	return cards
}

func mcpRead(params json.RawMessage) (any, *rpcFailure) {
	var asked struct {
		URI string `json:"uri"`
	}
	_ = json.Unmarshal(params, &asked) // an unreadable URI is one that does not exist
	for _, r := range mcpTexts {
		if r.uri == asked.URI {
			return object{"contents": []object{{"uri": r.uri, "mimeType": "text/plain", "text": r.text}}}, nil
		}
	}
	return nil, &rpcFailure{mcpNoResource, "Resource not found: " + clip(asked.URI, 80)}
}

var mcpPromptCard = object{
	"name": "greet", "description": "A friendly greeting for a customer",
	"arguments": []object{{"name": "name", "description": "Name of the customer", "required": true}},
}

func mcpPrompt(params json.RawMessage) (any, *rpcFailure) {
	var asked struct {
		Name      string            `json:"name"`
		Arguments map[string]string `json:"arguments"`
	}
	if err := json.Unmarshal(params, &asked); err != nil || asked.Name != "greet" {
		return nil, &rpcFailure{rpcBadParams, "Prompt not found: " + clip(asked.Name, 60)}
	}
	return object{"description": "A friendly greeting", "messages": []object{{
		"role": "user", "content": object{"type": "text", "text": "Greet " + asked.Arguments["name"] + " in one sentence."},
	}}}, nil
}
