package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostRead bounds how much of a text is read for its language, in bytes: the beginning tells.
const mostRead = 8 << 10

// scripts that one language, or a few near ones, are written in.
var scripts = []struct {
	language string
	table    *unicode.RangeTable
}{
	{"ja", unicode.Hiragana},
	{"ja", unicode.Katakana},
	{"zh", unicode.Han},
	{"ko", unicode.Hangul},
	{"ar", unicode.Arabic},
	{"he", unicode.Hebrew},
	{"hi", unicode.Devanagari},
	{"bn", unicode.Bengali},
	{"ta", unicode.Tamil},
	{"te", unicode.Telugu},
	{"th", unicode.Thai},
	{"el", unicode.Greek},
	{"ru", unicode.Cyrillic},
	{"ka", unicode.Georgian},
	{"hy", unicode.Armenian},
	{"am", unicode.Ethiopic},
	{"km", unicode.Khmer},
	{"my", unicode.Myanmar},
	{"gu", unicode.Gujarati},
	{"pa", unicode.Gurmukhi},
	{"kn", unicode.Kannada},
	{"ml", unicode.Malayalam},
	{"si", unicode.Sinhala},
	{"lo", unicode.Lao},
}

// small are words of languages in Latin letters that hardly any text goes without, and that few others have.
var small = func() map[string]string {
	m := map[string]string{}
	for language, words := range map[string]string{
		"en": "the and of to is that it for you was with are this have from they what which your would there their will can please how",
		"de": "der die das und ist nicht ein eine ich sie mit auf für von den dem zu wie auch werden wird kann bitte oder aber einen",
		"fr": "le les des est une dans qui que pour pas vous nous avec sur sont être cette ce du au aux mais comme je il elle votre",
		"es": "el los las una por para con como pero está son más este esta muy tiene puede usted también qué cuál y en del lo",
		"it": "il gli della che non per una sono con più anche questo questa come nella dei delle ma essere può di è ho mi",
		"pt": "não uma para com você os as dos das mais como mas isso este esta são também pelo pela foi tem ao em do da",
		"nl": "het een van niet dat zijn voor met maar ook worden deze naar wordt kan hoe wat heeft bij aan door ik je",
		"sv": "och att det som är inte för med den ett av på har till om jag du kan från eller också vara hur",
		"pl": "nie jest się że na z do to jak co dla przez który tak ale czy być są jego od może oraz w i",
		"cs": "je se na že jsou pro jako ale nebo které být tak jak co by není také když podle v a s",
		"tr": "bir ve bu için ile ne çok daha olarak gibi olan mi değil ben sen var ama nasıl en da de",
		"id": "yang dan di untuk dengan ini itu dari tidak pada adalah akan atau saya anda bisa dalam ke juga apa",
		"vi": "và của là có không cho được một các những này với người trong đã để tôi bạn như thì",
		"ro": "și nu este pentru care cu mai sunt din pe în la o ce dar sau cum această fi am",
		"hu": "és hogy nem egy az van ez meg is csak de vagy mint már lehet kell ha a azt",
		"fi": "ja on ei että se oli hän mutta kun ovat tai niin kuin myös voi olla mitä joka minä ole",
		"da": "og det er ikke en til på at af som med den har jeg de kan vil fra eller også hvordan",
	} {
		for w := range strings.FieldsSeq(words) {
			if m[w] != "" {
				m[w] = "-" // of several: it tells nothing
			} else {
				m[w] = language
			}
		}
	}
	return m
}()

// Language tells the language of a text as two letters (ISO 639-1), "en", by its script and its small words. It is empty
// where a text is too short or too mixed to tell; code, names and numbers have none.
func Language(text string) string {
	if len(text) > mostRead {
		text = text[:mostRead]
	}
	byScript, latin, letters := map[string]int{}, 0, 0
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				latin++
				letters++
			}
		case r == utf8.RuneError || !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
			letters++
		default:
			letters++
			for i := range scripts {
				if unicode.Is(scripts[i].table, r) {
					byScript[scripts[i].language]++
					break
				}
			}
		}
	}
	if letters == 0 {
		return ""
	}
	if byScript["ja"]*8 >= byScript["zh"] && byScript["ja"] > 0 {
		byScript["ja"] += byScript["zh"]
		byScript["zh"] = 0
	}
	for language, n := range byScript {
		least := 12
		if language == "zh" || language == "ja" || language == "ko" {
			least = 6
		}
		if n >= least && n*2 > letters {
			return language
		}
	}
	if latin*4 < letters*3 {
		return ""
	}
	return bySmallWords(text)
}

func bySmallWords(text string) string {
	count := map[string]int{}
	words := 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		words++
		if language := small[strings.ToLower(w)]; language != "" && language != "-" {
			count[language]++
		}
	}
	first, second, name := 0, 0, ""
	for language, n := range count {
		switch {
		case n > first || n == first && language < name:
			first, second, name = n, first, language
		case n > second:
			second = n
		}
	}
	if first < 3 || first*10 < words || first < 2*second {
		return ""
	}
	return name
}
