package target

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"assay/traffic"
)

// signature signs requests as AWS wants it (Signature Version 4,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
type signature struct {
	id, secret, token string
	region, service   string
	at                time.Time
}

const (
	awsAlgorithm = "AWS4-HMAC-SHA256"
	awsTime      = "20060102T150405Z"
)

// sign adds the headers Authorization and X-Amz-Date, and X-Amz-Security-Token for keys of a session. Host, the headers
// X-Amz-… and Content-Type are signed; others may be changed on their way.
func (s signature) sign(q *traffic.Request) error {
	u, err := url.Parse(q.URL)
	if err != nil {
		return fmt.Errorf("sign the request: %w", err)
	}
	at := s.at.UTC().Format(awsTime)
	header := slices.DeleteFunc(slices.Clone(q.Header), func(f traffic.Field) bool {
		return strings.EqualFold(f.Name, "Authorization") || strings.EqualFold(f.Name, "X-Amz-Date") || strings.EqualFold(f.Name, "X-Amz-Security-Token")
	})
	header = append(header, traffic.Field{Name: "X-Amz-Date", Value: at})
	if s.token != "" {
		header = append(header, traffic.Field{Name: "X-Amz-Security-Token", Value: s.token})
	}
	names, lines := signedHeaders(u.Host, header)
	sum := sha256.Sum256(q.Body.Data)
	canonical := strings.Join([]string{q.Method, signedPath(u), signedQuery(u), lines, names, hex.EncodeToString(sum[:])}, "\n")
	scope := strings.Join([]string{at[:8], s.region, s.service, "aws4_request"}, "/")
	whole := sha256.Sum256([]byte(canonical))
	toSign := strings.Join([]string{awsAlgorithm, at, scope, hex.EncodeToString(whole[:])}, "\n")
	key := []byte("AWS4" + s.secret)
	for _, part := range []string{at[:8], s.region, s.service, "aws4_request", toSign} {
		key = mac(key, part)
	}
	q.Header = append(header, traffic.Field{Name: "Authorization", Value: fmt.Sprintf("%s Credential=%s/%s, SignedHeaders=%s, Signature=%s",
		awsAlgorithm, s.id, scope, names, hex.EncodeToString(key))})
	return nil
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// signedHeaders gives the names of the signed headers and their lines in canonical form.
func signedHeaders(host string, header traffic.Header) (names, lines string) {
	values := map[string][]string{"host": {host}}
	for _, f := range header {
		name := strings.ToLower(f.Name)
		if strings.HasPrefix(name, "x-amz-") || name == "content-type" {
			values[name] = append(values[name], strings.Join(strings.Fields(f.Value), " "))
		}
	}
	sorted := make([]string, 0, len(values))
	for name := range values {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	var b bytes.Buffer
	for _, name := range sorted {
		b.WriteString(name + ":" + strings.Join(values[name], ",") + "\n")
	}
	return strings.Join(sorted, ";"), b.String()
}

// signedPath is the path, escaped once more than it travels: that is how every service but S3 wants it.
func signedPath(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		return "/"
	}
	return awsEscape(path, true)
}

// signedQuery is the query with its parameters escaped and sorted by name, then by value.
func signedQuery(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	var pairs [][2]string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		pairs = append(pairs, [2]string{awsEscape(unescaped(name), false), awsEscape(unescaped(value), false)})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		if c := strings.Compare(a[0], b[0]); c != 0 {
			return c
		}
		return strings.Compare(a[1], b[1])
	})
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p[0] + "=" + p[1])
	}
	return b.String()
}

func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// awsEscape escapes all but letters, digits and "-._~", with capital hexadecimal digits.
func awsEscape(s string, slashes bool) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~', slashes && c == '/':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
