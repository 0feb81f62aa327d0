package launch

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

//go:embed files
var files embed.FS

// trustStorePassword is the one Java takes when it is told none.
const trustStorePassword = "changeit"

// Env is the environment of a started program.
type Env struct {
	// Set are the variables of [Variables] with their values.
	Set map[string]string
	// Unset are variables that must not be there.
	Unset []string
	// Files are the files the values name, all inside the folder of the session.
	Files []string

	base []string
}

// Environment writes the files a program needs into the folder of the session and gives the variables that make it use
// and trust the proxy. Options that are already set (NODE_OPTIONS, JAVA_TOOL_OPTIONS, PYTHONPATH and alike) are kept
// and added to.
func Environment(s Session) (*Env, error) {
	s, err := s.open()
	if err != nil {
		return nil, err
	}
	written, err := writeFiles(s)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(s.Proxy)
	if err != nil {
		return nil, err
	}
	env := &Env{Set: make(map[string]string, len(variables)), Unset: slices.Clone(unset), Files: written, base: s.Base}
	for _, variable := range variables {
		value := s.expand(variable.Name, variable.Value, host, port)
		env.Set[variable.Name] = variable.joined.with(lookup(s.Base, variable.Name), value)
	}
	return env, nil
}

// List is the whole environment, as exec.Cmd.Env wants it.
func (e *Env) List() []string {
	list := slices.DeleteFunc(slices.Clone(e.base), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		_, set := e.Set[name]
		return set || slices.Contains(e.Unset, name)
	})
	for _, variable := range variables {
		list = append(list, variable.Name+"="+e.Set[variable.Name])
	}
	return list
}

// expand fills in the places of a value. The three that hold several options need quotes where the folder has spaces.
func (s Session) expand(name, value, host, port string) string {
	dir := filepath.ToSlash(s.Dir)
	if name == "NODE_OPTIONS" && strings.ContainsAny(dir, ` "\`) {
		value = strings.Replace(value, "{dir}/assay.cjs", `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(dir)+`/assay.cjs"`, 1)
	}
	if name == "JAVA_TOOL_OPTIONS" && strings.Contains(dir, " ") {
		store := "-Djavax.net.ssl.trustStore={dir}/truststore.p12"
		value = strings.Replace(value, store, `"`+store+`"`, 1)
	}
	return strings.NewReplacer("{proxy}", "http://"+s.Proxy, "{host}", host, "{port}", port, "{dir}", dir).Replace(value)
}

func (j join) with(before, value string) string {
	list := string(os.PathListSeparator)
	switch {
	case j == "", before == "" && j != pathAfter:
		return value
	case j == after:
		return before + " " + value
	case j == pathBefore:
		return value + list + before
	default: // an empty first entry stands for the built-in folder
		return before + list + value
	}
}

func lookup(environ []string, name string) string {
	for _, entry := range slices.Backward(environ) { // the last one counts
		key, value, _ := strings.Cut(entry, "=")
		if key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

func writeFiles(s Session) ([]string, error) {
	bundle, err := s.Trust.Bundle()
	if err != nil {
		return nil, err
	}
	store, err := s.Trust.TrustStore(trustStorePassword)
	if err != nil {
		return nil, err
	}
	content := map[string][]byte{
		"ca.pem":         s.Trust.PEM(),
		"bundle.pem":     bundle,
		"truststore.p12": store,
		"wgetrc":         wgetrc(s),
		"php/assay.ini":  fmt.Appendf(nil, "curl.cainfo=%q\nopenssl.cafile=%q\n", s.path("bundle.pem"), s.path("bundle.pem")),
	}
	err = fs.WalkDir(files, "files", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content[strings.TrimPrefix(path, "files/")], err = files.ReadFile(path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the embedded shims: %w", err)
	}
	var written []string
	for name, raw := range content {
		path := s.path(filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, raw, 0o600)); err != nil {
			return nil, fmt.Errorf("prepare the environment: %w", err)
		}
		written = append(written, path)
	}
	slices.Sort(written)
	return written, nil
}

// wgetrc starts with the person's own, which the variable would hide.
func wgetrc(s Session) []byte {
	path := lookup(s.Base, "WGETRC")
	if home := lookup(s.Base, "HOME"); path == "" && home != "" {
		path = filepath.Join(home, ".wgetrc")
	}
	own, err := os.ReadFile(path)
	if err != nil || path == s.path("wgetrc") {
		own = nil
	}
	return fmt.Appendf(own, "\nca_certificate = %s\nuse_proxy = on\n", s.path("bundle.pem"))
}
