package e2e_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// hosts are names the recorder resolves to the practice target: those of real services, so that unmodified programs
// talk to them, and two that belong to nobody.
var hosts = []string{
	"api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com", "api.cohere.com", "api.mistral.ai",
	"ollama.com", "bedrock-runtime.us-east-1.amazonaws.com", "lab.example", "shop.example",
}

// labProcess is `assay lab --tls`.
type labProcess struct {
	process
	URL string `json:"url"`
	ca  string // file with its certificate
}

func (l *labProcess) addr() string {
	u, err := url.Parse(l.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

func startLab(ctx context.Context, dir string) (*labProcess, error) {
	certificate, key := filepath.Join(dir, "lab.pem"), filepath.Join(dir, "lab-key.pem")
	if err := writeCertificate(certificate, key); err != nil {
		return nil, err
	}
	l := &labProcess{ca: certificate}
	command := exec.CommandContext(ctx, binary, "lab", "--tls", "--cert", certificate, "--key", key, "--pace", "1ms", "--json")
	command.Env = environment(filepath.Join(dir, "lab-home"))
	return l, l.start(command, l)
}

// writeCertificate makes a certificate for all hosts of the tests.
func writeCertificate(certificate, key string) error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "e2e lab"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		DNSNames: append([]string{"localhost"}, hosts...), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, shape, shape, private.Public(), private)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600),
	)
}

// process is a program that says on its first line that it is ready.
type process struct {
	command *exec.Cmd
	errs    *os.File
	ended   chan struct{}
}

// start runs the command and decodes its first line into ready.
func (p *process) start(command *exec.Cmd, ready any) error {
	var err error
	if p.errs, err = os.CreateTemp("", "assay-e2e-stderr-"); err != nil {
		return err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	command.Stderr = p.errs
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	if err := command.Start(); err != nil {
		return err
	}
	p.command, p.ended = command, make(chan struct{})
	first := make(chan error, 1)
	go func() {
		defer close(p.ended)
		reader := bufio.NewReader(out)
		line, err := reader.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, ready)
		}
		first <- err
		_, _ = reader.WriteTo(discard{}) // until it ends
		_ = command.Wait()               // how a killed process ends is no news
	}()
	select {
	case err = <-first:
	case <-time.After(30 * time.Second):
		err = errors.New("it was not ready within 30 s")
	}
	if err != nil {
		p.stop()
		return fmt.Errorf("start %q: %w\n%s", command.Args, err, p.said())
	}
	return nil
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// said is what the process wrote to standard error.
func (p *process) said() []byte {
	text, err := os.ReadFile(p.errs.Name())
	if err != nil {
		return nil
	}
	return clip(text)
}

// stop ends the process as Ctrl-C would, and waits.
func (p *process) stop() {
	_ = p.command.Process.Signal(os.Interrupt) // it may have ended
	select {
	case <-p.ended:
	case <-time.After(15 * time.Second):
		p.kill()
	}
}

// kill ends the process as a power cut would, and waits.
func (p *process) kill() {
	_ = p.command.Process.Signal(syscall.SIGKILL) // it may have ended
	<-p.ended
}

// remove deletes what was written to standard error.
func (p *process) remove() {
	_ = p.errs.Close()           // read-only from here
	_ = os.Remove(p.errs.Name()) // a file left in the temporary place harms nobody
}

// recorder is `assay record`.
type recorder struct {
	process
	Listen  string `json:"listen"`
	CA      string `json:"ca"`
	Project string `json:"project"`
	home    string
}

// record starts a recorder on a new project; it ends with the test.
func record(t *testing.T, args ...string) *recorder {
	t.Helper()
	home := t.TempDir()
	return recordIn(t, home, filepath.Join(home, "test.assay"), args...)
}

func recordIn(t *testing.T, home, project string, args ...string) *recorder {
	t.Helper()
	r := &recorder{home: home}
	all := []string{"record", "--json", "--listen", "127.0.0.1:0", "--project", project, "--upstream-ca", target.ca}
	for _, host := range hosts {
		all = append(all, "--resolve", host+"="+target.addr())
	}
	command := exec.CommandContext(t.Context(), binary, append(all, args...)...)
	command.Env = environment(home)
	if err := r.start(command, r); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.stop()
		if t.Failed() {
			t.Logf("the recorder said:\n%s", r.said())
		}
		r.remove()
	})
	return r
}

// launch runs a program as `assay launch -- NAME ARGS` and returns its standard output.
func (r *recorder) launch(t *testing.T, env []string, args ...string) []byte {
	t.Helper()
	all := append([]string{"launch", "--project", r.Project, "--"}, args...)
	return runIn(t, append(environment(r.home), env...), binary, all...)
}
