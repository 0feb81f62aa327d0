package storage

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"slices"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// saidColumns are the columns of the text index, in its order. The first ones hold what the request told of earlier
// turns, which later turns of the conversation tell again; the others what belongs to this exchange alone.
var saidColumns = [...]string{"user", "system", "assistant", "thoughts", "tool", "url", "answer", "reasoning", "call"}

const (
	saidUser = iota
	saidSystem
	saidAssistant
	saidThoughts
	saidTool
	saidURL
	saidAnswer
	saidReasoning
	saidCall
)

// saidInherited is how many columns later turns tell again.
const saidInherited = saidURL

// saidFields are the columns a field searches in.
var saidFields = map[string][]int{
	"system": {saidSystem}, "user": {saidUser}, "assistant": {saidAssistant, saidAnswer}, "reasoning": {saidThoughts, saidReasoning},
	"tool_text": {saidTool, saidCall},
	"text":      {saidSystem, saidUser, saidAssistant, saidThoughts, saidTool, saidURL, saidAnswer, saidReasoning, saidCall},
}

// textBreak stands between two texts, so that no phrase is found across them. It is a private-use letter, which the
// index takes for a word.
const textBreak = " \ue000 "

// maxSaid bounds what is indexed of one column of one exchange, in bytes.
const maxSaid = 4 << 20

// saidTexts are texts by column.
type saidTexts [len(saidColumns)]string

// textsOf collects what a conversation said from its message number from on; with system the system texts too.
func textsOf(c *llm.Conversation, from int, system bool) saidTexts {
	var b [len(saidColumns)]strings.Builder
	add := func(column int, text string) {
		if text != "" && b[column].Len() < maxSaid {
			if b[column].Len() > 0 {
				b[column].WriteString(textBreak)
			}
			writeWords(&b[column], text)
		}
	}
	if system {
		for _, text := range c.System {
			add(saidSystem, text)
		}
	}
	for _, m := range c.Messages[min(from, len(c.Messages)):] {
		column := saidUser
		switch m.Role {
		case "system", "developer":
			continue // in c.System
		case "assistant", "model", "ai", "bot":
			column = saidAssistant
		case "tool", "function":
			column = saidTool
		}
		for i := range m.Parts {
			addPart(add, column, &m.Parts[i])
		}
	}
	for _, text := range c.Prompts {
		add(saidUser, text)
	}
	add(saidAnswer, c.Answer)
	add(saidAnswer, c.Refusal)
	add(saidReasoning, c.Reasoning)
	for _, call := range c.ToolCalls {
		add(saidCall, call.Name)
		add(saidCall, call.Arguments)
	}
	if r := c.RPC; r != nil {
		add(saidCall, r.Tool)
		add(saidCall, r.Arguments)
		add(saidCall, r.ResultText)
	}
	var texts saidTexts
	for i := range b {
		texts[i] = b[i].String()
	}
	return texts
}

func addPart(add func(int, string), column int, part *llm.Part) {
	switch part.Kind {
	case llm.PartReasoning:
		add(saidThoughts, part.Text)
	case llm.PartToolCall:
		if part.Call != nil {
			add(saidTool, part.Call.Name)
			add(saidTool, part.Call.Arguments)
		}
	case llm.PartToolResult:
		add(saidTool, part.Text)
	case llm.PartImage, llm.PartAudio, llm.PartVideo, llm.PartFile:
	case llm.PartText, llm.PartRefusal, llm.PartOther:
		add(column, part.Text)
	}
}

// longestWord is the longest run of bytes without space or punctuation that is indexed. Longer ones are no words but
// encoded bytes.
const longestWord = 200

// writeWords writes text without runs that are too long for words, base64 above all.
func writeWords(b *strings.Builder, text string) {
	if len(text) > maxSaid {
		text = text[:maxSaid]
	}
	start, run := 0, 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && encodedByte(text[i]) {
			run++
			continue
		}
		if run > longestWord {
			b.WriteString(text[start : i-run])
			b.WriteByte(' ')
			start = i
		}
		run = 0
	}
	b.WriteString(text[start:])
}

func encodedByte(c byte) bool {
	return isWordByte(c) || c == '+' || c == '/' || c == '=' || c == '_' || c == '-'
}

// turnHashes names the histories an exchange goes through: the system texts with its first message, with its first
// two, and so on. Two exchanges with an equal hash were told the same up to there.
func turnHashes(c *llm.Conversation) []int64 {
	h := fnv.New64a()
	var n [8]byte
	field := func(s string) {
		binary.LittleEndian.PutUint64(n[:], uint64(len(s)))
		_, _ = h.Write(n[:]) // never fails
		_, _ = io.WriteString(h, s)
	}
	for _, s := range c.System {
		field(s)
	}
	hashes := make([]int64, len(c.Messages))
	for i, m := range c.Messages {
		field(m.Role)
		for j := range m.Parts {
			p := &m.Parts[j]
			field(string(p.Kind))
			field(p.Text)
			field(p.CallID + p.URL)
			binary.LittleEndian.PutUint64(n[:], uint64(p.Bytes))
			_, _ = h.Write(n[:])
			if p.Call != nil {
				field(p.Call.Name)
				field(p.Call.Arguments)
			}
		}
		hashes[i] = int64(h.Sum64())
	}
	return hashes
}

func hashText(s string) int64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, strings.TrimSpace(s))
	return int64(h.Sum64())
}

// turn is where an exchange stands in a conversation.
type turn struct {
	base   traffic.ID // an exchange whose messages this one begins with; 0 when none is known
	thread traffic.ID // the first exchange of the conversation; 0 when this is none
	told   int        // messages that base was told too, or answered
	heard  bool       // the last of these is what base answered
	hashes []int64
	answer int64
}

// maxBack is how many messages a turn may add to the one it follows.
const maxBack = 24

// findTurn finds the exchange whose messages this one begins with, and the conversation it goes on with: that of an
// exchange whose answer comes next.
func (t *tx) findTurn(id traffic.ID, c *llm.Conversation) (turn, error) {
	at := turn{hashes: turnHashes(c), answer: hashText(c.Answer)}
	n := len(at.hashes)
	if c.Kind == llm.KindPlain || n == 0 {
		return at, nil
	}
	for i := n; i > 0 && i >= n-maxBack && (at.base == 0 || at.thread == 0); i-- {
		if at.base == 0 {
			base, _, err := t.lookupTurn(at.hashes[i-1])
			if err != nil {
				return at, err
			}
			if base != 0 && base != id && (i < n || base < id) {
				at.base, at.told = base, i
				if i < n && c.Messages[i].Role == "assistant" && onlyText(c.Messages[i]) {
					// What base answered is in the index already.
					other, _, err := t.lookupTurn(answeredHash(at.hashes[i-1], hashText(messageText(c.Messages[i]))))
					if err != nil {
						return at, err
					}
					if at.heard = other == base; at.heard {
						at.told++
					}
				}
			}
		}
		if i == n || at.thread != 0 {
			continue
		}
		before, thread, err := t.lookupTurn(answeredHash(at.hashes[i-1], hashText(messageText(c.Messages[i]))))
		if err != nil {
			return at, err
		}
		if before != 0 && before != id {
			at.thread = first(thread, before)
		}
	}
	at.thread = first(at.thread, id)
	return at, nil
}

// answeredHash names a history with the answer that was given to it.
func answeredHash(history, answer int64) int64 {
	return history*-7046029254386353131 ^ answer
}

// lookupTurn finds the latest exchange with a history, and its conversation.
func (t *tx) lookupTurn(hash int64) (id, thread traffic.ID, err error) {
	var of sql.NullInt64
	err = t.get("SELECT turn.id, e.thread FROM turn JOIN exchange e ON e.id = turn.id WHERE hash = ?", []any{hash}, &id, &of)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil
	}
	return id, traffic.ID(of.Int64), err
}

// saveTurn lets later turns find this one.
func (t *tx) saveTurn(id traffic.ID, at turn) error {
	n := len(at.hashes)
	if n == 0 || at.thread == 0 {
		return nil
	}
	for _, hash := range []int64{at.hashes[n-1], answeredHash(at.hashes[n-1], at.answer)} {
		if err := t.run("INSERT INTO turn (hash, id) VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET id = excluded.id", hash, int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// onlyText reports whether a message holds nothing but text.
func onlyText(m llm.Message) bool {
	return !slices.ContainsFunc(m.Parts, func(p llm.Part) bool { return p.Kind != llm.PartText })
}

func messageText(m llm.Message) string {
	var b strings.Builder
	for i := range m.Parts {
		if m.Parts[i].Kind == llm.PartText {
			b.WriteString(m.Parts[i].Text)
		}
	}
	return b.String()
}

// encode packs texts for the queue of the index.
func (s *saidTexts) encode() ([]byte, error) {
	var e encoder
	for _, text := range s {
		e.str(text)
	}
	return squeezeFast(e.b)
}

func decodeSaid(b []byte) (s saidTexts, err error) {
	raw, err := inflate(b)
	if err != nil {
		return s, err
	}
	d := &decoder{b: raw}
	for i := range s {
		s[i] = d.str()
	}
	return s, d.err
}
