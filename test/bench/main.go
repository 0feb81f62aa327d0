// Command bench measures the recorder against the direct path and against a peer, in one run and on one machine, and
// prints the figures of docs/benchmarks.md.
//
// Server, client and proxy are processes of their own on loopback; with two cores they share them, so ratios say more
// than rates, and CPU seconds of the proxy's process more than either.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == "upstream" {
		exit(serveUpstream(ctx))
	}
	if len(os.Args) > 1 && os.Args[1] == "null" {
		exit(serveNull(ctx))
	}
	if len(os.Args) > 1 && os.Args[1] == "unread" {
		exit(serveUnread(ctx))
	}
	if len(os.Args) > 1 && os.Args[1] == "instant" {
		exit(serveInstant(ctx))
	}
	if len(os.Args) > 1 && os.Args[1] == "guarded" {
		exit(serveGuarded(ctx))
	}
	assay := flag.String("assay", "build/bin/assay", "the program to measure")
	only := flag.String("only", "json,stream,bulk,handshake,idle", "what to measure")
	lasts := flag.Duration("lasts", 4*time.Second, "how long each load lasts")
	flag.Parse()
	exit(measure(ctx, *assay, strings.Split(*only, ","), *lasts))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// bench is one run: the server, where to print, how long loads last.
type bench struct {
	assay    string
	upstream *process
	target   string // https://127.0.0.1:PORT
	lasts    time.Duration
	dir      string
}

func measure(ctx context.Context, assay string, only []string, lasts time.Duration) error {
	dir, err := os.MkdirTemp("", "assay-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	up, err := start(ctx, self, []string{"upstream"}, nil)
	if err != nil {
		return err
	}
	defer up.stop()
	b := &bench{assay: assay, upstream: up, target: up.ready, lasts: lasts, dir: dir}
	parts := map[string]func(context.Context) error{
		"json": b.json, "stream": b.stream, "bulk": b.bulk, "handshake": b.handshake, "idle": b.idle, "discover": b.discover,
		"tests": b.tests, "guard": b.guard,
	}
	for _, name := range only {
		part := parts[name]
		if part == nil {
			return fmt.Errorf("there is no part %q", name)
		}
		if err := part(ctx); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// row prints one line of a Markdown table.
func row(cells ...any) {
	text := make([]string, len(cells))
	for i, c := range cells {
		text[i] = fmt.Sprint(c)
	}
	fmt.Fprintln(os.Stdout, "| "+strings.Join(text, " | ")+" |")
}

// head begins a table.
func head(title string, columns ...any) {
	fmt.Fprintf(os.Stdout, "\n### %s\n\n", title)
	row(columns...)
	rules := make([]any, len(columns))
	for i := range rules {
		rules[i] = "---"
	}
	row(rules...)
}
