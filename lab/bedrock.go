package lab

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
)

// bedrockRoutes are those of bedrock-runtime.
func (l *Lab) bedrockRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /model/{model}/converse", l.converse)
	mux.HandleFunc("POST /model/{model}/converse-stream", l.converseStream)
}

// converseRequest is a request of Converse and ConverseStream; the model is in the path.
type converseRequest struct {
	Messages []struct {
		Role    string          `json:"role"`
		Content []converseBlock `json:"content"`
	} `json:"messages"`
	System    []converseBlock `json:"system"`
	Inference struct {
		MaxTokens int      `json:"maxTokens"`
		Stop      []string `json:"stopSequences"`
	} `json:"inferenceConfig"`
	ToolConfig struct {
		Tools []struct {
			Spec struct {
				Name        string `json:"name"`
				Description string `json:"description"`
				Schema      struct {
					JSON map[string]any `json:"json"`
				} `json:"inputSchema"`
			} `json:"toolSpec"`
		} `json:"tools"`
		Choice struct {
			Any  *struct{} `json:"any"`
			Tool struct {
				Name string `json:"name"`
			} `json:"tool"`
		} `json:"toolChoice"`
	} `json:"toolConfig"`
}

type converseBlock struct {
	Text   string `json:"text"`
	Result *struct {
		Content []struct {
			Text string          `json:"text"`
			JSON json.RawMessage `json:"json"`
		} `json:"content"`
	} `json:"toolResult"`
}

func (c converseRequest) question(model string) question {
	q := question{
		model: model, reason: isReasoner(model), limit: c.Inference.MaxTokens, stop: c.Inference.Stop,
		choice: c.ToolConfig.Choice.Tool.Name,
	}
	if c.ToolConfig.Choice.Any != nil {
		q.choice = "required"
	}
	for _, t := range c.ToolConfig.Tools {
		q.tools = append(q.tools, tool{t.Spec.Name, t.Spec.Description, t.Spec.Schema.JSON})
	}
	for _, block := range c.System {
		q.system = joinTexts(q.system, block.Text)
	}
	for _, m := range c.Messages {
		said := turn{role: plainRole(m.Role)}
		for _, block := range m.Content {
			said.text = joinTexts(said.text, block.Text)
			if block.Result == nil {
				continue
			}
			said.role = "tool"
			for _, result := range block.Result.Content {
				said.text = joinTexts(said.text, result.Text, string(result.JSON))
			}
		}
		q.turns = append(q.turns, said)
	}
	return q
}

// readConverse reads and answers a request; false means the error has been written.
func (l *Lab) readConverse(w http.ResponseWriter, r *http.Request) (answer, []byte, bool) {
	var request converseRequest
	body, trouble := decode(r, &request)
	model := r.PathValue("model")
	if trouble == nil {
		trouble = admit(r, model)
	}
	if trouble != nil {
		kind := "ValidationException"
		switch trouble.status {
		case http.StatusUnauthorized:
			trouble.status, kind = http.StatusForbidden, "AccessDeniedException"
		case http.StatusNotFound:
			kind = "ResourceNotFoundException"
		case http.StatusTooManyRequests:
			kind = "ThrottlingException"
		}
		w.Header().Set("X-Amzn-Errortype", kind)
		writeJSON(w, trouble.status, object{"message": trouble.message})
		return answer{}, nil, false
	}
	w.Header().Set("X-Amzn-Requestid", identity("", body))
	return l.think(request.question(model)), body, true
}

func (l *Lab) converse(w http.ResponseWriter, r *http.Request) {
	a, body, ok := l.readConverse(w, r)
	if !ok {
		return
	}
	blocks := []object{}
	if a.reasoning != "" {
		blocks = append(blocks, object{"reasoningContent": object{"reasoningText": object{"text": a.reasoning}}})
	}
	if len(a.calls) == 0 {
		blocks = append(blocks, object{"text": a.text})
	}
	for i, c := range a.calls {
		use := object{"toolUseId": identity("tooluse_", body, strconv.Itoa(i)), "name": c.name, "input": json.RawMessage(c.arguments)}
		blocks = append(blocks, object{"toolUse": use})
	}
	writeJSON(w, http.StatusOK, object{
		"output":     object{"message": object{"role": "assistant", "content": blocks}},
		"stopReason": anthropicStop(a.end), "usage": converseUsage(a), "metrics": object{"latencyMs": 1},
	})
}

func converseUsage(a answer) object {
	output := a.output + a.thought
	return object{"inputTokens": a.input, "outputTokens": output, "totalTokens": a.input + output}
}

func (l *Lab) converseStream(w http.ResponseWriter, r *http.Request) {
	a, body, ok := l.readConverse(w, r)
	if !ok {
		return
	}
	s := l.newStream(w, r, "application/vnd.amazon.eventstream")
	index := 0
	send := func(name string, fields object) { s.frame(name, fields) }
	block := func(text string, delta func(token string) object) {
		s.tokens(text, func(token string) {
			send("contentBlockDelta", object{"contentBlockIndex": index, "delta": delta(token)})
		})
		send("contentBlockStop", object{"contentBlockIndex": index})
		index++
	}
	send("messageStart", object{"role": "assistant"})
	if a.reasoning != "" {
		block(a.reasoning, func(token string) object { return object{"reasoningContent": object{"text": token}} })
	}
	if len(a.calls) == 0 {
		block(a.text, func(token string) object { return object{"text": token} })
	}
	for i, c := range a.calls {
		use := object{"toolUseId": identity("tooluse_", body, strconv.Itoa(i)), "name": c.name}
		send("contentBlockStart", object{"contentBlockIndex": index, "start": object{"toolUse": use}})
		block(c.arguments, func(token string) object { return object{"toolUse": object{"input": token}} })
	}
	send("messageStop", object{"stopReason": anthropicStop(a.end)})
	send("metadata", object{"usage": converseUsage(a), "metrics": object{"latencyMs": 1}})
}

// frame writes one event of an AWS event stream, with the padding key p that the service adds.
func (s *stream) frame(name string, fields object) {
	fields["p"] = "abcdefghij"[:len(name)%10]
	payload, err := json.Marshal(fields)
	if err != nil {
		s.err = err
		return
	}
	message := eventstream.Message{Payload: payload}
	message.Headers.Set(":event-type", eventstream.StringValue(name))
	message.Headers.Set(":content-type", eventstream.StringValue("application/json"))
	message.Headers.Set(":message-type", eventstream.StringValue("event"))
	var out bytes.Buffer
	if err := eventstream.NewEncoder().Encode(&out, message); err != nil {
		s.err = err
		return
	}
	s.raw(out.Bytes())
}
