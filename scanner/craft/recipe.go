package craft

import (
	"regexp"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/target"
	"assay/traffic"
)

// Recipe finds how the session that a recorded request belongs to was opened: the latest of the exchanges before it whose
// answer gave a value that the request carries as its conversation or session. A UUID that none gave was made up by the
// caller. nil where the request carries no such value. The exchanges are in the order in which they were sent; bodies and
// headers hold references in place of secrets.
func Recipe(request llm.Input, before []llm.Input) *scanner.ModelSession {
	for _, place := range sessionPlaces(request) {
		for _, at := range slices.Backward(before) {
			token := givenBy(&at, place.value)
			if token == "" || at.URL == "" {
				continue
			}
			header := slices.DeleteFunc(slices.Clone(at.RequestHeader), func(f traffic.Field) bool {
				return strings.Contains(f.Value, place.value) || notAgain(f.Name)
			})
			return &scanner.ModelSession{
				Open:  []scanner.SessionRequest{{Method: at.Method, URL: at.URL, Header: header, Body: at.RequestBody}},
				Token: token, Into: []string{place.at},
			}
		}
	}
	for _, place := range sessionPlaces(request) {
		if madeUp.MatchString(place.value) {
			return &scanner.ModelSession{Token: target.RandomToken, Into: []string{place.at}}
		}
	}
	return nil
}

// madeUp is an id that callers make up themselves: a UUID of version 4.
var madeUp = regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// notAgain reports whether a header is made anew by whoever sends a request.
func notAgain(name string) bool {
	switch strings.ToLower(name) {
	case "host", "content-length", "connection", "transfer-encoding", "accept-encoding", "content-encoding": // bodies come without their coding
		return true
	}
	return strings.HasPrefix(name, ":")
}

// carries is a value that a request carries, and where.
type carries struct{ at, value string }

// shortest is how long an id must be to be told from chance.
const shortest = 8

// sessionPlaces are the ids that a request carries: members of its body, parameters, headers of its own.
func sessionPlaces(in llm.Input) []carries {
	var found []carries
	add := func(at, value string) {
		if len(value) >= shortest && !strings.ContainsAny(value, " \n⟨{") {
			found = append(found, carries{at, value})
		}
	}
	for _, name := range idNames {
		add("json:/"+name, llm.ValueText(in.RequestBody, "/"+name))
	}
	for _, f := range in.RequestHeader {
		name := strings.ToLower(f.Name)
		if name == "mcp-session-id" { // the protocol itself tells how
			continue
		}
		if strings.Contains(name, "session") || strings.Contains(name, "conversation") || strings.Contains(name, "thread") {
			add("header:"+f.Name, f.Value)
		}
	}
	_, path, query := cutURL(in.URL)
	for pair := range strings.SplitSeq(strings.TrimPrefix(query, "?"), "&") {
		if name, value, ok := strings.Cut(pair, "="); ok && slices.Contains(idNames, name) {
			add("query:"+name, value)
		}
	}
	for step := range strings.SplitSeq(path, "/") {
		if len(step) >= 16 && strings.ContainsAny(step, "0123456789") {
			add("path:"+step, step)
		}
	}
	return found
}

// givenBy is where an answer gave a value; "" where it did not.
func givenBy(in *llm.Input, value string) string {
	for _, f := range in.ResponseHeader {
		if f.Value == value {
			return "header:" + f.Name
		}
	}
	return llm.PointerOf(in.ResponseBody, value)
}
