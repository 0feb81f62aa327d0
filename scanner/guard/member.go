package guard

import "strconv"

// eachMember goes through the strings of a JSON document with their paths. A path has the names around a string, and what
// tells alike ones apart: the type of an object, and the members that number it. Of what is no whole document it finds
// what it can.
func eachMember(data []byte, visit func(t *text, path, name string)) {
	w := walker{data: data, visit: visit}
	w.value(w.space(0), "", "", 0)
}

// mostDeep bounds how deep documents are read.
const mostDeep = 32

// walker reads JSON leniently: it never goes back, but for the members of one object.
type walker struct {
	data  []byte
	visit func(t *text, path, name string)
}

// member is one member of an object.
type member struct {
	name  string
	start int
}

func (w *walker) space(i int) int {
	for i < len(w.data) && (w.data[i] == ' ' || w.data[i] == '\t' || w.data[i] == '\r' || w.data[i] == '\n' || w.data[i] == ',' || w.data[i] == ':') {
		i++
	}
	return i
}

// value visits the value at i.
func (w *walker) value(i int, path, name string, depth int) {
	if i >= len(w.data) {
		return
	}
	switch w.data[i] {
	case '"':
		t, _ := readString(w.data, i)
		t.key = name
		w.visit(t, path, name)
	case '{':
		members := w.members(i)
		for _, m := range members {
			switch m.name {
			case "type", "index", "output_index", "content_index", "item_id":
				if end := w.skip(m.start); end-m.start < 100 {
					path += "#" + string(w.data[m.start:min(end, len(w.data))])
				}
			}
		}
		for _, m := range members {
			if depth < mostDeep {
				w.value(m.start, path+"/"+m.name, m.name, depth+1)
			}
		}
	case '[':
		n := 0
		for i = w.space(i + 1); i < len(w.data) && w.data[i] != ']'; n++ {
			if depth < mostDeep {
				w.value(i, path+"/"+strconv.Itoa(n), name, depth+1)
			}
			i = w.space(w.skip(i))
		}
	}
}

// members lists the members of the object at i.
func (w *walker) members(i int) []member {
	var all []member
	for i = w.space(i + 1); i < len(w.data) && w.data[i] == '"'; {
		key, end := readString(w.data, i)
		start := w.space(end)
		if start >= len(w.data) {
			break
		}
		all = append(all, member{key.plain, start})
		i = w.space(w.skip(start))
	}
	return all
}

// skip returns where the value at i ends; always behind i.
func (w *walker) skip(i int) int {
	depth := 0
	for i < len(w.data) {
		switch w.data[i] {
		case '"':
			_, i = stringEnd(w.data, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		default:
			for i++; i < len(w.data) && depth == 0; i++ {
				if c := w.data[i]; c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t' {
					break
				}
			}
		}
		if depth <= 0 {
			break
		}
	}
	return i
}

// stringEnd finds the end of the string whose quote stands at i: of its text, and behind its closing quote.
func stringEnd(data []byte, i int) (stop, after int) {
	for stop = i + 1; stop < len(data) && data[stop] != '"'; stop++ {
		if data[stop] == '\\' {
			stop++
		}
	}
	stop = min(stop, len(data))
	return stop, stop + 1
}
