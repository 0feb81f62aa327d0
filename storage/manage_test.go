package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/storage"
	"assay/traffic"
)

func records(list ...*traffic.Record) iter.Seq2[*traffic.Record, error] {
	return func(yield func(*traffic.Record, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	big := random(9, 3<<20)
	var list []*traffic.Record
	for i := range 1200 {
		r := &traffic.Record{Exchange: *exchange("i.example", fmt.Sprintf("/%d", i), 200, fmt.Appendf(nil, "request %d", i), fmt.Appendf(nil, "answer %d", i))}
		r.Source, r.State = "", ""
		if i == 700 {
			r.Response.Body.Data = big
		}
		if i == 5 {
			r.Note, r.Colour, r.Tags = "n", "red", []string{"a", "b"}
			r.Segments = []traffic.Segment{{At: time.Second, Data: []byte("ans")}, {At: 2 * time.Second, Data: []byte("wer 5")}}
			r.Frames = []traffic.Frame{{Seq: 0, Opcode: 1, Data: []byte("f")}}
		}
		list = append(list, r)
	}
	broken := errors.New("the file is damaged at byte 17")
	var ids []traffic.ID
	n, err := p.Import(t.Context(), func(yield func(*traffic.Record, error) bool) {
		for r := range records(list...) {
			if !yield(r, nil) {
				return
			}
		}
		yield(nil, broken)
	}, storage.ImportOptions{Each: func(index int64, id traffic.ID) {
		if index != int64(len(ids)) {
			t.Errorf("index %d after %d ids", index, len(ids))
		}
		ids = append(ids, id)
	}})
	if n != 1200 || !errors.Is(err, broken) || !slices.IsSorted(ids) {
		t.Fatal(n, err)
	}
	check := func() {
		t.Helper()
		for i, id := range ids {
			wantBody(t, p, id, traffic.FromClient, fmt.Appendf(nil, "request %d", i))
			want := fmt.Appendf(nil, "answer %d", i)
			if i == 700 {
				want = big
			}
			wantBody(t, p, id, traffic.FromServer, want)
		}
	}
	check()
	settle(t, p)
	check()
	rows, err := p.List(t.Context(), storage.Filter{Where: query(t, "tag:b")})
	if err != nil || len(rows) != 1 || rows[0].ID != ids[5] || rows[0].Colour != "red" || rows[0].Note != "n" || rows[0].Source != traffic.SourceImport {
		t.Error(rows, err)
	}
	if frames, err := p.Frames(t.Context(), ids[5], 0, 0); err != nil || len(frames) != 1 {
		t.Error(frames, err)
	}
	for s, err := range p.Segments(t.Context(), ids[5], traffic.FromServer) {
		if err != nil || s.At != time.Second && s.At != 2*time.Second {
			t.Error(s.At, err)
		}
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	big := random(4, 5<<20+123)
	id := record(p.Recorder(), exchange("b.example", "/", 200, big, []byte("small")), 5)
	flush(t, p)
	first := filepath.Join(t.TempDir(), "first.assay")
	if err := p.Backup(t.Context(), first); err != nil { // while the body is in its first file
		t.Fatal(err)
	}
	settle(t, p)
	second := filepath.Join(t.TempDir(), "second.assay")
	if err := p.Backup(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if err := p.Backup(t.Context(), second); err == nil || !strings.Contains(err.Error(), "already") {
		t.Error(err)
	}
	for _, name := range []string{first, second} {
		for _, o := range []storage.Options{{ReadOnly: true}, {}} {
			b := open(t, name, o)
			wantBody(t, b, id, traffic.FromClient, big)
			wantBody(t, b, id, traffic.FromServer, []byte("small"))
			body, err := b.Body(t.Context(), id, traffic.FromClient)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := body.Seek(-10, io.SeekEnd); err != nil {
				t.Fatal(err)
			}
			if tail, err := io.ReadAll(body); err != nil || !bytes.Equal(tail, big[len(big)-10:]) {
				t.Error(tail, err)
			}
			if found, err := b.Check(t.Context()); err != nil || len(found) > 0 {
				t.Error(found, err)
			}
			if err := errors.Join(body.Close(), b.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestRetain(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	now := time.Now()
	var ids []traffic.ID
	for i := range 40 {
		x := exchange(fmt.Sprintf("h%d.example", i%4), "/", 200, random(uint64(i), 50_000), nil)
		x.Started = now.Add(-time.Duration(40-i) * time.Hour)
		if i == 2 {
			x.Request.Body.Data = random(99, 2<<20)
		}
		ids = append(ids, record(p.Recorder(), x, 1))
	}
	settle(t, p)
	if err := p.SetTags(t.Context(), ids[0], []string{"keep"}); err != nil {
		t.Fatal(err)
	}
	keep := func(policy storage.Policy, want int) {
		t.Helper()
		n, err := p.Retain(t.Context(), policy)
		if err != nil || n != want {
			t.Errorf("%+v: %d went, want %d (%v)", policy, n, want, err)
		}
	}
	keep(storage.Policy{MaxAge: 30*time.Hour + time.Minute, KeepNoted: true}, 9)
	keep(storage.Policy{Hosts: []string{"H1.*"}}, 7)
	keep(storage.Policy{MaxBytes: 10 * 50_000, KeepNoted: true}, 13)
	if err := p.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, err := p.Check(t.Context()); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
	info, err := p.Info(t.Context())
	if err != nil || info.Exchanges != 11 || info.BlobBytes != 0 || info.FileBytes > 1_500_000 {
		t.Errorf("%+v, %v", info, err)
	}
	if _, err := os.Stat(path + ".blobs"); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path, storage.Options{})
	if next := again.Recorder().NextID(); next <= ids[len(ids)-1] {
		t.Errorf("id %d is given again", next)
	}
}

// TestCheckFindsDamage damages what Check looks at.
func TestCheckFindsDamage(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	id := record(p.Recorder(), exchange("c.example", "/", 200, nil, random(3, 2<<20)), 1)
	settle(t, p)
	var file string
	err := filepath.WalkDir(path+".blobs", func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			file = name
		}
		return err
	})
	if err != nil || file == "" {
		t.Fatal(file, err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[1000]++
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := p.Check(t.Context())
	if err != nil || len(found) != 1 || found[0].ID != id || !strings.Contains(found[0].What, "was changed") {
		t.Error(found, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	found, err = p.Check(t.Context())
	if err != nil || len(found) != 1 || !strings.Contains(found[0].What, "missing") {
		t.Error(found, err)
	}
}
