package window

import (
	"context"
	"slices"
	"strconv"
	"sync"
)

// Job is long work that goes on while the window is used: an import, a backup, a check.
type Job struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`  // import, export, backup, check, compact, analyse, erase, sample, preview, rewatch
	What  string `json:"what"`  // the file it is about
	Done  int64  `json:"done"`  // units done: bytes or exchanges
	All   int64  `json:"all"`   // 0 when not known
	State string `json:"state"` // running, done, failed, cancelled
	Note  string `json:"note"`  // what came of it, or why it failed
}

// jobs are the running ones and those that ended since the window last looked at them.
type jobs struct {
	mu     sync.Mutex
	next   int
	all    []*Job
	cancel map[string]context.CancelFunc
	wait   sync.WaitGroup
}

func newJobs() *jobs { return &jobs{cancel: map[string]context.CancelFunc{}} }

// start runs work in a goroutine of the jobs' own; report may be called at any time. The note it returns is shown.
func (j *jobs) start(ctx context.Context, kind, what string, changed func(), work func(ctx context.Context, report func(done, all int64)) (string, error)) Job {
	ctx, cancel := context.WithCancel(ctx)
	j.mu.Lock()
	j.next++
	job := &Job{ID: strconv.Itoa(j.next), Kind: kind, What: what, State: "running"}
	j.all = append(j.all, job)
	j.cancel[job.ID] = cancel
	first := *job
	j.mu.Unlock()
	report := func(done, all int64) {
		j.mu.Lock()
		job.Done, job.All = done, all
		j.mu.Unlock()
		changed()
	}
	j.wait.Go(func() {
		note, err := work(ctx, report)
		j.mu.Lock()
		switch {
		case ctx.Err() != nil && err != nil:
			job.State, job.Note = "cancelled", note
		case err != nil:
			f := faultOf(err)
			job.State, job.Note = "failed", f.Message
			if f.Hint != "" {
				job.Note += " (" + f.Hint + ")"
			}
		default:
			job.State, job.Note = "done", note
		}
		delete(j.cancel, job.ID)
		j.mu.Unlock()
		cancel()
		changed()
	})
	return first
}

// list returns copies, oldest first.
func (j *jobs) list() []Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := make([]Job, 0, len(j.all))
	for _, job := range j.all {
		list = append(list, *job)
	}
	return list
}

// end cancels a running job and forgets one that has ended.
func (j *jobs) end(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if cancel, running := j.cancel[id]; running {
		cancel()
		return
	}
	j.all = slices.DeleteFunc(j.all, func(job *Job) bool { return job.ID == id })
}

// stop cancels everything and waits.
func (j *jobs) stop() {
	j.mu.Lock()
	for _, cancel := range j.cancel {
		cancel()
	}
	j.mu.Unlock()
	j.wait.Wait()
}
