package window

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/watch"
	"assay/storage"
	"assay/traffic"
)

// leastShown is from which score on a sign is shown: fainter ones are there in everyday text.
const leastShown = 0.3

// Signs looks at one exchange with all detectors, as the watch did, and says where in its chat the signs stand.
func (t *Threats) Signs(in ExchangeIn) (out SignsOut, err error) {
	defer t.desk.guard(&err)
	out = SignsOut{Threats: []ThreatRow{}, Signs: []SignMark{}}
	store, id, err := t.desk.find(in.ID)
	if err != nil {
		return out, err
	}
	ctx := t.desk.life()
	of, err := store.ThreatsOf(ctx, []traffic.ID{id})
	if err != nil {
		return out, err
	}
	out.Threats = threatRows(of[id])
	sight, c, err := sightOf(ctx, store, id)
	if err != nil || sight == nil {
		return out, err
	}
	rules, err := t.spoke(ctx, store, of[id], id)
	if err != nil {
		return out, err
	}
	out.Cut = sight.Cut
	for i := range sight.Signs {
		s := &sight.Signs[i]
		rule := rules[signKey(s)]
		if s.Score < leastShown && rule == "" {
			continue
		}
		mark := SignMark{Sign: threatSign(s), Rule: clip(valid(rule), longName)}
		if at, text, start, end, ok := placed(c, s); ok {
			mark.At = at
			mark.From, mark.To = units(text, start), units(text, end)
		}
		out.Signs = append(out.Signs, mark)
	}
	slices.SortStableFunc(out.Signs, func(a, b SignMark) int { return cmp.Compare(b.Sign.Score, a.Sign.Score) })
	return out, nil
}

// sightOf runs the detectors over an exchange that ended; nil where it did not, and of what Assay sent itself.
func sightOf(ctx context.Context, store *storage.Project, id traffic.ID) (*scanner.Sight, *llm.Conversation, error) {
	known, err := store.ToWatch(ctx, []traffic.ID{id}, true)
	if err != nil {
		return nil, nil, err
	}
	at, ok := known[id]
	if !ok {
		return nil, nil, nil
	}
	w, err := store.Witness(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	by, err := store.Identity(ctx)
	if err != nil {
		return nil, nil, err
	}
	seen := watch.Seen{
		Exchange: w.Exchange, Conversation: w.Conversation, Request: w.Request, Response: w.Response, Frames: w.Frames,
		Endpoint: at.Endpoint, Thread: at.Thread, Cost: at.Cost, Priced: at.Priced,
	}
	return watch.Look(&seen, by), w.Conversation, nil
}

// signKey is what stays the same of a sign that is seen again.
func signKey(s *scanner.Sign) string {
	return string(s.Kind) + "\x00" + s.Name + "\x00" + string(s.Side) + "\x00" + s.Where
}

// spoke tells which signs of an exchange made which rule speak, by the moments that the exchange has.
func (t *Threats) spoke(ctx context.Context, store *storage.Project, threats []*scanner.Threat, id traffic.ID) (map[string]string, error) {
	rules := map[string]string{}
	for _, threat := range threats {
		moments, _, err := store.Moments(ctx, threat.ID, 0, 0)
		if err != nil {
			return nil, err
		}
		for i := range moments {
			if moments[i].Exchange != id {
				continue
			}
			for j := range moments[i].Signs {
				key := signKey(&moments[i].Signs[j])
				if rules[key] == "" { // the worst threat comes first
					rules[key] = threat.Title
				}
			}
		}
	}
	return rules, nil
}

// placed finds where the chat shows the text of a sign: the name of the text, the text, and the span in it in bytes.
func placed(c *llm.Conversation, s *scanner.Sign) (at, text string, start, end int, ok bool) {
	kind, rest, _ := strings.Cut(s.Where, ":")
	start, end = s.Start, s.End
	switch kind {
	case "message":
		at, text, ok = messageText(c, rest)
	case "prompt":
		if n, err := strconv.Atoi(rest); err == nil && len(c.Messages) == 0 && n >= 0 && n < len(c.Prompts) {
			at, text, ok = place("m", n, 0), c.Prompts[n], true
		}
	case "system":
		at, text, ok = systemText(c, rest)
	case "call":
		at, text, ok = callText(c, rest, s.Side)
	case "tool":
		at, text, ok = toolText(c, rest)
	case "answer":
		return answerSpan(c, s)
	}
	if start < 0 || end > len(text) || start > end {
		start, end = 0, 0
	}
	return at, text, start, end, ok
}

// messageText finds the text that the watch calls message:N, or message:N.PART.
func messageText(c *llm.Conversation, name string) (at, text string, ok bool) {
	number, part, named := strings.Cut(name, ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(c.Messages) {
		return "", "", false
	}
	parts := c.Messages[n].Parts
	j := slices.IndexFunc(parts, func(p llm.Part) bool {
		return p.Kind == llm.PartText || p.Kind == llm.PartToolResult || p.Kind == llm.PartOther
	})
	if named {
		if j, err = strconv.Atoi(part); err != nil {
			return "", "", false
		}
	}
	if j < 0 || j >= len(parts) {
		return "", "", false
	}
	if _, first := pinned(c); n < first { // it is told before the conversation
		system, _ := pinned(c)
		i := slices.Index(system, parts[j].Text)
		return place("s", max(i, 0)), parts[j].Text, i >= 0
	}
	return place("m", n, j), parts[j].Text, true
}

func systemText(c *llm.Conversation, name string) (at, text string, ok bool) {
	n, err := strconv.Atoi(name)
	if err != nil || n < 0 || n >= len(c.System) {
		return "", "", false
	}
	system, _ := pinned(c)
	i := slices.Index(system, c.System[n])
	return place("s", max(i, 0)), c.System[n], i >= 0
}

func toolText(c *llm.Conversation, name string) (at, text string, ok bool) {
	for i, tool := range toolsOf(c) {
		if tool.Name == name {
			return place("d", i), tool.Description, true
		}
	}
	return "", "", false
}

// callText finds the arguments of the last call of a tool on a side.
func callText(c *llm.Conversation, name string, side scanner.Side) (at, text string, ok bool) {
	if side == scanner.InAnswer {
		for i, p := range answerOf(c) {
			if p.Kind == llm.PartToolCall && p.Call != nil && p.Call.Name == name {
				at, text, ok = place("a", i), p.Call.Arguments, true
			}
		}
		return at, text, ok
	}
	for i, m := range messagesOf(c) {
		for j, p := range m.Parts {
			if p.Kind == llm.PartToolCall && p.Call != nil && p.Call.Name == name {
				at, text, ok = place("m", i, j), p.Call.Arguments, true
			}
		}
	}
	return at, text, ok
}

// answerSpan finds a span of the whole answer in the part of it where it stands.
func answerSpan(c *llm.Conversation, s *scanner.Sign) (at, text string, start, end int, ok bool) {
	from := 0 // in the answer
	for i, p := range answerOf(c) {
		if p.Kind != llm.PartText || p.Text == "" {
			continue
		}
		begin := strings.Index(c.Answer[from:], p.Text)
		if begin < 0 {
			continue
		}
		begin += from
		from = begin + len(p.Text)
		if s.Start < from && s.Start >= begin {
			return place("a", i), p.Text, s.Start - begin, min(s.End-begin, len(p.Text)), s.End >= s.Start
		}
		if !ok {
			at, text, ok = place("a", i), p.Text, true
		}
	}
	return at, text, 0, 0, ok
}

// units counts the UTF-16 units of the first n bytes of a text, as the window counts. A byte that is no UTF-8 reaches the
// window as one unit.
func units(text string, n int) (count int) {
	for i := 0; i < n && i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		count += max(utf16.RuneLen(r), 1)
		i += size
	}
	return count
}
