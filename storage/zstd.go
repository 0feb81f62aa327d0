package storage

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// maxInflated bounds what a damaged file can make us allocate.
const maxInflated = 256 << 20

// squeezer compresses and inflates. Its methods may be called by several goroutines at once.
type squeezer struct {
	best *zstd.Encoder
	fast *zstd.Encoder
	out  *zstd.Decoder
}

func newSqueezer() (*squeezer, error) {
	best, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault),
		zstd.WithWindowSize(1<<20), zstd.WithEncoderCRC(true))
	if err != nil {
		return nil, err
	}
	fast, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, err
	}
	out, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxInflated), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return &squeezer{best, fast, out}, nil
}

// theSqueezer is shared: encoders take megabytes.
var theSqueezer = sync.OnceValues(newSqueezer)

func squeeze(b []byte) ([]byte, error) {
	s, err := theSqueezer()
	if err != nil {
		return nil, err
	}
	return s.best.EncodeAll(b, nil), nil
}

func squeezeFast(b []byte) ([]byte, error) {
	s, err := theSqueezer()
	if err != nil {
		return nil, err
	}
	return s.fast.EncodeAll(b, nil), nil
}

func inflate(b []byte) ([]byte, error) {
	s, err := theSqueezer()
	if err != nil {
		return nil, err
	}
	out, err := s.out.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCodec, err)
	}
	return out, nil
}

// maxDictionaries is how many dictionaries are kept ready; their encoders take a few hundred kilobytes each.
const maxDictionaries = 16

// dictionaries compresses with an earlier text of the same kind in mind.
type dictionaries struct {
	mu  sync.Mutex
	enc map[int64]*zstd.Encoder
	dec map[int64]*zstd.Decoder
}

func (d *dictionaries) squeeze(id int64, dictionary, b []byte) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	enc := d.enc[id]
	if enc == nil {
		var err error
		enc, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithWindowSize(16<<10),
			zstd.WithEncoderCRC(true), zstd.WithEncoderDictRaw(uint32(id), dictionary))
		if err != nil {
			return nil, err
		}
		if len(d.enc) >= maxDictionaries || d.enc == nil {
			d.enc = map[int64]*zstd.Encoder{}
		}
		d.enc[id] = enc
	}
	return enc.EncodeAll(b, nil), nil
}

// inflate calls load when it does not have the dictionary ready.
func (d *dictionaries) inflate(id int64, b []byte, load func(int64) ([]byte, error)) ([]byte, error) {
	d.mu.Lock()
	dec := d.dec[id]
	d.mu.Unlock()
	if dec == nil {
		dictionary, err := load(id)
		if err != nil {
			return nil, err
		}
		dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxInflated), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderDictRaw(uint32(id), dictionary))
		if err != nil {
			return nil, err
		}
		d.mu.Lock()
		if len(d.dec) >= maxDictionaries || d.dec == nil {
			d.dec = map[int64]*zstd.Decoder{}
		}
		d.dec[id] = dec
		d.mu.Unlock()
	}
	out, err := dec.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCodec, err)
	}
	return out, nil
}
