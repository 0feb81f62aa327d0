package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"assay/internal/keyring"
	"assay/scanner"
	"assay/scanner/target"
)

// Outlet is where threats and rulings are sent to, because a person named it. Outlets belong to this installation and not
// to a project: a project that comes from somebody else sends nothing.
type Outlet struct {
	ID      int      `json:"id"`
	Kind    string   `json:"kind"` // webhook, syslog, cef, jsonl
	To      string   `json:"to"`   // URL, or a file's absolute path
	Name    string   `json:"name,omitempty"`
	Least   string   `json:"least,omitempty"`   // only alerts at least as severe; empty: all
	About   []string `json:"about,omitempty"`   // threats, rulings; empty: both
	As      string   `json:"as,omitempty"`      // what a syslog message holds: cef or json
	Project string   `json:"project,omitempty"` // the file of the only project; empty: all
	Signed  bool     `json:"signed,omitempty"`  // a webhook's key is in the keychain
}

// The kinds of outlet, and what they tell of.
var (
	OutletKinds = []string{"webhook", "syslog", "cef", "jsonl"}
	OutletAbout = []string{"threats", "rulings"}
	Severities  = []string{
		string(scanner.SeverityInfo), string(scanner.SeverityLow), string(scanner.SeverityMedium), string(scanner.SeverityHigh), string(scanner.SeverityCritical),
	}
)

// outletSettings is the key of settings.json that holds outlets.
const outletSettings = "outlets"

// mostOutlets bounds how many there are.
const mostOutlets = 20

// Outlets lists what was named, the oldest first.
func (h *Home) Outlets() ([]Outlet, error) {
	all, err := h.readSettings()
	if err != nil {
		return nil, err
	}
	return outletsOf(all)
}

func outletsOf(all map[string]json.RawMessage) (list []Outlet, err error) {
	raw, ok := all[outletSettings]
	if !ok {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, &Error{Code: CodeInput, Message: "the outlets in the settings cannot be read", Err: err, Hint: "mend or delete \"outlets\" in settings.json"}
	}
	return list, nil
}

// changeOutlets changes the list in one step.
func (h *Home) changeOutlets(change func([]Outlet) ([]Outlet, error)) error {
	return h.updateSettings(func(all map[string]json.RawMessage) error {
		list, err := outletsOf(all)
		if err == nil {
			list, err = change(list)
		}
		if err != nil {
			return err
		}
		if len(list) == 0 {
			delete(all, outletSettings)
			return nil
		}
		all[outletSettings], err = json.Marshal(list)
		return err
	})
}

// AddOutlet keeps an outlet. key, where it is not empty, signs what a webhook is sent; it is kept in the keychain.
func (a *App) AddOutlet(ctx context.Context, o Outlet, key string) (Outlet, error) {
	if err := o.check(); err != nil {
		return o, err
	}
	if key != "" && o.Kind != "webhook" {
		return o, usagef("leave --key-env out", "only a webhook is signed")
	}
	o.Signed = key != ""
	err := a.Home.changeOutlets(func(list []Outlet) ([]Outlet, error) {
		if len(list) >= mostOutlets {
			return nil, usagef("remove one first", "there are %d outlets already", len(list))
		}
		for i := range list {
			o.ID = max(o.ID, list[i].ID)
		}
		o.ID++
		if o.Signed {
			if err := (lazyKeys{a}).Set(ctx, outletKey(o.ID), []byte(key)); err != nil {
				return nil, &Error{Code: CodeFailed, Message: "the key of the webhook could not be kept", Err: err, Hint: "`assay doctor` says what is wrong with the keychain"}
			}
		}
		return append(list, o), nil
	})
	return o, err
}

func outletKey(id int) string { return "outlet-" + strconv.Itoa(id) }

// RemoveOutlet forgets an outlet and its key.
func (a *App) RemoveOutlet(ctx context.Context, id int) error {
	var gone Outlet
	err := a.Home.changeOutlets(func(list []Outlet) ([]Outlet, error) {
		at := slices.IndexFunc(list, func(o Outlet) bool { return o.ID == id })
		if at < 0 {
			return nil, noOutlet(id)
		}
		gone = list[at]
		return slices.Delete(list, at, at+1), nil
	})
	if err != nil || !gone.Signed {
		return err
	}
	ring, err := lazyKeys{a}.open(ctx)
	if err == nil {
		err = ring.Delete(ctx, outletKey(id))
	}
	if err != nil {
		a.log().Warn("the key of an outlet could not be deleted", "outlet", id, "err", err)
	}
	return nil
}

func noOutlet(id int) error {
	return &Error{Code: CodeNotFound, Message: fmt.Sprintf("there is no outlet %d", id), Hint: "`assay outlets ls` lists them"}
}

// outletKeyOf returns the key with which a webhook is signed; nil where it is not.
func (a *App) outletKeyOf(ctx context.Context, o *Outlet) ([]byte, error) {
	if !o.Signed {
		return nil, nil
	}
	key, err := lazyKeys{a}.Get(ctx, outletKey(o.ID))
	if errors.Is(err, keyring.ErrNotFound) {
		err = errors.New("its key is not in the keychain")
	}
	return key, err
}

// check says what is wrong with an outlet, and completes it.
func (o *Outlet) check() error {
	if !slices.Contains(OutletKinds, o.Kind) {
		return notOneOf("an outlet of the kind", o.Kind, OutletKinds)
	}
	if o.Least != "" && !slices.Contains(Severities, o.Least) {
		return notOneOf("--least", o.Least, Severities)
	}
	for _, word := range o.About {
		if !slices.Contains(OutletAbout, word) {
			return notOneOf("--about", word, OutletAbout)
		}
	}
	if o.As != "" && (o.Kind != "syslog" || o.As != "cef" && o.As != "json") {
		return usagef("cef or json, of a syslog outlet", "--as %s does not fit", Harmless(o.As, 40))
	}
	switch o.Kind {
	case "webhook":
		u, err := url.Parse(o.To)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return usagef("https://siem.example/hook", "%q is not the address of a webhook", Harmless(o.To, 100))
		}
		if u.User != nil {
			return usagef("sign it with --key-env in place of a password", "an address with a password would stand in the settings as it is")
		}
	case "syslog":
		if _, _, err := syslogPlace(o.To); err != nil {
			return err
		}
	default:
		path, err := filepath.Abs(o.To)
		if o.To == "" || err != nil {
			return usagef("a file's name", "%q is no file", Harmless(o.To, 100))
		}
		o.To = path
	}
	return nil
}

// syslogPlace reads where a syslog outlet sends to: udp://host:514, tcp://host:601, unix:///dev/log.
func syslogPlace(to string) (network, address string, err error) {
	u, err := url.Parse(to)
	wrong := usagef("udp://127.0.0.1:514, tcp://siem.example:601 or unix:///dev/log", "%q does not say where syslog is", Harmless(to, 100))
	if err != nil {
		return "", "", wrong
	}
	switch u.Scheme {
	case "unix":
		if u.Path == "" || u.Host != "" {
			return "", "", wrong
		}
		return "unix", u.Path, nil
	case "udp", "tcp":
		port := u.Port()
		if port == "" {
			port = map[string]string{"udp": "514", "tcp": "601"}[u.Scheme]
		}
		if u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.User != nil {
			return "", "", wrong
		}
		return u.Scheme, net.JoinHostPort(u.Hostname(), port), nil
	}
	return "", "", wrong
}

// wants reports whether an outlet is told of something in a project.
func (o *Outlet) wants(about string, severity scanner.Severity, project string) bool {
	return (len(o.About) == 0 || slices.Contains(o.About, about)) && (o.Project == "" || o.Project == project) &&
		slices.Index(Severities, string(severity)) >= slices.Index(Severities, o.Least)
}

// ProjectPath is the absolute path of the named project, or of the last one used.
func (a *App) ProjectPath(path string) (string, error) { return a.projectPath(path) }

// OnThisMachine reports whether an address is one of this machine's loopback.
func OnThisMachine(address string) bool {
	u, err := url.Parse(address)
	return err == nil && target.Loopback(u.Host)
}
