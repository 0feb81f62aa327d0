package report

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"assay/traffic"
)

// Exchanges are the exchanges that a document names as evidence, of findings and threats, oldest first.
func (d *Document) Exchanges() []traffic.ID {
	var ids []traffic.ID
	add := func(names []string) {
		for _, name := range names {
			if id, err := traffic.ParseID(name); err == nil {
				ids = append(ids, id)
			}
		}
	}
	for i := range d.Weaknesses {
		add(exchangesOf(&d.Weaknesses[i]))
	}
	for i := range d.Threats {
		add(d.Threats[i].Exchanges)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// EvidenceHAR writes exchanges as HAR 1.2, each with what it is evidence of: `_assay_evidence` lists the fingerprints of
// findings and the numbers of threats that name it. The records are redacted already (redact.Redactor.Record); credentials
// stay sealed. It stops at the first error of the sequence.
func EvidenceHAR(w io.Writer, d *Document, records iter.Seq2[*traffic.Record, error]) error {
	of := d.evidence()
	h := traffic.NewHARWriter(w, traffic.HAROptions{Version: d.Version, Extra: func(r *traffic.Record) map[string]any {
		if refs := of[r.ID]; len(refs) > 0 {
			return map[string]any{"_assay_evidence": refs}
		}
		return nil
	}})
	for r, err := range records {
		if err != nil {
			return errors.Join(fmt.Errorf("write the evidence: %w", err), h.Close())
		}
		if err := h.Write(r); err != nil {
			return err
		}
	}
	return h.Close()
}

// evidence is what each exchange is evidence of.
func (d *Document) evidence() map[traffic.ID][]string {
	of := map[traffic.ID][]string{}
	add := func(names []string, ref string) {
		for _, name := range names {
			if id, err := traffic.ParseID(name); err == nil && !slices.Contains(of[id], ref) {
				of[id] = append(of[id], ref)
			}
		}
	}
	for i := range d.Weaknesses {
		f := &d.Weaknesses[i]
		add(exchangesOf(f), fmt.Sprint("finding:", f.ID))
	}
	for i := range d.Threats {
		t := &d.Threats[i]
		add(t.Exchanges, fmt.Sprint("threat:", t.ID))
	}
	return of
}
