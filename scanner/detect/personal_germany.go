package detect

import "strings"

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// germany: the identifiers of Germany.
var germany = []recognizer{
	{
		kind: "DE_TAX_ID", shapes: []string{"D11"}, seps: " ", form: whole(`\d{11}|\d{2} \d{3} \d{3} \d{3}`), check: steuerID,
		bare: Form, near: Sure, words: []string{"steuer", "tax", "idnr", "identifikationsnummer", "tin"},
	},
	{
		kind: "DE_TAX_NUMBER", shapes: []string{"D9-13"}, seps: "/ ", form: whole(`\d{2,3}[/ ]\d{3,4}[/ ]\d{4,5}`),
		bare: Form, near: Sure, words: []string{"steuernummer", "st.-nr", "stnr", "finanzamt", "tax number"},
	},
	{
		kind: "DE_VAT_ID", shapes: []string{"L2D9"}, seps: " -.", form: whole(`DE[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d{3}`),
		check: func(n string) bool { return n[2] != '0' && mod11x10(n[2:]) }, bare: Likely, near: Sure, words: []string{"ust", "vat", "umsatzsteuer", "mwst"},
	},
	{
		kind: "DE_ID_CARD", begins: "L???????D", shapes: []string{"*9"}, form: whole(`[LMNPRTVWXYCFGHJK][CFGHJKLMNPRTVWXYZ0-9]{7}\d|T\d{8}`),
		check: func(n string) bool {
			return n[0] == 'T' && digitsIn(n) == 8 || icao(n[:8]) == digit(n[8]) && digitsIn(n) >= 3
		},
		bare: Weak, near: Likely, words: []string{"personalausweis", "ausweis", "identity card", "id card", "ausweisnummer"},
	},
	{
		kind: "DE_PASSPORT", begins: "L???????D", shapes: []string{"*9"}, form: whole(`[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{7}\d`),
		check: func(n string) bool { return icao(n[:8]) == digit(n[8]) && digitsIn(n) >= 3 },
		bare:  0.1, near: Sure, words: []string{"reisepass", "passport", "passnummer", "pass-nr"},
	},
	{
		kind: "DE_SOCIAL_SECURITY", shapes: []string{"D8L1D3"}, seps: " ", check: rentenversicherung,
		bare: Likely, near: Sure, words: []string{"sozialversicherung", "rentenversicherung", "sv-nummer", "social security"},
	},
	{
		kind: "DE_HEALTH_INSURANCE", shapes: []string{"L1D9"}, check: krankenversicherung,
		bare: 0.1, near: Sure, words: []string{"krankenversicherung", "kvnr", "versichertennummer", "krankenkasse", "health insurance"},
	},
	{
		kind: "DE_PLZ", shapes: []string{"D5"}, check: func(n string) bool { return n >= "01001" && n <= "99998" },
		bare: Weak, near: Likely, words: []string{"plz", "postleitzahl", "anschrift", "wohnort"},
	},
	{
		kind: "DE_KFZ", shapes: []string{"L2-5D1-4", "L2-5D1-4L1"}, seps: " -", form: whole(`[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?[1-9]\d{0,3}[EH]?`), check: kennzeichen,
		bare: Weak, near: Likely, words: []string{"kennzeichen", "kfz", "fahrzeug", "license plate"},
	},
	{
		kind: "DE_HANDELSREGISTER", shapes: []string{"L3D1-6"}, seps: " ", form: whole(`HR[AB] ?\d{1,6}`), bare: Likely, near: Sure, words: []string{"handelsregister", "amtsgericht"},
	},
	{
		kind: "DE_FUEHRERSCHEIN", shapes: []string{"L2D8L1", "L2D9", "L1D9L1"}, form: whole(`[A-Z][A-Z0-9]\d{8}[A-Z0-9]`),
		bare: 0.1, near: Sure, words: []string{"führerschein", "fuehrerschein", "fahrerlaubnis", "driving licen"},
	},
	{
		kind: "DE_BSNR", shapes: []string{"D9"}, check: func(n string) bool { p := two(n, 0); return !same(n) && p >= 1 && p <= 99 },
		bare: Weak, near: Likely, words: []string{"bsnr", "betriebsstätte", "betriebsstaette"},
	},
	{
		kind: "DE_LANR", shapes: []string{"D9"}, check: func(n string) bool { return lanr(n) },
		bare: Weak, near: Likely, words: []string{"lanr", "arztnummer", "vertragsarzt"},
	},
}

func digitsIn(n string) int {
	count := 0
	for i := range len(n) {
		if classOf[n[i]] == number {
			count++
		}
	}
	return count
}

// steuerID: of the first ten digits exactly one occurs twice or three times, the others at most once.
func steuerID(n string) bool {
	if n[0] == '0' || !mod11x10(n) {
		return false
	}
	var seen [10]int
	for i := range 10 {
		seen[digit(n[i])]++
	}
	repeated := 0
	for _, c := range seen {
		if c > 3 {
			return false
		}
		if c >= 2 {
			repeated++
		}
	}
	return repeated <= 1
}

// rentenversicherung: area, birthday, letter of the name, serial number, check digit.
func rentenversicherung(n string) bool {
	day, month := two(n, 2), two(n, 4)
	if day > 50 {
		day -= 50
	}
	if !calendar(day, month) {
		return false
	}
	letter := int(n[8]-'A') + 1
	digits := n[:8] + string([]byte{byte('0' + letter/10), byte('0' + letter%10)}) + n[9:11]
	sum := 0
	for i, w := range [12]int{2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1} {
		p := digit(digits[i]) * w
		sum += p/10 + p%10
	}
	return sum%10 == digit(n[11])
}

func krankenversicherung(n string) bool {
	letter := int(n[0]-'A') + 1
	digits := string([]byte{byte('0' + letter/10), byte('0' + letter%10)}) + n[1:9]
	sum := 0
	for i := range 10 {
		p := digit(digits[i]) * (1 + i%2)
		sum += p/10 + p%10
	}
	return sum%10 == digit(n[9])
}

// lanr is the number of a panel doctor: six digits, a check digit, two of the specialty.
func lanr(n string) bool {
	sum := weighted(n, 4, 9, 4, 9, 4, 9)
	return (10-sum%10)%10 == digit(n[6]) && !same(n)
}

// kennzeichen asks that a plate has letters for the district and others for the car.
func kennzeichen(n string) bool { return n[0] != 'Q' }
