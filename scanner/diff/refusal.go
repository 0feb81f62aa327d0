package diff

import (
	"regexp"
	"strings"

	"assay/llm"
)

// Refusal says whether an answer declines what was asked.
type Refusal string

// The kinds of refusal. The provider's own word is a fact; a phrase is a guess, and is said to be one.
const (
	RefusalNone  Refusal = "no"
	RefusalSaid  Refusal = "yes"   // the provider says so: a field or a reason to stop of its own
	RefusalLooks Refusal = "looks" // the words look like a refusal
)

// refusingFinish are the reasons to stop by which providers say that they, or their filters, declined.
var refusingFinish = map[string]bool{
	"refusal": true, "content_filter": true, "content_filtered": true, "guardrail_intervened": true, "error_toxic": true,
	"safety": true, "blocklist": true, "prohibited_content": true, "spii": true, "recitation": true, "image_safety": true,
}

// refusingDetail are the same, where providers say them beside the reason to stop.
var refusingDetail = []string{"content_filter", "safety", "blocklist", "prohibited_content", "jailbreak", "refusal"}

// Refused tells whether an answer declines. An answer that only called tools, or has no text, does not.
func Refused(c *llm.Conversation) Refusal {
	if c == nil {
		return RefusalNone
	}
	if c.Refusal != "" || refusingFinish[strings.ToLower(c.Finish)] {
		return RefusalSaid
	}
	detail := strings.ToLower(c.FinishDetail)
	for _, word := range refusingDetail {
		if strings.Contains(detail, word) {
			return RefusalSaid
		}
	}
	if c.Error != nil {
		kind := strings.ToLower(c.Error.Type + " " + c.Error.Code)
		if strings.Contains(kind, "content_filter") || strings.Contains(kind, "content_policy") {
			return RefusalSaid
		}
	}
	if looksRefused(c.Answer) {
		return RefusalLooks
	}
	return RefusalNone
}

// refusalOf is Refused for a side; empty where there is nothing to judge.
func refusalOf(s Side) Refusal {
	if s.Said == nil || s.Said.Family == "" && s.Said.Answer == "" {
		return ""
	}
	return Refused(s.Said)
}

// refusalText is how much of an answer's beginning is looked at: a refusal comes first.
const refusalText = 260

// declining finds sentences by which models decline. It knows the commonest, not all: what it misses counts as answered.
var declining = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\bI(?: am|'m)?(?: really| truly| very)?(?: sorry|,? but)?[^.!?\n]{0,20}\b(?:cannot|can't|can not|won't|will not|unable to|not able to|not going to|must decline to|have to decline)\s+(?:\w+ ){0,2}?(?:help|assist|provide|fulfil|fulfill|comply|suggest|encourage|endorse|create|write|share|support|engage|answer|do that|do this|discuss|offer|generate|give|recommend|participate|condone|promote|complete|access|plan|process|respond|explain|continue|produce|facilitate)\b`,
	`^(?:I(?:'m| am) )?(?:very |so )?sorry,? (?:but )?(?:I|this|that)\b[^.!?\n]{0,60}\b(?:can't|cannot|can not|won't|unable|not able|against|violates)\b`,
	`\b(?:it(?:'s| is|'s simply)) not (?:appropriate|ethical|safe)(?: or \w+)? (?:to|for me)\b`,
	`\b(?:violates|against) (?:my|our|the) [\w ]{0,20}(?:guidelines|polic(?:y|ies)|programming|principles)\b`,
	`\bagainst ethical\b`,
	`\bnot something I(?:'ll| will|'m| can| am)\b`,
	`\bI (?:must|have to|need to) (?:decline|refuse)\b`,
	`\bAs an AI\b[^\n]{0,60}\b(?:don't hold|cannot|can't|must clarify|unable)\b`,
	`\bIch kann (?:dir|Ihnen|euch|dabei|dazu|das|diese)?[^.!?\n]{0,60}\bnicht\b`, `\bLeider kann ich\b`,
	`\bno puedo (?:ayudar|proporcionar|cumplir|ofrecer|asistir)`, `\bje ne (?:peux|suis) pas\b`, `\bnão posso (?:ajudar|fornecer)`,
	`\bnon posso (?:aiut|forn)`, `(?:抱歉|对不起)[^。\n]{0,12}(?:无法|不能|不可以)`, `我(?:无法|不能)(?:提供|帮助|协助|回答|满足)`,
	`申し訳(?:ありません|ございません)`, `お(?:手伝い|答え)(?:することは)?できません`, `(?:죄송|도와드릴 수 없)`,
}, "|"))

// looksRefused reports whether a text begins like a refusal.
func looksRefused(text string) bool {
	text = strings.ReplaceAll(strings.TrimSpace(firstBytes(text, 3*refusalText)), "’", "'")
	return declining.MatchString(shorten(text, refusalText))
}
