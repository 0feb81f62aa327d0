package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Engine is the family a browser belongs to, which decides how it is told about the proxy.
type Engine string

// The two engines whose settings are known.
const (
	Chromium Engine = "chromium"
	Firefox  Engine = "firefox"
)

// Browser is one browser found on this computer.
type Browser struct {
	// Name is what a person types and reads: chrome, chromium, edge, brave, firefox.
	Name string
	// Engine it is built on.
	Engine Engine
	// Path of the program that starts it.
	Path string
	// Args go before ours; a Flatpak needs them.
	Args []string
	// Confined is the one folder under the home folder that a confined browser (Snap) may write to, or empty.
	Confined string
}

// Find gives the browser of that name, or the first one there is if name is empty.
func Find(name string) (Browser, error) {
	found := Browsers()
	if len(found) == 0 {
		return Browser{}, errors.New("no browser was found: install Chromium, Chrome, Edge, Brave or Firefox, or launch a terminal")
	}
	if name == "" {
		return found[0], nil
	}
	var names []string
	for _, browser := range found {
		if strings.EqualFold(browser.Name, name) {
			return browser, nil
		}
		names = append(names, browser.Name)
	}
	return Browser{}, fmt.Errorf("no browser %q was found; these are there: %s", name, strings.Join(slices.Compact(names), ", "))
}

// Command prepares the browser with a fresh profile that uses and trusts the proxy, on the pages given. It is not
// started. Nothing of the person's own profiles is read or changed.
func (b Browser) Command(ctx context.Context, s Session, pages ...string) (*exec.Cmd, error) {
	s, err := s.open()
	if err != nil {
		return nil, err
	}
	profile, err := b.profile(s)
	if err != nil {
		return nil, fmt.Errorf("make a profile for %s: %w", b.Name, err)
	}
	var options []string
	switch b.Engine {
	case Chromium:
		options = chromiumOptions(s, profile, os.Geteuid() == 0)
	case Firefox:
		if err := prepareFirefox(ctx, s, profile); err != nil {
			return nil, fmt.Errorf("prepare a profile for %s: %w", b.Name, err)
		}
		options = []string{"--no-remote", "--new-instance", "--profile", profile}
	default:
		return nil, fmt.Errorf("%s is of an engine that is not known: %s", b.Name, b.Engine)
	}
	cmd := command(ctx, b.Path, slices.Concat(b.Args, options, pages)...)
	// Firefox takes services.settings.server from a profile only where this is set.
	cmd.Env = append(slices.Clone(s.Base), "MOZ_REMOTE_SETTINGS_DEVTOOLS=1")
	return cmd, nil
}

// profile is a folder of its own at each start. A Snap sees neither /tmp nor hidden folders, but one folder of its own.
func (b Browser) profile(s Session) (string, error) {
	parent := s.Dir
	if b.Confined != "" {
		parent = filepath.Join(b.Confined, "assay")
		if err := os.MkdirAll(parent, 0o700); err != nil {
			return "", err
		}
	}
	return os.MkdirTemp(parent, b.Name+"-")
}

// quiet keeps a Chromium from talking to its maker, asking questions, and using protocols no proxy can see.
var quiet = []string{
	"--no-first-run",
	"--no-default-browser-check",
	"--no-service-autorun",
	"--no-pings",
	"--disable-background-networking",
	"--disable-client-side-phishing-detection",
	"--disable-component-update",
	"--disable-default-apps",
	"--disable-domain-reliability",
	"--disable-quic",
	"--disable-sync",
	"--disable-breakpad",
	"--disable-search-engine-choice-screen",
	// HttpsUpgrades would try https:// for every http:// lab first, and record what fails.
	"--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,NetworkTimeServiceQuerying,OptimizationHints,MediaRouter,Translate,InterestFeedContentSuggestions,CertificateTransparencyComponentUpdater,AutofillServerCommunication",
	// What it asks its maker in spite of all this goes to a port that browsers refuse to connect to.
	"--component-updater=url-source=http://127.0.0.1:1/",
	"--gaia-url=http://127.0.0.1:1/",
	"--password-store=basic",
	"--use-mock-keychain",
	"--test-type", // no bar about the options below, which are unusual on purpose
}

func chromiumOptions(s Session, profile string, privileged bool) []string {
	options := append([]string{
		"--user-data-dir=" + profile,
		"--proxy-server=http://" + s.Proxy,
		"--proxy-bypass-list=<-loopback>",
		"--ignore-certificate-errors-spki-list=" + s.Trust.SPKI(),
	}, quiet...)
	if privileged {
		options = append(options, "--no-sandbox") // its sandbox refuses to start for root
	}
	return options
}
