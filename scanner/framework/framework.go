package framework

import (
	"slices"
	"strings"
)

// The ids of the frameworks.
const (
	OWASPLLM = "owasp-llm"
	OWASPASI = "owasp-asi"
	ATLAS    = "atlas"
	NIST600  = "nist-600-1"
	NISTRMF  = "nist-rmf"
	EUAIAct  = "eu-ai-act"
	ISO42001 = "iso-42001"
	OWASPAPI = "owasp-api"
)

// Framework is one list of one publisher in one version.
type Framework struct {
	ID        string
	Name      string
	Version   string
	Publisher string
	Document  string // its title, as published
	Address   string // where the publisher has it
	Items     []Item // in the publisher's order
	Note      string // what a reader of a coverage has to know
}

// Item is one entry of a framework.
type Item struct {
	ID    string
	Title string // the publisher's, unless Own
	Own   bool   // Title is a short description of ours: the publisher gives the entry no title
	// From are the ids by which a test counts for the item: what resists it speaks for the item, what does not against it. An
	// item of a list that templates name themselves (OWASP LLM, ASI, ATLAS) is From itself.
	From []Link
	// Against are ids whose weaknesses speak against the item, while tests without one say nothing for it.
	Against []Link
	Why     string // of an item that no test can speak for: what would
}

// Testable reports whether a test through an API can speak for the item.
func (i *Item) Testable() bool { return len(i.From) > 0 }

// Link is an id that templates carry: LLM01:2025, ASI01, AML.T0051.000, CWE-79, or template:ID for one template.
type Link struct {
	ID      string
	Printed bool // by the item's publisher; otherwise it is ours
}

// Holds reports whether an id that a template carries is the link's. A technique of ATLAS holds its sub-techniques.
func (l Link) Holds(id string) bool {
	return l.ID == id || strings.HasPrefix(l.ID, "AML.") && strings.HasPrefix(id, l.ID+".")
}

// ours are links that this program makes.
func ours(ids ...string) []Link { return links(false, ids) }

// printed are links that the item's publisher makes.
func printed(ids ...string) []Link { return links(true, ids) }

func links(printed bool, ids []string) []Link {
	all := make([]Link, len(ids))
	for i, id := range ids {
		all[i] = Link{ID: id, Printed: printed}
	}
	return all
}

// All are the frameworks, in the order in which reports have them. They are shared: callers change nothing.
func All() []*Framework { return all() }

// Find is a framework by its id; nil where there is none.
func Find(id string) *Framework {
	list := all()
	if i := slices.IndexFunc(list, func(f *Framework) bool { return f.ID == id }); i >= 0 {
		return list[i]
	}
	return nil
}

// IDs are the ids of all frameworks, in order.
func IDs() []string {
	var ids []string
	for _, f := range all() {
		ids = append(ids, f.ID)
	}
	return ids
}

// Full is the name with its version, as reports print it: "OWASP Top 10 for LLM Applications 2025".
func (f *Framework) Full() string {
	if strings.HasPrefix(f.Version, "Regulation") {
		return f.Name + ", " + f.Version
	}
	return f.Name + " " + f.Version
}
