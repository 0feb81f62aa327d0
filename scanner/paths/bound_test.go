package paths

import (
	"fmt"
	"testing"
)

// TestAMillionPathsCostABoundedNumber, and the tree says so.
func TestAMillionPathsCostABoundedNumber(t *testing.T) {
	t.Parallel()
	tree := New()
	tree.limit = 1000
	for i := range 5000 {
		tree.Add(Sample{Method: "GET", Path: fmt.Sprintf("/%c%c/%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i%25, 'a'+i/25%26, 'a'+i/650%26)})
	}
	if n := len(tree.Templates()); n > 1000 || !tree.Full {
		t.Errorf("%d templates, full %v", n, tree.Full)
	}
}
