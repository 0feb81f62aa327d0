package alert_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"assay/report/alert"
	"assay/scanner"
)

var update = flag.Bool("update", false, "write the golden file anew")

var (
	began = time.Date(2026, 3, 4, 5, 6, 7, 890123000, time.FixedZone("", 3600))
	last  = began.Add(90 * time.Minute)
)

func threat() *scanner.Threat {
	return &scanner.Threat{
		ID: 7, Rule: "prompt-leak-succeeded", Title: "The system prompt was asked for and given", Severity: scanner.SeverityCritical,
		OWASP: []string{"LLM07:2025"}, ASI: []string{"ASI01"}, ATLAS: []string{"AML.T0056"}, Actor: "key:3f9a0c11d2e4b566", Host: "api.example.com",
		Endpoint: 3, Model: "gpt-4o", Conversation: 12, First: began, Last: last, Count: 20, Slow: true, Usual: "0 to 1 requests an hour",
		Seen: "54 % of the system prompt stand in the answer.",
	}
}

func ruling() *scanner.Ruling {
	return &scanner.Ruling{
		ID: 9, At: last, Exchange: 44, Policy: 2, Name: "Keys stay here", Action: scanner.Redact, Done: true, Side: scanner.InRequest, Actor: "address:10.0.0.7",
		Host: "api.example.com", Model: "gpt-4o", Reason: "The request: it holds secret (openai-project-key).",
		Signs: []scanner.Sign{{Kind: scanner.SignSecret, Name: "openai-project-key"}, {Kind: scanner.SignGibberish}},
	}
}

// hostile is a threat of which every text wants to be another line or another field.
func hostile() *scanner.Threat {
	t := threat()
	t.Title = "a|b\\c=d\r\nCEF:0|evil|evil|1|1|forged|10|act=none"
	t.Seen = "first\nsecond cs1=forged act=\\none \x1b[31mred\x1b[0m \u202etxt\u202c \u200b\U000e0041 \u2028end \xff"
	t.Actor = "user:mallory\n<134>1 forged"
	t.Host = "evil|host\\=x\t"
	t.Model = strings.Repeat("m", 5000)
	return t
}

// TestGolden holds the formats, which other programs read.
func TestGolden(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, a := range []alert.Alert{
		alert.OfThreat("shop.assay", threat()), alert.OfRuling("shop.assay", ruling()), alert.OfThreat("sh=op|.assay", hostile()), alert.OfTrial("", last),
	} {
		cef := a.CEF("1.2|3")
		out.Write(a.JSON())
		out.WriteByte('\n')
		out.Write(cef)
		out.WriteByte('\n')
		out.Write(a.Syslog("my host\n", 77, cef))
		out.WriteByte('\n')
	}
	const file = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("got:\n%swant:\n%s", out.String(), want)
	}
}

// TestNothingBreaksALine says of a hostile alert that it is one line in every format, and that its fields are ours.
func TestNothingBreaksALine(t *testing.T) {
	t.Parallel()
	a := alert.OfThreat("p\n.assay", hostile())
	for name, line := range map[string][]byte{"json": a.JSON(), "cef": a.CEF("1"), "syslog": a.Syslog("h", 1, a.CEF("1"))} {
		checkLine(t, name, line)
		if len(line) > 4000 {
			t.Errorf("%s: %d bytes", name, len(line))
		}
	}
	checkFields(t, a.CEF("1"))
	if got := string(alert.Octets([]byte("äb"))); got != "3 äb" {
		t.Errorf("a frame is %q", got)
	}
}

func checkLine(t *testing.T, name string, line []byte) {
	t.Helper()
	if !utf8.Valid(line) {
		t.Errorf("%s: no UTF-8: %q", name, line)
	}
	for _, r := range string(line) {
		if r != utf8.RuneError && r != ' ' && !unicode.IsPrint(r) {
			t.Errorf("%s: %U stands in %q", name, r, line)
		}
	}
}

var (
	field = regexp.MustCompile(`(?:^| )([A-Za-z0-9]+)=`)
	ours  = regexp.MustCompile(`^(cat|rt|start|end|externalId|cnt|act|outcome|dhost|msg|c[sn][1-6](Label)?)$`)
)

// checkFields reads a line of CEF as a SIEM does.
func checkFields(t *testing.T, line []byte) {
	t.Helper()
	plain := strings.ReplaceAll(string(line), `\\`, "")
	heads := strings.SplitN(strings.ReplaceAll(plain, `\|`, ""), "|", 8)
	if len(heads) != 8 || heads[0] != "CEF:0" || heads[1] != "Assay" {
		t.Fatalf("the head of %q is %q", line, heads)
	}
	seen := map[string]bool{}
	for _, found := range field.FindAllStringSubmatch(strings.ReplaceAll(heads[7], `\=`, ""), -1) {
		if !ours.MatchString(found[1]) || seen[found[1]] {
			t.Errorf("the field %q is not ours, or there twice, in %q", found[1], line)
		}
		seen[found[1]] = true
	}
}

// TestRedacted says that what is left of personal data and secrets in names and sentences does not go out.
func TestRedacted(t *testing.T) {
	t.Parallel()
	one := threat()
	one.Actor = "user:ada.lovelace@example.com"
	one.Seen = "It went to ada.lovelace@example.com with sk-proj-Zq8Lm3Xv7Nc2Rt5Yw9Bd4Fg6Hj1Kp0Sa8Ue3Io5Tl7Vb2Mx4Wz6Qy9."
	a := alert.OfThreat("p.assay", one)
	line := string(a.JSON()) + string(a.CEF("1"))
	for _, secret := range []string{"ada.lovelace", "sk-proj-"} {
		if strings.Contains(line, secret) {
			t.Errorf("%q goes out: %s", secret, line)
		}
	}
	if again := alert.OfThreat("p.assay", one); again.Actor != a.Actor || !strings.HasPrefix(a.Actor, "user:⟨EMAIL_ADDRESS ") {
		t.Errorf("the actor is %q", a.Actor)
	}
	one.Actor = "user:grace.hopper@example.com"
	if other := alert.OfThreat("p.assay", one); other.Actor == a.Actor {
		t.Error("two actors have one mark")
	}
	one.Actor = "address:10.0.0.7"
	if other := alert.OfThreat("p.assay", one); other.Actor != "address:10.0.0.7" {
		t.Errorf("the address is %q", other.Actor)
	}
}

// FuzzLines says of any text that alerts stay one line each, and JSON stays JSON.
func FuzzLines(f *testing.F) {
	for _, seed := range []string{"", "plain", "a|b\\=c", "line\nbreak\r\n", "\u202e\u2028\U000e0041", "\xff\xfe", "cs1=x act=y", strings.Repeat("=|\\", 200), "user@example.com"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		one := threat()
		one.Title, one.Seen, one.Usual, one.Rule, one.Actor, one.Host, one.Model = text, text, text, text, scanner.ActorKey(text), text, text
		one.OWASP = []string{text}
		two := ruling()
		two.Name, two.Reason, two.Model, two.Signs[0].Name = text, text, text, text
		for _, a := range []alert.Alert{alert.OfThreat(text, one), alert.OfRuling(text, two)} {
			line := a.JSON()
			checkLine(t, "json", line)
			var back alert.Alert
			if err := json.Unmarshal(line, &back); err != nil {
				t.Errorf("%v: %s", err, line)
			}
			cef := a.CEF(text)
			checkLine(t, "cef", cef)
			checkLine(t, "syslog", a.Syslog(text, 1, cef))
			checkFields(t, cef)
		}
	})
}
