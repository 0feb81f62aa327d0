// Package accuracy measures, through the real program, how much of recorded exchanges Assay reads right: it imports
// them as a person would and compares every line of `assay ls --json` with what is known of the exchange. The recordings
// are no part of the repository; where they are missing nothing is measured, and that is said. `make bench-accuracy`
// prints every figure.
package accuracy
