// Package storage keeps one project in one SQLite file (with blob files beside it while large bodies arrive): one Go
// file per noun, hand-written SQL, one writer, a few readers. It seals credentials on their way to disk.
package storage
