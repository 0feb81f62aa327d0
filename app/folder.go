package app

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path/filepath"
)

// mostWatched bounds how many files of a folder are looked at to see whether it changed.
const mostWatched = 20_000

// folderRevision names the state of a folder: names, sizes and times of its files. Empty for no folder.
func folderRevision(folder string) string {
	if folder == "" {
		return ""
	}
	sum := fnv.New128a()
	n := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if n++; err != nil || n > mostWatched {
			return err
		}
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			return err
		}
		fmt.Fprintf(sum, "%s\x00%d\x00%d\x00", path, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		fmt.Fprint(sum, err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}
