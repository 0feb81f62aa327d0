package app

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
)

// DetectBytes is how many of a file's first bytes DetectImport needs to be sure.
const DetectBytes = 64 << 10

var (
	looksTnet = regexp.MustCompile(`^\d{1,12}:`)
	looksCurl = regexp.MustCompile(`(?m)^\s*(?:\$\s*)?curl(?:\.exe)?\s`)
	looksBurp = regexp.MustCompile(`<items\b`)
)

// DetectImport tells the format of a file by its first bytes, whatever its name says.
func DetectImport(head []byte) (string, error) {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(head) == 0:
		return "", &Error{Code: CodeInput, Message: "the file is empty"}
	case head[0] == '{':
		if format := detectJSON(head); format != "" {
			return format, nil
		}
	case head[0] == '<' && looksBurp.Match(head):
		return "burp", nil
	case looksTnet.Match(head):
		return "mitmproxy", nil
	case looksCurl.Match(head):
		return "curl", nil
	}
	return "", &Error{
		Code: CodeInput, Message: "this is no file that Assay can import",
		Hint: "it reads HAR, JSONL, Burp's \"Save items\", mitmproxy flows, Postman collections and curl commands",
	}
}

// detectJSON looks at the names of the first object's members.
func detectJSON(head []byte) string {
	names, whole := memberNames(head)
	has := func(name string) bool { return slices.Contains(names, name) }
	switch {
	case has("log"):
		return "har"
	case has("item") || has("info") && !has("url"):
		return "postman"
	case has("url") || has("request"):
		return "jsonl"
	case !whole && !bytes.ContainsRune(head, '\n'): // one long line whose members are yet to come
		return "jsonl"
	}
	return ""
}

// memberNames gives the names of the outermost object's members, as far as the bytes go.
func memberNames(head []byte) (names []string, whole bool) {
	d := json.NewDecoder(bytes.NewReader(head))
	depth, name := 0, false
	for {
		token, err := d.Token()
		if err != nil {
			return names, false
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
			name = depth == 1
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
			if depth == 0 {
				return names, true
			}
			name = depth == 1
			continue
		}
		if depth != 1 {
			continue
		}
		if text, is := token.(string); is && name {
			names = append(names, text)
		}
		name = !name
	}
}
