package llm

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	"assay/traffic"
)

// PutForm gives a field of an urlencoded body a value, and adds it behind the others where it is missing.
func PutForm(body []byte, name, text string) []byte {
	if changed, err := setForm(body, Ref{In: PlaceForm, Name: name}, text); err == nil {
		return changed
	}
	pair := url.QueryEscape(name) + "=" + url.QueryEscape(text)
	if len(body) > 0 {
		pair = "&" + pair
	}
	return splice(body, len(body), len(body), []byte(pair))
}

// RemoveForm takes every field of a name out of an urlencoded body.
func RemoveForm(body []byte, name string) (out []byte, removed bool) {
	var kept [][]byte
	for pair := range bytes.SplitSeq(body, []byte{'&'}) {
		field, _, _ := bytes.Cut(pair, []byte{'='})
		if plain, err := url.QueryUnescape(string(field)); err == nil && plain == name && len(pair) > 0 {
			removed = true
			continue
		}
		kept = append(kept, pair)
	}
	if !removed {
		return body, false
	}
	return bytes.Join(kept, []byte{'&'}), true
}

// PutQuery gives a parameter of a URL a value, and adds it behind the others where it is missing.
func PutQuery(raw, name, text string) string {
	path, query, fragment := cutQuery(raw)
	return path + "?" + string(PutForm([]byte(query), name, text)) + fragment
}

// RemoveQuery takes every parameter of a name out of a URL.
func RemoveQuery(raw, name string) (out string, removed bool) {
	path, query, fragment := cutQuery(raw)
	left, removed := RemoveForm([]byte(query), name)
	if !removed {
		return raw, false
	}
	if len(left) > 0 {
		path += "?" + string(left)
	}
	return path + fragment, true
}

// cutQuery takes a URL apart: what stands before the query, the query, the fragment with its #.
func cutQuery(raw string) (path, query, fragment string) {
	if i := strings.IndexByte(raw, '#'); i >= 0 {
		raw, fragment = raw[:i], raw[i:]
	}
	path, query, _ = strings.Cut(raw, "?")
	return path, query, fragment
}

// FormPart is a field of a multipart body.
type FormPart struct {
	Name string
	File string // its file name; empty where it is no file
	MIME string
}

// FormParts lists the fields of a multipart body, without their content; none where the body is not multipart.
func FormParts(in Input) []FormPart {
	var found []FormPart
	_ = eachPart(&in, func(p *partSpan) bool {
		found = append(found, FormPart{Name: p.params["name"], File: p.params["filename"], MIME: p.mime})
		return len(found) < maxFormParts
	})
	return found
}

// PutPart gives a field of a multipart body a content, and adds it behind the others where it is missing.
func PutPart(in Input, name, text string) (Input, error) {
	changed, err := setPart(&in, Ref{In: PlacePart, Name: name}, text)
	if err == nil {
		in.RequestBody = changed
		return in, nil
	}
	boundary := boundaryOf(&in)
	end := bytes.LastIndex(in.RequestBody, []byte("--"+boundary+"--"))
	if boundary == "" || end < 0 || strings.ContainsAny(name, "\"\r\n") || strings.Contains(text, "--"+boundary) {
		return in, err
	}
	part := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n"
	in.RequestBody = splice(in.RequestBody, end, end, []byte(part))
	return in, nil
}

// SetFile replaces the content of the first file of a multipart body, or its name where name is not empty. Nil data
// leaves the content.
func SetFile(in Input, name string, data []byte) (Input, error) {
	boundary := boundaryOf(&in)
	if boundary == "" {
		return in, &NoPlace{What: "files: its body is not multipart"}
	}
	if bytes.Contains(data, []byte("--"+boundary)) {
		return in, fmt.Errorf("the content of the file holds the boundary %q of the form", boundary)
	}
	done := false
	err := eachPart(&in, func(p *partSpan) bool {
		if _, file := p.params["filename"]; !file {
			return true
		}
		done = true
		if data != nil {
			in.RequestBody = splice(in.RequestBody, p.start, p.end, data)
		}
		if name != "" {
			start, end := fileNameIn(in.RequestBody[p.head:p.start])
			if done = end > start; done {
				in.RequestBody = splice(in.RequestBody, p.head+start, p.head+end, []byte(formName.Replace(name)))
			}
		}
		return false
	})
	if err == nil && !done {
		err = &NoPlace{What: "files: its form has no field with a file"}
	}
	return in, err
}

// formName writes the name of a file as browsers do in forms (WHATWG HTML, 4.10.21.8).
var formName = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

// fileNameIn finds the name of the file in the head of a part, between its quotes.
func fileNameIn(head []byte) (start, end int) {
	lower := bytes.ToLower(head)
	i := bytes.Index(lower, []byte("filename=\""))
	if i < 0 {
		return 0, 0
	}
	start = i + len("filename=\"")
	for end = start; end < len(head) && head[end] != '"'; end++ {
		if head[end] == '\\' {
			end++
		}
	}
	return start, min(end, len(head))
}

// partSpan is where a field of a multipart body stands.
type partSpan struct {
	head       int // where its headers begin
	start, end int // its content
	params     map[string]string
	mime       string
}

// eachPart goes through the fields of a multipart body until it is told to stop.
func eachPart(in *Input, visit func(*partSpan) bool) error {
	body, boundary := in.RequestBody, boundaryOf(in)
	if boundary == "" {
		return &NoPlace{What: "fields of a form: its body is not multipart"}
	}
	delimiter := []byte("\r\n--" + boundary)
	for at := bytes.Index(body, delimiter[2:]); at >= 0; {
		at += len(delimiter) - 2
		stop := bytes.Index(body[at:], delimiter)
		if stop < 0 {
			break
		}
		stop += at
		if n := bytes.Index(body[at:stop], []byte("\r\n\r\n")); n >= 0 {
			p := &partSpan{head: at, start: at + n + 4, end: stop, params: map[string]string{}}
			p.read(string(body[at : at+n]))
			if !visit(p) {
				return nil
			}
		}
		at = stop + 2
	}
	return nil
}

// read takes what the headers of a part say.
func (p *partSpan) read(head string) {
	for line := range strings.SplitSeq(head, "\r\n") {
		name, val, _ := strings.Cut(line, ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "content-disposition":
			if _, params, err := mime.ParseMediaType(strings.TrimSpace(val)); err == nil && len(p.params) == 0 {
				p.params = params
			}
		case "content-type":
			p.mime = mediaType(val)
		}
	}
}

// PutText is SetPrompt that adds what is missing: a member of a JSON body, a field of a form, a parameter, a header.
func PutText(in Input, ref Ref, text string) (Input, error) {
	out, err := SetPrompt(in, ref, text)
	if err == nil {
		return out, nil
	}
	switch ref.In {
	case PlaceJSON:
		var r *rewrite
		if r, err = newRewrite(in.RequestBody); err == nil {
			err = r.put(ref.Name, quote(text, r.ascii))
		}
		if err == nil {
			in.RequestBody = r.body
		}
	case PlaceForm:
		in.RequestBody, err = PutForm(in.RequestBody, ref.Name, text), nil
	case PlaceQuery:
		in.URL, err = PutQuery(in.URL, ref.Name, text), nil
	case PlacePart:
		return PutPart(in, ref.Name, text)
	case PlaceHeader:
		if !strings.ContainsAny(text, "\r\n\x00") && !in.RequestHeader.Has(ref.Name) {
			in.RequestHeader = append(slices.Clone(in.RequestHeader), traffic.Field{Name: ref.Name, Value: text})
			return in, nil
		}
	case PlaceBody, PlaceFrame: // SetPrompt takes any body, and nothing is added to a frame
	}
	return in, err
}

// ValueText is the text, number or boolean at a pointer of a JSON document, as text; "" where there is none.
func ValueText(body []byte, pointer string) string {
	if pointer != "" && pointer[0] != '/' {
		return ""
	}
	doc := parseJSON(body)
	defer doc.release()
	return doc.root().resolve(pointer).scalar()
}
