package storage_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// foldVariable makes the child fold what it records until it is killed.
const foldVariable = "ASSAY_STORAGE_FOLD"

// foldOn records, reads and folds: endpoints, an asset and an edge count in each batch what they counted before and the
// batch. It says how many exchanges each batch had once it is kept.
func foldOn(p *storage.Project) {
	ctx := context.Background()
	for {
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
			_, _ = fmt.Fprintln(os.Stdout, "folded", n)
		}
		if err != nil {
			_, _ = fmt.Fprintln(os.Stdout, "error", err)
			os.Exit(1)
		}
	}
}

// foldSome folds up to 50 exchanges into endpoints by their number, on top of what the project holds.
func foldSome(ctx context.Context, p *storage.Project) (int, error) {
	ids, err := p.Unfolded(ctx, 50)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	inv, err := p.Inventory(ctx)
	if err != nil {
		return 0, err
	}
	f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}, Assets: []*scanner.Asset{assetOf(1, scanner.AssetClient, 0)}}
	if len(inv.Assets) > 0 {
		f.Assets = inv.Assets
	}
	for i := range 5 {
		f.Endpoints = append(f.Endpoints, endpointOf(scanner.EndpointID(i+1), fmt.Sprint("/", i)))
		f.Places = append(f.Places, placeOf(scanner.PlaceID(i+1), scanner.EndpointID(i+1), "/", "IP_ADDRESS"))
	}
	for _, id := range ids {
		n := int(id)%5 + 1
		f.Of[id] = scanner.EndpointID(n)
		f.Assets[0].Count++
		f.Hits = append(f.Hits, scanner.Hit{Place: scanner.PlaceID(n), Exchange: id, N: 1})
		f.Uses = append(f.Uses, scanner.Use{Asset: 1, Exchange: id})
	}
	f.Edges = []*scanner.Edge{{From: 1, To: 1, Count: f.Assets[0].Count}}
	return len(ids), p.SaveFold(ctx, f)
}

// TestKillWhileFolding kills a process that folds: every exchange counts once, or waits.
func TestKillWhileFolding(t *testing.T) {
	path := temp(t)
	said := int64(0)
	for i := range 4 {
		cmd, lines := startChild(t, childVariable+"="+path, foldVariable+"=1")
		// Killed at another point of its work each time: some batches after the first.
		for range 3 + 5*i {
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
		wantCountedOnce(t, p, said)
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func folded(t *testing.T, line string) int64 {
	t.Helper()
	var n int64
	if _, err := fmt.Sscanf(line, "folded %d", &n); err != nil {
		t.Errorf("the process said %q", line)
	}
	return n
}

func wantCountedOnce(t *testing.T, p *storage.Project, least int64) {
	t.Helper()
	inv := inventory(t, p)
	var sum, places int64
	for _, e := range inv.Endpoints {
		sum += e.Count
	}
	for _, place := range inv.Places {
		places += place.Count
	}
	if sum < least {
		t.Errorf("%d exchanges are folded, and %d were said to be", sum, least)
	}
	if len(inv.Assets) != 1 || inv.Assets[0].Count != sum || inv.Edges[0].Count != sum || places != sum {
		t.Errorf("endpoints count %d, places %d, the asset %+v, the edge %+v", sum, places, inv.Assets, inv.Edges)
	}
	waiting, err := p.Unfolded(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	unread, err := p.Unread(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	all, err := p.Count(t.Context(), nil)
	if err != nil || all.N != sum+int64(len(waiting)+len(unread)) {
		t.Errorf("of %d exchanges %d are folded, %d wait, %d are not read (%v)", all.N, sum, len(waiting), len(unread), err)
	}
	wantChecked(t, p)
}
