package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"assay/proxy/ca"
)

// CAInfo says which certificate authority this installation has.
type CAInfo struct {
	Path        string `json:"path"`
	Fingerprint string `json:"sha256"`
	SPKI        string `json:"spki"`
	Expires     string `json:"expires"`
}

// CA returns facts about the certificate authority, making it at first use.
func (a *App) CA() (CAInfo, error) {
	authority, err := a.authority()
	if err != nil {
		return CAInfo{}, err
	}
	return CAInfo{
		Path: authority.Path(), Fingerprint: authority.Fingerprint(), SPKI: authority.SPKI(),
		Expires: authority.Certificate().NotAfter.UTC().Format(time.DateOnly),
	}, nil
}

// CertificateForm is a file format of the root certificate.
type CertificateForm string

// The formats ExportCA writes.
const (
	PEM CertificateForm = "pem"
	DER CertificateForm = "der"
	P12 CertificateForm = "p12"
)

// ExportCA writes the root certificate, never its key.
func (a *App) ExportCA(file string, form CertificateForm) error {
	authority, err := a.authority()
	if err != nil {
		return err
	}
	data := authority.PEM()
	switch form {
	case DER:
		data = authority.DER()
	case P12:
		if data, err = authority.P12(ca.TrustStorePassword); err != nil {
			return err
		}
	case PEM:
	}
	if err := os.WriteFile(file, data, 0o644); err != nil { //nolint:gosec // a certificate is public
		return &Error{Code: CodeFailed, Message: "cannot write " + file, Err: err}
	}
	return nil
}

// TrustStep is one command that changes a trust store, as it would be typed.
type TrustStep struct {
	Store   string `json:"store"`
	Why     string `json:"why"`
	Command string `json:"command"`
	Root    bool   `json:"root"`
}

// TrustSteps lists what Trust (or Untrust) would run.
func (a *App) TrustSteps(trust bool) ([]TrustStep, error) {
	authority, err := a.authority()
	if err != nil {
		return nil, err
	}
	steps := []TrustStep{}
	for _, store := range authority.Stores(ca.ThisComputer()) {
		for _, s := range stepsOf(store, trust) {
			steps = append(steps, TrustStep{store.Name, s.Why, s.String(), s.Root})
		}
	}
	return steps, nil
}

func stepsOf(s ca.Store, trust bool) []ca.Step {
	if trust {
		return s.Trust
	}
	return s.Untrust
}

// Trust adds the root certificate to every trust store of this computer, or takes it out again, and returns what came
// of each. It goes on after a store that could not be changed.
func (a *App) Trust(ctx context.Context, trust bool) ([]StoreState, error) {
	authority, err := a.authority()
	if err != nil {
		return nil, err
	}
	var states []StoreState
	var failed []error
	for _, store := range authority.Stores(ca.ThisComputer()) {
		if err := ca.Run(ctx, stepsOf(store, trust)); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", store.Name, err))
		}
		states = append(states, stateOf(ctx, store))
	}
	return states, errors.Join(failed...)
}

// StoreState says whether one trust store accepts our root.
type StoreState struct {
	Store   string `json:"store"`
	Clients string `json:"clients"`
	State   string `json:"state"`
	Detail  string `json:"detail,omitempty"`
}

func stateOf(ctx context.Context, s ca.Store) StoreState {
	state, detail := s.State(ctx)
	return StoreState{s.Name, s.Clients, string(state), detail}
}

// TrustReport is what CheckTrust found.
type TrustReport struct {
	Answered bool         `json:"answered"`
	Ours     bool         `json:"ours"`
	Trusted  bool         `json:"trusted"`
	Problem  string       `json:"problem,omitempty"`
	Stores   []StoreState `json:"stores"`
}

// CheckTrust makes a real request through the recorder at listen, as a client would that knows only the roots of the
// system. Without a running recorder one is started for the check.
func (a *App) CheckTrust(ctx context.Context, o RecordOptions) (TrustReport, error) {
	authority, err := a.authority()
	if err != nil {
		return TrustReport{}, err
	}
	l, err := a.Launcher(ctx, o)
	if err != nil {
		return TrustReport{}, err
	}
	found, err := authority.Check(ctx, l.session.Proxy)
	if err = errors.Join(err, l.Close()); err != nil {
		return TrustReport{}, err
	}
	r := TrustReport{Answered: found.Answered, Ours: found.Ours, Trusted: found.Trusted, Problem: found.Problem, Stores: []StoreState{}}
	for _, s := range found.Stores {
		r.Stores = append(r.Stores, StoreState{s.Name, s.Clients, string(s.State), s.Detail})
	}
	return r, nil
}
