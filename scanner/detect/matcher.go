package detect

// matcher finds many words in one pass over a text, whatever the case of their ASCII letters (Aho and Corasick 1975). Its
// automaton is complete: one step a byte, and nothing is copied. The words are lower case and none is empty.
type matcher struct {
	class   [256]uint8 // bytes that no word has are all of class 0
	classes int
	next    []int32 // the state after state and class; negative where a word ends
	ends    [][]int32
	lengths []int32
}

func newMatcher(words []string) *matcher {
	m := &matcher{classes: 1}
	for _, w := range words {
		m.lengths = append(m.lengths, int32(len(w))) //nolint:gosec // words are short
		for i := range len(w) {
			if m.class[w[i]] == 0 {
				m.class[w[i]] = uint8(m.classes) //nolint:gosec // at most 256 bytes; all of them would be no words
				m.classes++
			}
		}
	}
	for c := byte('A'); c <= 'Z'; c++ {
		m.class[c] = m.class[c+'a'-'A']
	}
	m.state()
	for i, w := range words {
		m.enter(w, int32(i)) //nolint:gosec // few words
	}
	m.complete()
	return m
}

func (m *matcher) state() int32 {
	n := int32(len(m.ends)) //nolint:gosec // bytes of all words
	m.next = append(m.next, make([]int32, m.classes)...)
	m.ends = append(m.ends, nil)
	return n
}

func (m *matcher) enter(word string, number int32) {
	s := int32(0)
	for i := range len(word) {
		at := int(s)*m.classes + int(m.class[word[i]])
		if m.next[at] == 0 {
			m.next[at] = m.state()
		}
		s = m.next[at]
	}
	m.ends[s] = append(m.ends[s], number)
}

// complete gives every state a step for every class: where its own word does not go on, that of the longest end of it
// which begins a word. Words that end there end here too, after the longer ones.
func (m *matcher) complete() {
	fall := make([]int32, len(m.ends))
	queue := []int32{0}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if s != 0 {
			m.ends[s] = append(m.ends[s], m.ends[fall[s]]...)
		}
		for c := range m.classes {
			at := int(s)*m.classes + c
			other := int32(0)
			if s != 0 {
				other = m.next[int(fall[s])*m.classes+c]
			}
			if m.next[at] == 0 {
				m.next[at] = other
				continue
			}
			fall[m.next[at]] = other
			queue = append(queue, m.next[at])
		}
	}
	for i, s := range m.next {
		if len(m.ends[s]) > 0 {
			m.next[i] = -s
		}
	}
}

// each tells every word of the text, in the order in which they end, longer ones first.
func (m *matcher) each(text string, found func(start, end, word int)) {
	s := 0
	for i := range len(text) {
		t := m.next[s*m.classes+int(m.class[text[i]])]
		if t >= 0 {
			s = int(t)
			continue
		}
		s = -int(t)
		for _, word := range m.ends[s] {
			found(i+1-int(m.lengths[word]), i+1, int(word))
		}
	}
}
