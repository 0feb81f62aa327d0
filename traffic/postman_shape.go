package traffic

import (
	"encoding/json"
	"strings"
)

// The shapes of a Postman collection, formats 2.0 and 2.1, as far as they are read.

// postmanItem is a request, a folder, or the collection itself.
type postmanItem struct {
	Name     string            `json:"name"`
	Item     []postmanItem     `json:"item"`
	Variable []postmanPair     `json:"variable"`
	Auth     *postmanAuth      `json:"auth"`
	Request  postmanRequest    `json:"request"`
	Response []postmanResponse `json:"response"`
}

type postmanPair struct {
	Key      string      `json:"key"`
	ID       string      `json:"id"`
	Value    looseString `json:"value"`
	Type     string      `json:"type"`
	Src      looseString `json:"src"`
	Disabled bool        `json:"disabled"`
}

// looseString takes any JSON value as text.
type looseString string

// UnmarshalJSON implements json.Unmarshaler.
func (s *looseString) UnmarshalJSON(data []byte) error {
	var text string
	switch {
	case string(data) == "null":
	case json.Unmarshal(data, &text) == nil:
		*s = looseString(text)
	default:
		*s = looseString(data)
	}
	return nil
}

// postmanRequest is an object, or only its URL.
type postmanRequest struct {
	Method string        `json:"method"`
	URL    postmanURL    `json:"url"`
	Header postmanHeader `json:"header"`
	Body   *postmanBody  `json:"body"`
	Auth   *postmanAuth  `json:"auth"`
}

// UnmarshalJSON implements json.Unmarshaler.
func (q *postmanRequest) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &q.URL)
	}
	type plain postmanRequest
	return json.Unmarshal(data, (*plain)(q))
}

// postmanURL is an object, or only its text.
type postmanURL struct {
	Raw      string         `json:"raw"`
	Protocol string         `json:"protocol"`
	Host     postmanStrings `json:"host"`
	Path     postmanStrings `json:"path"`
	Port     looseString    `json:"port"`
	Query    []postmanPair  `json:"query"`
	Variable []postmanPair  `json:"variable"`
}

// UnmarshalJSON implements json.Unmarshaler.
func (u *postmanURL) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &u.Raw)
	}
	type plain postmanURL
	return json.Unmarshal(data, (*plain)(u))
}

// postmanStrings is a list of texts (or of objects with a value), or one text.
type postmanStrings []string

// UnmarshalJSON implements json.Unmarshaler.
func (s *postmanStrings) UnmarshalJSON(data []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil {
		var one looseString
		_ = one.UnmarshalJSON(data)
		*s = postmanStrings{string(one)}
		return nil
	}
	for _, raw := range list {
		var pair postmanPair
		if json.Unmarshal(raw, &pair) != nil {
			_ = pair.Value.UnmarshalJSON(raw)
		}
		*s = append(*s, string(pair.Value))
	}
	return nil
}

// postmanHeader is a list of pairs, or the lines as one text.
type postmanHeader []postmanPair

// UnmarshalJSON implements json.Unmarshaler.
func (h *postmanHeader) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return json.Unmarshal(data, (*[]postmanPair)(h))
	}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(line, ":"); ok {
			*h = append(*h, postmanPair{Key: strings.TrimSpace(key), Value: looseString(strings.TrimSpace(value))})
		}
	}
	return nil
}

type postmanBody struct {
	Mode       string        `json:"mode"`
	Raw        string        `json:"raw"`
	URLEncoded []postmanPair `json:"urlencoded"`
	FormData   []postmanPair `json:"formdata"`
	GraphQL    struct {
		Query     string      `json:"query"`
		Variables looseString `json:"variables"`
	} `json:"graphql"`
	File struct {
		Src     looseString `json:"src"`
		Content string      `json:"content"`
	} `json:"file"`
	Disabled bool `json:"disabled"`
	Options  struct {
		Raw struct {
			Language string `json:"language"`
		} `json:"raw"`
	} `json:"options"`
}

// postmanAuth is {"type":"bearer","bearer":…} where … is a list of pairs (2.1) or an object (2.0).
type postmanAuth struct {
	Type   string
	Values map[string]string
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *postmanAuth) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	_ = json.Unmarshal(members["type"], &a.Type)
	a.Values = map[string]string{}
	var pairs []postmanPair
	var object map[string]looseString
	if json.Unmarshal(members[a.Type], &pairs) == nil {
		for _, p := range pairs {
			a.Values[p.Key] = string(p.Value)
		}
	} else if json.Unmarshal(members[a.Type], &object) == nil {
		for key, value := range object {
			a.Values[key] = string(value)
		}
	}
	return nil
}

type postmanResponse struct {
	Name     string          `json:"name"`
	Original *postmanRequest `json:"originalRequest"`
	Status   string          `json:"status"`
	Code     int             `json:"code"`
	Header   postmanHeader   `json:"header"`
	Body     *string         `json:"body"`
	Time     json.Number     `json:"responseTime"`
}
