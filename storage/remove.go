package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// olderCopy is what copyBefore calls the copy of a project before its format changed: PATH.v3.
var olderCopy = regexp.MustCompile(`^\.v[0-9]+$`)

// Remove deletes a project for good: its file, the files of large bodies beside it, its journal, and the copies that
// were made before its format changed. It fails with LockedError while a process has the project open for writing.
func Remove(path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	unlock, err := lockProject(path)
	if err != nil {
		return err
	}
	errs := []error{os.RemoveAll(path + ".blobs")}
	beside, err := os.ReadDir(filepath.Dir(path))
	errs = append(errs, err)
	for _, entry := range beside {
		if version, ok := strings.CutPrefix(entry.Name(), filepath.Base(path)); ok && olderCopy.MatchString(version) {
			errs = append(errs, removeIfThere(path+version))
		}
	}
	for _, suffix := range []string{"-wal", "-shm", ".journal", ""} {
		errs = append(errs, removeIfThere(path+suffix))
	}
	errs = append(errs, unlock(), removeIfThere(path+".lock"))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("delete the project %s: %w", path, err)
	}
	return nil
}
