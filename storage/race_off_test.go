//go:build !race

package storage_test

// worldSize is how many exchanges the filters are compared over.
const worldSize = 200
