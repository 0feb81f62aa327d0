package watch

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"

	"assay/scanner/rule"
)

// mostDefined bounds how many definitions of one exchange are compared with those of before.
const mostDefined = 500

// Defined implements rule.Definer: the tools that a server listed, each with a print of its description and its schema.
// Order and spaces within a schema make no difference. Tools that a request brings along are its client's own business.
func (f *facts) Defined() []rule.Definition {
	if f.said.RPC == nil {
		return nil
	}
	listed := f.said.RPC.ToolsListed
	var all []rule.Definition
	for i := range listed[:min(len(listed), mostDefined)] {
		t := &listed[i]
		sum := sha256.New()
		sum.Write([]byte(t.Description))
		sum.Write([]byte{0})
		sum.Write(sameJSON(t.Schema))
		all = append(all, rule.Definition{Tool: t.Name, Print: binary.BigEndian.Uint64(sum.Sum(nil))})
	}
	return all
}

// sameJSON is a text of JSON with its members in order; what is none stays as it is.
func sameJSON(text string) []byte {
	var v any
	if len(text) > 64<<10 || json.Unmarshal([]byte(text), &v) != nil {
		return []byte(text)
	}
	same, err := json.Marshal(v)
	if err != nil {
		return []byte(text)
	}
	return same
}
