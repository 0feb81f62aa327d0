package report

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"assay/scanner/framework"
)

// taxonomyOf says by the beginning of an id which framework it is of: the ones that rules name items of.
var taxonomyOf = []struct{ prefix, framework string }{{"LLM", framework.OWASPLLM}, {"API", framework.OWASPAPI}, {"ASI", framework.OWASPASI}, {"AML.", framework.ATLAS}, {"CWE-", ""}}

// describe is a framework as SARIF refers to it (3.19.3).
func describe(id string) sarifTaxonomy {
	if f := framework.Find(id); f != nil {
		return sarifTaxonomy{Name: f.Name, Version: f.Version, Organization: f.Publisher, Information: f.Address, Short: sarifText(f.Document)}
	}
	return sarifTaxonomy{Name: "CWE", Organization: "MITRE", Information: "https://cwe.mitre.org/", Short: sarifText("Common Weakness Enumeration")}
}

// helpOf is where an item is explained by whoever publishes it; empty where it has no page of its own.
func helpOf(id string) string {
	if number, ok := strings.CutPrefix(id, "CWE-"); ok {
		return "https://cwe.mitre.org/data/definitions/" + url.PathEscape(number) + ".html"
	}
	if strings.HasPrefix(id, "AML.") {
		return "https://atlas.mitre.org/techniques/" + url.PathEscape(id)
	}
	return ""
}

// taxonomies are those that a run refers to, with the items that it refers to.
type taxonomies struct {
	components []sarifTaxonomy
	at         map[string][2]int // of an id: which component, which taxon
}

func taxonomiesOf(r *Run) *taxonomies {
	tax := &taxonomies{at: map[string][2]int{}}
	var ids []string
	for i := range r.Rules {
		ids = append(ids, r.Rules[i].items()...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	for _, f := range taxonomyOf {
		one := describe(f.framework)
		for _, id := range ids {
			if !strings.HasPrefix(id, f.prefix) {
				continue
			}
			taxon := sarifTaxon{ID: clean(strings.TrimPrefix(id, "CWE-"))}
			if title := framework.Title(id); title != "" {
				taxon.Name, taxon.Short = clean(title), sarifText(title)
			}
			taxon.HelpURI = helpOf(id)
			tax.at[id] = [2]int{len(tax.components), len(one.Taxa)}
			one.Taxa = append(one.Taxa, taxon)
		}
		if len(one.Taxa) > 0 {
			tax.components = append(tax.components, one)
		}
	}
	return tax
}

// items are the ids that a rule carries of frameworks.
func (t *Rule) items() []string {
	items := slices.Concat(t.OWASP, t.ASI, t.ATLAS)
	for _, cwe := range t.CWE {
		items = append(items, "CWE-"+strconv.Itoa(cwe))
	}
	return items
}

// references name the taxonomies for the driver.
func (x *taxonomies) references() (all []sarifComponent) {
	for i := range x.components {
		all = append(all, sarifComponent{x.components[i].Name, i})
	}
	return all
}

// taxa are the items that a rule falls under. Ids of no framework that is known here are left to its tags.
func (x *taxonomies) taxa(t *Rule) (all []sarifTaxonReference) {
	seen := map[string]bool{}
	for _, id := range t.items() {
		at, known := x.at[id]
		if !known || seen[id] {
			continue
		}
		seen[id] = true
		c := &x.components[at[0]]
		all = append(all, sarifTaxonReference{c.Taxa[at[1]].ID, at[1], sarifComponent{c.Name, at[0]}})
	}
	return all
}

func (x *taxonomies) relationships(t *Rule) (all []sarifRelationship) {
	for _, taxon := range x.taxa(t) {
		all = append(all, sarifRelationship{taxon, []string{"superset"}})
	}
	return all
}
