package requirement

import (
	"slices"
	"strings"
	"unicode"
)

// powerWords say what a tool can do whose name has the word.
var powerWords = map[string][]string{
	"money": {"pay", "pays", "payment", "payments", "payout", "payouts", "refund", "refunds", "charge", "purchase", "buy", "withdraw", "wire", "checkout"},
	"program": {
		"shell", "bash", "powershell", "terminal", "exec", "execute", "eval", "subprocess", "sudo", "cmd", "interpreter", "computer",
	},
	"delete": {"delete", "remove", "drop", "purge", "wipe", "destroy", "truncate", "erase"},
	"write":  {"write", "edit", "upload", "update", "patch", "overwrite", "insert"},
	"send":   {"send", "email", "mail", "publish", "tweet", "notify"},
}

// powerPairs say so where a verb and one of its objects are in the name.
var powerPairs = []struct {
	power, verb string
	objects     []string
}{
	{"money", "transfer", []string{"money", "funds", "amount", "balance"}},
	{"program", "run", []string{"command", "commands", "code", "script", "python", "query", "process", "program", "sql"}},
	{"program", "code", []string{"execution", "executor"}},
	{"write", "create", []string{"file", "files", "directory", "user", "record"}},
	{"write", "apply", []string{"patch"}},
	{"send", "post", []string{"message", "comment", "tweet"}},
}

// readers are verbs of tools that only look: list_payments moves no money.
var readers = []string{"get", "list", "read", "show", "find", "search", "check", "count", "describe", "fetch", "lookup", "view", "query", "status"}

// powerOrder is the order in which powers are named.
var powerOrder = []string{"money", "program", "delete", "write", "send"}

// powers say what a tool can do, going by its name: nothing where the name says none of it.
func powers(name string) []string {
	words := nameWords(name)
	if len(words) == 0 {
		return nil
	}
	if slices.Contains(readers, words[0]) {
		return []string{nothing}
	}
	var found []string
	for _, power := range powerOrder {
		has := slices.ContainsFunc(words, func(w string) bool { return slices.Contains(powerWords[power], w) })
		for _, pair := range powerPairs {
			if at := slices.Index(words, pair.verb); pair.power == power && at >= 0 {
				has = has || slices.ContainsFunc(words[at+1:], func(w string) bool { return slices.Contains(pair.objects, w) })
			}
		}
		if has {
			found = append(found, power)
		}
	}
	return orNothing(found)
}

// nameWords splits a name at what is no letter, and where a capital begins a word.
func nameWords(name string) (words []string) {
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	before := ' '
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r):
			end()
		case unicode.IsUpper(r) && unicode.IsLower(before):
			end()
			word.WriteRune(r)
		default:
			word.WriteRune(r)
		}
		before = r
	}
	end()
	return words
}
