package yamlfile_test

import (
	"reflect"
	"strings"
	"testing"

	"assay/scanner/yamlfile"
)

var limits = yamlfile.Limits{Of: "thing", Bytes: 4 << 10, Depth: 10, Nodes: 100, Aliases: true}

// TestValues reads every kind of value as a person means it: what YAML 1.1 made of yes, 1e3 and dates is no surprise here.
func TestValues(t *testing.T) {
	t.Parallel()
	n, problem := yamlfile.Parse("f.yaml", []byte(`
text: plain
quoted: "12"
word: yes
whole: 12
large: 18446744073709551615
part: 1.5
endless: .inf
truth: true
nothing:
date: 2026-01-02
below: |
  two
  lines
list: [a, 1]
within: {a: {b: c}}
again: &x [1, 2]
same: *x
`), limits)
	if problem != nil {
		t.Fatal(problem)
	}
	want := map[string]any{
		"text": "plain", "quoted": "12", "word": "yes", "whole": int64(12), "large": uint64(18446744073709551615), "part": 1.5, "endless": ".inf",
		"truth": true, "nothing": nil, "date": "2026-01-02", "below": "two\nlines\n", "list": []any{"a", int64(1)},
		"within": map[string]any{"a": map[string]any{"b": "c"}}, "again": []any{int64(1), int64(2)}, "same": []any{int64(1), int64(2)},
	}
	if got := n.Plain(); !reflect.DeepEqual(got, want) {
		t.Errorf("read as %v\nwanted  %v", got, want)
	}
	if c := n.Child("quoted"); !c.Quoted || c.Line != 3 || c.Col != 9 {
		t.Errorf("the quoted text stands at %d:%d, quoted %v", c.Line, c.Col, c.Quoted)
	}
	if c := n.Child("below"); !c.Block {
		t.Error("the text below its key is not known as one")
	}
}

// TestRefused is what a file must not be, with the place where it is.
func TestRefused(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
	for name, c := range map[string]struct{ text, want string }{
		"too long":       {strings.Repeat("a", 5<<10), "f.yaml: the file has 5120 bytes; a thing may have 4096"},
		"no UTF-8":       {"a: b\nc: \xff", "f.yaml:2:4: this byte is no UTF-8"},
		"two documents":  {"a: b\n---\nc: d", "one file holds one thing"},
		"alias bomb":     {bomb, "more than 100 values once its aliases are written out"},
		"nested":         {strings.Repeat("[", 20) + strings.Repeat("]", 20), "nested deeper than 10"},
		"many":           {strings.Repeat("- a\n", 200), "more than 100 values"},
		"within itself":  {"a: &a [*a]", "stands for"},
		"unknown alias":  {"a:\n  b: *x", "f.yaml:2:6: *x stands for nothing: no &x before it"},
		"key of a list":  {"[a]: b", "a key must be a word"},
		"braces":         {"a: {{b}} c", `must stand in quotes or under "|"`},
		"sign in braces": {"a: {b: what?, c: d?}", "into quotes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, problem := yamlfile.Parse("f.yaml", []byte(c.text), limits)
			if problem == nil || !strings.Contains(problem.Error(), c.want) {
				t.Errorf("read as %v, problem %v, wanted %s", n, problem, c.want)
			}
		})
	}
	l := limits
	l.Aliases = false
	if _, problem := yamlfile.Parse("f.yaml", []byte("a: &x b"), l); problem == nil || !strings.Contains(problem.Error(), "are not taken") {
		t.Errorf("an anchor is taken: %v", problem)
	}
}

// TestReader gathers everything that is wrong in one file.
func TestReader(t *testing.T) {
	t.Parallel()
	data := []byte("nam: x\nname: ' '\nsize: 900\nfine: maybe\nword: hgih\nlist: []\npart: 2.5\nname: y\n")
	root, problem := yamlfile.Parse("f.yaml", data, limits)
	if problem != nil {
		t.Fatal(problem)
	}
	r := yamlfile.NewReader("f.yaml", data)
	r.Object(root, "", map[string]yamlfile.Field{
		"name": func(n *yamlfile.Node, where string) { r.Trimmed(n, where, 10) },
		"size": func(n *yamlfile.Node, where string) { r.Whole(n, where, 1, 100) },
		"fine": func(n *yamlfile.Node, where string) { r.Truth(n, where) },
		"word": func(n *yamlfile.Node, where string) { r.Word(n, where, []string{"low", "high"}) },
		"list": func(n *yamlfile.Node, where string) { r.Texts(n, where, 3, 10) },
		"part": func(n *yamlfile.Node, where string) { r.Number(n, where, 0, 1) },
	}, "id")
	var told []string
	for _, p := range r.Problems {
		told = append(told, p.Error())
	}
	for _, want := range []string{
		`f.yaml:1:1: no key is named "nam" here; there are fine, list, name, part, size, word; did you mean "name"?`,
		"f.yaml:2:7: name: a text is wanted, this one is empty", "f.yaml:3:7: size: 900 is not between 1 and 100",
		"f.yaml:4:7: fine: true or false is wanted, here is a text", `f.yaml:5:7: word: "hgih" is not one of low, high; did you mean "high"?`,
		"f.yaml:6:7: list: the list is empty; leave the key out instead", "f.yaml:7:7: part: 2.5 is not between 0 and 1",
		`f.yaml:8:1: "name" stands here twice, first in line 2`, "f.yaml:1:1: id is missing",
	} {
		if !strings.Contains(strings.Join(told, "\n"), want) {
			t.Errorf("not told: %s\ntold: %s", want, strings.Join(told, "\n"))
		}
	}
	if at := r.Find(root.Child("word"), "gih"); at.Line != 5 || at.Col != 8 {
		t.Errorf("a piece of the word stands at %d:%d", at.Line, at.Col)
	}
}

// FuzzParse reads anything without a panic, and never more than the limits allow.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: b", "- [1, 2.5, true]\n", "a: &x {b: c}\nd: *x\n", "a: |\n  b\n", "? [a]\n: b", "a: {b: *c}", "\xef\xbb\xbfa: b\r\n", "%YAML 1.1\n---\na: !!binary x"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, problem := yamlfile.Parse("f.yaml", data, limits)
		if n != nil && problem != nil {
			t.Fatal("both a value and a problem")
		}
		if n != nil {
			n.Plain()
			n.What()
		}
	})
}
