package detect

// britain: the identifiers of the United Kingdom and of Nigeria, whose forms it left there.
var britain = []recognizer{
	{
		kind: "UK_NHS", shapes: []string{"D10"}, seps: "- ", form: whole(`\d{3}[- ]?\d{3}[- ]?\d{4}`),
		check: func(n string) bool {
			c := 11 - weighted(n, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
			return !same(n) && c != 10 && c%11 == digit(n[9])
		},
		bare: Weak, near: Sure, words: []string{"nhs", "national health", "health service", "health authority"},
	},
	{
		kind: "UK_NINO", shapes: []string{"L2D6L1", "L2D6"}, seps: " -", form: whole(`[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[ABCD ]?`),
		check: func(n string) bool {
			switch n[:2] {
			case "BG", "GB", "NK", "KN", "TN", "NT", "ZZ":
				return false
			}
			return len(n) == 9
		},
		bare: Likely, near: Sure, words: []string{"national insurance", "nino", "ni number"},
	},
	{
		kind: "UK_PASSPORT", shapes: []string{"L2D7"}, bare: Weak, near: Likely, words: []string{"passport", "travel document", "hmpo"},
	},
	{
		kind: "UK_POSTCODE", shapes: []string{"L1-2D2L2", "L1D1L1D1L2", "L2D1L1D1L2", "L2D3L2", "L1D3L2", "L3D1L2"}, seps: " ",
		form:  whole(`GIR ?0AA|(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY]) ?\d[ABD-HJLNP-UW-Z]{2}`),
		check: ukArea, bare: Form, near: Likely, words: []string{"postcode", "post code", "postal", "zip", "address"},
	},
	{
		kind: "UK_DRIVING_LICENCE", begins: "L????DDDDD", shapes: []string{"*16"}, form: whole(`[A-Z][A-Z9]{4}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}\d[A-Z]{2}|[A-Z][A-Z9]{4}\d{6}[A-Z9]{2}\d[A-Z]{2}`),
		check: func(n string) bool {
			month, day := two(n, 6)%50, two(n, 8)
			return calendar(day, month)
		},
		bare: Likely, near: Sure, words: []string{"driving", "licence", "dvla", "license"},
	},
	{
		kind: "UK_VEHICLE_REGISTRATION", shapes: []string{"L2D2L3", "L1D1-3L3", "L3D1-3L1"}, seps: " ",
		form: whole(`[A-HJ-PR-Y]{2}(?:0[2-9]|[12]\d|5[1-9]|[67]\d) ?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3} ?[A-HJ-PR-Y][A-HJ-PR-Z]{2}|[A-HJ-PR-Y]{3} ?\d{1,3}[A-HJ-NPR-TV-Y]`),
		bare: Weak, near: Likely, words: []string{"vehicle", "registration", "number plate", "license plate", "licence plate", "reg", "vrm", "dvla", "mot"},
	},
	{
		kind: "NG_VEHICLE_REGISTRATION", shapes: []string{"L3D3L2"}, seps: " -", form: whole(`[A-Z]{3}[ -]?\d{3}[ -]?[A-Z]{2}`),
		bare: Weak, near: Likely, words: []string{"vehicle", "plate", "registration", "frsc", "nigeria"},
	},
	{
		kind: "NG_NIN", shapes: []string{"D11"}, check: verhoeff, bare: Weak, near: Likely, words: []string{"nin", "national identification", "national identity", "nigeria", "nimc"},
	},
}

// ukArea reports whether a postcode begins with an area that exists.
func ukArea(n string) bool {
	i := 1
	if n[1] >= 'A' {
		i = 2
	}
	return ukAreas[n[:i]] || n[:3] == "GIR"
}

var ukAreas = setOf(`AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU
	GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH
	RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE`)
