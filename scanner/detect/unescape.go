package detect

import (
	"sort"
	"strings"
)

// unescaped is a text without the backslashes that JSON puts into strings (and into strings within strings), with the
// places they came from.
type unescaped struct {
	text  string
	marks []mark // sorted by plain
}

// mark says that from a place of the plain text on, the source is so many bytes further.
type mark struct{ plain, source int }

// unescape undoes runs of backslashes before quotes, n, r, t and slashes. It is for looking, not for parsing: other
// escapes stay as they are.
func unescape(source string) unescaped {
	first := strings.IndexByte(source, '\\')
	if first < 0 {
		return unescaped{text: source}
	}
	var b strings.Builder
	b.Grow(len(source))
	b.WriteString(source[:first])
	u := unescaped{}
	for i := first; i < len(source); {
		j := i
		for j < len(source) && source[j] == '\\' {
			j++
		}
		if j > i && j < len(source) {
			if c, ok := escaped(source[j]); ok {
				b.WriteByte(c)
				i = j + 1
				u.marks = append(u.marks, mark{b.Len(), i})
				continue
			}
		}
		if j == i {
			next := strings.IndexByte(source[i:], '\\')
			if next < 0 {
				next = len(source) - i
			}
			j = i + next
		}
		b.WriteString(source[i:j])
		i = j
	}
	u.text = b.String()
	return u
}

func escaped(c byte) (byte, bool) {
	switch c {
	case '"', '/', '\'':
		return c, true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	}
	return 0, false
}

// place is where a byte of the plain text stands in the source.
func (u unescaped) place(i int) int {
	at := sort.Search(len(u.marks), func(k int) bool { return u.marks[k].plain > i })
	if at == 0 {
		return i
	}
	m := u.marks[at-1]
	return m.source + i - m.plain
}
