// Package mutate rewrites a prompt so that a person, or a model, can still read it while a filter may not: encodings, ciphers, alphabets,
// invisible characters, layouts, nesting, wrappers, floods. Everything here is computed, nothing is asked of a model.
//
// A [Mutation] is one way to rewrite; [All] lists them and docs/mutations.md is made from that list. A [Chain] is what a test names:
// mutations one after the other, each on the whole text or on a part of it, and where wanted with a sentence that asks to decode it:
//
//	base64
//	leet(0.4)|reverse
//	base64@risky+ask
//	rot13@/pass(word|phrase)/i|json
//
// The result depends on the text and the seed alone. It is valid UTF-8, and never longer than [MaxOutput]: what does not fit is cut from the
// end before the step that would make it too long, and the number of bytes cut is told. A mutation that is reversible gives back exactly the
// text it was given, whatever valid UTF-8 that is.
//
// The package imports nothing of the module.
package mutate
