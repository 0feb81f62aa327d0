package template

import "time"

// Request is an edit of the request that carries the prompt. What it does not name stays as recorded, byte for byte.
type Request struct {
	Name        string      `json:"name"` // one word, unique in the template
	Method      string      `json:"method,omitempty"`
	Path        *PathEdit   `json:"path,omitempty"`
	Query       *FieldEdit  `json:"query,omitempty"`
	Headers     *FieldEdit  `json:"headers,omitempty"`
	Body        *FieldEdit  `json:"body,omitempty"` // of a JSON body: names are JSON pointers; of a form: field names
	Raw         *string     `json:"raw,omitempty"`  // the whole body
	ContentType string      `json:"content_type,omitempty"`
	Auth        string      `json:"auth,omitempty"` // a word of AuthEdits
	Model       string      `json:"model,omitempty"`
	Parameters  []Parameter `json:"parameters,omitempty"` // settings of the model, in the words of the target's format
	Size        *Size       `json:"size,omitempty"`
	Repeat      *Repeat     `json:"repeat,omitempty"`
}

// AuthEdits are what may be done to the credentials of a request.
var AuthEdits = []string{
	"remove", // every credential is taken out
	"empty",  // the header stays, its value goes
	"garble", // the last characters are changed
	"scheme", // the scheme word is changed: Basic for Bearer
	"swap",   // the credentials of the second test role
}

// PathEdit changes the path of the URL.
type PathEdit struct {
	Set     string `json:"set,omitempty"`     // the whole path
	Append  string `json:"append,omitempty"`  // put behind it
	Find    string `json:"find,omitempty"`    // RE2; every match is replaced
	Replace string `json:"replace,omitempty"` // by this
}

// FieldEdit changes fields in place; one that is missing is added by Set.
type FieldEdit struct {
	Set    []Parameter `json:"set,omitempty"`
	Remove []string    `json:"remove,omitempty"`
}

// Parameter is one field with its value, in the order of the file.
type Parameter struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Size makes the text in the slot large.
type Size struct {
	Bytes int    `json:"bytes"` // of the text that results, at most 64 MiB
	Fill  string `json:"fill"`  // repeated until it is reached
}

// Repeat sends the same request several times. The last answer is judged, or the last that was not let through (a failure,
// or a status from 400 on) where there was one: a limit that lifts again is one.
type Repeat struct {
	Times    int           `json:"times"`            // 2 to 1000
	Parallel int           `json:"parallel"`         // how many at once, at least 1
	Within   time.Duration `json:"within,omitempty"` // as fast as allowed when 0
}

// Bounds of a request.
const (
	maxSize   = 64 << 20
	maxRepeat = 1000
)
