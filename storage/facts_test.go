package storage_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"assay/scanner"
	"assay/storage"
)

// fill gives every member of a value, however deep, a value that is not its zero.
func fill(v reflect.Value, r *rand.Rand) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), r)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1+r.IntN(3), 3))
		for i := range v.Len() {
			fill(v.Index(i), r)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), r)
	case reflect.String:
		v.SetString(string(rune('a'+r.IntN(26))) + "é\x00")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int64() - r.Int64())
	case reflect.Uint8:
		v.SetUint(1 + r.Uint64N(255))
	default:
		panic("facts have a member of a kind that the test does not know: " + v.Kind().String())
	}
}

// TestFacts holds that every member of facts is kept: one that is new and not written fails here.
func TestFacts(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	check := func(f scanner.Facts) {
		t.Helper()
		b, err := storage.PackFacts(&f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := storage.UnpackFacts(b)
		if err != nil || !reflect.DeepEqual(got, f) {
			t.Errorf("%+v\ncame back as\n%+v (%v)", f, got, err)
		}
	}
	check(scanner.Facts{})
	for range 50 {
		var f scanner.Facts
		fill(reflect.ValueOf(&f).Elem(), r)
		check(f)
		for i := range reflect.TypeFor[scanner.Facts]().NumField() {
			var one scanner.Facts
			fill(reflect.ValueOf(&one).Elem().Field(i), r)
			check(one)
		}
	}
	large := scanner.Facts{Cut: true}
	for range 500 {
		large.Models = append(large.Models, "a model")
	}
	check(large)
}

// TestFactsBefore reads what was written as JSON.
func TestFactsBefore(t *testing.T) {
	t.Parallel()
	want := scanner.Facts{Models: []string{"o3"}, CORS: &scanner.CORS{Origins: []string{"*"}, Last: 7}, Failed: 2}
	b, err := storage.PackFactsBefore(&want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := storage.UnpackFacts(b); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v (%v)", got, err)
	}
}

func FuzzFacts(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 0, 1, 3, 'a', 'b', 'c'})
	f.Add([]byte{2, 0x28, 0xb5, 0x2f, 0xfd})
	b, _ := storage.PackFacts(&scanner.Facts{Models: []string{"o3"}, Streamed: 4, Cut: true})
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		facts, err := storage.UnpackFacts(b)
		own := len(b) > 0 && b[0] < 3 // what follows is no JSON
		if err != nil {
			if own && !reflect.DeepEqual(facts, scanner.Facts{}) {
				t.Errorf("%v and %+v", err, facts)
			}
			return
		}
		again, err := storage.PackFacts(&facts)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := storage.UnpackFacts(again); err != nil || own && !reflect.DeepEqual(got, facts) {
			t.Errorf("%+v came back as %+v (%v)", facts, got, err)
		}
	})
}
