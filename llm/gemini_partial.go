package llm

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// Limits on arguments that arrive in pieces: a path may name any place in any array.
const (
	maxPartialArgs  = 1 << 20
	maxPartialIndex = 4096
	maxPartialDepth = 32
)

// partialCall reads a function call that arrives in pieces (streamFunctionCallArguments of Vertex AI): the first has
// the name, the next ones name places in the arguments and what stands there, the last is empty.
func (r *geminiReply) partialCall(v value) {
	if name := v.get("name").text(); name != "" {
		r.open = r.newCall(v.get("id").text(), name, "{}")
	}
	if r.open == nil {
		return
	}
	for arg := range v.get("partialArgs").items() {
		path, ok := partialPath(arg.get("jsonPath").text())
		if !ok || len(r.open.args) > maxPartialArgs {
			continue
		}
		if set, err := setPartial(r.open.args, path, arg); err == nil {
			r.open.args = set
		}
	}
	if !v.get("willContinue").isTrue() {
		r.open = nil
	}
}

func setPartial(args []byte, path string, arg value) ([]byte, error) {
	if s := arg.get("stringValue"); s.isString() {
		return sjson.SetBytes(args, path, gjson.GetBytes(args, path).String()+s.text())
	}
	for _, key := range []string{"numberValue", "boolValue"} {
		if v := arg.get(key); v.exists() {
			return sjson.SetRawBytes(args, path, v.raw())
		}
	}
	if arg.has("nullValue") {
		return sjson.SetRawBytes(args, path, []byte("null"))
	}
	return args, nil
}

// partialPath turns $.a[0].b into sjson's a.0.b.
func partialPath(path string) (string, bool) {
	rest, found := strings.CutPrefix(path, "$")
	if !found {
		return "", false
	}
	var keys []string
	for rest != "" && len(keys) < maxPartialDepth {
		switch rest[0] {
		case '.':
			end := strings.IndexAny(rest[1:], ".[")
			if end < 0 {
				end = len(rest) - 1
			}
			keys = append(keys, partialKeys.Replace(rest[1:1+end]))
			rest = rest[1+end:]
		case '[':
			inside, after, closed := strings.Cut(rest[1:], "]")
			n, err := strconv.Atoi(inside)
			if !closed || err != nil || n < 0 || n > maxPartialIndex {
				return "", false
			}
			keys = append(keys, inside)
			rest = after
		default:
			return "", false
		}
	}
	return strings.Join(keys, "."), rest == "" && len(keys) > 0
}

// partialKeys escapes what means something in sjson's paths.
var partialKeys = strings.NewReplacer(`\`, `\\`, `.`, `\.`, `*`, `\*`, `?`, `\?`, `|`, `\|`, `#`, `\#`, `@`, `\@`, `!`, `\!`, `:`, `\:`, `{`, `\{`, `}`, `\}`, `=`, `\=`, `<`, `\<`, `>`, `\>`, `%`, `\%`, `"`, `\"`)
