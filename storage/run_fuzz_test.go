package storage_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
)

// FuzzTrial reads what a damaged file may hold as a trial. What can be read is written and read again without a change.
func FuzzTrial(f *testing.F) {
	small, large := trialOf(1, 2, scanner.Vulnerable).Trial, trialOf(3, 4, scanner.Resisted).Trial
	large.Answer = strings.Repeat("a long answer ", 200)
	large.Vote = &scanner.Vote{Judge: "model:1", Asked: "is it?"}
	for _, t := range []scanner.Trial{small, large} {
		b, err := storage.PackTrial(&t)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, s := range []string{"", "{}", "{", "null", "\x28\xb5\x2f\xfd\x00", `{"took":1e99}`, `{"sent":[{}],"rules":{"evidence":[{"start":-1}]}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		first, err := storage.UnpackTrial(b)
		if err != nil {
			return
		}
		again, err := storage.PackTrial(&first)
		if err != nil {
			t.Fatal(err)
		}
		second, err := storage.UnpackTrial(again)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(jsonOf(t, first), jsonOf(t, second)) {
			t.Error(cmp.Diff(first, second))
		}
	})
}

// FuzzDefinitions reads what a damaged file may hold of runs, cases and roles.
func FuzzDefinitions(f *testing.F) {
	f.Add(jsonOf(f, runOf()))
	f.Add(jsonOf(f, caseOf(1)))
	f.Add([]byte(`{"header":[{"Name":"a","Value":"b"}],"login":{"exchanges":[1],"fresh":5},"holds":null}`))
	f.Add([]byte(`{"spec":{"seed":18446744073709551615},"targets":[{"request":{"body":"AA=="}}],"values":{"a":1}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		run, of := &scanner.Run{ID: 7}, &scanner.Case{N: 8, Key: "k"}
		if err := storage.DecodeRun(b, run); err == nil && run.ID != 7 {
			t.Error("a definition changed the number of its run")
		}
		if err := storage.DecodeCase(b, of); err == nil && (of.N != 8 || of.Key != "k") {
			t.Error("a definition changed what its case is")
		}
		if role, err := storage.DecodeRole("admin", b); err == nil && role.Name != "admin" {
			t.Error("a definition changed the name of its role")
		}
	})
}

// FuzzClean takes two secrets out of a text. Neither is left outside of placeholders; what is around them stays, in order,
// and places move with the words they point at.
func FuzzClean(f *testing.F) {
	f.Add("hunter2", "sk-live", []byte("a hunter2 b sk-live-hunter2 c"))
	f.Add("aaaa", "aaaab", []byte("aaaaaaaab aaaa"))
	f.Add("abcabc", "cabcab", []byte("abcabcabcabc"))
	f.Add("⟨cred:", "0123", []byte("⟨cred:0123456789abcdef⟩"))
	f.Add("a\"/&é<", "", []byte("a\\\"\\/\\u0026é<"))
	placeholder := regexp.MustCompile("⟨cred:[0-9a-f]{16}⟩")
	f.Fuzz(func(t *testing.T, a, b string, text []byte) {
		clean, at := storage.Clean(t.Context(), []string{a, b}, text)
		for _, piece := range placeholder.Split(string(clean), -1) {
			for _, secret := range []string{a, b} {
				if len(secret) >= 4 && strings.Contains(piece, secret) {
					t.Errorf("%q still holds %q", clean, secret)
				}
			}
		}
		last := 0
		for i := range len(text) + 1 {
			to := at(i)
			if to < last || to > len(clean) {
				t.Fatalf("place %d of %d is %d of %d, after %d", i, len(text), to, len(clean), last)
			}
			if i < len(text) && to < len(clean) && at(i+1) == to+1 && clean[to] != text[i] {
				t.Fatalf("byte %d of %q is %q in %q", i, text, clean[to], clean)
			}
			last = to
		}
		if last != len(clean) {
			t.Errorf("the end is at %d of %d", last, len(clean))
		}
	})
}

func jsonOf(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
