package discover

import "strings"

// Bounds on the paths that are told apart. Beyond, what is deeper or newer goes under a path that exists.
const (
	maxPathDepth = 40
	maxPathNodes = 100_000
	maxPathKey   = 64 // bytes of a key; longer ones are data, not structure
)

// pathNode is one place in the structure of JSON documents: any array index is *, and so is any key that looks like
// an id.
type pathNode struct {
	parent int32
	depth  int32
	key    string // the last step, as written; empty for the root
	path   string // RFC 6901
	// The member that followed it last, and the first one below it: objects of one kind have their members in one order.
	after, first int32

	// What the key says, see the tables of these names.
	keyRole, topRole, answerRole     string
	spoken, unread, context, toolbox bool
	speaker                          speaker
}

type pathStep struct {
	parent int32
	key    string
}

// pathTable gives structural paths numbers, so that walking a document makes no strings for paths seen before.
type pathTable struct {
	nodes []pathNode
	index map[pathStep]int32
}

func newPathTable() *pathTable {
	t := &pathTable{}
	t.reset()
	return t
}

func (t *pathTable) reset() {
	t.nodes = append(t.nodes[:0], pathNode{parent: -1})
	t.index = map[pathStep]int32{}
}

// begin is called before a document is walked: numbers of earlier documents mean nothing afterwards.
func (t *pathTable) begin() {
	if len(t.nodes) > maxPathNodes/2 {
		t.reset()
	}
}

// member is the node of a member of an object; before is that of the one before it, or the object's own.
func (t *pathTable) member(parent, before int32, key []byte) int32 {
	guess := t.nodes[before].after
	if before == parent {
		guess = t.nodes[before].first
	}
	if guess > 0 && t.nodes[guess].parent == parent && t.nodes[guess].key == string(key) {
		return guess
	}
	n := t.child(parent, key)
	if before == parent {
		t.nodes[before].first = n
	} else {
		t.nodes[before].after = n
	}
	return n
}

// child is the node of a member of an object.
func (t *pathTable) child(parent int32, key []byte) int32 {
	if n, ok := t.index[pathStep{parent, string(key)}]; ok {
		return n
	}
	if idKey(key) {
		return t.element(parent)
	}
	return t.add(parent, string(key))
}

// element is the node of the elements of an array.
func (t *pathTable) element(parent int32) int32 {
	if n, ok := t.index[pathStep{parent, "*"}]; ok {
		return n
	}
	return t.add(parent, "*")
}

func (t *pathTable) add(parent int32, key string) int32 {
	above := &t.nodes[parent]
	if above.depth >= maxPathDepth || len(t.nodes) >= maxPathNodes {
		return parent
	}
	n := int32(len(t.nodes)) //nolint:gosec // bounded by maxPathNodes
	t.nodes = append(t.nodes, pathNode{
		parent: parent, depth: above.depth + 1, key: key,
		path:    above.path + "/" + strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1"),
		keyRole: keyRoles[key], topRole: topRoles[key], answerRole: answerRoles[key],
		spoken: spokenKeys[key], unread: unread[key], context: contextNames[key], toolbox: toolNames[key], speaker: speakerOf(key),
	})
	t.index[pathStep{parent, key}] = n
	return n
}

func (t *pathTable) path(n int32) string {
	if p := t.nodes[n].path; p != "" {
		return p
	}
	return "body"
}

// name is what a value at a node is called: its key, and the key above it, which often says more ("card": {"number":
// …}). Indexes are passed over.
func (t *pathTable) name(n int32) string {
	var names [2]string
	found := 0
	for n > 0 && found < 2 {
		if key := t.nodes[n].key; key != "*" {
			names[found] = key
			found++
		}
		n = t.nodes[n].parent
	}
	if found == 2 {
		return names[1] + " " + names[0]
	}
	return names[0]
}

// idKey reports whether a key is data rather than structure: a number, a UUID, a hash, an address, or very long.
func idKey(key []byte) bool {
	if len(key) > maxPathKey {
		return true
	}
	digits, hex, letters := 0, 0, 0
	for _, c := range key {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == '-':
			hex++
		case c == '@':
			return true
		default:
			letters++
		}
	}
	switch {
	case digits == 0:
		return false
	case digits == len(key):
		return true
	case letters == 0 && digits+hex >= 8:
		return true
	}
	return digits >= 4 && len(key) >= 16 || digits >= 6
}
