package ca

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// checkPatience is how long one request of a check may take.
const checkPatience = 10 * time.Second

// Report is what [Authority.Check] found.
type Report struct {
	// Answered tells that the proxy answered the reserved host over TLS.
	Answered bool
	// Ours tells that the certificate it showed was signed by this authority.
	Ours bool
	// Trusted tells that a client with the roots of the system and no settings accepted it.
	Trusted bool
	// Problem says what is wrong and what to do; it is empty if nothing is.
	Problem string
	// Stores are the trust stores of this computer, as they say themselves.
	Stores []StoreReport
}

// StoreReport is one trust store and its state.
type StoreReport struct {
	Store
	State  State
	Detail string
}

// Check makes a request for https://check.assay.invalid/ through the proxy at proxyAddr (host:port), as a client would
// that knows only the roots of the system, and asks every trust store of this computer. It is no error if the root is
// not trusted: the report says so.
func (a *Authority) Check(ctx context.Context, proxyAddr string) (*Report, error) {
	report := &Report{}
	for _, store := range a.Stores(ThisComputer()) {
		state, detail := store.State(ctx)
		report.Stores = append(report.Stores, StoreReport{store, state, detail})
	}
	pool, err := systemPool()
	if err != nil {
		return nil, err
	}
	systemErr := a.ask(ctx, proxyAddr, pool, report)
	if systemErr == nil {
		report.Trusted = true
	} else if isCertificateError(systemErr) {
		report.Problem = fmt.Sprintf("programs on this computer do not trust the certificates of the proxy (%v): trust the root certificate first", systemErr)
		if err := a.ask(ctx, proxyAddr, a.Pool(), report); err != nil {
			report.Problem = fmt.Sprintf("the proxy at %s signs with another authority than the one in %s (%v): it belongs to another user or installation", proxyAddr, a.dir, err)
		}
	} else {
		report.Problem = fmt.Sprintf("the proxy at %s did not answer as it should (%v): see that it runs and listens there", proxyAddr, systemErr)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("check the proxy at %s: %w", proxyAddr, err)
	}
	return report, nil
}

// ask makes the request with the roots given, where nil are those of the platform.
func (a *Authority) ask(ctx context.Context, proxyAddr string, roots *x509.CertPool, report *Report) error {
	transport := &http.Transport{
		Proxy:                 http.ProxyURL(&url.URL{Scheme: "http", Host: proxyAddr}),
		TLSClientConfig:       &tls.Config{RootCAs: roots},
		DisableKeepAlives:     true,
		ResponseHeaderTimeout: checkPatience,
	}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+CheckHost+"/", nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(string(body), CheckAnswer) {
		return fmt.Errorf("it answered %s instead of 200 and %q", response.Status, CheckAnswer)
	}
	report.Answered = true
	report.Ours = slices.ContainsFunc(response.TLS.VerifiedChains, func(chain []*x509.Certificate) bool {
		return chain[len(chain)-1].Equal(a.root)
	})
	return nil
}

func isCertificateError(err error) bool {
	var verification *tls.CertificateVerificationError
	return errors.As(err, &verification)
}
