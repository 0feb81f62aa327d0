package watch

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"assay/llm"
	"assay/scanner"
)

// mostHeard is how many messages with signs are remembered of an actor.
const mostHeard = 128

// heard are the signs of an actor's latest messages. A client that sends a window of its history, and not all of it, begins
// a conversation anew with every request as far as anybody can tell: the same message would be new each time.
type heard struct {
	ring [mostHeard]uint64
	next int
}

func (h *heard) has(x uint64) bool { return slices.Contains(h.ring[:], x) }

func (h *heard) add(x uint64) {
	if !h.has(x) {
		h.ring[h.next] = x
		h.next = (h.next + 1) % mostHeard
	}
}

// forget takes out of a sight what stands in the history of the request and was heard from the same actor before.
func (h *heard) forget(s *scanner.Sight, c *llm.Conversation) {
	if c == nil || len(s.Signs) == 0 {
		return
	}
	latest := 0 // what follows the last answer is said now, whoever said it before
	for i := range c.Messages {
		if isAssistant(c.Messages[i].Role) {
			latest = i + 1
		}
	}
	var said []uint64
	s.Signs = slices.DeleteFunc(s.Signs, func(sign scanner.Sign) bool {
		n, is := messageOf(sign.Where)
		if sign.Side != scanner.InRequest || !is || n >= len(c.Messages) {
			return false
		}
		x := signOf(&sign, &c.Messages[n])
		said = append(said, x)
		return n < latest && h.has(x)
	})
	for _, x := range said {
		h.add(x)
	}
}

// messageOf is the number in message:N and message:N.J.
func messageOf(where string) (n int, is bool) {
	number, is := strings.CutPrefix(where, "message:")
	if !is {
		return 0, false
	}
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	return n, err == nil && n >= 0
}

// signOf is the same for the same sign in the same message.
func signOf(sign *scanner.Sign, m *llm.Message) uint64 {
	h := fnv.New64a()
	for _, text := range []string{string(sign.Kind), sign.Name, m.Role} {
		_, _ = h.Write([]byte(text + "\x00"))
	}
	for i := range m.Parts {
		_, _ = h.Write([]byte(m.Parts[i].Text))
	}
	return h.Sum64()
}
