//go:build unix

package proxy_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"assay/proxy"
	"assay/traffic"
)

// null is a recorder that keeps nothing.
type null struct{ ids, events, bytes atomic.Int64 }

func (n *null) NextID() traffic.ID { return traffic.ID(n.ids.Add(1)) }

func (n *null) Record(e traffic.Event) {
	n.events.Add(1)
	n.bytes.Add(int64(len(e.Data)))
}

func benchRig(b *testing.B, up ...string) *rig {
	b.Helper()
	return start(b, func(c *proxy.Config) {
		c.Recorder = &null{}
		c.Upstream.Insecure = true
		if len(up) > 0 {
			c.Upstream.Hosts = map[string]string{"bench.test": up[0]}
		}
	})
}

// cpu gives the processor time of this process, server and client included.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// direct gives a client that does not use the proxy.
func direct(b *testing.B, protocol string) *http.Client {
	b.Helper()
	tr := &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableCompression: true, Protocols: new(http.Protocols), MaxIdleConnsPerHost: 64,
	}
	tr.Protocols.SetHTTP1(protocol == "h1")
	tr.Protocols.SetHTTP2(protocol == "h2")
	b.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// load posts n requests of 2 KiB over 16 connections and gives the wall time and processor time it took.
func load(b *testing.B, client *http.Client, url string, n int) (wall, processor time.Duration) {
	b.Helper()
	body := bytes.Repeat([]byte("x"), 2048)
	var next atomic.Int64
	began, used := time.Now(), cpu()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for next.Add(1) <= int64(n) {
				resp, err := client.Post(url, "application/json", bytes.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				if _, err := io.Copy(io.Discard, resp.Body); err != nil {
					b.Error(err)
				}
				_ = resp.Body.Close()
			}
		})
	}
	wg.Wait()
	return time.Since(began), cpu() - used
}

// BenchmarkJSON measures exchanges of 2 KiB each way, direct and through the proxy in the same run. added-cpu-s/1k is
// the processor time the proxy costs per 1,000 requests.
func BenchmarkJSON(b *testing.B) {
	for _, protocol := range []string{"h1", "h2"} {
		b.Run(protocol, func(b *testing.B) {
			answer := bytes.Repeat([]byte("y"), 2048)
			up := upstream(b, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Length", "2048")
				_, _ = w.Write(answer)
			})
			p := benchRig(b)
			through := p.client(b, protocol)
			through.Transport.(*http.Transport).MaxIdleConnsPerHost = 64
			straight := direct(b, protocol)
			load(b, through, up.URL, 200)
			load(b, straight, up.URL, 200)
			n := max(b.N, 2000)
			b.ResetTimer()
			wall0, cpu0 := load(b, straight, up.URL, n)
			wall1, cpu1 := load(b, through, up.URL, n)
			b.ReportMetric(float64(n)/wall0.Seconds(), "direct-req/s")
			b.ReportMetric(float64(n)/wall1.Seconds(), "proxied-req/s")
			b.ReportMetric((cpu1-cpu0).Seconds()*1000/float64(n), "added-cpu-s/1k")
			b.ReportMetric((wall1-wall0).Seconds()*1000*16/float64(n), "added-ms")
		})
	}
}

// tokens serves n events, 5 ms apart, each saying when it was sent.
func tokens(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		for range n {
			time.Sleep(5 * time.Millisecond)
			fmt.Fprintf(w, "data: %d\n\n", time.Now().UnixNano())
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// BenchmarkSSE measures the delay of each of 100 events in 16 streams, direct and through the proxy.
func BenchmarkSSE(b *testing.B) {
	for _, protocol := range []string{"h1", "h2"} {
		b.Run(protocol, func(b *testing.B) {
			up := upstream(b, tokens(100))
			p := benchRig(b)
			d0, f0 := streams(b, direct(b, protocol), up.URL)
			d1, f1 := streams(b, p.client(b, protocol), up.URL)
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			b.ReportMetric(ms(at(d1, .5)-at(d0, .5)), "added-p50-ms")
			b.ReportMetric(ms(at(d1, .99)-at(d0, .99)), "added-p99-ms")
			b.ReportMetric(ms(at(f1, .5)-at(f0, .5)), "first-added-p50-ms")
			b.ReportMetric(ms(at(f1, .99)-at(f0, .99)), "first-added-p99-ms")
		})
	}
}

func at(d []time.Duration, q float64) time.Duration { return d[int(float64(len(d)-1)*q)] }

// streams reads 16 streams at a time and gives the sorted delays of all events, and of the first ones.
func streams(b *testing.B, client *http.Client, url string) (all, first []time.Duration) {
	b.Helper()
	var mu sync.Mutex
	for round := range 3 {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				resp, err := client.Get(url)
				if err != nil {
					b.Error(err)
					return
				}
				defer resp.Body.Close()
				lines := bufio.NewScanner(resp.Body)
				for n := 0; lines.Scan(); {
					sent, err := strconv.ParseInt(strings.TrimPrefix(lines.Text(), "data: "), 10, 64)
					if err != nil {
						continue
					}
					delay := time.Since(time.Unix(0, sent))
					mu.Lock()
					if round > 0 { // the first opens the connections
						all = append(all, delay)
						if n == 0 {
							first = append(first, delay)
						}
					}
					mu.Unlock()
					n++
				}
			})
		}
		wg.Wait()
	}
	slices.Sort(all)
	slices.Sort(first)
	return all, first
}

// BenchmarkBodies measures bodies of 10 MiB, one at a time.
func BenchmarkBodies(b *testing.B) {
	const size = 10 << 20
	body := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	up := upstream(b, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = io.CopyBuffer(struct{ io.Writer }{io.Discard}, r.Body, make([]byte, 64<<10))
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(size))
		_, _ = w.Write(body)
	})
	p := benchRig(b)
	for _, way := range []string{"down", "up"} {
		for _, protocol := range []string{"h1", "h2"} {
			b.Run(way+" "+protocol, func(b *testing.B) {
				run := func(client *http.Client) time.Duration {
					began := time.Now()
					method, sent := http.MethodGet, io.Reader(nil)
					if way == "up" {
						method, sent = http.MethodPost, bytes.NewReader(body)
					}
					req, _ := http.NewRequestWithContext(b.Context(), method, up.URL, sent)
					resp, err := client.Do(req)
					if err != nil {
						b.Fatal(err)
					}
					_, _ = io.CopyBuffer(struct{ io.Writer }{io.Discard}, resp.Body, make([]byte, 64<<10))
					_ = resp.Body.Close()
					return time.Since(began)
				}
				straight, through := direct(b, protocol), p.client(b, protocol)
				run(straight)
				run(through)
				var t0, t1 time.Duration
				n := 0
				for b.Loop() {
					t0 += run(straight)
					t1 += run(through)
					n++
				}
				b.ReportMetric(float64(n)*size/1e6/t0.Seconds(), "direct-MB/s")
				b.ReportMetric(float64(n)*size/1e6/t1.Seconds(), "proxied-MB/s")
			})
		}
	}
}

// BenchmarkNewHosts measures connections to hosts the proxy has not seen: a leaf, two handshakes, one request.
func BenchmarkNewHosts(b *testing.B) {
	authority, err := testCA()
	if err != nil {
		b.Fatal(err)
	}
	leaf, err := authority.Leaf("bench.test") // ECDSA, as the servers of most providers have
	if err != nil {
		b.Fatal(err)
	}
	up := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hi") }))
	up.TLS = &tls.Config{Certificates: []tls.Certificate{*leaf}}
	up.StartTLS()
	b.Cleanup(up.Close)
	run := fmt.Sprint(time.Now().UnixNano())
	var next atomic.Int64
	hosts := map[string]string{}
	for i := range 100000 {
		hosts[fmt.Sprintf("h%d.%s.test", i, run)] = target(up)
	}
	p := start(b, func(c *proxy.Config) {
		c.Authority, c.Recorder = authority, &null{}
		c.Upstream.Insecure, c.Upstream.Hosts = true, hosts
	})
	b.ResetTimer()
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			name := fmt.Sprintf("h%d.%s.test", next.Add(1), run)
			raw, err := net.Dial("tcp", p.addr)
			if err != nil {
				b.Error(err)
				return
			}
			fmt.Fprintf(raw, "CONNECT %s:443 HTTP/1.1\r\nHost: x\r\n\r\n", name)
			_, _ = io.ReadFull(raw, make([]byte, len("HTTP/1.1 200 Connection established\r\n\r\n")))
			c := tls.Client(raw, &tls.Config{ServerName: name, InsecureSkipVerify: true})
			fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", name)
			if got, _ := io.ReadAll(c); !bytes.HasSuffix(got, []byte("hi")) {
				b.Errorf("%q", got)
			}
			_ = raw.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "handshakes/s")
}

// BenchmarkIdleTunnels measures what 2,000 decrypted, idle tunnels add to the memory of this process, which holds the
// clients' ends as well.
func BenchmarkIdleTunnels(b *testing.B) {
	const count = 2000
	p := benchRig(b)
	debug.FreeOSMemory() // what earlier benchmarks left
	before := resident()
	conns := make([]net.Conn, 0, count)
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	for i := range count {
		raw := p.connect(b, "idle.test:443")
		c := tls.Client(raw, &tls.Config{ServerName: "idle.test", InsecureSkipVerify: true})
		if err := c.HandshakeContext(ctx); err != nil {
			b.Fatal(i, err)
		}
		conns = append(conns, c)
	}
	runtime.GC()
	b.ReportMetric(float64(resident()-before)/1e6, "MB/2000-tunnels")
	runtime.KeepAlive(conns)
}

// resident gives the resident memory of this process in bytes, 0 where the system does not tell.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
