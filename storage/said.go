package storage

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// saidColumns are the columns of the text index, in its order.
var saidColumns = [...]string{"url", "system", "user", "assistant", "reasoning", "tool"}

const (
	saidURL = iota
	saidSystem
	saidUser
	saidAssistant
	saidReasoning
	saidTool
)

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
				b[column].WriteByte('\n')
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
	add(saidAssistant, c.Answer)
	add(saidAssistant, c.Refusal)
	add(saidReasoning, c.Reasoning)
	for _, call := range c.ToolCalls {
		add(saidTool, call.Name)
		add(saidTool, call.Arguments)
	}
	if r := c.RPC; r != nil {
		add(saidTool, r.Tool)
		add(saidTool, r.Arguments)
		add(saidTool, r.ResultText)
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
		add(saidReasoning, part.Text)
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
		field(string(m.Role))
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
	base    traffic.ID // the exchange it follows; 0 when none is known
	thread  traffic.ID // the first exchange of the conversation
	told    int        // messages that base was told too, or answered
	hashes  []int64
	answers int64
}

// maxBack is how many messages a turn may add to the one it follows.
const maxBack = 24

// findTurn finds the exchange whose messages this one begins with, and whose answer comes next. An exchange with that
// history but another answer is not followed: what it answered was not said here.
func (t *tx) findTurn(id traffic.ID, c *llm.Conversation) (turn, error) {
	at := turn{hashes: turnHashes(c), answers: hashText(c.Answer)}
	if c.Kind == llm.KindPlain || len(c.Messages) == 0 {
		return at, nil
	}
	at.thread = id
	for i := len(at.hashes) - 1; i > 0 && i >= len(at.hashes)-maxBack; i-- {
		var base traffic.ID
		var answer int64
		err := t.get("SELECT id, answer FROM turn WHERE hash = ?", []any{at.hashes[i-1]}, &base, &answer)
		if errors.Is(err, sql.ErrNoRows) || err == nil && base == id {
			continue
		}
		if err != nil {
			return at, err
		}
		next := c.Messages[i]
		if said := hashText(messageText(next)); said != answer || next.Role == "user" || next.Role == "tool" {
			continue
		}
		var thread sql.NullInt64
		err = t.get("SELECT thread FROM exchange WHERE id = ?", []any{int64(base)}, &thread)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return at, err
		}
		at.base, at.told = base, i+1
		if thread.Valid {
			at.thread = traffic.ID(thread.Int64)
		}
		break
	}
	return at, nil
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
