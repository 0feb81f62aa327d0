package detect

// northAmerica: the identifiers of the United States and Canada.
var northAmerica = []recognizer{
	{
		kind: "US_SSN", shapes: []string{"D9"}, seps: "- .", form: whole(`\d{9}|\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}|\d{3}\.\d{2}\.\d{4}`),
		check: ssn, bare: Form, near: Sure, words: []string{"ssn", "social security", "ssns", "ss#", "socialsecurity", "social_security", "ssid"},
	},
	{
		kind: "US_SSN", shapes: []string{"D9"}, seps: "-", form: whole(`\d{5}-\d{4}|\d{3}-\d{6}`),
		check: ssn, bare: Weak, near: Likely, words: []string{"ssn", "social security", "ssns", "socialsecurity", "social_security"},
	},
	{
		kind: "US_ITIN", shapes: []string{"D9"}, seps: "- ", form: whole(`9\d{2}[- ]?\d{2}[- ]?\d{4}`), check: itin,
		bare: Weak, near: Sure, words: []string{"itin", "taxpayer", "individual tax", "tax id", "taxid"},
	},
	{
		kind: "US_PASSPORT", shapes: []string{"D9", "L1D8"}, bare: Weak, near: Likely, words: []string{"passport", "travel document"},
	},
	{
		kind: "US_NPI", shapes: []string{"D10"}, seps: "-", check: func(n string) bool { return (n[0] == '1' || n[0] == '2') && !same(n[:9]) && luhn("80840"+n) },
		bare: Weak, near: Sure, words: []string{"npi", "national provider", "provider identifier"},
	},
	{
		kind: "US_MBI", begins: "DL?D", shapes: []string{"*11"}, seps: "-",
		form: whole(`[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}`),
		bare: Form, near: Sure, words: []string{"mbi", "medicare", "beneficiary"},
	},
	{
		kind: "US_BANK_NUMBER", shapes: []string{"D8-17"}, bare: Weak, near: 0.5, words: []string{"bank account", "account number", "checking account", "savings account", "account no", "acct"},
	},
	{
		kind: "ABA_ROUTING_NUMBER", shapes: []string{"D9"}, seps: "-", form: whole(`\d{9}|\d{4}-\d{4}-\d`),
		check: func(n string) bool {
			return (n[0] <= '3' || n[0] >= '6' && n[0] <= '8') && !same(n) && weighted(n, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0
		},
		bare: Weak, near: Sure, words: []string{"aba", "routing", "rtn", "bankrouting"},
	},
	{
		kind: "MEDICAL_LICENSE", shapes: []string{"L2D7", "L1D8"}, form: whole(`[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}`), check: dea,
		bare: Form, near: Sure, words: []string{"medical", "certificate", "dea", "license", "prescriber"},
	},
	{
		kind: "US_DRIVER_LICENSE", shapes: []string{"D6-14", "D16"}, bare: Weak, near: Likely, words: []string{"driver", "driving", "dls", "cdls"},
	},
	{
		kind:   "US_DRIVER_LICENSE",
		shapes: []string{"L1D3-14", "L1D18", "L2D2-7", "D2L3D5-6", "D3L2D4", "L1D12L1", "L1D6L1", "L2D6L1", "L1D1L1D1L1", "D7L1", "D8L1", "D8L2", "D9L1"},
		bare:   Weak, near: Likely, words: []string{"driver", "driving", "license", "licence", "permit", "lic", "identification", "dls", "cdls"},
	},
	{
		kind: "CA_SIN", shapes: []string{"D9"}, seps: "- ", form: whole(`\d{9}|\d{3}([- ])\d{3}[- ]\d{3}`),
		check: func(n string) bool { return n[0] != '0' && n[0] != '8' && !same(n) && luhn(n) },
		bare:  Weak, near: Sure, words: []string{"sin", "social insurance", "numéro d'assurance", "assurance sociale", "nas"},
	},
}

// ssn follows what the Social Security Administration never assigns.
func ssn(n string) bool {
	if same(n) || n[:3] == "000" || n[:3] == "666" || n[0] == '9' || n[3:5] == "00" || n[5:] == "0000" {
		return false
	}
	switch n {
	case "078051120", "219099999", "123456789", "987654320", "987654321", "457555462":
		return false
	}
	return true
}

func itin(n string) bool {
	group := two(n, 3)
	return n[0] == '9' && (group >= 50 && group <= 65 || group >= 70 && group <= 88 || group >= 90 && group <= 92 || group >= 94 && group <= 99)
}

// dea is the registration number of the Drug Enforcement Administration.
func dea(n string) bool {
	d := n[2:]
	return (digit(d[0])+digit(d[2])+digit(d[4])+2*(digit(d[1])+digit(d[3])+digit(d[5])))%10 == digit(d[6])
}
