// Package prose tells what texts are like, without reading what they say: their language, whether they repeat one thing over
// and over, and whether they are language at all. It is pure; what it looks at is bounded.
package prose
