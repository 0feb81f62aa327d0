package refusal

import (
	"strings"
	"sync"
	"unicode"

	"assay/internal/excerpt"
)

// functionWords are small words that texts of a language are full of and others are not.
var functionWords = map[string]string{
	"en": "the and of to is that you for with this are not have can was it but your from they will what which would",
	"de": "der die und das ist nicht ich sie mit ein eine auf für den dem sich von auch wie werden kann wir oder bei zu",
	"fr": "le les des et est une pas vous que pour dans qui je ce sur avec nous sont mais cette plus être du au",
	"es": "el los las una que del para con por es no está como pero más puede su esta son y lo se al",
	"pt": "não uma que para com os dos você é por mais como está mas são pode isso ao da do em seu sua",
	"it": "il che di non per una sono della con gli è più come questo anche può del dei alla ma si nel",
	"nl": "het een niet van ik dat is je met voor zijn op te aan kan ook maar wordt deze naar bij en",
	"sv": "och att det som är inte en jag för på med av till kan du den ett om har",
	"da": "og at det er ikke en jeg til af på med for du den har kan som der et",
	"no": "og at det er ikke en jeg til av på med for du den har kan som et",
	"fi": "ja on ei että se en hän olen voi tämä ovat mutta kuin ole sen",
	"pl": "nie jest się na że do jak to w z i są dla można oraz przez ale",
	"cs": "je se na že to není jak pro jsou ale nebo které jsem být při",
	"hu": "a az és nem hogy is egy van ez de meg csak vagy kell lehet",
	"ro": "nu este și în care pentru cu sunt din mai pe să că dar sau poate",
	"tr": "bir ve bu için ile çok olarak değil daha gibi ama ne da de",
	"vi": "là và của không có cho được một các này với những tôi bạn trong",
	"id": "yang dan di tidak untuk dengan ini itu dari saya anda adalah pada akan atau",
}

// worded is functionWords by word.
var worded = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for code, words := range functionWords {
		for _, w := range strings.Fields(words) {
			all[w] = append(all[w], code)
		}
	}
	return all
})

// letterLanguages are told by their letters alone; letters of others decide between languages of one script.
var letterLanguages = []struct {
	code  string
	table *unicode.RangeTable
}{
	{"ja", unicode.Hiragana},
	{"ja", unicode.Katakana},
	{"ko", unicode.Hangul},
	{"zh", unicode.Han},
	{"th", unicode.Thai},
	{"el", unicode.Greek},
	{"he", unicode.Hebrew},
	{"hi", unicode.Devanagari},
	{"bn", unicode.Bengali},
	{"ta", unicode.Tamil},
	{"te", unicode.Telugu},
	{"gu", unicode.Gujarati},
	{"kn", unicode.Kannada},
	{"ml", unicode.Malayalam},
	{"pa", unicode.Gurmukhi},
	{"ka", unicode.Georgian},
	{"hy", unicode.Armenian},
	{"am", unicode.Ethiopic},
	{"ar", unicode.Arabic},
	{"ru", unicode.Cyrillic},
}

// Language tells the language of a text as "en" or "de", from its letters and small words; empty where too little
// speaks for one.
func Language(text string) string {
	text = excerpt.Bytes(text, 8<<10)
	counts := map[string]int{}
	plain := 0
	for _, r := range text {
		switch {
		case r < 0x250:
			if unicode.IsLetter(r) {
				plain++
			}
			continue
		case !unicode.IsLetter(r):
			continue
		}
		for _, l := range letterLanguages {
			if unicode.Is(l.table, r) {
				counts[l.code]++
				break
			}
		}
	}
	best := leading(counts)
	if counts["ja"] > 0 && best == "zh" && counts["ja"]*5 > counts["zh"] {
		best = "ja"
	}
	if counts[best]*2 > plain && counts[best] > 1 { // letters of such scripts say more than Latin ones
		return sameScript(best, text)
	}
	return latinLanguage(text)
}

// leading is the key that counts most; of equals the first by name.
func leading(counts map[string]int) string {
	best := ""
	for k, n := range counts {
		if n > counts[best] || n == counts[best] && n > 0 && k < best {
			best = k
		}
	}
	return best
}

// sameScript tells languages of one script apart by letters that only one of them has.
func sameScript(code, text string) string {
	switch code {
	case "ru":
		switch {
		case strings.ContainsAny(text, "іїєґ"):
			return "uk"
		case strings.ContainsAny(text, "ђћџљњј"):
			return "sr"
		case strings.Contains(text, "ъ") && !strings.ContainsAny(text, "ыэё"):
			return "bg"
		}
	case "ar":
		switch {
		case strings.ContainsAny(text, "ٹڈڑےں"):
			return "ur"
		case strings.ContainsAny(text, "پچژگ") || strings.ContainsAny(text, "یک"):
			return "fa"
		}
	}
	return code
}

func latinLanguage(text string) string {
	counts := map[string]int{}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
	for _, w := range words {
		for _, code := range worded()[w] {
			counts[code]++
		}
	}
	best := leading(counts)
	if best == "" || counts[best] < 2 || counts[best]*12 < len(words) {
		return ""
	}
	return best
}
