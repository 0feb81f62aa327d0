package ca

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"slices"
)

// noCertutil is the way out where the tool of NSS is missing.
const noCertutil = "certutil is missing: install libnss3-tools (Debian, Ubuntu), nss-tools (Fedora) or nss (Homebrew)"

// nssDatabases are the folders of NSS databases: of Firefox one per profile, of Chromium on Linux one per person.
func nssDatabases(c Computer) (firefox, chromium []string) {
	profiles := []string{
		".mozilla/firefox/*/cert9.db",
		".config/mozilla/firefox/*/cert9.db",
		"snap/firefox/common/.mozilla/firefox/*/cert9.db",
		".var/app/org.mozilla.firefox/.mozilla/firefox/*/cert9.db",
		"Library/Application Support/Firefox/Profiles/*/cert9.db",
	}
	for _, pattern := range profiles {
		for _, file := range c.Glob(filepath.Join(c.Home, pattern)) {
			firefox = append(firefox, filepath.Dir(file))
		}
	}
	if c.OS == "darwin" || c.Home == "" {
		return firefox, nil // Chromium asks macOS
	}
	chromium = []string{filepath.Join(c.Home, ".pki/nssdb")} // made if it is missing: Chromium then finds it
	for _, dir := range []string{".local/share/pki/nssdb", "snap/chromium/current/.pki/nssdb"} {
		if path := filepath.Join(c.Home, dir); c.has(filepath.Join(path, "cert9.db")) {
			chromium = append(chromium, path)
		}
	}
	return firefox, chromium
}

func (a *Authority) nssStores(c Computer) []Store {
	firefox, chromium := nssDatabases(c)
	certutil, err := c.LookPath("certutil")
	if err != nil {
		certutil = ""
	}
	var stores []Store
	for _, dir := range chromium {
		stores = append(stores, a.nssStore(c, certutil, dir, "Chrome, Chromium, Edge, Brave"))
	}
	for _, dir := range firefox {
		stores = append(stores, a.nssStore(c, certutil, dir, "Firefox, this profile"))
	}
	return stores
}

func (a *Authority) nssStore(c Computer, certutil, dir, clients string) Store {
	store := Store{Name: "the NSS database " + dir, Clients: clients}
	if certutil == "" {
		store.state = func(context.Context) (State, string) { return Unknown, noCertutil }
		return store
	}
	exists := func() bool { return c.has(filepath.Join(dir, "cert9.db")) }
	database := "sql:" + dir
	if !exists() {
		store.Trust = []Step{
			{Why: "make the folder of the database", Command: []string{"mkdir", "-p", "-m", "0700", dir}},
			{Why: "make the database", Command: []string{certutil, "-d", database, "-N", "--empty-password"}},
		}
	}
	store.Trust = append(store.Trust, Step{
		Why:     "add the root certificate for web sites",
		Command: []string{certutil, "-d", database, "-A", "-t", "C,,", "-n", a.nickname(), "-i", a.Path()},
	})
	store.Untrust = []Step{{
		Why:     "delete the root certificate",
		Command: []string{certutil, "-d", database, "-D", "-n", a.nickname()},
	}}
	store.state = func(ctx context.Context) (State, string) {
		if !exists() {
			return Absent, ""
		}
		return a.nssState(ctx, certutil, database)
	}
	return store
}

func (a *Authority) nssState(ctx context.Context, certutil, database string) (State, string) {
	out, err := exec.CommandContext(ctx, certutil, "-d", database, "-L", "-n", a.nickname(), "-a").Output()
	if err != nil {
		return Absent, ""
	}
	if !slices.ContainsFunc(parseCertificates(bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n"))), a.root.Equal) {
		return Absent, "another certificate has the name " + a.nickname()
	}
	// The usage L is an authority of TLS servers: it fails for a certificate that is there without trust.
	if err := exec.CommandContext(ctx, certutil, "-d", database, "-V", "-u", "L", "-n", a.nickname()).Run(); err != nil {
		return Absent, "the certificate is there, but not trusted for web sites"
	}
	return Trusted, ""
}
