package detect

// europe: the identifiers of Spain, Italy, Poland, Finland, Sweden and Turkey.
var europe = []recognizer{
	{
		kind: "ES_NIF", shapes: []string{"D7-8L1"}, seps: "-", check: func(n string) bool { return nifLetter(n[:len(n)-1]) == n[len(n)-1] },
		bare: Likely, near: Sure, words: []string{"dni", "nif", "documento nacional", "identificación"},
	},
	{
		kind: "ES_NIE", shapes: []string{"L1D7L1"}, seps: "-", form: whole(`[XYZ]-?\d{7}-?[A-Z]`),
		check: func(n string) bool { return nifLetter(string('0'+n[0]-'X')+n[1:8]) == n[8] }, bare: Likely, near: Sure, words: []string{"nie", "extranjero"},
	},
	{
		kind: "ES_PASSPORT", shapes: []string{"L3D6"}, bare: Weak, near: Sure, words: []string{"pasaporte", "passport"},
	},
	{
		kind: "IT_FISCAL_CODE", begins: "LLLLLL??L??L???L", shapes: []string{"*16"}, form: whole(`[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]`),
		check: codiceFiscale, bare: Sure, near: Sure, words: []string{"codice fiscale", "fiscal"},
	},
	{
		kind: "IT_VAT_CODE", shapes: []string{"D11"}, seps: " ", check: func(n string) bool { return !same(n) && luhn(n) },
		bare: Weak, near: Sure, words: []string{"partita iva", "piva", "p.iva", "vat"},
	},
	{
		kind: "IT_DRIVER_LICENSE", shapes: []string{"L2D7L1", "*10"}, form: whole(`[A-Z]{2}\d{7}[A-Z]|U1[BCDFGHLJKMNPRSTUWYXZ0-9]{7}[A-Z]`),
		bare: 0.1, near: Sure, words: []string{"patente", "guida", "licenza", "driver", "driving"},
	},
	{
		kind: "IT_PASSPORT", shapes: []string{"L2D7"}, bare: Weak, near: Likely, words: []string{"passaporto", "passport", "italian", "viaggio", "dogana", "elettronico"},
	},
	{
		kind: "IT_IDENTITY_CARD", shapes: []string{"L2D7", "D7L2", "L2D5L2"}, seps: " ", form: whole(`[A-Z]{2} ?\d{7}|\d{7} ?[A-Z]{2}|C[A-Z]\d{5}[A-Z]{2}`),
		bare: Weak, near: Likely, words: []string{"carta d'identità", "carta d'identita", "identity card", "documento", "cie"},
	},
	{
		kind: "PL_PESEL", shapes: []string{"D11"}, check: pesel, bare: Form, near: Sure, words: []string{"pesel"},
	},
	{
		kind: "FI_PERSONAL_IDENTITY_CODE", begins: "DDDDDD", shapes: []string{"*10", "*11"}, seps: "-+", form: whole(`\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]`), check: hetu,
		bare: Sure, near: Sure, words: []string{"hetu", "henkilötunnus", "personbeteckning"},
	},
	{
		kind: "SE_PERSONNUMMER", shapes: []string{"D10", "D12"}, seps: "-+", form: whole(`(?:\d{2})?\d{6}[-+]?\d{4}`), check: personnummer,
		bare: Form, near: Sure, words: []string{"personnummer", "personnr", "swedish id", "samordningsnummer"},
	},
	{
		kind: "SE_ORGANISATIONSNUMMER", shapes: []string{"D10"}, seps: "-", form: whole(`\d{6}-?\d{4}`),
		check: func(n string) bool { return n[0] != '0' && n[2] >= '2' && luhn(n) }, bare: Weak, near: Sure, words: []string{"organisationsnummer", "orgnummer", "orgnr", "org.nr"},
	},
	{
		kind: "TR_NATIONAL_ID", shapes: []string{"D11"}, check: kimlik, bare: Likely, near: Sure, words: []string{"tckn", "kimlik", "tc no", "t.c."},
	},
	{
		kind: "TR_LICENSE_PLATE", shapes: []string{"D2L1-3D2-4"}, seps: " -", form: whole(`(?:0[1-9]|[1-7]\d|8[01])[ -]?(?:[A-Z][ -]?\d{2,5}|[A-Z]{2}[ -]?\d{2,4}|[A-Z]{3}[ -]?\d{2,4})`),
		bare: Weak, near: Likely, words: []string{"plaka", "araç", "plate", "vehicle"},
	},
	{
		kind: "TR_PHONE_NUMBER", shapes: []string{"D10", "D11", "D12"}, seps: " -", form: whole(`(?:90 ?|0 ?)?[2345]\d{2}[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}`),
		bare: Weak, near: Likely, words: []string{"cep", "telefon", "gsm", "birinci", "turk", "türk"},
	},
}

func nifLetter(digits string) byte {
	n := 0
	for i := range len(digits) {
		n = n*10 + digit(digits[i])
	}
	return "TRWAGMYFPDXBNJZSQVHLCKE"[n%23]
}

var codiceOdd = func() (t [128]int) {
	values := [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	for i, v := range values {
		t['A'+i] = v
		if i < 10 {
			t['0'+i] = v
		}
	}
	return t
}()

// codiceFiscale checks the last letter (DM 12/3/1974).
func codiceFiscale(n string) bool {
	sum := 0
	for i := range 15 {
		switch c := n[i]; {
		case i%2 == 0:
			sum += codiceOdd[c]
		case c >= 'A':
			sum += int(c - 'A')
		default:
			sum += digit(c)
		}
	}
	return n[15] == byte('A'+sum%26)
}

func pesel(n string) bool {
	month := two(n, 2) % 20
	return calendar(two(n, 4), month) && (10-weighted(n, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 == digit(n[10])
}

func hetu(n string) bool {
	if n[6] >= 'A' { // the sign of the century is a letter; otherwise it was a separator
		n = n[:6] + n[7:]
	}
	if len(n) != 10 || !calendar(two(n, 0), two(n, 2)) {
		return false
	}
	v := 0
	for i := range 9 {
		if classOf[n[i]] != number {
			return false
		}
		v = v*10 + digit(n[i])
	}
	return "0123456789ABCDEFHJKLMNPRSTUVWXY"[v%31] == n[9]
}

func personnummer(n string) bool {
	if len(n) == 12 {
		if century := n[:2]; century != "18" && century != "19" && century != "20" {
			return false
		}
		n = n[2:]
	}
	day := two(n, 4)
	if day > 60 { // a coordination number
		day -= 60
	}
	return calendar(day, two(n, 2)) && luhn(n)
}

func kimlik(n string) bool {
	if n[0] == '0' || same(n) {
		return false
	}
	odd := digit(n[0]) + digit(n[2]) + digit(n[4]) + digit(n[6]) + digit(n[8])
	even := digit(n[1]) + digit(n[3]) + digit(n[5]) + digit(n[7])
	tenth := ((odd*7-even)%10 + 10) % 10
	return tenth == digit(n[9]) && (odd+even+tenth)%10 == digit(n[10])
}
