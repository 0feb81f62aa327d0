// Command assay is Assay without a window: one static binary for scripts, servers, CI and tests.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the build (-ldflags -X main.version=…).
var version = "dev"

func main() {
	log.SetOutput(io.Discard) // net/http tells the world about bytes that servers send unasked; their rows say it
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main as a function, so that tests start the whole program. Ctrl-C and SIGTERM end what runs cleanly; a second
// one ends the process.
func run(args []string, in *os.File, out, errs *os.File) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return execute(ctx, args, in, out, errs)
}
