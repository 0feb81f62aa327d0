package redact

import (
	"strings"
	"unicode"

	"assay/scanner/detect"
)

// label is what a kind is called.
type label struct {
	word   string // in placeholders: ⟨card 1⟩
	people string // in lists: card number
}

// labels are the words for kinds of personal data; kinds that have none are told by what their name has in it.
var labels = map[string]label{
	credential: {"credential", "credential"},
	cutOff:     {"cut", "word that was cut off"},

	"EMAIL_ADDRESS": {"e-mail", "e-mail address"}, "CREDIT_CARD": {"card", "card number"}, "IBAN_CODE": {"iban", "bank account"},
	"PHONE_NUMBER": {"phone", "telephone number"}, "IP_ADDRESS": {"address", "address of a machine"}, "MAC_ADDRESS": {"hardware", "address of a network card"},
	"CRYPTO": {"wallet", "wallet"}, "DATE_TIME": {"birthday", "birthday"}, "DE_PLZ": {"postcode", "postcode"}, "UK_POSTCODE": {"postcode", "postcode"},
	"DE_KFZ": {"plate", "number plate"}, "UK_NHS": {"health", "health number"}, "DE_HEALTH_INSURANCE": {"health", "health number"}, "AU_MEDICARE": {"health", "health number"},
	"US_MBI": {"health", "health number"}, "US_SSN": {"social", "social security number"}, "CA_SIN": {"social", "social security number"},
	"UK_NINO": {"social", "social security number"}, "DE_SOCIAL_SECURITY": {"social", "social security number"}, "US_BANK_NUMBER": {"account", "bank account"},
	"ABA_ROUTING_NUMBER": {"account", "bank account"},
}

// parts tell kinds by a part of their name.
var parts = []struct {
	part string
	label
}{
	{"PHONE", label{"phone", "telephone number"}},
	{"MOBILE", label{"phone", "telephone number"}},
	{"PASSPORT", label{"passport", "passport number"}},
	{"DRIV", label{"licence", "driving licence"}},
	{"FUEHRERSCHEIN", label{"licence", "driving licence"}},
	{"VEHICLE", label{"plate", "number plate"}},
	{"PLATE", label{"plate", "number plate"}},
	{"TAX", label{"tax", "tax number"}},
	{"VAT", label{"tax", "tax number"}},
	{"TFN", label{"tax", "tax number"}},
	{"ITIN", label{"tax", "tax number"}},
	{"TIN", label{"tax", "tax number"}},
}

// labelOf is what a kind is called. Kinds of secrets are told by the rule that found them.
func labelOf(kind, class string) label {
	if l, is := labels[kind]; is {
		return l
	}
	if class == string(detect.Secret) {
		switch {
		case strings.Contains(kind, "private-key"):
			return label{"private key", "private key"}
		case strings.Contains(kind, "password"):
			return label{"password", "password"}
		case strings.Contains(kind, "jwt"):
			return label{"token", "token"}
		case kind == strings.ToLower(kind) && strings.Contains(kind, "token"):
			return label{"token", "token"}
		case kind == strings.ToLower(kind):
			return label{"key", "API key"}
		}
		return own(kind, "secret")
	}
	for _, p := range parts {
		if strings.Contains(kind, p.part) {
			return p.label
		}
	}
	if builtIn[kind] {
		return label{"id", "identity number"}
	}
	return own(kind, "personal")
}

// builtIn are the kinds of package detect; the others are a person's own.
var builtIn = func() map[string]bool {
	names := map[string]bool{}
	for _, k := range detect.Kinds() {
		names[k.Name] = true
	}
	return names
}()

// own makes a word of the name that a person gave to a type.
func own(kind, otherwise string) label {
	word := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return ' '
	}, kind)
	word = strings.Join(strings.Fields(word), " ")
	if cut := []rune(word); len(cut) > 24 {
		word = strings.TrimSpace(string(cut[:24]))
	}
	if word == "" {
		word = otherwise
	}
	return label{word, word}
}
