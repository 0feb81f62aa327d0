package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"assay/scanner"
	"assay/storage"
)

// causeDay is of the snapshot that is taken once a day.
const causeDay = "day"

// When snapshots are taken.
const (
	firstDay     = 10 * time.Second // somebody who looks into a project for less does not work with it
	eachDay      = 10 * time.Minute // it is looked whether a new day began
	readFirst    = 5 * time.Second  // a snapshot waits so long for what a run sent to be read
	readAsk      = 100 * time.Millisecond
	shotPatience = 30 * time.Second
)

// snapshots takes down how things stand in an open project: once a day, and after every run. It does so beside everything
// else, and holds nobody up. The zero value takes none.
type snapshots struct {
	mu     sync.Mutex
	due    []string // causes, in order
	wake   chan struct{}
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// start begins to take snapshots until stop is called.
func (s *snapshots) start(ctx context.Context, p *Project) {
	ctx, s.cancel = context.WithCancel(ctx)
	s.wake = make(chan struct{}, 1)
	s.done.Go(func() {
		look := time.NewTimer(firstDay)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.wake:
				p.awaitReading(ctx)
				if ctx.Err() == nil {
					p.takeDue(ctx)
				}
			case <-look.C:
				if p.tests.busy() || s.waits() { // half a run tells nothing of a day, and a snapshot of it follows
					look.Reset(firstDay)
					continue
				}
				if err := p.SnapshotOfDay(ctx, time.Now()); err != nil && ctx.Err() == nil {
					p.app.log().Warn("how things stand today could not be kept", "err", err)
				}
				look.Reset(eachDay)
			}
		}
	})
}

// want asks for a snapshot, soon.
func (s *snapshots) want(cause string) {
	s.mu.Lock()
	if !slices.Contains(s.due, cause) {
		s.due = append(s.due, cause)
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // it was woken already, or takes none
	}
}

// waits reports whether something is due.
func (s *snapshots) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.due) > 0
}

// take hands out what is due.
func (s *snapshots) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	due := s.due
	s.due = nil
	return due
}

// stop ends it. What is due still is.
func (s *snapshots) stop() {
	if s.cancel != nil {
		s.cancel()
		s.done.Wait()
	}
}

// awaitReading waits until what was recorded is read and in the inventory, for some seconds at most.
func (p *Project) awaitReading(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, readFirst)
	defer cancel()
	for {
		if behind, err := p.store.Behind(ctx); err != nil || !behind {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(readAsk):
		}
	}
}

// takeDue takes the snapshots that are due. One that fails is lost: it is no reason to disturb anybody. One that is broken off
// stays due, for Close to take.
func (p *Project) takeDue(ctx context.Context) {
	patient, cancel := context.WithTimeout(ctx, shotPatience)
	defer cancel()
	for _, cause := range p.snapshots.take() {
		err := p.TakeSnapshot(patient, cause)
		switch {
		case err != nil && ctx.Err() != nil:
			p.snapshots.want(cause)
		case err != nil:
			p.app.log().Warn("how things stand could not be kept", "after", cause, "err", err)
		}
	}
}

// causeRun is the cause of the snapshot after a run.
func causeRun(id scanner.RunID) string { return fmt.Sprint("run:", id) }

// SnapshotOfDay keeps how things stand, unless that was done since the day of now began.
func (p *Project) SnapshotOfDay(ctx context.Context, now time.Time) error {
	latest, err := p.store.LatestSnapshot(ctx)
	year, month, day := now.Date()
	if err != nil || !latest.Before(time.Date(year, month, day, 0, 0, 0, 0, now.Location())) {
		return err
	}
	return p.takeSnapshot(ctx, now, causeDay)
}

// TakeSnapshot keeps how things stand now. Nothing is kept of a project of which nothing can be said.
func (p *Project) TakeSnapshot(ctx context.Context, cause string) error {
	return p.takeSnapshot(ctx, time.Now(), cause)
}

func (p *Project) takeSnapshot(ctx context.Context, now time.Time, cause string) error {
	library, _, err := p.app.Library("")
	if err != nil {
		return err
	}
	scene, err := p.app.sceneOf(ctx, p.store, library)
	if err != nil || len(scene.Endpoints) == 0 && scene.Models == 0 {
		return err
	}
	scene.At = now
	posture := scene.Posture()
	definition, err := json.Marshal(scene.Snapshot(&posture, cause))
	if err != nil {
		return err
	}
	return p.store.SaveSnapshot(ctx, storage.Snapshot{At: now, Cause: cause, Definition: definition})
}
