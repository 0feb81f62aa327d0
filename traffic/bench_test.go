package traffic_test

import (
	"bytes"
	"io"
	"iter"
	"testing"

	"assay/traffic"
)

// records are the recorded exchanges of the development data.
func records(b *testing.B) []*traffic.Record {
	b.Helper()
	all, errs := collect(traffic.ReadJSONL(bytes.NewReader(recorded(b))))
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	return all
}

func benchmarkRead(b *testing.B, file []byte, read func(io.Reader) iter.Seq2[*traffic.Record, error]) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for _, err := range read(bytes.NewReader(file)) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "exchanges/s")
}

func BenchmarkReadJSONL(b *testing.B) { benchmarkRead(b, recorded(b), traffic.ReadJSONL) }

func BenchmarkReadHAR(b *testing.B) {
	var file bytes.Buffer
	w := traffic.NewHARWriter(&file, traffic.HAROptions{})
	for _, r := range records(b) {
		if err := w.Write(r); err != nil {
			b.Fatal(err)
		}
	}
	_ = w.Close()
	benchmarkRead(b, file.Bytes(), traffic.ReadHAR)
}

func BenchmarkWriteHAR(b *testing.B) {
	all := records(b)
	size := countingWriter(0)
	for b.Loop() {
		size = 0
		w := traffic.NewHARWriter(&size, traffic.HAROptions{})
		for _, r := range all {
			if err := w.Write(r); err != nil {
				b.Fatal(err)
			}
		}
		_ = w.Close()
	}
	b.SetBytes(int64(size))
}

type countingWriter int

func (c *countingWriter) Write(p []byte) (int, error) {
	*c += countingWriter(len(p))
	return len(p), nil
}

func BenchmarkParseQuery(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := traffic.Parse(`host:openai.com and tokens>1000 and (status:5xx or "refund policy") -has:error since:-15m`); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatchQuery(b *testing.B) {
	q, err := traffic.Parse(`host:openai.com and status:2xx and not has:error and size<10MB`)
	if err != nil {
		b.Fatal(err)
	}
	facts := sample().Facts()
	for b.Loop() {
		q.Match(facts, now)
	}
}

func BenchmarkDecode(b *testing.B) {
	plain := bytes.Repeat([]byte("data: {\"choices\":[{\"delta\":{\"content\":\"refund\"}}]}\n\n"), 20_000)
	for _, coding := range []string{"gzip", "br", "zstd"} {
		packed := encode(b, plain, coding)
		b.Run(coding, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			for b.Loop() {
				if _, lost, err := traffic.Decode(packed, coding, 64<<20); err != nil || lost != "" {
					b.Fatal(lost, err)
				}
			}
		})
	}
}
