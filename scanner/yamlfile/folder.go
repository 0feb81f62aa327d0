package yamlfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"assay/scanner"
)

// Read is told of a file and what stands in it, and says what is wrong with it.
type Read func(file string, data []byte) []scanner.Problem

// Folder hands every file of a folder and of those below it that ends in .yaml or .yml to read, but for hidden ones. It
// returns what is wrong with them; what is beyond the number of files in most is left out, and said to be.
func Folder(folder fs.FS, l Limits, most int, read Read) (problems []scanner.Problem) {
	files := 0
	err := fs.WalkDir(folder, ".", func(file string, d fs.DirEntry, err error) error {
		hidden := d != nil && d.Name() != "." && strings.HasPrefix(d.Name(), ".")
		switch {
		case err != nil:
			problems = append(problems, unread(file, err))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir(), hidden, path.Ext(file) != ".yaml" && path.Ext(file) != ".yml":
			return nil
		}
		if files++; files > most {
			problems = append(problems, scanner.Problem{File: file, What: fmt.Sprintf("the folder has more than %d files; this and all after it were left out", most)})
			return fs.SkipAll
		}
		problems = append(problems, File(folder, file, l, read)...)
		return nil
	})
	if err != nil {
		problems = append(problems, unread(".", err))
	}
	return problems
}

// File hands one file of a folder to read.
func File(folder fs.FS, file string, l Limits, read Read) []scanner.Problem {
	data, err := readFile(folder, file, l)
	if err != nil {
		return []scanner.Problem{unread(file, err)}
	}
	return read(file, data)
}

// readFile reads no more of a file than l allows, and one byte to tell that there is more. It is looked at before it is
// opened: opening a named pipe would wait for ever.
func readFile(folder fs.FS, file string, l Limits) ([]byte, error) {
	if info, err := fs.Stat(folder, file); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errors.New("this is no file")
	}
	f, err := folder.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return io.ReadAll(io.LimitReader(f, int64(l.Bytes)+1))
}

// unread is an error without the path, which a problem names already.
func unread(file string, err error) scanner.Problem {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = failed.Err
	}
	return scanner.Problem{File: file, What: "cannot be read: " + err.Error()}
}

// Taken is the problem of a file whose id another one has already.
func Taken(file, id, by string) scanner.Problem {
	return scanner.Problem{File: file, Line: 1, Column: 1, Where: "id", What: fmt.Sprintf("the id %q is taken by %s", id, by)}
}
