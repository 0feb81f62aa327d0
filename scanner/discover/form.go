package discover

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
)

// formField is a field of a form or a parameter of a query.
type formField struct {
	name, value string
	file        bool
}

// Bounds of a form or query.
const (
	maxForm      = 4 << 20 // bytes that are looked at
	maxFormParts = 1000
	maxFormValue = 64 << 10 // bytes of one value that are looked at
)

// formFields reads a form that is URL-encoded or in parts. What breaks off ends it.
func formFields(body []byte, mediaType, contentType string) []formField {
	body = body[:min(len(body), maxForm)]
	if mediaType == "multipart/form-data" {
		return formParts(body, contentType)
	}
	return pairs(string(body))
}

// pairs reads a query as sent; a name or value whose escapes are broken stays as it is.
func pairs(query string) []formField {
	var fields []formField
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		if len(fields) == maxFormParts {
			break
		}
		name, value, _ := strings.Cut(pair, "=")
		fields = append(fields, formField{name: unescaped(name), value: unescaped(value)})
	}
	return fields
}

func unescaped(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

func formParts(body []byte, contentType string) []formField {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || parameters["boundary"] == "" {
		return nil
	}
	var fields []formField
	r := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for len(fields) < maxFormParts {
		part, err := r.NextRawPart()
		if err != nil {
			break
		}
		f := formField{name: part.FormName(), file: part.FileName() != ""}
		if f.file {
			fields = append(fields, f)
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, maxFormValue))
		if f.value = string(value); err == nil && f.name != "" {
			fields = append(fields, f)
		}
	}
	return fields
}
