package window

import (
	"regexp"
	"strings"

	"assay/scanner"
	"assay/traffic"
)

// schemes are how values of an Authorization header of a kind begin.
var schemes = map[string]string{
	"bearer": `(?i)^\s*bearer\s+\S`,
	"basic":  `(?i)^\s*basic\s+\S`,
	"digest": `(?i)^\s*digest\s+\S`,
	"sigv4":  `^\s*AWS4-\S+\s+\S`,
}

// authQuery selects the exchanges of an endpoint whose caller proved in one way who they are; empty where the filter
// language cannot say that.
func authQuery(e *scanner.Endpoint, a scanner.Auth) string {
	of := is("endpoint", idText(e.ID))
	if len(e.Facts.Auth) == 1 && !e.Facts.Cut {
		return queryOf(of)
	}
	if a.Kind != "none" {
		if how := provenBy(a); how != nil {
			return queryOf(of, how)
		}
		return ""
	}
	conditions := []traffic.Node{of}
	for _, other := range e.Facts.Auth {
		if other.Kind == "none" {
			continue
		}
		how := provenBy(other)
		if how == nil {
			return ""
		}
		conditions = append(conditions, traffic.Not{Node: how})
	}
	return queryOf(conditions...)
}

var headerName = regexp.MustCompile(`^[a-z0-9_-]+$`)

// provenBy says that a request has a credential where another one had it; nil where that cannot be said.
func provenBy(a scanner.Auth) traffic.Node {
	name := regexp.QuoteMeta(strings.TrimPrefix(a.Name, "?"))
	switch {
	case strings.HasPrefix(a.Name, "?"):
		return finds("url", "", `[?&]`+name+`=[^&#]`)
	case a.Kind == "cookie" && a.Name != "":
		return finds("header", "cookie", `(^|;)\s*`+name+`=`)
	case a.Name == "authorization":
		if begin := schemes[a.Kind]; begin != "" {
			return finds("header", a.Name, begin)
		}
	case headerName.MatchString(a.Name) && a.Name != "url": // user and password in a URL
		return finds("header", a.Name, `\S`)
	}
	return nil
}

// finds says that a regular expression finds something in a field.
func finds(field, key, pattern string) traffic.Node {
	return traffic.Compare{Field: field, Key: key, Op: traffic.OpRegex, Values: []traffic.Value{{Text: pattern}}}
}
