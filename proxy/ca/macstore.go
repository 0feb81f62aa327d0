package ca

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
)

// macStore is the login keychain of the person, which needs no administrator: macOS asks for the password in a window.
func (a *Authority) macStore(c Computer) Store {
	const security = "/usr/bin/security"
	keychain := filepath.Join(c.Home, "Library/Keychains/login.keychain-db")
	return Store{
		Name:    "the login keychain",
		Clients: "Safari, Chrome, Firefox, curl, Go and everything that asks macOS",
		Trust: []Step{
			{Why: "add the root certificate; macOS asks for your password", Command: []string{security, "add-trusted-cert", "-r", "trustRoot", "-k", keychain, a.Path()}},
		},
		Untrust: []Step{
			{Why: "end the trust", Command: []string{security, "remove-trusted-cert", a.Path()}, MayFail: true},
			{Why: "delete the root certificate", Command: []string{security, "delete-certificate", "-Z", strings.ToUpper(a.SHA1()), keychain}},
		},
		state: func(ctx context.Context) (State, string) {
			if _, err := c.LookPath(security); err != nil {
				return Unknown, err.Error()
			}
			if err := exec.CommandContext(ctx, security, "verify-cert", "-L", "-p", "basic", "-c", a.Path()).Run(); err != nil {
				return Absent, ""
			}
			return Trusted, ""
		},
	}
}
