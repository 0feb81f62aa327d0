package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"time"
)

// logbookLines is how many lines a Logbook remembers.
const logbookLines = 100

// Logbook is a log handler that passes everything on and remembers the latest lines in a form that may be shown to a
// stranger: the message (which is written in our source), numbers, times and kinds of errors. Strings are left out,
// since they may hold hosts, paths and secrets.
type Logbook struct {
	next  slog.Handler
	book  *logLines
	known []slog.Attr
}

type logLines struct {
	mu    sync.Mutex
	lines []string
}

// NewLogbook returns a Logbook in front of next.
func NewLogbook(next slog.Handler) *Logbook { return &Logbook{next: next, book: &logLines{}} }

// Lines returns what is remembered, oldest first.
func (l *Logbook) Lines() []string {
	l.book.mu.Lock()
	defer l.book.mu.Unlock()
	return append([]string{}, l.book.lines...)
}

// Enabled implements slog.Handler. Warnings and errors are always remembered.
func (l *Logbook) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn || l.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (l *Logbook) Handle(ctx context.Context, r slog.Record) error {
	var line strings.Builder
	fmt.Fprintf(&line, "%s %s %s", r.Time.UTC().Format(time.RFC3339), r.Level, plainMessage(r.Message))
	for _, a := range l.known {
		writeAttr(&line, a)
	}
	r.Attrs(func(a slog.Attr) bool {
		writeAttr(&line, a)
		return true
	})
	l.book.mu.Lock()
	if len(l.book.lines) == logbookLines {
		l.book.lines = append(l.book.lines[:0], l.book.lines[1:]...)
	}
	l.book.lines = append(l.book.lines, line.String())
	l.book.mu.Unlock()
	if !l.next.Enabled(ctx, r.Level) {
		return nil
	}
	return l.next.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (l *Logbook) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Logbook{l.next.WithAttrs(attrs), l.book, append(l.known[:len(l.known):len(l.known)], attrs...)}
}

// WithGroup implements slog.Handler.
func (l *Logbook) WithGroup(name string) slog.Handler {
	return &Logbook{l.next.WithGroup(name), l.book, l.known}
}

// plainMessage keeps the words of a message. A message is a constant of our source; libraries build theirs, so whatever
// is not a short plain word goes.
func plainMessage(message string) string {
	words := strings.Fields(message)
	for i, word := range words {
		core := strings.Trim(word, ".,:;()'\"")
		if len(core) > 16 || strings.ContainsFunc(core, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '\'' }) {
			words[i] = "…"
		}
	}
	return strings.Join(words, " ")
}

func writeAttr(line *strings.Builder, a slog.Attr) {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindBool, slog.KindDuration:
		fmt.Fprintf(line, " %s=%s", plainMessage(a.Key), v)
	case slog.KindAny:
		if err, is := v.Any().(error); is {
			fmt.Fprintf(line, " %s=%s", plainMessage(a.Key), errorKind(err))
		}
	default:
	}
}

// errorKind names an error without its words.
func errorKind(err error) string {
	if code, is := errors.AsType[syscall.Errno](err); is {
		return "(" + code.Error() + ")"
	}
	if known, is := errors.AsType[*Error](err); is {
		return "(" + string(known.Code) + ")"
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "(deadline exceeded)"
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fmt.Sprintf("(%T)", err)
}
