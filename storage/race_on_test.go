//go:build race

package storage_test

// worldSize is how many exchanges the filters are compared over: SQLite is 20 times slower under the race detector.
const worldSize = 66
