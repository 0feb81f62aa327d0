package detect

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// phoneRegions are asked, in this order, about numbers without a country code.
var phoneRegions = []string{"US", "GB", "DE", "FR", "IL", "IN", "JP", "BR", "CN", "ES", "IT", "AU", "CA", "TR", "PH", "KR"}

var phoneWords = []string{"phone", "mobile", "telephone", "cell", "call me", "tel", "fax", "whatsapp", "sms", "telefon", "móvil", "handy", "my number", "answering at", "reach me", "text me", "contact number", "office", "desk:", "call us"}

var phoneSet = wordsOf(phoneWords)

const (
	phoneLeast = 7
	phoneMost  = 15 // ITU-T E.164
)

// phones looks at runs of digits as people write telephone numbers.
func (s *subject) phones() {
	text := s.text
	for i := 0; i < len(text); {
		c := text[i]
		if c != '+' && c != '(' && classOf[c] != number {
			i++
			continue
		}
		if i > 0 && (classOf[text[i-1]] != other || strings.IndexByte(".-/:", text[i-1]) >= 0) {
			i = skipRun(text, i)
			continue
		}
		end, digits, groups := phoneRun(text, i)
		if digits >= phoneLeast && digits <= phoneMost && s.phoned < most(len(text)) {
			s.phone(i, end, groups)
		}
		i = max(end, i+1)
	}
}

func skipRun(text string, i int) int {
	i++
	for i < len(text) && classOf[text[i]] == number {
		i++
	}
	return i
}

// phoneRun measures digits with single separators between them.
func phoneRun(text string, i int) (end, digits, groups int) {
	end = i
	open := false
	for j := i; j < len(text); j++ {
		c := text[j]
		switch {
		case classOf[c] == number:
			if j == i || classOf[text[j-1]] != number {
				groups++
			}
			digits++
			end = j + 1
		case c == '+' && j == i, c == '(' && !open && digits < 6:
			open = open || c == '('
		case c == ')' && open:
			open = false
		case (c == ' ' || c == '-' || c == '.') && j > i && (classOf[text[j-1]] == number || text[j-1] == ')'):
		case c == 'x' || classOf[c] == letter:
			if classOf[c] == letter && end == j && (c != 'x' || j+1 == len(text) || classOf[text[j+1]] != number) {
				return end, 0, groups // digits of a word; x begins an extension
			}
			return end, digits, groups
		default:
			return end, digits, groups
		}
	}
	return end, digits, groups
}

func (s *subject) phone(start, end, groups int) {
	raw := s.text[start:end]
	if raw[0] == '+' || strings.HasPrefix(raw, "(+") {
		s.international(start, end, groups)
		return
	}
	if dated(raw) || decimal(raw) || numbered.MatchString(raw) {
		return
	}
	form, paired := usual.MatchString(raw), groups > 1 && pairs.MatchString(raw)
	if groups == 1 && (len(raw) < 9 || len(raw) > 12) || groups > 1 && !form && !paired && raw[0] != '0' && raw[0] != '(' {
		return
	}
	if mobilePH.MatchString(raw) {
		s.add("PH_MOBILE_NUMBER", start, end, Form)
	}
	near := s.mentions(start, end, &phoneSet)
	if groups == 1 && !near || paired && !form && raw[0] != '0' && !near {
		return
	}
	s.phoned++
	for _, region := range phoneRegions {
		n, err := phonenumbers.Parse(raw, region)
		if err != nil || !phonenumbers.IsValidNumber(n) {
			continue
		}
		sure := Form
		switch {
		case near:
			sure = Likely + 0.1
		case form, raw[0] == '0' && paired && groups > 2 && len(raw) > 10:
			sure = Likely
		}
		s.add("PHONE_NUMBER", start, extension(s.text, end), sure)
		s.national(n.GetCountryCode(), start, end)
		return
	}
	if near && (form || paired) { // of a region that is not asked, or made up
		s.add("PHONE_NUMBER", start, extension(s.text, end), Likely)
	}
}

// international weighs a number with a country code.
func (s *subject) international(start, end, groups int) {
	s.phoned++
	n, err := phonenumbers.Parse(strings.Replace(s.text[start:end], "(0)", "", 1), "ZZ")
	switch {
	case err != nil:
	case phonenumbers.IsValidNumber(n):
		s.add("PHONE_NUMBER", start, extension(s.text, end), Sure)
		s.national(n.GetCountryCode(), start, end)
	case phonenumbers.IsPossibleNumber(n) && (groups > 2 || s.mentions(start, end, &phoneSet)):
		s.add("PHONE_NUMBER", start, extension(s.text, end), Likely)
	}
}

// extension includes the number of an extension, as in 463-612-6138x036.
func extension(text string, end int) int {
	if m := extensions.FindString(text[end:min(len(text), end+12)]); m != "" {
		return end + len(m)
	}
	return end
}

var extensions = regexp.MustCompile(`^ ?(?:x|ext\.? ?)\d{2,5}\b`)

// mobilePH is how mobile numbers of the Philippines are written at home, the network in brackets.
var mobilePH = whole(`0 ?\(9\d{2}\)[ -]?\d{3}[ -]?\d{4}`)

// numbered are dates and social security numbers.
var numbered = whole(`\d{1,4}[-.]\d{1,2}[-.]\d{1,2}|\d{1,2}[-.]\d{1,2}[-.]\d{4}|\d{3}[- ]\d{2}[- ]\d{4}`)

// pairs is how numbers are written in groups of two to four.
var pairs = whole(`(?:\(0?\d{1,4}\) ?)?\d{2,4}(?:[ .-]\d{2,4}){1,4}|0\d{2,5}[ /-]\d{4,9}`)

// usual is how numbers are written in North America.
var usual = whole(`(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}`)

// decimal reports whether digits are rather a number with a fraction, or a version.
func decimal(raw string) bool {
	dots := strings.Count(raw, ".")
	return dots > 0 && dots < 2 || dots >= 2 && strings.IndexByte(raw, '.') < 2
}

// national adds the kinds of countries whose numbers are kinds of their own.
func (s *subject) national(country int32, start, end int) {
	switch country {
	case 63:
		s.add("PH_MOBILE_NUMBER", start, end, Sure)
	case 90:
		s.add("TR_PHONE_NUMBER", start, end, Sure)
	}
}

// dated reports whether digits are rather a date or an IP address.
func dated(raw string) bool {
	if strings.Count(raw, ".") == 3 {
		return true
	}
	return len(raw) >= 8 && len(raw) <= 19 && classOf[raw[0]] == number && (len(raw) > 4 && (raw[4] == '-' || raw[4] == '.') && (raw[:2] == "19" || raw[:2] == "20"))
}
