package e2e_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"html"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestChromium opens the practice shop in a headless browser, whose page asks its chat backend twice.
func TestChromium(t *testing.T) {
	t.Parallel()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: run `make setup`")
	}
	r := record(t)
	page := "https://shop.example/?ask=" + strings.ReplaceAll("Tell the browser about kettles", " ", "+") +
		"&stream=" + strings.ReplaceAll("Tell the browser stream about toasters", " ", "+")
	// Time on the page runs as fast as its requests end, so that a busy machine only takes longer.
	dom := string(runIn(t, environment(r.home), browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--user-data-dir="+t.TempDir(),
		"--proxy-server=http://"+r.Listen, "--proxy-bypass-list=<-loopback>", "--ignore-certificate-errors-spki-list="+pin(t, r.CA),
		"--virtual-time-budget=20000", "--dump-dom", page))
	if !strings.Contains(dom, `data-done="yes"`) || !strings.Contains(dom, "A-1001 Kettle: shipped") {
		t.Fatalf("the page did not finish:\n%s", dom)
	}
	said := regexp.MustCompile(`<li class="sunny">([^<]+)</li>`).FindAllStringSubmatch(dom, -1)
	if len(said) != 2 {
		t.Fatalf("the page shows %d answers, want 2:\n%s", len(said), dom)
	}
	rows := r.awaitAnswers(t, "chromium", map[string]string{
		"Tell the browser about kettles":         html.UnescapeString(said[0][1]),
		"Tell the browser stream about toasters": html.UnescapeString(said[1][1]),
	})
	plain := 0
	for _, one := range rows {
		switch {
		case strings.HasPrefix(one.URL, "https://shop.example/api/chat"):
			if one.Kind != "chat-backend" {
				t.Errorf("%s is of kind %q, want chat-backend", one.URL, one.Kind)
			}
		case one.Host == "shop.example":
			plain++
			if one.Kind != "plain" && one.Kind != "" {
				t.Errorf("%s is of kind %q, want plain", one.URL, one.Kind)
			}
		}
	}
	if plain < 4 {
		t.Errorf("%d ordinary exchanges recorded, want the page, its script, its style and the orders", plain)
	}
}

// pin is the base64 of the SHA-256 of the public key in a PEM file.
func pin(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("%s is not PEM", file)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(certificate.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}
