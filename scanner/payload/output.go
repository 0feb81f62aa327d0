package payload

import (
	"regexp"
	"slices"
	"strings"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// form is one form of text that does something where an application passes it on.
type form struct {
	name   string
	starts []string // with one of them every match begins: looking for them is cheap
	next   string   // small letters and signs, one of which follows a start of signs, blanks apart; empty: any
	re     *regexp.Regexp
	sure   *regexp.Regexp // nil, or what has to stand where it was found for it to be no accident
	score  float64        // outside of what is shown as code
	why    string
}

// forms are looked for in answers.
var forms = []form{
	{
		name: "script", starts: []string{"<", "]("}, next: "sivbdaoemj", score: 0.7, why: "Script stands in the answer, not shown as code",
		re: regexp.MustCompile(`(?i)^(?:<script\b[^<>]{0,256}>|<(?:img|svg|iframe|body|video|details|input|a|object|embed|math)\b[^<>]{0,256}(?:\bon[a-z]{3,24}\s*=|javascript:)[^<>]{0,256}>|\]\(\s*javascript:[^)\n]{1,256}\)|<iframe\b[^<>]{0,256}\bsrcdoc\s*=)`),
	},
	{
		name: "html", starts: []string{"<"}, next: "ioeflbm", score: 0.5, why: "HTML that loads or sends something stands in the answer, not shown as code",
		re: regexp.MustCompile(`(?i)^<(?:iframe|object|embed|form|link|base|meta)\b[^<>]{0,256}\b(?:src|data|action|href|http-equiv)\s*=[^<>]{0,256}>`),
	},
	{
		name: "sql", starts: []string{"'", ";", "union", "UNION", "Union"}, next: "oadtus-;", score: 0.5, why: "SQL that changes what a statement means stands in the answer",
		re: regexp.MustCompile(`(?i)^(?:'\s{0,8}(?:or|and)\s{1,8}['"]?\w{1,32}['"]?\s{0,8}=\s{0,8}['"]?\w{1,32}|;\s{0,8}(?:drop|truncate|alter)\s{1,8}table\b|\bunion\s{1,8}(?:all\s{1,8})?select\b|;\s{0,8}delete\s{1,8}from\b|'\s{0,8};?\s{0,8}--)`),
	},
	{
		name: "shell", starts: []string{";", "&&", "|", "$(", "uid=", "/dev/tcp/"}, next: "rcwnbs/|", score: 0.5, why: "Shell commands stand in the answer, not shown as code",
		re:   regexp.MustCompile(`(?i)^(?:(?:;|&&|\|\|?)\s{0,8}(?:rm\s{1,4}-rf?|curl|wget|nc|bash|sh|cat\s{1,4}/etc/)\b|\$\([a-z/][^()\n]{0,256}\)|\buid=\d{1,10}\([a-z_][\w-]{0,31}\) gid=\d|/dev/tcp/)`),
		sure: regexp.MustCompile(`(?i)^(?:(?:;|&&|\|\|?)\s{0,8}(?:rm\s{1,4}-rf?\s|(?:curl|wget|nc)\s{1,4}(?:-|https?:|["'$/]|[\w.-]{1,64}\s{1,4}\d)|(?:ba)?sh\s{1,4}(?:-|[./])|(?:ba)?sh\s{0,4}(?:$|[\n;"'])|cat\s{1,4}/etc/)|\$\(|uid=|/dev/tcp/)`),
	},
	{
		name: "template", starts: []string{"{{", "${", "<%", "#{", "{%"}, score: 0.3, why: "Text that template engines carry out stands in the answer",
		re: regexp.MustCompile(`^(?:\{\{[^{}\n]{1,256}\}\}|\$\{[^{}\n]{1,256}\}|<%=?[^%\n]{1,256}%>|#\{[^{}\n]{1,256}\}|\{%[^%\n]{1,256}%\})`),
	},
	{
		name: "ansi", starts: []string{"\x1b", "\u009b"}, score: 0.7, why: "Escape sequences for terminals stand in the answer",
		re: regexp.MustCompile(`^(?:\x1b(?:\[[0-9;?]{0,32}[A-Za-z]|\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)|[P_^X])|\x{9b}[0-9;?]{0,32}[A-Za-z])`),
	},
	{
		name: "path", starts: []string{"../", `..\`, "%2e", "%2E", "root:", "[boot", "/proc/self/"}, score: 0.5, why: "A path that leads out of its folder, or what stands in a file of the system, is in the answer",
		re: regexp.MustCompile(`(?i)^(?:(?:\.\.[/\\]){2,}|(?:%2e%2e(?:%2f|/|%5c)){2,}|\broot:[x*!]?:0:0:|\[boot loader\]|/proc/self/(?:environ|cmdline)\b)`),
	},
}

// Outputs are the names of the forms that Dangers knows.
func Outputs() []string {
	names := make([]string, len(forms))
	for i := range forms {
		names[i] = forms[i].name
	}
	return names
}

// Dangers finds text of one form (Outputs) that does something where an application passes it on: at most so many places,
// each as its two offsets. An unknown form is nowhere.
func Dangers(text, name string, most int) [][]int {
	for i := range forms {
		if forms[i].name == name {
			return forms[i].find(text, most)
		}
	}
	return nil
}

// mostMatch is more than any form matches, in bytes.
const mostMatch = 1200

// find asks the pattern wherever it may begin. A pattern that is asked of a whole text costs many times as much.
func (f *form) find(text string, most int) (all [][]int) {
	for _, start := range f.starts {
		for at := 0; len(all) < 4*most; {
			i := strings.Index(text[at:], start)
			if i < 0 {
				break
			}
			i += at
			at = i + 1
			if !f.mayStart(text, i, start) {
				continue
			}
			if m := f.re.FindStringIndex(text[i:min(len(text), i+mostMatch)]); m != nil {
				all = append(all, []int{i, i + m[1]})
				at = i + max(1, m[1])
			}
		}
	}
	if len(f.starts) > 1 {
		slices.SortFunc(all, func(a, b []int) int { return a[0] - b[0] })
		end := 0
		all = slices.DeleteFunc(all, func(m []int) bool {
			if m[0] < end {
				return true
			}
			end = m[1]
			return false
		})
	}
	return all[:min(len(all), most)]
}

// mayStart looks at what stands before and behind a start.
func (f *form) mayStart(text string, i int, start string) bool {
	if c := start[0] | 0x20; c >= 'a' && c <= 'z' {
		return i == 0 || !isWord(text[i-1])
	}
	if f.next == "" {
		return true
	}
	j := i + len(start)
	for n := 0; n < 8 && j < len(text) && (text[j] == ' ' || text[j] == '\n' || text[j] == '\t' || text[j] == '\r'); n++ {
		j++
	}
	if j == len(text) {
		return false
	}
	c := text[j]
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return strings.IndexByte(f.next, c) >= 0 || start == "$(" || start == "]("
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// Output finds in an answer what machines would carry out, the surest place of each form. What is shown as code was mostly
// asked for: it counts little. It returns how many bytes were not looked at.
func Output(text string) (found []Find, cut int) {
	of, at, cut := parts(text)
	for n, part := range of {
		for i := range forms {
			f := &forms[i]
			var code *fences
			for _, m := range f.find(part, mostEach) {
				if code == nil {
					code = fencesOf(part)
				}
				score, why := f.score, f.why
				switch {
				case f.sure != nil && !f.sure.MatchString(part[m[0]:min(len(part), m[0]+128)]):
					score = 0.2
				case f.name != "ansi" && code.inside(part, m[0]):
					score, why = 0.1, "Code in the answer holds it"
				}
				found = append(found, Find{f.name, at[n] + m[0], at[n] + m[1], score, why})
			}
		}
	}
	return best(found), cut
}

// fences are the places of a Markdown text that are shown as code.
type fences struct{ marks []int } // every second one ends one

func fencesOf(text string) *fences {
	f := &fences{}
	for _, fence := range []string{"```", "~~~"} {
		for from := 0; len(f.marks) < 4096; {
			i := strings.Index(text[from:], fence)
			if i < 0 {
				break
			}
			f.marks = append(f.marks, from+i)
			from += i + len(fence)
		}
		if len(f.marks) > 0 {
			break // a text keeps to one of them
		}
	}
	return f
}

func (f *fences) inside(text string, at int) bool {
	n := 0
	for n < len(f.marks) && f.marks[n] < at {
		n++
	}
	return n%2 == 1 || inTicks(text, at)
}

// InCode reports whether a place of a Markdown text is shown as code: within a fence or between backticks of a line.
func InCode(text string, at int) bool {
	before := text[:at]
	if strings.Count(before, "```")%2 == 1 || strings.Count(before, "~~~")%2 == 1 {
		return true
	}
	return inTicks(text, at)
}

func inTicks(text string, at int) bool {
	before := text[:at]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	if strings.Count(line, "`")%2 == 0 {
		return false
	}
	rest, _, _ := strings.Cut(text[at:], "\n")
	return strings.Contains(rest, "`")
}
