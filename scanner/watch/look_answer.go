package watch

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/detect"
	"assay/scanner/injection"
	"assay/scanner/payload"
	"assay/scanner/refusal"
	"assay/traffic"
)

// memory is what was said before the answer, looked through only where something asks for it.
type memory struct {
	of    *look
	told  []string // all that the model was told, as it was told
	lower []string // what the user and the system said, and the model itself, in small letters
}

// mostKnownText bounds what is looked through.
const mostKnownText = 4 << 20

func (k *memory) gather() {
	if k.told != nil {
		return
	}
	c, left := k.of.conversation, mostKnownText
	add := func(text string, trusted bool) {
		if text == "" || left <= 0 {
			return
		}
		text = text[:min(len(text), left)]
		left -= len(text)
		k.told = append(k.told, text)
		if trusted {
			k.lower = append(k.lower, strings.ToLower(text))
		}
	}
	k.told = []string{""}
	for _, text := range c.System {
		add(text, true)
	}
	for _, text := range c.Prompts {
		add(text, true)
	}
	for i := range c.Messages {
		m := &c.Messages[i]
		for j := range m.Parts {
			p := &m.Parts[j]
			add(p.Text, p.Kind != llm.PartToolResult && roleOf(m.Role) != injection.Tool)
			if p.Call != nil {
				add(p.Call.Arguments, true)
			}
		}
	}
	for i := range c.Tools {
		add(c.Tools[i].Description, true)
	}
}

// named reports whether a host or an address was named by the user, the system or the model, or answers itself. What a tool
// or a document names does not count: whoever wrote it would name where data shall go.
func (k *memory) named(address string) bool {
	k.gather()
	address = strings.TrimPrefix(address, "www.")
	if host := k.of.host(); host == address || strings.HasSuffix(host, "."+address) || strings.HasSuffix(address, "."+site(host)) || address == site(host) {
		return true
	}
	for _, text := range k.lower {
		if strings.Contains(text, address) {
			return true
		}
	}
	return false
}

// site is the part of a host that its neighbours share: its last two names.
func site(host string) string {
	last := strings.LastIndexByte(host, '.')
	if last < 0 {
		return host
	}
	return host[strings.LastIndexByte(host[:last], '.')+1:]
}

// heard reports whether a text was told to the model, by whomever.
func (k *memory) heard(text string) bool {
	k.gather()
	for _, t := range k.told {
		if strings.Contains(t, text) {
			return true
		}
	}
	return false
}

// answer looks at what the model said.
func (l *look) answer() {
	c := l.conversation
	l.refusal()
	if c.Answer == "" {
		return
	}
	t := said{scanner.InAnswer, "assistant", "answer", l.allow(&l.left, c.Answer)}
	l.sensitive(&t)
	l.answered(&t, func(scanner.SignKind) bool { return true })
}

// data reports whether an answer is made for a program: there code is data, and is not shown.
func data(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) > 1 && (text[0] == '{' && text[len(text)-1] == '}' || text[0] == '[' && text[len(text)-1] == ']')
}

// refusal tells whether the model declined.
func (l *look) refusal() {
	c := l.conversation
	t := said{scanner.InAnswer, "assistant", "answer", c.Answer}
	switch c.Finish {
	case "content_filter", "refusal", "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "guardrail_intervened":
		l.sign(&t, scanner.SignRefusal, string(refusal.Full), 0, 0, 0.95, "The provider's filter stopped the answer")
		return
	}
	if e := c.Error; e != nil && (strings.Contains(e.Code+e.Type, "content_filter") || strings.Contains(e.Code+e.Type, "content_policy")) {
		l.sign(&t, scanner.SignRefusal, string(refusal.Full), 0, 0, 0.95, "The provider's filter stopped the request")
		return
	}
	if c.Refusal != "" {
		l.sign(&t, scanner.SignRefusal, string(refusal.Full), 0, 0, 1, "The model declined")
		return
	}
	if c.Answer == "" || c.Kind == llm.KindPlain || len(c.ToolCalls) > 0 {
		return
	}
	r := refusal.Find(c.Answer, "") // without what was asked: that an answer strays from it is a guess
	if r.Kind == refusal.None {
		return
	}
	start, end := 0, 0
	if len(r.Spans) > 0 {
		start, end = r.Spans[0].Start, r.Spans[0].End
	}
	l.sign(&t, scanner.SignRefusal, string(r.Kind), start, end, r.Confidence, "The model declined")
}

// Bounds of looking for a system prompt.
const (
	mostSystem  = 4
	mostPrompt  = 64 << 10
	mostSecrets = 64
)

// leak looks for the system prompt in the answer, and for what it keeps secret. Quoting a passage of a long prompt is what
// answers do that are made from documents in it: it counts little, unless it is where a prompt gives its orders.
func (l *look) leak(t *said) {
	c := l.conversation
	if len(c.System) == 0 {
		return
	}
	reduced := payload.Reduce(t.text)
	var old []string
	for i := range c.Messages {
		if m := &c.Messages[i]; roleOf(m.Role) != injection.System {
			for j := range m.Parts {
				if m.Parts[j].Kind == llm.PartText && len(old) < 64 {
					old = append(old, payload.Reduce(m.Parts[j].Text).Text)
				}
			}
		}
	}
	for _, prompt := range c.System[:min(len(c.System), mostSystem)] {
		prompt = prompt[:min(len(prompt), mostPrompt)]
		l.secrets(t, prompt)
		p := payload.Reduce(prompt).Text
		if len(p) < payload.LeastPrompt {
			continue
		}
		s, found := payload.NewOverlap(p, old...).In(reduced.Text)
		if !found {
			continue
		}
		share, longest := min(1, float64(s.Total)/float64(len(p))), s.To-s.From
		score := 0.0
		switch {
		case longest < 64 && share < 0.5 && !s.First:
		case data(t.text): // it repeats the form it was asked for
			score = 0.2
		case s.Total < 60: // so short a prompt comes about
			score = 0.2
		case share >= 0.5, s.Share >= 0.75 && share >= 0.1:
			score = 0.9
		case s.First && longest >= 48:
			score = 0.75
		case longest >= 64 && orders(reduced.Text[s.From:s.To]):
			score = 0.6
		case longest >= 160 && share >= 0.1:
			score = 0.5
		case longest >= 64:
			score = 0.2
		}
		if score > 0 {
			start, end := reduced.Span(s.From, s.To)
			l.sign(t, scanner.SignLeak, "system-prompt", start, end, score, "The answer holds "+strconv.Itoa(int(100*share))+" % of the system prompt")
		}
	}
}

// orders reports whether a passage, in letters alone, speaks to a model rather than of something.
func orders(text string) bool {
	for _, w := range []string{"you are", "you must", "never ", "do not ", "your role", "your task", "always ", "you should", "your instructions", "these instructions"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// secretOf finds what a prompt calls a secret: 1 is the value.
var secretOf = regexp.MustCompile("(?i)\\b(?:password|passphrase|passcode|secret(?: (?:key|code|word|phrase))?|api[ _-]?key|access (?:code|key|token)|pin(?: code)?|token|coupon(?: code)?|discount code|flag|kennwort|passwort|contraseña|mot de passe)\\b\\s{0,4}(?:is|was|:|=|lautet|es|est|è)\\s{0,4}[\"'`“]?([^\\s\"'`“”,;]{4,64})")

// secrets looks for what the prompt keeps secret in the answer.
func (l *look) secrets(t *said, prompt string) {
	var all []string
	for _, s := range detect.Scan(prompt, detect.Options{Least: detect.Likely}) {
		if s.Class == detect.Secret && len(all) < mostSecrets {
			all = append(all, prompt[s.Start:s.End])
		}
	}
	for _, m := range secretOf.FindAllStringSubmatch(prompt, mostSecrets) {
		if v := strings.TrimRight(m[1], ".!?)"); len(v) >= 4 && strings.ContainsAny(v, "0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ") && v != strings.ToUpper(v[:1])+strings.ToLower(v[1:]) {
			all = append(all, v)
		}
	}
	for _, v := range all {
		if at := strings.Index(t.text, v); at >= 0 && !l.userSaid(v) {
			l.sign(t, scanner.SignLeak, "secret-of-prompt", at, at+len(v), 0.9, "The answer holds a secret of the system prompt")
		}
	}
}

// userSaid reports whether a user said a text.
func (l *look) userSaid(text string) bool {
	for i := range l.conversation.Messages {
		m := &l.conversation.Messages[i]
		if m.Role != "user" {
			continue
		}
		for j := range m.Parts {
			if strings.Contains(m.Parts[j].Text, text) {
				return true
			}
		}
	}
	return false
}

// legible reports whether a body begins as a text in UTF-8.
func legible(body []byte) bool {
	head := body[:min(len(body), 1024)]
	for range utf8.UTFMax - 1 { // the last character may be cut
		if utf8.Valid(head) {
			return true
		}
		head = head[:max(0, len(head)-1)]
	}
	return utf8.Valid(head)
}

// page looks at a text that an agent may have fetched to read: a page, or what a search gave back.
func (l *look) page() {
	x := l.seen.Exchange
	body := l.seen.Response
	if x.Response == nil || len(body) == 0 || !legible(body) {
		return
	}
	t := said{side: scanner.InAnswer, role: "document", where: "answer"}
	switch media := traffic.MediaType(x.Response.Header.Get("Content-Type")); {
	case media == "text/html" || media == "application/xhtml+xml":
		t.text = l.allow(&l.left, string(body[:min(len(body), mostLooked)]))
		l.unshown(&t)
		r := injection.Scan(payload.Shown(t.text), injection.Options{Role: injection.Document})
		if r.Attack {
			for _, name := range r.Techniques {
				l.sign(&t, scanner.SignInjection, string(name), 0, 0, r.Score, strings.Replace(sentence(name, ""), "The text", "The page", 1))
			}
		}
	case media == "text/plain" || media == "text/markdown":
		t.text = string(body[:min(len(body), mostLooked)])
		l.injection(&t)
	case l.conversation.Kind == llm.KindVectorDB:
		l.sight.Cut += leaves(body[:min(len(body), mostLooked)], func(v *leaf) bool {
			if !v.isName && len(v.text) >= 24 {
				t.text = v.text
				l.injection(&t)
			}
			return l.left > 0
		})
	}
	if len(body) > mostLooked {
		l.sight.Cut += len(body) - mostLooked
	}
}

// mcp looks at what a tool behind MCP was asked and said.
func (l *look) mcp() {
	rpc := l.conversation.RPC
	if rpc == nil {
		return
	}
	if rpc.ResultText != "" {
		t := said{scanner.InAnswer, "tool", "answer", rpc.ResultText}
		l.injection(&t)
		l.sensitive(&t)
		l.unshown(&t)
	}
	if rpc.Tool != "" {
		l.call(scanner.InRequest, rpc.Tool, rpc.Arguments)
	}
}
