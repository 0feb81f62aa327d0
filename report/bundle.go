package report

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"assay/internal/visible"
)

// File is one file of a bundle.
type File struct {
	Name  string // without folders: report.pdf
	What  string // what it is, for the README: one line
	Write func(io.Writer) error
}

// DataFiles are the files of a bundle that this package writes: what programs read.
func DataFiles(d *Document) []File {
	file := func(name, what string, write func(io.Writer, *Document) error) File {
		return File{name, what, func(w io.Writer) error { return write(w, d) }}
	}
	return []File{
		file("report.json", "everything in this report, for programs", JSON),
		{"report.schema.json", "what the fields of report.json mean (JSON Schema)", func(w io.Writer) error {
			_, err := w.Write(schemaJSON)
			return err
		}},
		file("findings.csv", "the findings as a table", CSV),
		file("findings.sarif", "the findings for code scanners (SARIF 2.1.0)", DocumentSARIF),
		file("tests.junit.xml", "the tests for CI (JUnit XML)", DocumentJUnit),
	}
}

// Bundle writes one zip file that holds the given files in their order, README.txt first, which says what is what, and
// SHA256SUMS last, which `sha256sum -c SHA256SUMS` checks. The same document and files give the same bytes: all times are that
// of the document. Files are written one after another; none is held in memory.
func Bundle(w io.Writer, d *Document, files []File) error {
	z := zip.NewWriter(w)
	var sums strings.Builder
	names := map[string]bool{"SHA256SUMS": true}
	all := append([]File{{"README.txt", "", func(w io.Writer) error {
		_, err := io.WriteString(w, readme(d, files))
		return err
	}}}, files...)
	for _, f := range all {
		if f.Name == "" || strings.ContainsFunc(f.Name, func(r rune) bool { return r <= ' ' || r > '~' || r == '/' || r == '\\' || r == ':' || r == '*' }) || names[f.Name] {
			return fmt.Errorf("%q is no name for a file of a bundle, or is there twice", f.Name)
		}
		names[f.Name] = true
		sum, err := add(z, f, d.Made)
		if err != nil {
			return fmt.Errorf("write %s: %w", f.Name, err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sum, f.Name)
	}
	_, err := add(z, File{"SHA256SUMS", "", func(w io.Writer) error {
		_, err := io.WriteString(w, sums.String())
		return err
	}}, d.Made)
	return errors.Join(err, z.Close())
}

// add writes one file and returns its SHA-256.
func add(z *zip.Writer, f File, at time.Time) ([]byte, error) {
	head := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: at.UTC().Truncate(2 * time.Second)}
	head.SetMode(0o644)
	w, err := z.CreateHeader(head)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	if err := f.Write(io.MultiWriter(w, h)); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// readme says what is in a bundle, for somebody who was not there.
func readme(d *Document, files []File) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-15s %s\n", name+":", oneLine(value))
		}
	}
	title := d.Cover.Title
	if title == "" {
		title = "Security report"
	}
	title = oneLine(title)
	fmt.Fprintf(&b, "%s\n%s\n\n", title, strings.Repeat("=", min(len([]rune(title)), 79)))
	line("Client", d.Cover.Client)
	line("Tester", d.Cover.Tester)
	line("Project", d.Project)
	line("Limited to", d.Run)
	line("Audience", string(d.Audience))
	line("Made", d.Made.UTC().Format("2006-01-02 15:04:05 UTC"))
	line("With", "Assay "+d.Version)
	b.WriteString("\nFiles\n-----\n\n")
	for _, f := range files {
		fmt.Fprintf(&b, "%-20s %s\n", f.Name, oneLine(f.What))
	}
	fmt.Fprintf(&b, "%-20s %s\n", "SHA256SUMS", "hashes of all files; `sha256sum -c SHA256SUMS` says whether one was changed")
	b.WriteString("\n" + hiddenWords(d))
	if len(d.Shortened) > 0 {
		b.WriteString("\nLeft out for its size:\n")
		for _, s := range d.Shortened {
			b.WriteString("- " + oneLine(s) + "\n")
		}
	}
	return b.String()
}

// hiddenWords says how much of what is secret or personal was taken out.
func hiddenWords(d *Document) string {
	hidden, shown := 0, 0
	for _, h := range d.Hidden {
		if h.Shown {
			shown++
		} else {
			hidden++
		}
	}
	text := "No secret and no personal data was found to be hidden.\n"
	if hidden > 0 {
		text = fmt.Sprintf("%d secrets and personal data were replaced by placeholders such as %s, the same one everywhere.\n", hidden, oneLine(d.Hidden[0].Placeholder))
	}
	if shown > 0 {
		text += fmt.Sprintf("%d are shown because whoever made this report chose so: handle it accordingly.\n", shown)
	}
	return text
}

// oneLine is a text that stays in its line.
func oneLine(text string) string {
	return shorten(visible.Line(text), 1000)
}
