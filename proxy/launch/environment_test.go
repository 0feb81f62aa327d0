package launch_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"assay/proxy/ca"
	"assay/proxy/launch"
)

func session(tb testing.TB, base ...string) launch.Session {
	tb.Helper()
	authority, err := ca.Load(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	return launch.Session{Proxy: "127.0.0.1:8080", Trust: authority, Dir: filepath.Join(tb.TempDir(), "it's a session"), Base: base}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	s := session(t,
		"PATH=/bin", "HTTP_PROXY=http://old:1", "NO_PROXY=localhost", "SSL_CERT_DIR=/old", "NODE_TLS_REJECT_UNAUTHORIZED=0",
		"NODE_OPTIONS=--max-old-space-size=100", "JAVA_TOOL_OPTIONS=-Xmx100m", "PYTHONPATH=/lib/mine", "RUBYLIB=/lib/ruby", "RUBYOPT=-W0")
	env, err := launch.Environment(s)
	if err != nil {
		t.Fatal(err)
	}
	list := env.List()
	for _, want := range []string{
		"PATH=/bin",
		"HTTP_PROXY=http://127.0.0.1:8080",
		"https_proxy=http://127.0.0.1:8080",
		"NO_PROXY=",
		"no_proxy=",
		"SSL_CERT_FILE=" + s.Dir + "/bundle.pem",
		"NODE_EXTRA_CA_CERTS=" + s.Dir + "/ca.pem",
		`NODE_OPTIONS=--max-old-space-size=100 --require="` + s.Dir + `/assay.cjs"`,
		"PYTHONPATH=" + s.Dir + "/python:/lib/mine",
		"RUBYLIB=" + s.Dir + "/ruby:/lib/ruby",
		"RUBYOPT=-W0 -rassay_proxy",
		"PHP_INI_SCAN_DIR=:" + s.Dir + "/php",
	} {
		if !slices.Contains(list, want) {
			t.Errorf("the environment has no %s", want)
		}
	}
	seen := map[string]bool{}
	for _, entry := range list {
		name, value, _ := strings.Cut(entry, "=")
		if seen[name] {
			t.Errorf("%s is set twice", name)
		}
		seen[name] = true
		if name == "SSL_CERT_DIR" || name == "NODE_TLS_REJECT_UNAUTHORIZED" {
			t.Errorf("%s is still set", name)
		}
		if strings.Contains(value, "{") {
			t.Errorf("a place is not filled in: %s", entry)
		}
	}
	java := env.Set["JAVA_TOOL_OPTIONS"]
	if !strings.HasPrefix(java, "-Xmx100m -D") || !strings.Contains(java, `"-Djavax.net.ssl.trustStore=`+s.Dir+`/truststore.p12"`) {
		t.Errorf("JAVA_TOOL_OPTIONS is %s", java)
	}
	for _, file := range env.Files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("the file %s is not there for its owner alone: %v, %v", file, info, err)
		}
	}
}

// TestScript lets a shell read what it is to eval, and compares what it then exports.
func TestScript(t *testing.T) {
	t.Parallel()
	need(t, "sh")
	s := session(t, "PATH="+os.Getenv("PATH"), "SSL_CERT_DIR=/old")
	env, err := launch.Environment(s)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := env.Script("sh")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", lines+"env")
	cmd.Env = s.Base
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(string(out), "\n")
	for _, want := range env.List() {
		if !slices.Contains(got, want) {
			t.Errorf("after the script there is no %s", want)
		}
	}
	if strings.Contains(string(out), "SSL_CERT_DIR") {
		t.Error("after the script SSL_CERT_DIR is still set")
	}
	if _, err := env.Script("tcsh"); err == nil || !strings.Contains(err.Error(), "sh, bash, zsh, fish, powershell, cmd") {
		t.Errorf("for an unknown shell the error is %v", err)
	}
}

// TestTerminal types into the shell that Terminal starts where there is no screen.
func TestTerminal(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	m := startMITM(t)
	s := m.session(t)
	s.Dir += "/it's here"
	s.Base = []string{"PATH=" + os.Getenv("PATH"), "SHELL=/bin/sh", "HOME=" + t.TempDir()}
	cmd, err := launch.Terminal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader("curl -sS https://terminal.example/typed\n"), nil, nil
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), "through the proxy") {
		t.Errorf("the shell wrote %q, %v", out, err)
	}
	if m.count("/typed") != 1 {
		t.Error("the proxy saw nothing")
	}
}

// TestWindow stands in for a terminal that hands its window to a server and returns at once.
func TestWindow(t *testing.T) { // not parallel: it sets the environment
	if runtime.GOOS != "linux" {
		t.Skip("NOT RUN: other systems have one terminal, which is there")
	}
	bin := t.TempDir()
	mark := filepath.Join(bin, "done")
	emulator := "#!/bin/sh\n[ \"$1\" = --wait ] && [ \"$2\" = -- ] || exit 9\n(sleep 0.5; echo \"sleep 0.5; echo \\$HTTPS_PROXY >'" + mark + "'\" | \"$3\" >/dev/null 2>&1) &\n"
	if err := os.WriteFile(filepath.Join(bin, "gnome-terminal"), []byte(emulator), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	s := session(t, "PATH="+os.Getenv("PATH"), "DISPLAY=:9", "SHELL=/bin/sh")
	cmd, err := launch.Terminal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got, err := os.ReadFile(mark); err != nil || string(got) != "http://127.0.0.1:8080\n" {
		t.Errorf("it did not wait for the shell in the window, or that had no proxy: %q, %v", got, err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	good := session(t)
	for _, row := range []struct {
		name string
		do   func() error
		want string
	}{
		{"no port", func() error {
			_, err := launch.Environment(launch.Session{Proxy: "127.0.0.1", Trust: good.Trust, Dir: good.Dir})
			return err
		}, "no host:port"},
		{"no authority", func() error {
			_, err := launch.Environment(launch.Session{Proxy: "127.0.0.1:1", Dir: good.Dir})
			return err
		}, "certificate authority"},
		{"no command", func() error {
			_, err := launch.Command(t.Context(), good, "")
			return err
		}, "no command"},
		{"unknown command", func() error {
			_, err := launch.Command(t.Context(), good, "assay-no-such-program")
			return err
		}, "executable file not found"},
		{"unknown browser", func() error {
			_, err := launch.Find("mosaic")
			return err
		}, "no browser"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if err := row.do(); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("the error is %v, want one with %q", err, row.want)
			}
		})
	}
}

// TestVariables holds the table to what documentation needs of it.
func TestVariables(t *testing.T) {
	t.Parallel()
	for _, variable := range launch.Variables() {
		if variable.Name == "" || variable.Honoured == "" || variable.Proof == "" {
			t.Errorf("the row %+v has gaps", variable)
		}
	}
}
