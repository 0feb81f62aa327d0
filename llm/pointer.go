package llm

import (
	"slices"
	"strconv"
	"strings"
)

// pointer is where a value stands in its document.
type pointer struct {
	name       string // RFC 6901
	toolResult bool   // inside what a tool said
}

// pointers finds where nodes stand, in one walk that enters only what holds one of them.
func (d *document) pointers(nodes []uint32) map[uint32]pointer {
	if d == nil || len(nodes) == 0 || len(d.nodes) == 0 {
		return nil
	}
	w := pointerWalk{document: d, wanted: slices.Sorted(slices.Values(nodes)), found: map[uint32]pointer{}}
	w.visit(0, pointer{})
	return w.found
}

type pointerWalk struct {
	*document
	wanted []uint32
	found  map[uint32]pointer
}

func (w *pointerWalk) visit(i uint32, at pointer) {
	n := &w.nodes[i]
	next, _ := slices.BinarySearch(w.wanted, i)
	if next == len(w.wanted) || w.wanted[next] >= max(n.next, i+1) {
		return
	}
	if w.wanted[next] == i {
		w.found[i] = at
	}
	v := value{w.document, i}
	switch n.kind {
	case kindObject:
		at.toolResult = at.toolResult || toolResult(v)
		for key, val := range v.fields() {
			if w.holds(val.i) {
				w.visit(val.i, pointer{at.name + "/" + escapePointer(string(key)), at.toolResult || resultKey(key)})
			}
		}
	case kindArray:
		k := 0
		for e := range v.items() {
			if w.holds(e.i) {
				w.visit(e.i, pointer{at.name + "/" + strconv.Itoa(k), at.toolResult})
			}
			k++
		}
	default:
	}
}

// holds reports whether a wanted node is in the subtree at i.
func (w *pointerWalk) holds(i uint32) bool {
	next, _ := slices.BinarySearch(w.wanted, i)
	return next < len(w.wanted) && w.wanted[next] < max(w.nodes[i].next, i+1)
}

// toolResult reports whether an object is, by its type, what a tool said.
func toolResult(v value) bool {
	kind := v.get("type")
	if !kind.isString() {
		return false
	}
	word := kind.word()
	return strings.HasSuffix(word, "tool_result") || strings.HasSuffix(word, "_call_output")
}

func resultKey(key []byte) bool {
	switch string(key) {
	case "toolResult", "functionResponse", "function_response", "tool_results":
		return true
	}
	return false
}

func escapePointer(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}

// resolve follows a pointer; absent when nothing stands there.
func (v value) resolve(name string) value {
	if name == "" {
		return v
	}
	for step := range strings.SplitSeq(name[1:], "/") {
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		switch v.kind() {
		case kindObject:
			v = v.get(step)
		case kindArray:
			i, err := strconv.Atoi(step)
			if err != nil {
				return value{}
			}
			v = v.item(i)
		default:
			return value{}
		}
	}
	return v
}

// TextsAt lists the pointers of the texts that a pattern names: a JSON pointer in which a step * stands for every member
// or element. At most so many are listed.
func TextsAt(body []byte, pattern string, most int) []string {
	if pattern == "" || pattern[0] != '/' {
		return nil
	}
	doc := parseJSON(body)
	defer doc.release()
	w := textWalk{most: most}
	w.visit(doc.root(), "", strings.Split(pattern[1:], "/"))
	return w.found
}

type textWalk struct {
	found []string
	most  int
}

func (w *textWalk) visit(v value, at string, steps []string) {
	switch {
	case len(w.found) >= w.most || !v.exists() || len(steps) > maxDepth:
	case len(steps) == 0:
		if v.isString() {
			w.found = append(w.found, at)
		}
	case steps[0] != "*":
		w.visit(v.resolve("/"+steps[0]), at+"/"+steps[0], steps[1:])
	case v.isArray():
		k := 0
		for e := range v.items() {
			w.visit(e, at+"/"+strconv.Itoa(k), steps[1:])
			k++
		}
	default:
		for key, e := range v.fields() {
			w.visit(e, at+"/"+escapePointer(string(key)), steps[1:])
		}
	}
}

// PointerOf is where in a JSON document a text stands as a whole string or number; "" where it does not.
func PointerOf(body []byte, text string) string {
	doc := parseJSON(body)
	defer doc.release()
	if !doc.whole() || text == "" {
		return ""
	}
	for i := range doc.nodes {
		if v := (value{doc, uint32(i)}); v.scalar() == text {
			if p, found := doc.pointers([]uint32{uint32(i)})[uint32(i)]; found {
				return p.name
			}
		}
	}
	return ""
}
