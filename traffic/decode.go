package traffic

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// ErrEncoding is returned for a content coding this package does not read.
var ErrEncoding = errors.New("unknown content coding")

// maxCodings is how many codings may be stacked; nobody sends more than two.
const maxCodings = 4

// maxZstdWindow bounds the memory of a zstd decoder. RFC 9659 allows 8 MiB on the wire; some servers exceed it.
const maxZstdWindow = 32 << 20

// Codings splits the value of a Content-Encoding header (RFC 9110 section 8.4) into lower-case codings in the order
// in which they were applied. "identity" is left out.
func Codings(header string) []string {
	var codings []string
	for c := range strings.SplitSeq(header, ",") {
		c = strings.ToLower(strings.TrimSpace(c))
		if c != "" && c != "identity" {
			codings = append(codings, c)
		}
	}
	return codings
}

// Decode undoes the codings of a Content-Encoding header and returns at most limit bytes. What could be decoded of a
// body that breaks off, is damaged or exceeds the limit is returned, and lost says in one sentence why the rest is
// missing; lost is empty when nothing is. An error means that nothing could be decoded: ErrEncoding, or data that is
// not of the coding it claims to be.
func Decode(body []byte, encodings string, limit int64) (decoded []byte, lost string, err error) {
	codings := Codings(encodings)
	if len(codings) == 0 {
		if int64(len(body)) > limit {
			return body[:limit], fmt.Sprintf("more than the limit of %d bytes", limit), nil
		}
		return body, "", nil
	}
	if len(body) == 0 {
		return nil, "", nil
	}
	r, err := newDecoder(bytes.NewReader(body), codings, limit)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, limit))
	switch {
	case (err != nil || codings[len(codings)-1] == "deflate") && looksLikeText(body):
		// Import files hold decoded bodies under headers that still name the coding. Raw deflate has no mark by which
		// text could be told from it: much JSON decodes to a few bytes of nonsense without an error.
		return nil, "", fmt.Errorf("the body is not %s but text", encodings)
	case err == nil && n == limit:
		if extra, _ := io.ReadFull(r, make([]byte, 1)); extra > 0 {
			lost = fmt.Sprintf("more than the limit of %d bytes after decoding", limit)
		}
	case errors.Is(err, errDecodeLimit):
		lost = fmt.Sprintf("more than the limit of %d bytes between codings", limit)
	case errors.Is(err, io.ErrUnexpectedEOF):
		lost = fmt.Sprintf("the %s data breaks off after %d decoded bytes", encodings, n)
	case err != nil && n == 0:
		return nil, "", fmt.Errorf("the body is not %s: %w", encodings, err)
	case err != nil:
		lost = fmt.Sprintf("the %s data is damaged after %d decoded bytes: %v", encodings, n, err)
	}
	return out.Bytes(), lost, nil
}

// looksLikeText reports whether data begins as text that no compression produces: UTF-8 without control characters.
func looksLikeText(data []byte) bool {
	data = data[:min(len(data), 512)]
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 && i+utf8.UTFMax <= len(data) || r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return false
		}
		i += n
	}
	return true
}

// NewDecoder undoes the codings of a Content-Encoding header while the body is read: bytes that the sender flushed
// can be read as soon as they are in r. Nothing is read from r before the first Read. The caller bounds how much it
// reads, and closes the decoder; r stays open.
func NewDecoder(r io.Reader, encodings string) (io.ReadCloser, error) {
	return newDecoder(r, Codings(encodings), 0)
}

// newDecoder stacks decoders. A limit that is not 0 bounds what may pass between two of them.
func newDecoder(r io.Reader, codings []string, limit int64) (io.ReadCloser, error) {
	if len(codings) > maxCodings {
		return nil, fmt.Errorf("%d stacked content codings: %w", len(codings), ErrEncoding)
	}
	stack := &decoderStack{Reader: r}
	for i := len(codings) - 1; i >= 0; i-- {
		open := openers[codings[i]]
		if open == nil {
			return nil, fmt.Errorf("%q: %w", codings[i], ErrEncoding)
		}
		layer := &lazyDecoder{source: stack.Reader, open: open}
		stack.layers = append(stack.layers, layer)
		stack.Reader = layer
		if limit > 0 && i > 0 {
			stack.Reader = &limitedReader{layer, limit}
		}
	}
	return stack, nil
}

var openers = map[string]func(io.Reader) (io.Reader, error){
	"gzip":    openGzip,
	"x-gzip":  openGzip,
	"deflate": openDeflate,
	"br":      func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	"zstd": func(r io.Reader) (io.Reader, error) {
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
	},
}

func openGzip(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }

// openDeflate reads both what RFC 9110 calls deflate (zlib) and what many servers send (raw deflate).
func openDeflate(r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(2)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 { // RFC 1950 section 2.2
		return zlib.NewReader(br)
	}
	return flate.NewReader(br), nil
}

type decoderStack struct {
	io.Reader

	layers []*lazyDecoder
}

// Close frees the decoders.
func (s *decoderStack) Close() error {
	for _, l := range s.layers {
		if c, ok := l.decoder.(interface{ Close() }); ok { // zstd
			c.Close()
		}
	}
	return nil
}

// lazyDecoder opens its decoder at the first Read, because opening reads the head of the data.
type lazyDecoder struct {
	source  io.Reader
	open    func(io.Reader) (io.Reader, error)
	decoder io.Reader
	err     error
}

func (l *lazyDecoder) Read(p []byte) (int, error) {
	if l.decoder == nil && l.err == nil {
		l.decoder, l.err = l.open(l.source)
	}
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.decoder.Read(p)
	l.err = err
	return n, err
}

var errDecodeLimit = errors.New("decoding limit")

type limitedReader struct {
	r    io.Reader
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errDecodeLimit
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}
