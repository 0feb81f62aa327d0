package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/scanner"
)

// reach sorts what a tool can do to others.
type reach string

const (
	reachShell reach = "runs commands or code"
	reachFile  reach = "reads or changes files"
	reachMoney reach = "moves money"
	reachSQL   reach = "asks a database in free SQL"
	reachHTTP  reach = "asks any address"
)

// reachWord tells one sort of tool by the words of its name, and by the arguments that make it an open one.
type reachWord struct {
	reach     reach
	words     string // any of them in the name tells
	pairs     string // "verb:noun|noun": both in the name, in whatever order, tell
	unless    string // with one of these in the name it is something else
	arguments string // of free text: with Verbs in the name they tell
	verbs     string
	builtin   string // names of tools of providers
}

// reachWords are tried in this order: what does most harm first.
var reachWords = []reachWord{
	{
		reach: reachShell, words: "shell bash zsh terminal powershell subprocess eval exec repl", pairs: "run:command|code|script|python|program|cmd execute:command|code|script|python|program|cmd",
		arguments: "command cmd shell_command commands script code source_code", builtin: "code_interpreter code_execution computer computer_use local_shell bash",
	},
	{
		reach: reachMoney, words: "pay payment payments payout refund wire purchase buy charge checkout withdraw invoice_pay", pairs: "transfer:money|funds|amount|balance|credits send:money|funds|payment create:payment|payout|charge",
		unless: "list get search find show read history status",
	},
	{reach: reachSQL, words: "sql", pairs: "run:query execute:query query:database|db|table", arguments: "sql sql_query statement"},
	{
		reach: reachFile, words: "filesystem", pairs: "read:file|files|directory|folder write:file|files|directory delete:file|files|directory|folder edit:file|files move:file|files create:file|files|directory open:file|path save:file list:directory|folder remove:file|files",
		arguments: "path file_path filepath filename directory", verbs: "read write delete edit open save remove move list create cat upload download", builtin: "text_editor str_replace_based_edit_tool apply_patch",
	},
	{
		reach: reachHTTP, words: "curl wget http fetch webhook crawl scrape browse", pairs: "open:url|page|link get:url get:page visit:url|page|link download:url http:request load:url|page|document",
		arguments: "url uri href link webhook_url address endpoint", verbs: "fetch http request get post browse open visit navigate load download read call crawl scrape load_url import",
	},
}

// WideTool is a tool whose caller decides what it does: it can do harm in the hands of whoever steers the model.
type WideTool struct {
	Asset *scanner.Asset
	What  string // what it can do, in words
	Why   string // what tells: its name, or an argument that takes any text
}

// WideTools are the tools that models are given, or that MCP servers list, that run commands, change files, move money, or
// take free SQL or any address: those that were called most first. It goes by their names and by what arguments they take.
func (s *Scene) WideTools() []WideTool {
	var wide []WideTool
	for _, a := range s.Assets {
		if (a.Kind == scanner.AssetTool || a.Kind == scanner.AssetMCPTool) && !a.Facts.Gone {
			if what, why := reachOf(a, s.Definitions[a.ID]); what != "" {
				wide = append(wide, WideTool{Asset: a, What: string(what), Why: why})
			}
		}
	}
	slices.SortFunc(wide, func(x, y WideTool) int {
		return cmp.Or(cmp.Compare(y.Asset.Facts.Calls, x.Asset.Facts.Calls), cmp.Compare(x.Asset.Name, y.Asset.Name), cmp.Compare(x.Asset.Host, y.Asset.Host), cmp.Compare(x.Asset.ID, y.Asset.ID))
	})
	return wide
}

// reachOf says what a tool can do, and what tells; empty for one that is narrow as far as that can be seen.
func reachOf(tool *scanner.Asset, definition string) (reach, string) {
	words := nameWords(tool.Name)
	arguments, known := freeArguments(definition)
	for i := range reachWords {
		w := &reachWords[i]
		if anyOf(words, w.unless) != "" {
			continue
		}
		if tool.Facts.Builtin && slices.Contains(strings.Fields(w.builtin), strings.ToLower(tool.Name)) {
			return w.reach, "the provider says so of it"
		}
		for _, argument := range arguments {
			if slices.Contains(strings.Fields(w.arguments), argument) && (w.verbs == "" || anyOf(words, w.verbs) != "") {
				return w.reach, fmt.Sprintf("its argument %q takes any text", argument)
			}
		}
		// A tool whose arguments are known and take no free text does only what its maker thought of; money moves all the same.
		if narrow := known && len(arguments) == 0; narrow && w.reach != reachMoney {
			continue
		}
		if told := cmp.Or(anyOf(words, w.words), paired(words, w.pairs)); told != "" {
			return w.reach, "its name says so"
		}
	}
	return "", ""
}

func anyOf(words []string, list string) string {
	for _, w := range strings.Fields(list) {
		if slices.Contains(words, w) {
			return w
		}
	}
	return ""
}

// paired finds a verb of a name with one of its nouns.
func paired(words []string, pairs string) string {
	for _, pair := range strings.Fields(pairs) {
		verb, nouns, _ := strings.Cut(pair, ":")
		if slices.Contains(words, verb) && slices.ContainsFunc(strings.Split(nouns, "|"), func(noun string) bool { return slices.Contains(words, noun) }) {
			return verb
		}
	}
	return ""
}

// nameWords splits a name at what is no letter or digit, and where a capital begins a word.
func nameWords(name string) (words []string) {
	var word []rune
	var before rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	for _, r := range short(name, 200) {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			before = r
			continue
		case unicode.IsUpper(r) && unicode.IsLower(before):
			flush()
		}
		word = append(word, r)
		before = r
	}
	flush()
	return words
}

// mostArguments of a tool are looked at.
const mostArguments = 200

// freeArguments are the top arguments of a tool that take any text, in lower case and in order; known is false where its
// definition tells nothing of arguments.
func freeArguments(definition string) (free []string, known bool) {
	type schema struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var tool struct {
		Parameters  *schema `json:"parameters"`
		InputSchema *schema `json:"input_schema"`
		MCP         *schema `json:"inputSchema"`
		Function    *struct {
			Parameters *schema `json:"parameters"`
		} `json:"function"`
	}
	if definition == "" || json.Unmarshal([]byte(definition), &tool) != nil {
		return nil, false
	}
	found := cmp.Or(tool.Parameters, tool.InputSchema, tool.MCP)
	if found == nil && tool.Function != nil {
		found = tool.Function.Parameters
	}
	if found == nil {
		return nil, false
	}
	for name, raw := range found.Properties {
		var argument struct {
			Type  any   `json:"type"`
			Enum  []any `json:"enum"`
			Const any   `json:"const"`
		}
		if json.Unmarshal(raw, &argument) != nil || len(argument.Enum) > 0 || argument.Const != nil || !text(argument.Type) {
			continue
		}
		free = append(free, strings.ToLower(strings.ReplaceAll(short(name, 80), "-", "_")))
	}
	slices.Sort(free)
	return free[:min(len(free), mostArguments)], true
}

// text reports whether a JSON Schema type takes text, or lists of it, or anything.
func text(kind any) bool {
	switch t := kind.(type) {
	case nil:
		return true
	case string:
		return t == "string" || t == "array"
	case []any:
		return slices.ContainsFunc(t, text)
	}
	return false
}

// short cuts a text of others to so many characters.
func short(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	for i := range s {
		if most--; most < 0 {
			return s[:i] + "…"
		}
	}
	return s
}
