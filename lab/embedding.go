package lab

import (
	"encoding/base64"
	"encoding/binary"
	"math"
)

// embeddingSize is the length of a vector when none is asked for.
const embeddingSize = 64

// embedText maps a text to a vector of length 1: every word adds to a few places chosen by its hash, so that texts which
// share words are near each other.
func embedText(text string, size int) []float32 {
	if size <= 0 || size > 4096 {
		size = embeddingSize
	}
	vector := make([]float32, size)
	for _, word := range append(nameWords(text), "") {
		h := seed(word)
		for range 3 {
			sign := float32(1)
			if h&1 == 1 {
				sign = -1
			}
			vector[int(h>>1)%size] += sign
			h = h*1664525 + 1013904223
		}
	}
	var sum float64
	for _, v := range vector {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		vector[0], sum = 1, 1
	}
	for i := range vector {
		vector[i] /= float32(math.Sqrt(sum))
	}
	return vector
}

// packed is a vector as base64 of little-endian float32, the form OpenAI's SDKs ask for.
func packed(vector []float32) string {
	raw := make([]byte, 0, 4*len(vector))
	for _, v := range vector {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return base64.StdEncoding.EncodeToString(raw)
}
