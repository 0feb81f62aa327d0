package ca_test

import (
	"strconv"
	"testing"
)

func BenchmarkLeafNew(b *testing.B) {
	authority := load(b)
	for i := 0; b.Loop(); i++ {
		if _, err := authority.Leaf("h" + strconv.Itoa(i) + ".example"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLeafCached(b *testing.B) {
	authority := load(b)
	for b.Loop() {
		if _, err := authority.Leaf("api.example"); err != nil {
			b.Fatal(err)
		}
	}
}
