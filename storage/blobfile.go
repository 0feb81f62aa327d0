package storage

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"assay/traffic"
)

// Large bodies lie in a folder beside the project: while they arrive as part/ID-SIDE, afterwards by the SHA-256 of
// their bytes as ab/cdef….
func (p *Project) blobDir() string { return p.path + ".blobs" }

func (p *Project) partFile(id traffic.ID, side traffic.Side) string {
	return filepath.Join(p.blobDir(), "part", fmt.Sprintf("%d-%s", id, side))
}

func (p *Project) blobFile(hash []byte) string {
	name := hex.EncodeToString(hash)
	return filepath.Join(p.blobDir(), name[:2], name[2:])
}

// openPart opens the file of a body that arrives, and makes it and its folder where needed.
func (p *Project) openPart(id traffic.ID, side traffic.Side) (*os.File, error) {
	name := p.partFile(id, side)
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return nil, err
		}
		file, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
	}
	return file, err
}

// dirSize returns the bytes of all files in a folder, 0 when there is none.
func dirSize(dir string) (int64, error) {
	var total int64
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		total += info.Size()
		return nil
	})
	return total, err
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
