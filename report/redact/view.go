package redact

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// view is a text as it reads once one writing is undone, with where each piece came from.
type view struct {
	text string
	from []int32 // where each byte came from; nil where all of it stands for all of the source
	ends []int32 // where that ends
	at   [2]int  // the place of the whole, where from is nil
}

// source is the place that stands for a place of the view.
func (v *view) source(start, end int) (int, int) {
	if v.from == nil {
		return v.at[0], v.at[1]
	}
	return int(v.from[start]), int(v.ends[end-1])
}

// mostViewed bounds the texts in which other writings are looked for, in bytes.
const mostViewed = 4 << 20

// views are the readings of a text that differ from how it is written: one with all escapes undone, and what is packed in
// it. slight asks for the former also where there are only the escapes that the detector undoes itself.
func views(text string, slight bool) (all []view) {
	if len(text) > mostViewed {
		return nil
	}
	if strings.ContainsAny(text, `%\&`) || strings.Contains(text, "+") && strings.ContainsAny(text, "=?") {
		if v, changed := undo(text, slight); changed {
			all = append(all, v)
		}
	}
	return append(all, packed(text)...)
}

// undo reads all escapes of a text: of addresses, of JSON, of HTML.
func undo(text string, slight bool) (v view, changed bool) {
	b := make([]byte, 0, len(text))
	v.from, v.ends = make([]int32, 0, len(text)), make([]int32, 0, len(text))
	parameter := false // what follows is the value of a parameter, in which a plus sign stands for a space
	for i := 0; i < len(text); {
		put, size := "", 0
		switch text[i] {
		case '?', '=':
			parameter = true
		case ' ', '\n', '"', '\'', '<', '>':
			parameter = false
		case '%':
			put, size = percent(text, i)
		case '\\':
			put, size = backslash(text, i)
			changed = changed || slight && size > 0 || size > 2
		case '&':
			put, size = entity(text, i)
		case '+':
			if parameter {
				put, size = " ", 1
			}
		}
		if size == 0 {
			put, size = text[i:i+1], 1
		} else if text[i] != '\\' {
			changed = true
		}
		b = append(b, put...)
		for range len(put) {
			v.from, v.ends = append(v.from, int32(i)), append(v.ends, int32(i+size)) //nolint:gosec // bounded by mostViewed
		}
		i += size
	}
	v.text = string(b)
	return v, changed
}

// percent reads %40.
func percent(text string, i int) (string, int) {
	if i+2 < len(text) {
		if n, err := strconv.ParseUint(text[i+1:i+3], 16, 8); err == nil {
			return string([]byte{byte(n)}), 3
		}
	}
	return "", 0
}

// backslash reads the escapes of JSON and JavaScript: \u0040, \x40, \/, \", \n.
func backslash(text string, i int) (string, int) {
	if i+1 >= len(text) {
		return "", 0
	}
	switch c := text[i+1]; c {
	case 'u', 'x':
		size := 4
		if c == 'x' {
			size = 2
		}
		if i+2+size <= len(text) {
			if n, err := strconv.ParseUint(text[i+2:i+2+size], 16, 32); err == nil {
				return string(rune(n)), 2 + size
			}
		}
	case '/', '"', '\'', '\\':
		return string(c), 2
	case 'n':
		return "\n", 2
	case 'r':
		return "\r", 2
	case 't':
		return "\t", 2
	}
	return "", 0
}

// entity reads &#64; and &commat;.
func entity(text string, i int) (string, int) {
	end := strings.IndexByte(text[i:min(len(text), i+12)], ';')
	if end < 2 {
		return "", 0
	}
	whole := text[i : i+end+1]
	if put := html.UnescapeString(whole); put != whole {
		return put, len(whole)
	}
	return "", 0
}

// Bounds of what is read as base64 or hexadecimal.
const (
	leastPacked = 16
	mostPacked  = 200 // runs of a text
)

// packed are the runs of base64 and of hexadecimal digits that hold text.
func packed(text string) (all []view) {
	for i := 0; i < len(text) && len(all) < mostPacked; {
		if !packedByte(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && packedByte(text[end]) {
			end++
		}
		if end-i >= leastPacked {
			if plain := unpack(text[i:end]); plain != "" {
				all = append(all, view{text: plain, at: [2]int{i, end}})
			}
		}
		i = end
	}
	return all
}

func packedByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-' || c == '_' || c == '='
}

// unpack reads a run; empty where it holds no text.
func unpack(run string) string {
	if len(run)%2 == 0 {
		if data, err := hex.DecodeString(run); err == nil && readable(data) {
			return string(data)
		}
	}
	run = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(run, "="))
	for skip := range 4 { // it may begin with a piece of a path
		if rest := run[skip:]; len(rest) >= leastPacked && !strings.Contains(rest, "=") {
			if data, err := base64.RawStdEncoding.DecodeString(whole(rest)); err == nil && readable(data) {
				return string(data)
			}
		}
	}
	return ""
}

// whole is base64 without the letter too many that tells no byte.
func whole(run string) string {
	if len(run)%4 == 1 {
		return run[:len(run)-1]
	}
	return run
}

// readable reports whether bytes are text.
func readable(data []byte) bool {
	if !utf8.Valid(data) {
		return false
	}
	odd := 0
	for _, c := range string(data) {
		if c == utf8.RuneError || unicode.IsControl(c) && c != '\n' && c != '\t' && c != '\r' {
			odd++
		}
	}
	return odd*20 <= len(data)
}
