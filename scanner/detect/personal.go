package detect

import (
	"regexp"
	"strings"
)

// recognizers are the tables of the regions.
var recognizers = func() []recognizer {
	var all []recognizer
	for _, table := range [][]recognizer{worldwide, northAmerica, britain, germany, europe, asia, pacific} {
		all = append(all, table...)
	}
	return all
}()

// whole compiles a form that has to match a whole candidate.
func whole(expr string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + expr + `)$`) }

// personal looks for everything personal.
func (s *subject) personal() {
	s.groups()
	s.written()
	s.phones()
}

var worldwide = []recognizer{
	{
		kind: "CREDIT_CARD", shapes: []string{"D12-19"}, seps: " -", form: whole(`\d{12,19}|\d{4}([ -])\d{4}[ -]\d{4}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{4,5}`),
		check: card, bare: Likely, near: Sure, words: []string{"card", "visa", "mastercard", "amex", "credit", "debit", "karte", "carte", "tarjeta", "pan", "cc"},
	},
	{
		kind: "CREDIT_CARD", shapes: []string{"D12-19"}, seps: " -", form: whole(`\d{12,19}|\d{4}([ -])\d{4}[ -]\d{4}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{4,5}`),
		check: func(n string) bool { return n[0] != '0' && !same(n) && luhn(n) }, near: Likely, words: []string{"card number", "credit card", "debit card", "card_number", "cardnumber", "creditcard", "credit_card"},
	},
	{
		kind: "IBAN_CODE", begins: "LLDD", shapes: ibanShapes(), seps: " -", form: whole(`[A-Z]{2}\d{2}(?:[A-Z0-9]+|(?:[ -][A-Z0-9]{4})+(?:[ -][A-Z0-9]{1,4})?)`), check: iban, bare: Sure, near: Sure,
	},
	{
		kind: "MAC_ADDRESS", shapes: []string{"*12"}, seps: "-", written: 17, form: whole(`[0-9A-F]{2}(?:-[0-9A-F]{2}){5}`),
		check: func(n string) bool { return digitsIn(n) < 12 }, bare: Sure, near: Sure,
	},
	{
		kind: "DATE_TIME", shapes: []string{"D4-8"}, seps: "-/.", form: dates, bare: Form, near: Likely, words: birthWords,
	},
	{
		kind: "DATE_TIME", shapes: []string{"D1-2L3D4", "D1-2L3D2", "L3D4", "L3D2", "D1-2L3"}, seps: "-",
		form: whole(`(?:(?:0?[1-9]|[12]\d|3[01])-)?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)-(?:\d{4}|\d{2})|(?:0?[1-9]|[12]\d|3[01])-(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)`),
		bare: Form, near: Likely, words: birthWords,
	},
	{
		kind: "DATE_TIME", shapes: []string{"D8L1D2"}, seps: "-", form: whole(`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T\d{2}`),
		extend: regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?`), bare: Form,
	},
}

// dates are the usual ways to write one in digits: the year first, the day first, the month first, month and day alone,
// month and year alone.
var dates = whole(strings.Join([]string{
	`\d{4}[-/](?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|[12]\d|3[01])`,
	`(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:\d{4}|\d{2})`,
	`(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:\d{4}|\d{2})`,
	`(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])`,
	`(?:0?[1-9]|1[0-2])/(?:19|20)\d{2}`,
}, "|"))

// birthWords make of a date one that says something about a person.
var birthWords = []string{"birth", "born", "dob", "geburt", "geboren", "naissance", "nacimiento", "nato il", "nata il"}

func ibanShapes() []string {
	shapes := make([]string, 0, 20)
	for n := 15; n <= 34; n++ {
		shapes = append(shapes, "*"+itoa(n))
	}
	return shapes
}

func itoa(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// card is a payment card number: the first digits of a network, its lengths, and the checksum.
func card(n string) bool {
	if !network(n) {
		return false
	}
	return !same(n) && luhn(n)
}

// network reports whether first digits and length are those of a card network (ISO/IEC 7812, as the networks publish
// them).
func network(n string) bool {
	at := func(digits int) int {
		v := 0
		for i := range digits {
			v = v*10 + digit(n[i])
		}
		return v
	}
	long := len(n) >= 16 // most numbers of 17 to 19 digits are no cards; those of these networks may be
	switch two, three, four := at(2), at(3), at(4); {
	case n[0] == '4':
		return len(n) == 13 || len(n) == 16 || len(n) == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720, four >= 2200 && four <= 2204: // Mastercard, Mir
		return len(n) == 16
	case two == 34, two == 37: // American Express
		return len(n) == 15
	case three >= 300 && three <= 305, four == 3095, two == 36, two == 38, two == 39: // Diners
		return len(n) == 14 || len(n) == 16
	case four >= 3528 && four <= 3589: // JCB
		return long
	case four == 6011, three >= 644 && three <= 649, two == 65, two == 62, two == 81, two == 60: // Discover, UnionPay, RuPay
		return long
	case four == 1800, four == 2131: // JCB of old
		return len(n) == 15
	case two == 50, two >= 56 && two <= 58, two == 63, two == 67: // Maestro
		return len(n) >= 12
	}
	return false
}

// ibanLengths are the lengths of the countries in the IBAN registry (SWIFT, release 97).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28, "CH": 21,
	"CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18,
	"FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23,
	"IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27,
	"MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28,
	"PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
	"SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// ibanDigits are countries whose account numbers hold digits only, and the places where letters may stand elsewhere.
var ibanForms = map[string]*regexp.Regexp{
	"AL": whole(`AL\d{10}[A-Z0-9]{16}`), "AT": whole(`AT\d{18}`), "AZ": whole(`AZ\d{2}[A-Z]{4}[A-Z0-9]{20}`), "BE": whole(`BE\d{14}`),
	"BH": whole(`BH\d{2}[A-Z]{4}[A-Z0-9]{14}`), "BY": whole(`BY\d{2}[A-Z0-9]{4}\d{4}[A-Z0-9]{16}`), "DE": whole(`DE\d{20}`), "DK": whole(`DK\d{16}`),
	"ES": whole(`ES\d{22}`), "FI": whole(`FI\d{16}`), "GB": whole(`GB\d{2}[A-Z]{4}\d{14}`), "NL": whole(`NL\d{2}[A-Z]{4}\d{10}`),
	"NO": whole(`NO\d{13}`), "PL": whole(`PL\d{26}`), "PT": whole(`PT\d{23}`), "SE": whole(`SE\d{22}`), "CZ": whole(`CZ\d{22}`), "SK": whole(`SK\d{22}`),
}

// iban is an account number of a country that has such (ISO 13616).
func iban(n string) bool {
	if ibanLengths[n[:2]] != len(n) || mod97(n[4:]+n[:4]) != 1 {
		return false
	}
	form := ibanForms[n[:2]]
	return form == nil || form.MatchString(n)
}
