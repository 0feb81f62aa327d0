package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// any stands for "may import every package of the module".
const any = "*"

// mayImport is the plan of the house (docs/architecture.md): which package may import which, inside the module.
// Change it in the same commit as the arrow, and say why there.
var mayImport = map[string][]string{
	"traffic":           {},
	"proxy/ca":          {},
	"proxy/launch":      {},
	"internal/keyring":  {},
	"internal/nearest":  {}, // pure: what somebody meant who mistyped a word
	"internal/excerpt":  {}, // pure: what every package that keeps a text shortens it with
	"internal/visible":  {}, // pure: signs for what is not seen in a text
	"llm":               {"traffic"},
	"proxy":             {"traffic", "proxy/ca"},
	"storage":           {"traffic", "llm", "scanner"},
	"lab":               {"llm"},
	"lab/population":    {"scanner", "traffic"}, // makes up what is watched: sights, and exchanges to import
	"scanner":           {"traffic", "llm"},     // the nouns; an endpoint's kind is llm's word
	"scanner/apidoc":    {"scanner", "scanner/schema", "scanner/paths"},
	"scanner/detect":    {},
	"scanner/discover":  {"internal/excerpt", "scanner", "llm", "traffic", "scanner/detect", "scanner/paths", "scanner/poison", "scanner/schema"},
	"scanner/diff":      {"internal/excerpt", "llm", "traffic", "scanner/refusal"},
	"scanner/framework": {},                                  // pure: lists that weaknesses are named by, and how they map
	"scanner/injection": {"scanner/mutate", "scanner/prose"}, // attacks in texts; it undoes with mutate what attacks are hidden by
	"scanner/judge":     {"internal/excerpt", "scanner", "llm", "scanner/detect", "scanner/diff", "scanner/payload", "scanner/refusal", "scanner/reply"},
	"scanner/mutate":    {"internal/excerpt"},
	"scanner/paths":     {},
	"scanner/refusal":   {"internal/excerpt"}, // pure: both the window and the judge of attacks read with it
	"scanner/schema":    {},
	"scanner/target":    {"scanner", "llm", "traffic"},                                                                                      // reaches a model: the one edge of scanner
	"scanner/yamlfile":  {"internal/nearest", "scanner"},                                                                                    // pure: files that people write, and what is wrong in them
	"scanner/template":  {"internal/nearest", "scanner", "scanner/framework", "scanner/yamlfile", "llm", "scanner/mutate", "scanner/judge"}, // reads attacks, and proves their samples
	"scanner/callback":  {"scanner/judge"},                                                                                                  // waits on loopback for what attacks made others send
	"scanner/craft":     {"scanner", "llm", "traffic", "scanner/judge", "scanner/target", "scanner/template"},                               // what a case looks for decides whether it makes sense
	"scanner/engine": {
		"internal/excerpt", "scanner", "llm", "traffic", "scanner/callback", "scanner/craft", "scanner/detect", "scanner/diff", "scanner/judge", "scanner/mutate",
		"scanner/refusal", "scanner/strategy", "scanner/target", "scanner/template",
	},
	"scanner/poison":      {"internal/excerpt"},                                     // pure: descriptions of tools that give orders; inventory and watch read with it
	"scanner/prose":       {},                                                       // pure: what texts are like: language, repetition, gibberish
	"scanner/reply":       {},                                                       // pure: what a model was asked to write as JSON
	"scanner/strategy":    {"internal/excerpt", "scanner/refusal", "scanner/reply"}, // thinks up what is said; others send and judge
	"report":              {"internal/excerpt", "internal/visible", "traffic", "llm", "scanner", "scanner/detect", "scanner/framework"},
	"report/alert":        {"scanner", "scanner/detect"},                                                              // pure: threats and rulings as others read them
	"report/paper":        {"report", "scanner"},                                                                      // pure: a report as PDF
	"report/page":         {"internal/excerpt", "internal/visible", "report", "scanner"},                              // pure: a report as one HTML file
	"report/redact":       {"llm", "report", "scanner", "scanner/detect", "traffic"},                                  // pure: what is handed on without its secrets
	"report/otlp":         {"internal/excerpt", "llm", "traffic"},                                                     // pure: recorded calls as spans of OpenTelemetry
	"report/reporttest":   {"report", "scanner"},                                                                      // the report that tests of writers write
	"scanner/behaviour":   {"scanner", "traffic"},                                                                     // pure: what is usual of an actor
	"scanner/payload":     {"internal/excerpt"},                                                                       // pure: what machines would carry out; the watch and the judge of attacks read with it
	"scanner/requirement": {"internal/nearest", "llm", "scanner", "scanner/framework", "scanner/yamlfile", "traffic"}, // pure: what has to hold, asked of what is known
	"scanner/rule":        {"internal/nearest", "scanner", "scanner/yamlfile", "traffic"},                             // conditions over what was seen, in the filter language
	"scanner/watch": { // looks at what passed
		"internal/excerpt", "scanner", "llm", "traffic", "scanner/behaviour", "scanner/detect", "scanner/injection", "scanner/payload", "scanner/poison", "scanner/prose", "scanner/refusal", "scanner/rule",
	},
	"scanner/guard":  {"scanner", "llm", "traffic", "scanner/detect", "scanner/injection", "scanner/payload", "scanner/rule", "scanner/watch"}, // plugs into the proxy's seam
	"templates":      {},                                                                                                                       // data
	"app":            {any},
	"app/window":     {any},
	"app/snippet":    {"traffic", "llm"}, // pure text: programs that send a request again
	"app/bridge":     {},                 // serves any structs: what they are is the caller's business
	"frontend":       {},
	"cmd/assay":      {"app", "app/window", "app/bridge", "frontend", "lab", "report"}, // report: its nouns
	"test/accuracy":  {any},
	"test/collector": {}, // a module of its own: the receiver that spans are tested against
	"test/corpus":    {"llm", "traffic"},
	"test/honest":    {},
	"test/e2e":       {any},
	"test/bench":     {any},
	"test/window":    {any},
}

const module = "assay"

// TestImports reads the imports of every file rather than asking `go list`, which the test cache cannot see.
func TestImports(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	seen := map[string]bool{}
	for path, file := range goFiles(t) {
		dir := filepath.ToSlash(filepath.Dir(path))
		if dir == "." || strings.Contains(dir, "testdata") {
			continue
		}
		seen[dir] = true
		allowed, listed := mayImport[dir]
		if !listed {
			t.Errorf("%s: package %s is not in the table of arch_test.go", path, dir)
			continue
		}
		if file.Doc != nil {
			documented[dir] = true
		}
		if strings.HasSuffix(path, "_test.go") {
			continue // tests may look at anything they need
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			inside, ok := strings.CutPrefix(name, module+"/")
			if !ok || inside == dir || slices.Contains(allowed, any) || slices.Contains(allowed, inside) {
				continue
			}
			t.Errorf("%s: %s may not import %s (arch_test.go says which arrows exist)", path, dir, inside)
		}
	}
	for dir := range seen {
		if !documented[dir] {
			t.Errorf("package %s has no package comment", dir)
		}
	}
	for dir := range mayImport {
		if !seen[dir] {
			t.Errorf("the table lists %s, which does not exist", dir)
		}
	}
}

func goFiles(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "dist") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		files[path] = file
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
