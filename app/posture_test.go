package app_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"assay/app"
	"assay/lab"
	"assay/report"
	"assay/scanner"
	"assay/storage"
)

// mendable is a practice target that can be mended.
type mendable struct{ now atomic.Pointer[http.Handler] }

func newMendable(t *testing.T) (*mendable, string) {
	t.Helper()
	m := &mendable{}
	m.be(lab.Options{Weak: lab.AllWeak})
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	return m, server.URL
}

func (m *mendable) be(o lab.Options) {
	h := lab.New(o).Handler()
	m.now.Store(&h)
}

func (m *mendable) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*m.now.Load()).ServeHTTP(w, r) }

func posture(t *testing.T, p *app.Project, of string) *app.Posture {
	t.Helper()
	out, err := p.Posture(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// causes are those of the snapshots of a project, the oldest first.
func causes(t *testing.T, p *app.Project) (all []string) {
	t.Helper()
	trend, err := p.Trend(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range trend {
		all = append(all, trend[i].Cause)
	}
	return all
}

// TestPostureOverTime tests a weak target, says that it is mended, mends it, and tests it again.
func TestPostureOverTime(t *testing.T) {
	t.Parallel()
	target, url := newMendable(t)
	a, path, project := openTestProject(t, url)
	ctx := t.Context()
	if p := posture(t, project, ""); p.Score != nil || p.Missing != "Nothing was tested yet." || p.AtMost <= 0 || len(p.Areas) != 6 || len(p.Trend) != 0 || p.Moved != nil {
		t.Errorf("before any test: %+v", p)
	}
	monday := time.Now().Add(-48 * time.Hour)
	for _, at := range []time.Time{monday, monday.Add(time.Second), monday.Add(24 * time.Hour)} {
		if err := project.SnapshotOfDay(ctx, at); err != nil {
			t.Fatal(err)
		}
	}
	if got := causes(t, project); !slices.Equal(got, []string{"day", "day"}) {
		t.Errorf("snapshots of two days: %v", got)
	}

	first, err := project.StartTest(ctx, quick())
	if err != nil {
		t.Fatal(err)
	}
	wait(t, project, first)
	weak := posture(t, project, "")
	if weak.Score == nil || weak.Moved == nil || weak.Moved.Cause != "day" || len(weak.Done) != 0 || len(weak.Advice) == 0 {
		t.Fatalf("after a run: %+v", weak)
	}
	list, _, err := project.Store().Findings(ctx, storage.FindingQuery{})
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	var ids []scanner.FindingID
	for i := range list {
		ids = append(ids, list[i].ID)
	}
	if err := project.Store().SetFindings(ctx, ids, scanner.FindingFixed, "patched"); err != nil {
		t.Fatal(err)
	}
	if said := posture(t, project, ""); *said.Score != *weak.Score || len(said.Done) != 0 || len(said.Advice) != len(weak.Advice) || !strings.Contains(said.Advice[0].Why, "called fixed") {
		t.Errorf("what a person calls fixed moved %v to %v: %+v", *weak.Score, *said.Score, said.Advice[0])
	}

	if err := project.Close(); err != nil { // snapshots of runs are kept by then
		t.Fatal(err)
	}
	if project, err = a.OpenProject(ctx, path); err != nil {
		t.Fatal(err)
	}
	if got := causes(t, project); !slices.Equal(got, []string{"day", "day", "run:1"}) {
		t.Errorf("snapshots after a run: %v", got)
	}

	target.be(lab.Options{})
	second, err := project.StartTest(ctx, quick())
	if err != nil {
		t.Fatal(err)
	}
	wait(t, project, second)
	firm := posture(t, project, "")
	if *firm.Score <= *weak.Score || len(firm.Done) == 0 || firm.Done[0].Run != int64(second) || firm.Done[0].DoneAt == "" || firm.Moved == nil ||
		firm.Moved.Moves[0].Kind != report.MoveGone || firm.Moved.Moves[0].Points <= 0 {
		t.Errorf("after the retest: %v, was %v; done %+v, moved %+v", *firm.Score, *weak.Score, firm.Done, firm.Moved)
	}
	part := posture(t, project, "model:slow")
	if part.Score == nil || part.Name != "slow" || len(part.Trend) != 0 {
		t.Errorf("of the model: %+v", part)
	}
	assets, err := project.PostureAssets(ctx)
	if err != nil || !slices.ContainsFunc(assets.Assets, func(one app.PostureAsset) bool {
		return one.Ref == "model:slow" && one.Score != nil && *one.Score == *part.Score && len(one.Tested) > 3
	}) {
		t.Errorf("%+v, %v", assets, err)
	}
	for of, code := range map[string]app.Code{
		"kitchen:7": app.CodeUsage, "endpoint:x": app.CodeUsage, "endpoint:4711": app.CodeNotFound, "model:nobody": app.CodeNotFound, "": "",
	} {
		if _, err := project.Posture(ctx, of); app.CodeOf(err) != code && (err != nil || code != "") {
			t.Errorf("of %q: %v", of, err)
		}
	}
	if err := project.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := a.Posture(ctx, path, "")
	if err != nil || len(again.Trend) != 4 || again.Trend[3].Cause != "run:2" || again.Trend[3].AtMost != *again.Score {
		t.Errorf("%+v, %v", again.Trend, err)
	}
}
