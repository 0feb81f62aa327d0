package diff

import (
	"strings"

	"assay/llm"
	"assay/scanner/refusal"
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
	if refusal.Find(c.Answer, "").Kind != refusal.None {
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
