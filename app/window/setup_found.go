package window

import (
	"cmp"
	"net/url"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"assay/app"
	"assay/llm"
	"assay/proxy/launch"
)

// Found is what can be connected on this machine. It changes with the recorder's address only.
type Found struct {
	Screen   bool           `json:"screen"` // windows can be opened
	Browsers []FoundBrowser `json:"browsers"`
	Terminal string         `json:"terminal"` // the program that is opened; empty where there is none
	Shells   []string       `json:"shells"`   // that Script can write for and that are here: sh, fish, powershell, cmd
	Tools    []FoundTool    `json:"tools"`
	Bases    []BaseURL      `json:"bases"` // empty while the recorder is off
	Docker   Docker         `json:"docker"`
}

// FoundBrowser is a browser of this machine.
type FoundBrowser struct {
	Name string `json:"name"` // chrome, chromium, edge, brave, firefox
	Path string `json:"path"`
}

// FoundTool is a program found in PATH, with the variables that it follows.
type FoundTool struct {
	Name      string         `json:"name"`
	Command   string         `json:"command"`
	Variables []ToolVariable `json:"variables"`
	Note      string         `json:"note"` // what else to know; may be empty
}

// ToolVariable is one variable of the environment.
type ToolVariable struct {
	Name  string `json:"name"`
	Value string `json:"value"` // empty while the recorder is off
	Proof string `json:"proof"` // how it is known that programs follow it
}

// BaseURL is what an SDK is given in place of a provider's own address: it needs no certificate.
type BaseURL struct {
	Provider string `json:"provider"`
	URL      string `json:"url"`
}

// Docker is how a container is connected; empty while the recorder is off.
type Docker struct {
	Run     string `json:"run"`
	Compose string `json:"compose"`
	Remote  bool   `json:"remote"` // the recorder must let other machines in: a container of Linux is one
}

// Found lists what can be connected.
func (s *Setup) Found(Nothing) (out Found, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	out = Found{
		Screen: launch.HasScreen(nil), Browsers: []FoundBrowser{}, Terminal: launch.TerminalProgram(),
		Shells: shells(exec.LookPath), Bases: []BaseURL{}, Tools: []FoundTool{},
	}
	for _, b := range launch.Browsers() {
		out.Browsers = append(out.Browsers, FoundBrowser{b.Name, b.Path})
	}
	values := map[string]string{}
	if proxy := d.proxyAddress(); proxy != "" {
		out.Bases = baseURLs(proxy)
		if values, err = d.variables(); err != nil {
			return out, err
		}
		ca, err := d.app.CA()
		if err != nil {
			return out, err
		}
		out.Docker = docker(proxy, ca.Path)
	}
	out.Tools = foundTools(exec.LookPath, values)
	return out, nil
}

// ScriptIn names a shell of Found.Shells.
type ScriptIn struct {
	Shell string `json:"shell"`
}

// ScriptOut is the lines that make an open shell use and trust the recorder.
type ScriptOut struct {
	Text string `json:"text"`
}

// Script gives the lines for one shell. The recorder must be on.
func (s *Setup) Script(in ScriptIn) (out ScriptOut, err error) {
	defer s.desk.guard(&err)
	if !slices.Contains(launch.Shells(), in.Shell) {
		return out, &app.Error{Code: app.CodeUsage, Message: "there are no variables for the shell " + in.Shell}
	}
	l, err := s.desk.shellLauncher()
	if err != nil {
		return out, err
	}
	out.Text, err = l.Script(in.Shell)
	return out, err
}

// shellLauncher is a launcher of the recorder at work; none is started.
func (d *Desk) shellLauncher() (*app.Launcher, error) {
	if !d.counts() {
		return nil, &app.Error{Code: app.CodeNotFound, Message: "nothing is recorded, so there is no address to use", Hint: "start capturing first"}
	}
	return d.launcher()
}

func (d *Desk) variables() (map[string]string, error) {
	l, err := d.shellLauncher()
	if err != nil {
		return nil, err
	}
	return l.Variables()
}

// shells lists the languages of Script whose shell is here.
func shells(look func(string) (string, error)) []string {
	list := []string{}
	if runtime.GOOS != "windows" {
		list = append(list, "sh")
	}
	for _, s := range []struct{ shell, command string }{{"fish", "fish"}, {"powershell", "pwsh"}, {"powershell", "powershell.exe"}, {"cmd", "cmd.exe"}} {
		if _, err := look(s.command); err == nil && !slices.Contains(list, s.shell) {
			list = append(list, s.shell)
		}
	}
	return list
}

// usualProviders come first in the list of base URLs.
var usualProviders = []string{"openai", "anthropic", "gemini", "mistral", "cohere", "ollama"}

func baseURLs(proxy string) []BaseURL {
	list := []BaseURL{}
	for name, base := range llm.BaseURLs() {
		if u, err := url.Parse(base); err == nil {
			list = append(list, BaseURL{name, "http://" + proxy + "/r/" + name + strings.TrimSuffix(u.Path, "/")})
		}
	}
	rank := func(name string) int {
		if at := slices.Index(usualProviders, name); at >= 0 {
			return at
		}
		return len(usualProviders)
	}
	slices.SortFunc(list, func(a, b BaseURL) int {
		return cmp.Or(cmp.Compare(rank(a.Provider), rank(b.Provider)), cmp.Compare(a.Provider, b.Provider))
	})
	return list
}

// tool is a program that people connect, and the variables by which it is reached.
type tool struct {
	name, command string
	variables     []string
	note          string
}

const fromTerminal = "Start it from the terminal that Assay opens, or from a shell with these variables."

var tools = []tool{
	{"Claude Code", "claude", []string{"HTTPS_PROXY", "NODE_EXTRA_CA_CERTS"}, fromTerminal},
	{"Codex", "codex", []string{"HTTPS_PROXY", "CODEX_CA_CERTIFICATE"}, fromTerminal},
	{"Gemini CLI", "gemini", []string{"HTTPS_PROXY", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS"}, fromTerminal},
	{"Cursor", "cursor", []string{"HTTPS_PROXY", "NODE_EXTRA_CA_CERTS"}, fromTerminal + " Close it first: a running one keeps its environment."},
	{"VS Code", "code", []string{"HTTPS_PROXY", "NODE_EXTRA_CA_CERTS"}, fromTerminal + " Close it first: a running one keeps its environment."},
	{"Ollama", "ollama", nil, "Its server is plain HTTP on localhost: give programs that use it the base URL below."},
	{"Node.js", "node", []string{"NODE_OPTIONS", "NODE_EXTRA_CA_CERTS"}, ""},
	{"Python", "python3", []string{"HTTPS_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PYTHONPATH"}, ""},
	{"curl", "curl", []string{"http_proxy", "HTTPS_PROXY", "CURL_CA_BUNDLE"}, ""},
	{"Java", "java", []string{"JAVA_TOOL_OPTIONS"}, ""},
	{"Go", "go", []string{"HTTPS_PROXY", "SSL_CERT_FILE"}, "Go programs never use a proxy for localhost: give them a base URL there."},
	{"Ruby", "ruby", []string{"https_proxy", "SSL_CERT_FILE", "RUBYLIB", "RUBYOPT"}, ""},
	{"PHP", "php", []string{"https_proxy", "PHP_INI_SCAN_DIR"}, ""},
	{"Deno", "deno", []string{"HTTPS_PROXY", "DENO_CERT"}, ""},
	{"Bun", "bun", []string{"HTTPS_PROXY", "NODE_EXTRA_CA_CERTS"}, ""},
	{"AWS command line", "aws", []string{"HTTPS_PROXY", "AWS_CA_BUNDLE"}, ""},
	{"git", "git", []string{"HTTPS_PROXY", "GIT_SSL_CAINFO"}, ""},
}

// foundTools lists those in PATH, with the values that the variables have now.
func foundTools(look func(string) (string, error), values map[string]string) []FoundTool {
	proof := map[string]string{}
	for _, v := range launch.Variables() {
		proof[v.Name] = v.Proof
	}
	list := []FoundTool{}
	for _, t := range tools {
		if _, err := look(t.command); err != nil {
			continue
		}
		found := FoundTool{Name: t.name, Command: t.command, Note: t.note, Variables: []ToolVariable{}}
		for _, name := range t.variables {
			found.Variables = append(found.Variables, ToolVariable{name, values[name], proof[name]})
		}
		list = append(list, found)
	}
	return list
}
