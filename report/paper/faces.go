package paper

import (
	_ "embed" // of the fonts
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The fonts stand in the module, so that a report looks the same on every machine; fonts/*-LICENSE.txt say what they allow.
//
//go:embed fonts/Inter-Regular.ttf
var interRegular []byte

//go:embed fonts/Inter-SemiBold.ttf
var interSemiBold []byte

//go:embed fonts/DejaVuSansMono.ttf
var dejavuMono []byte

//go:embed fonts/DejaVuSans.ttf
var dejavuSans []byte

// face is one of the fonts.
type face uint8

const (
	plain face = iota // Inter: Latin, Greek, Cyrillic
	bold              // Inter SemiBold
	mono              // DejaVu Sans Mono, for what was sent and what came back
	wide              // DejaVu Sans, for what the others have no sign for
	faces
)

// basic is the end of what fonts are asked for: the library writes characters of two bytes.
const basic = 0x10000

// metrics are what is known of a font.
type metrics struct {
	name    string
	data    []byte
	advance []uint16 // of each character, in thousandths of the size
	has     []bool
}

var known = sync.OnceValue(func() *[faces]metrics {
	all := [faces]metrics{plain: {name: "inter", data: interRegular}, bold: {name: "interbold", data: interSemiBold}, mono: {name: "mono", data: dejavuMono}, wide: {name: "wide", data: dejavuSans}}
	for i := range all {
		all[i].read()
	}
	return &all
})

// read learns which characters a font has, and how wide they are. A font of ours that cannot be read is a mistake of ours.
func (m *metrics) read() {
	f, err := sfnt.Parse(m.data)
	if err != nil {
		panic("paper: font " + m.name + ": " + err.Error())
	}
	m.advance, m.has = make([]uint16, basic), make([]bool, basic)
	var b sfnt.Buffer
	for r := rune(' '); r < basic; r++ {
		g, err := f.GlyphIndex(&b, r)
		if err != nil || g == 0 {
			continue
		}
		if w, err := f.GlyphAdvance(&b, g, fixed.I(1000), font.HintingNone); err == nil {
			m.has[r], m.advance[r] = true, uint16(max(0, w.Round())) //nolint:gosec // no sign is 65 times as wide as it is high
		}
	}
}

// faceOf is the font that has a character: the one asked for, or the one that stands in for it.
func faceOf(asked face, r rune) (face, bool) {
	if r < 0 || r >= basic {
		return asked, false
	}
	fonts := known()
	for _, f := range [...]face{asked, wide} {
		if fonts[f].has[r] {
			return f, true
		}
	}
	return asked, false
}
