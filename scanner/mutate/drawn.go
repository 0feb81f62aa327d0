package mutate

import "strings"

// glyphs are letters and digits on five lines of five places.
var glyphs = func() map[rune][]string {
	fields := strings.Fields(`
		A .###. #...# ##### #...# #...#
		B ####. #...# ####. #...# ####.
		C .#### #.... #.... #.... .####
		D ####. #...# #...# #...# ####.
		E ##### #.... ####. #.... #####
		F ##### #.... ####. #.... #....
		G .#### #.... #..## #...# .####
		H #...# #...# ##### #...# #...#
		I ##### ..#.. ..#.. ..#.. #####
		J ..### ...#. ...#. #..#. .##..
		K #...# #..#. ###.. #..#. #...#
		L #.... #.... #.... #.... #####
		M #...# ##.## #.#.# #...# #...#
		N #...# ##..# #.#.# #..## #...#
		O .###. #...# #...# #...# .###.
		P ####. #...# ####. #.... #....
		Q .###. #...# #.#.# #..#. .##.#
		R ####. #...# ####. #..#. #...#
		S .#### #.... .###. ....# ####.
		T ##### ..#.. ..#.. ..#.. ..#..
		U #...# #...# #...# #...# .###.
		V #...# #...# #...# .#.#. ..#..
		W #...# #...# #.#.# ##.## #...#
		X #...# .#.#. ..#.. .#.#. #...#
		Y #...# .#.#. ..#.. ..#.. ..#..
		Z ##### ...#. ..#.. .#... #####
		0 .###. #..## #.#.# ##..# .###.
		1 ..#.. .##.. ..#.. ..#.. .###.
		2 ####. ....# .###. #.... #####
		3 ####. ....# .###. ....# ####.
		4 #..#. #..#. ##### ...#. ...#.
		5 ##### #.... ####. ....# ####.
		6 .###. #.... ####. #...# .###.
		7 ##### ....# ...#. ..#.. ..#..
		8 .###. #...# .###. #...# .###.
		9 .###. #...# .#### ....# .###.`)
	m := map[rune][]string{}
	for i := 0; i < len(fields); i += 6 {
		lines := fields[i+1 : i+6]
		for j, line := range lines {
			lines[j] = strings.ReplaceAll(line, ".", " ")
		}
		m[rune(fields[i][0])] = lines
	}
	return m
}()

// drawn puts the letters of a word beside each other and the words below each other. Signs that have no picture stand for themselves on
// the middle line.
func drawn(t string, _ *call) string {
	var b strings.Builder
	for i, word := range strings.Fields(t) {
		if i > 0 {
			b.WriteByte('\n')
		}
		for line := range 5 {
			var row strings.Builder
			for _, r := range word {
				switch glyph, ok := glyphs[upper(r)]; {
				case ok:
					row.WriteString(glyph[line] + " ")
				case line == 2:
					row.WriteString(string(r) + " ")
				default:
					row.WriteString("  ")
				}
			}
			b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
		}
	}
	return b.String()
}
