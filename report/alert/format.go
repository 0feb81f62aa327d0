package alert

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"assay/scanner"
)

// JSON writes an alert as one line of JSON, without the end of the line.
func (a *Alert) JSON() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil { // only a time beyond the year 9999 fails
		far := *a
		far.At, far.First = time.Time{}, nil
		b.Reset()
		_ = enc.Encode(&far)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// CEF writes an alert as one line of ArcSight's Common Event Format, version 0, without the end of the line. version is
// that of the program.
func (a *Alert) CEF(version string) []byte {
	var b bytes.Buffer
	signature := a.Rule
	if signature == "" {
		signature = string(a.Kind)
		if a.Policy != 0 {
			signature = "policy:" + strconv.FormatInt(a.Policy, 10)
		}
	}
	fmt.Fprintf(&b, "CEF:0|Assay|Assay|%s|%s|%s|%d|", inHead(clean(version, mostName)), inHead(signature), inHead(a.Title), cefSeverity(a.Severity))
	e := extension{b: &b}
	e.add("cat", string(a.Kind))
	e.add("rt", strconv.FormatInt(a.At.UnixMilli(), 10))
	if a.First != nil {
		e.add("start", strconv.FormatInt(a.First.UnixMilli(), 10))
		e.add("end", strconv.FormatInt(a.At.UnixMilli(), 10))
	}
	e.number("externalId", a.ID)
	e.number("cnt", int64(a.Count))
	e.add("act", string(a.Action))
	if a.Done != nil {
		outcome := "not carried out"
		if *a.Done {
			outcome = "carried out"
		}
		e.add("outcome", outcome)
	}
	e.add("dhost", a.Host)
	e.add("msg", a.What)
	for i, field := range []struct{ label, value string }{
		{"actor", a.Actor},
		{"model", a.Model},
		{"signs", strings.Join(a.Signs, ", ")},
		{"usual", a.Usual},
		{"owasp", strings.Join(append(append(append([]string{}, a.OWASP...), a.ASI...), a.ATLAS...), ", ")},
		{"project", a.Project},
	} {
		if field.value != "" {
			key := "cs" + strconv.Itoa(i+1)
			e.add(key+"Label", field.label)
			e.add(key, field.value)
		}
	}
	for i, field := range []struct {
		label string
		value int64
	}{{"exchange", a.Exchange}, {"endpoint", a.Endpoint}, {"conversation", a.Conversation}} {
		if field.value != 0 {
			key := "cn" + strconv.Itoa(i+1)
			e.add(key+"Label", field.label)
			e.number(key, field.value)
		}
	}
	return b.Bytes()
}

// extension writes the fields at the end of a CEF line.
type extension struct {
	b    *bytes.Buffer
	more bool
}

func (e *extension) add(key, value string) {
	if value == "" {
		return
	}
	if e.more {
		e.b.WriteByte(' ')
	}
	e.more = true
	e.b.WriteString(key + "=" + inField.Replace(value))
}

func (e *extension) number(key string, value int64) {
	if value != 0 {
		e.add(key, strconv.FormatInt(value, 10))
	}
}

// What would end a field of CEF is escaped; ends of lines are not left in any text.
var (
	inField = strings.NewReplacer(`\`, `\\`, "=", `\=`, "\n", `\n`, "\r", `\r`)
	heads   = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", " ", "\r", " ")
)

func inHead(s string) string { return heads.Replace(s) }

func cefSeverity(s scanner.Severity) int {
	switch s {
	case scanner.SeverityCritical:
		return 10
	case scanner.SeverityHigh:
		return 8
	case scanner.SeverityMedium:
		return 5
	case scanner.SeverityLow:
		return 3
	default:
		return 1
	}
}

// facility is local0 (RFC 5424, 6.2.1): nobody else on the machine uses it by itself.
const facility = 16

// Syslog writes a message as RFC 5424 wants it, in one line without its end. message is the alert as JSON or CEF writes it,
// host the name of this machine.
func (a *Alert) Syslog(host string, pid int, message []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<%d>1 %s %s assay %d %s - ", facility*8+syslogSeverity(a.Severity), a.At.UTC().Format("2006-01-02T15:04:05.000000Z"),
		graph(host, 255), pid, graph(string(a.Kind), 32))
	b.Write(message)
	return b.Bytes()
}

// Octets frames a message for a stream: its length before it (RFC 6587, 3.4.1).
func Octets(message []byte) []byte {
	return append([]byte(strconv.Itoa(len(message))+" "), message...)
}

// graph keeps what may stand in a field of the head of a syslog message: visible ASCII.
func graph(s string, most int) string {
	out := strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r
		}
		return -1
	}, s)
	if out == "" {
		return "-"
	}
	return out[:min(len(out), most)]
}

func syslogSeverity(s scanner.Severity) int {
	switch s {
	case scanner.SeverityCritical:
		return 2 // critical
	case scanner.SeverityHigh:
		return 3 // error
	case scanner.SeverityMedium:
		return 4 // warning
	case scanner.SeverityLow:
		return 5 // notice
	default:
		return 6 // informational
	}
}
