// Package injection tells prompt injections and jailbreaks in texts: by what sentences ask for, in many languages, by what
// is hidden in them, and by who is heard (Role). It is pure and deterministic: no model, no network, no clock.
//
// A text is folded first (small letters, no marks, no invisible characters), then words of a vocabulary are looked up at
// the beginnings of words. Signs are combinations of such words inside of one sentence; each has a weight, the weights add
// up, and a text is an attack where they reach 1. What stands encoded in the text is decoded and looked at in the same way.
// A word alone is never enough: security prose, code and role-play are full of them.
package injection
