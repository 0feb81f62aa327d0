package mutate

import "strings"

// lookAlikes write letters with characters of Unicode that look like them.
func lookAlikes() []Mutation {
	list := []Mutation{
		{
			Name: "fullwidth", Called: "fullwidth characters", What: "Visible ASCII as its fullwidth forms (U+FF01 to U+FF5E).",
			apply: fullwidth.apply, undo: fullwidth.undo, size: grows(3, 0),
		},
		{
			Name: "superscript", Called: "superscript letters", What: "Letters, digits and some signs as superscripts, where Unicode has them.",
			apply: superscript.apply, undo: superscript.undo, size: grows(4, 0),
		},
		{
			Name: "small-caps", Called: "small capitals", What: "Small letters as small capitals.",
			apply: smallCaps.apply, undo: smallCaps.undo, size: grows(3, 0),
		},
		{
			Name: "circled", Called: "circled letters", What: "Letters and digits in circles.",
			apply: circled.apply, undo: circled.undo, size: grows(3, 0),
		},
		{
			Name: "upside-down", Called: "upside-down text", What: "Characters turned on their heads, last one first.",
			apply: func(t string, _ *call) string { return backwards(upsideDown.apply(t, nil)) },
			undo:  func(t string, _ *call) (string, bool) { return upsideDown.apply(backwards(t), nil), true }, size: grows(3, 0),
		},
		{
			Name: "math", Called: "mathematical letters", What: "Letters and digits of the block of mathematical alphabets (U+1D400).",
			Params: []Param{{
				Name: "style", Kind: Word, Default: "bold", What: "the alphabet",
				Words: []string{"bold", "italic", "script", "fraktur", "double", "sans", "mono"},
			}},
			apply: func(t string, c *call) string { return mathStyles[c.text(0)].apply(t, c) },
			undo:  func(t string, c *call) (string, bool) { return mathStyles[c.text(0)].undo(t, c) }, size: grows(4, 0),
		},
		{
			Name: "homoglyph", Called: "letters of other scripts that look alike",
			What:   "Letters as Cyrillic and Greek letters that look the same (Unicode's list of confusables).",
			Params: []Param{shareParam("1", "letters replaced, of those that have a look-alike")},
			Loses:  "the difference to such letters that stood in the text", Random: true,
			apply: func(t string, c *call) string {
				return strings.Map(func(r rune) rune {
					if to := homoglyphs.of(r); to != r && r < 0x80 && c.random.chance(c.share(0)) {
						return to
					}
					return r
				}, t)
			},
			undo: func(t string, _ *call) (string, bool) {
				return strings.Map(func(r rune) rune {
					if r < 0x80 {
						return r
					}
					return homoglyphs.of(r)
				}, t), true
			},
			size: grows(2, 0),
		},
	}
	return family(list, Unicode, true)
}

// shareParam is the parameter of mutations that change some of the places they could.
func shareParam(by, what string) Param {
	return Param{Name: "share", Kind: Share, Default: by, What: "share of the " + what}
}

var fullwidth = func() *swap {
	s := newSwap(" \u3000")
	s.swapRange('!', '！', 94)
	return s
}()

// superscript holds what Unicode 14 has: digits, signs, all small letters, most capitals.
var superscript = newSwap("0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻=⁼(⁽)⁾" +
	"aᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰiⁱjʲkᵏlˡmᵐnⁿoᵒpᵖq𐞥rʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻ" +
	"AᴬBᴮDᴰEᴱGᴳHᴴIᴵJᴶKᴷLᴸMᴹNᴺOᴼPᴾRᴿTᵀUᵁVⱽWᵂ")

// smallCaps leaves x as it is: Unicode has no small capital X.
var smallCaps = newSwap("aᴀbʙcᴄdᴅeᴇfꜰgɢhʜiɪjᴊkᴋlʟmᴍnɴoᴏpᴘqꞯrʀsꜱtᴛuᴜvᴠwᴡyʏzᴢ")

var circled = func() *swap {
	s := newSwap("0⓪")
	s.swapRange('1', '①', 9)
	s.swapRange('A', 'Ⓐ', 26)
	s.swapRange('a', 'ⓐ', 26)
	return s
}()

var upsideDown = newSwap("aɐbqcɔdpeǝfɟgƃhɥiᴉjɾkʞlꞁmɯnurɹtʇvʌwʍyʎ" +
	"A∀CƆEƎFℲGפJſL⅂MWPԀT⊥U∩VΛY⅄1Ɩ3Ɛ4ㄣ7ㄥ69" +
	".˙,'!¡?¿_‾()[]{}<>&⅋;؛")

// mathStyles are the alphabets by name. Letters that had a place in Unicode before the block came are at that place.
var mathStyles = func() map[string]*swap {
	styles := map[string]*swap{}
	for _, style := range []struct {
		name                   string
		capital, small, digits rune
		elsewhere              string
	}{
		{"bold", 0x1D400, 0x1D41A, 0x1D7CE, ""},
		{"italic", 0x1D434, 0x1D44E, 0, "hℎ"},
		{"script", 0x1D49C, 0x1D4B6, 0, "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ"},
		{"fraktur", 0x1D504, 0x1D51E, 0, "CℭHℌIℑRℜZℨ"},
		{"double", 0x1D538, 0x1D552, 0x1D7D8, "CℂHℍNℕPℙQℚRℝZℤ"},
		{"sans", 0x1D5A0, 0x1D5BA, 0x1D7E2, ""},
		{"mono", 0x1D670, 0x1D68A, 0x1D7F6, ""},
	} {
		s := newSwap(style.elsewhere)
		for i := range rune(26) {
			if s.of('A'+i) == 'A'+i {
				s.swapRange('A'+i, style.capital+i, 1)
			}
			if s.of('a'+i) == 'a'+i {
				s.swapRange('a'+i, style.small+i, 1)
			}
		}
		if style.digits != 0 {
			s.swapRange('0', style.digits, 10)
		}
		styles[style.name] = s
	}
	return styles
}()

// homoglyphs are pairs that Unicode's confusables.txt lists, chosen so that fonts draw them alike.
var homoglyphs = newSwap("aаcсeеhһiіjјoоpрsѕxхyуqԛwԝdԁlӏ" +
	"AАBВCСEЕHНIІJЈKКMМOОPРSЅTТXХYУZΖNΝ")
