package discover

import (
	"hash/maphash"
	"math/bits"
	"strings"

	"assay/scanner/detect"
)

// Bounds of scanning.
const (
	leastText    = 4        // shorter ones hold nothing that can be told
	scanWindow   = 64 << 10 // how much of a text is looked at in one go
	scanShared   = 8 << 10  // how much windows overlap: more than any finding is long
	blobLength   = 512      // a text of so many characters of base64 and no space is no text
	memoSize     = 1 << 15  // texts remembered, twice at most
	memoLeast    = 48       // bytes of a long text
	maxFound     = 1000     // kinds in one text; there are fewer
	maxPlaceName = 200      // bytes of a name
	shortText    = 64       // bytes of a text that says nothing without a digit, an @ or a colon
)

// finding is one kind in one text, its values masked: the values themselves are not kept.
type finding struct {
	kind       string
	class      string
	n          int
	confidence float64
	sample     string
}

// memo remembers what was found in texts, by their hash: clients send the history of a conversation with every turn, and
// every event of a stream names its model. Short texts have a memory of their own, so that ids do not push out what takes
// long to read.
type memo struct {
	detector    *detect.Detector
	custom      bool
	name, text  maphash.Seed
	long, short generations
}

// generations are two maps of bounded size: when the young one is full it becomes the old one, whose entries are
// forgotten unless they are asked for.
type generations struct{ young, old map[uint64][]finding }

func newMemo(d *detect.Detector, custom bool) *memo {
	return &memo{detector: d, custom: custom, name: maphash.MakeSeed(), text: maphash.MakeSeed()}
}

// find returns what a text holds that stands under a name. decode gives the text where raw is not it already.
func (m *memo) find(name string, raw []byte, decode func([]byte) string) []finding {
	name = name[:min(len(name), maxPlaceName)]
	g := &m.long
	if len(raw) < memoLeast {
		g = &m.short
	}
	key := bits.RotateLeft64(maphash.String(m.name, name), 1) ^ maphash.Bytes(m.text, raw)
	if found, ok := g.young[key]; ok {
		return found
	}
	found, ok := g.old[key]
	if !ok {
		found = m.scan(name, decode(raw))
	}
	if len(g.young) >= memoSize || g.young == nil {
		g.old, g.young = g.young, map[uint64][]finding{}
	}
	g.young[key] = found
	return found
}

// scan looks at a text window by window. A finding that begins in the part two windows share belongs to the second.
func (m *memo) scan(name, text string) []finding {
	if blob(text) {
		return nil
	}
	o := detect.Options{Least: leastSure, Key: name}
	var found []finding
	for at := 0; ; {
		end := min(len(text), at+scanWindow)
		last := end == len(text)
		if !last {
			end = runeStart(text, end)
		}
		next := runeStart(text, max(at+1, end-scanShared))
		for _, span := range m.detector.Scan(text[at:end], o) {
			if !last && at+span.Start >= next {
				continue
			}
			found = addFinding(found, span, text[at+span.Start:at+span.End], name)
		}
		if last {
			return found
		}
		at = next
	}
}

func runeStart(text string, i int) int {
	for n := 0; n < 4 && i > 0 && i < len(text) && text[i]&0xC0 == 0x80; n++ {
		i--
	}
	return i
}

func addFinding(found []finding, span detect.Span, value, name string) []finding {
	if silent[span.Kind] || span.Class == detect.Personal && machineName(name) && span.Kind != "EMAIL_ADDRESS" {
		return found
	}
	if strings.Contains(value, "⟨cred:") {
		return found
	}
	for i := range found {
		f := &found[i]
		if f.kind == span.Kind {
			f.n++
			if span.Confidence > f.confidence {
				f.confidence, f.sample = span.Confidence, mask(span.Kind, value)
			}
			return found
		}
	}
	if len(found) >= maxFound {
		return found
	}
	return append(found, finding{kind: span.Kind, class: string(span.Class), n: 1, confidence: span.Confidence, sample: mask(span.Kind, value)})
}

// silent kinds are told by detect and say too little about a person to be a place.
var silent = map[string]bool{"URL": true}

// machineName reports whether a name is that of an identifier a machine gave: numbers in it satisfy some checksum.
func machineName(name string) bool {
	if i := strings.LastIndexByte(name, ' '); i >= 0 {
		name = name[i+1:]
	}
	lower := strings.ToLower(name)
	for _, w := range personWords {
		if strings.Contains(lower, w) {
			return false
		}
	}
	if machineNames[lower] {
		return true
	}
	for _, end := range []string{"_id", "-id", "_ids", "_at", "_ts", "_hash", "_sha", "_time", "timestamp", "signature", "fingerprint", "etag"} {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") || strings.HasSuffix(name, "Ids") || strings.HasSuffix(name, "At")
}

// personWords in the name of an identifier say that it is a person's.
var personWords = []string{
	"national", "tax", "passport", "personal", "citizen", "identity", "ssn", "social", "card", "license", "licence", "patient",
	"medicare", "aadhaar", "nric", "vat", "government", "driver", "ip",
}

var machineNames = map[string]bool{
	"id": true, "ids": true, "uuid": true, "guid": true, "created": true, "timestamp": true, "ts": true, "seed": true, "sha": true,
	"hash": true, "digest": true, "etag": true, "nonce": true, "created_at": true, "updated": true, "time": true, "iat": true, "exp": true,
	"nbf": true, "duration": true, "version": true, "build": true, "checksum": true, "commit": true, "revision": true, "size": true,
	"index": true, "length": true, "bytes": true, "offset": true, "score": true, "_id": true, "$oid": true, "expires": true, "modified": true,
}

// blob reports whether a text is data in disguise: base64, a data: URL, a UUID, a hash.
func blob(text string) bool {
	if strings.HasPrefix(text, "data:") && strings.Contains(text[:min(len(text), 200)], ";base64,") {
		return true
	}
	if len(text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' {
		return hexOnly(text, true)
	}
	if len(text) < blobLength {
		return false
	}
	// The first kilobytes decide: a text has spaces, and no long text is without.
	spread := 0
	for i := range min(len(text), 8<<10) {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-' || c == '_' || c == '=':
		case c == '\n' || c == '\r':
			spread++
		default:
			return false
		}
	}
	return spread*40 < min(len(text), 8<<10)
}

func hexOnly(text string, dashes bool) bool {
	for i := range len(text) {
		c := text[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') && (c != '-' || !dashes) {
			return false
		}
	}
	return true
}

// dull reports whether a short text cannot hold anything: an enum, a word, a name of a model. All that is told of so few
// bytes has a digit, an @ or a colon.
func dull(raw []byte) bool {
	if len(raw) > shortText {
		return false
	}
	for _, c := range raw {
		if c >= '0' && c <= '9' || c == '@' || c == ':' {
			return false
		}
	}
	return true
}
