package app

import "testing"

func TestDesktopProxies(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		read func(string) string
		text string
		want string
	}{
		{"GNOME, by hand", gnomeProxy, "org.gnome.system.proxy mode 'manual'\norg.gnome.system.proxy.https host 'proxy.corp.example'\norg.gnome.system.proxy.https port 3128\norg.gnome.system.proxy.http host 'old.example'\norg.gnome.system.proxy.http port 80\n", "proxy.corp.example:3128"},
		{"GNOME, http alone", gnomeProxy, "org.gnome.system.proxy mode 'manual'\norg.gnome.system.proxy.https host ''\norg.gnome.system.proxy.https port 0\norg.gnome.system.proxy.http host 'old.example'\norg.gnome.system.proxy.http port 8080\n", "old.example:8080"},
		{"GNOME, off", gnomeProxy, "org.gnome.system.proxy mode 'none'\norg.gnome.system.proxy.http host 'old.example'\norg.gnome.system.proxy.http port 8080\n", ""},
		{"macOS", macProxy, "<dictionary> {\n  HTTPEnable : 0\n  HTTPSEnable : 1\n  HTTPSPort : 8443\n  HTTPSProxy : proxy.corp.example\n}\n", "proxy.corp.example:8443"},
		{"macOS, off", macProxy, "<dictionary> {\n  HTTPSEnable : 0\n  HTTPSPort : 8443\n  HTTPSProxy : proxy.corp.example\n}\n", ""},
		{"Windows", windowsProxy, "\r\nHKEY_CURRENT_USER\\Software\r\n    ProxyEnable    REG_DWORD    0x1\r\n    ProxyServer    REG_SZ    proxy.corp.example:8080\r\n", "proxy.corp.example:8080"},
		{"Windows, by scheme", windowsProxy, "    ProxyEnable    REG_DWORD    0x1\n    ProxyServer    REG_SZ    http=a.example:80;https=b.example:81\n", "b.example:81"},
		{"Windows, off", windowsProxy, "    ProxyEnable    REG_DWORD    0x0\n    ProxyServer    REG_SZ    proxy.corp.example:8080\n", ""},
		{"nothing", gnomeProxy, "", ""},
	} {
		if got := row.read(row.text); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

func TestSystemProxy(t *testing.T) {
	t.Parallel()
	own := []string{"127.0.0.1:8080"}
	for text, want := range map[string]string{
		"proxy.corp.example:3128":                 "http://proxy.corp.example:3128",
		"http://ada:secret@proxy.corp.example:80": "http://…@proxy.corp.example:80",
		"socks5://10.0.0.1:1080":                  "socks5://10.0.0.1:1080",
		"http://127.0.0.1:8080":                   "", // ourselves
		"localhost:8080":                          "",
		"http://127.0.0.1:3128":                   "http://127.0.0.1:3128",
		"ftp://proxy.example":                     "",
		"":                                        "",
	} {
		p, ok := systemProxy(text, "HTTPS_PROXY", own)
		if ok != (want != "") || ok && p.Shown() != want {
			t.Errorf("%q: %+v, %v; want %q", text, p, ok, want)
		}
	}
}
