package app

import (
	"bufio"
	"context"
	"net"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// SystemProxy is a proxy that this computer is set up to use.
type SystemProxy struct {
	URL    string // with its credentials, if it has any
	Source string // where that is written: the name of a variable, or of the settings
}

// Shown is the URL without its credentials.
func (p SystemProxy) Shown() string {
	u, err := url.Parse(p.URL)
	if err != nil {
		return ""
	}
	hidden := u.User != nil
	u.User = nil
	if hidden {
		return strings.Replace(u.String(), "://", "://…@", 1)
	}
	return u.String()
}

// FindSystemProxy looks for a proxy in the environment of this process and in the settings of the desktop. The recorder
// never uses it by itself (it might be another recorder); a person is asked. The recorder's own addresses do not count.
func FindSystemProxy(ctx context.Context, own ...string) (SystemProxy, bool) {
	if os.Getenv("ASSAY_PROXY") != "" { // started from a terminal of our own
		return SystemProxy{}, false
	}
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		if p, ok := systemProxy(os.Getenv(name), name, own); ok {
			return p, true
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	text, source := desktopProxy(ctx)
	return systemProxy(text, source, own)
}

// systemProxy checks what is written as a proxy.
func systemProxy(text, source string, own []string) (SystemProxy, bool) {
	if text == "" {
		return SystemProxy{}, false
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := absoluteURL(source, text, "http", "https", "socks5", "socks5h")
	if err != nil {
		return SystemProxy{}, false
	}
	for _, addr := range own {
		_, port, _ := net.SplitHostPort(addr)
		if ip := net.ParseIP(u.Hostname()); port == u.Port() && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
			return SystemProxy{}, false
		}
	}
	return SystemProxy{URL: u.String(), Source: source}, true
}

// desktopProxy asks the desktop's settings.
func desktopProxy(ctx context.Context) (text, source string) {
	ask := func(name string, args ...string) string {
		out, err := exec.CommandContext(ctx, name, args...).Output()
		if err != nil {
			return "" // a desktop without such settings
		}
		return string(out)
	}
	switch runtime.GOOS {
	case "darwin":
		return macProxy(ask("scutil", "--proxy")), "macOS"
	case "windows":
		return windowsProxy(ask("reg", "query", `HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings`)), "Windows"
	default:
		return gnomeProxy(ask("gsettings", "list-recursively", "org.gnome.system.proxy")), "GNOME"
	}
}

// gnomeProxy reads lines such as: org.gnome.system.proxy.https port 8080.
func gnomeProxy(settings string) string {
	set := map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(settings))
	for lines.Scan() {
		if schema, rest, ok := strings.Cut(lines.Text(), " "); ok {
			key, value, _ := strings.Cut(rest, " ")
			set[strings.TrimPrefix(schema, "org.gnome.system.proxy")+"."+key] = strings.Trim(value, "' ")
		}
	}
	if set[".mode"] != "manual" {
		return ""
	}
	return firstProxy(set[".https.host"], set[".https.port"], set[".http.host"], set[".http.port"])
}

// macProxy reads what scutil prints: HTTPSProxy : proxy.example.
func macProxy(settings string) string {
	set := map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(settings))
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), " : "); ok {
			set[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	for _, kind := range []string{"HTTPS", "HTTP"} {
		if set[kind+"Enable"] != "1" {
			set[kind+"Proxy"] = ""
		}
	}
	return firstProxy(set["HTTPSProxy"], set["HTTPSPort"], set["HTTPProxy"], set["HTTPPort"])
}

// windowsProxy reads what reg prints: ProxyServer REG_SZ http=a:80;https=b:80.
func windowsProxy(settings string) string {
	set := map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(settings))
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) == 3 {
			set[words[0]] = words[2]
		}
	}
	server := set["ProxyServer"]
	switch {
	case set["ProxyEnable"] != "0x1":
		return ""
	case !strings.Contains(server, "="):
		return server
	}
	each := map[string]string{}
	for pair := range strings.SplitSeq(server, ";") {
		scheme, addr, _ := strings.Cut(pair, "=")
		each[scheme] = addr
	}
	if each["https"] != "" {
		return each["https"]
	}
	return each["http"]
}

// firstProxy takes the first host and port of the pairs that are set.
func firstProxy(pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] != "" && pairs[i+1] != "" && pairs[i+1] != "0" {
			return net.JoinHostPort(pairs[i], pairs[i+1])
		}
	}
	return ""
}
