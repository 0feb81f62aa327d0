package target_test

import (
	"net/url"
	"slices"
	"strconv"
	"testing"

	"assay/scanner/target"
)

func TestFindLocal(t *testing.T) {
	t.Parallel()
	port := func(address string) int {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(u.Port())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	lab := port(startLab(t))
	found := target.FindLocal(t.Context(), []target.LocalPort{{"ollama", lab}, {"vllm", port(faulty(t))}, {"openai", lab}, {"openai", 1}})
	if len(found) != 2 || found[0].Provider != "ollama" || found[1].Provider != "openai" || !slices.Contains(found[1].Models, "gpt-4o") {
		t.Errorf("%+v", found)
	}
}
