package target

import (
	"bytes"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// statusFailure says what an answer that is none means; nil when it is one.
func statusFailure(a *Answer, m *scanner.Model, host string) *Failure {
	var f *Failure
	switch said := a.Hide(saidIn(a)); {
	case a.Status >= 400:
		f = clientFailure(a, m, host, said)
		f.Said = shorten(said, 600)
	case a.Status >= 300:
		to := a.Hide(a.Header.Get("Location"))
		f = failure(CodeRedirect, "give that address with --url if it is the right one", "%s answered %d and sends elsewhere (%s); redirects are not followed", host, a.Status, shorten(to, 200))
	case a.Said.Error != nil:
		f = failure(CodeProviderError, "do what the service says", "%s answered %d with an error", host, a.Status)
		if noModel(a.Said.Error.Code, said, m.Model) {
			f = modelFailure(m, host, a.Status)
		}
		f.Said = shorten(said, 600)
	case a.Status == http.StatusNoContent, len(bytes.TrimSpace(a.Body)) == 0:
		f = failure(CodeEmpty, "check the path, and whether answers come over another channel", "%s answered %d with nothing in it", host, a.Status)
	case isPage(a):
		f = failure(CodeNotJSON, "the path is probably wrong: "+pathHint(m), "%s answered with a web page%s instead of an answer", host, titleOf(a.Body))
	case brokenJSON(a):
		f = failure(CodeNotJSON, "see the server's log; perhaps something between changed or cut the answer", "%s answered %d with something that says it is JSON and is not", host, a.Status)
	default:
		return nil
	}
	f.Status, f.RetryAfter = a.Status, retryAfter(a.Header.Get("Retry-After"), a.Started)
	return f
}

func clientFailure(a *Answer, m *scanner.Model, host, said string) *Failure {
	code := ""
	if e := a.Said.Error; e != nil {
		code = e.Code + " " + e.Type
	}
	switch a.Status {
	case http.StatusUnauthorized:
		return failure(CodeUnauthorized, keyHint(m), "%s answered 401: it does not accept the key", host)
	case http.StatusForbidden:
		if noModel(code, said, m.Model) {
			return modelFailure(m, host, a.Status)
		}
		return failure(CodeForbidden, "use a key that may do this, or ask for the right", "%s answered 403: the key may not do this", host)
	case http.StatusPaymentRequired:
		return failure(CodeNoCredit, "add credit with the provider", "%s answered 402: there is no credit", host)
	case http.StatusTooManyRequests:
		if strings.Contains(code, "insufficient_quota") || strings.Contains(strings.ToLower(said), "credit balance") {
			return failure(CodeNoCredit, "add credit with the provider", "%s answered 429: there is no credit", host)
		}
		fix := "wait a little and try again"
		if wait := retryAfter(a.Header.Get("Retry-After"), a.Started); wait > 0 {
			fix = "try again after " + wait.String()
		}
		return failure(CodeRateLimited, fix, "%s answered 429: too many requests", host)
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone:
		if noModel(code, said, m.Model) {
			return modelFailure(m, host, a.Status)
		}
		return failure(CodeWrongPath, pathHint(m), "%s answered %d: it has nothing at this path", host, a.Status)
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return failure(CodeTimeout, "try again later", "%s answered %d: what stands behind it took too long", host, a.Status)
	}
	switch {
	case a.Status >= 500:
		return failure(CodeServerError, "try again later; if it stays, see the service's log", "%s answered %d: it has a fault of its own", host, a.Status)
	case bytes.Contains(a.Body, []byte("HTTP request to an HTTPS server")), bytes.Contains(a.Body, []byte("plain HTTP request was sent to HTTPS port")):
		return failure(CodePlain, "write https:// instead of http://", "%s speaks TLS at this port", host)
	case noModel(code, said, m.Model):
		return modelFailure(m, host, a.Status)
	case unauthorized(said):
		return failure(CodeUnauthorized, keyHint(m), "%s answered %d: it does not accept the key", host, a.Status)
	}
	return failure(CodeBadRequest, "compare the body with the service's documentation; --body FILE gives another one", "%s answered %d: it does not take this request", host, a.Status)
}

func modelFailure(m *scanner.Model, host string, status int) *Failure {
	fix := "name another one with --model"
	if p := PresetFor(m.Provider); p != nil && p.list != "" {
		fix += "; `assay models names` lists those that the key may use"
	}
	return failure(CodeNoModel, fix, "%s answered %d: it has no model %q for this key", host, status, m.Model)
}

func keyHint(m *scanner.Model) string {
	if m.Auth.Form == AuthNone || m.Auth.Form == "" {
		return "no key was sent: name the variable that holds it with --key-env"
	}
	if name, ok := strings.CutPrefix(m.Auth.Secret, "env:"); ok {
		return "check the key in $" + name + ", and that it belongs to this address"
	}
	return "give another key with --key-env or --key-stdin"
}

func pathHint(m *scanner.Model) string {
	if p := PresetFor(m.Provider); p != nil && p.path != "" {
		return "check the address; requests of " + p.Title + " end in " + p.tail()
	}
	return "check the address; requests often end in /v1/chat/completions"
}

// missingModel is how services say that there is no such model; they have no common code for it.
var missingModel = regexp.MustCompile(`(?i)model.{0,120}(not exist|not found|not available|not supported|unknown|invalid|no access|not have access|is not valid)` +
	`|(unknown|invalid|no such|unsupported|unrecogni[sz]ed|not find|not found).{0,40}model|deployment.{0,80}(not exist|not found)`)

func noModel(code, said, model string) bool {
	code = strings.ToLower(code)
	if strings.Contains(code, "model_not_found") || strings.Contains(code, "deploymentnotfound") || strings.Contains(code, "invalid_model") {
		return true
	}
	if model != "" && strings.Contains(strings.ToLower(said), strings.ToLower(model)) && strings.Contains(strings.ToLower(said), "not found") {
		return true
	}
	return missingModel.MatchString(said[:min(len(said), 600)])
}

// badKey is how services that answer 400 to a wrong key say so; Gemini does.
var badKey = regexp.MustCompile(`(?i)api[ _-]?key (not valid|is invalid|not found)|(invalid|incorrect|wrong|missing) (api[ _-]?key|credentials|authentication)`)

func unauthorized(said string) bool { return badKey.MatchString(said[:min(len(said), 600)]) }

// sentences are where services put what they say about an error, the likeliest first.
var sentences = []string{
	"error.message", "error.msg", "0.error.message", "errors.0.message", "errors.0.detail", "message", "Message", "detail.0.msg", "detail.message",
	"detail", "error_description", "error.details.0.message", "error", "msg", "reason", "title", "errors.0",
}

// saidIn is the provider's own sentence in an answer, "" when it said nothing for people.
func saidIn(a *Answer) string {
	if e := a.Said.Error; e != nil && e.Message != "" && !strings.HasPrefix(strings.TrimSpace(e.Message), "<") {
		return e.Message
	}
	if gjson.ValidBytes(a.Body) {
		for _, path := range sentences {
			if v := gjson.GetBytes(a.Body, path); v.Type == gjson.String && v.Str != "" {
				return v.Str
			}
		}
		return ""
	}
	if isPage(a) {
		return strings.TrimSpace(strings.Trim(titleOf(a.Body), " “”"))
	}
	return strings.ToValidUTF8(string(bytes.TrimSpace(a.Body[:min(len(a.Body), 600)])), "�")
}

// isPage reports whether an answer is a web page.
func isPage(a *Answer) bool {
	if strings.Contains(strings.ToLower(a.Header.Get("Content-Type")), "html") {
		return !gjson.ValidBytes(a.Body)
	}
	start := bytes.ToLower(bytes.TrimLeft(a.Body[:min(len(a.Body), 512)], " \t\r\n\ufeff"))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// brokenJSON reports whether an answer should be one JSON document and is none.
func brokenJSON(a *Answer) bool {
	contentType := a.Header.Get("Content-Type")
	start := bytes.TrimLeft(a.Body, " \t\r\n\ufeff")
	says := strings.HasSuffix(traffic.MediaType(contentType), "json") || bytes.HasPrefix(start, []byte("{")) || bytes.HasPrefix(start, []byte("["))
	return says && !gjson.ValidBytes(bytes.TrimPrefix(a.Body, []byte("\ufeff"))) && llm.SplitterFor(contentType, a.Body).Framing() == llm.FramingWhole
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>\s*([^<]{1,120}?)\s*</title>`)

func titleOf(body []byte) string {
	if m := pageTitle.FindSubmatch(body[:min(len(body), 64<<10)]); m != nil {
		return " “" + strings.ToValidUTF8(strings.Join(strings.Fields(string(m[1])), " "), "�") + "”"
	}
	return ""
}

// mostRetry bounds what a server may ask for: a day.
const mostRetry = 24 * time.Hour

// retryAfter reads the header Retry-After: seconds, or a date (RFC 9110, 10.2.3).
func retryAfter(value string, now time.Time) time.Duration {
	if value == "" {
		return 0
	}
	if n, err := strconv.ParseFloat(value, 64); err == nil {
		if math.IsNaN(n) {
			return 0
		}
		return time.Duration(max(0, min(n, mostRetry.Seconds())) * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, min(at.Sub(now), mostRetry)).Round(time.Second)
	}
	return 0
}
