package detect

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// phoneRegions are asked, in this order, about numbers without a country code.
var phoneRegions = []string{"US", "GB", "DE", "FR", "IL", "IN", "JP", "BR", "CN", "ES", "IT", "AU", "CA", "TR", "PH", "KR"}

var phoneWords = []string{"phone", "mobile", "telephone", "cell", "call me", "tel", "fax", "whatsapp", "sms", "telefon", "móvil", "handy", "my number"}

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
		if digits >= phoneLeast && digits <= phoneMost {
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
			if classOf[c] == letter && end == j {
				return end, 0, groups // digits of a word
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
		if n, err := phonenumbers.Parse(raw, "ZZ"); err == nil && phonenumbers.IsValidNumber(n) {
			s.add("PHONE_NUMBER", start, end, Sure)
			s.national(n.GetCountryCode(), start, end)
		}
		return
	}
	if dated(raw) || decimal(raw) {
		return
	}
	form := usual.MatchString(raw)
	if groups == 1 && (len(raw) < 9 || len(raw) > 12) || groups > 1 && !form && raw[0] != '0' && raw[0] != '(' {
		return
	}
	near := s.mentions(start, end, &phoneSet)
	if groups == 1 && !near {
		return
	}
	for _, region := range phoneRegions {
		n, err := phonenumbers.Parse(raw, region)
		if err != nil || !phonenumbers.IsValidNumber(n) {
			continue
		}
		sure := Form
		if near {
			sure = Likely + 0.1
		} else if form {
			sure = Likely
		}
		s.add("PHONE_NUMBER", start, end, sure)
		s.national(n.GetCountryCode(), start, end)
		return
	}
}

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
