package detect

// digit is the value of an ASCII digit.
func digit(c byte) int { return int(c - '0') }

// weighted is the sum of digits times weights, from the left.
func weighted(n string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += digit(n[i]) * w
	}
	return sum
}

// luhn is the checksum of payment cards (ISO/IEC 7812-1).
func luhn(n string) bool {
	sum := 0
	for i := range len(n) {
		d := digit(n[len(n)-1-i])
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mod97 is the remainder of ISO/IEC 7064 MOD 97-10, letters counting as 10 to 35.
func mod97(s string) int {
	r := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			r = (r*10 + digit(c)) % 97
		case c >= 'A' && c <= 'Z':
			r = (r*100 + int(c-'A') + 10) % 97
		default:
			return -1
		}
	}
	return r
}

// mod11x10 tells whether the last digit is the check digit of ISO/IEC 7064 MOD 11,10.
func mod11x10(n string) bool {
	p := 10
	for i := range len(n) - 1 {
		s := (digit(n[i]) + p) % 10
		if s == 0 {
			s = 10
		}
		p = s * 2 % 11
	}
	return (11-p)%10 == digit(n[len(n)-1])
}

// icao is the check digit of machine-readable travel documents (ICAO 9303): weights 7, 3, 1; letters count from 10.
func icao(s string) int {
	sum := 0
	for i := range len(s) {
		v := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = digit(c)
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * [3]int{7, 3, 1}[i%3]
	}
	return sum % 10
}

var verhoeffD = [10][10]int{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	{1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
	{2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
	{3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
	{4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
	{5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
	{6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
	{7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
	{8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
	{9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
}

var verhoeffP = [8][10]int{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	{1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
	{5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
	{8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
	{9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
	{4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
	{2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
	{7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
}

// verhoeff is the checksum of J. Verhoeff, Error Detecting Decimal Codes (1969).
func verhoeff(n string) bool {
	c := 0
	for i := range len(n) {
		c = verhoeffD[c][verhoeffP[i%8][digit(n[len(n)-1-i])]]
	}
	return c == 0
}

// calendar reports whether day, month and two-digit year can be a date; the year's century is left open.
func calendar(day, month int) bool {
	return month >= 1 && month <= 12 && day >= 1 && day <= [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month]
}

// two is the number of two digits at i.
func two(n string, i int) int { return digit(n[i])*10 + digit(n[i+1]) }

// same reports whether all bytes are the same.
func same(n string) bool {
	for i := 1; i < len(n); i++ {
		if n[i] != n[0] {
			return false
		}
	}
	return true
}
