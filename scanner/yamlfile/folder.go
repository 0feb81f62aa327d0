package yamlfile

import (
	"errors"
	"io"
	"io/fs"
)

// ReadFile reads no more of a file than l allows, and one byte to tell that there is more. What is no regular file is an
// error: opening a named pipe would wait for ever.
func ReadFile(folder fs.FS, file string, l Limits) ([]byte, error) {
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

// Reason is an error without the path, which a problem names already.
func Reason(err error) string {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err.Error()
	}
	return err.Error()
}
