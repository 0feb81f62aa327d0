package ca

import (
	"context"
	"os/exec"
)

// windowsStore is the person's own ROOT store, which needs no administrator: Windows asks in a window.
func (a *Authority) windowsStore() Store {
	const certutil = "certutil.exe"
	return Store{
		Name:    "the root store of the current user",
		Clients: "Edge, Chrome, Firefox, curl, .NET, Go and everything that asks Windows",
		Trust: []Step{
			{Why: "add the root certificate; Windows asks whether you are sure", Command: []string{certutil, "-user", "-addstore", "Root", a.Path()}},
		},
		Untrust: []Step{
			{Why: "delete the root certificate", Command: []string{certutil, "-user", "-delstore", "Root", a.SHA1()}},
		},
		state: func(ctx context.Context) (State, string) {
			if err := exec.CommandContext(ctx, certutil, "-user", "-store", "Root", a.SHA1()).Run(); err != nil {
				return Absent, ""
			}
			return Trusted, ""
		},
	}
}
