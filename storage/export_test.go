package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"assay/scanner"
	"assay/traffic"
)

// SetBreadth makes searches with more than hits hits walk windows that begin with window ids, and the inventory be asked
// about each exchange where it knows more than that many.
func SetBreadth(p *Project, hits, window int64) { p.breadth = breadth{hits, window, hits} }

// SplitBody, DecodeHead, DecodeRecipe and OpenBlock are what fuzz tests feed.
var (
	SplitBody    = split
	DecodeRecipe = decodeRecipe
	OpenBlock    = openBlock
	SecretName   = secretName
)

// RewriteHead decodes and encodes a head.
func RewriteHead(b []byte) ([]byte, error) {
	x, err := decodeHead(b)
	if err != nil {
		return nil, err
	}
	return appendHead(nil, x), nil
}

// JournalOf returns a journal that holds one exchange.
func JournalOf(ctx context.Context, x *traffic.Exchange, f *traffic.Frame, body []byte) []byte {
	s := newSealer(ctx, nil, "", makeNoKey, slog.New(slog.DiscardHandler))
	b := []byte(journalMagic)
	for i, ev := range []traffic.Event{
		{ID: 1, Kind: traffic.EventBegin, Exchange: x},
		{ID: 1, Kind: traffic.EventData, Side: traffic.FromServer, Data: body},
		{ID: 1, Kind: traffic.EventFrame, Frame: f},
		{ID: 1, Kind: traffic.EventEnd, Exchange: x},
	} {
		b = appendFrame(b, journalEvent, func(e *encoder) { e.event(&item{ev: ev, ordinal: uint32(i + 1)}, s) })
	}
	return appendFrame(b, journalCredential, func(e *encoder) { e.sealed(sealed{placeholder: "p", name: "n", key: "k", value: []byte("v")}) })
}

// HoldWriter keeps everybody from writing until the returned function is called.
func HoldWriter(p *Project) (release func()) {
	<-p.write.turn
	return p.write.release
}

// SetSchemaVersion makes a project look as if another program had written it.
func SetSchemaVersion(p *Project, version int) error {
	<-p.write.turn
	defer p.write.release()
	_, err := p.write.conn.ExecContext(context.Background(), fmt.Sprint("PRAGMA user_version = ", version))
	return err
}

// ReadJournal reads a journal to its end.
func ReadJournal(name string) ([]traffic.Event, error) {
	j := newJournal(name)
	if _, err := j.reopen(); err != nil {
		return nil, err
	}
	var events []traffic.Event
	for {
		items, _, last, err := j.next(batchItems, batchBytes)
		if err != nil {
			return events, errors.Join(err, j.file.Close())
		}
		for _, it := range items {
			events = append(events, it.ev)
		}
		if last {
			return events, j.file.Close()
		}
	}
}

// PackFacts and UnpackFacts write and read the facts of an endpoint, PackFactsBefore as earlier versions wrote them.
var PackFacts = packEndpointFacts

func PackFactsBefore(f *scanner.Facts) ([]byte, error) { return packFacts(f) }

func UnpackFacts(b []byte) (f scanner.Facts, err error) {
	err = unpackEndpointFacts(b, &f, newWords())
	return f, err
}

// PackTrial writes what is kept of a trial, UnpackTrial reads it; the others read definitions of runs, cases and roles.
var (
	PackTrial   = packTrial
	UnpackTrial = unpackTrial
	DecodeRole  = decodeRole
	DecodeRun   = decodeRun
	DecodeCase  = decodeCase
)

// Clean puts placeholders in place of secrets, and tells where a place of the text is afterwards.
func Clean(ctx context.Context, secrets []string, text []byte) (clean []byte, at func(int) int) {
	s := newSealer(ctx, nil, "", makeNoKey, slog.New(slog.DiscardHandler))
	out, moved := s.cleaner(secrets).bytes(text)
	return out, moved.at
}

// SetMostActors makes a project keep fewer actors.
func SetMostActors(p *Project, n int64) { p.vigil.most = n }
