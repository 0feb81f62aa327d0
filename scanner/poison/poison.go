// Package poison finds in the descriptions of tools, and in what servers say of themselves to models, instructions that are
// not about the tool: a model reads them as if its user had said them. It is pure; inventory and watch read with it.
package poison

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/internal/excerpt"
)

// Tool poisoning: a description is read by the model as if its user had said it. What a description says about its tool
// is its business; what it says about other tools, about the user, or about files of this machine is not
// (Invariant Labs, "MCP Security Notification: Tool Poisoning Attacks", 2025; OWASP MCP Top 10, MCP03).

// Limits of what is looked at.
const (
	maxPoisonText = 64 << 10 // of a longer text the beginning and the end
	maxEncoded    = 64       // runs of base64
)

// sign is one sort of instruction that no description of a tool needs.
type sign struct {
	why   string
	words []string // one of them stands in every text the pattern matches: looking for them is cheap
	form  *regexp.Regexp
	not   *regexp.Regexp // and this not in what it matched
}

const (
	secretFiles = `(?:\.ssh\b|\bid_(?:rsa|dsa|ecdsa|ed25519)\b|\.aws/|\.gnupg\b|\.kube/|\.netrc\b|\.npmrc\b|\.pypirc\b|\.docker/config|\.git-credentials|` +
		`\.cursor/|\bmcp\.json\b|claude_desktop_config|/etc/(?:passwd|shadow|sudoers)\b|(?:^|[\s"'/\x60])\.env\b|\.bash_history|\.zsh_history|wallet\.dat|login data\b|private key file)`
	secretData = `(?:conversation|chat (?:history|log)|message history|system prompt|api[ _-]?keys?|credentials|passwords?|private keys?|secrets|` +
		`access tokens?|environment variables|env vars|ssh keys?|session cookies?|source code|all (?:user )?data)`
)

var signs = []sign{
	{
		why: "tells the model to set its instructions aside", words: []string{"ignore", "disregard", "forget", "override", "bypass"},
		form: regexp.MustCompile(`\b(?:ignore|disregard|forget|override|bypass)(?:s|ing)?\b[^.\n]{0,30}\b(?:previous|prior|earlier|above|preceding|existing|original|all other|any other|system|safety|developer)\b[^.\n]{0,24}\b(?:instructions?|prompts?|guidelines|directives?|guardrails|polic(?:y|ies)|restrictions|safety)\b`),
		not:  regexp.MustCompile(`override[^.\n]{0,30}(?:default|system) (?:prompt|instructions?)|(?:the|a|to) override`),
	},
	{
		why: "gives the model new instructions", words: []string{"from now on", "new instruction", "system override", "developer mode", "jailbreak", "you are no longer"},
		form: regexp.MustCompile(`\bfrom now on,? (?:you|always|never|all|every|the assistant)\b|\bnew (?:system )?instructions? ?:|\bsystem override\b|\bdeveloper mode (?:enabled|on)\b|\bjailbroken?\b|\byou are no longer\b`),
	},
	{
		why: "tells the model to keep something from the user", words: []string{"user", "human", "customer", "anyone", "them"},
		form: regexp.MustCompile(`\b(?:do not|don't|don’t|dont|never|must not|should not|shouldn't|mustn't|avoid|without|not to)\b[^.\n]{0,25}\b(?:tell|telling|mention|mentioning|inform|informing|notify|notifying|reveal|revealing|disclose|disclosing|alert|alerting|warn|warning|let)\b[^.\n]{0,60}\b(?:the user|users|the human|the customer|the person|to anyone|the operator|end user)\b[^.\n]{0,16}`),
		not:  regexp.MustCompile(`the user (?:to|how|they|which|where|what|unless|until|if)\b|about (?:function|internal|completed)|personal information|how to|without waiting|by the user|let the user (?:choose|select|pick|edit|enter)|(?:unless|until) (?:the user|asked)|(?:the|a|of) users? (?:table|list|id)`),
	},
	{
		why: "tells the model to act in secret", words: []string{"secret", "silent", "hidden from", "hide th", "covert", "without the user", "confidential from", "user doesn", "user does not", "user must not", "user should not", "invisible to"},
		form: regexp.MustCompile(`\b(?:secretly|covertly|silently (?:send|forward|copy|include|read|upload|add|append|execute|call|bcc))\b|\b(?:keep|keeping) (?:this|it|that|them)\b[^.\n]{0,20}\b(?:secret|hidden|confidential)\b|\bhide (?:this|it|that|the (?:call|output|result|content|contents|action|file|data|parameter))[^.\n]{0,30}\bfrom the (?:user|human)\b|\bwithout the (?:user|human)(?:'s|’s)? (?:knowing|knowledge|noticing|being aware|consent|awareness)\b|\bthe user (?:does not|doesn't|doesn’t|must not|should not|mustn't|shouldn't) (?:need to know|know|see this|notice|be aware|be told)\b`),
	},
	{
		why: "tells the model what to do before it uses other tools", words: []string{"other tool", "any tool", "all tools", "every tool", "other function", "any function", "each tool"},
		form: regexp.MustCompile(`\b(?:before|prior to|whenever|every time|each time)\b[^.\n]{0,24}\b(?:using|use|calling|call|invoking|invoke|running|run|executing|execute)\b[^.\n]{0,16}\b(?:any|all|every|each)(?: of the)?(?: other)? (?:tools?|functions?)\b[^.,\n]{0,30}(?:, ?(?:you|please|first|always|read|run|call|send|execute|invoke|use|must|also|pass|log|forward|include|it is)\b[^.\n]{0,24}| you (?:must|should|need)\b[^.\n]{0,24})|\b(?:after|whenever|every time|each time)\b[^.\n]{0,30}\b(?:any|all|every|each)(?: other)? (?:tools?|functions?)(?: calls?)? (?:is|are|gets?) (?:called|used|invoked|run)\b`),
		not:  regexp.MustCompile(`(?:call|use|invoke|using|calling) this\b|run this (?:tool|function|one)|from this server|in this server`),
	},
	{
		why: "tells the model to read files that hold secrets", words: []string{".ssh", "id_", ".aws", ".gnupg", ".kube", ".netrc", ".npmrc", ".pypirc", ".docker", ".git-credentials", ".cursor", "mcp.json", "claude_desktop", "/etc/", ".env", "_history", "wallet", "login data", "private key"},
		form: regexp.MustCompile(`\b(?:you (?:must|should|need to|have to|will|shall)|you'll|must|first,?|please|always|make sure(?: to| you)?|be sure to|remember to|before (?:using|calling|doing)|it is (?:necessary|required)|in order to)\b[^\n]{0,80}\b(?:read|open|cat|access|load|fetch|retrieve|include|copy|send|upload|attach|get|paste)\b[^\n]{0,80}` + secretFiles),
		not:  regexp.MustCompile(`(?:must|should) (?:not|never)\b|\b(?:never|do not|don't)\b`),
	},
	{
		why: "tells the model to pass on files that hold secrets", words: []string{".ssh", "id_", ".aws", ".gnupg", ".kube", ".netrc", ".npmrc", ".pypirc", ".docker", ".git-credentials", ".cursor", "mcp.json", "claude_desktop", "/etc/", ".env", "_history", "wallet"},
		form: regexp.MustCompile(`\b(?:read|open|cat|load|copy)\b[^\n]{0,40}` + secretFiles + `[^\n]{0,40}\b(?:and|then)\b[^\n]{0,16}\b(?:pass|send|include|put|attach|post|upload|forward|append)\b`),
	},
	{
		why: "wants to be called whatever is asked", words: []string{"for any ", "for every ", "for all "},
		form: regexp.MustCompile(`\bfor (?:any|every|all) (?:user )?(?:requests?|questions?|messages?|quer(?:y|ies)), (?:you (?:must|should) )?(?:please )?(?:always|first) (?:call|invoke|run) (?:this|the)\b`),
	},
	{
		why: "gives orders in another language", words: []string{"用户", "忽略", "nutzer", "benutzer", "usuario", "utilisateur", "anweisungen", "instrucciones", "instructions"},
		form: regexp.MustCompile(`(?:不要|请勿|别|不得|不能)(?:告诉|告知|通知|让|向)(?:使用者|用户)|忽略(?:之前|以上|先前|前面)的?(?:所有|全部)?的?(?:指令|指示|说明|提示)|` +
			`\b(?:sag|sage|erzähle|verrate|teile) (?:es )?de[mn] (?:be)?nutzer(?:n)? (?:nichts|nicht)|\bignoriere (?:alle )?(?:bisherigen|vorherigen|früheren) anweisungen|` +
			`\bno (?:se lo )?(?:digas|menciones|informes)[^.\n]{0,24}\bal usuario\b|\bignora (?:todas )?las instrucciones (?:anteriores|previas)|` +
			`\bne (?:le )?(?:dites|mentionnez|révélez)[^.\n]{0,24}\bà l['’]utilisateur\b|\bignorez? (?:toutes )?les instructions précédentes`),
	},
	{
		why: "tells the model to carry data away", words: []string{"exfiltrat"},
		form: regexp.MustCompile(`\bexfiltrate\b[^.\n]{0,40}`),
		not:  regexp.MustCompile(`exfiltrate (?:or|data is|is)\b`),
	},
	{
		why: "addresses the model and not the reader", words: []string{"to the ai", "to the assistant", "to the model", "to the llm", "for the ai", "for the assistant", "for the model", "for the llm", "system instruction"},
		form: regexp.MustCompile(`\b(?:notice|note|instructions?|message|directive) (?:to|for) the (?:ai|assistant|model|llm|agent)(?: assistant| model| agent)? ?[:—-]|\b(?:important|critical|hidden|urgent|mandatory) system instructions?\b`),
	},
	{
		why: "asks for the contents of files that hold secrets", words: []string{"content"},
		form: regexp.MustCompile(`(?:` + secretFiles + `[^\n]{0,160}\b(?:pass|send|put|include|attach|append|provide|submit|supply|place|use)\b[^.\n]{0,20}\b(?:its|the|their|file'?s?)\b[^.\n]{0,20}\bcontents?\b)|\bcontents? of\b[^\n]{0,20}\S{0,40}` + secretFiles + `[^\n]{0,80}\b(?:as|in|into|to) (?:the |this )?[\x60'"]?\w+|\bcontents?_(?:from|of)_reading_\w+`),
	},
	{
		why: "holds a block that speaks to the model", words: []string{"<important", "<system", "<secret", "<hidden", "<|", "[inst]", "<<sys>>", "<critical", "<admin", "<override", "[system"},
		form: regexp.MustCompile(`</?(?:important|secret|hidden|critical|admin|override|system|system[-_]prompt|important[-_]instructions?)>|<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id)\|>|\[/?inst\]|<<sys>>|\[system(?: (?:message|prompt|note|instruction))?\] ?:`),
	},
	{
		why: "tells the model to hand over what it knows", words: []string{"conversation", "chat ", "history", "system prompt", "key", "credential", "password", "secret", "token", "variables", "env vars", "cookie", "source code", "data"},
		form: regexp.MustCompile(`\b(?:send|post|upload|forward|exfiltrate|transmit|leak|copy|bcc|email|report|append|submit|encode)\b[^.\n]{0,60}\b` + secretData + `\b[^\n]{0,80}(?:https?://|\b[\w.+-]+@[\w-]+\.\w|\b(?:as|in|into) (?:a |the )?(?:query|url|hidden|image) )`),
	},
	{
		why: "asks for the model's instructions", words: []string{"system prompt", "system message", "initial instructions"},
		form: regexp.MustCompile(`\b(?:include|pass|send|provide|put|copy|repeat|print|output|paste|append|fill|reveal|disclose|share|dump)\b[^.\n]{0,50}\b(?:your|the (?:full|entire|whole|complete|exact|verbatim)|the model's|the assistant's)\b[^.\n]{0,20}\b(?:system (?:prompt|message)|initial instructions)\b|\b(?:include|pass|send|provide|put|copy)\b[^.\n]{0,24}\b(?:complete|full|entire|whole)\b[^.\n]{0,12}\bconversation\b[^.]{0,60}\bsystem prompt\b`),
	},
	{
		why: "changes how another tool is used", words: []string{"is called", "is invoked", "is used", "is available", "is present", "are called", "when using", "when calling", "when sending", "when invoking", "in place of", "instead of", "other tools", "all emails", "every email", "all messages", "every message", "all payments", "every payment", " outgoing ", "original tool", "official tool", "real tool"},
		form: regexp.MustCompile(`\bwhen(?:ever)?\b[^.\n]{0,16}[\x60'"]?\b[a-z]+_\w+[\x60'"]?(?: tool| function)?(?: is| are) (?:called|invoked|used|available|present)\b[^\n]{0,80}\b(?:change|replace|set|modify|redirect|must|always|instead|use)\b|\bwhen (?:using|calling|invoking) [\x60'"]?[a-z]+_\w+[\x60'"]?[^.\n]{0,60}\b(?:must|always)\b[^\n]{0,80}\b(?:bcc|recipient|forward|redirect|attacker|proxy|also send)\b|\b(?:all|every|any) (?:outgoing )?(?:emails?|messages?|payments?|transfers?)\b[^.\n]{0,30}\b(?:must|should|have to)\b[^.\n]{0,20}\b(?:be sent|go|be forwarded|be redirected|be copied|bcc)\b|\b(?:never|do not|don't) (?:use|call|invoke) (?:the |any )?(?:other|original|real|official) tools?\b`),
	},
	{
		why: "tells the model to run a program from the network", words: []string{"curl", "wget"},
		form: regexp.MustCompile(`\b(?:first|must|always|before|please|run|execute)\b[^\n]{0,80}\b(?:curl|wget)\b[^\n]{0,160}\|\s*(?:sudo )?(?:ba|z|da)?sh\b`),
	},
	{
		why: "holds a comment that people do not see", words: []string{"<!--", "[//]:"},
		form: regexp.MustCompile(`<!--[^>]{0,400}\b(?:you must|ignore|assistant|the model|llm|do not|always|never|secret|instruction|send|read)\b|\[//\]: #[^\n]{0,200}\b(?:you must|ignore|assistant|model|send|secret)\b`),
	},
	{
		why: "pretends to speak for the user or the system", words: []string{"the user has", "user has already", "pre-authorized", "pre-approved", "preauthorized", "system administrator", "security team"},
		form: regexp.MustCompile(`\b(?:the )?user has (?:already )?(?:approved|authorized|authorised|consented|agreed|pre-?approved|granted (?:full )?(?:permission|consent|access))\b[^.\n]{0,60}\b(?:all|any|every|so|no need|without|do not ask|proceed)\b|\bpre-?(?:authorized|authorised|approved) (?:to|for|by)\b[^.\n]{0,40}\b(?:all|any|everything|without)\b|\b(?:system administrator|security team)\b[^.\n]{0,40}\b(?:requires|orders|instructs|demands)\b[^.\n]{0,20}\byou\b`),
	},
}

// Find is one thing that no description of a tool needs.
type Find struct {
	Why  string // a sentence without a full stop, about "it"
	Said string // the words, shortened; empty where there are none to show
	Cut  bool   // no find: the text was too long to be looked at as a whole
}

// In looks in a description for instructions that are not about its tool, and for text that people cannot see. It is made
// to leave alone what honest descriptions say ("you must provide an id", "use this tool when the user asks").
func In(text string) []Find {
	var found []Find
	if len(text) > maxPoisonText {
		found = append(found, Find{Why: "It is " + strconv.Itoa(len(text)>>10) + " kB long: only its beginning and its end were looked at", Cut: true})
		text = excerpt.Bytes(text, maxPoisonText/2) + "\n\n" + strings.ToValidUTF8(text[len(text)-maxPoisonText/2:], "")
	}
	hidden, visible := unseen(text)
	found = append(found, hidden...)
	found = append(found, spoken(visible)...)
	return append(found, encoded(visible)...)
}

// spoken looks for instructions in a text that can be read.
func spoken(text string) []Find {
	lower := strings.ToLower(text)
	var found []Find
	for i := range signs {
		s := &signs[i]
		if !containsAny(lower, s.words) {
			continue
		}
		for _, m := range s.form.FindAllString(lower, 8) {
			if s.not != nil && s.not.MatchString(m) {
				continue
			}
			found = append(found, Find{Why: "It " + s.why, Said: brief(m)})
			break
		}
	}
	return found
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// unseen looks for text that a model reads and a person does not see, and returns the text with it made visible.
func unseen(text string) (found []Find, visible string) {
	if !strings.ContainsFunc(text, odd) {
		return faraway(text), text
	}
	var b, hidden strings.Builder
	var invisible, turned, escapes int
	flag, before := false, rune(0)
	for i, r := range text {
		switch {
		case r == '\U0001F3F4':
			flag = true // the flags of England and others are written with tags
		case r >= 0xE0020 && r <= 0xE007E && !flag:
			hidden.WriteRune(r - 0xE0000)
			continue
		case r >= 0xE0000 && r <= 0xE007F:
			continue
		case r == '\u200b' || r == '\u2060' || r == '\u2063' || r == '\u2064' || r == '\u180e' || r == '\ufeff' && i > 0:
			invisible++
			continue
		case r == '\u200c' || r == '\u200d':
			next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
			if before < 128 && next < 128 && unicode.IsLetter(before) && unicode.IsLetter(next) {
				invisible++
			}
			continue
		case r == '\u202d' || r == '\u202e':
			turned++
			continue
		case r == '\x1b':
			escapes++
		default:
			flag = false
		}
		before = r
		b.WriteRune(r)
	}
	if hidden.Len() > 0 {
		found = append(found, Find{Why: "It holds invisible text (Unicode tags)", Said: brief(hidden.String())})
	}
	if invisible >= 2 {
		found = append(found, Find{Why: "It holds " + strconv.Itoa(invisible) + " invisible characters inside of words"})
	}
	if turned > 0 {
		found = append(found, Find{Why: "It turns the direction of writing, so that people read something else than the model"})
	}
	if escapes > 0 {
		found = append(found, Find{Why: "It holds escape sequences for terminals, which can hide text"})
	}
	visible = b.String()
	return append(found, faraway(visible)...), visible
}

// odd reports whether a character may be one that people do not see.
func odd(r rune) bool {
	return r == '\x1b' || r >= 0x180e && (r == 0x180e || r >= 0x200b && r <= 0x2064 || r == 0xfeff || r >= 0xE0000 && r <= 0xE007F)
}

// Runs of white space that move what follows out of sight.
const (
	farColumns = 150
	farLines   = 40
)

// faraway looks for text that stands far away from where people look.
func faraway(text string) []Find {
	columns, lines, seen := 0, 0, false
	for i := range len(text) {
		switch text[i] {
		case ' ', '\t', '\r':
			columns++
		case '\n':
			lines++
			columns = 0
		default:
			if seen && (columns >= farColumns || lines >= farLines) {
				return []Find{{Why: "It holds text far away from the rest, where people do not look", Said: brief(text[i:])}}
			}
			columns, lines, seen = 0, 0, true
		}
	}
	return nil
}

// encoded looks for instructions in runs of base64.
func encoded(text string) []Find {
	n := 0
	for i := 0; i < len(text) && n < maxEncoded; {
		if !base64Byte[text[i]] {
			i++
			continue
		}
		start := i
		for i < len(text) && base64Byte[text[i]] {
			i++
		}
		run := strings.TrimRight(text[start:i], "=")
		if len(run) < 22 {
			continue
		}
		n++
		for _, coding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			plain, err := coding.DecodeString(run)
			if err != nil || !readable(plain) {
				continue
			}
			_, visible := unseen(string(plain))
			if said := spoken(visible); len(said) > 0 || orders(visible) {
				return []Find{{Why: "It holds instructions in base64", Said: brief(visible)}}
			}
			break
		}
	}
	return nil
}

var base64Byte = func() (is [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=") {
		is[c] = true
	}
	return is
}()

// readable reports whether bytes are a text of several words.
func readable(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	spaces := 0
	for _, c := range b {
		switch {
		case c == ' ':
			spaces++
		case c < ' ' && c != '\n' && c != '\t' && c != '\r':
			return false
		}
	}
	return spaces >= 3 || spaces > 0 && secretFile.Match(b)
}

var secretFile = regexp.MustCompile(`(?i)` + secretFiles)

var ordersForm = regexp.MustCompile(`(?i)\b(?:you must|you should|do not|never|always|ignore|send|read|forward|execute|instructions?|call the|upload|curl|password|api key)\b`)

// orders reports whether a text that somebody took the trouble to encode tells anybody to do anything.
func orders(text string) bool { return ordersForm.MatchString(text) }

// mostSaid bounds the words that are shown, in bytes.
const mostSaid = 120

// brief shortens words to one line.
func brief(text string) string {
	line := strings.Join(strings.Fields(excerpt.Bytes(text, 8*mostSaid+64)), " ")
	if len(line) <= mostSaid {
		return line
	}
	return strings.TrimSpace(excerpt.Bytes(line, mostSaid)) + "…"
}
