package launch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// At gives the browser whose program a person pointed at, where [Browsers] did not find it. Only a program with the name
// of a known browser is taken: nothing else is ever started by its path. On macOS it may be the application's folder.
func At(path string) (Browser, error) {
	if !filepath.IsAbs(path) {
		return Browser{}, fmt.Errorf("%q is not a whole path: it begins at the top of the disk", path)
	}
	path = filepath.Clean(path)
	if product, ok := productOfBundle(path); ok {
		path = filepath.Join(filepath.Dir(path), product.bundle)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return Browser{}, fmt.Errorf("there is no program at %s", path)
	case !info.Mode().IsRegular():
		return Browser{}, fmt.Errorf("%s is not a program", path)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o111 == 0:
		return Browser{}, fmt.Errorf("%s is not a program: the file may not be run", path)
	}
	for _, product := range products {
		if slices.Contains(product.programNames(), programName(path)) {
			return Browser{Name: product.name, Engine: product.engine, Path: path}, nil
		}
	}
	return Browser{}, errors.New(filepath.Base(path) + " is not the name of a browser that is known: Chrome, Chromium, Edge, Brave or Firefox")
}

func productOfBundle(path string) (product, bool) {
	for _, p := range products {
		if folder, _, _ := strings.Cut(p.bundle, "/"); folder == filepath.Base(path) {
			return p, true
		}
	}
	return product{}, false
}

// programNames are the names its program has on any system, in lower case and without .exe.
func (p product) programNames() []string {
	names := append(slices.Clone(p.commands), p.name, filepath.Base(p.bundle), p.programs[strings.LastIndex(p.programs, `\`)+1:])
	if p.engine == Firefox {
		names = append(names, "firefox-bin")
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(strings.ToLower(name), ".exe")
	}
	return names
}

func programName(path string) string {
	return strings.TrimSuffix(strings.ToLower(filepath.Base(path)), ".exe")
}

// Runs reports whether a process of this name, as the operating system gives it, is one of this browser's.
func (b Browser) Runs(process string) bool {
	for _, product := range products {
		if product.name == b.Name {
			return slices.Contains(product.programNames(), programName(process))
		}
	}
	return false
}
