package window

import (
	"bytes"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner/diff"
	"assay/traffic"
)

// mostNamed is how many changes of a request are named.
const mostNamed = 12

// ownFields are headers that the sender writes.
var ownFields = []string{"content-length", "host", "content-encoding", "connection", "transfer-encoding"}

// changes names what differs between two requests: method, url, header:NAME, text:ROLE, value:NAME, body.
func changes(was traffic.Request, wasBody []byte, is traffic.Request, isBody []byte) []string {
	var list []string
	add := func(change string) {
		if !slices.Contains(list, change) && len(list) < mostNamed {
			list = append(list, change)
		}
	}
	if was.Method != is.Method {
		add("method")
	}
	if was.URL != is.URL {
		add("url")
	}
	if !bytes.Equal(wasBody, isBody) {
		for _, change := range bodyChanges(was, wasBody, is, isBody) {
			add(change)
		}
	}
	d := diff.Compare(diff.Side{Request: true, Header: was.Header}, diff.Side{Request: true, Header: is.Header}, nil)
	for _, h := range d.Bytes.Headers {
		if !slices.Contains(ownFields, strings.ToLower(h.Path)) {
			add("header:" + h.Path)
		}
	}
	if list == nil {
		list = []string{}
	}
	return list
}

func bodyChanges(was traffic.Request, wasBody []byte, is traffic.Request, isBody []byte) []string {
	d := diff.Compare(diff.Side{Request: true, Header: was.Header, Body: wasBody}, diff.Side{Request: true, Header: is.Header, Body: isBody}, nil)
	if d.Bytes.Form != diff.FormJSON || len(d.Bytes.Changes) == 0 {
		return []string{"body"}
	}
	roles := map[string]string{}
	for _, in := range []llm.Input{inputOf(was, wasBody), inputOf(is, isBody)} {
		for _, s := range llm.Slots(in) {
			roles[s.Ref.Name] = s.Role
		}
	}
	var list []string
	for _, c := range d.Bytes.Changes {
		switch role, known := roles[c.Path]; {
		case known && role != "":
			list = append(list, "text:"+role)
		default:
			list = append(list, "value:"+strings.TrimPrefix(c.Path, "/"))
		}
	}
	return list
}
