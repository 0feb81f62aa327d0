package window

import (
	"io"
	"sync"

	"assay/traffic"
)

// mostDecoded bounds what is decoded of one answer, in bytes: a few kilobytes can unfold to any size.
const mostDecoded = 64 << 20

// pump undoes a content coding while the bytes arrive. Decoders pull, the network pushes: a goroutine runs the decoder,
// and push waits until it wants more than there is.
type pump struct {
	mu      sync.Mutex
	turn    *sync.Cond
	in, out []byte
	made    int  // bytes decoded so far
	hungry  bool // the decoder waits for bytes
	closed  bool // no more will come
	done    bool // the decoder has ended
	err     error
}

// newPump returns a pump for a Content-Encoding, or nil where nothing is to be undone or nobody knows how.
func newPump(coding string) *pump {
	if len(traffic.Codings(coding)) == 0 {
		return nil
	}
	p := &pump{}
	p.turn = sync.NewCond(&p.mu)
	decoder, err := traffic.NewDecoder(p, coding)
	if err != nil {
		return nil
	}
	go p.run(decoder)
	return p
}

func (p *pump) run(decoder io.ReadCloser) {
	defer decoder.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := decoder.Read(buffer)
		p.mu.Lock()
		p.out = append(p.out, buffer[:n]...)
		p.made += n
		if err != nil || p.made > mostDecoded {
			p.done, p.err = true, err
			p.turn.Broadcast()
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
	}
}

// Read implements io.Reader for the decoder.
func (p *pump) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.in) == 0 && !p.closed {
		p.hungry = true
		p.turn.Broadcast()
		p.turn.Wait()
	}
	if len(p.in) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.in)
	p.in = p.in[n:]
	return n, nil
}

// push decodes the next bytes. What it returns belongs to the caller. failed tells that nothing can be decoded: the
// bytes are not of this coding.
func (p *pump) push(b []byte) (decoded []byte, failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.in, p.hungry = append(p.in, b...), false
	p.turn.Broadcast()
	for !p.hungry && !p.done {
		p.turn.Wait()
	}
	decoded, p.out = p.out, nil
	return decoded, p.done && p.made == 0 && p.err != nil && p.err != io.EOF //nolint:errorlint // decoders end with io.EOF itself
}

// close ends the decoder.
func (p *pump) close() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.turn.Broadcast()
}
