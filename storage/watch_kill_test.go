package storage_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// watchVariable makes the child watch what it records until it is killed.
const watchVariable = "ASSAY_STORAGE_WATCH"

// watchOn records, reads, folds and watches: one actor and one threat count in each batch what they counted before and
// the batch. It says how many exchanges each batch had once it is kept.
func watchOn(p *storage.Project) {
	ctx := context.Background()
	_, err := p.StartWatch(ctx)
	for err == nil {
		err = recordAndFold(ctx, p)
		for err == nil {
			var n int
			if n, err = watchSome(ctx, p); n == 0 {
				break
			}
			_, _ = fmt.Fprintln(os.Stdout, "folded", n)
		}
	}
	_, _ = fmt.Fprintln(os.Stdout, "error", err)
	os.Exit(1)
}

// recordAndFold records 200 exchanges, reads and folds them.
func recordAndFold(ctx context.Context, p *storage.Project) error {
	readings := map[traffic.ID]*llm.Conversation{}
	for i := range 200 {
		id := record(p.Recorder(), exchange("k.example", fmt.Sprint("/", i), 200, nil, nil), 1)
		readings[id] = &llm.Conversation{Kind: llm.KindPlain}
	}
	err := firstError(p.Recorder().Flush(ctx), p.SaveReadings(ctx, readings))
	for err == nil {
		var n int
		if n, err = foldSome(ctx, p); n == 0 {
			break
		}
	}
	return err
}

// watchSome watches up to 40 exchanges, on top of what the project holds.
func watchSome(ctx context.Context, p *storage.Project) (int, error) {
	ids, err := p.Unwatched(ctx, 40)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	one, err := p.Threat(ctx, 1)
	if errors.Is(err, storage.ErrNoThreat) {
		one, err = threatOf(1, "one", scanner.SeverityHigh, "key:a", 0), nil
	}
	if err != nil {
		return 0, err
	}
	actor, err := p.Actor(ctx, "key:a")
	if errors.Is(err, storage.ErrNoActor) {
		actor, err = actorOf("key:a", 0, 0), nil
	}
	if err != nil {
		return 0, err
	}
	w := &scanner.Watched{Of: ids, By: map[traffic.ID]scanner.ActorKey{}, Threats: []*scanner.Threat{one}, Actors: []*scanner.Actor{actor}}
	for _, id := range ids {
		w.By[id] = "key:a"
		w.Moments = append(w.Moments, momentOf(1, id, watchTime.Add(time.Duration(id)*time.Second)))
		one.Count++
		actor.Exchanges++
	}
	w.States = map[string][]byte{"windows": []byte(fmt.Sprint(one.Count))}
	return len(ids), p.SaveWatched(ctx, w)
}

// TestKillWhileWatching kills a process that watches: every exchange counts once, or waits.
func TestKillWhileWatching(t *testing.T) {
	path := temp(t)
	said := int64(0)
	for i := range 4 {
		cmd, lines := startChild(t, childVariable+"="+path, watchVariable+"=1")
		// Killed at another point of its work each time: some batches after the first.
		for range 3 + 4*i {
			said += folded(t, <-lines)
		}
		time.Sleep(time.Duration(i*3) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for line := range lines {
			said += folded(t, line)
		}
		waitChild(t, cmd)
		p := open(t, path, storage.Options{})
		wantWatchedOnce(t, p, said)
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func wantWatchedOnce(t *testing.T, p *storage.Project, least int64) {
	t.Helper()
	actor, err := p.Actor(t.Context(), "key:a")
	if err != nil {
		t.Fatal(err)
	}
	of, err := p.Count(t.Context(), query(t, `actor="key:a"`))
	if err != nil {
		t.Fatal(err)
	}
	one, err := p.Threat(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	state, err := p.WatchState(t.Context(), "windows")
	if err != nil {
		t.Fatal(err)
	}
	if actor.Exchanges < least || actor.Exchanges != of.N || int64(one.Count) != of.N || string(state) != fmt.Sprint(one.Count) {
		t.Errorf("the actor counts %d, the threat %d, the state %s, and %d exchanges are theirs; %d were said to be", actor.Exchanges, one.Count, state, of.N, least)
	}
	waiting, err := p.Unwatched(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	all, err := p.Count(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	unread, err := p.Unread(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	unfolded, err := p.Unfolded(t.Context(), 0)
	if err != nil || all.N != of.N+int64(len(waiting)+len(unread)+len(unfolded)) {
		t.Errorf("of %d exchanges %d are watched, %d wait, %d are not read, %d not folded (%v)", all.N, of.N, len(waiting), len(unread), len(unfolded), err)
	}
	wantChecked(t, p)
}
