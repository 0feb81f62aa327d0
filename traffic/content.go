package traffic

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Duration returns the time from the first byte of the request to the end of the exchange; 0 while it is not known.
func (e *Exchange) Duration() time.Duration { return e.Timing.Done }

// Content returns at most limit bytes of a side's body without its content codings. Import files often hold bodies
// that were decoded already (Origin says which); those, and bodies that are not of the coding the headers claim, are
// returned as they are. lost says in one sentence what is missing, or why the coding could not be undone.
func (e *Exchange) Content(side Side, limit int64) (content []byte, lost string) {
	header, body := e.Request.Header, e.Request.Body
	if side == FromServer {
		if e.Response == nil {
			return nil, ""
		}
		header, body = e.Response.Header, e.Response.Body
	}
	coding := strings.Join(header.Values("Content-Encoding"), ",")
	if e.decoded(side) {
		coding = ""
	}
	content, lost, err := Decode(body.Data, coding, limit)
	if err != nil {
		content, lost, _ = Decode(body.Data, "", limit)
		if lost == "" {
			lost = err.Error()
		}
	}
	if body.Lost != "" {
		lost = body.Lost
	}
	return content, lost
}

// decoded reports whether Origin says that a side's body had its codings undone before it was imported.
func (e *Exchange) decoded(side Side) bool {
	if len(e.Origin) == 0 {
		return false
	}
	for _, v := range gjson.GetBytes(e.Origin, "decoded").Array() {
		if v.Str == side.String() {
			return true
		}
	}
	return false
}

// MediaType returns the media type of a Content-Type header in lower case, without parameters.
func MediaType(contentType string) string {
	mediaType, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(mediaType))
}
