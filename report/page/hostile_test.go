package page_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"assay/report"
	"assay/report/page"
	"assay/report/reporttest"
	"assay/scanner"
)

// inert are the elements that a page may have. None of them runs, loads or sends anything.
var inert = strings.Fields(`html head meta link title style body a header div p h1 h2 h3 h4 dl dt dd nav ol ul li main section article footer figure figcaption
	table thead tbody tfoot tr th td caption strong small span code pre mark sup ins del details summary time img br
	svg defs symbol path circle rect g text polyline use`)

// void are elements without an end.
var void = map[string]bool{"meta": true, "img": true, "link": true, "br": true}

// check reads a page as a stream of tags: each is one that a page may have, with attributes that do nothing, and each is
// closed by its own end, so that nothing of the report broke out of where it stands.
func check(t testing.TB, data []byte) (texts string) {
	t.Helper()
	if !utf8.Valid(data) {
		t.Fatal("the page is no UTF-8")
	}
	allowed := map[string]bool{}
	for _, name := range inert {
		allowed[name] = true
	}
	var open []string
	var said strings.Builder
	ids := map[string]int{}
	for z := html.NewTokenizer(bytes.NewReader(data)); ; {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) || len(open) > 0 {
				t.Fatalf("the page ends within %v: %v", open, z.Err())
			}
			return said.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			if !allowed[token.Data] {
				t.Fatalf("the page has the element %s", token.Data)
			}
			for _, a := range token.Attr {
				attribute(t, token.Data, a)
				if a.Key == "id" {
					ids[a.Val]++
				}
			}
			if kind == html.StartTagToken && !void[token.Data] {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s is closed within %v", token.Data, open)
			}
			open = open[:len(open)-1]
		case html.TextToken:
			if len(open) > 0 && open[len(open)-1] == "style" {
				continue
			}
			said.WriteString(token.Data)
			said.WriteByte(' ')
		case html.CommentToken:
			t.Fatalf("the page has the comment %q", token.Data)
		case html.DoctypeToken:
		}
	}
}

func attribute(t testing.TB, element string, a html.Attribute) {
	t.Helper()
	value := strings.ToLower(strings.TrimSpace(a.Val))
	switch {
	case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "formaction":
		t.Fatalf("%s has %s=%q", element, a.Key, a.Val)
	case element == "link" && a.Key == "href": // an icon of nothing keeps browsers from asking for one
		if value != "data:," {
			t.Fatalf("a link leads to %q", a.Val)
		}
	case a.Key == "href":
		if !strings.HasPrefix(value, "#") && !strings.HasPrefix(value, "https://") {
			t.Fatalf("%s leads to %q", element, a.Val)
		}
	case a.Key == "src":
		if !strings.HasPrefix(value, "data:image/png;base64,") && !strings.HasPrefix(value, "data:image/jpeg;base64,") {
			t.Fatalf("%s loads %q", element, a.Val)
		}
	case a.Key == "http-equiv" && value != "content-security-policy":
		t.Fatalf("the page has a meta %q", a.Val)
	}
}

// unseen reports a character that a reader would not see, or that moves others.
func unseen(text string) (rune, bool) {
	for _, r := range text {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune("\u200b\u2060\ufeff\u00ad\u2028\u2029", r) || r >= 0xe0000 && r <= 0xe0fff) {
			return r, true
		}
	}
	return 0, false
}

func TestSampleIsInert(t *testing.T) {
	t.Parallel()
	for _, audience := range audiences {
		text := check(t, written(t, reporttest.Sample(audience)))
		for _, want := range []string{"Mira, the assistant of Meridian Bank", "Letter of 2 November 2026", "was never tested", "98.1 %", "API key"} {
			if !strings.Contains(text, want) {
				t.Errorf("the %s report does not say %q", audience, want)
			}
		}
	}
}

// TestHostile fills every field with every hostile text, one at a time and all at once.
func TestHostile(t *testing.T) {
	t.Parallel()
	documents := map[string]*report.Document{"all": reporttest.Hostile(), "long": reporttest.Filled(report.Technical, reporttest.Long)}
	for i, text := range reporttest.Texts {
		documents[fmt.Sprint("text ", i)] = reporttest.Filled(audiences[i%len(audiences)], text)
	}
	for name, d := range documents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := written(t, d)
			text := check(t, data)
			if r, found := unseen(text); found {
				t.Errorf("%U is not shown by a sign", r)
			}
			if len(data) > 3<<20 {
				t.Errorf("the page has %d bytes", len(data))
			}
		})
	}
}

// many is a report with so many findings, each with evidence as long as it comes.
func many(findings int) *report.Document {
	d := reporttest.Sample(report.Technical)
	long := strings.Repeat("The answer goes on and \"quotes\" what <b>it</b> was told, in many words. ", 400)
	w := d.Weaknesses[0]
	w.Proofs = nil
	for range 3 {
		p := d.Weaknesses[0].Proofs[0]
		p.Answer.Text += long
		p.Sent = []report.Marked{{Text: long}, {Text: long}, {Text: long}}
		p.Curl += long
		w.Proofs = append(w.Proofs, p)
	}
	d.Weaknesses = nil
	for range findings {
		w.ID++
		d.Weaknesses = append(d.Weaknesses, w)
	}
	return d
}

// TestSize holds the page to 2 MB for 50 findings, and its time to grow as they do. BenchmarkWrite says how long it takes.
func TestSize(t *testing.T) {
	t.Parallel()
	if n := len(written(t, many(50))); n > 2_000_000 {
		t.Errorf("50 findings take %d bytes", n)
	}
	few, lot := many(25), many(500)
	took := func(d *report.Document) time.Duration {
		least := time.Hour
		for range 3 {
			began := time.Now()
			written(t, d)
			least = min(least, time.Since(began))
		}
		return least
	}
	if one, all := took(few), took(lot); all > 100*one {
		t.Errorf("25 findings took %s, 500 took %s", one, all)
	}
}

func BenchmarkWrite(b *testing.B) {
	d := many(500)
	for b.Loop() {
		if err := page.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}

// TestLogo leaves out what is no picture, or one that can run.
func TestLogo(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Executive)
	if !bytes.Contains(written(t, d), []byte(`src="data:image/png;base64,`)) {
		t.Error("the logo is not there")
	}
	for _, logo := range []string{"", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "GIF89a", strings.Repeat("\x89PNG\r\n\x1a\n", 1<<17)} {
		d.Cover.Logo = []byte(logo)
		if bytes.Contains(written(t, d), []byte("<img")) {
			t.Errorf("%.20q became a logo", logo)
		}
	}
}

// TestTrend draws snapshots of one second, and of one moment, over the whole width.
func TestTrend(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Executive)
	for _, apart := range []time.Duration{0, 100 * time.Millisecond, 24 * time.Hour} {
		d.Trend = d.Trend[:3]
		for i := range d.Trend {
			d.Trend[i].At = d.Made.Add(time.Duration(i) * apart)
		}
		data := written(t, d)
		for _, x := range []string{`cx="34.0"`, `cx="274.0"`, `cx="514.0"`} {
			if !bytes.Contains(data, []byte(x)) {
				t.Errorf("of snapshots that are %s apart none is at %s", apart, x)
			}
		}
	}
}

// TestCalledFixed has a weakness that somebody calls fixed and no run tried again: it is open, and the page says why.
func TestCalledFixed(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Technical)
	d.Weaknesses = d.Weaknesses[:1]
	d.Weaknesses[0].State = scanner.FindingFixed
	if text := check(t, written(t, d)); !strings.Contains(text, "Called fixed, not tested again") || !strings.Contains(text, "1 weakness is open") {
		t.Error("what is only called fixed is taken for fixed")
	}
	d.Weaknesses[0].Mended = 12
	if text := check(t, written(t, d)); strings.Contains(text, "Called fixed") || !strings.Contains(text, "No weakness is open") {
		t.Error("what a run showed to be fixed is taken for open")
	}
}

// TestEmpty writes reports that know nothing: they say so, and nothing is a zero that means "not tested".
func TestEmpty(t *testing.T) {
	t.Parallel()
	for _, audience := range audiences {
		text := check(t, written(t, &report.Document{Audience: audience, Sections: reporttest.All}))
		for _, want := range []string{"Nothing was tested yet", "No test was run", "No score"} {
			if !strings.Contains(text, want) {
				t.Errorf("the empty %s report does not say %q", audience, want)
			}
		}
		check(t, written(t, &report.Document{Audience: audience}))
	}
}

type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestWriterFails(t *testing.T) {
	t.Parallel()
	for _, room := range []int{0, 70_000} {
		if err := page.Write(&full{room}, reporttest.Sample(report.Technical)); err == nil {
			t.Errorf("a disk with %d bytes left took the page", room)
		}
	}
}

func FuzzWrite(f *testing.F) {
	for _, text := range reporttest.Texts {
		f.Add(text, 0, 9)
	}
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		d := reporttest.Small(audiences[len(text)%len(audiences)], text)
		d.Weaknesses[0].Proofs[0].Answer.Marks = []report.Mark{{Start: start, End: end, Signal: text, Why: text}, {Start: end, End: start}, {Start: start / 2, End: end}}
		d.Cover.Logo = []byte(text)
		if r, found := unseen(check(t, written(t, d))); found {
			t.Errorf("%U is not shown by a sign", r)
		}
	})
}
