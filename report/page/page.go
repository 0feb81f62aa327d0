// Package page writes a report as one HTML file that needs nothing else: no network, no script, no fonts. Its content
// security policy forbids everything but its own style and pictures that are in it.
package page

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"assay/report"
)

var (
	//go:embed page.css
	style string
	//go:embed page.html
	frameText string
	//go:embed sections.html
	sectionsText string
	//go:embed findings.html
	findingsText string
	//go:embed pictures.html
	picturesText string
)

// Policy is the content security policy that stands in every page: its own style by its hash, pictures that are in the
// page, and nothing else.
var Policy = "default-src 'none'; style-src '" + styleHash() + "'; img-src data:; base-uri 'none'; form-action 'none'"

func styleHash() string {
	h := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(h[:])
}

// frame is parsed once. Style and policy are put in before that, as they are: nothing of a report is in them.
var frame = template.Must(template.New("page").Funcs(functions).Parse(
	strings.NewReplacer("/*STYLE*/", style, "POLICY", Policy).Replace(frameText) + sectionsText + findingsText + picturesText))

// Write writes a report for people to read in a browser or on paper. What is in the report is taken for hostile: it stands
// there as text, shortened where it is long, with signs for what is not seen. The error is that of w.
func Write(w io.Writer, d *report.Document) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if err := frame.Execute(out, newView(d)); err != nil {
		return err
	}
	return out.Flush()
}
