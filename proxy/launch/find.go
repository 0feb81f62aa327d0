package launch

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Browsers lists the browsers of this computer: Chromium and its relatives first, because they need nothing but
// options, then Firefox.
func Browsers() []Browser {
	home, _ := os.UserHomeDir() // without one, the places under it are not there either
	return Places{OS: runtime.GOOS, Home: home, Getenv: os.Getenv, LookPath: exec.LookPath, IsFile: isFile}.Browsers()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// Places is a computer to look for browsers on.
type Places struct {
	// OS as runtime.GOOS names it, and the home folder.
	OS, Home string
	// Getenv, LookPath and IsFile answer as os.Getenv and exec.LookPath do, and whether there is such a file.
	Getenv   func(string) string
	LookPath func(string) (string, error)
	IsFile   func(string) bool
}

type product struct {
	name      string
	engine    Engine
	commands  []string // Linux: names in PATH
	snap      string
	flatpak   string
	bundle    string // macOS: path inside an Applications folder
	programs  string // Windows: path inside a folder of programs
	installed bool   // Windows: also under LOCALAPPDATA
}

var products = []product{
	{"chrome", Chromium, []string{"google-chrome-stable", "google-chrome"}, "", "com.google.Chrome", "Google Chrome.app/Contents/MacOS/Google Chrome", `Google\Chrome\Application\chrome.exe`, true},
	{"chromium", Chromium, []string{"chromium", "chromium-browser"}, "chromium", "org.chromium.Chromium", "Chromium.app/Contents/MacOS/Chromium", `Chromium\Application\chrome.exe`, true},
	{"edge", Chromium, []string{"microsoft-edge-stable", "microsoft-edge"}, "", "com.microsoft.Edge", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge", `Microsoft\Edge\Application\msedge.exe`, false},
	{"brave", Chromium, []string{"brave-browser-stable", "brave-browser", "brave"}, "brave", "com.brave.Browser", "Brave Browser.app/Contents/MacOS/Brave Browser", `BraveSoftware\Brave-Browser\Application\brave.exe`, true},
	{"firefox", Firefox, []string{"firefox", "firefox-esr"}, "firefox", "org.mozilla.firefox", "Firefox.app/Contents/MacOS/firefox", `Mozilla Firefox\firefox.exe`, true},
}

// Browsers lists the browsers of that computer, each product once.
func (p Places) Browsers() []Browser {
	var found []Browser
	for _, product := range products {
		var browser Browser
		var ok bool
		switch p.OS {
		case "darwin":
			browser, ok = p.onMac(product)
		case "windows":
			browser, ok = p.onWindows(product)
		default:
			browser, ok = p.onLinux(product)
		}
		if ok {
			browser.Name, browser.Engine = product.name, product.engine
			found = append(found, browser)
		}
	}
	return found
}

func (p Places) onLinux(product product) (Browser, bool) {
	if product.snap != "" {
		// First, as the plain name in PATH may be the Snap, or a script of Ubuntu that starts it.
		if path := "/snap/bin/" + product.snap; p.IsFile(path) {
			return Browser{Path: path, Confined: filepath.Join(p.Home, "snap", product.snap, "common")}, true
		}
	}
	for _, name := range product.commands {
		if path, err := p.LookPath(name); err == nil {
			return Browser{Path: path}, true
		}
	}
	for _, dir := range []string{"/var/lib/flatpak/exports/bin", filepath.Join(p.Home, ".local/share/flatpak/exports/bin")} {
		if !p.IsFile(filepath.Join(dir, product.flatpak)) {
			continue
		}
		if path, err := p.LookPath("flatpak"); err == nil {
			return Browser{Path: path, Args: []string{"run", product.flatpak}, Confined: filepath.Join(p.Home, ".var/app", product.flatpak, "cache")}, true
		}
	}
	return Browser{}, false
}

func (p Places) onMac(product product) (Browser, bool) {
	for _, dir := range []string{"/Applications", filepath.Join(p.Home, "Applications")} {
		if path := filepath.Join(dir, product.bundle); p.IsFile(path) {
			return Browser{Path: path}, true
		}
	}
	return Browser{}, false
}

func (p Places) onWindows(product product) (Browser, bool) {
	folders := []string{"ProgramFiles", "ProgramFiles(x86)", "ProgramW6432"}
	if product.installed {
		folders = append(folders, "LOCALAPPDATA")
	}
	for _, variable := range folders {
		dir := p.Getenv(variable)
		if dir == "" {
			continue
		}
		if path := dir + `\` + product.programs; p.IsFile(path) {
			return Browser{Path: path}, true
		}
	}
	return Browser{}, false
}
