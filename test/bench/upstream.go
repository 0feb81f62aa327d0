package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

// serveUpstream is the server all loads go to: TLS, h1 and h2, on loopback.
func serveUpstream(ctx context.Context) error {
	cert, err := selfSigned()
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           upstreamHandler(),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2", "http/1.1"}},
		ReadHeaderTimeout: time.Minute,
	}
	context.AfterFunc(ctx, func() { server.Close() })
	fmt.Fprintln(os.Stdout, "https://"+l.Addr().String())
	return server.ServeTLS(l, "", "")
}

// answerSize is the size of the JSON bodies of the load, both ways.
const answerSize = 2 << 10

func upstreamHandler() http.Handler {
	answer := jsonOf(answerSize)
	mux := http.NewServeMux()
	mux.HandleFunc("/json", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	})
	mux.HandleFunc("/stream", serveStream)
	mux.HandleFunc("/v1/chat/completions", serveChat)
	mux.HandleFunc("/down", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("size"))
		w.Header().Set("Content-Length", strconv.Itoa(n))
		piece := bytes.Repeat([]byte("0123456789abcdef"), 4<<10)
		for ; n > 0; n -= len(piece) {
			if _, err := w.Write(piece[:min(n, len(piece))]); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/up", func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	})
	return mux
}

// serveStream sends events that hold the moment they were sent, in nanoseconds.
func serveStream(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	gap, _ := time.ParseDuration(r.URL.Query().Get("gap"))
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	tick := time.NewTicker(gap)
	defer tick.Stop()
	for range n {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
		fmt.Fprintf(w, "data: %d\n\n", time.Now().UnixNano())
		if flush.Flush() != nil {
			return
		}
	}
}

// jsonOf is a JSON object of about size bytes that looks like prose.
func jsonOf(size int) []byte {
	words := []string{"the", "model", "answers", "what", "it", "was", "asked", "and", "nothing", "else", "today"}
	var b bytes.Buffer
	b.WriteString(`{"id":"x","content":"`)
	for i := 0; b.Len() < size-4; i++ {
		b.WriteString(words[(i*7+i/5)%len(words)])
		b.WriteByte(' ')
	}
	b.WriteString(`"}`)
	return b.Bytes()
}

func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
