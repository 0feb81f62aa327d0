package engine

import (
	"sync"

	"github.com/tiktoken-go/tokenizer/codec"
)

// TokenBasis says what counts of tokens rest on that no provider made.
const TokenBasis = "tokens are counted with o200k_base, which is exact for newer models of OpenAI and an approximation for others"

// o200k is made when it is first asked for: it takes some 20 ms and 6 MiB.
var o200k = sync.OnceValue(codec.NewO200kBase)

// maxCounted bounds how many bytes of one text are counted; the rest is taken to be like it.
const maxCounted = 64 << 10

// Tokens counts the tokens of a text offline, see TokenBasis.
func Tokens(text string) int64 {
	if text == "" {
		return 0
	}
	part := text[:min(len(text), maxCounted)]
	n, err := o200k().Count(part)
	if err != nil {
		return int64(len(text)+3) / 4 // what is usual for English
	}
	return int64(n) * int64(len(text)) / int64(len(part))
}
