package launch_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"assay/proxy/launch"
)

// TestClients is the tested part of the table of docs/clients.md: real programs, started with the environment, make a
// request for a host that does not exist, which only the proxy can answer, over TLS that they verify.
func TestClients(t *testing.T) {
	t.Parallel()
	m := startMITM(t)
	port := closedPort(t)
	local := "http://localhost:" + port
	for _, row := range []struct {
		name    string
		program string
		args    []string
		want    string // the whole output, without white space around it
		paths   []string
	}{
		{"curl", "curl", []string{"-sS", "https://curl.example/curl"}, "through the proxy", []string{"/curl"}},
		{"curl localhost", "curl", []string{"-sS", local + "/curl-local"}, "through the proxy", []string{"/curl-local"}},
		{"wget", "wget", []string{"-qO-", "https://wget.example/wget"}, "through the proxy", []string{"/wget"}},
		{"wget localhost", "wget", []string{"-qO-", local + "/wget-local"}, "through the proxy", []string{"/wget-local"}},
		{
			"git", "git",
			[]string{"-c", "protocol.version=0", "ls-remote", "https://git.example/repo.git"},
			"0123456789012345678901234567890123456789\trefs/heads/through",
			[]string{"/repo.git/info/refs"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			need(t, row.program)
			out := run(t, m.session(t), row.program, row.args...)
			if got := strings.TrimSpace(out); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
			for _, path := range row.paths {
				if m.count(path) == 0 {
					t.Errorf("the proxy saw no request for %s", path)
				}
			}
		})
	}
}

// TestLanguages runs one program for each language, which tries what that language has and reports line by line.
func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		program string
		args    []string
		probe   []string // succeeds if what the program needs is installed
		ok      int
	}{
		{"/usr/bin/python3", []string{"testdata/client.py"}, []string{"--version"}, 14},
		{"java", []string{"-XX:TieredStopAtLevel=1", "testdata/Client.java"}, []string{"--list-modules"}, 4},
		{"ruby", []string{"testdata/client.rb"}, []string{"--version"}, 4},
		{"perl", []string{"testdata/client.pl"}, []string{"-MLWP::Protocol::https", "-e1"}, 4},
		{"php", []string{"testdata/client.php"}, []string{"-r", "exit(extension_loaded('curl') ? 0 : 1);"}, 2},
	} {
		t.Run(row.program, func(t *testing.T) {
			t.Parallel()
			need(t, row.program)
			if err := exec.CommandContext(t.Context(), row.program, row.probe...).Run(); err != nil {
				t.Skipf("NOT RUN: %s lacks a library; build/setup.sh installs it", row.program)
			}
			m := startMITM(t)
			s := m.session(t)
			s.Base = append(os.Environ(), "CLOSED_PORT="+closedPort(t), "NO_PROXY=localhost", "no_proxy=127.0.0.1")
			out := run(t, s, row.program, row.args...)
			for line := range strings.Lines(out) {
				if strings.HasPrefix(line, "absent ") {
					t.Logf("NOT RUN: %s (build/setup.sh installs it)", strings.TrimSpace(line))
					row.ok--
				}
			}
			checkLines(t, out, row.ok)
		})
	}
}

// TestTools runs programs whose protocol the proxy of these tests does not speak to the end: they fail, after their
// request came through over TLS they trust.
func TestTools(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		program string
		args    []string
		host    string
	}{
		{"npm", []string{"ping", "--registry", "https://npm.example/", "--fetch-retries", "0", "--no-update-notifier"}, "npm.example"},
		{"aws", []string{"--endpoint-url", "https://aws.example", "--region", "us-east-1", "--no-sign-request", "--cli-connect-timeout", "5", "sts", "get-caller-identity"}, "aws.example"},
		{"pip", []string{"download", "--disable-pip-version-check", "--no-cache-dir", "--retries", "0", "--index-url", "https://pip.example/simple", "assay-no-such-package"}, "pip.example"},
	} {
		t.Run(row.program, func(t *testing.T) {
			t.Parallel()
			need(t, row.program)
			m := startMITM(t)
			s := m.session(t)
			s.Base = append(os.Environ(), "HOME="+t.TempDir(), "AWS_MAX_ATTEMPTS=1", "AWS_EC2_METADATA_DISABLED=true")
			ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
			defer cancel()
			cmd, err := launch.Command(ctx, s, row.program, row.args...)
			if err != nil {
				t.Fatal(err)
			}
			cmd.Stdin, cmd.Stdout, cmd.Stderr = nil, nil, nil
			cmd.Dir = t.TempDir()
			out, _ := cmd.CombinedOutput()
			m.mu.Lock()
			defer m.mu.Unlock()
			for _, one := range m.seen {
				if one.host == row.host && one.secure {
					return
				}
			}
			t.Errorf("the proxy saw no request for %s, only %+v:\n%s", row.host, m.seen, out)
		})
	}
}

// TestGo starts this test binary as the client, since net/http reads the environment once.
func TestGo(t *testing.T) {
	t.Parallel()
	const role = "ASSAY_TEST_GO_CLIENT"
	if os.Getenv(role) != "" {
		for _, url := range []string{"https://api.example/go", "http://plain.example/go"} {
			fmt.Fprintf(os.Stdout, "%s: %s\n", url, goGet(t, url))
		}
		if got := goGet(t, "http://localhost:"+os.Getenv("CLOSED_PORT")+"/go-local"); !strings.Contains(got, "refused") {
			t.Errorf("Go went through the proxy to localhost, which docs/clients.md says it never does: %s", got)
		}
		return
	}
	m := startMITM(t)
	s := m.session(t)
	s.Base = append(os.Environ(), role+"=1", "CLOSED_PORT="+closedPort(t))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := run(t, s, self, "-test.run=^TestGo$")
	if strings.Count(out, ": through the proxy") != 2 {
		t.Errorf("the Go client wrote:\n%s", out)
	}
	if one, ok := m.saw("api.example", "/go"); !ok || !one.secure {
		t.Error("the proxy saw no TLS request for api.example")
	}
}

func goGet(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := new(http.Client).Do(request)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// TestWithout shows that the rows above prove something: without the environment none of it works.
func TestWithout(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	out, err := exec.CommandContext(t.Context(), "curl", "-sS", "--noproxy", "*", "--max-time", "5", "https://curl.example/curl").CombinedOutput()
	if err == nil {
		t.Errorf("curl reached a host that does not exist: %s", out)
	}
}
