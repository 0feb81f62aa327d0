package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"assay/report"
	"assay/report/reporttest"
)

func markdown(t testing.TB, d *report.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := report.Markdown(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	for _, audience := range audiences {
		got := markdown(t, reporttest.Sample(audience))
		golden(t, "report-"+string(audience)+".md", got)
		shape := readMarkdown(t, got)
		for _, want := range []string{"h1 AI security assessment: Mira, the assistant of Meridian Bank", "h2 What was not tested"} {
			if !strings.Contains(shape, want+"\n") {
				t.Errorf("the %s report has no %q", audience, want)
			}
		}
	}
}

// TestMarkdownHostile fills every field with every hostile text. A renderer that we did not write must find neither HTML
// nor pictures nor links in it, and the same headings whatever the texts are.
func TestMarkdownHostile(t *testing.T) {
	t.Parallel()
	for _, audience := range audiences {
		want := headings(readMarkdown(t, markdown(t, reporttest.Filled(audience, "plain"))))
		for i, text := range reporttest.Texts {
			t.Run(fmt.Sprint(audience, " ", i), func(t *testing.T) {
				t.Parallel()
				data := markdown(t, reporttest.Filled(audience, text))
				if got := headings(readMarkdown(t, data)); text != "" && got != want {
					t.Errorf("the headings are\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
	data := markdown(t, reporttest.Hostile())
	readMarkdown(t, data)
	if long := markdown(t, reporttest.Filled(report.Technical, reporttest.Long)); len(data) > 3<<20 || len(long) > 3<<20 {
		t.Errorf("hostile reports have %d and %d bytes", len(data), len(long))
	}
}

// headings are the levels of the headings of a shape.
func headings(shape string) string {
	var levels []string
	for line := range strings.Lines(shape) {
		level, _, _ := strings.Cut(line, " ")
		levels = append(levels, level)
	}
	return strings.Join(levels, " ")
}

// readMarkdown reads Markdown as GitHub does, and says what headings it has.
func readMarkdown(t testing.TB, data []byte) string {
	t.Helper()
	if !utf8.Valid(data) {
		t.Fatal("it is no UTF-8")
	}
	for _, r := range string(data) {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune("\u200b\u2060\ufeff\u00ad\u2028\u2029", r)) {
			t.Fatalf("%U is not shown by a sign", r)
		}
	}
	root := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote)).Parser().Parse(text.NewReader(data))
	var shape strings.Builder
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.RawHTML, *ast.HTMLBlock, *ast.Image, *ast.AutoLink:
			t.Errorf("it has a %s", n.Kind())
		case *ast.Link:
			if !strings.HasPrefix(string(n.Destination), "https://") {
				t.Errorf("it leads to %q", n.Destination)
			}
		case *ast.Heading:
			fmt.Fprintf(&shape, "h%d %s\n", n.Level, n.Lines().Value(data))
		case *ast.Blockquote:
			t.Errorf("it has a quotation")
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return shape.String()
}

func FuzzMarkdown(f *testing.F) {
	for _, text := range reporttest.Texts {
		f.Add(text)
	}
	f.Add("`` ` ``` |\\| \\\\|")
	small := func(text string) *report.Document { return reporttest.Small(report.Technical, text) }
	want := headings(readMarkdown(f, markdown(f, small("plain"))))
	f.Fuzz(func(t *testing.T, text string) {
		if got := headings(readMarkdown(t, markdown(t, small(text)))); strings.TrimSpace(text) != "" && got != want {
			t.Errorf("the headings are\n%s\nwant\n%s", got, want)
		}
	})
}
