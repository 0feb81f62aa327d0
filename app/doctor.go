package app

import (
	"context"
	"net"
	"os"
	"runtime"
	"strings"
	"time"

	"assay/proxy/ca"
	"assay/proxy/launch"
	"assay/storage"
)

// Finding is one thing the doctor looked at.
type Finding struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	What string `json:"what"`           // what was seen
	Todo string `json:"todo,omitempty"` // what to do about it; empty when nothing
}

// Doctor looks at what the product needs on this machine and says what is there, what is not, and what to do.
func (a *App) Doctor(ctx context.Context) []Finding {
	findings := []Finding{
		{Name: "version", OK: true, What: a.Version + " on " + runtime.GOOS + "/" + runtime.GOARCH},
		{Name: "home", OK: true, What: a.Home.Dir()},
		a.doctorKeys(ctx),
		a.doctorPort(ctx),
		a.doctorProject(ctx),
		doctorProxies(),
	}
	findings = append(findings, a.doctorCA(ctx)...)
	return append(findings, doctorBrowsers()...)
}

func (a *App) doctorKeys(ctx context.Context) Finding {
	ring, err := (lazyKeys{a}).open(ctx)
	if err != nil {
		return Finding{Name: "keys", What: err.Error(), Todo: "credentials can be sealed but not sent again until this is mended"}
	}
	f := Finding{Name: "keys", OK: true, What: "credentials are kept in " + ring.Backend()}
	if os.Getenv("ASSAY_PASSPHRASE") == "" && strings.Contains(ring.Backend(), "file") {
		f.Todo = "there is no keychain here; set ASSAY_PASSPHRASE to protect the file against somebody who can read it"
	}
	return f
}

func (a *App) doctorPort(ctx context.Context) Finding {
	if sessions := a.Home.Sessions(); len(sessions) > 0 {
		s := sessions[0]
		return Finding{Name: "recorder", OK: true, What: "records on " + s.Listen + " into " + s.Project}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", DefaultListen)
	if err != nil {
		return Finding{
			Name: "recorder", What: "the port " + DefaultListen + " is taken by another program",
			Todo: "assay record --listen 127.0.0.1:0 picks a free one",
		}
	}
	l.Close()
	return Finding{Name: "recorder", OK: true, What: "not running; " + DefaultListen + " is free", Todo: "assay record"}
}

func (a *App) doctorProject(ctx context.Context) Finding {
	path, err := a.Home.LastProject()
	if err != nil {
		return Finding{Name: "project", What: err.Error()}
	}
	if _, err := os.Stat(path); err != nil {
		return Finding{Name: "project", OK: true, What: "none yet", Todo: "assay record makes " + path}
	}
	p, err := storage.Open(ctx, path, storage.Options{ReadOnly: true, MustExist: true})
	if err != nil {
		return Finding{Name: "project", What: err.Error()}
	}
	defer p.Close()
	info, err := p.Info(ctx)
	if err != nil {
		return Finding{Name: "project", What: err.Error()}
	}
	return Finding{Name: "project", OK: true, What: path + ", " + Bytes(info.FileBytes+info.BlobBytes)}
}

// doctorProxies tells of a proxy in the environment, which the recorder deliberately does not use by itself.
func doctorProxies() Finding {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		if v := os.Getenv(name); v != "" {
			return Finding{
				Name: "upstream proxy", OK: true, What: name + " is set in this shell",
				Todo: "if servers are only reachable through it: assay record --upstream-proxy with that address",
			}
		}
	}
	return Finding{Name: "upstream proxy", OK: true, What: "none in this shell"}
}

// certificateSoon is how long before the root expires the doctor starts to say so.
const certificateSoon = 30 * 24 * time.Hour

func (a *App) doctorCA(ctx context.Context) []Finding {
	authority, err := a.authority()
	if err != nil {
		return []Finding{{Name: "certificate", What: err.Error()}}
	}
	root := Finding{Name: "certificate", OK: true, What: authority.Path() + ", valid until " + authority.Certificate().NotAfter.Format(time.DateOnly)}
	if time.Until(authority.Certificate().NotAfter) < certificateSoon {
		root.OK, root.Todo = false, "delete the folder "+authority.Dir()+" to have a new one made, and trust it again"
	}
	findings := []Finding{root}
	for _, store := range authority.Stores(ca.ThisComputer()) {
		s := stateOf(ctx, store)
		f := Finding{Name: "trust", OK: true, What: s.Store + " (" + s.Clients + "): " + s.State}
		if s.Detail != "" {
			f.What += ", " + s.Detail
		}
		if s.State != string(ca.Trusted) {
			f.Todo = "assay ca trust; not needed for what `assay launch` starts"
		}
		findings = append(findings, f)
	}
	return findings
}

func doctorBrowsers() []Finding {
	browsers := launch.Browsers()
	if len(browsers) == 0 {
		return []Finding{{Name: "browser", OK: true, What: "none found", Todo: "install Chrome, Chromium, Edge, Brave or Firefox for `assay launch browser`"}}
	}
	var names []string
	for _, b := range browsers {
		names = append(names, b.Name)
	}
	return []Finding{{Name: "browser", OK: true, What: list(names)}}
}
