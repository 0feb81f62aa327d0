package diff

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/traffic"
)

// The forms in which bodies are compared.
const (
	FormJSON   = "json"   // value by value
	FormEvents = "events" // a stream: event by event, and those value by value
	FormLines  = "lines"
	FormBinary = "binary" // bytes that are no text
)

// Bytes is how two messages differ as they travelled: their headers, and their bodies without content coding.
type Bytes struct {
	Form    string
	Same    bool    // every byte of the bodies is the same
	Headers []Delta // the path is the header's name
	Changes []Delta // of JSON, events and binary
	More    int     // differences beyond those listed
	Lines   Text    // of FormLines
}

// Delta is one difference: what stands at a path on either side, as JSON.
type Delta struct {
	Change Change
	Path   string // a JSON pointer
	A, B   string // shortened
}

const (
	maxDeltas = 2000
	maxValue  = 600 // bytes of a value that is shown
)

func compareBytes(a, b Side, n *noise) Bytes {
	out := Bytes{Same: bytes.Equal(a.Body, b.Body)}
	out.Headers = headers(a.Header, b.Header, n)
	treeA, formA := tree(a, n)
	treeB, formB := tree(b, n)
	switch {
	case treeA != nil && treeB != nil && formA == formB:
		out.Form = formA
		w := walk{noise: n, out: &out}
		w.compare(nil, treeA, treeB)
	case utf8.Valid(a.Body) && utf8.Valid(b.Body):
		out.Form = FormLines
		out.Lines = CompareLines(string(a.Body), string(b.Body))
	default:
		out.Form = FormBinary
		out.binary(a.Body, b.Body)
	}
	return out
}

// tree reads a body that is JSON or a stream of events; nil when it is neither.
func tree(s Side, n *noise) (*node, string) {
	if root, err := parse(s.Body, n); err == nil {
		return root, FormJSON
	}
	if len(s.Body) == 0 || len(s.Body) > maxDocument {
		return nil, ""
	}
	splitter := llm.SplitterFor(s.Header.Get("Content-Type"), s.Body[:min(len(s.Body), 4096)])
	if splitter.Framing() == llm.FramingWhole {
		return nil, ""
	}
	root := &node{array: true}
	for _, e := range append(splitter.Write(s.Body), splitter.Close()...) {
		kid, err := parse(e.Data, n)
		if err != nil {
			kid = scalar(string(e.Data))
		}
		root.kids = append(root.kids, kid)
		if len(root.kids) > maxNodes {
			return nil, ""
		}
	}
	if len(root.kids) == 0 {
		return nil, ""
	}
	root.seal()
	return root, FormEvents
}

// walk goes through two documents at once.
type walk struct {
	noise *noise
	out   *Bytes
}

func (w *walk) compare(path []string, a, b *node) {
	switch {
	case a.hash == b.hash && len(w.noise.kinds) == 0: // with noise left out of the hashes, it must be counted
	case a.object && b.object:
		w.objects(path, a, b)
	case a.array && b.array:
		w.arrays(path, a, b)
	case a.object != b.object || a.array != b.array || a.text != b.text:
		w.found(Changed, path, a, b)
	}
}

func (w *walk) objects(path []string, a, b *node) {
	inA, inB := a.index(), b.index()
	for i, key := range a.keys {
		if other := inB[key]; other != nil {
			w.compare(append(path, key), a.kids[i], other)
		} else {
			w.found(Removed, append(path, key), a.kids[i], nil)
		}
	}
	for i, key := range b.keys {
		if inA[key] == nil {
			w.found(Added, append(path, key), nil, b.kids[i])
		}
	}
}

// maxAligned bounds the table by which elements of arrays are paired.
const maxAligned = 1 << 20

// arrays pairs elements that say the same, and then those between them in order.
func (w *walk) arrays(path []string, a, b *node) {
	i, j := 0, 0
	for _, pair := range append(align(a.kids, b.kids), [2]int{len(a.kids), len(b.kids)}) {
		for ; i < pair[0] && j < pair[1]; i, j = i+1, j+1 {
			w.compare(append(path, strconv.Itoa(i)), a.kids[i], b.kids[j])
		}
		for ; i < pair[0]; i++ {
			w.found(Removed, append(path, strconv.Itoa(i)), a.kids[i], nil)
		}
		for ; j < pair[1]; j++ {
			w.found(Added, append(path, strconv.Itoa(j)), nil, b.kids[j])
		}
		if i < len(a.kids) && j < len(b.kids) {
			w.compare(append(path, strconv.Itoa(i)), a.kids[i], b.kids[j]) // differs by noise at most, which is counted
			i, j = i+1, j+1
		}
	}
}

// align gives the places of a longest common subsequence.
func align(a, b []*node) [][2]int {
	var pairs [][2]int
	start, end := 0, 0
	for start < len(a) && start < len(b) && a[start].hash == b[start].hash {
		pairs = append(pairs, [2]int{start, start})
		start++
	}
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end].hash == b[len(b)-1-end].hash {
		end++
	}
	midA, midB := a[start:len(a)-end], b[start:len(b)-end]
	if len(midA)*len(midB) <= maxAligned && len(midA) > 0 && len(midB) > 0 {
		for _, p := range commonest(midA, midB) {
			pairs = append(pairs, [2]int{start + p[0], start + p[1]})
		}
	}
	for k := end; k > 0; k-- {
		pairs = append(pairs, [2]int{len(a) - k, len(b) - k})
	}
	return pairs
}

func commonest(a, b []*node) [][2]int {
	width := len(b) + 1
	table := make([]uint32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].hash == b[j].hash {
				table[i*width+j] = table[(i+1)*width+j+1] + 1
			} else {
				table[i*width+j] = max(table[(i+1)*width+j], table[i*width+j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].hash == b[j].hash:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case table[(i+1)*width+j] >= table[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

func (w *walk) found(change Change, path []string, a, b *node) {
	if w.noise.hides(path) {
		return
	}
	if len(w.out.Changes) >= maxDeltas {
		w.out.More++
		return
	}
	d := Delta{Change: change, Path: pointer(path)}
	switch {
	case a == nil:
		d.B = b.json()
	case b == nil:
		d.A = a.json()
	default:
		d.A, d.B = closeUp(a, b)
	}
	w.out.Changes = append(w.out.Changes, d)
}

// closeUp shows long strings from where they begin to differ.
func closeUp(a, b *node) (string, string) {
	if len(a.text) <= maxValue && len(b.text) <= maxValue || a.text == "" || b.text == "" {
		return a.json(), b.json()
	}
	same := 0
	for same < len(a.text) && same < len(b.text) && a.text[same] == b.text[same] {
		same++
	}
	const context = 60
	if same <= context {
		return a.json(), b.json()
	}
	from := len(excerpt.Bytes(a.text, same-context))
	return "…" + shorten(a.text[from:], maxValue), "…" + shorten(b.text[from:], maxValue)
}

func pointer(path []string) string {
	var b strings.Builder
	for _, key := range path {
		b.WriteString("/" + escapeKey(key))
	}
	return shorten(b.String(), maxValue)
}

// headers compares fields by name, without regard to case, order and how often a name is repeated.
func headers(a, b traffic.Header, n *noise) []Delta {
	var deltas []Delta
	var done []string
	for _, f := range slices.Concat(a, b) {
		name := strings.ToLower(f.Name)
		if slices.Contains(done, name) || len(done) >= maxDeltas {
			continue
		}
		done = append(done, name)
		va, vb := strings.Join(a.Values(name), "\n"), strings.Join(b.Values(name), "\n")
		if va == vb && a.Has(name) == b.Has(name) || n.hidesHeader(name) {
			continue
		}
		d := Delta{Change: Changed, Path: f.Name, A: shorten(va, maxValue), B: shorten(vb, maxValue)}
		switch {
		case !a.Has(name):
			d.Change = Added
		case !b.Has(name):
			d.Change = Removed
		}
		deltas = append(deltas, d)
	}
	return deltas
}

// binary tells where bytes that are no text begin to differ.
func (out *Bytes) binary(a, b []byte) {
	if out.Same {
		return
	}
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	show := func(data []byte) string { return hex.EncodeToString(data[min(at, len(data)):min(at+32, len(data))]) }
	out.Changes = []Delta{{Change: Changed, Path: "byte " + strconv.Itoa(at), A: show(a), B: show(b)}}
}
