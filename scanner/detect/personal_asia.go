package detect

// asia: the identifiers of India, Korea, Singapore, Thailand and the Philippines.
var asia = []recognizer{
	{
		kind: "IN_AADHAAR", shapes: []string{"D12"}, seps: "- :", form: whole(`\d{12}|\d{4}([- ])\d{4}[- ]\d{4}`),
		check: func(n string) bool { return n[0] >= '2' && !palindrome(n) && verhoeff(n) }, bare: Form, near: Sure, words: []string{"aadhaar", "aadhar", "uidai"},
	},
	{
		kind: "IN_PAN", shapes: []string{"L5D4L1", "L1D4L5"}, form: whole(`[A-Z]{3}[ABCFGHJLPTKN][A-Z]\d{4}[A-Z]|[A-Z]\d{4}[A-Z]{5}`),
		bare: Form, near: Sure, words: []string{"permanent account", "pan", "income tax"},
	},
	{
		kind: "IN_GSTIN", begins: "DDLLLLLDDDDL?L", shapes: []string{"*15"}, form: whole(`(?:0[1-9]|[12]\d|3[0-8])[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]`),
		bare: Likely, near: Sure, words: []string{"gst", "gstin"},
	},
	{
		kind: "IN_VOTER", shapes: []string{"L3D7"}, bare: Weak, near: Sure, words: []string{"voter", "vote", "epic", "elector"},
	},
	{
		kind: "IN_PASSPORT", shapes: []string{"L1D7"}, seps: " ", form: whole(`[A-Z][1-9]\d ?\d{4}[1-9]`), bare: Weak, near: Sure, words: []string{"passport", "travel document"},
	},
	{
		kind: "IN_VEHICLE_REGISTRATION", shapes: []string{"L2D1-2L1-3D4", "L3D4", "D2L2D4L1-2"}, seps: " -",
		form: whole(`[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,3}[ -]?\d{4}|[A-Z]{3}\d{4}|\d{2}BH\d{4}[A-Z]{1,2}`),
		bare: Weak, near: Likely, words: []string{"vehicle", "registration", "rto", "plate", "rc"},
	},
	{
		kind: "KR_RRN", shapes: []string{"D13"}, seps: "-", form: whole(`\d{6}-?[1-4]\d{6}`), check: func(n string) bool { return koreanDate(n) && korean(n) },
		bare: Likely, near: Sure, words: []string{"주민등록", "주민번호", "rrn", "resident registration"},
	},
	{
		kind: "KR_FRN", shapes: []string{"D13"}, seps: "-", form: whole(`\d{6}-?[5-8]\d{6}`), check: koreanDate, // since October 2020 they have no check digit
		bare: Form, near: Sure, words: []string{"외국인등록", "frn", "foreigner registration", "korean"},
	},
	{
		kind: "KR_PASSPORT", shapes: []string{"L1D3L1D4", "L1D8"}, form: whole(`[MSRODG]\d{3}[A-Z]\d{4}|[MSRODG]\d{8}`),
		bare: 0.1, near: Sure, words: []string{"passport", "여권"},
	},
	{
		kind: "KR_BRN", shapes: []string{"D10"}, seps: "-", form: whole(`\d{10}|\d{3}-\d{2}-\d{5}`), check: koreanBusiness,
		bare: Weak, near: Sure, words: []string{"사업자", "business registration", "brn"},
	},
	{
		kind: "KR_DRIVER_LICENSE", shapes: []string{"D12"}, seps: "- ", form: whole(`(?:1[1-9]|2[0-8])[- ]?\d{2}[- ]?\d{6}[- ]?\d{2}`),
		bare: Weak, near: Sure, words: []string{"운전면허", "driver", "license", "driving"},
	},
	{
		kind: "SG_NRIC_FIN", shapes: []string{"L1D7L1"}, check: nric, bare: Weak, near: Likely, words: []string{"nric", "fin", "singapore", "identity card"},
	},
	{
		kind: "SG_UEN", shapes: []string{"D8L1", "D9L1", "L1D2L2D4L1"}, form: whole(`\d{8}[A-Z]|(?:19|20)\d{7}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z]`), check: uen,
		bare: 0.1, near: Sure, words: []string{"uen", "unique entity", "business registration", "acra"},
	},
	{
		kind: "TH_TNIN", shapes: []string{"D13"}, seps: "- ", form: whole(`\d{13}|\d([- ])\d{4}[- ]\d{5}[- ]\d{2}[- ]\d`), check: thai,
		bare: Form, near: Sure, words: []string{"thai", "บัตรประชาชน", "เลขประจำตัว", "tnin", "citizen"},
	},
	{
		kind: "PH_MOBILE_NUMBER", shapes: []string{"D11", "D12", "D13"}, seps: " -", form: whole(`(?:63|0)[ -]?9\d{2}[ -]?\d{3}[ -]?\d{4}`),
		bare: 0.1, near: Likely, words: []string{"mobile", "phone", "cell", "call", "text", "globe", "smart"},
	},
	{
		kind: "PH_TIN", shapes: []string{"D9", "D12", "D14"}, seps: "-", form: whole(`\d{3}-\d{3}-\d{3}(?:-\d{3,5})?|\d{9}|\d{12}`), near: Likely, words: []string{"tin", "taxpayer", "bir"},
	},
}

func palindrome(n string) bool {
	for i := range len(n) / 2 {
		if n[i] != n[len(n)-1-i] {
			return false
		}
	}
	return true
}

func koreanDate(n string) bool { return calendar(two(n, 4), two(n, 2)) }

// korean is the check digit of resident registration numbers given before October 2020.
func korean(n string) bool {
	sum := weighted(n, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
	return (11-sum%11)%10 == digit(n[12])
}

func koreanBusiness(n string) bool {
	sum := weighted(n, 1, 3, 7, 1, 3, 7, 1, 3, 5) + digit(n[8])*5/10
	return !same(n) && (10-sum%10)%10 == digit(n[9])
}

// nric proves what begins with the letters in use; others have the form alone.
func nric(n string) bool {
	sum := weighted(n[1:], 2, 7, 6, 5, 4, 3, 2)
	switch n[0] {
	case 'S':
		return "JZIHGFEDCBA"[sum%11] == n[8]
	case 'T':
		return "JZIHGFEDCBA"[(sum+4)%11] == n[8]
	case 'F':
		return "XWUTRQPNMLK"[sum%11] == n[8]
	case 'G':
		return "XWUTRQPNMLK"[(sum+4)%11] == n[8]
	}
	return true
}

// uen checks the last letter of the two forms that have a known rule.
func uen(n string) bool {
	switch {
	case len(n) == 9:
		return "XMKECAWLJDB"[weighted(n, 10, 4, 9, 3, 8, 2, 7, 1)%11] == n[8]
	case n[0] >= '0' && n[0] <= '9':
		return "ZKCMDNERGWH"[weighted(n, 10, 8, 6, 4, 9, 7, 5, 3, 1)%11] == n[9]
	}
	return true
}

func thai(n string) bool {
	province := two(n, 1)
	if n[0] == '0' || n[0] == '9' || province < 10 || province >= 28 && province < 30 || province == 59 || province > 67 && province < 70 ||
		province > 77 && province < 80 || province > 86 && province < 90 || province > 96 {
		return false
	}
	return (11-weighted(n, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11)%10 == digit(n[12])
}
