package paper_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"assay/report"
	"assay/report/paper"
	"assay/report/reporttest"
	"assay/scanner"
)

// need skips, loudly, a test whose program is not installed. build/setup.sh installs them all, and CI runs it.
func need(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("NOT RUN: %s is not installed; build/setup.sh installs it", name)
	}
	return path
}

func kept(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), need(t, name), args...).CombinedOutput() //nolint:gosec // programs of the test
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// documents are those that every reader has to open.
func documents() map[string]*report.Document {
	all := map[string]*report.Document{}
	for _, a := range []report.Audience{report.Executive, report.Technical, report.Retest} {
		h := reporttest.Hostile()
		h.Audience = a
		all["sample "+string(a)], all["hostile "+string(a)] = reporttest.Sample(a), h
		all["many "+string(a)] = many(a, 40)
		all["empty "+string(a)] = &report.Document{Audience: a, Sections: reporttest.All}
		all["nothing at all "+string(a)] = &report.Document{Audience: a}
	}
	return all
}

// many is the sample with as many findings, threats, requirements and assets as asked for.
func many(a report.Audience, n int) *report.Document {
	d := reporttest.Sample(a)
	for i := len(d.Weaknesses); i < n; i++ {
		w := d.Weaknesses[i%8]
		w.ID, w.Print = scanner.FindingID(i+1), fmt.Sprintf("%020x", i)
		w.Title = fmt.Sprintf("%s, %d", w.Title, i)
		d.Weaknesses = append(d.Weaknesses, w)
	}
	for i := range n {
		d.Standing.Advice = append(d.Standing.Advice, d.Standing.Advice[i%5])
		d.Standing.Gaps = append(d.Standing.Gaps, report.Gap{Code: "shadow", What: fmt.Sprintf("Endpoint %d is not in the document that covers its host.", i)})
		d.Limits = append(d.Limits, fmt.Sprintf("Limit %d: %s", i, strings.Repeat("something was cut here, ", 30)))
		d.Coverage[0].Assets = append(d.Coverage[0].Assets, fmt.Sprint("asset ", i))
	}
	return d
}

// TestOthersReadIt lets qpdf check each file, and poppler read it: its words are those that were written, in their order.
func TestOthersReadIt(t *testing.T) {
	t.Parallel()
	need(t, "qpdf")
	need(t, "pdftotext")
	for name, d := range documents() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := write(t, d)
			path := kept(t, data)
			run(t, "qpdf", "--check", path)
			read := run(t, "pdftotext", "-raw", "-enc", "UTF-8", path, "-")
			if !utf8.ValidString(read) {
				t.Error("pdftotext gives what is no UTF-8")
			}
			ours, theirs := readPDF(t, data), strings.Split(strings.TrimSuffix(read, "\f"), "\f")
			if len(ours.pages) != len(theirs) {
				t.Fatalf("%d pages, and pdftotext reads %d", len(ours.pages), len(theirs))
			}
			for i := range theirs {
				// Lines of a page may come in another order (columns); its characters are the same.
				if want, got := letters(strings.Join(ours.pages[i], "")), letters(theirs[i]); want != got {
					t.Errorf("page %d holds other characters than were written:\n%s\nand is read as\n%s", i+1, strings.Join(ours.pages[i], "\n"), theirs[i])
				}
			}
			if info := run(t, "pdfinfo", path); !strings.Contains(info, "JavaScript:      no") || !strings.Contains(info, "Encrypted:       no") {
				t.Errorf("pdfinfo: %s", info)
			}
		})
	}
}

// letters are the characters of a text in their order of value, without spaces.
func letters(text string) string {
	all := []rune(strings.Join(strings.Fields(text), ""))
	slices.Sort(all)
	return string(all)
}

// TestHostile looks for what may not be in a file, and for texts that have to be in it as they are.
func TestHostile(t *testing.T) {
	t.Parallel()
	d := reporttest.Filled(report.Technical, strings.Join(reporttest.Texts, " "))
	data := write(t, d)
	p := readPDF(t, data)
	for _, never := range []string{"/JavaScript", "/OpenAction <<", "/Launch", "/SubmitForm", "/Type /EmbeddedFile", "/AA", "/GoToR", "/URI (javascript", "/URI (data", "/URI (file"} {
		if bytes.Contains(data, []byte(never)) {
			t.Errorf("the file holds %q", never)
		}
	}
	for _, link := range p.links {
		if !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
			t.Errorf("a link goes to %q", link)
		}
	}
	words := p.words()
	for _, want := range []string{
		`)TjETendstreamendobj10obj<</OpenAction<</S/JavaScript/JS(app.alert\(1\))>>>>(assay-hostile\`, `<script>window.hit='assay-hostile';alert(1)</script>`, `=cmd|'/Ccalc'!A0assay-hostile`,
		"[U+202E]assay-hostile[U+2066]gpj.exe[U+2069U+202CU+200FU+061C]", "[U+0000U+0001U+0007U+0008U+000BU+000CU+001B][31m", "[byteFFbyteFEbyteC3](", "[U+65E5U+672CU+8A9E", "U+1F600U+1F469U+200DU+1F469U+200DU+1F467]",
	} {
		if !strings.Contains(words, strings.Join(strings.Fields(want), "")) {
			t.Errorf("the text has no %q", want)
		}
	}
	for _, r := range "\u202e\u2066\u200b\x00\x1b\u2028\ufeff\u00ad" {
		if strings.ContainsRune(words, r) {
			t.Errorf("the text holds U+%04X as it is", r)
		}
	}
}

// TestExecutiveIsTwoPages whatever it is given; what had no room is said.
func TestExecutiveIsTwoPages(t *testing.T) {
	t.Parallel()
	all := documents()
	for i, text := range append(slices.Clone(reporttest.Texts), strings.Repeat("long words that go on and on ", 400), strings.Repeat("W", 1<<16), strings.Repeat("\n", 3000), "") {
		all[fmt.Sprint("filled ", i)] = reporttest.Filled(report.Executive, text)
	}
	for name, d := range all {
		if d.Audience != report.Executive {
			continue
		}
		p := readPDF(t, write(t, d))
		if len(p.pages) != 2 {
			t.Errorf("%s: %d pages", name, len(p.pages))
		}
		if strings.HasPrefix(name, "many") && !strings.Contains(p.words(), "Leftoutfortwopages:") {
			t.Errorf("%s does not say what it left out", name)
		}
	}
}

// TestNothingFoundIsNotClean: where nothing is open, what was not tested stands beside it, also with its section off.
func TestNothingFoundIsNotClean(t *testing.T) {
	t.Parallel()
	for _, a := range []report.Audience{report.Executive, report.Technical, report.Retest} {
		d := reporttest.Sample(a)
		d.Weaknesses, d.Sections = nil, []report.Section{report.SectionSummary, report.SectionFindings}
		words := readPDF(t, write(t, d)).words()
		if !strings.Contains(words, "LLM04:2025") {
			t.Errorf("%s: nothing is said of LLM04, which nobody tested:\n%s", a, words)
		}
	}
}

// TestNoScore: without enough evidence there is no score and no grade on paper.
func TestNoScore(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Executive)
	d.Standing.Enough, d.Standing.Missing, d.Standing.Grade, d.Standing.Score = false, "Nothing was tested yet.", "", 93.5
	words := readPDF(t, write(t, d)).words()
	if !strings.Contains(words, "notenoughevidence") || strings.Contains(words, "grade") {
		t.Errorf("it says %s", words)
	}
}

// TestLongTextsAreBounded: a line of a megabyte is shortened, and the page says by how much.
func TestLongTextsAreBounded(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Technical)
	d.Weaknesses = d.Weaknesses[:1]
	d.Weaknesses[0].Proofs[0].Answer = report.Marked{Text: strings.Repeat("x", 1<<20), Cut: 7}
	p := readPDF(t, write(t, d))
	if want := "1,042,583morebytesareleftouthere."; !strings.Contains(p.words(), want) {
		t.Errorf("nothing says %q", want)
	}
	if len(p.pages) > 25 {
		t.Errorf("%d pages", len(p.pages))
	}
	d.Weaknesses[0].Proofs[0].Answer = report.Marked{Text: strings.Repeat("x\n", 4000)}
	if words := readPDF(t, write(t, d)).words(); !strings.Contains(words, "morecharactersareleftouthere.") {
		t.Error("4,000 lines: nothing says what was left out")
	}
}

// TestTexts are texts as they stand on paper.
func TestTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"naïve Ωμέγα Привет ąžő", "naïve Ωμέγα Привет ąžő"},
		{"a\u0301", "á"},
		{"⟨key 1⟩ ✓ ≥ →", "⟨key 1⟩ ✓ ≥ →"},
		{"\u202eevil", "[U+202E]evil"},
		{"\u200b\u200b\u200bx", "[U+200B×3]x"},
		{"日本", "[U+65E5 U+672C]"},
		{"مرحبا", "[U+0645 U+0631 U+062D U+0628 U+0627]"},
		{"\xff\xfe!", "[byte FF byte FE]!"},
		{"e" + strings.Repeat("\u0308", 9), "ë\u0308\u0308[U+0308×6]"},
		{"😀", "[U+1F600]"},
		{"\ufffd", "\ufffd"},
		{"\x1b[31m", "[U+001B][31m"},
	} {
		d := &report.Document{Audience: report.Technical, Sections: []report.Section{report.SectionScope}, Cover: report.Cover{Scope: c.text}}
		p := readPDF(t, write(t, d))
		if !slices.Contains(p.pages[len(p.pages)-1], c.want) {
			t.Errorf("%q stands as %q, want %q", c.text, p.pages[len(p.pages)-1], c.want)
		}
	}
}

// TestHebrew: it is drawn from right to left, and poppler gives it back in the order in which it was written.
func TestHebrew(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext")
	d := &report.Document{Audience: report.Technical, Sections: []report.Section{report.SectionScope}, Cover: report.Cover{Scope: "It says שלום עולם today."}}
	read := run(t, "pdftotext", kept(t, write(t, d)), "-")
	if !strings.Contains(read, "שלום עולם") {
		t.Errorf("poppler reads %q", read)
	}
}

// TestConfidential: only what a person wrote is on the foot of pages.
func TestConfidential(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		note string
		want string
	}{
		{"Strictly confidential. For the board.", "Strictlyconfidential"},
		{"For the board – confidential", "confidential"},
		{"This is not confidential.", ""},
		{"Non-confidential", ""},
		{"", ""},
		{"The assistant told confidential data of customers to whoever asked it politely.", ""},
	} {
		d := reporttest.Sample(report.Executive)
		d.Cover.Note = c.note
		page := readPDF(t, write(t, d)).pages[1]
		foot := strings.Join(strings.Fields(page[len(page)-1]), "")
		if got := strings.Contains(foot, "onfidential"); got != (c.want != "") || c.want != "" && !strings.Contains(foot, c.want) {
			t.Errorf("%q: the foot is %q", c.note, foot)
		}
	}
}

// TestHeadsRepeat: a table that goes on on the next page has its head there.
func TestHeadsRepeat(t *testing.T) {
	t.Parallel()
	p := readPDF(t, write(t, many(report.Technical, 60)))
	heads := 0
	for _, page := range p.pages {
		if slices.ContainsFunc(page, func(l string) bool { return strings.HasPrefix(l, "#FindingTargetState") }) {
			heads++
		}
	}
	if heads < 2 {
		t.Errorf("the head of the table of findings stands on %d pages", heads)
	}
}

// TestContents: every bookmark has its line in the contents, with the page that it leads to, and its words stand there.
func TestContents(t *testing.T) {
	t.Parallel()
	p := readPDF(t, write(t, many(report.Technical, 90)))
	if len(p.bookmarks) < 100 {
		t.Fatalf("%d bookmarks", len(p.bookmarks))
	}
	lines := slices.Concat(p.pages[1], p.pages[2], p.pages[3])
	for i, name := range p.bookmarks {
		if want := fmt.Sprint(name, p.at[i]); !slices.Contains(lines, want) {
			t.Errorf("the contents have no line %q", want)
		}
		_, words, found := strings.Cut(name, ". ")
		if words, _, _ = strings.Cut(words, ","); !found {
			words = name
		}
		words, _, _ = strings.Cut(words, " (")
		if page := strings.Join(p.pages[p.at[i]-1], " "); !strings.Contains(page, words[:min(len(words), 30)]) {
			t.Errorf("page %d has no %q", p.at[i], words)
		}
	}
}

// TestColoursOfPages: pages that are written later (contents, heads and feet) have the colours that were meant. The library
// leaves a colour out that it believes to be set, and knows only the page it comes from.
func TestColoursOfPages(t *testing.T) {
	t.Parallel()
	p := readPDF(t, write(t, many(report.Technical, 90)))
	accent, quiet := "0.059 0.298 0.506", "0.333 0.376 0.427"
	for i, page := range p.colours {
		for words, got := range page {
			want := ""
			switch {
			case strings.HasPrefix(words, "Contents"):
				want = accent
			case strings.HasPrefix(words, "Assay 0.7.0 · 21"):
				want = quiet
			}
			if want != "" && got != want {
				t.Errorf("page %d: %q is drawn in %s, want %s", i+1, words, got, want)
			}
		}
	}
	if p.colours[2]["Contents, continued"] == "" {
		t.Error("the contents have no second page: nothing was tested")
	}
}

// TestContrast: WCAG 2.2 AA asks for 4.5 to 1.
func TestContrast(t *testing.T) {
	t.Parallel()
	light := func(c [3]uint8) float64 {
		var l [3]float64
		for i, v := range c {
			if l[i] = float64(v) / 255; l[i] <= 0.04045 {
				l[i] /= 12.92
			} else {
				l[i] = math.Pow((l[i]+0.055)/1.055, 2.4)
			}
		}
		return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
	}
	for _, p := range paper.Pairs() {
		a, b := light(p.Front), light(p.Back)
		if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
			t.Errorf("%s: %.2f to 1", p.Name, ratio)
		}
	}
}

// TestLogo: a PNG and a JPEG are drawn, what is neither is left out, and the report is written all the same.
func TestLogo(t *testing.T) {
	t.Parallel()
	own := reporttest.Sample(report.Technical).Cover.Logo
	picture, err := png.Decode(bytes.NewReader(own))
	if err != nil {
		t.Fatal(err)
	}
	var photo, deep bytes.Buffer
	if err := jpeg.Encode(&photo, picture, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&deep, image.NewRGBA64(image.Rect(0, 0, 2500, 40))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		logo []byte
		want bool
	}{
		{"PNG", own, true},
		{"JPEG", photo.Bytes(), true},
		{"16 bits a colour, wide", deep.Bytes(), true},
		{"none", nil, false},
		{"no picture", []byte("<svg/>"), false},
		{"half a PNG", own[:60], false},
		{"no JPEG", bytes.Repeat([]byte{0xff, 0xd8}, 99), false},
	} {
		d := reporttest.Sample(report.Technical)
		d.Cover.Logo = c.logo
		data := write(t, d)
		if got := bytes.Contains(data, []byte("/Subtype /Image")); got != c.want {
			t.Errorf("%s: drawn %v, want %v", c.name, got, c.want)
		}
		if p := readPDF(t, data); len(p.pages) < 10 {
			t.Errorf("%s: %d pages", c.name, len(p.pages))
		}
	}
}

// TestQuick: 500 findings take 10 seconds at the most.
func TestQuick(t *testing.T) {
	t.Parallel()
	d := many(report.Technical, 500)
	start := time.Now()
	data := write(t, d)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("500 findings took %s", took)
	}
	if p := readPDF(t, data); len(p.bookmarks) < 500 {
		t.Errorf("%d bookmarks", len(p.bookmarks))
	}
}

func BenchmarkWrite500(b *testing.B) {
	d := many(report.Technical, 500)
	b.ReportAllocs()
	for b.Loop() {
		size := len(write(b, d))
		b.ReportMetric(float64(size)/1e6, "MB")
	}
}

func FuzzWrite(f *testing.F) {
	for _, text := range reporttest.Texts {
		f.Add(text, 0, 9, true)
	}
	f.Add("שלום (עולם) 12", 2, 4, false)
	f.Add(strings.Repeat("a/", 400)+"\t\r\n", -1, 1<<40, true)
	f.Fuzz(func(t *testing.T, text string, start, end int, short bool) {
		marked := report.Marked{Text: text, Marks: []report.Mark{{Start: start, End: end}, {Start: end, End: start}, {Start: start + 1, End: end + 1}}}
		d := &report.Document{
			Audience: report.Technical, Sections: []report.Section{report.SectionFindings, report.SectionScope}, Cover: report.Cover{Title: text, Scope: text},
			Weaknesses: []report.Weakness{{
				Title: text, Reason: text, Impact: text, References: []string{text, "https://example.com/" + text}, OWASP: []string{text},
				Proofs: []report.Proof{{Sent: []report.Marked{marked}, Answer: marked, Diff: []report.Change{{Kind: "new", Text: text}}, Curl: text}},
			}},
		}
		if short {
			d.Audience = report.Executive
		}
		p := readPDF(t, write(t, d))
		if short && len(p.pages) != 2 {
			t.Errorf("%d pages", len(p.pages))
		}
		for _, r := range p.words() {
			if r < ' ' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Fatalf("U+%04X stands on the page as it is", r)
			}
		}
	})
}
