package storage

import (
	"context"
	"errors"
	"iter"
	"os"

	"assay/traffic"
)

const (
	importBatch = 500     // exchanges of one transaction
	importBytes = 8 << 20 // bytes of bodies of one transaction
)

// ImportOptions say how an import reports.
type ImportOptions struct {
	Each     func(index int64, id traffic.ID) // called in input order once the exchange is committed
	Progress func(exchanges, bytes int64)     // called after every transaction with what is committed
}

// importer collects exchanges to one transaction.
type importer struct {
	p     *Project
	o     ImportOptions
	batch []*traffic.Record
	size  int64
	n     int64 // committed
	bytes int64
}

// Import adds exchanges and returns how many. It stops at the first error of the input; what came before it is kept.
// The project takes over the records it is given.
func (p *Project) Import(ctx context.Context, in iter.Seq2[*traffic.Record, error], o ImportOptions) (int64, error) {
	if p.readOnly {
		return 0, errReadOnly
	}
	p.work.imports.Add(1)
	defer func() {
		p.work.imports.Add(-1)
		signal(p.work.packing)
	}()
	m := &importer{p: p, o: o}
	for r, err := range in {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return m.n, errors.Join(err, m.commit(context.WithoutCancel(ctx)))
		}
		if r == nil {
			continue
		}
		m.batch = append(m.batch, r)
		m.size += recordSize(r)
		if len(m.batch) >= importBatch || m.size >= importBytes {
			if err := m.commit(ctx); err != nil {
				return m.n, err
			}
		}
	}
	err := m.commit(ctx)
	return m.n, err
}

func recordSize(r *traffic.Record) int64 {
	n := int64(len(r.Request.Body.Data))
	if r.Response != nil {
		n += int64(len(r.Response.Body.Data))
	}
	for i := range r.Frames {
		n += int64(len(r.Frames[i].Data))
	}
	return n
}

func (m *importer) commit(ctx context.Context) error {
	if len(m.batch) == 0 {
		return nil
	}
	ids := make([]traffic.ID, len(m.batch))
	err := m.p.update(ctx, func(t *tx) error {
		last := m.p.nextID.Add(int64(len(ids)))
		for i, r := range m.batch {
			ids[i] = traffic.ID(last - int64(len(ids)-1-i))
			if err := t.insertRecord(ids[i], r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		if diskFull(err) {
			err = errors.Join(errors.New("the disk is full: make room and import the rest"), err)
		}
		return err
	}
	first := m.n
	m.n += int64(len(ids))
	m.bytes += m.size
	m.batch, m.size = m.batch[:0], 0
	m.p.feeds.publish(ids, nil)
	m.p.work.ended(ids)
	if m.o.Each != nil {
		for i, id := range ids {
			m.o.Each(first+int64(i), id)
		}
	}
	if m.o.Progress != nil {
		m.o.Progress(m.n, m.bytes)
	}
	return nil
}

// insertRecord writes an exchange that is whole.
func (t *tx) insertRecord(id traffic.ID, r *traffic.Record) error {
	x := t.p.seal.exchange(&r.Exchange)
	if x.Source == "" {
		x.Source = traffic.SourceImport
	}
	if x.Kind == "" {
		x.Kind = traffic.KindHTTP
	}
	if !x.State.Ended() {
		x.State = stateOfImport(x)
	}
	req, err := t.importBody(id, traffic.FromClient, r.Request.Body.Data, nil)
	if err != nil {
		return err
	}
	var res column
	if r.Response != nil {
		if res, err = t.importBody(id, traffic.FromServer, r.Response.Body.Data, r.Segments); err != nil {
			return err
		}
	}
	for side, c := range [2]column{req, res} {
		if b := bodyOf(x, traffic.Side(side)); b != nil {
			b.Kept, b.Size = c.len, max(b.Size, c.len)
		}
	}
	row := rowOf(id, x, req.len, res.len)
	if len(r.Frames) > 0 {
		row.flags |= flagFrames
	}
	if err := t.insertRow(&row); err != nil {
		return err
	}
	if err := t.insertContent(id, 0, appendHead(nil, x), req, res); err != nil {
		return err
	}
	for i := range r.Frames {
		if err := t.insertFrame(id, &r.Frames[i]); err != nil {
			return err
		}
	}
	if len(r.Tags) == 0 && r.Note == "" && r.Colour == "" {
		return nil
	}
	return t.annotate(id, r.Tags, r.Note, r.Colour)
}

// stateOfImport is how an exchange ended whose file does not say.
func stateOfImport(x *traffic.Exchange) traffic.State {
	if x.State == traffic.StateUnsent {
		return traffic.StateUnsent
	}
	if x.Response == nil && x.Kind == traffic.KindHTTP {
		return traffic.StateFailed
	}
	return traffic.StateComplete
}

// importBody returns the column of a body; large ones go to their file at once.
func (t *tx) importBody(id traffic.ID, side traffic.Side, data []byte, segments []traffic.Segment) (c column, err error) {
	if len(data) == 0 {
		return column{}, nil
	}
	times := encodeArrivals(segments)
	if len(segments) == 0 {
		times = encodeArrivals([]traffic.Segment{{Data: data}})
	}
	if len(data) <= inlineLimit {
		return column{formInline, int64(len(data)), times, data}, nil
	}
	file, err := t.p.openPart(id, side)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Truncate(0); err != nil {
		return c, err
	}
	if _, err := file.Write(data); err != nil {
		return c, errors.Join(err, os.Remove(file.Name()))
	}
	// The times lie where those of a body that arrived over time do.
	err = t.run("INSERT INTO segment (id, side, seq, times, data) VALUES (?, ?, 0, ?, NULL)", int64(id), int64(side), times)
	return column{form: formPart, len: int64(len(data))}, err
}
