package ca_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"assay/proxy/ca"
)

func TestLeaf(t *testing.T) {
	t.Parallel()
	authority := load(t)
	label := strings.Repeat("a", 63)
	long := strings.Join([]string{label, label, label, label[:61]}, ".")
	for _, row := range []struct{ name, ask string }{
		{"api.openai.com", "api.openai.com"},
		{"API.OpenAI.com", "api.openai.com"},
		{"dotted.example.", "dotted.example"},
		{"localhost", "localhost"},
		{"under_score.example", "under_score.example"},
		{"xn--bcher-kva.example", "xn--bcher-kva.example"},
		{long, long},
		{"127.0.0.1", "127.0.0.1"},
		{"::1", "::1"},
		{"[2001:db8::7]", "2001:db8::7"},
		{"::ffff:10.0.0.1", "10.0.0.1"},
		{"fe80::1%eth0", "fe80::1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			cert, err := authority.Leaf(row.name)
			if err != nil {
				t.Fatal(err)
			}
			chains, err := cert.Leaf.Verify(x509.VerifyOptions{Roots: authority.Pool(), DNSName: row.ask})
			if err != nil || len(chains) != 1 {
				t.Fatalf("crypto/x509 refuses it: %v", err)
			}
			checkLeaf(t, authority, cert)
		})
	}
}

func checkLeaf(t *testing.T, authority *ca.Authority, cert *tls.Certificate) {
	t.Helper()
	leaf, root := cert.Leaf, authority.Certificate()
	if life := leaf.NotAfter.Sub(leaf.NotBefore); life >= 197*24*time.Hour {
		t.Errorf("it lasts %s, more than clients accept", life)
	}
	if age := time.Since(leaf.NotBefore); age < 23*time.Hour || age > 25*time.Hour {
		t.Errorf("it is valid since %s ago, want a day", age)
	}
	if len(leaf.Subject.Names) != 0 {
		t.Errorf("it has a subject, %s: names belong into the alternative names alone", leaf.Subject)
	}
	if len(leaf.DNSNames)+len(leaf.IPAddresses) != 1 {
		t.Errorf("it names %v %v, want one", leaf.DNSNames, leaf.IPAddresses)
	}
	if bits := leaf.SerialNumber.BitLen(); bits != 127 || leaf.SerialNumber.Sign() <= 0 {
		t.Errorf("its serial number has %d bits, want 16 bytes", bits)
	}
	if !bytes.Equal(leaf.AuthorityKeyId, root.SubjectKeyId) || len(leaf.SubjectKeyId) == 0 {
		t.Error("its key ids do not lead to the root")
	}
	if leaf.IsCA || len(leaf.ExtKeyUsage) != 1 || leaf.ExtKeyUsage[0] != x509.ExtKeyUsageServerAuth {
		t.Errorf("it is good for more than a server: %v", leaf.ExtKeyUsage)
	}
	if len(cert.Certificate) != 2 || !bytes.Equal(cert.Certificate[1], root.Raw) {
		t.Error("its chain does not end with the root, which Chromium looks for to honour a pin")
	}
}

func TestLeafRefuses(t *testing.T) {
	t.Parallel()
	authority := load(t)
	for _, name := range []string{
		"", ".", "..", "a..b", ".a", "*.example.com", "a b", "a/b", "a:443", "[::1", "bücher.example", "a\x00b", "a\nb", "-a.example",
		"\xff\xfe", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 127) + "aa", strings.Repeat("x", 100_000), "<script>",
	} {
		cert, err := authority.Leaf(name)
		if err == nil || cert != nil || !errors.Is(err, ca.ErrName) {
			t.Errorf("for %.40q it gave %v, %v", name, cert, err)
			continue
		}
		if len(err.Error()) > 500 {
			t.Errorf("the error for %.40q has %d bytes", name, len(err.Error()))
		}
	}
	if got := authority.Leaves(); got != 0 {
		t.Errorf("%d bad names are in the cache", got)
	}
}

// TestLeafOnce asks for few names from many goroutines: each must be signed once.
func TestLeafOnce(t *testing.T) {
	t.Parallel()
	authority := load(t)
	const callers, names = 200, 5
	got := make([]*tls.Certificate, callers)
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			cert, err := authority.Leaf(fmt.Sprintf("h%d.example", i%names))
			if err != nil {
				t.Error(err)
			}
			got[i] = cert
		})
	}
	group.Wait()
	for i, cert := range got {
		if cert != got[i%names] {
			t.Fatal("one name was signed more than once")
		}
	}
	if got[0].PrivateKey != got[1].PrivateKey {
		t.Error("leaves have keys of their own, which costs more than the signature")
	}
}

func TestLeafBound(t *testing.T) {
	t.Parallel()
	authority := load(t)
	first, err := authority.Leaf("first.example")
	must(t, err)
	for i := range 4200 {
		_, err := authority.Leaf(fmt.Sprintf("h%d.example", i))
		must(t, err)
		if i%1000 == 0 {
			again, err := authority.Leaf("first.example") // in use, so it must stay
			must(t, err)
			if again != first {
				t.Fatal("a name in use was dropped")
			}
		}
	}
	if got := authority.Leaves(); got != 4096 {
		t.Errorf("the cache has %d names, want 4096", got)
	}
}

func TestLeafRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		authority := load(t)
		first, err := authority.Leaf("example.com")
		must(t, err)
		time.Sleep(140 * 24 * time.Hour)
		same, err := authority.Leaf("example.com")
		must(t, err)
		if same != first {
			t.Error("it was renewed long before its end")
		}
		time.Sleep(20 * 24 * time.Hour)
		renewed, err := authority.Leaf("example.com")
		must(t, err)
		if renewed == first || !renewed.Leaf.NotAfter.After(first.Leaf.NotAfter) {
			t.Error("it was not renewed near its end")
		}
		time.Sleep(10 * 365 * 24 * time.Hour)
		if _, err := ca.Load(authority.Dir()); err == nil || !strings.Contains(err.Error(), "expired on") {
			t.Errorf("a root past its end was loaded: %v", err)
		}
	})
}

// FuzzLeaf asks for names as hostile clients put them into a ClientHello: an answer must be a certificate that crypto/x509
// accepts for that name.
func FuzzLeaf(f *testing.F) {
	authority := load(f)
	for _, seed := range []string{"example.com", "127.0.0.1", "[::1]", "a_b.c.", "-x", "*.x", "1.2.3", "xn--x", "", "fe80::1%0", "a.-b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		cert, err := authority.Leaf(name)
		if err != nil {
			return
		}
		ask := strings.TrimSuffix(name, ".")
		if len(cert.Leaf.IPAddresses) == 1 {
			ask = cert.Leaf.IPAddresses[0].String()
		}
		if _, err := cert.Leaf.Verify(x509.VerifyOptions{Roots: authority.Pool(), DNSName: ask}); err != nil {
			t.Errorf("for %q it gave a certificate that crypto/x509 refuses: %v", name, err)
		}
	})
}
