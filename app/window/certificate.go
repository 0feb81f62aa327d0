package window

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"assay/app"
)

// Certificate is the root certificate: trusting, checking and removing it.
type Certificate struct{ desk *Desk }

// CertificateOut is the root certificate, and what would be run to trust it or to take it away.
type CertificateOut struct {
	Path    string          `json:"path"`
	SHA256  string          `json:"sha256"`
	SPKI    string          `json:"spki"`
	Expires string          `json:"expires"` // YYYY-MM-DD
	Trust   []app.TrustStep `json:"trust"`
	Untrust []app.TrustStep `json:"untrust"`
}

// State says which certificate there is and what would be run. It is made at first use.
func (c *Certificate) State(Nothing) (out CertificateOut, err error) {
	defer c.desk.guard(&err)
	a := c.desk.app
	info, err := a.CA()
	if err != nil {
		return out, err
	}
	out = CertificateOut{Path: info.Path, SHA256: info.Fingerprint, SPKI: info.SPKI, Expires: info.Expires}
	if out.Trust, err = a.TrustSteps(true); err != nil {
		return out, err
	}
	out.Untrust, err = a.TrustSteps(false)
	return out, err
}

// TrustOut is how the trust stores of this computer stand.
type TrustOut struct {
	Stores   []app.StoreState `json:"stores"`
	Problems []string         `json:"problems"` // what could not be changed, and why
}

// TrustIn says whether the root is to be trusted on this computer or no longer.
type TrustIn struct {
	Trust bool `json:"trust"`
}

// Trust runs the steps of State on this computer. A store that could not be changed does not keep the others from it.
func (c *Certificate) Trust(in TrustIn) (out TrustOut, err error) {
	defer c.desk.guard(&err)
	states, failed := c.desk.app.Trust(c.desk.life(), in.Trust)
	out = TrustOut{Stores: states, Problems: []string{}}
	if out.Stores == nil {
		return TrustOut{Stores: []app.StoreState{}, Problems: []string{}}, failed // not even begun
	}
	if many, is := failed.(interface{ Unwrap() []error }); is { //nolint:errorlint // the errors of the stores themselves
		for _, one := range many.Unwrap() {
			out.Problems = append(out.Problems, one.Error())
		}
	}
	return out, nil
}

// CheckOut is what came of a real request through the recorder.
type CheckOut struct {
	Answered bool             `json:"answered"`
	Ours     bool             `json:"ours"`
	Trusted  bool             `json:"trusted"`
	Problem  string           `json:"problem"`
	Stores   []app.StoreState `json:"stores"`
}

// Check makes a real request through the recorder, as a client would that knows only the roots of the system. The
// recorder is started where it is off.
func (c *Certificate) Check(Nothing) (out CheckOut, err error) {
	defer c.desk.guard(&err)
	d := c.desk
	recording, err := d.captured()
	if err != nil {
		return out, err
	}
	r, err := d.app.CheckTrust(d.life(), app.RecordOptions{Project: recording.Project(), Listen: recording.Listen()})
	if err != nil {
		return out, err
	}
	return CheckOut{r.Answered, r.Ours, r.Trusted, r.Problem, r.Stores}, nil
}

// ExportCertificateIn says where to and as what.
type ExportCertificateIn struct {
	Path    string `json:"path"`
	Form    string `json:"form"`    // pem, der, p12
	Replace bool   `json:"replace"` // the person was asked whether the file that is there may go
}

// ExportCertificateOut names the file that was written.
type ExportCertificateOut struct {
	Path string `json:"path"`
}

// certificateEndings are the names a certificate's file may have: the window must not write over anything else.
var certificateEndings = map[app.CertificateForm][]string{
	app.PEM: {".pem", ".crt"}, app.DER: {".der", ".cer"}, app.P12: {".p12", ".pfx"},
}

// Export writes the certificate, never its key.
func (c *Certificate) Export(in ExportCertificateIn) (out ExportCertificateOut, err error) {
	defer c.desk.guard(&err)
	form := app.CertificateForm(in.Form)
	endings := certificateEndings[form]
	path := strings.TrimSpace(in.Path)
	switch {
	case len(endings) == 0:
		return out, &app.Error{Code: app.CodeUsage, Message: "a certificate is exported as pem, der or p12"}
	case path == "" || !filepath.IsAbs(path):
		return out, &app.Error{Code: app.CodeInput, Message: "say where to write the certificate", Hint: "a whole path, from the top of the disk"}
	case !hasEnding(path, endings):
		path += endings[0]
	}
	if err := replaceable(path, in.Replace); err != nil {
		return out, err
	}
	out.Path = path
	return out, c.desk.app.ExportCA(path, form)
}

// replaceable reports why a certificate must not be written to a path. A key is never written over, whatever the window
// says that the person said.
func replaceable(path string, replace bool) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil //nolint:nilerr // there is nothing of that name
	case !replace:
		return &app.Error{Code: app.CodeBusy, Message: path + " is there already", Hint: "choose another name, or replace it"}
	case !info.Mode().IsRegular():
		return &app.Error{Code: app.CodeInput, Message: path + " is not a file", Hint: "choose another name"}
	}
	there, err := os.ReadFile(path)
	if err != nil || bytes.Contains(there, []byte("PRIVATE KEY")) {
		return &app.Error{Code: app.CodeInput, Message: path + " is not replaced: it may hold a private key", Hint: "choose another name"}
	}
	return nil
}

func hasEnding(path string, endings []string) bool {
	for _, e := range endings {
		if strings.EqualFold(filepath.Ext(path), e) {
			return true
		}
	}
	return false
}
