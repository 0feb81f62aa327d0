package traffic_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"assay/traffic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

type flusher interface {
	io.WriteCloser
	Flush() error
}

var encoders = map[string]func(io.Writer) flusher{
	"gzip":    func(w io.Writer) flusher { return gzip.NewWriter(w) },
	"X-Gzip":  func(w io.Writer) flusher { return gzip.NewWriter(w) },
	"deflate": func(w io.Writer) flusher { return zlib.NewWriter(w) },
	"br":      func(w io.Writer) flusher { return brotli.NewWriter(w) },
	"zstd":    func(w io.Writer) flusher { z, _ := zstd.NewWriter(w); return z },
}

func encode(t testing.TB, plain []byte, coding string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := encoders[coding](&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecode(t *testing.T) {
	t.Parallel()
	plain := []byte(strings.Repeat("data: {\"delta\":\"refund\"}\n\n", 4000))
	for coding := range encoders {
		packed := encode(t, plain, coding)
		got, lost, err := traffic.Decode(packed, coding, 1<<20)
		if err != nil || lost != "" || !bytes.Equal(got, plain) {
			t.Errorf("%s: %d bytes, lost %q, error %v", coding, len(got), lost, err)
		}
		got, lost, err = traffic.Decode(packed, coding, 1000)
		if err != nil || !bytes.Equal(got, plain[:1000]) || lost != "more than the limit of 1000 bytes after decoding" {
			t.Errorf("%s limited: %d bytes, lost %q, error %v", coding, len(got), lost, err)
		}
		if _, lost, err = traffic.Decode(packed, coding, int64(len(plain))); lost != "" || err != nil {
			t.Errorf("%s at exactly the limit: lost %q, error %v", coding, lost, err)
		}
		got, lost, err = traffic.Decode(encode(t, packed, "br"), "identity, "+coding+" , br", 1<<20)
		if err != nil || lost != "" || !bytes.Equal(got, plain) {
			t.Errorf("%s in br: %d bytes, lost %q, error %v", coding, len(got), lost, err)
		}
		for _, text := range []string{"plain text, already decoded", "OK", `{"id":"x","object":"chat.completion"}`, "data: {}\n\n"} {
			if got, lost, err := traffic.Decode([]byte(text), coding, 1000); err == nil || lost != "" || got != nil {
				t.Errorf("%s of %q gave %q, lost %q, error %v", coding, text, got, lost, err)
			}
		}
	}
	var raw bytes.Buffer
	w, _ := flate.NewWriter(&raw, 5)
	_, _ = w.Write(plain)
	_ = w.Close()
	if got, lost, err := traffic.Decode(raw.Bytes(), "deflate", 1<<20); err != nil || lost != "" || !bytes.Equal(got, plain) {
		t.Errorf("raw deflate: %d bytes, lost %q, error %v", len(got), lost, err)
	}
	if _, _, err := traffic.Decode(plain, "gzip, rot13", 1000); !errors.Is(err, traffic.ErrEncoding) {
		t.Errorf("unknown coding: %v", err)
	}
	if _, _, err := traffic.Decode(plain, strings.Repeat("gzip,", 1000), 1000); !errors.Is(err, traffic.ErrEncoding) {
		t.Errorf("a thousand codings: %v", err)
	}
	if got, lost, err := traffic.Decode(plain, "", 10); len(got) != 10 || lost == "" || err != nil {
		t.Errorf("no coding, limited: %d bytes, lost %q, error %v", len(got), lost, err)
	}
}

// TestDecodeRecordedText holds that no recorded answer that is text already is taken for a coding.
func TestDecodeRecordedText(t *testing.T) {
	t.Parallel()
	for r, err := range traffic.ReadJSONL(bytes.NewReader(recorded(t))) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Response == nil || len(r.Response.Body.Data) == 0 || !utf8.Valid(r.Response.Body.Data) || bytes.IndexByte(r.Response.Body.Data, 0) >= 0 {
			continue
		}
		for coding := range encoders {
			if got, lost, err := traffic.Decode(r.Response.Body.Data, coding, 1<<20); err == nil {
				t.Fatalf("%s of %.60q gave %.60q, lost %q", coding, r.Response.Body.Data, got, lost)
			}
		}
	}
}

// TestDecodeTruncated cuts a stream that the sender flushed after every event: every event before the cut is read.
func TestDecodeTruncated(t *testing.T) {
	t.Parallel()
	for coding, open := range encoders {
		var b bytes.Buffer
		w := open(&b)
		var flushed []int
		for range 20 {
			_, _ = io.WriteString(w, "data: hello\n\n")
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			flushed = append(flushed, b.Len())
		}
		_ = w.Close()
		for i, n := range flushed {
			got, lost, err := traffic.Decode(b.Bytes()[:n], coding, 1<<20)
			if err != nil || lost == "" || len(got) != (i+1)*len("data: hello\n\n") {
				t.Errorf("%s cut after event %d: %d bytes, lost %q, error %v", coding, i, len(got), lost, err)
			}
		}
	}
}

// TestDecoderStreams holds that a flushed event can be read before the next one is sent.
func TestDecoderStreams(t *testing.T) {
	t.Parallel()
	for coding, open := range encoders {
		t.Run(coding, func(t *testing.T) {
			t.Parallel()
			pr, pw := io.Pipe()
			r, err := traffic.NewDecoder(pr, coding)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			next := make(chan bool)
			go func() {
				w := open(pw)
				for range next {
					_, _ = io.WriteString(w, "data: hello\n\n")
					_ = w.Flush()
				}
				_ = w.Close()
				_ = pw.Close()
			}()
			for range 5 {
				next <- true
				event := make([]byte, len("data: hello\n\n"))
				done := make(chan error, 1)
				go func() { _, err := io.ReadFull(r, event); done <- err }()
				select {
				case err := <-done:
					if err != nil || string(event) != "data: hello\n\n" {
						t.Fatalf("read %q, error %v", event, err)
					}
				case <-time.After(10 * time.Second):
					t.Fatal("a flushed event did not come out of the decoder")
				}
			}
			close(next)
			if rest, err := io.ReadAll(r); err != nil || len(rest) != 0 {
				t.Errorf("after the end: %q, %v", rest, err)
			}
		})
	}
}

// TestDecodeBomb holds that small input cannot take much memory: 10 MiB of zeros packed three times.
func TestDecodeBomb(t *testing.T) {
	t.Parallel()
	bomb := encode(t, make([]byte, 64<<20), "gzip")
	for range 2 {
		bomb = encode(t, bomb, "gzip")
	}
	got, lost, err := traffic.Decode(bomb, "gzip, gzip, gzip", 1<<20)
	if err != nil || len(got) != 1<<20 || lost == "" {
		t.Errorf("%d bytes, lost %q, error %v", len(got), lost, err)
	}
}

func FuzzDecode(f *testing.F) {
	for coding := range encoders {
		f.Add(encode(f, []byte("hello hello hello"), coding), coding)
		f.Add(encode(f, encode(f, []byte("hello"), "gzip"), coding), "gzip,"+coding)
	}
	f.Fuzz(func(t *testing.T, body []byte, encodings string) {
		got, lost, err := traffic.Decode(body, encodings, 4096)
		if len(got) > 4096 {
			t.Fatalf("%d bytes, more than the limit", len(got))
		}
		if err != nil && (len(got) > 0 || lost != "") {
			t.Fatalf("an error together with %d bytes, lost %q", len(got), lost)
		}
	})
}
