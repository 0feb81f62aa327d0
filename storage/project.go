package storage

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"assay/llm"
)

// Keys keeps small secrets by name outside of the project file, in the keychain of the operating system for example.
type Keys interface {
	// Get gives the secret, or an error when there is none of that name.
	Get(ctx context.Context, name string) ([]byte, error)
	// Set keeps a secret in place of the one that had the name.
	Set(ctx context.Context, name string, secret []byte) error
}

// Options say how a project is opened. The zero value opens it for writing, makes it if it does not exist, and keeps
// no values of credentials.
type Options struct {
	// Keys keeps the key that seals the project's credentials. Nil means that values of credentials are forgotten and
	// only their placeholders are kept.
	Keys Keys
	// Log receives what an operator should know; never bodies or keys. Nil discards.
	Log *slog.Logger
	// ReadOnly opens without the right to write and beside a process that has the project open.
	ReadOnly bool
	// MustExist refuses to make a new project.
	MustExist bool
	// ReadingVersion is the version of the rules that read conversations. Unread lists exchanges read by others.
	ReadingVersion int
	// Price gives what a conversation cost in millionths of a US dollar, and whether that is known. Nil means unknown.
	Price func(*llm.Conversation) (int64, bool)
}

// Project is one project file and what lies beside it. It is safe for concurrent use.
type Project struct {
	path     string
	options  Options
	log      *slog.Logger
	uuid     string
	created  time.Time
	readOnly bool
	still    bool   // nobody can change it
	why      string // why the project is read-only though writing was asked for
	unlock   func() error

	write   *writer // the one connection that changes the file; nil when read-only
	folder  *sql.DB // the connection that folds the write-ahead log into the file and makes backups
	readers *sql.DB // connections that only read
	probes  *sql.DB // connections for reads inside of a read

	nextID atomic.Int64
	seal   *sealer
	names  *nameBook
	dicts  dictionaries
	// nextDictionary gives ids that are never given twice, also when the transaction that first used one failed:
	// dictionaries are kept ready by their id.
	nextDictionary atomic.Int64
	blocks         blockCache
	readings       readingBook
	unread         unreadMark
	breadth        breadth
	feeds          feeds
	onlooker       onlooker
	stock          stock
	vigil          vigil
	rec            *Recorder // nil when read-only
	work           *workers  // nil when read-only

	closeOnce sync.Once
	closeErr  error
}

// Path returns the project's file.
func (p *Project) Path() string { return p.path }

// ReadOnly reports whether the project was opened without the right to write, and why when writing was asked for.
func (p *Project) ReadOnly() (bool, string) { return p.readOnly, p.why }

// Because sets what ReadOnly says is the reason, where only the caller knows it. It must be called before others use the
// project.
func (p *Project) Because(why string) { p.why = why }

// Recorder returns the project's recorder; nil when the project is read-only.
func (p *Project) Recorder() *Recorder { return p.rec }

// Info says what a project is.
type Info struct {
	Path          string
	UUID          string
	Created       time.Time
	SchemaVersion int
	Exchanges     int64 // without those in the trash
	Deleted       int64 // in the trash
	Conversations int64 // exchanges that are more than plain traffic
	Credentials   int64 // sealed values
	FileBytes     int64 // the project file with its write-ahead log
	BlobBytes     int64 // files of large bodies beside it
	JournalBytes  int64 // events waiting in the overflow journal
	KeepsValues   bool  // values of credentials are kept, not only placeholders
}

// ErrNoExchange says that the project holds no exchange of that id.
var ErrNoExchange = errors.New("the project holds no exchange of that id")

// errReadOnly is what every change says in a project that is open for reading only.
var errReadOnly = errors.New("the project is open for reading only")
