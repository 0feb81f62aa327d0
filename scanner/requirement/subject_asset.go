package requirement

import (
	"fmt"
	"strings"

	"assay/scanner"
)

// assetStrings are texts that assets of every kind have.
func assetStrings(a *scanner.Asset, field string) []string {
	switch field {
	case "name":
		return one(a.Name)
	case "host":
		if len(a.Facts.Hosts) > 0 {
			return a.Facts.Hosts
		}
		return one(a.Host)
	}
	return nil
}

func assetNumber(a *scanner.Asset, field string) (int64, bool) {
	switch field {
	case "count":
		return a.Count, true
	case "first":
		return stamp(a.FirstSeen)
	case "last":
		return stamp(a.LastSeen)
	case "hosts":
		return int64(len(a.Facts.Hosts)), len(a.Facts.Hosts) > 0
	}
	return 0, false
}

// tool is a function given to a model, or one that an MCP server lists.
type tool struct {
	*scanner.Asset
	approved bool
}

func (t tool) Ref() string  { return "tool:" + t.Asset.Name }
func (t tool) Name() string { return t.Asset.Name }

func (t tool) Strings(field, _ string) []string {
	switch field {
	case "kind":
		if t.Kind == scanner.AssetMCPTool {
			return []string{"mcp"}
		}
		return []string{"function"}
	case "power":
		return powers(t.Asset.Name)
	}
	return assetStrings(t.Asset, field)
}

func (t tool) Number(field string) (int64, bool) {
	switch field {
	case "builtin":
		return flag(t.Facts.Builtin), true
	case "calls":
		return t.Facts.Calls, true
	case "orders":
		return int64(len(t.Facts.Warnings)), true
	case "versions":
		return int64(t.Versions), t.Versions > 0
	case "gone":
		return flag(t.Facts.Gone), t.Kind == scanner.AssetMCPTool
	case "approved":
		return flag(t.approved), true
	}
	return assetNumber(t.Asset, field)
}

// key is a credential that was seen.
type key struct{ *scanner.Asset }

func (k key) Ref() string  { return fmt.Sprint("key:", k.ID) }
func (k key) Name() string { return k.Asset.Name }

func (k key) Strings(field, _ string) []string {
	switch field {
	case "form":
		return one(k.Facts.Form)
	case "header":
		return one(k.Facts.Header)
	}
	return assetStrings(k.Asset, field)
}

func (k key) Number(field string) (int64, bool) {
	switch field {
	case "in_address":
		return flag(strings.HasPrefix(k.Facts.Header, "?")), k.Facts.Header != ""
	case "clients":
		return int64(len(k.Facts.Clients)), len(k.Facts.Clients) > 0
	}
	return assetNumber(k.Asset, field)
}

// client is a program that was seen.
type client struct{ *scanner.Asset }

func (c client) Ref() string  { return "client:" + c.Asset.Name }
func (c client) Name() string { return c.Asset.Name }

func (c client) Strings(field, _ string) []string {
	switch field {
	case "process":
		return one(c.Facts.Process)
	case "sdk":
		return one(c.Facts.SDK)
	}
	return assetStrings(c.Asset, field)
}

func (c client) Number(field string) (int64, bool) { return assetNumber(c.Asset, field) }

// finding is a weakness that tests proved.
type finding struct{ *scanner.Finding }

func (f finding) Ref() string { return fmt.Sprint("finding:", f.ID) }

func (f finding) Name() string {
	if f.Finding.Name == "" {
		return f.Title
	}
	return f.Title + " on " + f.Finding.Name
}

func (f finding) Strings(field, _ string) []string {
	switch field {
	case "severity":
		return one(string(f.Severity))
	case "state":
		return one(string(f.State))
	case "template":
		return one(f.Template)
	case "owasp":
		return f.OWASP
	case "target":
		return one(f.Finding.Name)
	}
	return nil
}

func (f finding) Number(field string) (int64, bool) {
	switch field {
	case "open":
		return flag(f.Finding.Open()), true
	case "count":
		return int64(f.Count), true
	case "first":
		return stamp(f.First)
	case "last":
		return stamp(f.Last)
	}
	return 0, false
}

// threat is something that the watch saw.
type threat struct{ *scanner.Threat }

func (t threat) Ref() string  { return fmt.Sprint("threat:", t.ID) }
func (t threat) Name() string { return t.Title }

func (t threat) Strings(field, _ string) []string {
	switch field {
	case "severity":
		return one(string(t.Severity))
	case "state":
		return one(string(t.State))
	case "rule":
		return one(t.Rule)
	case "owasp":
		return t.OWASP
	case "host":
		return one(t.Host)
	case "model":
		return one(t.Model)
	case "actor":
		return one(string(t.Actor))
	}
	return nil
}

func (t threat) Number(field string) (int64, bool) {
	switch field {
	case "open":
		return flag(t.State != scanner.ThreatHarmless && t.State != scanner.ThreatClosed), true
	case "count":
		return int64(t.Count), true
	case "first":
		return stamp(t.First)
	case "last":
		return stamp(t.Last)
	}
	return 0, false
}

// policy is one of the guard's.
type policy struct {
	*scanner.Policy
	guard scanner.GuardMode
}

func (p policy) Ref() string  { return fmt.Sprint("policy:", p.ID) }
func (p policy) Name() string { return p.Policy.Name }

func (p policy) Strings(field, _ string) []string {
	switch field {
	case "name":
		return one(p.Policy.Name)
	case "action":
		return one(string(p.Action))
	case "side":
		if p.Side == "" {
			return []string{"both"}
		}
		return one(string(p.Side))
	case "sign":
		signs := make([]string, len(p.Signs))
		for i, s := range p.Signs {
			signs[i] = string(s)
		}
		return orNothing(signs)
	case "rule":
		return orNothing(p.Rules)
	case "type":
		return orNothing(p.Types)
	case "tool":
		return orNothing(p.Tools)
	case "model":
		return orNothing(p.Models)
	case "guard":
		return one(string(p.guard))
	}
	return nil
}

// orNothing is a list that is known whole.
func orNothing(list []string) []string {
	if len(list) == 0 {
		return []string{nothing}
	}
	return list
}

func (p policy) Number(field string) (int64, bool) {
	switch field {
	case "on":
		return flag(p.On), true
	case "budget":
		return flag(p.Budget != nil), true
	}
	return 0, false
}
