package storage

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"iter"
	"time"

	"assay/llm"
	"assay/traffic"
)

var errSkeleton = errors.New("not built yet")

type (
	writer   struct{ db *sql.DB }
	sealer   struct{}
	nameBook struct{}
	feeds    struct{}
	workers  struct{}
)

// Open opens the project file at path.
func Open(ctx context.Context, path string, o Options) (*Project, error) { return nil, errSkeleton }

// Close ends the recorder and the workers and closes the file.
func (p *Project) Close() error { return nil }

// Info returns facts about the project.
func (p *Project) Info(ctx context.Context) (Info, error) { return Info{}, errSkeleton }

// Recorder writes events to the project without ever holding up the one who records.
type Recorder struct{}

// NextID returns the id for an exchange that begins.
func (r *Recorder) NextID() traffic.ID { return 0 }

// Record takes one event. It never waits for a disk.
func (r *Recorder) Record(ev traffic.Event) {}

// Flush waits until everything recorded so far is committed.
func (r *Recorder) Flush(ctx context.Context) error { return errSkeleton }

// Stats returns how the recorder is doing.
func (r *Recorder) Stats() RecorderStats { return RecorderStats{} }

// RecorderStats says how the recorder is doing.
type RecorderStats struct {
	QueuedBytes   int64  // waiting in memory
	JournalBytes  int64  // waiting in the overflow journal
	WrittenEvents int64  // committed
	WrittenBytes  int64  // payload bytes committed
	LostExchanges int64  // exchanges that miss bytes
	LostBytes     int64  // bytes that were dropped
	LostReason    string // the latest reason, empty when nothing was lost
	Commits       int64
	LastCommit    time.Duration // how long the latest commit took
	SlowestCommit time.Duration
	Trouble       string // what keeps the recorder from writing now; empty when it writes
}

// Feed tells what was committed since it was last asked.
type Feed struct{}

// Committed returns a new feed of commits. Close it when done.
func (p *Project) Committed() *Feed { return &Feed{} }

// Signal returns a channel that gets a value when there is something to take.
func (f *Feed) Signal() <-chan struct{} { return nil }

// Take returns and forgets what was committed: exchanges that ended, exchanges that changed otherwise, and whether ids
// were left out because the feed was not read for too long (then Unread and List tell).
func (f *Feed) Take() (ended, changed []traffic.ID, missed bool) { return nil, nil, false }

// Close ends the feed.
func (f *Feed) Close() {}

// Exchange returns an exchange without the bytes of its bodies.
func (p *Project) Exchange(ctx context.Context, id traffic.ID) (*traffic.Exchange, error) {
	return nil, errSkeleton
}

// Body opens what the project holds of a body, as it travelled. A body that still arrives ends where it is now.
func (p *Project) Body(ctx context.Context, id traffic.ID, side traffic.Side) (io.ReadSeekCloser, error) {
	return nil, errSkeleton
}

// ReadBody reads at most limit bytes of a body (0: all of it) and tells whether there is more.
func (p *Project) ReadBody(ctx context.Context, id traffic.ID, side traffic.Side, limit int64) (data []byte, more bool, err error) {
	return nil, false, errSkeleton
}

// Segments yields the pieces of a body in the order and with the times at which they arrived.
func (p *Project) Segments(ctx context.Context, id traffic.ID, side traffic.Side) iter.Seq2[traffic.Segment, error] {
	return func(yield func(traffic.Segment, error) bool) {}
}

// Frames returns messages of a WebSocket session: those whose Seq is at least from, at most limit of them (0: all).
func (p *Project) Frames(ctx context.Context, id traffic.ID, from, limit int) ([]traffic.Frame, error) {
	return nil, errSkeleton
}

// List returns a page of exchanges.
func (p *Project) List(ctx context.Context, f Filter) ([]Row, error) { return nil, errSkeleton }

// Count counts exchanges.
func (p *Project) Count(ctx context.Context, where *traffic.Query) (Total, error) {
	return Total{}, errSkeleton
}

// Facets returns the values to narrow a list to.
func (p *Project) Facets(ctx context.Context) (Facets, error) { return Facets{}, errSkeleton }

// SaveReading keeps what an exchange meant, in place of an earlier reading.
func (p *Project) SaveReading(ctx context.Context, id traffic.ID, c *llm.Conversation) error {
	return errSkeleton
}

// SaveReadings does so for many exchanges in one transaction.
func (p *Project) SaveReadings(ctx context.Context, readings map[traffic.ID]*llm.Conversation) error {
	return errSkeleton
}

// Reading returns what SaveReading kept: all of a conversation but the texts of its Messages and the schemas of its
// Tools, which are in the body and come back by reading that again.
func (p *Project) Reading(ctx context.Context, id traffic.ID) (*llm.Conversation, error) {
	return nil, errSkeleton
}

// Unread returns exchanges that ended and have no reading of Options.ReadingVersion, oldest first.
func (p *Project) Unread(ctx context.Context, limit int) ([]traffic.ID, error) {
	return nil, errSkeleton
}

// ImportOptions say how an import reports.
type ImportOptions struct {
	Each     func(index int64, id traffic.ID) // called in input order once the exchange is committed
	Progress func(exchanges, bytes int64)     // called after every transaction
}

// Import adds exchanges. It stops at the first error of the input and keeps what came before.
func (p *Project) Import(ctx context.Context, in iter.Seq2[*traffic.Record, error], o ImportOptions) (n int64, err error) {
	return 0, errSkeleton
}

// SetTags replaces the tags of an exchange.
func (p *Project) SetTags(ctx context.Context, id traffic.ID, tags []string) error {
	return errSkeleton
}

// SetNote replaces the note of an exchange.
func (p *Project) SetNote(ctx context.Context, id traffic.ID, note string) error { return errSkeleton }

// SetColour replaces the mark of an exchange; empty takes it away.
func (p *Project) SetColour(ctx context.Context, id traffic.ID, colour string) error {
	return errSkeleton
}

// Delete moves exchanges to the trash and returns how many there were.
func (p *Project) Delete(ctx context.Context, ids ...traffic.ID) (int, error) { return 0, errSkeleton }

// Undelete brings exchanges back from the trash.
func (p *Project) Undelete(ctx context.Context, ids ...traffic.ID) (int, error) {
	return 0, errSkeleton
}

// Purge empties the trash for good and returns how many exchanges it held.
func (p *Project) Purge(ctx context.Context) (int, error) { return 0, errSkeleton }

// Policy says what to keep.
type Policy struct {
	MaxAge    time.Duration // exchanges older than this go; 0 keeps all
	MaxBytes  int64         // the oldest go until what is kept in bodies is no more than this; 0 keeps all
	Hosts     []string      // exchanges with these hosts go; * stands for any characters
	KeepNoted bool          // exchanges with a tag, a note or a mark stay
}

// Retain deletes for good what a policy does not keep and returns how many exchanges that were.
func (p *Project) Retain(ctx context.Context, policy Policy) (int, error) { return 0, errSkeleton }

// Backup writes the whole project, large bodies included, into one new file.
func (p *Project) Backup(ctx context.Context, file string) error { return errSkeleton }

// Compact gives back space that nothing uses.
func (p *Project) Compact(ctx context.Context) error { return errSkeleton }

// Settle waits until bodies are packed and texts are indexed.
func (p *Project) Settle(ctx context.Context) error { return errSkeleton }

// Problem is something Check found.
type Problem struct {
	ID   traffic.ID // 0 when it concerns no single exchange
	What string
}

// Check looks for damage.
func (p *Project) Check(ctx context.Context) ([]Problem, error) { return nil, errSkeleton }

// Credential returns the value behind a placeholder.
func (p *Project) Credential(ctx context.Context, placeholder string) (string, error) {
	return "", errSkeleton
}
