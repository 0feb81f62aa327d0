package guard_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"strings"
	"testing"

	"assay/scanner/guard"
)

// cut divides a stream into pieces of these sizes.
func cut(b []byte, size int) [][]byte {
	var all [][]byte
	for len(b) > 0 {
		n := min(max(size, 1), len(b))
		all = append(all, bytes.Clone(b[:n]))
		b = b[n:]
	}
	return all
}

var framings = []string{"sse", "lines", "array", "aws", "plain"}

// marked finds what is to be taken out: the mark of the tests, which is said in one word.
func marked(window string) [][2]int {
	var all [][2]int
	for at := 0; ; {
		i := strings.Index(window[at:], "SECRETX1Y2Z3")
		if i < 0 {
			return all
		}
		all = append(all, [2]int{at + i, at + i + 12})
		at += i + 12
	}
}

// awsMessage is a message of an AWS event stream without headers.
func awsMessage(payload string) []byte {
	m := make([]byte, 12, 16+len(payload))
	binary.BigEndian.PutUint32(m, uint32(16+len(payload)))
	binary.BigEndian.PutUint32(m[8:], crc32.ChecksumIEEE(m[:8]))
	m = append(m, payload...)
	return binary.BigEndian.AppendUint32(m, crc32.ChecksumIEEE(m))
}

// FuzzFilter holds that a stream in which nothing is found goes through byte for byte, however it comes in pieces.
func FuzzFilter(f *testing.F) {
	for i, seed := range []string{
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo SECRETX1Y\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"2Z3 you\"}}]}\n\ndata: [DONE]\n\n",
		"{\"message\":{\"content\":\"a SECRETX\"}}\n{\"message\":{\"content\":\"1Y2Z3 b\"}}\n{\"done\":true}\n",
		"[{\"text\":\"one SEC\"},\r\n{\"text\":\"RETX1Y2Z3\"}]",
		string(awsMessage(`{"delta":{"text":"SECRETX1"}}`)) + string(awsMessage(`{"delta":{"text":"Y2Z3."}}`)),
		"plain SECRETX1Y2Z3 text \xff\xfe",
		"event: error\r\ndata: {\"a\":\"\\ud83d\\u0053ECRETX1Y2Z3\",\"b\":[1234567890,{\"\":\"\"}]}\r\n\r\n: note\r\rdata:\r\rdata: {\"x\":\"\\",
	} {
		f.Add([]byte(seed), uint8(i), uint8(7), uint8(30))
		f.Add([]byte(seed), uint8(i), uint8(1), uint8(0))
	}
	f.Fuzz(func(t *testing.T, stream []byte, framing, size, ms uint8) {
		if len(stream) > 1<<14 {
			return
		}
		media := framings[int(framing)%len(framings)]
		pieces := cut(stream, int(size))
		if out := guard.Filter(media, pieces, int(ms), func(string) [][2]int { return nil }); !bytes.Equal(out, stream) {
			t.Fatalf("%s: %q became %q", media, stream, out)
		}
		guard.Filter(media, pieces, int(ms), marked)
	})
}

// FuzzDeltas holds that what is said in deltas comes out as it would in one: a secret is taken out wherever it is cut,
// everything else is there.
func FuzzDeltas(f *testing.F) {
	f.Add("The key is ", " and that is all.", uint8(4), uint8(10))
	f.Add("\"quoted\" \n", "\u00fc 😀 \t", uint8(1), uint8(25))
	f.Add("4111 1111 ", " -----BEGIN sk-", uint8(3), uint8(0))
	f.Fuzz(func(t *testing.T, before, after string, size, ms uint8) {
		if len(before)+len(after) > 2000 || strings.Contains(before+after, "SECRET") {
			return
		}
		said := strings.ToValidUTF8(before, "?") + " SECRETX1Y2Z3 " + strings.ToValidUTF8(after, "?")
		var stream []byte
		runes := []rune(said)
		for len(runes) > 0 {
			n := min(max(int(size%16), 1), len(runes))
			delta, err := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{"content": string(runes[:n])}}}})
			if err != nil {
				t.Fatal(err)
			}
			stream, runes = append(append(append(stream, "data: "...), delta...), "\n\n"...), runes[n:]
		}
		out := guard.Filter("sse", cut(stream, 1+len(stream)/7), int(ms%11), marked) // all of it within the time text is held
		var got strings.Builder
		for event := range strings.SplitSeq(string(out), "\n\n") {
			var e struct {
				Choices []struct {
					Delta struct{ Content string }
				}
			}
			if data, found := strings.CutPrefix(event, "data: "); found {
				if err := json.Unmarshal([]byte(data), &e); err != nil {
					t.Fatalf("%v in %q", err, data)
				}
				got.WriteString(e.Choices[0].Delta.Content)
			}
		}
		if want := strings.ReplaceAll(said, "SECRETX1Y2Z3", "[X]"); got.String() != want {
			t.Fatalf("\n got %q\nwant %q", got.String(), want)
		}
	})
}

func TestFilterTakesOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, media, in, want string }{
		{
			"over three events", "sse",
			"data: {\"d\":{\"content\":\"a SECR\"}}\n\ndata: {\"d\":{\"content\":\"ETX1Y\"}}\n\ndata: {\"d\":{\"content\":\"2Z3 b\"}}\n\ndata: [DONE]\n\n",
			"data: {\"d\":{\"content\":\"a [X]\"}}\n\ndata: {\"d\":{\"content\":\"\"}}\n\ndata: {\"d\":{\"content\":\" b\"}}\n\ndata: [DONE]\n\n",
		},
		{"escaped", "sse", "data: {\"t\":\"\\u0053ECRETX1Y2Z3\\n.\"}\n\n", "data: {\"t\":\"[X]\\n.\"}\n\n"},
		{"lines", "lines", "{\"t\":\"SECRETX1\"}\n{\"t\":\"Y2Z3 b\"}\n", "{\"t\":\"[X]\"}\n{\"t\":\" b\"}\n"},
		{
			"choices apart", "sse",
			"data: {\"c\":[{\"index\":0,\"t\":\"SECRETX1\"}]}\n\ndata: {\"c\":[{\"index\":1,\"t\":\"other\"}]}\n\ndata: {\"c\":[{\"index\":0,\"t\":\"Y2Z3\"}]}\n\n",
			"data: {\"c\":[{\"index\":0,\"t\":\"[X]\"}]}\n\ndata: {\"c\":[{\"index\":1,\"t\":\"other\"}]}\n\ndata: {\"c\":[{\"index\":0,\"t\":\"\"}]}\n\n",
		},
		{"array", "array", "[{\"t\":\"SECRETX1\"},\n{\"t\":\"Y2Z3\"}]", "[{\"t\":\"[X]\"},\n{\"t\":\"\"}]"},
		{"plain", "plain", "it is SECRETX1Y2Z3.", "it is [X]."},
		{"AWS", "aws", string(awsMessage(`{"t":"a SECRETX1"}`)) + string(awsMessage(`{"t":"Y2Z3."}`)), string(awsMessage(`{"t":"a [X]"}`)) + string(awsMessage(`{"t":"."}`))},
	} {
		for _, size := range []int{1, 3, 16, 1000} {
			if got := guard.Filter(c.media, cut([]byte(c.in), size), 1, marked); string(got) != c.want {
				t.Errorf("%s in pieces of %d:\n got %q\nwant %q", c.name, size, got, c.want)
			}
		}
	}
}
