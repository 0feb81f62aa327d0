package lab

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
)

// completionRequest is a request of the old completions API.
type completionRequest struct {
	Model     string          `json:"model"`
	Prompt    content         `json:"prompt"`
	Stream    bool            `json:"stream"`
	MaxTokens int             `json:"max_tokens"`
	Stop      json.RawMessage `json:"stop"`
	Options   struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

func (l *Lab) completions(w http.ResponseWriter, r *http.Request) {
	var request completionRequest
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	if trouble != nil {
		openAIProblem(w, trouble)
		return
	}
	openAIHead(w, body)
	a := l.think(question{
		model: request.Model, turns: []turn{{"user", request.Prompt.text}}, limit: request.MaxTokens, stop: stops(request.Stop),
	})
	id := identity("cmpl-", body)
	reply := func(text string, finish any) object {
		return object{
			"id": id, "object": "text_completion", "created": created, "model": request.Model,
			"choices": []object{{"index": 0, "text": text, "logprobs": nil, "finish_reason": finish}},
		}
	}
	if !request.Stream {
		whole := reply(a.text, openAIFinish(a.end))
		whole["usage"] = openAIUsage(a)
		writeJSON(w, http.StatusOK, whole)
		return
	}
	s := l.newEvents(w, r)
	s.tokens(a.text, func(token string) { s.event("", reply(token, nil)) })
	s.event("", reply("", openAIFinish(a.end)))
	if request.Options.IncludeUsage {
		last := reply("", nil)
		last["choices"], last["usage"] = []object{}, openAIUsage(a)
		s.event("", last)
	}
	s.raw([]byte("data: [DONE]\n\n"))
}

// inputs reads one string or a list of strings.
func inputs(data json.RawMessage) ([]string, *problem) {
	var one string
	if json.Unmarshal(data, &one) == nil {
		return []string{one}, nil
	}
	var many []string
	if err := json.Unmarshal(data, &many); err != nil || len(many) == 0 {
		return nil, &problem{http.StatusBadRequest, "'input' must be a string or a list of strings."}
	}
	return many, nil
}

func (l *Lab) embeddings(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Model      string          `json:"model"`
		Input      json.RawMessage `json:"input"`
		Format     string          `json:"encoding_format"`
		Dimensions int             `json:"dimensions"`
	}
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	var texts []string
	if trouble == nil {
		texts, trouble = inputs(request.Input)
	}
	if trouble != nil {
		openAIProblem(w, trouble)
		return
	}
	openAIHead(w, body)
	data, n := []object{}, 0
	for i, text := range texts {
		vector := any(embedText(text, request.Dimensions))
		if request.Format == "base64" {
			vector = packed(embedText(text, request.Dimensions))
		}
		data = append(data, object{"object": "embedding", "index": i, "embedding": vector})
		n += countTokens(text)
	}
	writeJSON(w, http.StatusOK, object{
		"object": "list", "model": request.Model, "data": data,
		"usage": object{"prompt_tokens": n, "total_tokens": n},
	})
}

func (l *Lab) moderations(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Model string          `json:"model"`
		Input json.RawMessage `json:"input"`
	}
	body, trouble := decode(r, &request)
	if request.Model == "" {
		request.Model = "omni-moderation-latest"
	}
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	var texts []string
	if trouble == nil {
		texts, trouble = inputs(request.Input)
	}
	if trouble != nil {
		openAIProblem(w, trouble)
		return
	}
	openAIHead(w, body)
	results := []object{}
	for _, text := range texts {
		flagged, score := harmful.MatchString(text), 0.001
		if flagged {
			score = 0.98
		}
		results = append(results, object{
			"flagged":         flagged,
			"categories":      object{"violence": flagged, "hate": false, "sexual": false, "self-harm": false, "harassment": false},
			"category_scores": object{"violence": score, "hate": 0.001, "sexual": 0.001, "self-harm": 0.001, "harassment": 0.001},
		})
	}
	writeJSON(w, http.StatusOK, object{"id": identity("modr-", body), "model": request.Model, "results": results})
}

func (l *Lab) images(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Model  string `json:"model"`
		Prompt string `json:"prompt"`
		N      int    `json:"n"`
	}
	body, trouble := decode(r, &request)
	if request.Model == "" {
		request.Model = "gpt-image-1"
	}
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	if trouble == nil && harmful.MatchString(request.Prompt) {
		trouble = &problem{http.StatusBadRequest, "Your request was rejected by the safety system."}
	}
	if trouble != nil {
		openAIProblem(w, trouble)
		return
	}
	openAIHead(w, body)
	data := []object{}
	for i := range min(max(request.N, 1), 4) {
		picture, err := draw(seed(request.Prompt, fmt.Sprint(i)))
		if err != nil {
			openAIProblem(w, &problem{http.StatusInternalServerError, err.Error()})
			return
		}
		data = append(data, object{"b64_json": base64.StdEncoding.EncodeToString(picture)})
	}
	n := countTokens(request.Prompt)
	writeJSON(w, http.StatusOK, object{
		"created": created, "data": data,
		"usage": object{"input_tokens": n, "output_tokens": 272, "total_tokens": n + 272},
	})
}

// draw paints a small PNG whose colours follow from the number.
func draw(number uint32) ([]byte, error) {
	const side = 48
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			picture.Set(x, y, color.RGBA{
				R: uint8(number) + uint8(x*3), G: uint8(number>>8) + uint8(y*3), B: uint8(number >> 16), A: 255,
			})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("draw a picture: %w", err)
	}
	return out.Bytes(), nil
}
