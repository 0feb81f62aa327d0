package app_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"assay/scanner/detect"
	"assay/test/corpus"
)

// plant is a value that must not be told, with a sentence that it may stand in.
type plant struct{ kind, value, sentence string }

// breed makes values of one type.
type breed struct {
	kind, sentence string // %s stands for the value
	make           func(*rand.Rand) string
}

func pick(r *rand.Rand, letters string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

const (
	digits   = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lowers   = "abcdefghijklmnopqrstuvwxyz"
	hexes    = "0123456789abcdef"
	letters  = capitals + lowers + digits
)

// luhn adds the check digit of ISO/IEC 7812.
func luhn(number string) string {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return number + strconv.Itoa((10-sum%10)%10)
}

// iban adds the check digits of ISO 13616.
func iban(country, account string) string {
	rest := 0
	for _, c := range account + country + "00" {
		n := int(c - '0')
		if c >= 'A' {
			n = int(c-'A') + 10
			rest = (rest*100 + n) % 97
			continue
		}
		rest = (rest*10 + n) % 97
	}
	return fmt.Sprintf("%s%02d%s", country, 98-rest, account)
}

func after(prefix, letters string, n int) func(*rand.Rand) string {
	return func(r *rand.Rand) string { return prefix + pick(r, letters, n) }
}

func weighted(number string, weights []int) (sum int) {
	for i, w := range weights {
		sum += w * int(number[i]-'0')
	}
	return sum
}

func nhs(r *rand.Rand) string {
	for {
		n := "9" + pick(r, digits, 8)
		if check := 11 - weighted(n, []int{10, 9, 8, 7, 6, 5, 4, 3, 2})%11; check != 10 {
			return n + strconv.Itoa(check%11)
		}
	}
}

func pesel(r *rand.Rand) string {
	n := fmt.Sprintf("%02d%02d%02d%s", 50+r.IntN(49), 1+r.IntN(12), 1+r.IntN(28), pick(r, digits, 4))
	return n + strconv.Itoa((10-weighted(n, []int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3})%10)%10)
}

func nif(r *rand.Rand) string {
	n := 10_000_000 + r.IntN(80_000_000)
	return fmt.Sprintf("%08d%c", n, "TRWAGMYFPDXBNJZSQVHLCKE"[n%23])
}

// breeds are the types that are made here. Values are random but for their form and check digits: none opens anything.
var breeds = []breed{
	{"e-mail", "My e-mail is %s, write to it.", func(r *rand.Rand) string {
		return pick(r, lowers, 6) + "." + pick(r, lowers, 7) + "@" + pick(r, lowers, 8) + ".org"
	}},
	{"card", "Pay with card %s please.", func(r *rand.Rand) string { return luhn("4" + pick(r, digits, 14)) }},
	{"card with spaces", "The credit card is %s, thanks.", func(r *rand.Rand) string {
		n := luhn("51" + pick(r, digits, 13))
		return n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:]
	}},
	{"iban DE", "Send it to %s today.", func(r *rand.Rand) string { return iban("DE", pick(r, digits, 18)) }},
	{"iban GB", "My account is %s there.", func(r *rand.Rand) string { return iban("GB", pick(r, capitals, 4)+pick(r, digits, 14)) }},
	{"phone DE", "Call me at %s tonight.", func(r *rand.Rand) string { return "+49 30 9018" + pick(r, "123456789", 4) }},
	{"phone US", "My phone number is %s.", func(r *rand.Rand) string { return "+1 212 73" + pick(r, "23456789", 1) + " " + pick(r, digits, 4) }},
	{"ssn", "My social security number is %s.", func(r *rand.Rand) string {
		return fmt.Sprintf("5%s-%02d-%04d", pick(r, "12345678", 2), 10+r.IntN(80), 1000+r.IntN(8999))
	}},
	{"itin", "The ITIN is %s.", func(r *rand.Rand) string {
		return fmt.Sprintf("9%s-7%s-%s", pick(r, digits, 2), pick(r, "012345678", 1), pick(r, "123456789", 4))
	}},
	{"ipv4", "The customer came from the IP address %s then.", func(r *rand.Rand) string {
		return fmt.Sprintf("84.%d.%d.%d", 101+r.IntN(90), 100+r.IntN(150), 101+r.IntN(150))
	}},
	{"ipv6", "The client's IP address is %s.", func(r *rand.Rand) string {
		return fmt.Sprintf("2a02:%s:%s::%s", "1"+pick(r, hexes, 3), "2"+pick(r, hexes, 3), "3"+pick(r, hexes, 3))
	}},
	{"mac", "The MAC address of the laptop is %s.", func(r *rand.Rand) string {
		return strings.ToUpper(fmt.Sprintf("3c:%s:%s:%s:%s:%s", pick(r, hexes, 2), pick(r, hexes, 2), pick(r, hexes, 2), pick(r, hexes, 2), pick(r, hexes, 2)))
	}},
	{"wallet", "Send the ether to the wallet %s.", after("0x", hexes, 40)},
	{"nhs", "My NHS number is %s.", nhs},
	{"nino", "My national insurance number is %s.", func(r *rand.Rand) string {
		return pick(r, "ABCE", 1) + pick(r, "ABCE", 1) + pick(r, digits, 6) + pick(r, "ABCD", 1)
	}},
	{"pesel", "PESEL: %s.", pesel},
	{"nif", "Mi NIF es %s.", nif},
	{"sin", "My social insurance number (SIN) is %s.", func(r *rand.Rand) string { return luhn("1" + pick(r, digits, 7)) }},
	{"pan", "My PAN card number is %s.", func(r *rand.Rand) string {
		return pick(r, capitals, 3) + "P" + pick(r, capitals, 1) + pick(r, digits, 4) + pick(r, capitals, 1)
	}},
	{"passport US", "My US passport number is %s.", func(r *rand.Rand) string { return pick(r, "123456789", 9) }},
	{"bank account", "My bank account number is %s.", func(r *rand.Rand) string { return pick(r, "123456789", 12) }},

	{"openai", "The key is %s for the model.", after("sk-proj-", letters, 48)},
	{"anthropic", "Use %s for Claude.", func(r *rand.Rand) string { return "sk-ant-api03-" + pick(r, letters, 93) + "AA" }},
	{"aws", "aws_access_key_id = %s", after("AKIA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)},
	{"github", "The token %s may push.", after("ghp_", letters, 36)},
	{"github fine", "Use %s for the repository.", after("github_pat_", letters, 82)},
	{"gitlab", "CI has %s in it.", after("glpat-", letters, 20)},
	{"slack", "The bot's token is %s.", func(r *rand.Rand) string {
		return "xoxb-" + pick(r, digits, 12) + "-" + pick(r, digits, 12) + "-" + pick(r, letters, 24)
	}},
	{"stripe", "Charge with %s.", after("sk_live_", letters, 24)},
	{"google", "maps need %s here", after("AIza", letters, 35)},
	{"huggingface", "Download with %s.", after("hf_", capitals+lowers, 34)},
	{"npm", "publish with %s.", after("npm_", letters, 36)},
	{"sendgrid", "Mail goes out with %s.", func(r *rand.Rand) string { return "SG." + pick(r, letters, 22) + "." + pick(r, letters, 43) }},
	{"twilio", "Texts are sent with %s.", after("SK", hexes, 32)},
	{"digitalocean", "Droplets need %s.", after("dop_v1_", hexes, 64)},
	{"shopify", "The shop's token is %s.", after("shpat_", hexes, 32)},
	{"jwt", "Authorization was %s then.", func(r *rand.Rand) string {
		return "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI" + pick(r, letters, 24) + "." + pick(r, letters, 43)
	}},
	{"private key", "The file holds:\n%s", func(r *rand.Rand) string {
		return "-----BEGIN PRIVATE KEY-----\n" + pick(r, letters, 64) + "\n" + pick(r, letters, 64) + "\n-----END PRIVATE KEY-----"
	}},
	{"new relic", "NEW_RELIC_API_KEY=%s", after("NRAK-", capitals+digits, 27)},
	{"linear", "Tickets: %s.", after("lin_api_", letters, 40)},
	{"postman", "Collections: %s.", func(r *rand.Rand) string { return "PMAK-" + pick(r, hexes, 24) + "-" + pick(r, hexes, 34) }},
	{"groq", "Fast answers: %s.", after("gsk_", letters, 52)},
	{"password", `{"db_password": "%s"}`, func(r *rand.Rand) string { return pick(r, letters, 10) + "7xQ" + pick(r, letters, 10) }},
	{"own type", "The customer is %s.", func(r *rand.Rand) string { return "CUST-" + pick(r, digits, 8) }},
}

// plants makes n values of every breed.
func plants(seed uint64, n int) (all []plant) {
	r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // the same values every time
	seen := map[string]bool{}
	for _, b := range breeds {
		for made := 0; made < n; {
			v := b.make(r)
			if seen[v] {
				continue
			}
			seen[v] = true
			made++
			all = append(all, plant{b.kind, v, fmt.Sprintf(b.sentence, v)})
		}
	}
	return all
}

// foreign are values that others made up, with the texts they stand in: only those that the detector sees there, for how
// much it sees is measured elsewhere (scanner/detect).
func foreign(t *testing.T) (all []plant) {
	t.Helper()
	type sample struct {
		Text  string `json:"text"`
		Spans []struct {
			Type  string `json:"type"`
			Value string `json:"value"`
		} `json:"spans"`
	}
	seen := map[string]bool{}
	for _, s := range corpus.Read[sample](t, "sensitive", "pii-presidio.dev.jsonl.zst") {
		for _, span := range detect.Scan(s.Text, detect.Options{Least: detect.Likely}) {
			v := s.Text[span.Start:span.End]
			if span.Kind != "URL" && span.Kind != "DATE_TIME" && span.Kind != "IP_ADDRESS" && len(v) >= 8 && !seen[v] {
				seen[v] = true
				all = append(all, plant{span.Kind, v, s.Text})
			}
		}
	}
	return all
}
