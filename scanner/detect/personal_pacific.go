package detect

// pacific: the identifiers of Australia, and of South Africa.
var pacific = []recognizer{
	{
		kind: "AU_ABN", shapes: []string{"D11"}, seps: " ", form: whole(`\d{11}|\d{2} \d{3} \d{3} \d{3}`),
		check: func(n string) bool {
			return n[0] != '0' && (weighted(n, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 == 0
		},
		bare: Form, near: Sure, words: []string{"abn", "australian business"},
	},
	{
		kind: "AU_ACN", shapes: []string{"D9"}, seps: " ", form: whole(`\d{9}|\d{3} \d{3} \d{3}`),
		check: func(n string) bool { return !same(n) && (10-weighted(n, 8, 7, 6, 5, 4, 3, 2, 1)%10)%10 == digit(n[8]) },
		bare:  Weak, near: Sure, words: []string{"acn", "australian company"},
	},
	{
		kind: "AU_TFN", shapes: []string{"D9"}, seps: " ", form: whole(`\d{9}|\d{3} \d{3} \d{3}`),
		check: func(n string) bool { return !same(n) && weighted(n, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0 },
		bare:  Weak, near: Sure, words: []string{"tfn", "tax file"},
	},
	{
		kind: "AU_MEDICARE", shapes: []string{"D10"}, seps: " ", form: whole(`[2-6]\d{9}|[2-6]\d{3} \d{5} \d`),
		check: func(n string) bool { return weighted(n, 1, 3, 7, 9, 1, 3, 7, 9)%10 == digit(n[8]) },
		bare:  Weak, near: Sure, words: []string{"medicare"},
	},
	{
		kind: "ZA_ID_NUMBER", shapes: []string{"D13"}, check: func(n string) bool {
			return calendar(two(n, 4), two(n, 2)) && n[10] <= '1' && luhn(n)
		},
		bare: Form, near: Sure, words: []string{"south africa", "id number", "identity number", "said", "sa id"},
	},
}
