package traffic

import (
	"strings"
	"time"
)

// Facts returns what the exchange itself says in the words of the filter language: what needs neither a language
// model's point of view nor a project. Strings and Number of other fields are unknown; wrap it to add them. Bodies are
// not searched.
func (e *Exchange) Facts() Facts { return exchangeFacts{e} }

type exchangeFacts struct{ e *Exchange }

// Strings implements Facts.
func (f exchangeFacts) Strings(field, key string) []string {
	e := f.e
	switch field {
	case "host":
		return known(SplitURL(e.Request.URL).Host)
	case "path":
		return known(SplitURL(e.Request.URL).Path)
	case "scheme":
		return known(SplitURL(e.Request.URL).Scheme)
	case "url", "text":
		return known(e.Request.URL)
	case "method":
		return known(e.Request.Method)
	case "state":
		return known(string(e.State))
	case "source":
		return known(string(e.Source))
	case "wire":
		return known(string(e.Kind))
	case "proto":
		return known(e.Request.Proto)
	case "client":
		return known(e.Client.Process)
	case "mime":
		return known(e.mediaType())
	case "error":
		if e.Fault != nil {
			return known(e.Fault.Reason)
		}
	case "header":
		return e.headerLines(key)
	case "has":
		return e.has()
	}
	return nil
}

func known(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (e *Exchange) mediaType() string {
	if e.Response != nil {
		return MediaType(e.Response.Header.Get("Content-Type"))
	}
	return MediaType(e.Request.Header.Get("Content-Type"))
}

// headerLines returns all header lines, or the values of one header.
func (e *Exchange) headerLines(name string) []string {
	headers := []Header{e.Request.Header}
	if e.Response != nil {
		headers = append(headers, e.Response.Header)
	}
	var lines []string
	for _, h := range headers {
		for _, f := range h {
			if name == "" {
				lines = append(lines, f.Name+": "+f.Value)
			} else if strings.EqualFold(f.Name, name) {
				lines = append(lines, f.Value)
			}
		}
	}
	return lines
}

func (e *Exchange) has() []string {
	var has []string
	if e.Fault != nil {
		has = append(has, "fault", "error")
	}
	if e.Kind == KindWebSocket {
		has = append(has, "frames")
	}
	if e.Request.Body.Lost != "" || e.Response != nil && e.Response.Body.Lost != "" {
		has = append(has, "lost")
	}
	if e.mediaType() == "text/event-stream" {
		has = append(has, "stream")
	}
	return has
}

// Number implements Facts.
func (f exchangeFacts) Number(field string) (int64, bool) {
	e := f.e
	offset := func(d time.Duration) (int64, bool) { return d.Microseconds(), d > 0 }
	switch field {
	case "id":
		return int64(e.ID), e.ID > 0
	case "status":
		if e.Response != nil {
			return int64(e.Response.Status), true
		}
	case "started":
		return e.Started.UnixMicro(), !e.Started.IsZero()
	case "duration":
		return offset(e.Timing.Done)
	case "ttft":
		return offset(e.Timing.FirstByte)
	case "request_bytes":
		return e.Request.Body.Size, true
	case "response_bytes":
		if e.Response != nil {
			return e.Response.Body.Size, true
		}
	case "size":
		size := e.Request.Body.Size
		if e.Response != nil {
			size += e.Response.Body.Size
		}
		return size, true
	}
	return 0, false
}
