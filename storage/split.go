package storage

import "bytes"

// Sizes of chunks in bytes. Clients of language models send the whole history again with each turn: cut at the ends of
// messages, most of a request is made of chunks the project already has.
const (
	minPiece = 600      // smaller elements are taken together
	maxPiece = 16 << 10 // larger ones are cut by their content
	minCut   = 1 << 10
	maxCut   = 64 << 10
	cutMask  = 1<<12 - 1 // 4 KiB in the mean
)

// split returns where to cut a body: the ends of its chunks, the last of which is its length. Equal runs of bytes are
// cut alike wherever they stand.
func split(body []byte) []int {
	var ends []int
	start := 0
	for _, end := range elementEnds(body) {
		if end-start > maxPiece {
			ends = appendCuts(ends, body, start, end)
		} else {
			ends = append(ends, end)
		}
		start = end
	}
	if len(body)-start > maxPiece {
		return appendCuts(ends, body, start, len(body))
	}
	if start < len(body) {
		ends = append(ends, len(body))
	}
	return ends
}

// elementEnds finds the ends of the elements of arrays that are not deep inside a JSON document, and of the members of
// its outermost object. It does not ask whether the document is valid: a cut is never wrong, only useless.
func elementEnds(body []byte) []int {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' {
		return nil
	}
	const maxDepth = 5
	var ends []int
	var isArray [maxDepth + 1]bool
	depth, last := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i = stringEnd(body, i)
		case '{', '[':
			depth++
			if depth <= maxDepth {
				isArray[depth] = body[i] == '['
			}
		case '}', ']':
			depth = max(depth-1, 0)
		case ',':
			if depth < 1 || depth > maxDepth || depth > 1 && !isArray[depth] {
				continue
			}
			if i+1-last >= minPiece {
				ends = append(ends, i+1)
				last = i + 1
			}
		}
	}
	return ends
}

// stringEnd returns the index of the quote that ends the string that begins at start.
func stringEnd(body []byte, start int) int {
	for i := start + 1; i < len(body); {
		n := bytes.IndexByte(body[i:], '"')
		if n < 0 {
			return len(body)
		}
		i += n
		slashes := 0
		for body[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
		i++
	}
	return len(body)
}

// appendCuts cuts body[start:end] where a rolling hash of the bytes before says so.
func appendCuts(ends []int, body []byte, start, end int) []int {
	for start < end {
		limit := min(start+maxCut, end)
		cut := limit
		if start+minCut < limit {
			var h uint64
			for i := start + minCut - 64; i < limit; i++ {
				h = h<<1 + gear[body[i]]
				if i >= start+minCut && h>>52&cutMask == 0 {
					cut = i
					break
				}
			}
		}
		ends = append(ends, cut)
		start = cut
	}
	return ends
}

// gear are arbitrary but fixed numbers (splitmix64 of 0, 1, 2, …): changing them would only make old and new chunks
// differ.
var gear = func() (table [256]uint64) {
	var x uint64
	for i := range table {
		x += 0x9e3779b97f4a7c15
		z := x
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		table[i] = z ^ z>>31
	}
	return table
}()
