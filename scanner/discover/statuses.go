package discover

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"assay/scanner"
)

// statusWords are the statuses as text, so that counting them allocates nothing.
var statusWords = func() (words [600]string) {
	for i := range words {
		words[i] = strconv.Itoa(i)
	}
	return words
}()

func statusWord(status int) string {
	if status > 0 && status < len(statusWords) {
		return statusWords[status]
	}
	return strconv.Itoa(status)
}

// learnStatus counts the answer's status, and exchanges without one.
func (l *lesson) learnStatus() {
	f := &l.e.Facts
	status := l.status()
	if status == 0 {
		f.Failed++
		return
	}
	l.newStatus(status)
	var cut bool
	f.Statuses, cut = count(f.Statuses, statusWord(status), 1, maxStatuses)
	f.Cut = f.Cut || cut
	if status >= 400 && stackTrace(l.s.Response) {
		f.Traces++
	}
}

// newStatus tells the timeline of the first answer of a class, and of the first refusals, of an endpoint that was
// known before.
func (l *lesson) newStatus(status int) {
	if !l.known {
		return
	}
	succeeded := false
	for i := range l.e.Facts.Statuses {
		old, _ := strconv.Atoi(l.e.Facts.Statuses[i].Value)
		succeeded = succeeded || old >= 200 && old < 400
		if old == status || old/100 == status/100 && !refusal(status) {
			return
		}
	}
	severity := "info"
	switch {
	case status >= 500:
		severity = "medium"
	case refusal(status):
		severity = "low"
	case status < 300 && !succeeded:
		severity = "medium" // it always refused
	}
	l.tell(scanner.ChangeStatus, severity, fmt.Sprintf("%s answered %d for the first time, after %d exchanges without", l.name(), status, observed(&l.e.Facts)))
}

func refusal(status int) bool { return status == 401 || status == 403 }

// maxTrace is how much of an error is searched for a stack trace.
const maxTrace = 32 << 10

// traceMarks are what stack traces of the usual languages look like; the second must stand somewhere after the first.
var traceMarks = [][2]string{
	{"Traceback (most recent call last)", `File `},                     // Python
	{"goroutine ", ".go:"},                                             // Go
	{"\tat ", ".java:"},                                                // Java as text
	{`\tat `, ".java:"},                                                // and in JSON
	{"    at ", ".js:"},                                                // JavaScript
	{"    at ", ".ts:"},                                                //
	{"   at ", ".cs:line "},                                            // .NET
	{"   at System.", " in "},                                          //
	{"#0 ", ".php("},                                                   // PHP
	{"stack backtrace:", "::"},                                         // Rust
	{".rb:", ":in `"},                                                  // Ruby
	{"Stack trace:", "#0 "},                                            //
	{"org.springframework.", "Exception"}, {"java.lang.", "Exception"}, // Java without lines
}

// stackTrace reports whether an error shows the inside of the program that made it.
func stackTrace(body []byte) bool {
	body = body[:min(len(body), maxTrace)]
	for _, m := range traceMarks {
		if i := bytes.Index(body, []byte(m[0])); i >= 0 && bytes.Contains(body[i:], []byte(m[1])) {
			return true
		}
	}
	return false
}

// learnMedia counts the media types of both bodies.
func (l *lesson) learnMedia() {
	f := &l.e.Facts
	x := l.s.Exchange
	var cut bool
	if asked := mediaTypeOf(x.Request.Header.Get("Content-Type")); asked != "" && x.Request.Body.Size+int64(len(l.s.Request)) > 0 {
		f.Requests, cut = count(f.Requests, asked, 1, maxMedia)
		f.Cut = f.Cut || cut
	}
	if answered := mediaTypeOf(l.answerType()); answered != "" {
		f.Responses, cut = count(f.Responses, answered, 1, maxMedia)
		f.Cut = f.Cut || cut
	}
}

func mediaTypeOf(contentType string) string {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.TrimSpace(t))
	if len(t) > 100 {
		return ""
	}
	return t
}

// saysJSON reports whether a media type promises one JSON document.
func saysJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json") && mediaType != "application/stream+json" || mediaType == "text/json"
}
