package craft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner/template"
	"assay/traffic"
)

// edit changes the request around the prompt as a template says. An edit that would change nothing is an error: what
// came back would say nothing of it.
func (sc *Script) edit(in llm.Input, q *template.Request) (llm.Input, error) {
	if len(in.Frames) > 0 && (q.Model != "" || len(q.Parameters) > 0 || q.Body != nil || q.Raw != nil || q.ContentType != "" || q.Method != "") {
		return in, &Unfit{"the target is a WebSocket session: its prompt, address, headers and credentials can be changed, and nothing else"}
	}
	var err error
	if q.Size != nil {
		if in, err = sc.grow(in, q.Size); err != nil {
			return in, err
		}
	}
	if q.Model != "" {
		if in, err = sc.model(in, q.Model); err != nil {
			return in, err
		}
	}
	for _, p := range q.Parameters {
		if in, err = sc.subject.editor.SetParameter(in, p.Name, p.Value); err != nil {
			return in, err
		}
	}
	if q.Body != nil {
		if in, err = editBody(in, q.Body); err != nil {
			return in, err
		}
	}
	if q.Raw != nil {
		in.RequestBody = []byte(*q.Raw)
	}
	if q.Path != nil {
		if in.URL, err = editPath(in.URL, q.Path); err != nil {
			return in, err
		}
	}
	if q.Query != nil {
		if in.URL, err = editQuery(in.URL, q.Query); err != nil {
			return in, err
		}
	}
	if q.ContentType != "" {
		in.RequestHeader = in.RequestHeader.With("Content-Type", q.ContentType)
	}
	if q.Headers != nil {
		if in.RequestHeader, err = editHeaders(in.RequestHeader, q.Headers); err != nil {
			return in, err
		}
	}
	if q.Method != "" {
		in.Method = q.Method
	}
	return in, nil
}

// grow makes the text in the prompt's place large.
func (sc *Script) grow(in llm.Input, size *template.Size) (llm.Input, error) {
	s := sc.subject
	if s.slot == (llm.Ref{}) {
		return in, &Unfit{"the request has no text that could be made larger"}
	}
	text := sc.user
	if turns := sc.rendered.Turns; len(turns) > 0 && turns[len(sc.steps)%len(turns)].Slot == template.SlotLastUser {
		text = turns[len(sc.steps)%len(turns)].Text
	}
	var b strings.Builder
	b.Grow(max(size.Bytes, len(text)))
	b.WriteString(text)
	for b.Len() < size.Bytes && size.Fill != "" {
		b.WriteString(size.Fill[:min(len(size.Fill), size.Bytes-b.Len())])
	}
	return llm.SetPrompt(in, s.slot, s.Model.Before+strings.ToValidUTF8(b.String(), "")+s.Model.After)
}

func (sc *Script) model(in llm.Input, name string) (llm.Input, error) {
	was := sc.subject.Said.Model
	if name == was {
		return in, &Unfit{"the request asks for the model " + name + " already"}
	}
	return sc.subject.editor.SetModel(in, was, name)
}

// editBody sets and removes fields of a JSON body, a form or a multipart form.
func editBody(in llm.Input, e *template.FieldEdit) (llm.Input, error) {
	kind := traffic.MediaType(in.RequestHeader.Get("Content-Type"))
	b := bodyOf{put: putMember, remove: llm.RemoveJSON}
	switch {
	case len(in.RequestBody) == 0:
		return in, &Unfit{"the request has no body"}
	case kind == "application/x-www-form-urlencoded":
		b = formBody
	case strings.HasPrefix(kind, "multipart/"):
		for _, p := range e.Set {
			out, err := llm.PutPart(in, fieldName(p.Name), plainText(p.Value))
			if err != nil {
				return in, err
			}
			in = out
		}
		if len(e.Set) == 0 {
			return in, &Unfit{"fields of a multipart form are not removed"}
		}
		return in, nil
	}
	changed := false
	for _, name := range e.Remove {
		out, removed, err := b.remove(in.RequestBody, name)
		if err != nil {
			return in, err
		}
		in.RequestBody, changed = out, changed || removed
	}
	for _, p := range e.Set {
		out, err := b.put(in.RequestBody, p)
		if err != nil {
			return in, err
		}
		in.RequestBody, changed = out, true
	}
	if !changed {
		return in, &Unfit{"the body has none of the fields " + strings.Join(e.Remove, ", ")}
	}
	return in, nil
}

// bodyOf is how fields of one kind of body are edited.
type bodyOf struct {
	put    func(body []byte, p template.Parameter) ([]byte, error)
	remove func(body []byte, name string) ([]byte, bool, error)
}

func putMember(body []byte, p template.Parameter) ([]byte, error) {
	return llm.PutJSON(body, p.Name, jsonText(p.Value))
}

var formBody = bodyOf{
	put: func(body []byte, p template.Parameter) ([]byte, error) {
		return llm.PutForm(body, fieldName(p.Name), plainText(p.Value)), nil
	},
	remove: func(body []byte, name string) ([]byte, bool, error) {
		out, removed := llm.RemoveForm(body, fieldName(name))
		return out, removed, nil
	},
}

// fieldName is the name of a field in a form that a template wrote as a pointer into JSON, so that it fits both.
func fieldName(name string) string { return strings.TrimPrefix(name, "/") }

// editHeaders sets and removes headers.
func editHeaders(header traffic.Header, e *template.FieldEdit) (traffic.Header, error) {
	changed := len(e.Set) > 0
	for _, name := range e.Remove {
		left := slices.DeleteFunc(slices.Clone(header), func(f traffic.Field) bool { return strings.EqualFold(f.Name, name) })
		changed = changed || len(left) < len(header)
		header = left
	}
	for _, p := range e.Set {
		header = header.With(p.Name, oneLine(plainText(p.Value)))
	}
	if !changed {
		return header, &Unfit{"the request has none of the headers " + strings.Join(e.Remove, ", ")}
	}
	return header, nil
}

func editQuery(raw string, e *template.FieldEdit) (string, error) {
	changed := len(e.Set) > 0
	for _, name := range e.Remove {
		out, removed := llm.RemoveQuery(raw, name)
		raw, changed = out, changed || removed
	}
	for _, p := range e.Set {
		raw = llm.PutQuery(raw, p.Name, plainText(p.Value))
	}
	if !changed {
		return raw, &Unfit{"the URL has none of the parameters " + strings.Join(e.Remove, ", ")}
	}
	return raw, nil
}

// editPath changes the path of a URL. A path that is set may bring a query of its own; else the query stays.
func editPath(raw string, e *template.PathEdit) (string, error) {
	origin, path, query := cutURL(raw)
	was := path
	if e.Set != "" {
		path = e.Set
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		if p, q, own := strings.Cut(path, "?"); own {
			path, query = p, "?"+q
		}
	}
	if e.Find != "" {
		find, err := regexp.Compile(e.Find)
		if err != nil {
			return raw, err
		}
		if !find.MatchString(path) {
			return raw, &Unfit{fmt.Sprintf("the path %.80s has nothing that matches %s", path, e.Find)}
		}
		path = find.ReplaceAllString(path, e.Replace)
	}
	path += e.Append
	if path == was && query == raw[len(raw)-len(query):] {
		return raw, &Unfit{"the path would stay as it is"}
	}
	return origin + path + query, nil
}

// cutURL takes a URL apart: scheme and host, the path, and what stands behind it.
func cutURL(raw string) (origin, path, query string) {
	start := 0
	if i := strings.Index(raw, "://"); i >= 0 {
		start = i + 3
	}
	if i := strings.IndexAny(raw[start:], "/?#"); i >= 0 {
		origin, path = raw[:start+i], raw[start+i:]
	} else {
		origin = raw
	}
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path, query = path[:i], path[i:]
	}
	if path == "" {
		path = "/"
	}
	return origin, path, query
}
