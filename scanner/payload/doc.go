// Package payload finds in texts what machines would carry out or load: script, SQL, shell and template code, terminal
// escapes, links that carry data away, and the classic attacks on APIs. It is pure; it finds spans and says why, and what
// is made of them is its callers' business: in an answer code may be what was asked for.
package payload
