package ca_test

import (
	"testing"

	"assay/proxy/ca"
)

func load(tb testing.TB) *ca.Authority {
	tb.Helper()
	authority, err := ca.Load(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	return authority
}
