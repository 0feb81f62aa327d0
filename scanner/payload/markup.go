package payload

import (
	"cmp"
	"regexp"
	"strings"
)

// unshown finds elements that a page does not show: 1 is the element.
var unshown = regexp.MustCompile(`(?i)<([a-z][a-z0-9]{0,15})\b[^<>]{0,512}(?:style\s*=\s*["']?(?:(?:[^"'<>]{0,255}[;\s])?color\s*:\s*(?:#fff(?:fff)?|white|transparent)\b|[^"'<>]{0,256}(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:\.\d+)?(?:px|em|pt|%)?\s*[;"']|opacity\s*:\s*0(?:\.0\d*)?\s*[;"']|(?:left|top|text-indent)\s*:\s*-\d{3,}))|\shidden(?:[\s=][^<>]{0,16})?|aria-hidden\s*=\s*["']?true)(?:["';\s/][^<>]{0,512})?>`)

// mostUnshown bounds how many hidden pieces of one text are told, and mostPiece the bytes of one.
const (
	mostUnshown = 64
	mostPiece   = 8 << 10
)

// Unshown finds what a page or a Markdown text holds and does not show: comments, and elements that are hidden by their
// style. It gives the places of their text.
func Unshown(text string) (places [][2]int) {
	text = text[:min(len(text), mostText)]
	for at := 0; len(places) < mostUnshown; {
		i := strings.Index(text[at:], "<!--")
		if i < 0 {
			break
		}
		start := at + i + 4
		end := strings.Index(text[start:], "-->")
		if end < 0 {
			end = len(text) - start
		}
		if end >= 12 {
			places = append(places, [2]int{start, start + min(end, mostPiece)})
		}
		at = start + end
	}
	if !containsAny(text, "style", "STYLE", "hidden") {
		return places
	}
	for _, m := range unshown.FindAllStringSubmatchIndex(text, mostUnshown) {
		name := text[m[2]:m[3]]
		rest := text[m[1]:min(len(text), m[1]+mostPiece)]
		end := strings.Index(rest, "</"+name)
		if end < 0 {
			end = len(rest)
		}
		if end >= 12 {
			places = append(places, [2]int{m[1], m[1] + end})
		}
	}
	return places
}

// Shown is the text of a page without its markup, scripts and styles: what a model is mostly given of it.
func Shown(page string) string {
	var b strings.Builder
	for at := 0; at < len(page); {
		i := strings.IndexByte(page[at:], '<')
		if i < 0 {
			b.WriteString(page[at:])
			break
		}
		b.WriteString(page[at : at+i])
		at += i
		skip := ""
		switch rest := page[at:]; {
		case strings.HasPrefix(rest, "<!--"):
			skip = "-->"
		case hasElement(rest, "script"):
			skip = "</script"
		case hasElement(rest, "style"):
			skip = "</style"
		}
		end := strings.Index(page[at:], cmp.Or(skip, ">"))
		if end < 0 {
			break
		}
		at += end + len(cmp.Or(skip, ">"))
		if strings.HasPrefix(skip, "</") {
			if i := strings.IndexByte(page[at:], '>'); i >= 0 {
				at += i + 1
			}
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func hasElement(text, name string) bool {
	return len(text) > len(name)+1 && strings.EqualFold(text[1:1+len(name)], name)
}
