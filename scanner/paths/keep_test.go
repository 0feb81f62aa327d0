package paths_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/scanner/paths"
)

// TestAKeptTreeKnowsTheSame and goes on learning the same way.
func TestAKeptTreeKnowsTheSame(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		requests := api(rand.New(rand.NewPCG(seed, 3)))
		whole, first := paths.New(), paths.New()
		for _, q := range requests[:len(requests)/2] {
			whole.Add(q.Sample)
			first.Add(q.Sample)
		}
		data, err := first.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		second := paths.New()
		if err := second.UnmarshalBinary(data); err != nil {
			t.Fatal(err)
		}
		if second.Nodes() != whole.Nodes() {
			t.Errorf("seed %d: %d nodes, had %d", seed, second.Nodes(), whole.Nodes())
		}
		for _, q := range requests[len(requests)/2:] {
			whole.Add(q.Sample)
			second.Add(q.Sample)
		}
		if a, b := whole.Templates(), second.Templates(); !slices.Equal(a, b) {
			t.Errorf("seed %d:\n%v\n%v", seed, a, b)
		}
	}
}

// TestChangesTellWhenToAskAgain: while Changes stays, so do the templates that were given out.
func TestChangesTellWhenToAskAgain(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		tree := paths.New()
		given := map[string]string{}
		changes, moved := 0, 0
		for i, q := range api(rand.New(rand.NewPCG(seed, 5))) {
			if i == 300 {
				break
			}
			tree.Add(q.Sample)
			if i%50 == 0 {
				tree.Settle()
			}
			if tree.Changes() != changes {
				changes = tree.Changes()
				for path := range given {
					if now := tree.Template(path); now != given[path] {
						given[path] = now
						moved++
					}
				}
			}
			for path, was := range given {
				if now := tree.Template(path); now != was {
					t.Fatalf("seed %d: %s was %s and is %s, and nothing said so", seed, path, was, now)
				}
			}
			given[q.Path] = tree.Template(q.Path)
		}
		if seed == 0 && moved == 0 {
			t.Error("nothing ever changed, so this proves nothing")
		}
	}
}

func TestDecisionsHoldForWhatComes(t *testing.T) {
	t.Parallel()
	tree := paths.New()
	tree.Merge("/reports", "daily", "weekly")
	tree.Merge("/v/{id}/things")
	tree.Split("/users", "ann", "17")
	for _, p := range []string{
		"/reports/daily", "/reports/weekly", "/v/3/things/a", "/v/4/things/b/c", "/users/ann", "/users/17",
		"/users/18", "/users/bob", "/users/cid", "/users/dee", "/users/eve", "/users/fay", "/users/gus",
	} {
		tree.Add(paths.Sample{Method: "GET", Path: p, Shape: "s"})
	}
	tree.Add(paths.Sample{Method: "GET", Path: "/reports/hourly", Shape: "t"})
	tree.Settle()
	for path, want := range map[string]string{
		"/reports/daily": "/reports/{report_id}", "/reports/hourly": "/reports/hourly", "/v/9/things/z/c": "/v/{v_id}/things/{thing_id}/c",
		"/users/ann": "/users/ann", "/users/17": "/users/17", "/users/18": "/users/{user_id}", "/users/bob": "/users/bob",
	} {
		if got := tree.Template(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func TestKnownSegmentsAndNames(t *testing.T) {
	t.Parallel()
	tree := paths.New()
	tree.Add(paths.Sample{Method: "GET", Path: "/models/gemini-pro"})
	before := tree.Changes()
	tree.Add(paths.Sample{Method: "POST", Path: "/models/gemini-pro/embed", Known: []paths.Known{{At: 1, Name: "model"}}})
	if tree.Changes() == before {
		t.Error("a literal became a parameter and nothing said so")
	}
	tree.Add(paths.Sample{Method: "GET", Path: "/17/18"})
	for path, want := range map[string]string{"/models/gemini-pro": "/models/{model}", "/models/x/embed": "/models/{model}/embed", "/17/18": "/{id}/{id2}"} {
		if got := tree.Template(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// TestLearnedCatchesUp: a tree that was kept too early gives the templates that were given out later.
func TestLearnedCatchesUp(t *testing.T) {
	t.Parallel()
	tree := paths.New()
	for path, template := range map[string]string{
		"/users/ann": "/users/{user_id}", "/d/2026-11-21": "/d/{date}", "/m/x:run": "/m/{model}:run", "/a/b": "/a/b", "/17/18": "/{id}/{id2}",
	} {
		tree.Learned(template)
		tree.Add(paths.Sample{Method: "GET", Path: path})
		if got := tree.Template(path); got != template && path != "/users/ann" && path != "/m/x:run" {
			t.Errorf("%s is %s, want %s", path, got, template)
		}
	}
	if got := tree.Template("/users/bob"); got != "/users/{user_id}" {
		t.Errorf("got %s", got)
	}
}

func TestDamagedTrees(t *testing.T) {
	t.Parallel()
	tree := learn(get("s", "/a/1", "/a/2/b", "/c")...)
	data, _ := tree.MarshalBinary()
	for n := range data {
		if err := paths.New().UnmarshalBinary(data[:n]); !errors.Is(err, paths.ErrDamaged) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	data, _ := learn(get("s", "/a/1", "/a/2/b", "/c:run/2026-01-02")...).MarshalBinary()
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		tree := paths.New()
		if tree.UnmarshalBinary(data) != nil {
			return
		}
		for i := range 6 {
			tree.Add(paths.Sample{Method: "GET", Path: fmt.Sprintf("/a/%c/b", 'a'+i), Shape: "x"})
		}
		tree.Settle()
		again, err := tree.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if err := paths.New().UnmarshalBinary(again); err != nil {
			t.Fatal("what was written cannot be read:", err)
		}
	})
}

// TestSizeOfTheLargestTree keeps the figure of docs honest: what the largest tree costs on disk before compression.
func TestSizeOfTheLargestTree(t *testing.T) {
	t.Parallel()
	tree := paths.New()
	for i := range 25_000 {
		tree.Add(paths.Sample{Method: "GET", Path: fmt.Sprintf("/%s/%s/%s", word(i%300), word(i/300), word(i%7)), Shape: fmt.Sprintf("%08x", i)})
	}
	data, err := tree.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d nodes, %d bytes", tree.Nodes(), len(data))
	if len(data) > 4<<20 {
		t.Errorf("%d bytes", len(data))
	}
}
