package ca

import (
	"context"
	"path/filepath"
)

// anchors are where the distributions take more roots from, and what then makes the bundle anew.
var anchors = []struct {
	dir, suffix string
	add, remove []string
}{
	{"/usr/local/share/ca-certificates", ".crt", []string{"update-ca-certificates"}, []string{"update-ca-certificates", "--fresh"}}, // Debian, Ubuntu, Alpine
	{"/etc/pki/ca-trust/source/anchors", ".pem", []string{"update-ca-trust", "extract"}, []string{"update-ca-trust", "extract"}},    // Fedora, RHEL
	{"/etc/ca-certificates/trust-source/anchors", ".crt", []string{"trust", "extract-compat"}, []string{"trust", "extract-compat"}}, // Arch
	{"/etc/pki/trust/anchors", ".pem", []string{"update-ca-certificates"}, []string{"update-ca-certificates"}},                      // openSUSE
}

func (a *Authority) linuxStore(c Computer) Store {
	store := Store{
		Name:    "the system's roots",
		Clients: "curl, wget, git, Python, Go, Ruby, PHP, .NET",
	}
	for _, anchor := range anchors {
		if !c.has(anchor.dir) {
			continue
		}
		if _, err := c.LookPath(anchor.add[0]); err != nil {
			continue
		}
		file := filepath.Join(anchor.dir, a.fileName()+anchor.suffix)
		store.Name += " (" + anchor.add[0] + ")"
		store.Trust = []Step{
			{Why: "copy the root certificate", Command: []string{"install", "-m", "0644", a.Path(), file}, Root: true},
			{Why: "make the bundle anew", Command: anchor.add, Root: true},
		}
		store.Untrust = []Step{
			{Why: "remove the root certificate", Command: []string{"rm", "-f", file}, Root: true},
			{Why: "make the bundle anew", Command: anchor.remove, Root: true},
		}
		store.state = func(context.Context) (State, string) {
			state, detail := a.bundleState()
			if state == Absent && c.has(file) {
				detail = file + " is there, but the bundle was not made anew: run " + anchor.add[0]
			}
			return state, detail
		}
		return store
	}
	store.state = func(context.Context) (State, string) {
		state, detail := a.bundleState()
		if state == Absent {
			detail = "no known way to add a root to this system: install the package ca-certificates, or add " + a.Path() + " as its manual says"
		}
		return state, detail
	}
	return store
}

func (a *Authority) bundleState() (State, string) {
	certs, err := platformRoots()
	if err != nil {
		return Unknown, err.Error()
	}
	for _, cert := range certs {
		if cert.Equal(a.root) {
			return Trusted, ""
		}
	}
	return Absent, ""
}
