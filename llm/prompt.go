package llm

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Place tells in which part of a request a Ref points.
type Place string

// The places a text can stand in.
const (
	PlaceJSON   Place = "json"   // a string of the JSON body; the name is a JSON pointer (RFC 6901)
	PlaceForm   Place = "form"   // a field of an urlencoded body
	PlacePart   Place = "part"   // a field of a multipart body
	PlaceQuery  Place = "query"  // a parameter of the URL
	PlaceHeader Place = "header" // a header
	PlaceBody   Place = "body"   // the whole body; no name
)

// Ref names one place in a request.
type Ref struct {
	In   Place
	Name string
	Nth  int // which of several fields, parameters or headers of the same name, from 0
}

// String writes a Ref as "json:/messages/0/content", "query:q", "header:X-Prompt", "form:tag#1", "body:".
func (r Ref) String() string {
	if r.Nth > 0 {
		return fmt.Sprintf("%s:%s#%d", r.In, r.Name, r.Nth)
	}
	return string(r.In) + ":" + r.Name
}

// ParseRef reads what Ref.String writes.
func ParseRef(s string) (Ref, error) {
	in, name, found := strings.Cut(s, ":")
	ref := Ref{In: Place(in), Name: name}
	switch ref.In {
	case PlaceForm, PlacePart, PlaceQuery, PlaceHeader:
		if i := strings.LastIndexByte(name, '#'); i >= 0 {
			if n, err := strconv.Atoi(name[i+1:]); err == nil && n > 0 {
				ref.Name, ref.Nth = name[:i], n
			}
		}
	case PlaceBody:
	case PlaceFrame:
		_, _, ok := cutFrame(name)
		found = found && ok
	case PlaceJSON:
		if name != "" && name[0] != '/' {
			found = false
		}
	default:
		found = false
	}
	if !found {
		return Ref{}, fmt.Errorf("%q names no place in a request: write json:/pointer, form:field, part:field, query:parameter, header:name, frame:number/pointer, or body: for all of it", s)
	}
	return ref, nil
}

// Slot is one text of a request that may be replaced.
type Slot struct {
	Ref  Ref
	Role Role // who says it: "user", "system", "tool", ...; "" where the format does not say
	Text string
}

// maxSlots bounds how many texts of one request are listed.
const maxSlots = 1000

// Slots lists the texts of a request that may be replaced, the likeliest first: the last user text, the system's, tool
// results, what came before. For traffic in no known format these are the texts that look like something a person
// wrote. In a WebSocket session they are the prompts that the client sent.
func Slots(in Input) []Slot {
	if len(in.Frames) > 0 {
		return frameSlots(in.Frames)
	}
	r := NewReader(in)
	r.Write(in.ResponseBody)
	r.Close()
	r.Conversation()
	c := r.call
	var found []slot
	c.collect = func(s slot) {
		if len(found) < maxSlots {
			found = append(found, s)
		}
	}
	if r.format != nil && r.format.read != nil {
		r.format.read(c, &Conversation{})
	}
	c.collect = nil
	slots := c.slots(found)
	if len(slots) == 0 {
		return c.guessSlots()
	}
	return inOrder(slots)
}

func slotRank(role Role) int {
	switch role {
	case "user":
		return 0
	case "system", "developer":
		return 1
	case "tool", "function":
		return 2
	default:
		return 3
	}
}

// inOrder puts the latest first within each role, but for the system's, and earlier user texts behind all others.
func inOrder(slots []Slot) []Slot {
	byRank := func(s Slot, rank int) int { return cmp.Compare(slotRank(s.Role), rank) }
	slices.Reverse(slots)
	slices.SortStableFunc(slots, func(a, b Slot) int { return byRank(a, slotRank(b.Role)) })
	users, _ := slices.BinarySearchFunc(slots, 1, byRank)
	systems, _ := slices.BinarySearchFunc(slots, 2, byRank)
	slices.Reverse(slots[users:systems])
	if users < 2 {
		return slots
	}
	return slices.Concat(slots[:1], slots[users:], slots[1:users])
}

// slots turns what a format collected into references.
func (c *call) slots(found []slot) []Slot {
	var nodes []uint32
	for _, s := range found {
		if s.at.exists() && s.at.doc == c.request.doc {
			nodes = append(nodes, s.at.i)
		}
	}
	pointers := c.request.doc.pointers(nodes)
	at := map[Ref]int{}
	var slots []Slot
	for _, s := range found {
		out := Slot{Role: s.role}
		if s.at.exists() {
			p, ok := pointers[s.at.i]
			if !ok {
				continue
			}
			out.Ref, out.Text = Ref{In: PlaceJSON, Name: p.name}, s.at.text()
			if p.toolResult {
				out.Role = "tool"
			}
		} else {
			out.Ref, out.Text = c.formRef(s.field), c.field(s.field)
		}
		if i, dup := at[out.Ref]; dup { // a duplicate key: the last counts
			slots[i] = out
			continue
		}
		at[out.Ref] = len(slots)
		slots = append(slots, out)
	}
	return slots
}

func (c *call) formRef(field string) Ref {
	if strings.HasPrefix(c.requestType, "multipart/") {
		return Ref{In: PlacePart, Name: field}
	}
	return Ref{In: PlaceForm, Name: field}
}

// promptWords are names under which applications send what a person wrote.
var promptWords = map[string]bool{
	"message": true, "query": true, "question": true, "prompt": true, "input": true, "text": true, "content": true,
	"q": true, "user_input": true, "userInput": true, "user_message": true, "userMessage": true, "inputs": true,
	"instruction": true, "instructions": true, "msg": true, "utterance": true, "inputText": true, "input_text": true,
	"user_query": true, "userQuery": true, "userPrompt": true, "user_prompt": true, "ask": true, "search": true,
	"description": true, "comment": true, "body": true, "topic": true,
}

// guessSlots lists texts of traffic in no known format: what has a telling name first, then whatever reads like prose.
func (c *call) guessSlots() []Slot {
	slots := slices.Concat(c.guessQuery(), c.guessJSON())
	if !c.request.exists() {
		slots = append(slots, c.guessForm()...)
	}
	if strings.HasPrefix(c.requestType, "text/") && len(c.RequestBody) > 0 && len(c.RequestBody) < 1<<20 {
		slots = append(slots, Slot{Ref: Ref{In: PlaceBody}, Text: string(c.RequestBody)})
	}
	slices.SortStableFunc(slots, func(a, b Slot) int { return cmp.Compare(a.guessRank(), b.guessRank()) })
	return slots[:min(len(slots), maxSlots)]
}

// guessRank is 0 for places with a telling name.
func (s *Slot) guessRank() int {
	name := s.Ref.Name
	if s.Ref.In == PlaceJSON {
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	if promptWords[name] {
		return 0
	}
	return 1
}

func (c *call) guessJSON() []Slot {
	d := c.request.doc
	if d == nil {
		return nil
	}
	var nodes []uint32
	for i := range d.nodes {
		if n := (value{d, uint32(i)}); len(nodes) < maxSlots && n.isString() {
			nodes = append(nodes, uint32(i))
		}
	}
	var slots []Slot
	pointers := d.pointers(nodes)
	for _, i := range nodes {
		p, ok := pointers[i]
		s := Slot{Ref: Ref{In: PlaceJSON, Name: p.name}}
		if raw := (value{d, i}).raw(); ok && (prose(raw) || s.guessRank() == 0) {
			s.Text = value{d, i}.text()
			slots = append(slots, s)
		}
	}
	return slots
}

func (c *call) guessForm() []Slot {
	var slots []Slot
	nth := map[string]int{}
	for _, p := range c.form() {
		ref := c.formRef(p.name)
		ref.Nth = nth[p.name]
		nth[p.name]++
		if p.file == "" && (promptWords[p.name] || prose(p.data)) {
			slots = append(slots, Slot{Ref: ref, Text: string(p.data)})
		}
	}
	return slots
}

func (c *call) guessQuery() []Slot {
	var slots []Slot
	nth := map[string]int{}
	for pair := range strings.SplitSeq(c.query, "&") {
		name, text, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(name)
		text, errText := url.QueryUnescape(text)
		if errors.Join(errName, errText) != nil || len(slots) == maxSlots {
			continue
		}
		if promptWords[name] || prose([]byte(text)) {
			slots = append(slots, Slot{Ref: Ref{In: PlaceQuery, Name: name, Nth: nth[name]}, Text: text})
		}
		nth[name]++
	}
	return slots
}

// prose reports whether a text has words with spaces between them.
func prose(text []byte) bool {
	spaces, letters := 0, 0
	for _, b := range text[:min(len(text), 200)] {
		switch {
		case b == ' ':
			spaces++
		case b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80:
			letters++
		}
	}
	return spaces > 0 && letters > 3 && letters*2 > min(len(text), 200)-spaces || spaces == 0 && letters >= 12 && text[len(text)-1] >= 0x80
}
