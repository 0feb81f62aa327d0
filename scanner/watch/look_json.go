package watch

import (
	"bytes"
	"encoding/json"
)

// members walks over the members of a JSON object: each name with its value as it was sent, until told to stop. What is no
// object, or breaks off, has those that stand before. It allocates nothing and takes time linear in the text.
func members(object []byte, each func(name string, value []byte) (more bool)) {
	i := blanks(object, 0)
	if i >= len(object) || object[i] != '{' {
		return
	}
	for i++; ; {
		i = blanks(object, i)
		if i >= len(object) || object[i] != '"' {
			return
		}
		end := stringEnd(object, i)
		name := object[i+1 : max(end-1, i+1)]
		i = blanks(object, end)
		if i >= len(object) || object[i] != ':' {
			return
		}
		start := blanks(object, i+1)
		i = valueEnd(object, start)
		if len(name) <= 128 && !each(string(name), object[start:i]) {
			return
		}
		i = blanks(object, i)
		if i >= len(object) || object[i] != ',' {
			return
		}
		i++
	}
}

func blanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// stringEnd is behind the quote that ends the string which begins at i.
func stringEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		next := bytes.IndexByte(b[i:], '"')
		if next < 0 {
			return len(b)
		}
		slashes := 0
		for at := i + next - 1; at >= i && b[at] == '\\'; at-- {
			slashes++
		}
		i += next
		if slashes%2 == 0 {
			return i + 1
		}
	}
	return len(b)
}

// valueEnd is behind the value that begins at i.
func valueEnd(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = stringEnd(b, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return i
}

// jsonText is the text of a JSON string; empty for anything else.
func jsonText(value []byte) string {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return ""
	}
	if inner := value[1 : len(value)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

// leaf is a text of a JSON document: a string, or the name of a member.
type leaf struct {
	name   string // of the member it is the value of, or within whose value it is a name; that of a list's member is the list's
	text   string
	isName bool
}

// mostDepth bounds how deep names are remembered; what lies deeper keeps the last one.
const mostDepth = 64

// leaves walks over all strings and names of JSON in their order, until told to stop. It wants no whole document: what is
// broken is read as far as it makes sense. Time is linear and memory bounded. It returns how many bytes were not walked over.
func leaves(doc []byte, each func(*leaf) (more bool)) (left int) {
	var names [mostDepth]string
	depth := 0
	var v leaf
	for i := 0; i < len(doc); {
		switch doc[i] {
		case '"':
			end := stringEnd(doc, i)
			text := jsonText(doc[i:end])
			i = blanks(doc, end)
			at := min(depth, mostDepth-1)
			if i < len(doc) && doc[i] == ':' {
				parent := ""
				if at > 0 {
					parent = names[at-1]
				}
				names[at] = text
				v = leaf{parent, text, true}
			} else {
				v = leaf{names[at], text, false}
			}
			if v.text != "" && !each(&v) {
				return len(doc) - i
			}
		case '{':
			depth++
			if depth < mostDepth {
				names[depth] = ""
			}
			i++
		case '[':
			if depth+1 < mostDepth {
				names[depth+1] = names[min(depth, mostDepth-1)]
			}
			depth++
			i++
		case '}', ']':
			depth = max(0, depth-1)
			i++
		default:
			i++
		}
	}
	return 0
}
