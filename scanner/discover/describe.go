package discover

import "assay/scanner"

// Describe looks at all endpoints again after documents of APIs came or went, and returns those that stand otherwise to
// them now.
func (b *Book) Describe() *scanner.Fold {
	t := newBatch(b.options.Now(), b.facts)
	for _, e := range b.endpoints.byKey {
		before, documents := e.Documented, len(e.Facts.Documents)
		declared := declarations(e)
		b.describe(e)
		if before != e.Documented || documents != len(e.Facts.Documents) || documents > 0 || declared != declarations(e) {
			assess(e)
			t.touch(e)
		}
	}
	return t.done()
}

func (b *Book) describe(e *scanner.Endpoint) {
	if b.options.Describe != nil {
		b.options.Describe(e)
	}
}

// declarations counts the parameters that differ from a document.
func declarations(e *scanner.Endpoint) (n int) {
	for i := range e.Facts.Parameters {
		if e.Facts.Parameters[i].Declared != "" {
			n++
		}
	}
	return n
}
