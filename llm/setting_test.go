package llm_test

import (
	"strings"
	"testing"

	"assay/llm"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	body := `{"model": "gpt-4o",  "temperature":0.70, "stream":true,"stop":null,"messages":[{"role":"user","content":"hi"}],"generationConfig":{"topK":4,"deep":{"x":1}},"a/b":1e3,"prompt":"` + strings.Repeat("long ", 60) + `"}`
	var got []string
	for _, s := range llm.Settings([]byte(body)) {
		got = append(got, s.Kind+" "+s.Ref.String()+"="+s.JSON)
	}
	want := `text json:/model="gpt-4o"; number json:/temperature=0.70; boolean json:/stream=true; null json:/stop=null; number json:/generationConfig/topK=4; number json:/a~1b=1e3`
	if strings.Join(got, "; ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "; "), want)
	}
	for _, none := range []string{"", "a=b", `{"a":1`, `[1]`, `"x"`} {
		if list := llm.Settings([]byte(none)); len(list) > 0 {
			t.Errorf("%q has settings %v", none, list)
		}
	}
}

func TestSetJSONChangesOnePlace(t *testing.T) {
	t.Parallel()
	body := "{\"temperature\" : 0.70,\t\"n\":1 }\n"
	got, err := llm.SetJSON([]byte(body), llm.Ref{In: llm.PlaceJSON, Name: "/temperature"}, " 1.5 ")
	if err != nil || string(got) != "{\"temperature\" : 1.5,\t\"n\":1 }\n" {
		t.Errorf("%q %v", got, err)
	}
	for _, bad := range []struct{ ref, value string }{{"json:/gone", "1"}, {"json:/n", "1 2"}, {"json:/n", ""}, {"form:n", "1"}} {
		ref, err := llm.ParseRef(bad.ref)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := llm.SetJSON([]byte(body), ref, bad.value); err == nil || string(got) != body {
			t.Errorf("%v: %q %v", bad, got, err)
		}
	}
}
