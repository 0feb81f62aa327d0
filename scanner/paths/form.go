package paths

import (
	"regexp"
	"strings"
)

// Form is what a segment looks like by itself.
type Form string

// The forms. Word is a segment that may be a name; all others are values of a parameter.
const (
	Word     Form = "word"
	Integer  Form = "integer"
	UUID     Form = "uuid"
	ObjectID Form = "object-id" // MongoDB
	Hash     Form = "hash"
	Date     Form = "date"
	Email    Form = "email"
	Locale   Form = "locale"
	Token    Form = "token" // random letters and digits, base64, a JWT
	Key      Form = "key"   // a prefix and a random part: cus_NffrFeUfNV2Hib
	Code     Form = "code"  // letters with a number: order-10293, INV00817
	Address  Form = "ip"
	Decimal  Form = "decimal"
	Slug     Form = "slug" // words that siblings prove to be values
)

var forms = []struct {
	form Form
	is   *regexp.Regexp
}{
	{Integer, regexp.MustCompile(`^-?\d+$`)},
	{UUID, regexp.MustCompile(`(?i)^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$`)},
	{ObjectID, regexp.MustCompile(`^[0-9a-f]{24}$`)},
	{Hash, regexp.MustCompile(`(?i)^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$`)},
	{Date, regexp.MustCompile(`^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?)?$|^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$`)},
	{Email, regexp.MustCompile(`^[^@/]+(?:@|%40)[^@/]+\.[a-zA-Z]{2,}$`)},
	{Address, regexp.MustCompile(`^\d{1,3}(?:\.\d{1,3}){3}$`)},
	{Decimal, regexp.MustCompile(`^-?\d+\.\d+(?:,-?\d+\.\d+)*$`)},
	{Locale, regexp.MustCompile(`^[a-z]{2}[-_][A-Z]{2}$`)},
	{Token, regexp.MustCompile(`^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?$|^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)}, // JWT, ULID
}

// version and similar words hold digits and are names all the same.
var version = regexp.MustCompile(`(?i)^(?:v\d{1,3}(?:[._-]\d+)*(?:(?:alpha|beta|rc|preview)\d*)?|\d\.\d|api\d*|oauth2?|s3|ec2|mp[34]|h26[45]|utf-?8|base(?:32|58|64)|md5|sha-?\d+|[a-z]+[1-9]|2fa|mfa|3ds2?|i18n|l10n|k8s|e2e|b2b|b2c|c2c|p2p|web3|saml2?|x509|ipv[46]|4xx|5xx)$`)

var (
	code = regexp.MustCompile(`^[A-Za-z]{1,12}[-_.]?\d{2,}(?:[-_.]?[A-Za-z0-9]+)*$|^\d+[-_][A-Za-z0-9_-]+$|^[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*[-_]\d{3,}$`)
	key  = regexp.MustCompile(`^([A-Za-z]{1,12}(?:_[a-z]{2,8})?)[-_]([A-Za-z0-9]{8,}(?:[-_][A-Za-z0-9]+)*)$`)
	bare = regexp.MustCompile(`^[A-Za-z0-9_=+%-]{16,}$`)
)

// sealed begins the placeholder of a credential, percent-encoded.
const sealed = "%E2%9F%A8cred:"

// maxWord is the length of the longest segment that may be a name, in bytes.
const maxWord = 128

// FormOf tells what a segment looks like. A file name is judged without its extension.
func FormOf(segment string) Form {
	if len(segment) > maxWord || strings.Contains(segment, sealed) {
		return Token
	}
	if segment == "" || version.MatchString(segment) {
		return Word
	}
	if form := plainForm(segment); form != Word {
		return form
	}
	if dot := strings.LastIndexByte(segment, '.'); dot > 0 && len(segment)-dot <= 5 {
		if form := plainForm(segment[:dot]); form != Word {
			return form
		}
	}
	return Word
}

func plainForm(segment string) Form {
	for _, f := range forms {
		if f.is.MatchString(segment) {
			return f.form
		}
	}
	if m := key.FindStringSubmatch(segment); m != nil && random(m[2]) {
		return Key
	}
	if bare.MatchString(segment) && random(segment) {
		return Token
	}
	if len(segment) <= 64 && code.MatchString(segment) {
		return Code
	}
	return Word
}

// random reports whether letters and digits are mixed as no word mixes them.
func random(s string) bool {
	digits, upper, lower, changes := 0, 0, 0, 0
	last := 0
	for i := range len(s) {
		class := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits, class = digits+1, 1
		case c >= 'A' && c <= 'Z':
			upper, class = upper+1, 2
		case c >= 'a' && c <= 'z':
			lower, class = lower+1, 3
		}
		if class != 0 && last != 0 && class != last {
			changes++
		}
		if class != 0 {
			last = class
		}
	}
	if digits > 0 && digits+lower+upper >= 8 && changes*4 >= len(s) {
		return true
	}
	return digits*5 >= len(s) && changes >= 3 || upper > 2 && lower > 2 && digits > 0 && changes >= 5
}
