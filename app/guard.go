package app

import (
	"context"

	"assay/scanner"
	"assay/scanner/guard"
)

// GuardModes are the words for how far the guard goes, the mildest first.
var GuardModes = []string{string(scanner.GuardOff), string(scanner.GuardMonitor), string(scanner.GuardEnforce)}

// guardMode reads such a word. An empty one is left open.
func guardMode(word string) (scanner.GuardMode, error) {
	switch mode := scanner.GuardMode(word); mode {
	case "", scanner.GuardOff, scanner.GuardMonitor, scanner.GuardEnforce:
		return mode, nil
	}
	hint := "monitor decides and records without changing anything, enforce carries it out"
	if near := Nearest(word, GuardModes); near != "" {
		hint = "did you mean " + near + "?"
	}
	return "", usagef(hint, "--guard %s is not one of off, monitor and enforce", Harmless(word, 40))
}

// SetGuard changes how far the guard of the recorder at work goes, and keeps that for the next one. Off by default.
func (p *Project) SetGuard(ctx context.Context, mode scanner.GuardMode) error {
	mode, err := guardMode(string(mode))
	if err != nil {
		return err
	}
	if mode == "" {
		mode = scanner.GuardOff
	}
	if ro, _ := p.store.ReadOnly(); ro {
		return p.readOnly()
	}
	if p.guarding.recording() {
		if err := p.guardWith(ctx, mode); err != nil {
			return err
		}
	}
	err = p.store.SetGuardMode(ctx, mode)
	p.guarding.tell()
	return err
}

// Guard tells how far the guard of this project goes: that of the recorder at work, or else of the next one.
func (p *Project) Guard(ctx context.Context) (scanner.GuardMode, error) {
	if p.guarding.recording() {
		return p.guarding.now().Mode, nil
	}
	return p.store.GuardMode(ctx)
}

// GuardState is the guard of the recorder at work.
type GuardState struct {
	Mode     scanner.GuardMode
	Policies int   // that are on
	Closed   int   // of them those that fail closed; the others fail open
	Rulings  int64 // that were kept since recording began
	Lost     int64 // that could not be kept: there were too many at once, or the disk was full
	Waiting  int   // for a person
}

// GuardNow returns how the guard of the recorder at work is doing. Its mode is off where none is.
func (p *Project) GuardNow() GuardState { return p.guarding.now() }

// GuardChanged is told when something waits or no longer waits for a person, when there are new rulings, and when mode or
// policies changed. It is one channel for all: whoever reads it should be the only one.
func (p *Project) GuardChanged() <-chan struct{} { return p.guarding.changes() }

// Waiting returns what waits for a person's approval, the oldest first.
func (p *Project) Waiting() []Approval { return p.guarding.asked.list() }

// Answer says yes or no to what waits. False where it no longer does.
func (p *Project) Answer(id int64, yes bool) bool {
	answered := p.guarding.asked.answer(id, yes)
	p.guarding.tell()
	return answered
}

// Approval is something that waits for a person.
type Approval struct {
	ID int64
	guard.Question
}

// PoliciesChanged makes the guard at work read the project's policies again. What is under way ends as it began.
func (p *Project) PoliciesChanged(ctx context.Context) error {
	defer p.guarding.tell()
	if !p.guarding.recording() {
		return nil
	}
	return p.guardWith(ctx, p.guarding.now().Mode)
}
