package discover

import (
	"bytes"
	"hash/maphash"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Bounds of the search for endpoints that talk.
const (
	maxTalks    = 20_000   // endpoints listened to
	maxListen   = 40       // exchanges without a hint after which nobody listens any more
	maxAsked    = 64 << 10 // bytes of a request that may be a question
	maxAnswered = 256 << 10
	maxTurns    = 8 // different questions and answers remembered
	enoughTurns = 3 // of them make a chat

	enoughSources = 2 // answers that name what they rest on make it retrieval
)

// ownChat is the family of what applications build for themselves.
const ownChat = "custom.chat"

// talk is what speaks for an endpoint to be an own back end of a chat, or of retrieval, though its format is nobody's:
// over several exchanges texts of people go in, and other texts come out.
type talk struct {
	questions, answers []uint64
	heard              int // exchanges that were listened to
	turns              int // those with a question and an answer
	echoes             int // those whose answer repeats the question: a form, a comment
	sourced            int // answers that come with what they rest on
	chunks             int // answers that are ranked pieces of text
	chat               bool
}

// talkScan is what looking at one exchange finds.
type talkScan struct {
	walk     walker
	question []byte // the longest text of the request that a person may have said
	other    bool   // the request belongs to a form, to mail, to translation
	topK     bool   // the request asks for so many pieces
	asking   bool   // the request is being looked at

	answer  []byte // the longest prose of the answer outside of lists
	echo    bool
	sources int // strings among sources
	texts   int // prose in the items of a list
	scores  int // ranks in the items of a list
}

// inSources marks members that hold what an answer rests on.
const inSources uint8 = 1

// listen looks whether an exchange nobody recognised, or recognised by words alone, is part of a talk. It changes what
// the exchange was taken for when all that was heard so far says so.
func (l *lesson) listen(r *scanner.Reading) {
	own := r.Kind == llm.KindPlain && r.Provider == "" || r.Kind == llm.KindChatBackend && r.Confidence <= llm.Low
	if p := l.e.Protocol; p == scanner.ProtocolGraphQL || p == scanner.ProtocolRPC || p == scanner.ProtocolGRPC {
		return
	}
	if !own || l.status() >= 400 || l.status() < 200 && l.s.Exchange.Kind != traffic.KindWebSocket {
		return
	}
	f := l.t.facts
	t := f.talks[l.e.ID]
	if t == nil {
		if len(f.talks) >= maxTalks || r.Kind == llm.KindPlain && !l.mayTalk() {
			return
		}
		// What was heard before Assay was started again is known by what the endpoint was taken for.
		t = &talk{chat: r.Kind == llm.KindChatBackend || l.e.Family == ownChat}
		if l.e.Family == ownChat && l.e.Kind == llm.KindRAG {
			t.sourced = enoughSources
		}
		f.talks[l.e.ID] = t
	}
	if t.heard >= maxListen && t.turns == 0 && t.chunks == 0 {
		return
	}
	t.heard++
	scan := &f.named.talk
	spoke := l.hear(scan, r)
	if spoke {
		t.turn(f, scan)
	}
	ranked := scan.texts > 0 && scan.scores > 0 && (scan.topK || len(scan.question) > 0 && retrievalPath(l.e.Path))
	if ranked {
		t.chunks++
	}
	l.conclude(t, r, spoke, ranked)
}

// conclude says what an exchange is by what was heard so far.
func (l *lesson) conclude(t *talk, r *scanner.Reading, spoke, ranked bool) {
	if !t.chat && spoke && t.isChat() {
		t.chat = true
		// What was heard before was part of it.
		r.N += l.retake(scanner.Reading{Kind: llm.KindPlain}, int64(t.turns-1))
	}
	if r.Kind == llm.KindPlain && t.chat && spoke {
		r.Kind, r.Family, r.Provider, r.Confidence = llm.KindChatBackend, ownChat, "custom-chat", llm.Low
	}
	switch {
	case t.chat && t.sourced >= enoughSources && r.Kind == llm.KindChatBackend:
		r.N += l.retake(*r, 1<<40)
		r.Kind = llm.KindRAG
	case ranked && r.Kind == llm.KindPlain:
		r.Kind, r.Confidence = llm.KindRAG, llm.Low
	}
}

// retake takes up to n exchanges away from what they were taken for before, and returns how many.
func (l *lesson) retake(from scanner.Reading, n int64) int64 {
	all := l.e.Facts.Readings
	for i := range all {
		if sameReading(&all[i], &from) {
			n = min(n, all[i].N)
			all[i].N -= n
			return n
		}
	}
	return 0
}

func (t *talk) isChat() bool {
	return len(t.questions) >= enoughTurns && t.echoes*4 <= t.turns && len(t.answers)*10 >= min(t.turns, maxTurns)*7
}

// turn remembers a question and its answer.
func (t *talk) turn(f *facts, scan *talkScan) {
	t.turns++
	if scan.echo {
		t.echoes++
	}
	if scan.sources > 0 {
		t.sourced++
	}
	t.questions = remember(t.questions, f.named.hashText(scan.question, nil))
	t.answers = remember(t.answers, f.named.hashText(scan.answer, scan.question))
}

func remember(list []uint64, h uint64) []uint64 {
	for _, known := range list {
		if known == h {
			return list
		}
	}
	if len(list) >= maxTurns {
		return list
	}
	return append(list, h)
}

// hashText is of a text's letters: numbers, marks and what it repeats of the question do not make it another text.
func (n *named) hashText(text, without []byte) uint64 {
	if i := bytes.Index(text, without); len(without) > 0 && i >= 0 {
		text = append(append([]byte(nil), text[:i]...), text[i+len(without):]...)
	}
	var h maphash.Hash
	h.SetSeed(n.seed)
	for _, c := range text[:min(len(text), 2048)] {
		if c >= 'a' && c <= 'z' || c >= 0x80 || c >= 'A' && c <= 'Z' {
			_ = h.WriteByte(c | 0x20)
		}
	}
	return h.Sum64()
}

// mayTalk reports whether it is worth listening to an endpoint at all.
func (l *lesson) mayTalk() bool {
	x := l.s.Exchange
	if x.Kind == traffic.KindWebSocket {
		return len(l.s.Frames) > 0
	}
	if l.e.Method != "POST" && l.e.Method != "PUT" || len(l.s.Request) < 8 || len(l.s.Request) > maxAsked || len(l.s.Response) == 0 {
		return false
	}
	for _, word := range otherPaths {
		if strings.Contains(l.e.Path, word) {
			return false
		}
	}
	return true
}

// otherPaths are of what has texts on both sides and is no talk.
var otherPaths = []string{
	"translat", "comment", "review", "feedback", "contact", "ticket", "/mail", "email", "/log", "event", "telemetry", "track", "collect", "graphql",
	"/notes", "/posts", "article", "survey", "newsletter", "subscribe", "checkout", "/cart", "order", "notif", "spell", "grammar",
}

var retrievalWords = []string{"rag", "retriev", "knowledge", "semantic", "similar", "chunks", "context", "vector", "embedding"}

func retrievalPath(path string) bool {
	path = strings.ToLower(path)
	for _, word := range retrievalWords {
		if i := strings.Index(path, word); i > 0 && (word != "rag" || path[i-1] == '/' || path[i-1] == '-' || path[i-1] == '_') && !strings.Contains(path, "storage") {
			return true
		}
	}
	return false
}

// hear finds the question and the answer of an exchange, and reports whether it has both.
func (l *lesson) hear(scan *talkScan, r *scanner.Reading) bool {
	*scan = talkScan{walk: scan.walk}
	c := l.s.Conversation
	if l.s.Exchange.Kind == traffic.KindWebSocket {
		return l.hearFrames(scan)
	}
	if r.Kind == llm.KindChatBackend {
		for _, text := range c.LastUser() {
			scan.question = []byte(text)
		}
	} else if !scan.ask(l.s.Request) && !scan.topK || scan.other {
		return false
	}
	answered := l.answerType()
	switch {
	case len(l.s.Response) > maxAnswered:
	case answered == "text/plain":
		scan.consider(bytes.TrimSpace(l.s.Response))
	case streamType(answered):
		scan.pieces(l.s.Response)
	case saysJSON(answered):
		scan.walk.walk(l.s.Response, scan)
	}
	if r.Kind == llm.KindChatBackend && c.Answer != "" {
		scan.answer = []byte(c.Answer)
	}
	return len(scan.question) > 0 && len(scan.answer) > 0
}

// ask looks for a question in a request that is a JSON object.
func (s *talkScan) ask(request []byte) bool {
	if trimmed := bytes.TrimLeft(request, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return false
	}
	s.asking = true
	whole := s.walk.walk(request, s)
	s.asking = false
	return whole && !s.other && len(s.question) > 0
}

func (s *talkScan) enter(_ *walker, key []byte) uint8 {
	if s.asking {
		return 0
	}
	switch string(key) {
	case "sources", "citations", "source_documents", "sourceDocuments", "references", "retrieved", "retrieved_documents", "retrievedDocuments", "passages",
		"context_documents", "contexts", "context_chunks", "source_nodes", "sourceNodes", "chunks", "grounding", "documents", "retrieval", "retrieved_chunks":
		return inSources
	}
	return 0
}

func (s *talkScan) scalar(w *walker, kind byte, raw []byte) {
	key := w.key()
	switch {
	case s.asking:
		s.askScalar(w, kind, key, raw)
	case kind == '"':
		s.answerText(w, key, raw)
	case kind == '-' || kind >= '0' && kind <= '9':
		if scoreKey(key) && inItem(w) {
			s.scores++
		}
	}
}

func (s *talkScan) askScalar(w *walker, kind byte, key, raw []byte) {
	if len(w.steps) == 1 {
		switch string(key) {
		case "query":
			s.other = s.other || kind == '"' && len(raw) > 0 && (raw[0] == '{' || !question(decoded(raw)) && bytes.ContainsAny(raw, "{}"))
		case "email", "password", "subject", "to", "from", "recipient", "channel", "phone", "cc", "target", "target_lang", "targetLang", "targetLanguage", "source_lang",
			"target_language", "source_language", "sql", "rating", "author", "title", "level", "severity", "stack", "timestamp", "event", "answer", "commit", "branch",
			"amount", "currency", "username", "logger", "operationName", "jsonrpc", "slug", "tags", "status", "published", "price", "description", "body", "html":
			s.other = true
		}
	}
	switch string(key) {
	case "top_k", "topK", "k", "n_results", "num_results", "top_n", "similarity_threshold", "score_threshold", "min_score", "knowledge_base_id", "knowledgeBaseId", "dataset_id":
		s.topK = true
	}
	if kind == '"' && len(w.steps) <= 4 && len(raw) > len(s.question) {
		if text := decoded(raw); question(text) {
			s.question = text
		}
	}
}

func (s *talkScan) answerText(w *walker, key, raw []byte) {
	if w.marks()&inSources != 0 && len(raw) > 0 {
		s.sources++
	}
	if inItem(w) {
		if chunkKey(key) && len(raw) >= 30 && sentence(decoded(raw)) {
			s.texts++
		}
		return
	}
	if len(raw) >= 16 && w.marks()&inSources == 0 && len(w.steps) <= 6 {
		s.consider(decoded(raw))
	}
}

// consider takes a text for the answer when it is prose and the longest one so far.
func (s *talkScan) consider(text []byte) {
	if len(s.question) > 0 && bytes.Equal(text, s.question) {
		s.echo = true
		return
	}
	if len(text) > len(s.answer) && sentence(text) {
		s.answer = append([]byte(nil), text...)
	}
}

// inItem reports whether a value is part of a list, but for a list that is the document.
func inItem(w *walker) bool {
	for i := 1; i < len(w.steps); i++ {
		if w.steps[i].key == nil {
			return true
		}
	}
	return false
}

func chunkKey(key []byte) bool {
	switch string(key) {
	case "text", "content", "page_content", "pageContent", "chunk", "passage", "chunk_text", "snippet", "document", "body", "excerpt":
		return true
	}
	return false
}

func scoreKey(key []byte) bool {
	switch string(key) {
	case "score", "similarity", "distance", "relevance", "relevance_score", "relevanceScore", "similarity_score", "cosine", "rerank_score", "rank_score":
		return true
	}
	return false
}
