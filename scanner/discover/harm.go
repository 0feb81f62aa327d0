package discover

import "strings"

// harmfulWords make a tool harmful by themselves, wherever they stand in its name.
var harmfulWords = map[string]bool{
	"shell": true, "bash": true, "powershell": true, "terminal": true, "exec": true, "eval": true, "subprocess": true, "sudo": true,
	"sql": true, "refund": true, "payment": true, "payments": true, "payout": true, "wire": true, "purchase": true, "computer": true, "interpreter": true,
	"cmd": true,
}

// harmfulPairs make a tool harmful when its name has a verb and one of its objects: run_command, writeFile.
var harmfulPairs = map[string][]string{
	"run":      {"command", "commands", "code", "script", "python", "query", "process", "program"},
	"execute":  {"command", "commands", "code", "script", "python", "query", "process", "program", "statement", "javascript"},
	"code":     {"execution", "interpreter", "executor"},
	"write":    {"file", "files", "query", "database"},
	"create":   {"file", "files", "directory", "payment", "charge", "transfer", "user"},
	"edit":     {"file", "files"},
	"delete":   {"file", "files", "directory", "record", "records", "user", "table", "database", "branch", "repository", "email"},
	"remove":   {"file", "files", "directory", "user"},
	"move":     {"file", "files"},
	"upload":   {"file", "files"},
	"drop":     {"table", "database"},
	"update":   {"database", "record", "records", "table"},
	"transfer": {"money", "funds", "amount", "balance"},
	"send":     {"money", "funds", "payment", "transaction", "crypto"},
	"make":     {"payment", "transfer", "purchase"},
	"pay":      {"bill", "invoice", "user"},
	"charge":   {"card", "customer"},
	"text":     {"editor"},
	"apply":    {"patch"},
}

// dangerous names the tools that run programs, write files or databases, or move money, going by their names.
func dangerous(tools []string) string {
	var found []string
	for _, name := range tools {
		if harmful(name) {
			found = append(found, name)
		}
	}
	return listed(found)
}

func harmful(tool string) bool {
	words := nameWords(tool)
	for i, w := range words {
		if harmfulWords[w] {
			return true
		}
		for _, object := range harmfulPairs[w] {
			for _, other := range words[i+1:] {
				if other == object {
					return true
				}
			}
		}
	}
	return false
}

// nameWords splits a name at what is no letter, and where a capital begins a word.
func nameWords(name string) []string {
	var words []string
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				cut(i)
				start = i
			}
		case c >= 'a' && c <= 'z':
		default:
			cut(i)
			start = i + 1
		}
	}
	cut(len(name))
	return words
}
