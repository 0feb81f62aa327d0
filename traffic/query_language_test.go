package traffic_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"assay/traffic"
)

// doors is a language over something that is no exchange.
var doors = traffic.NewLanguage([]traffic.QueryField{
	{Name: "colour", Aliases: []string{"paint"}, Type: traffic.FieldText},
	{Name: "kind", Type: traffic.FieldChoice, Values: []string{"front", "back"}},
	{Name: "height", Type: traffic.FieldNumber},
	{Name: "locked", Type: traffic.FieldBool},
})

type door struct {
	texts   map[string][]string
	numbers map[string]int64
}

func (d door) Strings(field, _ string) []string { return d.texts[field] }

func (d door) Number(field string) (int64, bool) {
	n, known := d.numbers[field]
	return n, known
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	d := door{map[string][]string{"colour": {"Dark Red", "blue"}, "kind": {"front"}}, map[string]int64{"height": 210, "locked": 1}}
	for text, want := range map[string]bool{
		"": true, "colour:red": true, "paint=blue": true, "colour=red": false, "colour!=blue": false, "kind:front": true, "kind:(back, front)": true, "kind!=front": false,
		"height>200": true, "height:100..200": false, "locked:yes": true, "locked:no": false, "colour:*red and (locked:no or height<300)": true, "not paint~/^dark/i": false,
	} {
		f, err := doors.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := f.Match(d, time.Time{}); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	f, err := doors.Parse("paint:red or height>1 and colour:blue")
	if err != nil || strings.Join(f.Fields(), " ") != "colour height" {
		t.Errorf("asks for %v, %v", f.Fields(), err)
	}
}

func TestLanguageErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		column int
		says   string
	}{
		"red":                       {1, "name a field"},
		"height>2 or \"red\"":       {13, "name a field"},
		"height>2 https://a.b/":     {10, "name a field"},
		"colur:red":                 {1, `did you mean "colour"?`},
		"host:a":                    {1, "there are colour, paint, kind, height, locked"},
		"since:today":               {1, "no field"},
		"kind:side":                 {6, "it is one of front, back"},
		"colour.x:red":              {1, "has no parts"},
		"height:tall":               {8, ""},
		"kind:":                     {6, "kind:"},
		"(colour:red":               {1, "never closed"},
		"height>2 and started>-15m": {14, "no field"},
	} {
		_, err := doors.Parse(text)
		wrong, ok := errors.AsType[*traffic.QueryError](err)
		if !ok || wrong.Column != want.column || !strings.Contains(wrong.Message, want.says) {
			t.Errorf("%s: %v, want column %d: %s", text, err, want.column, want.says)
		}
	}
}

func FuzzLanguage(f *testing.F) {
	for _, seed := range []string{"colour:red", "kind:(front, back) and not height>2", "locked:yes or paint~/a+/", "red", "kind:", "since:today", "kind.x:1"} {
		f.Add(seed)
	}
	d := door{map[string][]string{"colour": {"red"}}, map[string]int64{"height": 2}}
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := doors.Parse(text)
		if err != nil {
			if _, ok := errors.AsType[*traffic.QueryError](err); !ok {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		for _, name := range filter.Fields() {
			if name != "colour" && name != "kind" && name != "height" && name != "locked" {
				t.Fatalf("%q asks for %s, which the language has not", text, name)
			}
		}
		filter.Match(d, time.Unix(0, 0))
	})
}
