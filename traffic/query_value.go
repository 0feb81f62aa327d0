package traffic

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// numericValue reads a value of a type that is compared through bounds, op included. The message says what is wrong
// with it, or is empty.
func numericValue(t FieldType, op Op, text string, age bool) (Value, string) {
	v := unbounded
	v.Text = text
	if t == FieldBool {
		return boolValue(text)
	}
	if lo, hi, ok := strings.Cut(text, ".."); ok {
		if op != OpEqual {
			return v, "a range can follow only : = and !="
		}
		return rangeValue(t, text, lo, hi, age)
	}
	if t == FieldTime {
		return timeValue(op, text, age)
	}
	lo, hi, err := span(t, text)
	if err != "" {
		return v, err
	}
	switch op {
	case OpLess:
		v.max = saturate(lo, -1)
	case OpLessEqual:
		v.max = hi
	case OpGreater:
		v.min = saturate(hi, 1)
	case OpGreaterEqual:
		v.min = lo
	default:
		v.min, v.max = lo, hi
	}
	return v, ""
}

func saturate(n, d int64) int64 {
	if d < 0 && n == math.MinInt64 || d > 0 && n == math.MaxInt64 {
		return n
	}
	return n + d
}

func boolValue(text string) (Value, string) {
	switch strings.ToLower(text) {
	case "yes", "true", "1", "on":
		return Value{Text: "yes", min: 1, max: 1}, ""
	case "no", "false", "0", "off":
		return Value{Text: "no"}, ""
	}
	return Value{}, fmt.Sprintf("%q is neither yes nor no", text)
}

func rangeValue(t FieldType, text, lo, hi string, age bool) (Value, string) {
	v := unbounded
	v.Text = text
	if lo == "" && hi == "" {
		return v, "a range needs a limit, as in 10..20, 10.. or ..20"
	}
	if t == FieldTime {
		return timeRange(v, lo, hi, age)
	}
	if lo != "" {
		low, _, err := span(t, lo)
		if err != "" {
			return v, err
		}
		v.min = low
	}
	if hi != "" {
		_, high, err := span(t, hi)
		if err != "" {
			return v, err
		}
		v.max = high
	}
	if v.min > v.max {
		return v, "the range ends before it begins"
	}
	return v, ""
}

// span reads one number and returns the smallest and largest number it stands for: 5xx stands for a hundred.
func span(t FieldType, text string) (lo, hi int64, msg string) {
	if t == FieldNumber && len(text) == 3 && strings.EqualFold(text[1:], "xx") && '1' <= text[0] && text[0] <= '9' {
		lo = int64(text[0]-'0') * 100
		return lo, lo + 99, ""
	}
	n, ok := scaled(t, strings.ReplaceAll(text, "_", ""))
	if !ok {
		return 0, 0, fmt.Sprintf("%q is not a %s; write it like %s", text, t, numberExamples[t])
	}
	return n, n, ""
}

var numberExamples = map[FieldType]string{
	FieldNumber: "200, 10k or 5xx", FieldBytes: "300, 64KiB or 1.5MB", FieldDuration: "250ms, 1.5s or 2m", FieldMoney: "0.25",
}

var units = map[FieldType]map[string]float64{
	FieldNumber:   {"": 1, "k": 1e3, "m": 1e6},
	FieldBytes:    {"": 1, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30},
	FieldDuration: {"": 1e3, "us": 1, "µs": 1, "ms": 1e3, "s": 1e6, "m": 60e6, "min": 60e6, "h": 3600e6, "d": 86400e6, "w": 7 * 86400e6},
	FieldMoney:    {"": 1e6, "usd": 1e6},
}

// scaled reads a number with a unit and returns it in the type's own unit.
func scaled(t FieldType, text string) (int64, bool) {
	if t == FieldMoney {
		text = strings.TrimPrefix(text, "$")
	}
	digits := strings.TrimRightFunc(text, func(r rune) bool { return r > '9' })
	factor, ok := units[t][strings.ToLower(text[len(digits):])]
	if !ok || digits == "" || strings.ContainsAny(digits, "eExX") {
		return 0, false
	}
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil && factor == 1 {
		return n, true
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, false
	}
	f = math.Round(f * factor)
	if f < -1<<62 || f > 1<<62 {
		return 0, false
	}
	return int64(f), true
}

// moment is a point of time as written: an offset from now, or a place in the calendar. Its zero value is none.
type moment struct {
	kind   momentKind
	offset time.Duration // ago: back from now
	days   int           // day: added to today
	wall   time.Time     // calendar: to be read in the location of now, unless zoned
	zoned  bool
	add    time.Duration // to the resolved moment
}

type momentKind uint8

const (
	momentAgo momentKind = iota + 1
	momentDay
	momentCalendar
)

func (m moment) set() bool { return m.kind != 0 }

// resolve returns Unix microseconds.
func (m moment) resolve(now time.Time) int64 {
	var t time.Time
	switch m.kind {
	case momentAgo:
		t = now.Add(-m.offset)
	case momentDay:
		y, mo, d := now.Date()
		t = time.Date(y, mo, d+m.days, 0, 0, 0, 0, now.Location())
	case momentCalendar:
		t = m.wall
		if !m.zoned {
			y, mo, d := t.Date()
			t = time.Date(y, mo, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), now.Location())
		}
	}
	return t.Add(m.add).UnixMicro()
}

// moments reads a time and returns the first moment it stands for and the last: today stands for a whole day.
func moments(text string, age bool) (first, last moment, msg string) {
	lower := strings.ToLower(text)
	switch lower {
	case "now":
		m := moment{kind: momentAgo}
		return m, m, ""
	case "today", "yesterday":
		m := moment{kind: momentDay}
		if lower == "yesterday" {
			m.days = -1
		}
		end := m
		end.days++
		end.add = -time.Microsecond
		return m, end, ""
	}
	digits := strings.TrimPrefix(lower, "-") // since:10m and since:-10m both count back
	if n, ok := scaled(FieldDuration, digits); ok && strings.TrimRight(digits, "0123456789.") == digits && n >= 0 && n < 100*366*86400e6 {
		m := moment{kind: momentAgo, offset: time.Duration(n) * time.Microsecond}
		return m, m, ""
	}
	if age {
		return first, last, fmt.Sprintf("%q is not an age; write it like 90s, 15m, 2h or 7d", text)
	}
	for _, l := range calendar {
		t, err := time.Parse(l.layout, strings.ToUpper(text))
		if err != nil {
			continue
		}
		m := moment{kind: momentCalendar, wall: t, zoned: strings.HasSuffix(l.layout, "Z07:00")}
		end := m
		end.wall = l.next(t)
		end.add = -time.Microsecond
		return m, end, ""
	}
	return first, last, fmt.Sprintf("%q is not a time; write it like -15m, today, yesterday, 2026-01-31 or 2026-01-31T18:00", text)
}

var calendar = []struct {
	layout string
	next   func(time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04:05", func(t time.Time) time.Time { return t.Add(time.Second) }},
	{"2006-01-02T15:04Z07:00", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04:05Z07:00", func(t time.Time) time.Time { return t.Add(time.Second) }},
}

func timeValue(op Op, text string, age bool) (Value, string) {
	v := unbounded
	first, last, msg := moments(text, age)
	if msg != "" {
		return v, msg
	}
	v.Text = canonicalTime(text, first)
	if age {
		op = turned(op)
	}
	switch op {
	case OpLess:
		v.to = first
		v.to.add -= time.Microsecond
	case OpLessEqual:
		v.to = last
	case OpGreater:
		v.from = last
		v.from.add += time.Microsecond
	case OpGreaterEqual:
		v.from = first
	default:
		v.from, v.to = first, last
		if first.kind == momentAgo { // started:-15m is the time since then; there is no exchange of one microsecond
			v.to = moment{}
		}
	}
	return v, ""
}

// canonicalTime writes offsets from now with a minus, so that ages and times read the same.
func canonicalTime(text string, m moment) string {
	if m.kind == momentAgo && !strings.HasPrefix(text, "-") && !strings.EqualFold(text, "now") {
		return "-" + text
	}
	return text
}

func timeRange(v Value, lo, hi string, age bool) (Value, string) {
	if age {
		lo, hi = hi, lo
	}
	v.Text = ""
	if lo != "" {
		first, _, msg := moments(lo, age)
		if msg != "" {
			return v, msg
		}
		v.from = first
		v.Text = canonicalTime(lo, first)
	}
	v.Text += ".."
	if hi != "" {
		_, last, msg := moments(hi, age)
		if msg != "" {
			return v, msg
		}
		v.to = last
		v.Text += canonicalTime(hi, last)
	}
	return v, ""
}
