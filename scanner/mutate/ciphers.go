package mutate

import (
	"slices"
	"strings"
)

// ciphers replace or move letters. Only the letters A to Z are replaced; case and everything else stay.
func ciphers() []Mutation {
	list := []Mutation{
		{
			Name: "rot13", Called: "ROT13", What: "Each letter moved 13 places in the alphabet.",
			apply: shifted(func(*call) int { return 13 }), undo: backShifted(func(*call) int { return 13 }), size: grows(1, 0),
		},
		{
			Name: "rot47", Called: "ROT47", What: "Each visible ASCII character moved 47 places.",
			apply: func(t string, _ *call) string { return rot47(t) },
			undo:  func(t string, _ *call) (string, bool) { return rot47(t), true }, size: grows(1, 0),
		},
		{
			Name: "caesar", Called: "a Caesar cipher", What: "Each letter moved n places in the alphabet.",
			Params: []Param{{Name: "n", Kind: Number, Default: "3", Min: 1, Max: 25, What: "places"}},
			apply:  shifted(func(c *call) int { return c.number(0) }), undo: backShifted(func(c *call) int { return c.number(0) }),
			size: grows(1, 0),
		},
		{
			Name: "atbash", Called: "Atbash", What: "A for Z, B for Y, and so on.",
			apply: func(t string, _ *call) string { return atbash(t) },
			undo:  func(t string, _ *call) (string, bool) { return atbash(t), true }, size: grows(1, 0),
		},
		{
			Name: "vigenere", Called: "a Vigenère cipher", What: "Each letter moved by the next letter of a key.",
			Params: []Param{{Name: "key", Kind: Text, Default: "LEMON", Min: 1, Max: 100, What: "the key; its letters A to Z count"}},
			apply:  func(t string, c *call) string { return vigenere(t, c.text(0), 1) },
			undo:   func(t string, c *call) (string, bool) { return vigenere(t, c.text(0), -1), true }, size: grows(1, 0),
		},
		{
			Name: "rail-fence", Called: "a rail fence cipher", What: "The characters written in a zigzag over n lines and read line by line.",
			Params: []Param{{Name: "rails", Kind: Number, Default: "3", Min: 2, Max: 50, What: "lines"}},
			apply:  railFence, undo: unRailFence, size: grows(1, 0),
		},
	}
	return family(list, Ciphers, true)
}

// shift moves a letter n places, n from 0 to 25.
func shift(b byte, n int) byte {
	switch {
	case b >= 'a' && b <= 'z':
		return 'a' + byte((int(b-'a')+n)%26)
	case b >= 'A' && b <= 'Z':
		return 'A' + byte((int(b-'A')+n)%26)
	}
	return b
}

// eachByte changes the bytes of ASCII characters; those of others stay, so that the text stays UTF-8.
func eachByte(t string, change func(byte) byte) string {
	out := []byte(t)
	for i, b := range out {
		if b < 0x80 {
			out[i] = change(b)
		}
	}
	return string(out)
}

func shifted(n func(*call) int) func(string, *call) string {
	return func(t string, c *call) string {
		return eachByte(t, func(b byte) byte { return shift(b, n(c)) })
	}
}

func backShifted(n func(*call) int) func(string, *call) (string, bool) {
	return func(t string, c *call) (string, bool) {
		return eachByte(t, func(b byte) byte { return shift(b, 26-n(c)) }), true
	}
}

func rot47(t string) string {
	return eachByte(t, func(b byte) byte {
		if b < '!' || b > '~' {
			return b
		}
		return '!' + (b-'!'+47)%94
	})
}

func atbash(t string) string {
	return eachByte(t, func(b byte) byte {
		switch {
		case b >= 'a' && b <= 'z':
			return 'a' + 'z' - b
		case b >= 'A' && b <= 'Z':
			return 'A' + 'Z' - b
		}
		return b
	})
}

// vigenere moves by the key, forth with 1 and back with -1. A key without letters moves nothing.
func vigenere(t, key string, direction int) string {
	var moves []int
	for _, r := range strings.ToUpper(key) {
		if r >= 'A' && r <= 'Z' {
			moves = append(moves, (26+direction*int(r-'A'))%26)
		}
	}
	if len(moves) == 0 {
		return t
	}
	n := 0
	return eachByte(t, func(b byte) byte {
		if shift(b, 1) == b {
			return b
		}
		n++
		return shift(b, moves[(n-1)%len(moves)])
	})
}

// railOrder says which character stands at each place of the result.
func railOrder(length, rails int) []int {
	order := make([]int, 0, length)
	period := 2 * (rails - 1)
	for rail := range rails {
		for at := rail; at < length; at += period {
			order = append(order, at)
			if other := at + period - 2*rail; rail > 0 && rail < rails-1 && other < length {
				order = append(order, other)
			}
		}
	}
	return order
}

func railFence(t string, c *call) string {
	runes := []rune(t)
	out := make([]rune, 0, len(runes))
	for _, at := range railOrder(len(runes), c.number(0)) {
		out = append(out, runes[at])
	}
	return string(out)
}

func unRailFence(t string, c *call) (string, bool) {
	runes := []rune(t)
	out := slices.Clone(runes)
	for i, at := range railOrder(len(runes), c.number(0)) {
		out[at] = runes[i]
	}
	return string(out), true
}
