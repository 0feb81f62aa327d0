package proxy

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"assay/traffic"
)

// FuzzFrames reads WebSocket frames from hostile bytes, whole and in pieces; both must give the same.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x81\x85\x01\x02\x03\x04iggmn"), true, 3)
	f.Add([]byte("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00"), true, 1) // RFC 7692 section 7.2.3
	f.Add([]byte("\x01\x01a\x89\x00\x80\x01b\x88\x02\x03\xe8"), false, 2)
	f.Add([]byte("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff"), false, 5)
	f.Fuzz(func(t *testing.T, wire []byte, compress bool, piece int) {
		read := func(step int) []traffic.Frame {
			var got []traffic.Frame
			fr := newFrames(traffic.FromClient, inflater{on: compress}, func(x traffic.Frame) { got = append(got, x) })
			for rest := wire; len(rest) > 0; {
				n := min(step, len(rest))
				fr.feed(rest[:n], time.Second)
				rest = rest[n:]
			}
			return got
		}
		whole, pieces := read(max(1, len(wire))), read(max(1, piece))
		if len(whole) != len(pieces) {
			t.Fatalf("%d frames whole, %d in pieces", len(whole), len(pieces))
		}
		for i := range whole {
			if !bytes.Equal(whole[i].Data, pieces[i].Data) || whole[i].Lost != pieces[i].Lost {
				t.Errorf("frame %d differs", i)
			}
		}
	})
}

func TestDeflateOfTheRFC(t *testing.T) {
	t.Parallel()
	var got []string
	fr := newFrames(traffic.FromServer, inflater{on: true}, func(x traffic.Frame) { got = append(got, string(x.Data)+x.Lost) })
	fr.feed([]byte("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00"), 1) // RFC 7692 section 7.2.3.2
	if strings.Join(got, ",") != "Hello,Hello" {
		t.Errorf("%q", got)
	}
}

func TestMessageBounds(t *testing.T) {
	t.Parallel()
	var got []traffic.Frame
	fr := newFrames(traffic.FromServer, inflater{}, func(x traffic.Frame) { got = append(got, x) })
	size := maxMessage + 1000
	fr.feed([]byte{0x82, 0x7f, 0, 0, 0, 0, byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size & 0xff)}, 1)
	for left := size; left > 0; left -= min(left, 1<<20) {
		fr.feed(make([]byte, min(left, 1<<20)), 1)
	}
	fr.feed([]byte("\x81\x02hi"), 1)
	if len(got) != 2 || len(got[0].Data) != maxMessage || got[0].Wire != size || got[0].Lost == "" || string(got[1].Data) != "hi" {
		t.Errorf("%d frames", len(got))
	}
}

// FuzzRequests follows requests in hostile bytes; what it keeps is bounded, and pieces change nothing.
func FuzzRequests(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\n\n"), 1)
	f.Add([]byte("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\nGET /c HTTP/1.1\r\n\r\n"), 2)
	f.Add([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 4)
	f.Fuzz(func(t *testing.T, wire []byte, piece int) {
		read := func(step int) []string {
			var q requests
			for rest := wire; len(rest) > 0; {
				n := min(step, len(rest))
				q.feed(rest[:n])
				rest = rest[n:]
			}
			var got []string
			for _, h := range q.heads {
				got = append(got, h.start)
			}
			return got
		}
		whole, pieces := read(max(1, len(wire))), read(max(1, piece))
		if strings.Join(whole, "\n") != strings.Join(pieces, "\n") {
			t.Errorf("%q whole, %q in pieces", whole, pieces)
		}
	})
}

func TestRequestsAreFollowed(t *testing.T) {
	t.Parallel()
	var q requests
	for _, b := range []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc" +
		"POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nG\r\n\r\n0\r\nT: 1\r\n\r\nGET /c HTTP/1.1\r\n\r\n") {
		q.feed([]byte{b})
	}
	for _, want := range []string{"GET /", "POST /a", "POST /b", "GET /c"} {
		method, target, _ := strings.Cut(want, " ")
		if _, ok := q.take(method, target); !ok {
			t.Errorf("%s was not seen", want)
		}
	}
}

// FuzzRewrite arranges hostile heads; nothing but the order, the case and the start line may change.
func FuzzRewrite(f *testing.F) {
	f.Add("GET /x HTTP/1.1\r\nb: 1\r\nA: 2\r\n\r\n", "GET /x HTTP/1.1\r\nA: 2\r\nB: 1\r\nConnection: close\r\n\r\nbody", 7)
	f.Add("HTTP/1.1 200 Fine\r\nb: 1\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nB: 1\r\n\r\nx", 1)
	f.Fuzz(func(t *testing.T, like, written string, piece int) {
		var r rewriter
		r.arm(parseHead(like), requestLine)
		var out []byte
		for rest := []byte(written); len(rest) > 0; {
			n := min(max(1, piece), len(rest))
			out = append(out, r.rewrite(rest[:n])...)
			rest = rest[n:]
		}
		end := headEnd([]byte(written), 0)
		if end < 0 || r.armed || strings.HasPrefix(written, "HTTP/") {
			return
		}
		if !bytes.HasSuffix(out, []byte(written[end:])) {
			t.Errorf("the body was changed: %q", out)
		}
	})
}

// FuzzSOCKS reads greetings and requests.
func FuzzSOCKS(f *testing.F) {
	f.Add([]byte("\x01\x00\x05\x01\x00\x03\x04name\x01\xbb"))
	f.Add([]byte("\x01\x00\x05\x01\x00\x01\x7f\x00\x00\x01\x01\xbb"))
	f.Add([]byte("\x02\x00\x02\x05\x01\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01\xbb"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		target, err := readSOCKS(struct {
			io.Reader
			io.Writer
		}{io.MultiReader(strings.NewReader("\x05"), bytes.NewReader(wire)), io.Discard})
		if (target == "") == (err == nil) {
			t.Errorf("%q %v", target, err)
		}
	})
}

// FuzzSpoken looks at the first bytes of a client, and parses scope patterns from them.
func FuzzSpoken(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\n"))
	f.Add([]byte("\x16\x03\x01"))
	f.Add([]byte("SSH-2.0-x\r\n"))
	f.Fuzz(func(_ *testing.T, first []byte) {
		if len(first) > 0 {
			spoken(first)
		}
		if s, err := NewScope(string(first)); err == nil {
			s.Includes(string(first))
		}
	})
}

func TestKeysOfPools(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"a.test:443", "", "a.test:443"}, {"a.test:443", "b.test", "b.test|a.test:443"}, {"[::1]:443", "b.test", "[b.test|::1]:443"}, {"[::1]:443", "", "[::1]:443"},
	} {
		key := joinKey(c[0], c[1])
		if target, sni := splitKey(key); key != c[2] || target != c[0] || sni != c[1] {
			t.Errorf("%v: %s %s %s", c, key, target, sni)
		}
	}
}
