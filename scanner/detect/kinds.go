package detect

import (
	"slices"
	"strings"
	"sync"
)

// Kind is one kind of thing that is looked for.
type Kind struct {
	Name  string
	Class Class
	What  string // one sentence for people
}

// Kinds lists what is built in: personal data by name, then secrets by name.
func Kinds() []Kind { return slices.Clone(allKinds()) }

var allKinds = sync.OnceValue(func() []Kind {
	var personal, secret []Kind
	for name, what := range personalKinds {
		personal = append(personal, Kind{name, Personal, what})
	}
	for _, r := range secrets().rules {
		secret = append(secret, Kind{r.ID, Secret, sentence(r.Description)})
	}
	byName := func(a, b Kind) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(personal, byName)
	slices.SortFunc(secret, byName)
	return append(personal, secret...)
})

// builtIn reports whether a kind of this name is built in.
func builtIn(name string) bool {
	return slices.ContainsFunc(allKinds(), func(k Kind) bool { return strings.EqualFold(k.Name, name) })
}

// sentence ends a description with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// personalKinds say what each kind of personal data is.
var personalKinds = map[string]string{
	"ABA_ROUTING_NUMBER":        "A bank routing number of the United States, with its check digit.",
	"AU_ABN":                    "An Australian business number, with its check digits.",
	"AU_ACN":                    "An Australian company number, with its check digit.",
	"AU_MEDICARE":               "An Australian Medicare card number, with its check digit.",
	"AU_TFN":                    "An Australian tax file number, with its check digit.",
	"CA_SIN":                    "A Canadian social insurance number, with its check digit.",
	"CREDIT_CARD":               "A payment card number of a known network, with its check digit.",
	"CRYPTO":                    "An address of a Bitcoin or Ethereum wallet.",
	"DATE_TIME":                 "A date; it is told when words nearby say that it is a birthday.",
	"DE_BSNR":                   "The number of a German doctor's practice.",
	"DE_FUEHRERSCHEIN":          "The number of a German driving licence.",
	"DE_HANDELSREGISTER":        "An entry in the German commercial register.",
	"DE_HEALTH_INSURANCE":       "A German health insurance number, with its check digit.",
	"DE_ID_CARD":                "The number of a German identity card, with its check digit.",
	"DE_KFZ":                    "A German number plate.",
	"DE_LANR":                   "The number of a German panel doctor, with its check digit.",
	"DE_PASSPORT":               "The number of a German passport, with its check digit.",
	"DE_PLZ":                    "A German postcode.",
	"DE_SOCIAL_SECURITY":        "A German pension insurance number, with its check digit.",
	"DE_TAX_ID":                 "A German tax identification number, with its check digit.",
	"DE_TAX_NUMBER":             "A tax number of a German tax office.",
	"DE_VAT_ID":                 "A German VAT identification number, with its check digit.",
	"EMAIL_ADDRESS":             "An e-mail address.",
	"ES_NIE":                    "A Spanish identity number of a foreigner, with its check letter.",
	"ES_NIF":                    "A Spanish identity or tax number, with its check letter.",
	"ES_PASSPORT":               "The number of a Spanish passport.",
	"FI_PERSONAL_IDENTITY_CODE": "A Finnish personal identity code, with its check character.",
	"IBAN_CODE":                 "An international bank account number, with its check digits.",
	"IN_AADHAAR":                "An Indian Aadhaar number, with its check digit.",
	"IN_GSTIN":                  "An Indian goods and services tax number.",
	"IN_PAN":                    "An Indian permanent account number.",
	"IN_PASSPORT":               "The number of an Indian passport.",
	"IN_VEHICLE_REGISTRATION":   "An Indian number plate.",
	"IN_VOTER":                  "The number of an Indian voter's card.",
	"IP_ADDRESS":                "An IPv4 or IPv6 address of a machine.",
	"IT_DRIVER_LICENSE":         "The number of an Italian driving licence.",
	"IT_FISCAL_CODE":            "An Italian fiscal code, with its check letter.",
	"IT_IDENTITY_CARD":          "The number of an Italian identity card.",
	"IT_PASSPORT":               "The number of an Italian passport.",
	"IT_VAT_CODE":               "An Italian VAT number, with its check digit.",
	"KR_BRN":                    "A Korean business registration number, with its check digit.",
	"KR_DRIVER_LICENSE":         "The number of a Korean driving licence.",
	"KR_FRN":                    "A Korean foreigner registration number.",
	"KR_PASSPORT":               "The number of a Korean passport.",
	"KR_RRN":                    "A Korean resident registration number, with its check digit.",
	"MAC_ADDRESS":               "The hardware address of a network card.",
	"MEDICAL_LICENSE":           "A registration number of the United States' Drug Enforcement Administration, with its check digit.",
	"NG_NIN":                    "A Nigerian national identification number.",
	"NG_VEHICLE_REGISTRATION":   "A Nigerian number plate.",
	"PHONE_NUMBER":              "A telephone number that its country's numbering plan allows.",
	"PH_MOBILE_NUMBER":          "A mobile number of the Philippines.",
	"PH_TIN":                    "A tax number of the Philippines.",
	"PL_PESEL":                  "A Polish identity number, with its check digit.",
	"SE_ORGANISATIONSNUMMER":    "A Swedish organisation number, with its check digit.",
	"SE_PERSONNUMMER":           "A Swedish personal identity number, with its check digit.",
	"SG_NRIC_FIN":               "A Singapore identity card number, with its check letter.",
	"SG_UEN":                    "A Singapore business number, with its check letter.",
	"TH_TNIN":                   "A Thai national identity number, with its check digit.",
	"TR_LICENSE_PLATE":          "A Turkish number plate.",
	"TR_NATIONAL_ID":            "A Turkish identity number, with its check digits.",
	"TR_PHONE_NUMBER":           "A Turkish telephone number.",
	"UK_DRIVING_LICENCE":        "The number of a British driving licence.",
	"UK_NHS":                    "A number of the National Health Service, with its check digit.",
	"UK_NINO":                   "A British national insurance number.",
	"UK_PASSPORT":               "The number of a British passport.",
	"UK_POSTCODE":               "A British postcode.",
	"UK_VEHICLE_REGISTRATION":   "A British number plate.",
	"URL":                       "A web address.",
	"US_BANK_NUMBER":            "A bank account number of the United States.",
	"US_DRIVER_LICENSE":         "The number of a driving licence of the United States.",
	"US_ITIN":                   "A taxpayer number of the United States for those without a social security number.",
	"US_MBI":                    "A Medicare beneficiary number of the United States.",
	"US_NPI":                    "The number of a health care provider of the United States, with its check digit.",
	"US_PASSPORT":               "The number of a passport of the United States.",
	"US_SSN":                    "A social security number of the United States.",
	"ZA_ID_NUMBER":              "A South African identity number, with its check digit.",
}
