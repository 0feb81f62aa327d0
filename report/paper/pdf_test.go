package paper_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// colour is what a text is drawn in: its own, else the last one of its page.
var colour = regexp.MustCompile(`(?m)^(?:q )?([\d.]+ [\d.]+ [\d.]+) rg`)

// pdf is what a reader of our own finds in a file: enough of the format to check what the library wrote, and written
// apart from it.
type pdf struct {
	pages     [][]string // texts of each page, in the order in which they were drawn
	colours   []map[string]string
	links     []string // addresses
	bookmarks []string
	at        []int // the page of each bookmark, from 1
	inside    int   // links to places of the file
}

var (
	object = regexp.MustCompile(`(?s)(\d+) 0 obj\n(.*?)\nendobj`)
	shows  = regexp.MustCompile(`(?s)BT (-?[\d.]+) (-?[\d.]+) Td \(((?:[^\\()]|\\.)*)\) Tj ET`)
	title  = regexp.MustCompile(`(?s)<</Title \(((?:[^\\()]|\\.)*)\)`)
	uri    = regexp.MustCompile(`(?s)/S /URI /URI \(((?:[^\\()]|\\.)*)\)`)
	place  = regexp.MustCompile(`/Subtype /Link [^>]*/Dest \[`)
	isPage = regexp.MustCompile(`/Type /Page\n`)
	dest   = regexp.MustCompile(`/Dest \[(\d+) 0 R`)
	drawn  = regexp.MustCompile(`/Contents (\d+) 0 R`)
)

func readPDF(tb testing.TB, data []byte) *pdf {
	tb.Helper()
	objects, order := map[int][]byte{}, []int(nil)
	for at := 0; ; {
		// Streams hold anything, also "endobj": they are skipped by their length.
		m := object.FindSubmatchIndex(data[at:])
		if m == nil {
			break
		}
		n, _ := strconv.Atoi(string(data[at+m[2] : at+m[3]]))
		body := data[at+m[4] : at+m[5]]
		end := at + m[1]
		if i := bytes.Index(body, []byte("stream\n")); i >= 0 {
			length := regexp.MustCompile(`/Length (\d+)`).FindSubmatch(body[:i])
			size, _ := strconv.Atoi(string(length[1]))
			from := at + m[4] + i + len("stream\n")
			body = append(append([]byte(nil), body[:i+len("stream\n")]...), data[from:from+size]...)
			end = from + size
		}
		objects[n], order = body, append(order, n)
		at = end
	}
	p, leads, numbers := &pdf{}, []string(nil), map[string]int{}
	for _, n := range order {
		body := objects[n]
		if isPage.Match(body) {
			ref, _ := strconv.Atoi(string(drawn.FindSubmatch(body)[1]))
			lines, colours := texts(tb, objects[ref])
			p.pages, p.colours = append(p.pages, lines), append(p.colours, colours)
			numbers[strconv.Itoa(n)] = len(p.pages)
			p.inside += len(place.FindAll(body, -1))
			for _, m := range uri.FindAllSubmatch(body, -1) {
				p.links = append(p.links, plain(m[1]))
			}
		}
		if m := title.FindSubmatch(body); m != nil && bytes.Contains(body, []byte("/Parent")) {
			p.bookmarks = append(p.bookmarks, plain(m[1]))
			leads = append(leads, string(dest.FindSubmatch(body)[1]))
		}
	}
	for _, lead := range leads {
		p.at = append(p.at, numbers[lead])
	}
	return p
}

// texts are the texts of a page, those of one line together, and the colour of the beginning of each line.
func texts(tb testing.TB, stream []byte) (all []string, colours map[string]string) {
	tb.Helper()
	_, packed, _ := bytes.Cut(stream, []byte("stream\n"))
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		tb.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		tb.Fatal(err)
	}
	last, at, now := "", 0, ""
	colours = map[string]string{}
	for _, m := range shows.FindAllSubmatchIndex(content, -1) {
		for _, c := range colour.FindAllSubmatch(content[at:m[0]], -1) {
			now = string(c[1])
		}
		words, y := plain(content[m[6]:m[7]]), string(content[m[4]:m[5]])
		if at = m[1]; y == last {
			all[len(all)-1] += words
			continue
		}
		all, last = append(all, words), y
		colours[words] = now
	}
	return all, colours
}

// plain undoes the escapes of a string and its UTF-16.
func plain(s []byte) string {
	var raw []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			raw = append(raw, s[i])
			continue
		}
		if i++; s[i] == 'r' {
			raw = append(raw, '\r')
		} else {
			raw = append(raw, s[i])
		}
	}
	wide, marked := bytes.CutPrefix(raw, []byte{0xfe, 0xff})
	if len(wide)%2 != 0 || !marked && bytes.IndexByte(wide, 0) < 0 && len(wide) > 0 && wide[0] >= ' ' && strings.HasPrefix(string(wide), "http") {
		return string(raw)
	}
	units := make([]uint16, 0, len(wide)/2)
	for i := 0; i+1 < len(wide); i += 2 {
		units = append(units, uint16(wide[i])<<8|uint16(wide[i+1]))
	}
	return string(utf16.Decode(units))
}

func (p *pdf) String() string {
	var b strings.Builder
	for i, page := range p.pages {
		fmt.Fprintf(&b, "=== page %d\n%s\n", i+1, strings.Join(page, "\n"))
	}
	fmt.Fprintf(&b, "=== bookmarks\n%s\n=== links (%d inside)\n%s\n", strings.Join(p.bookmarks, "\n"), p.inside, strings.Join(p.links, "\n"))
	return b.String()
}

// words are all texts of all pages without spaces, for comparisons that do not depend on how lines were parted.
func (p *pdf) words() string {
	var b strings.Builder
	for _, page := range p.pages {
		for _, line := range page {
			b.WriteString(strings.Join(strings.Fields(line), ""))
		}
	}
	return b.String()
}
