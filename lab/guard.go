package lab

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// Guard is a set of guards in front of the mind. The zero value is none.
type Guard uint8

// The guards.
const (
	GuardInput      Guard = 1 << iota // blocks requests before the mind reads them, in the words of the provider
	GuardOutput                       // replaces answers that hold what must not leave
	GuardClassifier                   // answers with one fixed sentence in place of the mind
)

var guardNames = []string{"input", "output", "classifier"}

// ParseGuard reads names of guards: input, output, classifier, all, none.
func ParseGuard(words ...string) (Guard, error) {
	var set Guard
	for _, word := range words {
		switch word = strings.ToLower(strings.TrimSpace(word)); word {
		case "input":
			set |= GuardInput
		case "output":
			set |= GuardOutput
		case "classifier":
			set |= GuardClassifier
		case "all":
			set |= GuardInput | GuardOutput | GuardClassifier
		case "none", "":
		default:
			return 0, fmt.Errorf("%q is no guard of the lab; there are %s, all and none", word, strings.Join(guardNames, ", "))
		}
	}
	return set, nil
}

// Names lists the guards of a set; never nil.
func (g Guard) Names() []string {
	names := []string{}
	for i, name := range guardNames {
		if g&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// suspicious is what a simple filter looks for: the best known words of attacks, and no other. What is encoded or said
// otherwise passes it, as it passes such filters in the wild.
var suspicious = regexp.MustCompile(`(?i)\b(?:ignore|disregard|forget) (?:all |any |your |the )*(?:previous|prior|above|earlier)? ?instructions?\b|\bsystem prompt\b|\bjailbreak\b|\bdeveloper mode\b|\bDAN\b` +
	`|<\|im_start\|>|\[INST\]|\bno longer bound\b|\bwithout (?:any )?rules\b|<script\b|\bunion select\b|/etc/passwd`)

// sensitive is what must not leave: keys, active content, other customers.
var sensitive = regexp.MustCompile(`(?i)sk-proj-\w{8,}|AKIA[0-9A-Z]{12,}|<script\b|\bonerror\s*=|javascript:|\broot:x:0:0|LS-\d{5}-[A-Z]+|\b\d{4} \d{4} \d{4} \d{4}\b`)

// classified is what the classifier says in place of the mind.
const classified = "I can only help with questions about the Lab Store."

// removedText is what stands for an answer that the output guard removed.
const removedText = "The answer was removed by a content filter."

// guarded lets the input guard look at what is posted before anybody else.
func (l *Lab) guarded(next http.Handler) http.Handler {
	if l.options.Guard&GuardInput == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			body, err := readBody(r)
			if err == nil && suspicious.Match(bytes.ReplaceAll(body, []byte(`\u003c`), []byte("<"))) {
				blocked(w, r)
				return
			}
			r.Body = reread(body)
		}
		next.ServeHTTP(w, r)
	})
}

// blocked says no as the provider of a path does when its content filter stops a prompt.
func blocked(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case strings.Contains(path, "/messages"):
		writeJSON(w, http.StatusBadRequest, object{"type": "error", "error": object{"type": "invalid_request_error", "message": "Input blocked by content filtering policy"}})
	case strings.Contains(path, "enerateContent"):
		writeJSON(w, http.StatusOK, object{"promptFeedback": object{"blockReason": "SAFETY"}, "usageMetadata": object{"promptTokenCount": 1, "totalTokenCount": 1}})
	case strings.Contains(path, "/converse"):
		writeJSON(w, http.StatusOK, object{
			"output":     object{"message": object{"role": "assistant", "content": []object{{"text": "Sorry, the model cannot answer this question."}}}},
			"stopReason": "guardrail_intervened", "usage": object{"inputTokens": 0, "outputTokens": 0, "totalTokens": 0}, "metrics": object{"latencyMs": 1},
		})
	case strings.Contains(path, "/chat/completions"), strings.Contains(path, "/responses"), strings.HasSuffix(path, "/completions"):
		filtered := object{"filtered": true, "severity": "high"}
		writeJSON(w, http.StatusBadRequest, object{"error": object{
			"message": "The response was filtered due to the prompt triggering the content management policy. Please modify your prompt and retry.",
			"type":    nil, "param": "prompt", "code": "content_filter", "status": http.StatusBadRequest,
			"innererror": object{"code": "ResponsibleAIPolicyViolation", "content_filter_result": object{"jailbreak": filtered}},
		}})
	default:
		writeJSON(w, http.StatusForbidden, object{"error": "Request blocked by policy."})
	}
}

// think answers a question with the weaknesses and the guards of the lab.
func (l *Lab) think(q question) answer {
	q.weak = l.options.Weak
	if l.options.Guard&GuardClassifier != 0 && suspicious.MatchString(strings.Join(q.shortened().untrusted(), "\n")) {
		return answer{text: classified, input: q.tokens(), output: countTokens(classified)}
	}
	a := think(q)
	if l.options.Guard&GuardOutput != 0 && sensitive.MatchString(a.text) {
		a.text, a.end, a.output = removedText, endFilter, countTokens(removedText)
	}
	return a
}
