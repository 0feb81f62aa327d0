package template

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"assay/scanner/yamlfile"
)

// signalOf is one node of a tree of signals as a template has it.
func signalOf(name string, params ...entry) entries {
	return entries{{Key: name, Value: entries(params)}}
}

func not(tree any) entries { return entries{{Key: "not", Value: tree}} }

// joinedBy puts several trees into one.
func joinedBy(word string, trees []any) any {
	if len(trees) == 1 {
		return trees[0]
	}
	return entries{{Key: word, Value: trees}}
}

// filter reads a tree of Akto's: every mapping and every list is an AND of its entries.
func (a *akto) filter(n *yamlfile.Node) any { return joinedBy("all", a.entries(n, 0)) }

func (a *akto) entries(n *yamlfile.Node, depth int) []any {
	var trees []any
	if depth > 8 {
		a.fail("its validate is nested too deeply")
		return nil
	}
	for _, item := range n.Items {
		trees = append(trees, a.entries(item, depth+1)...)
	}
	for _, p := range n.Pairs {
		switch word := strings.ToLower(p.Key.Text); word {
		case "and":
			trees = append(trees, a.entries(p.Value, depth+1)...)
		case "or":
			trees = append(trees, a.either(p.Value, depth+1)...)
		case "response_code":
			trees = append(trees, a.status(p.Value))
		case "response_payload":
			trees = append(trees, a.payload(p.Value, depth+1)...)
		case "response_headers":
			trees = append(trees, a.header(p.Value))
		default:
			a.fail("validate looks at %s", yamlfile.Clip(word))
		}
	}
	if len(trees) == 0 {
		a.fail("its validate looks at nothing")
		return []any{nil}
	}
	return trees
}

func (a *akto) either(n *yamlfile.Node, depth int) []any {
	var trees []any
	for _, item := range n.Items {
		trees = append(trees, joinedBy("all", a.entries(item, depth)))
	}
	for _, p := range n.Pairs {
		one := &yamlfile.Node{Kind: yamlfile.Map, Pairs: []yamlfile.Pair{p}}
		trees = append(trees, joinedBy("all", a.entries(one, depth)))
	}
	if len(trees) == 0 {
		a.fail("an or of its validate is empty")
		return []any{nil}
	}
	return []any{joinedBy("any", trees)}
}

// operands are the values of a leaf: one, or a list.
func operands(n *yamlfile.Node) []string {
	if n.Kind == yamlfile.Scalar {
		return []string{scalar(n)}
	}
	var all []string
	for _, item := range n.Items {
		all = append(all, scalar(item))
	}
	return all
}

// number is the first operand of a leaf as a number.
func (a *akto) number(n *yamlfile.Node) int {
	all := operands(n)
	if len(all) == 0 {
		a.fail("a comparison of its validate has no number")
		return 0
	}
	v, err := strconv.ParseFloat(all[0], 64)
	if err != nil || v < -1e9 || v > 1e9 {
		a.fail("a comparison of its validate has no number")
		return 0
	}
	return int(v)
}

// bounds reads gt, gte, lt, lte, eq and neq into an interval. negated tells of neq.
func (a *akto) bounds(n *yamlfile.Node, low, high int) (from, to int, negated bool) {
	leaves := n.Pairs
	for _, item := range n.Items {
		leaves = append(leaves, item.Pairs...)
	}
	if len(leaves) == 0 {
		a.fail("a comparison of its validate is empty")
	}
	for _, p := range leaves {
		switch v := a.number(p.Value); strings.ToLower(p.Key.Text) {
		case "gt":
			low = max(low, v+1)
		case "gte":
			low = max(low, v)
		case "lt":
			high = min(high, v-1)
		case "lte":
			high = min(high, v)
		case "eq":
			low, high = max(low, v), min(high, v)
		case "neq":
			if len(leaves) > 1 {
				a.fail("neq beside other comparisons has no equal")
			}
			return v, v, true
		default:
			a.fail("validate uses %s with a number", yamlfile.Clip(p.Key.Text))
		}
	}
	if low > high {
		a.fail("a comparison of its validate is never true")
	}
	return low, high, negated
}

func (a *akto) status(n *yamlfile.Node) any {
	from, to, negated := a.bounds(n, 100, 599)
	tree := signalOf("status", entry{Key: "in", Value: []string{fmt.Sprintf("%d-%d", from, to)}})
	if negated {
		return not(tree)
	}
	a.sample.status = from
	return tree
}

var bodyPlace = entry{Key: "where", Value: "body"}

// payload reads what is looked for in the body.
func (a *akto) payload(n *yamlfile.Node, depth int) []any {
	leaves := n.Pairs
	for _, item := range n.Items {
		leaves = append(leaves, item.Pairs...)
	}
	var trees []any
	for _, p := range leaves {
		words := operands(p.Value)
		for i := range words {
			words[i] = a.text(words[i])
		}
		contains := func(every bool) entries {
			params := []entry{{Key: "values", Value: words}, bodyPlace}
			if every {
				params = append(params, entry{Key: "every", Value: true})
			}
			return signalOf("contains", params...)
		}
		switch strings.ToLower(p.Key.Text) {
		case "contains_either":
			a.sample.says(words[:min(len(words), 1)]...)
			trees = append(trees, contains(false))
		case "contains_all":
			a.sample.says(words...)
			trees = append(trees, contains(true))
		case "not_contains":
			trees = append(trees, not(contains(false)))
		case "not_contains_either":
			trees = append(trees, not(contains(true)))
		case "regex":
			trees = append(trees, a.expressions(words))
		case "length":
			trees = append(trees, a.length(p.Value)...)
		default:
			a.fail("validate looks at response_payload with %s", yamlfile.Clip(p.Key.Text))
		}
		if len(words) == 0 && p.Value.Kind != yamlfile.Map {
			a.fail("%s of its validate is empty", yamlfile.Clip(p.Key.Text))
		}
	}
	if len(trees) == 0 || depth > 9 {
		a.fail("response_payload of its validate looks at nothing")
	}
	return trees
}

// expressions are those of which one must match.
func (a *akto) expressions(patterns []string) any {
	var trees []any
	for i, p := range patterns {
		parsed, err := syntax.Parse(p, syntax.Perl)
		if _, bad := regexp.Compile(p); bad != nil || err != nil {
			a.fail("its expression %s is not one of RE2's", yamlfile.Clip(p))
			return nil
		}
		if i == 0 {
			a.sample.says(exampleOf(parsed.Simplify(), 0))
		}
		trees = append(trees, signalOf("regex", entry{Key: "pattern", Value: p}, bodyPlace))
	}
	return joinedBy("any", trees)
}

// length compares the size of the body. Akto counts without the two braces of an object.
func (a *akto) length(n *yamlfile.Node) []any {
	const most = 1 << 30
	from, to, negated := a.bounds(n, -2, most)
	if negated {
		a.fail("a length that must not be has no equal")
	}
	var trees []any
	if from > -2 {
		a.sample.length = from + 3
		trees = append(trees, signalOf("size", entry{Key: "more", Value: from + 1}))
	}
	if to < most {
		trees = append(trees, signalOf("size", entry{Key: "less", Value: to + 3}))
	}
	if len(trees) == 0 {
		a.fail("a length of its validate is always true")
	}
	return trees
}

// header reads for_one of a name and a value.
func (a *akto) header(n *yamlfile.Node) any {
	one := member(n, "for_one")
	if one == nil && len(n.Items) == 1 {
		one = member(n.Items[0], "for_one")
	}
	if one == nil {
		a.fail("validate looks at headers by more than one name and value")
		return nil
	}
	pick := func(key string) *yamlfile.Node {
		if v := member(one, key); v != nil {
			return v
		}
		for _, item := range one.Items {
			if v := member(item, key); v != nil {
				return v
			}
		}
		return nil
	}
	name := operandsOrNone(member(pick("key"), "eq"))
	if len(name) != 1 || name[0] == "" || strings.Contains(name[0], "$") {
		a.fail("validate looks at a header without naming it")
		return nil
	}
	params := []entry{{Key: "name", Value: name[0]}}
	value, example := pick("value"), "x"
	if value != nil {
		if len(value.Pairs) != 1 {
			a.fail("validate looks at the value of a header in more than one way")
			return nil
		}
		p := value.Pairs[0]
		words := operands(p.Value)
		for i := range words {
			words[i] = a.text(words[i])
		}
		switch word := strings.ToLower(p.Key.Text); {
		case len(words) == 0:
			a.fail("%s of its validate is empty", yamlfile.Clip(word))
		case word == "contains_either":
			params, example = append(params, entry{Key: "contains", Value: words}), words[0]
		case word == "eq":
			params, example = append(params, entry{Key: "equals", Value: words[:1]}), words[0]
		default:
			a.fail("validate looks at the value of a header with %s", yamlfile.Clip(word))
		}
	}
	a.sample.headers = append(a.sample.headers, entry{Key: name[0], Value: example})
	return signalOf("header", params...)
}

func operandsOrNone(n *yamlfile.Node) []string {
	if n == nil {
		return nil
	}
	return operands(n)
}
