// Package paper writes a report as a PDF, without a browser and without anything that is installed: fonts stand in the
// module. The same report gives the same bytes.
//
// Every text is hostile. What has no sign in the fonts, what cannot be seen, and what would turn the direction of a line
// stands on the page as its number, [U+202E]; nothing is dropped. Texts are bounded, and where one was shortened the page
// says by how much.
package paper

import (
	"fmt"
	"io"

	"assay/report"
)

// Write writes a report for its audience. The executive one has exactly two pages; what had no room there is said in it.
// A document whose audience is none of those known is written as a technical one.
func Write(w io.Writer, d *report.Document) error {
	s := newSheet(d)
	switch d.Audience {
	case report.Executive:
		s.executive()
	case report.Retest, report.Technical:
		s.full()
	default:
		s.full()
	}
	s.decorate()
	if err := s.pdf.Output(w); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}

// part is a section of a full report.
type part struct {
	title string
	under []string // its lines in the contents, one level below
	write func()
}

// full writes the cover, the contents and the sections that are on and have something to say.
func (s *sheet) full() {
	parts := s.parts()
	for _, p := range parts {
		s.entries = append(s.entries, entry{words: p.title, link: s.pdf.AddLink()})
		for _, u := range p.under {
			s.entries = append(s.entries, entry{words: u, level: 1, link: s.pdf.AddLink()})
		}
	}
	s.cover()
	if len(parts) == 0 {
		return
	}
	first, pages := s.reserveContents()
	s.page()
	for _, p := range parts {
		p.write()
	}
	s.contents(first, pages)
}
