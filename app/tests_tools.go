package app

import (
	"context"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/template"
)

// Bounds of what a server lists.
const (
	mostTools    = 50  // that a run attacks
	mostToolName = 100 // runes
)

// addTools asks every MCP server that is named by its address or its list of tools for that list, and makes a target of each
// tool with a text among its arguments. The list stays a target: attacks on the request fit it. A server that does not list
// its tools is left as it is: the run will tell why.
func (b *bench) addTools(ctx context.Context, o *TestOptions) error {
	named := b.aims
	for _, t := range named {
		if t.target.Request.Source != 0 {
			continue // the person chose one recorded request
		}
		models := craft.ToolCalls(t.target.Request, t.toolsListed(ctx))
		for _, m := range models[:min(len(models), mostTools)] {
			name := strings.TrimPrefix(m.Name, t.target.Request.Name+" ")
			if m.Slot == "" || Harmless(name, mostToolName) != name {
				continue // no argument of it is a text, or its name is no name
			}
			at := &aim{secrets: t.secrets, target: scanner.RunTarget{Ref: t.target.Ref + "#" + name, Request: m}}
			if err := at.describe(o.Spec.System); err != nil {
				continue // no request can be made of its schema
			}
			if err := at.reach(o); err != nil {
				return err
			}
			at.victim.Identity, at.victim.Other = t.victim.Identity, t.victim.Other
			b.aims = append(b.aims, at)
		}
	}
	return nil
}

// toolsListed asks a server for its tools; none where it is no MCP server or does not say.
func (t *aim) toolsListed(ctx context.Context) []llm.Tool {
	said := t.victim.Subject.Said
	if said.RPC == nil || said.RPC.Method != "tools/list" {
		return nil
	}
	script, err := craft.Begin(t.victim.Subject, &template.Rendered{})
	if err != nil {
		return nil
	}
	call, err := script.Call(0)
	if err != nil {
		return nil
	}
	call.As = t.victim.Identity
	answer, _ := t.victim.Target.Do(ctx, call)
	if answer == nil || answer.Said.RPC == nil {
		return nil
	}
	return answer.Said.RPC.ToolsListed
}
