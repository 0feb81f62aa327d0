package discover

import (
	"assay/scanner"
	"assay/traffic"
)

// What tests of single rules need to reach.
var (
	AccessOf      = accessOf
	GeneratedHost = generatedHost
	Assess        = assess
	Harmful       = harmful
	Question      = question
	Sentence      = sentence
)

// Credentials lists the kinds and names of the credentials of a request.
func Credentials(r *traffic.Request) (found []scanner.Auth) {
	var room [maxCredentials]credential
	for _, c := range credentials(&Seen{Exchange: &traffic.Exchange{Request: *r}}, room[:0]) {
		found = append(found, scanner.Auth{Kind: c.kind, Name: c.name})
	}
	return found
}

// Names gives the URLs that a JSON answer names, as host and path, by where they stand.
func Names(body []byte, host string) (named map[string]string, whole bool) {
	named = map[string]string{}
	n := newNamed()
	scan := &nameScan{
		names: true, self: "/",
		l: &lesson{
			e: &scanner.Endpoint{Key: scanner.Key{Host: host}}, t: &batch{facts: &facts{named: n}},
			s: &Seen{Exchange: &traffic.Exchange{ID: 1, Request: traffic.Request{URL: "https://" + host + "/"}}},
		},
	}
	whole = n.walk.walk(body, scan)
	for _, at := range n.by {
		named[at.path] = ""
	}
	return named, whole
}

// RiskCodes are the reasons of the table.
func RiskCodes() (codes []string) {
	for i := range risks {
		codes = append(codes, risks[i].code)
	}
	return codes
}

// RiskPoints are the points of each reason.
func RiskPoints() map[string]int {
	points := map[string]int{}
	for i := range risks {
		points[risks[i].code] = risks[i].points
	}
	return points
}

// MaxNamings is how many named URLs are remembered.
const MaxNamings = maxNamings
