package ca_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/proxy/ca"
)

// computer is one with these programs and paths.
func computer(system, home string, programs, paths []string) ca.Computer {
	return ca.Computer{
		OS: system, Home: home,
		LookPath: func(name string) (string, error) {
			if slices.Contains(programs, name) {
				return "/usr/bin/" + name, nil
			}
			return "", exec.ErrNotFound
		},
		Glob: func(pattern string) []string {
			return slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
				ok, err := filepath.Match(pattern, path)
				return err != nil || !ok
			})
		},
	}
}

func TestStores(t *testing.T) {
	t.Parallel()
	authority := load(t)
	file := strings.ToLower(strings.ReplaceAll(authority.Certificate().Subject.CommonName, " ", "-"))
	for _, row := range []struct {
		name           string
		computer       ca.Computer
		trust, untrust []string
	}{
		{
			"debian", computer("linux", "", []string{"update-ca-certificates"}, []string{"/usr/local/share/ca-certificates"}),
			[]string{"sudo install -m 0644 CA /usr/local/share/ca-certificates/FILE.crt", "sudo update-ca-certificates"},
			[]string{"sudo rm -f /usr/local/share/ca-certificates/FILE.crt", "sudo update-ca-certificates --fresh"},
		},
		{
			"fedora", computer("linux", "", []string{"update-ca-trust"}, []string{"/etc/pki/ca-trust/source/anchors"}),
			[]string{"sudo install -m 0644 CA /etc/pki/ca-trust/source/anchors/FILE.pem", "sudo update-ca-trust extract"},
			[]string{"sudo rm -f /etc/pki/ca-trust/source/anchors/FILE.pem", "sudo update-ca-trust extract"},
		},
		{
			"arch", computer("linux", "", []string{"trust"}, []string{"/etc/ca-certificates/trust-source/anchors"}),
			[]string{"sudo install -m 0644 CA /etc/ca-certificates/trust-source/anchors/FILE.crt", "sudo trust extract-compat"},
			[]string{"sudo rm -f /etc/ca-certificates/trust-source/anchors/FILE.crt", "sudo trust extract-compat"},
		},
		{"a linux without a known way", computer("linux", "", nil, nil), nil, nil},
		{
			"mac", computer("darwin", "/Users/p", nil, nil),
			[]string{"/usr/bin/security add-trusted-cert -r trustRoot -k /Users/p/Library/Keychains/login.keychain-db CA"},
			[]string{"/usr/bin/security remove-trusted-cert CA", "/usr/bin/security delete-certificate -Z SHA1 /Users/p/Library/Keychains/login.keychain-db"},
		},
		{
			"windows", computer("windows", `C:\Users\p`, nil, nil),
			[]string{"certutil.exe -user -addstore Root CA"},
			[]string{"certutil.exe -user -delstore Root sha1"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			store := authority.Stores(row.computer)[0]
			for _, pair := range []struct {
				steps []ca.Step
				want  []string
			}{{store.Trust, row.trust}, {store.Untrust, row.untrust}} {
				var got []string
				for _, step := range pair.steps {
					text := strings.NewReplacer(authority.Path(), "CA", file, "FILE", authority.SHA1(), "sha1", strings.ToUpper(authority.SHA1()), "SHA1").Replace(step.String())
					got = append(got, text)
				}
				if !slices.Equal(got, pair.want) {
					t.Errorf("the steps are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(pair.want, "\n"))
				}
			}
			if state, _ := store.State(t.Context()); state == ca.Trusted {
				t.Error("a new root is trusted already")
			}
		})
	}
}

// TestNSS trusts and untrusts in real databases of a home folder of the test's own.
func TestNSS(t *testing.T) {
	t.Parallel()
	need(t, "certutil")
	authority := load(t)
	home := t.TempDir()
	profile := filepath.Join(home, ".mozilla/firefox/abc.default")
	must(t, os.MkdirAll(profile, 0o700))
	run(t, "certutil", "-d", "sql:"+profile, "-N", "--empty-password")
	here := ca.ThisComputer()
	here.Home, here.OS = home, "linux"
	stores := authority.Stores(here)[1:]
	if len(stores) != 2 {
		t.Fatalf("found %d databases, want that of Chromium and one profile of Firefox", len(stores))
	}
	for _, store := range stores {
		for _, want := range []ca.State{ca.Absent, ca.Trusted, ca.Absent} {
			if got, detail := store.State(t.Context()); got != want {
				t.Fatalf("%s is %s (%s), want %s", store.Name, got, detail, want)
			}
			if want == ca.Absent {
				must(t, ca.Run(t.Context(), store.Trust))
			} else {
				must(t, ca.Run(t.Context(), store.Untrust))
			}
			store = refresh(t, authority, here, store.Name) // the steps depend on what is there
		}
	}
	run(t, "certutil", "-d", "sql:"+profile, "-M", "-t", ",,", "-n", authority.Certificate().Subject.CommonName)
	state, detail := refresh(t, authority, here, stores[1].Name).State(t.Context())
	if state != ca.Absent || !strings.Contains(detail, "not trusted") {
		t.Errorf("a certificate without trust is %s (%s)", state, detail)
	}
}

func refresh(t *testing.T, authority *ca.Authority, here ca.Computer, name string) ca.Store {
	t.Helper()
	for _, store := range authority.Stores(here) {
		if store.Name == name {
			return store
		}
	}
	t.Fatalf("%s is gone", name)
	return ca.Store{}
}

func TestNSSWithoutCertutil(t *testing.T) {
	t.Parallel()
	stores := load(t).Stores(computer("linux", "/home/p", nil, []string{"/home/p/.mozilla/firefox/x/cert9.db"}))
	for _, store := range stores[1:] {
		if state, detail := store.State(t.Context()); state != ca.Unknown || !strings.Contains(detail, "libnss3-tools") {
			t.Errorf("%s is %s (%s)", store.Name, state, detail)
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	need(t, "false")
	err := ca.Run(t.Context(), []ca.Step{{Why: "try", Command: []string{"false"}, MayFail: true}, {Why: "fail", Command: []string{"false"}}})
	if err == nil || !strings.HasPrefix(err.Error(), "fail (false)") {
		t.Errorf("the error is %v", err)
	}
	if os.Geteuid() == 0 {
		t.Log("NOT RUN: as root no step is refused")
		return
	}
	err = ca.Run(t.Context(), []ca.Step{{Why: "try", Command: []string{"touch", "/a file"}, Root: true}})
	if !errors.Is(err, ca.ErrNeedsRoot) || !strings.Contains(err.Error(), "sudo touch '/a file'") {
		t.Errorf("the error is %v", err)
	}
}
