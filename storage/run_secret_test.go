package storage_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

const (
	secretKey  = `sk-live-"7/ü+&?=%41-0123456789`
	secretPass = "hunter2-and-more"
	// secretShort begins as secretKey does: the longer one counts where both stand.
	secretShort = "sk-live"
)

// repeated is how a server may repeat a secret.
func repeated(secret string) string {
	quoted, _ := json.Marshal(secret)
	return "plain " + secret + " json " + string(quoted) + " other json " + plainJSON(secret) + " php " + strings.ReplaceAll(plainJSON(secret), "/", `\/`) + " query " + url.QueryEscape(secret) + " path " + url.PathEscape(secret) + " html " + html.EscapeString(secret)
}

// plainJSON writes JSON that escapes no more than it must.
func plainJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSpace(b.String())
}

// secretTrial is a trial with secrets everywhere they can stand.
func secretTrial(n int) *scanner.TrialRecord {
	basic := base64.StdEncoding.EncodeToString([]byte("user:" + secretPass))
	said := repeated(secretKey)
	gzipped := &bytes.Buffer{}
	w := gzip.NewWriter(gzipped)
	_, _ = w.Write([]byte(`{"text":"` + said + `"}`))
	_ = w.Close()
	secret := func(body []byte) *traffic.Record {
		x := exchange("lab.example", "/v1?q="+url.QueryEscape(secretKey)+"&key="+url.QueryEscape(secretKey), 200, []byte(`{"user":"`+secretPass+`"}`), body)
		x.Request.Header = append(x.Request.Header, traffic.Field{Name: "Authorization", Value: "Basic " + basic}, traffic.Field{Name: "X-Plain", Value: "v=" + secretKey})
		x.Response.Header = append(x.Response.Header, traffic.Field{Name: "X-Echo", Value: said}, traffic.Field{Name: "X-" + secretShort, Value: "1"})
		x.Response.Trailer = traffic.Header{{Name: "X-Echo", Value: said}}
		x.Response.Informational = []traffic.Informational{{Status: 103, Header: traffic.Header{{Name: "Link", Value: said}}}}
		x.Response.Reason = said
		x.Fault = &traffic.Fault{Stage: traffic.StageCrash, Reason: said}
		x.Origin = []byte(`{"note":"` + secretPass + `"}`)
		return &traffic.Record{Exchange: *x, Frames: []traffic.Frame{{Data: []byte(said)}}}
	}
	echo := secret([]byte(said + " basic " + basic))
	echo.Segments = []traffic.Segment{{At: time.Millisecond, Data: echo.Response.Body.Data[:20]}, {At: 2 * time.Millisecond, Data: echo.Response.Body.Data[20:30]}, {At: 3 * time.Millisecond, Data: echo.Response.Body.Data[30:]}}
	coded := secret(gzipped.Bytes())
	coded.Response.Header = append(coded.Response.Header, traffic.Field{Name: "Content-Encoding", Value: "gzip"})
	large := secret(append(bytes.Repeat([]byte("x"), 2<<20), said...))

	r := trialOf(n, 1, scanner.Vulnerable)
	r.Exchanges = []*traffic.Record{large, coded, echo}
	r.Secrets = []string{secretShort, secretKey, secretPass, "x"}
	evidence := []scanner.Evidence{{Signal: "canary", Where: "answer", Start: 6, End: 6 + len(secretKey) + 5, Text: said, Why: said}}
	r.Trial.Answer = said
	r.Trial.Sent = []scanner.Sent{{Slot: "header:" + secretPass, Plain: said, Text: said}}
	r.Trial.Judgement = scanner.Judgement{Verdict: scanner.Vulnerable, Reason: said, Evidence: evidence, By: "model"}
	r.Trial.Rules = &scanner.Judgement{Verdict: scanner.Unclear, Reason: said, Evidence: evidence}
	r.Trial.Vote = &scanner.Vote{Reason: said, Asked: said}
	r.Finding.Reason, r.Finding.Title = said, said
	return r
}

// wantNoSecret looks for secrets in what can be read of a project.
func wantNoSecret(t *testing.T, where, text string) {
	t.Helper()
	quoted := strings.Trim(plainJSON(secretKey), `"`)
	for _, secret := range []string{secretKey, quoted, strings.ReplaceAll(quoted, "/", `\/`), secretShort, secretPass, url.QueryEscape(secretKey), html.EscapeString(secretKey), base64.StdEncoding.EncodeToString([]byte("user:" + secretPass))} {
		if strings.Contains(text, secret) {
			t.Errorf("%s holds %q: %.300s", where, secret, text)
		}
	}
}

func filesHold(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		wantNoSecret(t, name, string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSecretsOfTests(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{Keys: &keys{}})
	run := newRun(t, p, 3)
	r := secretTrial(1)
	before := fmt.Sprintf("%+v %s", r.Trial.Judgement, r.Exchanges[2].Response.Body.Data)
	keep(t, p, run, r)
	if after := fmt.Sprintf("%+v %s", r.Trial.Judgement, r.Exchanges[2].Response.Body.Data); after != before {
		t.Error("what was given to be kept was changed")
	}
	baseline, err := p.SaveExchange(t.Context(), secretTrial(1).Exchanges[2], r.Secrets)
	if err != nil {
		t.Fatal(err)
	}
	filesHold(t, filepath.Dir(path))

	trials, err := p.Trials(t.Context(), run, 1)
	if err != nil {
		t.Fatal(err)
	}
	trial := trials[0]
	wantNoSecret(t, "the trial", plainJSON(trial))
	e := trial.Judgement.Evidence[0]
	if got := trial.Answer[e.Start:e.End]; !strings.HasPrefix(got, "⟨cred:") || !strings.HasSuffix(got, "⟩ json") {
		t.Errorf("the evidence is %q now", got)
	}
	settle(t, p)
	if trial.Exchanges[0] == baseline || len(trial.Exchanges) != 3 {
		t.Fatal(trial.Exchanges)
	}
	for i, id := range append(trial.Exchanges, baseline) {
		x, err := p.Exchange(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		wantNoSecret(t, fmt.Sprint("the head of exchange ", i), plainJSON(x))
		if x.Source != traffic.SourceTest || x.Response.Body.Kept != x.Response.Body.Size || x.Response.Body.Lost != "" {
			t.Errorf("exchange %d: %s, %+v", i, x.Source, x.Response.Body)
		}
		for _, side := range []traffic.Side{traffic.FromClient, traffic.FromServer} {
			b, _, err := p.ReadBody(t.Context(), id, side, 0)
			if err != nil || len(b) == 0 {
				t.Fatal(err)
			}
			wantNoSecret(t, fmt.Sprint("a body of exchange ", i), string(b))
			body := &x.Request.Body
			if side == traffic.FromServer {
				body = &x.Response.Body
			}
			body.Data = b
			if content, lost := x.Content(side, 1<<24); lost != "" || !bytes.Contains(content, []byte("⟨cred:")) {
				t.Errorf("exchange %d, %s: %.100s (%s)", i, side, content, lost)
			}
		}
	}
	var pieces []string
	for s, err := range p.Segments(t.Context(), trial.Exchanges[2], traffic.FromServer) {
		if err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, fmt.Sprint(s.At, len(s.Data) > 100))
	}
	if got := strings.Join(pieces, " "); got != "1ms false 3ms true" {
		t.Errorf("pieces %s: the second was within the secret", got)
	}
	for _, f := range findings(t, p, storage.FindingQuery{}) {
		wantNoSecret(t, "the finding", plainJSON(f))
	}
	filesHold(t, filepath.Dir(path))
}

// TestEvidenceMovesWithTheAnswer plants a secret and evidence at random places: the words that evidence points at stay.
func TestEvidenceMovesWithTheAnswer(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	run := newRun(t, p, 400)
	random := rand.New(rand.NewPCG(5, 7))
	var records []*scanner.TrialRecord
	for n := 1; n <= 400; n++ {
		var b strings.Builder
		r := trialOf(n, 1, scanner.Vulnerable)
		for range random.IntN(8) {
			switch random.IntN(3) {
			case 0:
				b.WriteString(secretPass)
			case 1:
				b.WriteString("words in between ")
			default:
				at := b.Len()
				b.WriteString("proof")
				r.Trial.Judgement.Evidence = append(r.Trial.Judgement.Evidence, scanner.Evidence{Where: []string{"answer", "body"}[random.IntN(2)], Start: at, End: b.Len()})
			}
		}
		r.Trial.Answer, r.Exchanges[0].Response.Body.Data, r.Secrets = b.String(), []byte(b.String()), []string{secretPass}
		records = append(records, r)
	}
	keep(t, p, run, records...)
	proofs := 0
	for of, err := range p.EachTrial(t.Context(), run) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range of.Trial.Judgement.Evidence {
			if got := of.Trial.Answer[e.Start:e.End]; got != "proof" {
				t.Errorf("case %d: evidence points at %q", of.Case.N, got)
			}
			proofs++
		}
	}
	if proofs < 100 {
		t.Errorf("%d proofs", proofs)
	}
}

func TestAddressesOfTargetsHoldNoSecret(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	r := runOf()
	r.Spec.Targets = []string{"model:1", "https://user:" + secretPass + "@a.example/v1?api_key=" + secretShort + "&x=1", "https://a.example/?key={{env:KEY}}"}
	if _, err := p.CreateRun(t.Context(), r, casesOf(1), nil); err != nil {
		t.Fatal(err)
	}
	filesHold(t, filepath.Dir(path))
	got := getRun(t, p, r.ID).Spec.Targets
	if !strings.Contains(got[1], "api_key=⟨cred:") || !strings.HasSuffix(got[1], "&x=1") || got[0] != "model:1" || got[2] != r.Spec.Targets[2] {
		t.Error(got)
	}
}
