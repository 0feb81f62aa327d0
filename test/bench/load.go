package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// percentile of sorted durations.
func percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*p))]
}

func inMS(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }

// conns is the number of connections of the JSON load, the figure.
const conns = 16

// json measures requests per second: 2 KiB each way over TLS, keep-alive, 16 connections, h1 and h2.
func (b *bench) json(ctx context.Context) error {
	for _, h2 := range []bool{false, true} {
		title := "JSON 2 KiB, TLS, keep-alive, 16 connections, HTTP/1.1"
		if h2 {
			title = "the same over h2"
		}
		head(title, "through", "requests/s", "of direct", "p50 ms", "p99 ms", "CPU s per 1,000", "RSS MiB now / peak")
		var direct float64
		err := b.each(ctx, func(s *subject) error {
			n, times, cpu, err := b.jsonLoad(ctx, s, h2)
			if err != nil {
				return err
			}
			rate := float64(n) / b.lasts.Seconds()
			if s.proc == nil {
				direct = rate
				row(s.name, int(rate), "", inMS(percentile(times, .5)), inMS(percentile(times, .99)), "", "")
				return nil
			}
			now, peak := s.proc.rss()
			row(s.name, int(rate), fmt.Sprintf("%.3f", rate/direct), inMS(percentile(times, .5)), inMS(percentile(times, .99)),
				fmt.Sprintf("%.3f", cpu.Seconds()/float64(n)*1000), fmt.Sprintf("%.0f / %.0f", now, peak))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) jsonLoad(ctx context.Context, s *subject, h2 bool) (n int, times []time.Duration, cpu time.Duration, err error) {
	client := s.client(conns, h2)
	defer client.CloseIdleConnections()
	body := jsonOf(answerSize)
	warm, cancelWarm := context.WithTimeout(ctx, time.Second)
	defer cancelWarm()
	if _, err := load(warm, conns, func(ctx context.Context) error { return post(ctx, client, b.target+"/json", body) }); err != nil {
		return 0, nil, 0, err
	}
	var before time.Duration
	if s.proc != nil {
		before = s.proc.cpu()
	}
	timed, cancel := context.WithTimeout(ctx, b.lasts)
	defer cancel()
	times, err = load(timed, conns, func(ctx context.Context) error { return post(ctx, client, b.target+"/json", body) })
	if s.proc != nil {
		cpu = s.proc.cpu() - before
	}
	return len(times), times, cpu, err
}

// load repeats do from n goroutines until ctx ends and returns how long each took, sorted.
func load(ctx context.Context, n int, do func(context.Context) error) ([]time.Duration, error) {
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			var mine []time.Duration
			for ctx.Err() == nil {
				begun := time.Now()
				if err := do(context.WithoutCancel(ctx)); err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
					return
				}
				mine = append(mine, time.Since(begun))
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(all)
	return all, failed
}

func post(ctx context.Context, client *http.Client, url string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || n == 0) {
		err = fmt.Errorf("answered %s with %d bytes", res.Status, n)
	}
	return err
}

// stream measures 16 streams of 200 events: when the head, the first and every event arrive after they were sent.
func (b *bench) stream(ctx context.Context) error {
	for _, h2 := range []bool{false, true} {
		title := "16 streams of 200 events, 10 ms apart, HTTP/1.1"
		if h2 {
			title = "the same over h2"
		}
		head(title, "through", "first event p50 / p99 ms", "every event p50 / p99 ms", "later than direct: first p50 / p99, every p99")
		var base [3]time.Duration
		err := b.each(ctx, func(s *subject) error {
			first, every, err := b.streamLoad(ctx, s, h2)
			if err != nil {
				return err
			}
			f50, f99, e50, e99 := percentile(first, .5), percentile(first, .99), percentile(every, .5), percentile(every, .99)
			later := ""
			if s.proc == nil {
				base = [3]time.Duration{f50, f99, e99}
			} else {
				later = inMS(f50-base[0]) + " / " + inMS(f99-base[1]) + ", " + inMS(e99-base[2])
			}
			row(s.name, inMS(f50)+" / "+inMS(f99), inMS(e50)+" / "+inMS(e99), later)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// rounds is how often the 16 streams are repeated, for a p99 of first events that means something.
const rounds = 7

func (b *bench) streamLoad(ctx context.Context, s *subject, h2 bool) (first, every []time.Duration, err error) {
	client := s.client(conns, h2)
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	for round := range rounds {
		var wg sync.WaitGroup
		for range conns {
			wg.Go(func() {
				delays, streamErr := oneStream(ctx, client, b.target+"/stream?n=200&gap=10ms")
				mu.Lock()
				defer mu.Unlock()
				if streamErr != nil || len(delays) != 200 {
					err = errors.Join(err, streamErr, fmt.Errorf("%d of 200 events", len(delays)))
					return
				}
				if round > 0 { // the first round opens connections
					first = append(first, delays[0])
					every = append(every, delays...)
				}
			})
		}
		wg.Wait()
		if err != nil {
			return nil, nil, err
		}
		if s.name[0] == 'm' && round == 2 { // a peer that holds streams back takes long enough
			break
		}
	}
	slices.Sort(first)
	slices.Sort(every)
	return first, every, nil
}

func oneStream(ctx context.Context, client *http.Client, url string) ([]time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var delays []time.Duration
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if sent, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			ns, err := strconv.ParseInt(sent, 10, 64)
			if err != nil {
				return nil, err
			}
			delays = append(delays, time.Since(time.Unix(0, ns)))
		}
	}
	return delays, lines.Err()
}

// bulkSize is the size of the large bodies.
const bulkSize = 10 << 20

// bulk measures 10 MiB bodies, down and up.
func (b *bench) bulk(ctx context.Context) error {
	head("10 MiB bodies, HTTP/1.1", "through", "down MB/s, 1 connection", "down MB/s, 4", "up MB/s, 1", "RSS MiB peak")
	return b.each(ctx, func(s *subject) error {
		client := s.client(4, false)
		defer client.CloseIdleConnections()
		var rates []string
		for _, n := range []int{1, 4} {
			rate, err := b.bulkLoad(ctx, n, func(ctx context.Context) error {
				return get(ctx, client, b.target+"/down?size="+strconv.Itoa(bulkSize))
			})
			if err != nil {
				return err
			}
			rates = append(rates, rate)
		}
		body := bytes.Repeat([]byte("0123456789abcdef"), bulkSize/16)
		up, err := b.bulkLoad(ctx, 1, func(ctx context.Context) error { return post(ctx, client, b.target+"/up", body) })
		if err != nil {
			return err
		}
		memory := ""
		if s.proc != nil {
			_, peak := s.proc.rss()
			memory = fmt.Sprintf("%.0f", peak)
		}
		row(s.name, rates[0], rates[1], up, memory)
		return nil
	})
}

func (b *bench) bulkLoad(ctx context.Context, n int, do func(context.Context) error) (string, error) {
	timed, cancel := context.WithTimeout(ctx, b.lasts)
	defer cancel()
	begun := time.Now()
	times, err := load(timed, n, do)
	return fmt.Sprintf("%.0f", float64(len(times))*bulkSize/1e6/time.Since(begun).Seconds()), err
}

func get(ctx context.Context, client *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// handshake measures connections to hosts never seen before: CONNECT, a new leaf, TLS on both sides, one request.
func (b *bench) handshake(ctx context.Context) error {
	head("new hosts, one connection each, 4 at a time", "through", "handshakes/s", "CPU ms each")
	return b.each(ctx, func(s *subject) error {
		if s.proc == nil {
			return nil
		}
		before := s.proc.cpu()
		var mu sync.Mutex
		host := 0
		timed, cancel := context.WithTimeout(ctx, b.lasts)
		defer cancel()
		times, err := load(timed, 4, func(ctx context.Context) error {
			mu.Lock()
			host++
			name := fmt.Sprintf("h%d.bench.test", host)
			mu.Unlock()
			conn, err := b.tunnel(ctx, s, name)
			if err != nil {
				return err
			}
			defer conn.Close()
			fmt.Fprintf(conn, "POST /json HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", name)
			_, err = io.Copy(io.Discard, conn)
			return err
		})
		if err != nil {
			return err
		}
		cpu := s.proc.cpu() - before
		row(s.name, int(float64(len(times))/b.lasts.Seconds()), fmt.Sprintf("%.2f", cpu.Seconds()*1000/float64(len(times))))
		return nil
	})
}

// tunnel opens a decrypted connection through a proxy, with a server name of its own.
func (b *bench) tunnel(ctx context.Context, s *subject, name string) (*tls.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, err
	}
	target := strings.TrimPrefix(b.target, "https://")
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %[1]s\r\n\r\n", target)
	r := textproto.NewReader(bufio.NewReaderSize(conn, 1024))
	line, err := r.ReadLine()
	if err == nil && !strings.Contains(line, " 200 ") {
		err = fmt.Errorf("CONNECT answered %s", line)
	}
	if err == nil {
		_, err = r.ReadMIMEHeader()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: name, NextProtos: []string{"http/1.1"}}) //nolint:gosec // see client
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

// idleTunnels is the figure.
const idleTunnels = 2000

// idle measures the memory of connections that do nothing.
func (b *bench) idle(ctx context.Context) error {
	head("2,000 idle decrypted connections", "through", "RSS MiB", "before", "kB each")
	return b.each(ctx, func(s *subject) error {
		if s.proc == nil || s.name[0] == 'm' {
			return nil
		}
		before, _ := s.proc.rss()
		var open []*tls.Conn
		defer func() {
			for _, c := range open {
				c.Close()
			}
		}()
		for range idleTunnels {
			c, err := b.tunnel(ctx, s, "idle.bench.test")
			if err != nil {
				return fmt.Errorf("after %d: %w", len(open), err)
			}
			open = append(open, c)
		}
		time.Sleep(time.Second)
		now, _ := s.proc.rss()
		row(s.name, fmt.Sprintf("%.0f", now), fmt.Sprintf("%.0f", before), fmt.Sprintf("%.0f", (now-before)*1024/idleTunnels))
		return nil
	})
}
