package app

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"

	"assay/llm"
	"assay/scanner/apidoc"
	"assay/scanner/target"
	"assay/storage"
)

// ModelRequest is one request of a text that a model can be made of.
type ModelRequest struct {
	N        int // its number in the text, from 1
	Method   string
	URL      string // without secrets
	Prompt   string // what stands in its slot; empty where none was found
	Kind     string // of the service, as package llm calls it
	Provider string
	Model    string
	Fits     bool // it has a slot for a prompt
}

// mostModelRequests bounds the list of requests of one text.
const mostModelRequests = 500

var (
	looksRaw     = regexp.MustCompile(`^[A-Z]{3,10} \S+ HTTP/[0-9.]+`)
	looksOpenAPI = regexp.MustCompile(`(?m)^['"]?(?:openapi|swagger)['"]?\s*:`)
)

// DetectModelText tells in which form a text holds requests: a form of ModelOptions.From.
func DetectModelText(text []byte) (string, error) {
	head := bytes.TrimLeft(bytes.TrimPrefix(text[:min(len(text), DetectBytes)], []byte("\ufeff")), " \t\r\n")
	if len(head) == 0 {
		return "", &Error{Code: CodeInput, Message: "there is nothing in it", Hint: "paste a curl command or a request, or choose a file"}
	}
	if looksRaw.Match(head) {
		return "raw", nil
	}
	names, _ := memberNames(head)
	if head[0] == '{' && (slices.Contains(names, "openapi") || slices.Contains(names, "swagger")) || head[0] != '{' && looksOpenAPI.Match(head) {
		return "openapi", nil
	}
	form, err := DetectImport(head)
	if err != nil {
		return "", &Error{
			Code: CodeInput, Message: "this is no request that Assay can read",
			Hint: "it takes a curl command, a request as it travels (POST /path HTTP/1.1 …), and files: HAR, Burp, Postman, OpenAPI, JSONL, mitmproxy",
		}
	}
	return form, nil
}

// ModelRequests lists the requests of a text, the first 500. total is how many there are, left how many could not be read.
// origin is where requests go that do not say it, scheme and host.
func ModelRequests(form string, text []byte, origin string) (requests []ModelRequest, total, left int, err error) {
	switch {
	case form == "openapi":
		doc, err := apidoc.Read("the document", text)
		if err != nil {
			return nil, 0, 0, &Error{Code: CodeInput, Message: "the document cannot be read", Err: err}
		}
		in, err := fromDocument(cmp.Or(doc.Title, "the document"), text, origin)
		if err != nil {
			return nil, 0, 0, err
		}
		return []ModelRequest{modelRequest(1, in)}, 1, 0, nil
	case form == "raw" || form == "burp" && !bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")):
		in, err := fromRaw(text, origin)
		if err != nil {
			return nil, 0, 0, &Error{Code: CodeInput, Message: "the request cannot be read", Err: err}
		}
		return []ModelRequest{modelRequest(1, in)}, 1, 0, nil
	case importers[form] == nil:
		return nil, 0, 0, usagef("the forms are "+list(ImportFormats()), "there is no form %q", form)
	}
	var problem error
	for r, err := range importers[form](bytes.NewReader(text)) {
		if err != nil {
			left++
			if problem == nil {
				problem = err
			}
			continue
		}
		in, err := inputOf(r)
		if total++; err != nil {
			left++
			if problem == nil {
				problem = err
			}
			continue
		}
		if len(requests) < mostModelRequests {
			requests = append(requests, modelRequest(total, in))
		}
	}
	if len(requests) == 0 {
		if problem != nil {
			return nil, 0, 0, &Error{Code: CodeInput, Message: "it cannot be read", Err: problem}
		}
		return nil, 0, 0, &Error{Code: CodeInput, Message: "it holds no request"}
	}
	return requests, total, left, nil
}

func modelRequest(n int, in *llm.Input) ModelRequest {
	conv := llm.Parse(*in)
	hidden, _ := storage.WithoutSecrets(in.URL, nil, func(string, string) string { return "•••" })
	q := ModelRequest{N: n, Method: in.Method, URL: Harmless(hidden, 300), Kind: string(conv.Kind), Provider: conv.Provider, Model: Harmless(conv.Model, 100)}
	ref, _, _, ok := target.FindSlot(*in)
	q.Fits = ok
	for _, slot := range llm.Slots(*in) {
		if ok && slot.Ref == ref {
			q.Prompt = Harmless(slot.Text, 200)
		}
	}
	return q
}
