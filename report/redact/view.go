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

// views are the readings of a text that differ from how it is written.
func views(text string) (all []view) {
	if len(text) > mostViewed {
		return nil
	}
	for _, one := range []struct {
		mark string
		step func(text string, i int) (put string, size int)
	}{{"%", percent}, {`\`, backslash}, {"&", entity}} {
		if strings.Contains(text, one.mark) {
			if v, changed := undo(text, one.mark[0], one.step); changed {
				all = append(all, v)
			}
		}
	}
	return append(all, packed(text)...)
}

// undo replaces what step reads at each mark.
func undo(text string, mark byte, step func(string, int) (string, int)) (v view, changed bool) {
	var b strings.Builder
	b.Grow(len(text))
	v.from, v.ends = make([]int32, 0, len(text)), make([]int32, 0, len(text))
	add := func(put string, start, end int) {
		b.WriteString(put)
		for range len(put) {
			v.from, v.ends = append(v.from, int32(start)), append(v.ends, int32(end)) //nolint:gosec // bounded by mostViewed
		}
	}
	for i := 0; i < len(text); {
		if text[i] == mark {
			if put, size := step(text, i); size > 0 {
				add(put, i, i+size)
				i += size
				changed = true
				continue
			}
		}
		add(text[i:i+1], i, i+1)
		i++
	}
	v.text = b.String()
	return v, changed
}

// percent reads %40, and several of them where they are one character.
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
	case 'n', 'r', 't':
		return " ", 2
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
			if data, err := base64.RawStdEncoding.DecodeString(rest[:len(rest)/4*4]); err == nil && readable(data) {
				return string(data)
			}
		}
	}
	return ""
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
