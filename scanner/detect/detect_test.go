package detect_test

import (
	"slices"
	"testing"

	"assay/scanner/detect"
)

// TestSamples holds, for each kind, a text that must match and how sure it must be, and near misses that must not.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, text string
		least      float64
		want       string // empty: must not be found
	}{
		{"EMAIL_ADDRESS", "write to ada.lovelace+x@mail.example.org.", detect.Sure, "ada.lovelace+x@mail.example.org"},
		{"EMAIL_ADDRESS", "git@localhost and @mention and a@b", 0, ""},
		{"CREDIT_CARD", "pay with 4111 1111 1111 1111 today", detect.Likely, "4111 1111 1111 1111"},
		{"CREDIT_CARD", "4111 1111 1111 1112", 0, ""},
		{"CREDIT_CARD", "started 1748503543012", 0, ""},
		{"CREDIT_CARD", "score 164.54393323017248", 0, ""},
		{"IBAN_CODE", "to DE89 3704 0044 0532 0130 00 please", detect.Sure, "DE89 3704 0044 0532 0130 00"},
		{"IBAN_CODE", "DE89 3704 0044 0532 0130 01", 0, ""},
		{"US_SSN", `{"ssn":"536-90-4399"}`, detect.Sure, "536-90-4399"},
		{"US_SSN", "536-90 4399", 0, ""},
		{"IP_ADDRESS", "from 192.168.7.20:8080", detect.Sure, "192.168.7.20"},
		{"IP_ADDRESS", "version 10.2.30.4", detect.Likely, ""},
		{"IP_ADDRESS", "1.2.3", 0, ""},
		{"IP_ADDRESS", "linux-5.15.146.1-generic", detect.Likely, ""},
		{"MAC_ADDRESS", "AA:BB:CC:00:11:22", detect.Sure, "AA:BB:CC:00:11:22"},
		{"PHONE_NUMBER", "call +49 30 901820", detect.Sure, "+49 30 901820"},
		{"PHONE_NUMBER", "on 2026-11-21 09", 0, ""},
		{"CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", detect.Sure, "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"},
		{"CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", 0, ""},
		{"CRYPTO", "to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq now", detect.Sure, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
		{"CRYPTO", "to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx now", 0, ""},
		{"IN_PASSPORT", "passport K12 34567", detect.Sure, "K12 34567"},
		{"US_SSN", "SSN 53690-4399", detect.Likely, "53690-4399"},
		{"URL", "see www.example.org/a?b=1 there", detect.Form, "www.example.org/a?b=1"},
		{"URL", "see example.org there", detect.Weak, "example.org"},
		{"URL", "in fold.notadomain and jo@mail.example.org", 0, ""},
		{"US_BANK_NUMBER", "order 123456789012", detect.Form, ""},
		{"US_ITIN", "ITIN 912-70 1234", detect.Sure, "912-70 1234"},
		{"US_DRIVER_LICENSE", "driver license: H12234567", detect.Likely, "H12234567"},
		{"US_DRIVER_LICENSE", "ran in 12234567 ms", detect.Form, ""},
		{"IT_PASSPORT", "il passaporto AA1234567", detect.Likely, "AA1234567"},
		{"MAC_ADDRESS", "at 00-1A-2B-3C-4D-5E", detect.Sure, "00-1A-2B-3C-4D-5E"},
		{"UK_NHS", "NHS no. 943 476 5919", detect.Sure, "943 476 5919"},
		{"AU_ACN", "ACN 000 000 019", detect.Sure, "000 000 019"},
		{"DATE_TIME", "born on 7-Mar-1984 in", detect.Likely, "7-Mar-1984"},
		{"DATE_TIME", "born 1984/3/7", detect.Likely, "1984/3/7"},
		{"CREDIT_CARD", "my card number is 122000000000003", detect.Likely, "122000000000003"},
		{"EMAIL_ADDRESS", "the decorator `@agent.tool` or x@agent.tool", detect.Likely, ""},
		{"EMAIL_ADDRESS", "user_email=jo@mail.example.com", detect.Sure, "jo@mail.example.com"},
		{"IP_ADDRESS", "M8 9.5a.75.75 0 1 0 0 1.5.75.75 0 0 0 0-1.5Z", detect.Likely, ""},
		{"IP_ADDRESS", "listening on 127.0.0.1:80", detect.Likely, ""},
		{"US_BANK_NUMBER", "bank account 123456789012", 0.5, "123456789012"},
		{"DE_PLZ", "PLZ 10115", detect.Likely, "10115"},
		{"DE_PLZ", "took 10115 ms", detect.Form, ""},
	} {
		spans := detect.Scan(c.text, detect.Options{Least: c.least})
		at := slices.IndexFunc(spans, func(s detect.Span) bool { return s.Kind == c.kind })
		switch {
		case at < 0 && c.want != "":
			t.Errorf("%s: nothing found in %q (%v)", c.kind, c.text, spans)
		case at >= 0 && c.text[spans[at].Start:spans[at].End] != c.want:
			t.Errorf("%s: found %q in %q, want %q", c.kind, c.text[spans[at].Start:spans[at].End], c.text, c.want)
		}
	}
}

// TestUUIDsMeanNothing: identifiers of machines hold digits that some checksum is bound to like.
func TestUUIDsMeanNothing(t *testing.T) {
	t.Parallel()
	const text = "f47ac10b-58cc-4372-a567-0e02b2c3d479 00000000-0000-0000-0000-000000000000 7d444840-9dc0-11d1-b245-5ffdce74fad2"
	if spans := detect.Scan(text, detect.Options{Least: detect.Form}); len(spans) > 0 {
		t.Errorf("found %v", spans)
	}
}

func FuzzScan(f *testing.F) {
	f.Add("call +49 30 901820, DE89 3704 0044 0532 0130 00, a@b.example, ::1, 2026-01-02T03:04:05Z")
	f.Add("1-2.3/4+5 6(7)8:9_0x@..@é٣")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, s := range detect.Scan(text, detect.Options{}) {
			if s.Start < last || s.End <= s.Start || s.End > len(text) || s.Confidence <= 0 || s.Confidence > 1 || s.Kind == "" {
				t.Fatalf("bad span %+v in %q", s, text)
			}
			last = s.Start
		}
	})
}
